"""Examples of responses for the OpenAPI document. A test validates them against the schemas."""

from typing import Any, Final

from app.catalogue.example_words import EXAMPLE_WORDS

_PROCEDURE_BRIEF: Final[dict[str, Any]] = {
    "carrier": "rakuten-mobile",
    "id": "cancel-online-or-app",
    "title": "Cancel in my Rakuten Mobile",
    "goal": "cancel_contract",
    "outcome": "contract_ends",
    "channel": "app",
    "applies_to": {
        "products": ["physical_sim", "esim"],
        "contracts": ["postpaid"],
        "plans": [],
        "applicants": ["holder"],
        "lines": ["in_use", "suspended"],
        "sales": [],
        "devices": [],
    },
    "from_abroad": "unknown",
    "evidence": "mixed",
    "revision": 1,
    "url": "/v1/carriers/rakuten-mobile/procedures/cancel-online-or-app",
}

_SOURCE: Final[dict[str, Any]] = {
    "id": "S1",
    "url": "https://www.cancelatlas.com/c/rakuten-mobile-jp",
    "title": "How hard is it to cancel Rakuten Mobile?",
    "kind": "third_party",
    "language": "en",
    "copy_dated": "2026-06-06",
}

_ADVICE: Final[dict[str, Any]] = {
    "key": "keep-proof",
    "kind": "precaution",
    "title": "Keep proof",
    "text": "Save every confirmation.",
    "evidence": "single_source",
    "procedures": [],
}

INDEX: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "name": "Kaiyaku",
    "description": "How to end a Japanese SIM, eSIM or pocket WiFi contract: what to do, by when, "
    "with sources.",
    "disclaimer": "Kaiyaku reports what its sources say, and lists them.",
    "published_at": "2026-11-24T03:00:00Z",
    "languages": ["en", "ja", "zh-Hans"],
    "links": {
        "guide": "/v1/guide",
        "identify": "/v1/identify",
        "fee_check": "/v1/fee-check",
        "sessions": "/v1/sessions",
        "carriers": "/v1/carriers",
        "procedures": "/v1/procedures",
        "vocabulary": "/v1/vocabulary",
        "advice": "/v1/advice",
        "openapi": "/openapi.json",
        "documentation": "/docs",
    },
}

CARRIERS: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "items": [
        {
            "id": "rakuten-mobile",
            "name": "Rakuten Mobile",
            "kind": "mno",
            "audience": ["residents", "long_stay_foreigners"],
            "products": ["physical_sim", "esim"],
            "match": {"kind": "name", "text": "Rakuten Mobile", "weak": False, "note": None},
            "url": "/v1/carriers/rakuten-mobile",
        }
    ],
    "brands": [],
    "help": None,
    "next": None,
}

CARRIER: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "id": "rakuten-mobile",
    "name": "Rakuten Mobile",
    "names": EXAMPLE_WORDS["names"],
    "aliases": EXAMPLE_WORDS["aliases"],
    "operator": "Rakuten Mobile, Inc.",
    "designated_operator": True,
    "kind": "mno",
    "networks": ["rakuten"],
    "audience": ["residents", "long_stay_foreigners"],
    "products": ["physical_sim", "esim"],
    "contracts": ["postpaid"],
    "website": "https://network.mobile.rakuten.co.jp/",
    "scope": "The Rakuten Saikyo Plan and its variants; not the old lines on other networks.",
    "plans": [{"id": "saikyo", "name": "Rakuten Saikyo Plan"}],
    "contacts": [
        {
            "channel": "chat",
            "address": None,
            "phone": None,
            "label": "Chat desk for contracts, charges and procedures",
            "topics": ["contracts"],
            "languages": ["ja"],
            "from_abroad": "unknown",
            "hours": None,
            "sources": ["S1"],
            "evidence": "single_source",
        }
    ],
    "after_end": None,
    "warnings": [],
    "conflicts": [],
    "unknowns": ["Whether signing in works from abroad"],
    "procedures": [_PROCEDURE_BRIEF],
    "sources": [_SOURCE],
    "url": "/v1/carriers/rakuten-mobile",
}

PROCEDURES: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "items": [_PROCEDURE_BRIEF],
    "next": None,
}

