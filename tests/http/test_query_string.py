"""Parameters are found in a raw query string, plain or escaped."""

import pytest

from app.http.query_string import has_parameter


@pytest.mark.parametrize("query", [b"at=x", b"a=1&at=", b"%61t=x", b"a=1&a%74=x"])
def test_a_parameter_is_found_in_any_spelling(query: bytes) -> None:
    """The name counts plain or escaped, with a value or without."""
    assert has_parameter(query, "at")


@pytest.mark.parametrize("query", [b"", b"cat=x", b"a=at=x", b"at", b"a=%26at=x", b"a=1&atx=1"])
def test_another_name_is_not_the_parameter(query: bytes) -> None:
    """A name that only contains it, or a value that contains it, does not count."""
    assert not has_parameter(query, "at")
