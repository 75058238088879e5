"""What a cacheable response depends on: equivalent requests have the same key."""

from typing import Final

import pytest

from app.http.cache.policy import CachePolicy, CacheRules
from app.http.cache.store import Key

ANY: Final = CachePolicy()
NOW: Final = CachePolicy(depends_on_now=True)
NUMBERED: Final = CachePolicy(number_in_path=True)
RULES: Final = CacheRules({"/any": ANY, "/now": NOW, "/never": None}.get)


def key(
    query: str = "", accept: str = "", path: str = "/any", policy: CachePolicy = ANY
) -> Key | None:
    return RULES.key(policy, path, query.encode(), accept.encode())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", "lang=en"),
        ("a=1&b=2", "b=2&a=1"),
        ("limit=50", ""),
        ("tz=Asia/Tokyo", ""),
        ("a=%41", "a=A"),
        ("lang=zh-TW", "lang=zh-Hans"),
    ],
)
def test_equivalent_queries_have_the_same_key(one: str, other: str) -> None:
    """Order, escapes, defaults and other names of a language do not change the key."""
    assert key(one) == key(other)
    assert key(one) is not None


def test_the_language_of_a_key_is_negotiated() -> None:
    """Without `lang` the key has the language that Accept-Language asks for."""
    japanese = key(accept="de, ja;q=0.5, en;q=0.2")

    assert japanese == key("lang=ja")
    assert japanese is not None
    assert (japanese.language, japanese.query) == ("ja", b"lang=ja")


@pytest.mark.parametrize(("one", "other"), [("a=1", "a=2"), ("a=", ""), ("limit=5", "")])
def test_different_queries_have_different_keys(one: str, other: str) -> None:
    """A value that is not the default is part of the key."""
    assert key(one) != key(other)


@pytest.mark.parametrize(
    "query",
    [
        "a=1&a=2",
        "a",
        "&".join(f"a{number}=1" for number in range(21)),
        "limit=05",
        "limit=x",
        "lang=tlh",
    ],
)
def test_an_irregular_query_has_no_key(query: str) -> None:
    """A query that is repeated, malformed, long or not canonical is computed each time."""
    assert key(query) is None


@pytest.mark.parametrize(
    ("path", "has_key"), [("/revisions/7", True), ("/revisions/07", False), ("/revisions/x", False)]
)
def test_a_number_in_the_path_must_be_canonical(path: str, *, has_key: bool) -> None:
    """`/revisions/07` is answered as 7, and not stored beside it."""
    assert (key(path=path, policy=NUMBERED) is not None) is has_key


def test_a_slash_at_the_end_has_no_key() -> None:
    """A path with a slash at its end is redirected with the query as it came."""
    assert key(path="/any/") is None


@pytest.mark.parametrize("query", ["q=x", "cursor=x", "at=x", "quoted_jpy=1"])
def test_a_query_without_bounds_is_not_stable(query: str) -> None:
    """Responses to free text and to instants are stored apart from all others."""
    free, bounded = key(query), key("kind=mvno")

    assert free is not None
    assert bounded is not None
    assert (free.stable, bounded.stable) == (False, True)


def test_one_document_has_one_key() -> None:
    """A response that is the same for all has one key, whatever the query and the language."""
    policy = CachePolicy(one_document=True)

    assert key("x=1", "ja", policy=policy) == key("lang=tlh", "en", policy=policy)


@pytest.mark.parametrize(
    ("path", "query", "policy"),
    [
        ("/any", b"", ANY),
        ("/now", b"", None),
        ("/now", b"at=x", NOW),
        ("/now", b"tz=x&%61t=x", NOW),
        ("/now", b"tz=at=x", None),
        ("/never", b"at=x", None),
    ],
)
def test_a_momentary_response_needs_its_instant(
    path: str, query: bytes, policy: CachePolicy | None
) -> None:
    """A route whose responses depend on the time is cacheable only with `at` in the query."""
    assert RULES.policy(path, query) == policy
