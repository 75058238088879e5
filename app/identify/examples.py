"""The example of an identification in the OpenAPI document."""

from typing import Any, Final

_SOURCE: Final[dict[str, Any]] = {
    "id": "S1",
    "url": "https://example.jp/cancel",
    "title": "Cancelling",
    "kind": "official",
    "language": "ja",
    "copy_dated": "2026",
}


IDENTIFICATION: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "state": "identified",
    "explanation": "The company to contact is most likely mineo.",
    "candidates": [
        {
            "role": "brand",
            "carrier": {"id": "mineo", "name": "mineo", "url": "/v1/carriers/mineo"},
            "name": "mineo",
            "confidence": "high",
            "because": [
                {
                    "clue": "apn",
                    "reason": "The access point mineo.jp belongs to mineo (A plan).",
                    "note": None,
                    "sources": ["S1"],
                }
            ],
        }
    ],
    "next_clue": None,
    "guide": "/v1/guide?carrier=mineo",
    "not_covered": [],
    "sources": [_SOURCE],
}
