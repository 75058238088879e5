"""Benchmarks against a bare ASGI application and against a naive service."""
