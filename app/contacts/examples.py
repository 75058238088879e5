"""The example of a carrier's contacts in the OpenAPI document."""

from typing import Any, Final

_SOURCE: Final[dict[str, Any]] = {
    "id": "S1",
    "url": "https://example.jp/cancel",
    "title": "Cancelling",
    "kind": "official",
    "language": "ja",
    "copy_dated": "2026",
}


CONTACTS: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "carrier": "example",
    "at": "2026-11-30T19:00:00+09:00",
    "zone": "Asia/Tokyo",
    "contacts": [
        {
            "channel": "phone",
            "address": "0120-000-000",
            "phone": {
                "e164": "+81120000000",
                "national": "0120-000-000",
                "kind": "toll_free",
                "tel": "tel:+81-120-000-000",
                "from_abroad": "impossible",
            },
            "label": "Customer centre",
            "topics": ["contracts"],
            "languages": ["ja"],
            "from_abroad": "impossible",
            "hours": None,
            "sources": ["S1"],
            "evidence": "official",
            "open_now": None,
            "closes_at": None,
            "next_opening": None,
        }
    ],
    "instead": None,
    "sources": [_SOURCE],
}
