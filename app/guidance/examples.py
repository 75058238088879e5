"""Examples in the contract: short answers as the service gives them. A test holds them to their schemas."""

from typing import Any, Final

_SOURCE: Final[dict[str, Any]] = {
    "id": "S1",
    "url": "https://example.jp/cancel",
    "title": "Cancelling",
    "kind": "official",
    "language": "ja",
    "copy_dated": "2026",
}

_APPLY_BY: Final[dict[str, Any]] = {
    "code": "apply_by",
    "name": "Apply by",
    "certainty": "exact",
    "at": "2026-11-30T11:59:59+01:00",
    "at_japan": "2026-11-30T19:59:59+09:00",
    "on": "2026-11-30",
    "from": None,
    "to": None,
    "passed": False,
    "why": "Apply by 20:00 on Mon 30 Nov (Japan time); after that you also pay for December.",
    "waiting_costs": {"amount_jpy": None, "percent": None, "text": "How much being late costs is not known."},
    "note": None,
    "needs": [],
    "rule": "contract_end",
    "sources": ["S1"],
    "evidence": "official",
}

TIMELINE: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "carrier": "ymobile",
    "procedure": "cancel-online",
    "revision": 1,
    "at": "2026-11-20T02:00:00+01:00",
    "zone": "Europe/Berlin",
    "events": [_APPLY_BY],
    "needs_facts": [
        {
            "fact": "contract_started_on",
            "name": "Day the contract started",
            "type": "date",
            "options": None,
            "why": "It tells: No early fee.",
        }
    ],
    "sources": [_SOURCE],
}

CALENDAR: Final = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kaiyaku//timeline//EN\r\n"
    "BEGIN:VEVENT\r\nUID:ymobile/cancel-online/apply_by/1@kaiyaku\r\nDTSTAMP:20261122T000000Z\r\n"
    "DTSTART:20261130T105959Z\r\nSUMMARY:Apply by - Y!mobile: Cancel online\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)

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
            "label": "Customer centre",
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
    "sources": [_SOURCE],
}

FEE_CHECK: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "contract_started_on": "2023-04-01",
    "operator_kind": "designated",
    "quoted_jpy": 10450,
    "cap_jpy": None,
    "above_cap": True,
    "verdict": "10,450 yen is more than the law allows.",
    "rule": {"text": "At most 1,100 yen with tax or one month's charge, whichever is less.", "sources": ["S1"], "evidence": "official"},
    "limits": [],
    "needs_facts": [],
    "sources": [_SOURCE],
}

IDENTIFICATION: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "state": "identified",
    "explanation": "Most likely the company to deal with is mineo.",
    "candidates": [
        {
            "role": "brand",
            "carrier": {"id": "mineo", "name": "mineo", "url": "/v1/carriers/mineo"},
            "name": "mineo",
            "confidence": "high",
            "because": [
                {"clue": "apn", "reason": "The access point mineo.jp is the one of mineo (A plan).", "note": None, "sources": ["S1"]}
            ],
        }
    ],
    "next_clue": None,
    "guide": "/v1/guide?carrier=mineo",
    "sources": [_SOURCE],
}

GUIDE: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "carrier": {"id": "example", "name": "Example Mobile", "url": "/v1/carriers/example"},
    "at": "2026-11-30T19:00:00+09:00",
    "zone": "Asia/Tokyo",
    "why": "More than one way can fit. The answer to the question tells which.",
    "answers": [
        {
            "procedure": {
                "carrier": "example",
                "id": "cancel-online",
                "title": "Cancel online",
                "goal": "cancel_contract",
                "outcome": "contract_ends",
                "channel": "web",
                "applies_to": {"products": ["physical_sim"], "contracts": ["postpaid"], "plans": [], "applicants": ["holder"]},
                "from_abroad": "possible",
                "evidence": "official",
                "revision": 1,
                "url": "/v1/carriers/example/procedures/cancel-online",
            },
            "verdict": "possible",
            "verdict_name": "Possible",
            "reasons": ["Whether you want to keep the number decides: take only one of porting out and cancelling."],
            "blockers": [],
            "effort": 14,
            "dates": {
                "next": [
                    {
                        "code": "apply_by",
                        "name": "Apply by",
                        "certainty": "exact",
                        "at": "2026-11-30T19:59:59+09:00",
                        "on": "2026-11-30",
                        "why": "Apply by 20:00 on Mon 30 Nov (Japan time); after that you also pay for December.",
                        "note": None,
                        "evidence": "official",
                    }
                ],
                "needs_facts": [],
                "url": "/v1/carriers/example/procedures/cancel-online/timeline",
            },
        }
    ],
    "generic": [],
    "contacts": "/v1/carriers/example/contacts",
    "ask": {
        "fact": "keep_number",
        "question": "Do you want to keep the telephone number?",
        "type": "choice",
        "options": [
            {"parameter": "keep_number", "value": "true", "label": "Yes"},
            {"parameter": "keep_number", "value": "false", "label": "No"},
            {"parameter": "unknown", "value": "keep_number", "label": "I do not know"},
        ],
        "why": "Cancelling loses it, porting out keeps it; only one of them can be done.",
    },
}
