"""Calendar files over HTTP."""

import httpx
import icalendar

BOOKING = "/v1/carriers/rental/procedures/cancel-booking/timeline.ics"


def test_a_procedure_without_dates_has_no_file(client: httpx.Client) -> None:
    """Without any coming date the file is a 404 with its own code."""
    answer = client.get(BOOKING, params={"at": "2026-12-01T10:00:00+09:00"})

    assert (answer.status_code, answer.json()["code"]) == (404, "no-dates")


def test_a_file_without_a_public_address_has_no_links(client: httpx.Client) -> None:
    """A service that does not know its host gives entries no link, and the file its name."""
    answer = client.get(
        BOOKING, params={"at": "2026-12-01T10:00:00+09:00", "rental_starts_on": "2026-12-10"}
    )

    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert found
    assert all("url" not in entry for entry in found)
    disposition = 'attachment; filename="rental-cancel-booking.ics"'
    assert answer.headers["content-disposition"] == disposition
