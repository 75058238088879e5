"""How texts are compared: what is lost, where words begin, and the closest id."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.search import Words, closest_id, closest_name, fold, words
from tests.support import companies, search_checks

# Folding


@given(st.data())
def test_a_dash_for_a_long_vowel_changes_nothing(data: st.DataObject) -> None:
    """A name with dashes instead of long-vowel marks folds to the same text."""
    name = data.draw(st.sampled_from(search_checks.names_with_long_vowels(companies.index())))
    dash = data.draw(st.sampled_from(search_checks.DASHES))

    assert fold(search_checks.with_dashes(name, dash)) == fold(name)


@pytest.mark.parametrize(
    ("query", "folded"),
    [
        ("k-mobile", "kmobile"),
        ("Wi-Fi", "wifi"),
        ("レンタル-WiFi", "れんたるwifi"),
        ("緑川-モバイル", "緑川もばいる"),
        ("ルータ-", "るーたー"),
        ("ルータ\uff0d", "るーたー"),
        ("カゼモバイル - 解約", "かぜもばいる解約"),
        ("グロ--バル", "ぐろーばる"),
    ],
)
def test_a_dash_elsewhere_separates_words(query: str, folded: str) -> None:
    """A dash counts as a long vowel only after kana and not before a Latin letter."""
    assert fold(query) == folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＫＡＺＥ", "kaze"),
        ("Kaze Mobile!", "kazemobile"),
        ("カゼ", "かぜ"),
        ("ｶｾﾞ", "かぜ"),
        ("Café", "cafe"),
        ("か", "か"),
        ("が", "が"),
        ("。", ""),
    ],
)
def test_case_width_kana_and_accents_are_lost(text: str, folded: str) -> None:
    """Folding drops case, width, accents, spaces and punctuation, but no sound marks of kana."""
    assert fold(text) == folded


def test_a_query_is_split_at_its_spaces() -> None:
    """Words that fold to nothing are left out."""
    assert words("Kaze  モバイル ! 解約") == ["kaze", "もばいる", "解約"]


# Where words begin


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("SoraMate", ["sora", "mate"]),
        ("IIKmio", ["iik", "mio"]),
        ("kaze2.0", ["kaze", "2", "0"]),
        ("緑川モバイル", ["緑川", "もばいる"]),
        ("クモテルバンク光", ["くもてるばんく", "光"]),
        ("SIMカード", ["sim", "かーど"]),
        ("KUMOTEL Mobile", ["kumotel", "mobile"]),
        ("緑川通信", ["緑川通信"]),
        ("あんなときもWiFi", ["あんなときも", "wi", "fi"]),
    ],
)
def test_words_end_at_scripts_cases_and_digits(text: str, parts: list[str]) -> None:
    """Words end at spaces and punctuation, and where script, case or kind of character changes."""
    named = Words.of(text)
    borders = [*sorted(named.starts), len(named.folded)]

    assert [named.folded[a:b] for a, b in pairwise(borders)] == parts


@given(st.text())
def test_words_begin_inside_the_folded_text(text: str) -> None:
    """Of any text, every word begins at a position of the folded text, the first at 0."""
    named = Words.of(text)

    assert named.folded == fold(text)
    assert len(named.scripts) == len(named.folded)
    assert all(0 <= start < len(named.folded) for start in named.starts)
    assert not named.folded or 0 in named.starts


@pytest.mark.parametrize(
    ("text", "name", "is_named"),
    [
        ("my kaze phone", "kaze", True),
        ("kazemobile", "kaze", False),
        ("okaze", "kaze", False),
        ("新星电卡", "星电", True),
        ("新星电卡", "星", False),
        ("緑川で解約", "緑川", True),
    ],
)
def test_a_text_names_whole_words(text: str, name: str, *, is_named: bool) -> None:
    """A name is named as words; one of two characters also inside Chinese characters."""
    assert Words.of(text).names(name, shortest_inside=2) is is_named


# The closest id


@pytest.mark.parametrize(
    ("unknown", "closest"),
    [
        ("cancel-online", "cancel-online-or-app"),
        ("ONLINE", "cancel-online-or-app"),
        ("cancel-online-or-ap", "cancel-online-or-app"),
        ("cancel", "cancel-by-post"),
        ("zzzz", None),
    ],
)
def test_the_closest_id_begins_holds_or_resembles(unknown: str, closest: str | None) -> None:
    """The closest id begins with the unknown one, holds it, or has nearly its spelling."""
    assert closest_id(unknown, ["port-out", "cancel-online-or-app", "cancel-by-post"]) == closest


@pytest.mark.parametrize(
    ("text", "slug"), [("hosi", "hoshi"), ("クモテール", "kumotel"), ("zzzz", None)]
)
def test_the_closest_name_has_nearly_the_spelling(text: str, slug: str | None) -> None:
    """A misspelt name gives the id of the company with the most similar name."""
    assert closest_name(text, {"hoshi": "hoshi", "くもてる": "kumotel"}) == slug
