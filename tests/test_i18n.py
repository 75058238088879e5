"""Negotiation: the language of a response."""

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.i18n import LANGUAGES, Language, negotiate, supported

CHINESE = [
    "yue",
    "yue-HK",
    "cmn",
    "cmn-Hant-TW",
    "wuu",
    "nan",
    "hak",
    "gan",
    "zh-yue",
    "zh-min-nan",
    "i-hak",
    "lzh",
    "ZH-tw",
    "zho",
]


@pytest.mark.parametrize("tag", CHINESE)
def test_any_chinese_tag_is_chinese(client: httpx.Client, tag: str) -> None:
    """Tags of every Chinese language give Simplified Chinese, in `lang` and in the header."""
    assert client.get("/v1", params={"lang": tag}).headers["content-language"] == "zh-Hans"
    assert (
        client.get("/v1", headers={"Accept-Language": f"{tag}, en;q=0.9"}).headers[
            "content-language"
        ]
        == "zh-Hans"
    )


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("ja-JP-u-ca-japanese", "ja"),
        ("jpn", "ja"),
        ("en-GB-oed", "en"),
        ("i-default", "en"),
        ("ko", None),
        ("x-zh", None),
        ("*", None),
        ("zh-" + "a" * 8 * 100, None),
    ],
)
def test_a_tag_has_its_language(tag: str, language: Language | None) -> None:
    """A tag with any subtags gives its language; an unsupported or private one gives none."""
    assert supported(tag) == language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("en;q=0, *", "ja"),
        ("*;q=0.5, ja;q=0", "en"),
        ("en;q=0.1, *;q=0.5", "ja"),
        ("en;q=0", "ja"),
        ("ko, en;q=0", "ja"),
        (", ".join(f"{language};q=0" for language in LANGUAGES), "en"),
        ("*;q=0", "en"),
        ("en-GB;q=0, en", "en"),
        ("en;q=0, en-GB", "en"),
        ("zh;q=0, *;q=0.1, en;q=0", "ja"),
        ("ja;q=0.3, zh-TW;q=0.300", "ja"),
        ("ja;q=zero, zh;q=0.1", "zh-Hans"),
        (", ,ja ; Q=0.2 ,,", "ja"),
        ("ko", "en"),
        ("", "en"),
        ("zh-TW", "zh-Hans"),
        ("zh-HK,en;q=0.5", "zh-Hans"),
        ("fr, ja;q=0.5, en;q=0.4", "ja"),
        ("fr", "en"),
        ("*", "en"),
        ("ja;q=0, zh", "zh-Hans"),
        (";;q=,,", "en"),
    ],
)
def test_weights_decide_the_language(header: str, language: Language) -> None:
    """The header's most wanted language is chosen, by RFC 4647, and otherwise the default."""
    assert negotiate(header) == language


def test_a_response_is_in_the_negotiated_language(client: httpx.Client) -> None:
    """`Accept-Language` decides the language of the body and of the header."""
    answer = client.get("/v1", headers={"Accept-Language": "fr, ja;q=0.5, en;q=0.4"})

    assert answer.json()["language"] == answer.headers["content-language"] == "ja"


def test_lang_wins_over_accept_language(client: httpx.Client) -> None:
    """The query parameter overrules the header."""
    answer = client.get("/v1?lang=zh-TW", headers={"Accept-Language": "ja"})

    assert answer.json()["language"] == "zh-Hans"


def test_every_line_of_the_header_counts(client: httpx.Client) -> None:
    """A header that is sent in several lines is read as one list, also for problems."""
    lines = [("Accept-Language", "ko"), ("Accept-Language", "ja")]

    assert client.get("/v1/nothing", headers=lines).headers["content-language"] == "ja"
    assert client.get("/readyz?colour=red", headers=lines).headers["content-language"] == "ja"


TAGS = st.sampled_from(
    ["en", "ja", "zh", "zh-Hans", "en-GB", "ja-JP", "zh-TW", "yue", "ko", "fr-CA", "*"]
)
RANGES = st.lists(
    st.tuples(TAGS, st.integers(0, 1000)), min_size=1, max_size=8, unique_by=lambda each: each[0]
)


def _header(ranges: list[tuple[str, int]]) -> str:
    return ", ".join(f"{tag};q={weight / 1000:.3f}" for tag, weight in ranges)


@given(RANGES)
@settings(deadline=None)  # the first example loads the language data
def test_nothing_better_was_acceptable(ranges: list[tuple[str, int]]) -> None:
    """Of any header, no other language has a greater weight than the one that is chosen."""
    named: dict[str, int] = {}
    for tag, weight in ranges:
        language = supported(tag)
        if language and (weight or tag in {"en", "ja", "zh", "zh-Hans"}):
            named[language] = max(named.get(language, 0), weight)
    others = dict(ranges).get("*", 0)
    weights = {language: named.get(language, others) for language in LANGUAGES}

    chosen = negotiate(_header(ranges))

    if any(weights.values()):
        assert weights[chosen] == max(weights.values())
    elif "*" not in dict(ranges) and len(named) < len(LANGUAGES):
        assert chosen not in named


@given(RANGES)
@settings(deadline=None)  # the first example loads the language data
def test_spelling_does_not_change_the_language(ranges: list[tuple[str, int]]) -> None:
    """Case, spaces and empty elements do not matter."""
    spaced = " , ,".join(f"{tag.upper()} ; Q={weight / 1000}" for tag, weight in ranges)

    assert negotiate(f",{spaced}, ") == negotiate(_header(ranges))


@given(st.text(max_size=400))
@settings(deadline=None)  # the first example loads the language data
def test_any_header_gets_a_language(header: str) -> None:
    """Any text as a header gives one of the languages."""
    assert negotiate(header) in LANGUAGES
