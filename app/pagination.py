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

    limit: int = Field(default=50, ge=1, le=200, description="Items on a page.")
    cursor: str | None = Field(
        default=None,
        max_length=500,
        description="Where the page begins: taken from `next` of the page before, never made up.",
    )


class BadCursor(Problem):
    """The cursor is not one of this list with these filters; begin again without it."""

    slug = "bad-cursor"
    status = HTTPStatus.BAD_REQUEST


_CONTENT = TypeAdapter(tuple[str, list[int | str]])


def _list(path: str, filters: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps([path, filters], sort_keys=True).encode()).hexdigest()[:12]


def _filters(query: PageQuery) -> dict[str, Any]:
    """Return what decides which items are in the list, and in which order."""
    return query.model_dump(mode="json", exclude={"cursor", "limit", "lang"}, exclude_none=True)


def position(path: str, query: PageQuery, key: TypeAdapter[Key]) -> Key | None:
    """Return the sort key that the query's cursor stands for, none without one; raise `BadCursor` when it is of another list.

    The key is that of the last item seen, not a count, so pages stay right while items come and go.
    """
    if query.cursor is None:
        return None
    try:
        content = json.loads(base64.b64decode(query.cursor.encode(), altchars=b"-_", validate=True))
        of_list, last = _CONTENT.validate_python(content)
        after = key.validate_python(last)
    except ValueError:  # pydantic's, base64's and json's errors are all of this kind
        raise BadCursor from None
    if of_list != _list(path, _filters(query)):
        raise BadCursor
    return after


def next_page(path: str, query: PageQuery, language: Language, last: Sequence[int | str]) -> str:
    """Return the address of the page that begins after the item with this sort key, in the same language."""
    content = json.dumps(
        [_list(path, _filters(query)), list(last)], ensure_ascii=False, separators=(",", ":")
    )
    cursor = base64.urlsafe_b64encode(content.encode()).decode()
    given = query.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return f"{link(path)}?{urlencode(given | {'lang': language, 'cursor': cursor})}"
