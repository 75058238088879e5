"""Example responses for the OpenAPI document. A test compares them with their schemas.

Examples of requests are in `schemas.py`.
"""

from typing import Any, Final

from app.catalogue.example_words import EXAMPLE_WORDS

_ID: Final = "6f1f6d0e-6a0a-4f6e-9a55-3f0c8f6c2f11"

SESSION: Final[dict[str, Any]] = {
    "id": _ID,
    "language": "en",
    "carrier": "rakuten-mobile",
    "procedure": "cancel-online-or-app",
    "revision": 1,
    "title": "Cancel in my Rakuten Mobile",
    "steps": [
        {
            "key": "sign-in",
            "position": 1,
            "phase": "prepare",
            "actor": "you",
            "state": "done",
            "needs_review": False,
            "title": "Sign in to my Rakuten Mobile",
            "detail": "Use the Rakuten ID of the contract, on the website or in the app.",
            "optional": False,
            "irreversible": False,
            "missing": [],
            "needs": [
                {"code": "account_login", "name": "Sign-in for the account (ID and password)"}
            ],
            "loses": [],
            "screen_words": [
                {"ja": EXAMPLE_WORDS["screen_words"]["sign_in"], "meaning": "Sign in"}
            ],
            "say": [],
            "links": [],
            "evidence": "single_source",
        }
    ],
    "progress": {"done": 1, "total": 1, "required_left": 0, "next": None},
    "needs": [],
    "documents": [],
    "facts": {"contract_started_on": "2026-04-01"},
    "timeline": {
        "at": "2026-11-24T12:05:00+09:00",
        "zone": "Asia/Tokyo",
        "events": [],
        "needs_facts": [],
        "sources": [],
    },
    "update_available": None,
    "created_at": "2026-11-24T03:00:00Z",
    "changed_at": "2026-11-24T03:05:00Z",
    "expires_at": "2027-05-23T03:05:00Z",
    "links": {
        "self": f"/v1/sessions/{_ID}",
        "procedure": "/v1/carriers/rakuten-mobile/procedures/cancel-online-or-app/revisions/1",
        "calendar": f"/v1/sessions/{_ID}/calendar.ics",
    },
}

CREATED: Final[dict[str, Any]] = {
    **SESSION,
    "token": "write.0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
}

TOKEN: Final[dict[str, Any]] = {
    "token": "write.1.nU4m0b1h5o2Wm3d6q8s0v2x4z6B8D0F2H4J6L8N0P2Q",
    "rights": "write",
}

SHARE: Final[dict[str, Any]] = {
    "token": "read.0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "rights": "read",
}

CALENDAR: Final = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kaiyaku//Checklist//en\r\n…\r\nEND:VCALENDAR\r\n"
)
