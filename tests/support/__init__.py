"""What tests share: small catalogues, servers, samples."""
