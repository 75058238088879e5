"""Checklist sessions over HTTP."""

from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response

from app import clock
from app.catalogue.problems import (
    CarrierNotFound,
    CarrierRetired,
    NothingPublished,
    ProcedureNotFound,
    ProcedureRetired,
)
from app.database import ReadSession, WriteSession
from app.http.cache.policy import uncacheable
from app.http.rate_limit.policy import Count, counted
from app.i18n import (
    DEFAULT_LANGUAGE,
    ChosenLanguage,
    Language,
    OnlyLanguage,
    ReadQuery,
    content_language,
    supported,
)
from app.links import session_url
from app.problems.base import (
    BodyTooLarge,
    InvalidRequest,
    OutcomeUnknown,
    RequestRefused,
    TooManyRequests,
    json_example,
    problem_responses,
)
from app.routes import Route, UnsupportedMediaType
from app.sessions import examples, problems, store
from app.sessions.dates import timeline_of
from app.sessions.dependencies import (
    IdempotencyKey,
    RequestedSession,
    SessionAccess,
    SessionZone,
    token_issuer,
)
from app.sessions.facts import change_facts
from app.sessions.ical import calendar
from app.sessions.preconditions import etag
from app.sessions.schemas import (
    SessionChangeIn,
    SessionCreatedOut,
    SessionOut,
    SessionQuery,
    ShareOut,
    TickIn,
    TokenOut,
)
from app.sessions.store import SessionView
from app.sessions.tokens import Access, Rights
from app.timeline.ical import without_stamps

router = APIRouter(
    prefix="/v1/sessions",
    tags=["sessions"],
    responses=problem_responses(NothingPublished, TooManyRequests),
    route_class=Route,
)

READ_PROBLEMS: Final = (
    problems.TokenMissing,
    problems.TokenInvalid,
    problems.SessionNotFound,
    problems.SessionExpired,
)
WRITE_PROBLEMS: Final = (
    *READ_PROBLEMS,
    problems.ReadOnly,
    problems.StaleVersion,
    problems.VersionExcluded,
    BodyTooLarge,
    OutcomeUnknown,
)
_WITH_BODY: Final = (RequestRefused, UnsupportedMediaType)
_SESSION: Final = json_example(examples.SESSION)

_NOT_MODIFIED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "The response still has the ETag in If-None-Match."}
}
_CALENDAR: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {"text/calendar": {"schema": {"type": "string"}, "example": examples.CALENDAR}}
    }
}


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=json_example(examples.CREATED, HTTPStatus.CREATED)
    | problem_responses(
        *_WITH_BODY,
        BodyTooLarge,
        CarrierNotFound,
        CarrierRetired,
        ProcedureNotFound,
        ProcedureRetired,
        InvalidRequest,
        problems.IdempotencyKeyReused,
        OutcomeUnknown,
    ),
)
@uncacheable
@counted(Count.CHANGE)
def start_session(
    requested: RequestedSession,
    request: Request,
    response: Response,
    query: SessionZone,
    key: IdempotencyKey,
    db: WriteSession,
) -> SessionCreatedOut:
    """Start a checklist session for a procedure. The response contains the session's token."""
    language = requested.language
    view, repeated = store.start(db, requested, key)
    token = token_issuer(request).issue(view.row.id, Rights.WRITE, view.row.owner_token_version)
    created = SessionCreatedOut.created(view, *timeline_of(view, language, query.tz), token)
    content = created.model_dump_json(by_alias=True, exclude={"token"})
    response.headers.update(_headers(view, language, _without_instant(content)))
    response.headers["Location"] = session_url(view.row.id)
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return created


@router.get(
    "/{session}",
    response_model=SessionOut,
    responses=_SESSION | _NOT_MODIFIED | problem_responses(*READ_PROBLEMS, problems.StaleVersion),
)
@uncacheable
@counted(Count.COMPUTATION)
def get_session(access: SessionAccess, query: SessionZone, db: ReadSession) -> Response:
    """Return the session: steps and their states, progress, needs, dates, and available updates."""
    return _or_not_modified(access, _response(store.fetch(db, access), query))


@router.patch(
    "/{session}",
    response_model=SessionOut,
    responses=_SESSION | problem_responses(*WRITE_PROBLEMS, *_WITH_BODY),
)
@uncacheable
@counted(Count.CHANGE)
def change_session(
    change: SessionChangeIn,
    access: SessionAccess,
    query: SessionZone,
    language: ChosenLanguage,
    db: WriteSession,
) -> Response:
    """Set facts, remove facts with null, or change the language. Omitted fields stay unchanged."""
    view = store.change(
        db,
        access,
        lambda stored: change_facts(change.facts, stored, clock.now_in_japan(), language),
        change.language,
    )
    return _response(view, query)


@router.patch(
    "/{session}/steps/{key}",
    response_model=SessionOut,
    responses=_SESSION
    | problem_responses(*WRITE_PROBLEMS, *_WITH_BODY, problems.StepNotFound, problems.StepGated),
)
@uncacheable
@counted(Count.CHANGE)
def set_step_state(
    tick: TickIn,
    access: SessionAccess,
    key: Annotated[
        str, Path(max_length=64, description="Key of the step.", examples=["cancel-options"])
    ],
    query: SessionZone,
    db: WriteSession,
) -> Response:
    """Set the state of a step.

    Without `If-Match`, the last change wins. If the step cannot be undone or requires open steps,
    `done` needs `acknowledge`.
    """
    return _response(store.tick(db, access, key, tick.state, acknowledge=tick.acknowledge), query)


