"""Example responses for the OpenAPI document. A test compares them with their schemas."""

from typing import Any, Final

_FEED: Final[dict[str, Any]] = {
    "id": "0d9d6a52-54a7-4c5e-8b1b-3a3f6f0e5f10",
    "language": "en",
    "zone": "Europe/Berlin",
    "created_at": "2026-11-24T03:05:00Z",
}

_ADDRESS: Final = "example.org/v1/feeds/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics"

CREATED: Final[dict[str, Any]] = {
    **_FEED,
    "url": f"https://{_ADDRESS}",
    "webcal_url": f"webcal://{_ADDRESS}",
}

FEEDS: Final[dict[str, Any]] = {"items": [_FEED], "most": 5}

CALENDAR: Final = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Kaiyaku//Calendar//EN
NAME:Cancel in my Rakuten Mobile
X-WR-CALNAME:Cancel in my Rakuten Mobile
X-WR-TIMEZONE:Europe/Berlin
REFRESH-INTERVAL;VALUE=DURATION:PT6H
BEGIN:VEVENT
UID:6f1f6d0e-6a0a-4f6e-9a55-3f0c8f6c2f11/contract_end/apply_by@kaiyaku
DTSTAMP:20261124T030500Z
LAST-MODIFIED:20261124T030500Z
SEQUENCE:120787
SUMMARY:Apply by - Cancel in my Rakuten Mobile
DESCRIPTION:Apply by 20:00 on Mon 30 Nov (Japan time).
DTSTART:20261130T105959Z
END:VEVENT
END:VCALENDAR
"""
