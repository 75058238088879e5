"""Metrics for Prometheus: requests by route and status.

They hold nothing about clients.
"""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.http.cache.watcher import EditionWatcher

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """The metrics of one process."""

    def __init__(self) -> None:
        """Begin at zero."""
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "kaiyaku_requests",
            "Requests that were computed, not sent from the cache.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self.seconds = Histogram(
            "kaiyaku_request_seconds",
            "How long computing an answer took.",
            ["route"],
            buckets=_SECONDS,
            registry=self._registry,
        )

    def watch(self, watcher: EditionWatcher) -> None:
        """Report on a cache and its edition too."""
        self._registry.register(_CacheCollector(watcher))

    def text(self) -> bytes:
        """Return all metrics in Prometheus' text format."""
        return generate_latest(self._registry)


class _CacheCollector(Collector):
    def __init__(self, watcher: EditionWatcher) -> None:
        self._watcher = watcher

    def collect(self) -> Iterator[Metric]:
        cache, edition_age = self._watcher.cache, self._watcher.edition_age
        yield CounterMetricFamily(
            "kaiyaku_cache_hits", "Answers sent from the cache.", value=cache.hits
        )
        yield CounterMetricFamily(
            "kaiyaku_cache_misses", "Answers that were not in the cache.", value=cache.misses
        )
        yield CounterMetricFamily(
            "kaiyaku_cache_fills", "Answers computed for the cache.", value=cache.fills
        )
        yield CounterMetricFamily(
            "kaiyaku_cache_evictions", "Answers pushed out by others.", value=cache.evictions
        )
        yield GaugeMetricFamily("kaiyaku_cache_bytes", "Bytes kept.", value=cache.stored_bytes)
        yield GaugeMetricFamily(
            "kaiyaku_cache_limit_bytes", "Most bytes that are kept.", value=cache.most_bytes
        )
        if edition_age is not None:
            yield GaugeMetricFamily(
                "kaiyaku_edition_seen_seconds",
                "Since the served edition was last confirmed.",
                value=edition_age,
            )
