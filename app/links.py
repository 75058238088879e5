"""The links in answers: paths of this service as clients use them.

Each begins with the path of `KAIYAKU_PUBLIC_URL`, so that links work behind a proxy that removes
that path from requests. The path is in a context variable, because links are made deep inside
schemas and problems, and one process can have several applications. Reasons: docs/decisions/0015.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_below: Final = ContextVar("public_path", default="")


@contextmanager
def answering_below(public_path: str) -> Iterator[None]:
    """Begin every link of this context with the path: empty, or `/…` without a slash at its end."""
    token = _below.set(public_path)
    try:
        yield
    finally:
        _below.reset(token)


def link(path: str) -> str:
    """Return the address that clients use for a path of this service."""
    return _below.get() + path


def carrier_url(carrier: str) -> str:
    """Return the address of a carrier."""
    return link(f"/v1/carriers/{carrier}")


def procedure_url(carrier: str, procedure: str) -> str:
    """Return the address of a procedure."""
    return link(f"/v1/carriers/{carrier}/procedures/{procedure}")


def session_url(session: uuid.UUID) -> str:
    """Return the address of a checklist session."""
    return link(f"/v1/sessions/{session}")


def problem_url(code: str) -> str:
    """Return the address that explains a kind of problem."""
    return link(f"/problems/{code}")
