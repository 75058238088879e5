"""Delivery of responses: caching, rate limits, headers, logging.

It knows nothing about carriers or procedures. Decision: docs/decisions/0003.
"""
