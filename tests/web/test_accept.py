"""A page is sent to clients that prefer HTML to JSON."""

import pytest

from app.web.accept import prefers_html


@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (None, False),
        ("*/*", False),
        ("application/json", False),
        ("text/html", True),
        ("application/json, text/html", False),
        ("text/html;q=0.5, application/json;q=0.4", True),
        ("text/*", True),
        ("text/html;q=0", False),
        ("text/html, */*;q=0.1", True),
        ("application/problem+json, text/html;q=0.9, application/json", False),
        (";;,q=,text/html;q=x", False),
    ],
)
def test_html_must_be_preferred_to_json(accept: str | None, *, is_page: bool) -> None:
    """Accept must give HTML a higher weight than JSON; without the header JSON is sent."""
    headers = [] if accept is None else [(b"accept", accept.encode())]

    assert prefers_html({"type": "http", "headers": headers}) is is_page


def test_several_accept_lines_are_one_list() -> None:
    """Several Accept lines count like one with commas."""
    lines = [(b"accept", b"text/html;q=0.4"), (b"accept", b"application/json;q=0.5")]

    assert not prefers_html({"type": "http", "headers": lines})
    assert prefers_html({"type": "http", "headers": lines[:1]})


def test_the_end_of_a_long_header_is_not_read() -> None:
    """A media type named after 1024 characters does not count."""
    header = b"image/png," * 200 + b"text/html"

    assert not prefers_html({"type": "http", "headers": [(b"accept", header)]})
