"""The example of the guide's response in the OpenAPI document."""

from typing import Any, Final

GUIDE: Final[dict[str, Any]] = {
    "edition": 1,
    "language": "en",
    "carrier": {"id": "example", "name": "Example Mobile", "url": "/v1/carriers/example"},
    "at": "2026-11-30T19:00:00+09:00",
    "zone": "Asia/Tokyo",
    "state": "question",
    "why": "More than one procedure may fit. Your answer to the question decides which one.",
    "goal": None,
    "procedures": [
        {
            "procedure": {
                "carrier": "example",
                "id": "cancel-online",
                "title": "Cancel online",
                "goal": "cancel_contract",
                "outcome": "contract_ends",
                "channel": "web",
                "applies_to": {
                    "products": ["physical_sim"],
                    "contracts": ["postpaid"],
                    "plans": [],
                    "applicants": ["holder"],
                    "lines": ["in_use", "suspended"],
                    "sales": [],
                    "devices": [],
                },
                "from_abroad": "possible",
                "evidence": "official",
                "revision": 1,
                "url": "/v1/carriers/example/procedures/cancel-online",
            },
            "verdict": "possible",
            "verdict_name": "Possible",
            "reasons": [
                (
                    "Whether you want to keep the number decides: "
                    "take only one of porting out and cancelling."
                )
            ],
            "blockers": [],
            "lacking": [],
            "conditions": [],
            "loses": [{"code": "phone_number", "name": "The phone number"}],
            "still_charged": [],
            "effort": 14,
            "dates": {
                "next": [
                    {
                        "code": "apply_by",
                        "name": "Apply by",
                        "certainty": "exact",
                        "at": "2026-11-30T19:59:59+09:00",
                        "on": "2026-11-30",
                        "why": (
                            "Apply by 20:00 on Mon 30 Nov (Japan time); "
                            "after that you also pay for December."
                        ),
                        "note": None,
                        "passed": False,
                        "evidence": "official",
                    }
                ],
                "needs_facts": [],
                "url": "/v1/carriers/example/procedures/cancel-online/timeline",
            },
        }
    ],
    "generic": [],
    "help": [],
    "desks": [],
    "not_used": [],
    "no_contact": None,
    "contacts": "/v1/carriers/example/contacts",
    "question": {
        "fact": "keep_number",
        "question": "Do you want to keep the phone number?",
        "type": "choice",
        "options": [
            {"parameter": "keep_number", "value": "true", "label": "Yes"},
            {"parameter": "keep_number", "value": "false", "label": "No"},
            {"parameter": "unknown", "value": "keep_number", "label": "I do not know"},
        ],
        "why": "If you cancel, you lose the number. If you move it to another carrier, you keep "
        "it. Only one of the two is possible.",
        "left_at_most": 3,
    },
}
