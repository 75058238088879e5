"""Calendar feeds over HTTP: owners create and revoke them, calendar apps read them."""

import uuid
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response

from app.catalogue.problems import NothingPublished
from app.database import ReadSession, WriteSession
from app.feeds import examples, store
from app.feeds.ical import feed_file, feed_language
from app.feeds.problems import FeedNotFound, TooManyFeeds
from app.feeds.schemas import FeedCreatedOut, FeedOut, FeedsOut
from app.http.cache.policy import uncacheable
from app.http.field_values import entity_tags
from app.http.rate_limit.policy import Count, counted
from app.i18n import OnlyLanguage, content_language
from app.links import absolute, link, session_url
from app.problems.base import TooManyRequests, json_example, problem_responses
from app.routes import NoQuery, Route
from app.sessions.dependencies import SessionAccess, SessionZone
from app.sessions.router import READ_PROBLEMS, WRITE_PROBLEMS

router = APIRouter(
    prefix="/v1",
    tags=["feeds"],
    responses=problem_responses(NothingPublished, TooManyRequests),
    route_class=Route,
)

_CALENDAR: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {"text/calendar": {"schema": {"type": "string"}, "example": examples.CALENDAR}}
    },
    304: {"description": "The calendar has not changed since the ETag in If-None-Match."},
}


_FeedId = Annotated[
    uuid.UUID,
    Path(description="Id of the feed.", examples=["0d9d6a52-54a7-4c5e-8b1b-3a3f6f0e5f10"]),
]


@router.post(
    "/sessions/{session}/feeds",
    status_code=HTTPStatus.CREATED,
    responses=json_example(examples.CREATED, HTTPStatus.CREATED)
    | problem_responses(*WRITE_PROBLEMS, TooManyFeeds),
)
@uncacheable
@counted(Count.CHANGE)
def create_feed(
    access: SessionAccess, query: SessionZone, db: WriteSession, response: Response
) -> FeedCreatedOut:
    """Create a calendar feed: a URL that calendar apps can subscribe to without a token.

    The feed shows dates and step titles, in the language and zone of this request. A session can
    have five feeds. Replacing the owner's token ends all feeds of the session.
    """
    feed, address = store.create(db, access, query.lang, query.tz)
    response.headers["Location"] = f"{session_url(access.session)}/feeds/{feed.id}"
    response.headers["Cache-Control"] = "no-store"
    url = link(f"/v1/feeds/{address}")
    return FeedCreatedOut.created(feed, absolute(url) or url)


@router.get(
    "/sessions/{session}/feeds",
    responses=json_example(examples.FEEDS) | problem_responses(*READ_PROBLEMS),
)
@uncacheable
@counted(Count.COMPUTATION)
def list_feeds(
    access: SessionAccess, _query: OnlyLanguage, db: ReadSession, response: Response
) -> FeedsOut:
    """Return the calendar feeds of the session, without their URLs."""
    response.headers["Cache-Control"] = "no-store"
    feeds = store.feeds(db, access)
    return FeedsOut(items=[FeedOut.of(feed) for feed in feeds], most=store.MOST_FEEDS)


@router.delete(
    "/sessions/{session}/feeds/{feed}",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problem_responses(*WRITE_PROBLEMS, FeedNotFound),
)
@uncacheable
@counted(Count.CHANGE)
def revoke_feed(
    access: SessionAccess, feed: _FeedId, _query: OnlyLanguage, db: WriteSession
) -> None:
    """Revoke a calendar feed. Its URL returns 404 from then on."""
    store.revoke(db, access, feed)


@router.get(
    "/feeds/{address}",
    response_class=Response,
    responses=_CALENDAR | problem_responses(FeedNotFound),
)
@uncacheable
@counted(Count.PATH)
def read_feed(
    request: Request,
    address: Annotated[
        str,
        Path(
            description="The secret part of the feed's URL: 43 characters and `.ics`.",
            examples=[f"{'A' * 43}.ics"],
        ),
    ],
    _query: Annotated[NoQuery, Query()],
    db: ReadSession,
) -> Response:
    """Return the session's dates as an iCalendar file (RFC 5545), for calendar apps."""
    feed, view = store.read(db, address)
    content, etag = feed_file(feed, view)
    headers = {
        "ETag": etag,
        "Cache-Control": "private, max-age=3600",
        "Content-Language": content_language(feed_language(feed)),
    }
    known = entity_tags(request.headers.getlist("if-none-match"))
    if known is not None and known.include(etag.removeprefix("W/")):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)
