"""The catalogue as clients read it."""

import httpx


def test_unknown_carrier_names_what_was_asked_and_the_closest(client: httpx.Client) -> None:
    answer = client.get("/v1/carriers/rakutn-mobile")

    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "carrier-not-found"
    assert answer.json()["closest"] == "rakuten-mobile"
