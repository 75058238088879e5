"""The service's samples, in Prometheus' text format."""

import httpx
from prometheus_client.parser import text_string_to_metric_families


def samples(client: httpx.Client) -> dict[tuple[str, str], float]:
    """Return the value of each sample by its name and its route."""
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, sample.labels.get("route", "")): sample.value
        for family in families
        for sample in family.samples
    }


def test_uses_and_size_of_the_cache_are_counted(client: httpx.Client) -> None:
    """A repeated address counts as a hit, a new one as a miss and a fill; the bytes grow."""
    address = "/v1/procedures?goal=port_out&limit=7"
    client.get(address)
    before = samples(client)

    client.get(address)
    client.get("/v1/procedures?goal=port_out&limit=8")

    after = samples(client)
    for name in ("hits", "misses", "fills"):
        assert (
            after[f"kaiyaku_cache_{name}_total", ""] - before[f"kaiyaku_cache_{name}_total", ""]
            == 1
        )
    assert (
        before["kaiyaku_cache_bytes", ""]
        < after["kaiyaku_cache_bytes", ""]
        <= after["kaiyaku_cache_limit_bytes", ""]
    )
    assert after["kaiyaku_edition_seen_seconds", ""] < 10


def test_requests_are_counted_by_route(
    client: httpx.Client,
) -> None:
    """Requests are counted by the template of their route; no label holds a part of the address."""
    client.get("/v1/carriers/somebodys-secret")

    after = samples(client)

    assert after["kaiyaku_requests_total", "/v1/carriers/{carrier}"] >= 1
    assert after["kaiyaku_request_seconds_count", "/v1/carriers/{carrier}"] >= 1
    assert not any("secret" in route for _, route in after)
