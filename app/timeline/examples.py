"""Examples of timelines for the OpenAPI document. A test validates them against the schemas."""

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
    "latest_at": None,
    "on": "2026-11-30",
    "from": None,
    "to": None,
    "passed": False,
    "why": "Apply by 20:00 on Mon 30 Nov (Japan time); after that you also pay for December.",
    "cost_of_delay": {
        "amount_jpy": None,
        "percent": None,
        "text": "The cost of being late is not known.",
    },
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
            "why": "Needed to work out: No early fee.",
        }
    ],
    "sources": [_SOURCE],
}


CALENDAR: Final = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kaiyaku//timeline//EN\r\n"
    "BEGIN:VEVENT\r\nUID:ymobile/cancel-online/apply_by/1@kaiyaku\r\nDTSTAMP:20261122T000000Z\r\n"
    "DTSTART:20261130T105959Z\r\nSUMMARY:Apply by - Y!mobile: Cancel online\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
