"""The links in responses: paths of this service as clients use them.

Each link begins with the path of `KAIYAKU_PUBLIC_URL`, so that it works behind a proxy that removes
this path from requests. `answering_at` sets the path in a context variable, because links are made
deep inside schemas and problems, and one process can have several applications. Reasons:
docs/decisions/0015.
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
    """In the block, begin links with the path of the public URL; None: no path, unknown host."""
    parts = urlsplit(public_url or "")
    path = _public_path.set(parts.path)
    origin = _public_origin.set(f"{parts.scheme}://{parts.netloc}" if parts.netloc else "")
    try:
        yield
    finally:
        _public_path.reset(path)
        _public_origin.reset(origin)


def link(path: str) -> str:
    """Return the link to a path of this service, without a host."""
    return _public_path.get() + path


def absolute(address: str) -> str | None:
    """Return a link with scheme and host, for files and mails; None if the host is not known."""
    origin = _public_origin.get()
    return origin + address if origin else None


def carrier_url(carrier: str) -> str:
    """Return the link to a carrier."""
    return link(f"/v1/carriers/{carrier}")


def procedure_url(carrier: str, procedure: str) -> str:
    """Return the link to a procedure."""
    return link(f"/v1/carriers/{carrier}/procedures/{procedure}")


def fee_check_url(carrier: str, **amounts: int | None) -> str:
    """Return the link to the fee check of a carrier, with the amounts that are not None."""
    known_amounts = {name: amount for name, amount in amounts.items() if amount is not None}
    return link(f"/v1/fee-check?{urlencode({'carrier': carrier, **known_amounts})}")


def session_url(session: uuid.UUID) -> str:
    """Return the link to a checklist session."""
    return link(f"/v1/sessions/{session}")


def problem_url(code: str) -> str:
    """Return the link to the explanation of a kind of problem."""
    return link(f"/problems/{code}")
