"""The example of the fee check in the OpenAPI document."""

from typing import Any, Final

_SOURCE: Final[dict[str, Any]] = {
    "id": "S1",
    "url": "https://example.jp/cancel",
    "title": "Cancelling",
    "kind": "official",
    "language": "ja",
    "copy_dated": "2026",
}


FEE_CHECK: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "carrier": {
        "id": "rakuten-mobile",
        "name": "Rakuten Mobile",
        "url": "/v1/carriers/rakuten-mobile",
    },
    "designation": {"value": True, "sources": [_SOURCE], "evidence": "official"},
    "contract_started_on": "2023-04-01",
    "operator_kind": "designated",
    "quoted_jpy": 10450,
    "cap_jpy": None,
    "above_cap": True,
    "verdict": "10,450 yen is more than the law allows.",
    "rule": {
        "text": "At most 1,100 yen with tax or one month's charge, whichever is less.",
        "sources": ["S1"],
        "evidence": "official",
    },
    "cases": [
        {
            "operator_kind": "designated",
            "name": "A large operator designated by law",
            "contracted_from": "2022-07-01",
            "contracted_before": None,
            "cap_jpy": None,
            "above_cap": True,
            "verdict": "10,450 yen is more than the law allows.",
            "rule": {
                "text": "At most 1,100 yen with tax or one month's charge, whichever is less.",
                "sources": ["S1"],
                "evidence": "official",
            },
        }
    ],
    "limits": [],
    "needs_facts": [],
    "sources": [_SOURCE],
}
