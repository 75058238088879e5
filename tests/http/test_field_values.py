"""Lists, weights and entity tags are read as RFC 9110 says."""

import httpx
import pytest

from app.http.cache.representation import preferred
from app.http.field_values import EntityTags, entity_tags, weighted


def tags(*opaque: str) -> EntityTags:
    return EntityTags(any=False, opaque=frozenset(opaque))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['"5"'], tags('"5"')),
        (['W/"5"'], tags('"5"')),
        (['"4",'], tags('"4"')),
        ([', "4" ,, W/"5"'], tags('"4"', '"5"')),
        (['"4"', '"5"'], tags('"4"', '"5"')),
        (['"x,*,y"'], tags('"x,*,y"')),
        (['""'], tags('""')),
        (["*"], EntityTags(any=True, opaque=frozenset())),
        (["5"], None),
        ([""], None),
        ([","], None),
        (['"4" "5"'], None),
        (['*, "4"'], None),
        (['w/"4"'], None),
        (['"4'], None),
        (['"a b"'], None),
    ],
)
def test_entity_tags_are_read_as_written(lines: list[str], expected: EntityTags | None) -> None:
    assert entity_tags(lines) == expected


@pytest.mark.parametrize(
    "given",
    ['"5"', 'W/"5"', '"5-gzip"', 'W/"5-gzip"', '"5-br"', '"5-zstd"', '"5--gzip"', '"5;gzip"', "*"],
)
def test_a_proxys_coding_leaves_the_version(given: str) -> None:
    found = entity_tags([given])

    assert found is not None
    assert found.include('"5"')


@pytest.mark.parametrize("given", ['"x,*,y"', '"15"', '"5-"', '"gzip"', '"5-gzip-x"', '"-gzip"'])
def test_another_tag_is_another_version(given: str) -> None:
    found = entity_tags([given])

    assert found is not None
    assert not found.include('"5"')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("gzip;q=0.5, br", [("gzip", 0.5), ("br", 1.0)]),
        (",, BR ; Q=.25 ,", [("br", 0.25)]),
        ("br;q=nan, gzip;q=1e3, zstd;q=7", [("zstd", 1.0)]),
        ("en;level=1;q=0", [("en", 0.0)]),
        ("", []),
    ],
)
def test_weights_are_read_as_written(value: str, expected: list[tuple[str, float]]) -> None:
    assert list(weighted(value)) == expected


def test_a_list_without_end_is_cut() -> None:
    assert len(list(weighted("en," * 1_000_000))) <= 64


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        (b"gzip, br", "br"),
        (b"gzip;q=1, br;q=0.2", "gzip"),
        (b"identity, gzip;q=0.5", "identity"),
        (b"x-gzip", "gzip"),
        (b"*;q=0.1, br;q=0", "zstd"),
        (b",, gzip ,", "gzip"),
        (b"*;q=0", "identity"),
        (b"compress", "identity"),
        (b"", "identity"),
        (b"gzip," + b"x," * 1000, "gzip"),
    ],
)
def test_accept_encoding_chooses_the_coding(header: bytes, coding: str) -> None:
    assert preferred(header) == coding


def test_a_tag_that_a_proxy_marked_is_known(client: httpx.Client) -> None:
    plain = client.get("/v1/vocabulary", headers={"Accept-Encoding": "identity"}).headers["etag"]

    for given in (plain[:-1] + '-gzip"', f"W/{plain}", f'"other", {plain}', "*"):
        headers = {"If-None-Match": given, "Accept-Encoding": "identity"}
        assert client.get("/v1/vocabulary", headers=headers).status_code == 304, given
    for given in (f'"x,{plain[1:-1]},y"', '"x,*,y"', plain[1:-1]):
        headers = {"If-None-Match": given, "Accept-Encoding": "identity"}
        assert client.get("/v1/vocabulary", headers=headers).status_code == 200, given
