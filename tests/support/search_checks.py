"""Claims about the search that hold for every catalogue: the small one and the project's own."""

import re
from typing import NamedTuple

from app.catalogue.codes import MatchKind
from app.catalogue.search import Words, fold
from app.catalogue.search_index import SearchIndex

DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\uff70\u301c\uff5e~"
"""What people type for the long-vowel mark."""

_BEFORE_NO_LATIN_LETTER = r"ー(?![a-zA-Z0-9])"

_NAMES = frozenset({MatchKind.NAME, MatchKind.ALIAS, MatchKind.OPERATOR})


class CompanyName(NamedTuple):
    """A company's id, and one of its names."""

    slug: str
    name: str


def company_names(index: SearchIndex) -> list[CompanyName]:
    """Return every name and alias of every company."""
    return [
        CompanyName(slug, name)
        for slug, carrier in sorted(index.carriers.items())
        for name in (*carrier.document.name.values(), *carrier.document.aliases)
        if fold(name)
    ]


def names_with_long_vowels(index: SearchIndex) -> list[str]:
    """Return every name in which a dash is read as a long vowel."""
    operators = [each.document.operator or "" for each in index.carriers.values()]
    names = {*operators, *(each.name for each in company_names(index))}
    return sorted(name for name in names if re.search(_BEFORE_NO_LATIN_LETTER, name))


def with_dashes(name: str, dash: str) -> str:
    """Return the name with dashes instead of long-vowel marks, where they mean the same."""
    return re.sub(_BEFORE_NO_LATIN_LETTER, dash, name)


def latin_words(index: SearchIndex) -> list[str]:
    """Return the longer Latin words in the names of companies, in lower case."""
    words = {
        word.lower()
        for each in company_names(index)
        for word in re.findall(r"[A-Z]?[a-z]{4,}", each.name)
    }
    return sorted(words)


def check_found_by_name(index: SearchIndex, company: CompanyName) -> None:
    """Check that a name finds its company, before every company without that name."""
    ranked = index.search(company.name).carriers

    best = [each.carrier.slug for each in ranked if each.rank == ranked[0].rank]
    assert company.slug in best
    assert all(not each.match.weak for each in ranked[:1] if each.match)


def check_found_at_word_beginnings(index: SearchIndex, query: str) -> None:
    """Check that companies found by a name have a word that begins with the query."""
    for each in index.search(query).carriers:
        assert each.match is not None
        if each.match.kind in _NAMES:
            named = Words.of(each.match.text)
            assert any(named.begins(position) for position in named.positions(query))
