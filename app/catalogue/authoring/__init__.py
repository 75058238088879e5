"""From the catalogue's files to a published edition: reading, checking, publishing."""
