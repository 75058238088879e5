"""Metrics for Prometheus: requests by route and status, and the response cache.

No label holds anything about a client.
"""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from app.http.cache.watcher import EditionWatcher

MEDIA_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

_BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Upper bounds in seconds."""


class Metrics:
    """The metrics of one process."""

    def __init__(self) -> None:
        """Create the metrics, all at zero."""
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "kaiyaku_requests",
            "Requests that were computed, not sent from the cache.",
            ["method", "route", "status"],
            registry=self._registry,
        )
        self.seconds = Histogram(
            "kaiyaku_request_seconds",
            "Time to compute a response.",
            ["route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )

    def watch(self, watcher: EditionWatcher) -> None:
        """Also report the response cache and the served edition of the watcher."""
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
            "kaiyaku_cache_hits", "Responses sent from the cache.", value=cache.hits
        )
        yield CounterMetricFamily(
            "kaiyaku_cache_misses",
            "Cacheable requests whose response was not in the cache.",
            value=cache.misses,
        )
        yield CounterMetricFamily(
            "kaiyaku_cache_fills", "Responses computed for the cache.", value=cache.fills
        )
        yield CounterMetricFamily(
            "kaiyaku_cache_evictions",
            "Responses evicted to make room for others.",
            value=cache.evictions,
        )
        yield GaugeMetricFamily(
            "kaiyaku_cache_bytes", "Bytes in the cache.", value=cache.stored_bytes
        )
        yield GaugeMetricFamily(
            "kaiyaku_cache_limit_bytes", "Limit of the bytes in the cache.", value=cache.most_bytes
        )
        if edition_age is not None:
            yield GaugeMetricFamily(
                "kaiyaku_edition_seen_seconds",
                "Seconds since the served edition was last confirmed as the newest.",
                value=edition_age,
            )
