"""Opaque cursors: where the next page of a list begins."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from pydantic import Field, TypeAdapter

from app.i18n import Language, ReadQuery
from app.links import link
from app.problems.base import Problem

Key = TypeVar("Key", bound=Sequence[int | str])


class PageQuery(ReadQuery):
    """The query of every list."""

    limit: int = Field(default=50, ge=1, le=200, description="Maximum number of items on a page.")
    cursor: str | None = Field(
        default=None,
        max_length=500,
        description="Where the page begins: the cursor in `next` of the previous page, unchanged.",
    )


class BadCursor(Problem):
    """The cursor is malformed, or belongs to another list or other filters; omit it to restart."""

    slug = "bad-cursor"
    status = HTTPStatus.BAD_REQUEST


_CONTENT = TypeAdapter(tuple[str, list[int | str]])


def _fingerprint(path: str, filters: Mapping[str, Any]) -> str:
    """Return a hash of the list and its filters: a cursor is valid only with the same hash."""
    return hashlib.sha256(json.dumps([path, filters], sort_keys=True).encode()).hexdigest()[:12]


def _filters(query: PageQuery) -> dict[str, Any]:
    """Return the parameters that decide which items the list has, and in which order."""
    return query.model_dump(mode="json", exclude={"cursor", "limit", "lang"}, exclude_none=True)


def read_cursor(path: str, query: PageQuery, key: TypeAdapter[Key]) -> Key | None:
    """Return the sort key in the query's cursor, or None without a cursor.

    It is the key of the last item on the previous page. Unlike an offset, it neither skips nor
    repeats items when others are added or removed. Raises `BadCursor`.
    """
    if query.cursor is None:
        return None
    try:
        content = json.loads(base64.b64decode(query.cursor.encode(), altchars=b"-_", validate=True))
        fingerprint, last_key = _CONTENT.validate_python(content)
        position = key.validate_python(last_key)
    except ValueError:  # the base class of the errors of pydantic, base64 and json
        raise BadCursor from None
    if fingerprint != _fingerprint(path, _filters(query)):
        raise BadCursor
    return position


def next_page(
    path: str, query: PageQuery, language: Language, last_key: Sequence[int | str]
) -> str:
    """Return the link to the page that follows the item with this sort key, in the language."""
    content = [_fingerprint(path, _filters(query)), list(last_key)]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    cursor = base64.urlsafe_b64encode(text.encode()).decode()
    parameters = query.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return f"{link(path)}?{urlencode(parameters | {'lang': language, 'cursor': cursor})}"
