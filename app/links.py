"""The links in answers: paths of this service as clients use them.

Each begins with the path of `KAIYAKU_PUBLIC_URL`, so that links work behind a proxy that removes
that path from requests. The path is that of the application which answers (`answering_at`). It is
in a context variable, because links are made deep inside schemas and problems, and one process can
have several applications. Reasons: docs/decisions/0015.
"""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final
from urllib.parse import urlencode, urlsplit

_public_path: Final = ContextVar("public_path", default="")
_public_origin: Final = ContextVar("public_origin", default="")


@contextmanager
def answering_at(public_url: str | None) -> Iterator[None]:
    """Begin the links of this context with the public address; None: the host is not known."""
    parts = urlsplit(public_url or "")
    path = _public_path.set(parts.path)
    origin = _public_origin.set(f"{parts.scheme}://{parts.netloc}" if parts.netloc else "")
    try:
        yield
    finally:
        _public_path.reset(path)
        _public_origin.reset(origin)


def link(path: str) -> str:
    """Return the address that clients use for a path of this service, without a host."""
    return _public_path.get() + path


def absolute(address: str) -> str | None:
    """Return a link with scheme and host, for files and mails; None where the host is not known."""
    origin = _public_origin.get()
    return origin + address if origin else None


def carrier_url(carrier: str) -> str:
    """Return the address of a carrier."""
    return link(f"/v1/carriers/{carrier}")


def procedure_url(carrier: str, procedure: str) -> str:
    """Return the address of a procedure."""
    return link(f"/v1/carriers/{carrier}/procedures/{procedure}")


def fee_check_url(carrier: str, **amounts: int | None) -> str:
    """Return the address of the fee check for a carrier, with the amounts that are known."""
    given = {name: amount for name, amount in amounts.items() if amount is not None}
    return link(f"/v1/fee-check?{urlencode({'carrier': carrier, **given})}")


def session_url(session: uuid.UUID) -> str:
    """Return the address of a checklist session."""
    return link(f"/v1/sessions/{session}")


def problem_url(code: str) -> str:
    """Return the address that explains a kind of problem."""
    return link(f"/problems/{code}")
