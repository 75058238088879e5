"""Delivery of responses: caching, rate limits, headers, logging.

It knows no domain.
"""