PROCEDURE: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "carrier": {
        "id": "rakuten-mobile",
        "name": "Rakuten Mobile",
        "url": "/v1/carriers/rakuten-mobile",
    },
    "id": "cancel-online-or-app",
    "revision": 1,
    "newest_revision": 1,
    "title": "Cancel in my Rakuten Mobile",
    "goal": "cancel_contract",
    "outcome": "contract_ends",
    "channel": "app",
    "applies_to": {
        "products": ["physical_sim", "esim"],
        "contracts": ["postpaid"],
        "plans": [],
        "applicants": ["holder"],
        "lines": ["in_use", "suspended"],
        "sales": [],
        "devices": [],
    },
    "from_abroad": "unknown",
    "supporting": False,
    "conditional": False,
    "condition": None,
    "only_lacking": [],
    "restores": [],
    "evidence": "single_source",
    "effort": {
        "score": 3,
        "reasons": [{"code": "steps", "name": "Steps you do yourself", "weight": 3}],
    },
    "steps": [
        {
            "key": "sign-in",
            "position": 1,
            "phase": "act",
            "actor": "you",
            "title": "Sign in to my Rakuten Mobile",
            "detail": "Use the Rakuten ID of the contract, on the website or in the app.",
            "needs": [
                {
                    "code": "account_login",
                    "name": "Sign-in for the account (ID and password)",
                    "replaced_by": [],
                }
            ],
            "screen_words": [
                {"ja": EXAMPLE_WORDS["screen_words"]["cancel"], "meaning": "Cancel the contract"}
            ],
            "say": [],
            "irreversible": False,
            "loses": [],
            "requires": [],
            "optional": False,
            "links": [
                {
                    "url": "https://network.mobile.rakuten.co.jp/guide/cancellation/",
                    "title": "Cancellation page",
                }
            ],
            "sources": ["S1"],
            "evidence": "single_source",
        }
    ],
    "documents": [],
    "acceptance": None,
    "deadline": {
        "text": "It takes effect on the day you apply.",
        "sources": ["S1"],
        "evidence": "single_source",
    },
    "takes_effect": None,
    "confirmation": None,
    "duration": None,
    "timing": [],
    "fees": [
        {
            "what": "Early cancellation fee",
            "kind": "early_cancellation",
            "amount": {
                "exact": None,
                "min": None,
                "max": 1078,
                "percent": None,
                "currency": "JPY",
                "per": "once",
                "tax": "included",
            },
            "condition": "Within 1 year of activation.",
            "period": {
                "contracted_from": "2025-04-01",
                "contracted_before": None,
                "plans": [],
                "certainty": "exact",
                "counted_from": "contract_started_on",
                "since": None,
                "until": {"value": 1, "unit": "years"},
                "counting": "to_the_day",
            },
            "check": "/v1/fee-check?carrier=rakuten-mobile",
            "sources": ["S1"],
            "evidence": "single_source",
        }
    ],
    "still_charged": [],
    "billing": {
        "last_month": "by_usage",
        "cycle": "calendar_month",
        "closing_days": [],
        "final_bill_months": 1,
        "late_charges_months": None,
        "price_jpy": None,
        "full_within": None,
        "note": None,
        "sources": ["S1"],
        "evidence": "single_source",
    },
    "return_items": {
        "required": "optional",
        "note": None,
        "sources": ["S1"],
        "evidence": "single_source",
    },
    "warnings": [
        {"text": "The phone number is lost.", "sources": ["S1"], "evidence": "single_source"}
    ],
    "conflicts": [],
    "unknowns": ["Whether signing in works from abroad"],
    "advice": [_ADVICE],
    "related": [],
    "sources": [_SOURCE],
    "compiled_on": "2026-11-22",
    "live_checked_on": None,
    "links": {
        "self": "/v1/carriers/rakuten-mobile/procedures/cancel-online-or-app",
        "carrier": "/v1/carriers/rakuten-mobile",
        "revisions": "/v1/carriers/rakuten-mobile/procedures/cancel-online-or-app/revisions",
    },
}

REVISIONS: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "carrier": "rakuten-mobile",
    "procedure": "cancel-online-or-app",
    "items": [
        {
            "number": 1,
            "edition": 1,
            "published_at": "2026-11-24T03:00:00Z",
            "url": "/v1/carriers/rakuten-mobile/procedures/cancel-online-or-app/revisions/1",
        }
    ],
    "next": None,
}

VOCABULARY: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "terms": {
        "goals": [{"code": "cancel_contract", "name": "End the contract", "description": None}]
    },
}

ADVICE: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "items": [
        {
            **_ADVICE,
            "attaches_to": {
                "goals": [],
                "outcomes": [],
                "products": [],
                "contracts": [],
                "channels": [],
                "kinds": [],
                "applicants": [],
                "devices": [],
                "sales": [],
            },
            "sources": ["S1"],
        }
    ],
    "sources": [_SOURCE],
    "next": None,
}
