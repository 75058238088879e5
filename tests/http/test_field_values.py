"""Lists, weights and entity tags are read by the grammar of RFC 9110."""

import httpx
import pytest

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
    """A list of entity tags is split by RFC 9110; a list that breaks its grammar gives None."""
    assert entity_tags(lines) == expected


@pytest.mark.parametrize(
    "given",
    ['"5"', 'W/"5"', '"5-gzip"', 'W/"5-gzip"', '"5-br"', '"5-zstd"', '"5--gzip"', '"5;gzip"', "*"],
)
def test_a_tag_marked_by_a_proxy_is_the_same_version(given: str) -> None:
    """A tag with the name of a coding at its end, or made weak, still includes the version."""
    found = entity_tags([given])

    assert found is not None
    assert found.include('"5"')


@pytest.mark.parametrize("given", ['"x,*,y"', '"15"', '"5-"', '"gzip"', '"5-gzip-x"', '"-gzip"'])
def test_another_tag_is_another_version(given: str) -> None:
    """A tag that only contains the version, or ends otherwise, does not include it."""
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
    """Names are lower-cased; weights that are no number of 0 to 1 are dropped or cut."""
    assert list(weighted(value)) == expected


def test_a_long_list_is_cut() -> None:
    """At most 64 members of a list are read, however long the header is."""
    assert len(list(weighted("en," * 1_000_000))) <= 64


def test_a_marked_tag_is_revalidated_over_http(client: httpx.Client) -> None:
    """The server answers 304 to a tag that a proxy marked, and 200 to one that only looks so."""
    plain = client.get("/v1/vocabulary", headers={"Accept-Encoding": "identity"}).headers["etag"]

    for given in (plain[:-1] + '-gzip"', f"W/{plain}", f'"other", {plain}', "*"):
        headers = {"If-None-Match": given, "Accept-Encoding": "identity"}
        assert client.get("/v1/vocabulary", headers=headers).status_code == 304, given
    for given in (f'"x,{plain[1:-1]},y"', '"x,*,y"', plain[1:-1]):
        headers = {"If-None-Match": given, "Accept-Encoding": "identity"}
        assert client.get("/v1/vocabulary", headers=headers).status_code == 200, given
