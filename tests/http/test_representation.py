"""A stored response: its encodings, its entity tags, and the coding that a client prefers."""

import gzip
from typing import Final

import brotli
import pytest
import zstandard

from app.http.cache.representation import ENCODINGS, Representation, preferred

LONG: Final = b"a text that compresses well " * 100
DECODERS: Final = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
}


def response(body: bytes = LONG) -> Representation:
    return Representation([(b"content-type", b"text/plain")], body, b"Accept-Encoding")


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
    """The coding with the highest weight is used; of equal ones the smallest result."""
    assert preferred(header) == coding


def test_the_end_of_a_long_accept_encoding_is_not_read() -> None:
    """A coding named after the first 1024 bytes of the header is ignored."""
    assert preferred(b"x," * 1000 + b"gzip") == "identity"


@pytest.mark.parametrize("coding", ENCODINGS)
def test_each_coding_holds_the_same_body(coding: str) -> None:
    """An encoded variant is shorter, decodes to the body, and has an entity tag of its own."""
    plain = response()
    encoded = plain.encode(coding)

    assert DECODERS[coding](encoded.body["body"]) == LONG
    assert len(encoded.body["body"]) < len(LONG)
    assert dict(encoded.start["headers"])[b"content-encoding"] == coding.encode()
    assert encoded.etag == plain.identity.etag[:-1] + f'-{coding}"'.encode()


def test_a_short_body_is_not_compressed() -> None:
    """For a body under 512 bytes each coding gives the plain variant."""
    short, long = response(LONG[:511]), response(LONG[:512])

    assert short.variant("gzip") is short.identity
    assert long.variant("gzip") is None


def test_an_added_variant_is_used_and_counted() -> None:
    """After `add` the variant is returned for its coding, and the size has grown."""
    plain = response()
    before, encoded = plain.size, plain.encode("br")

    added = plain.add("br", encoded)

    assert plain.variant("br") is encoded
    assert plain.variant("gzip") is None
    assert plain.size == before + added > before + len(encoded.body["body"])


def test_the_entity_tag_follows_the_body() -> None:
    """The same body gives the same tag, another body another one."""
    assert response().identity.etag == response().identity.etag
    assert response().identity.etag != response(LONG + b"!").identity.etag


def test_headers_of_the_encoding_are_replaced() -> None:
    """Length, coding, tag and Vary of the computed response do not appear beside new ones."""
    computed = [
        (name, b"computed")
        for name in (b"content-length", b"content-encoding", b"etag", b"vary", b"x-other")
    ]
    plain = Representation(computed, LONG, b"Accept-Encoding")

    names = [name for name, _ in plain.encode("br").start["headers"]]

    assert sorted(names) == [b"content-encoding", b"content-length", b"etag", b"vary", b"x-other"]
    assert [value for _, value in plain.identity.start["headers"]].count(b"computed") == 1


def test_a_304_has_no_header_of_a_body() -> None:
    """A 304 repeats the tag and Vary, without the type, the coding and the length of a body."""
    variant = response().encode("gzip")

    headers = dict(variant.not_modified["headers"])
    assert variant.not_modified["status"] == 304
    assert headers == {b"etag": variant.etag, b"vary": b"Accept-Encoding"}


@pytest.mark.parametrize(
    ("form", "is_known"),
    [
        ("{tag}", True),
        ("W/{tag}", True),
        ('"other", {tag}', True),
        ("*", True),
        ('"other"', False),
        ('"x{bare}"', False),
        ('"x,*,y"', False),
        ("{bare}", False),
    ],
)
def test_if_none_match_is_compared_with_the_tag(form: str, *, is_known: bool) -> None:
    """A list, a weak tag and `*` match; a tag that only contains this one does not."""
    identity = response().identity
    tag = identity.etag.decode()

    header = form.format(tag=tag, bare=tag.strip('"')).encode()

    assert identity.matches(header) is is_known
