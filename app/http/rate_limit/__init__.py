"""The rate limit: requests that write or compute, per client and minute."""
