"""Handlers that compute the events of timing rules: one module per kind, listed in `registry`."""
