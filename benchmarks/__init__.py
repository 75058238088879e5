"""Measurements against the limit and against the naive service."""