@router.post(
    "/{session}/upgrade",
    response_model=SessionOut,
    responses=_SESSION | problem_responses(*WRITE_PROBLEMS),
)
@uncacheable
@counted(Count.CHANGE)
def upgrade_session(access: SessionAccess, query: SessionZone, db: WriteSession) -> Response:
    """Move the session to the newest revision of the procedure.

    Steps keep their states. Changed steps are marked `needs_review`.
    """
    return _response(store.upgrade(db, access), query)


@router.post(
    "/{session}/shares",
    status_code=HTTPStatus.CREATED,
    responses=json_example(examples.SHARE, HTTPStatus.CREATED) | problem_responses(*WRITE_PROBLEMS),
)
@uncacheable
@counted(Count.CHANGE)
def share_session(
    access: SessionAccess,
    request: Request,
    response: Response,
    _query: OnlyLanguage,
    db: WriteSession,
) -> ShareOut:
    """Return a token that can only read the session, to give to somebody else."""
    tokens = token_issuer(request)
    response.headers["Cache-Control"] = "no-store"
    version = store.share_token_version(db, access)
    return ShareOut(token=tokens.issue(access.session, Rights.READ, version), rights="read")


@router.post(
    "/{session}/token",
    status_code=HTTPStatus.CREATED,
    responses=json_example(examples.TOKEN, HTTPStatus.CREATED)
    | problem_responses(*WRITE_PROBLEMS, InvalidRequest, problems.IdempotencyKeyReused),
)
@uncacheable
@counted(Count.CHANGE)
def replace_token(
    access: SessionAccess,
    key: IdempotencyKey,
    request: Request,
    response: Response,
    _query: OnlyLanguage,
    db: WriteSession,
) -> TokenOut:
    """Return a new owner's token and invalidate the current one, for example after a leak.

    Send an Idempotency-Key: if the response is lost, repeat the request with the same key and the
    old token to get the new token again.
    """
    row = store.replace_token(db, access, key)
    tokens = token_issuer(request)
    response.headers.update({"Cache-Control": "no-store", "ETag": etag(row.version)})
    return TokenOut(
        token=tokens.issue(row.id, Rights.WRITE, row.owner_token_version), rights="write"
    )


@router.delete(
    "/{session}/shares",
    status_code=HTTPStatus.NO_CONTENT,
    responses=problem_responses(*WRITE_PROBLEMS),
)
@uncacheable
@counted(Count.CHANGE)
def revoke_shares(
    access: SessionAccess, response: Response, _query: OnlyLanguage, db: WriteSession
) -> None:
    """Revoke all shared tokens of the session; the owner's token stays valid."""
    response.headers["ETag"] = etag(store.revoke_shares(db, access).version)


@router.delete(
    "/{session}", status_code=HTTPStatus.NO_CONTENT, responses=problem_responses(*WRITE_PROBLEMS)
)
@uncacheable
@counted(Count.CHANGE)
def delete_session(access: SessionAccess, _query: OnlyLanguage, db: WriteSession) -> None:
    """Delete the session at once. It cannot be restored."""
    store.remove(db, access)


@router.get(
    "/{session}/calendar.ics",
    response_class=Response,
    responses=_CALENDAR | _NOT_MODIFIED | problem_responses(*READ_PROBLEMS, problems.StaleVersion),
)
@uncacheable
@counted(Count.COMPUTATION)
def get_calendar(access: SessionAccess, query: SessionZone, db: ReadSession) -> Response:
    """Return the session as an iCalendar file: the open steps, and the known dates with alarms."""
    view = store.fetch(db, access)
    language = _language(query, view)
    content = calendar(view, *timeline_of(view, language, query.tz))
    headers = _headers(view, language, without_stamps(content))
    response = Response(content, media_type="text/calendar", headers=headers)
    return _or_not_modified(access, response)


def _language(query: ReadQuery, view: SessionView) -> Language:
    return query.lang or supported(view.row.language) or DEFAULT_LANGUAGE


def _headers(view: SessionView, language: Language, content: str | bytes) -> dict[str, str]:
    return {
        "ETag": etag(view.row.version, content),
        "Cache-Control": "no-store",
        "Content-Language": content_language(language),
    }


_BEFORE_INSTANT: Final = '"timeline":{"at":"'


def _without_instant(content: str) -> str:
    """Return the JSON without the instant of the timeline, which would change every ETag."""
    start = content.index(_BEFORE_INSTANT) + len(_BEFORE_INSTANT)
    return content[:start] + content[content.index('"', start) :]


def _response(view: SessionView, query: SessionQuery) -> Response:
    """Return the session as a response that is ready to send.

    FastAPI would change threads again to serialise it, while other requests wait to write.
    """
    language = _language(query, view)
    content = SessionOut.of(view, *timeline_of(view, language, query.tz)).model_dump_json(
        by_alias=True
    )
    headers = _headers(view, language, _without_instant(content))
    return Response(content, media_type="application/json", headers=headers)


def _or_not_modified(access: Access, response: Response) -> Response:
    """Return the response, or a 304 if the client already has it."""
    if not access.preconditions.has_response(response.headers["etag"]):
        return response
    headers = {
        name: response.headers[name] for name in ("etag", "cache-control", "content-language")
    }
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
