"""Keys that can be guessed are refused, and random ones are accepted."""

import base64
import random
import uuid
from collections.abc import Callable

import pytest

from app.sessions.idempotency import is_unguessable

WEAK = [
    "",
    "short",
    "0" * 22,
    "a" * 40,
    "abab" * 10,
    "1234567890123456789012",
    "abcdefghijklmnopqrstuvwxyz",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "20261130120000-20261130120000",
    "2026-11-30T12:00:00.000000001Z",
    "1732960000000-1732960000001",
    "session-2026-11-30-0000000001",
    "checklist_rakuten_0000001",
    "00000000-0000-4000-8000-000000000001",
    "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
    "12345678-1234-4234-8234-123456789012",
    "5e0d2a3c-ec6d-11f1-87ef-02fc00000001",  # version 1: a clock and an address
    str(uuid.uuid5(uuid.NAMESPACE_DNS, "kaiyaku")),  # a name
]


@pytest.mark.parametrize("key", WEAK)
def test_a_key_that_can_be_guessed_is_weak(key: str) -> None:
    """Short, repetitive, sequential and dated keys, and UUIDs that are not random, are weak."""
    assert not is_unguessable(key)


def test_random_uuids_are_accepted() -> None:
    """No random UUID is weak."""
    chance = random.Random(7)  # noqa: S311 - the test must be the same each time
    keys = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(20_000)]

    assert [key for key in keys if not is_unguessable(key)] == []


@pytest.mark.parametrize(
    ("size", "encode"), [(16, "base64"), (24, "base64"), (16, "hex"), (32, "hex"), (16, "base32")]
)
def test_nearly_all_random_texts_are_accepted(size: int, encode: str) -> None:
    """At most one of a thousand random texts of 16 bytes or more is weak."""
    chance = random.Random(size)  # noqa: S311 - the test must be the same each time
    encoders: dict[str, Callable[[bytes], str]] = {
        "base64": lambda content: base64.urlsafe_b64encode(content).rstrip(b"=").decode(),
        "hex": lambda content: content.hex(),
        "base32": lambda content: base64.b32encode(content).rstrip(b"=").decode(),
    }
    keys = [encoders[encode](chance.randbytes(size)) for _ in range(10_000)]

    refused = sum(not is_unguessable(key) for key in keys)
    assert refused <= 10
