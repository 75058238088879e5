"""The service's numbers, in Prometheus' text format."""

import httpx
from prometheus_client.parser import text_string_to_metric_families


def numbers(client: httpx.Client) -> dict[tuple[str, str], float]:
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    families = text_string_to_metric_families(answer.text)
    return {
        (sample.name, sample.labels.get("route", "")): sample.value
        for family in families
        for sample in family.samples
    }


def test_hits_misses_fills_and_bytes_of_the_cache_are_counted(client: httpx.Client) -> None:
    address = "/v1/procedures?goal=port_out&limit=7"
    client.get(address)
    before = numbers(client)

    client.get(address)
    client.get("/v1/procedures?goal=port_out&limit=8")

    after = numbers(client)
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


def test_computed_answers_are_counted_by_the_route_not_by_what_was_asked_for(
    client: httpx.Client,
) -> None:
    client.get("/v1/carriers/somebodys-secret")

    after = numbers(client)

    assert after["kaiyaku_requests_total", "/v1/carriers/{carrier}"] >= 1
    assert after["kaiyaku_request_seconds_count", "/v1/carriers/{carrier}"] >= 1
    assert not any("secret" in route for _, route in after)
