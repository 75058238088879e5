"""Checklist sessions over HTTP."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app import clock
from app.catalogue import store as catalogue
from app.database import ReadSession, WriteSession
from app.http.cache.policy import uncacheable
from app.http.field_values import EntityTags, entity_tags
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
from app.links import absolute, procedure_url, session_url
from app.messages.loader import translate
from app.problems.base import (
    BodyTooLarge,
    InvalidRequest,
    OutcomeUnknown,
    ProblemError,
    RequestRefused,
    TooManyRequests,
    json_example,
    problem_responses,
)
from app.routes import Route, UnsupportedMediaType
from app.sessions import examples, problems, progress, renewal, store
from app.sessions.dates import timeline_of
from app.sessions.facts import applied
from app.sessions.ical import Checklist, calendar
from app.sessions.idempotency import is_unguessable
from app.sessions.schemas import (
    SessionChangeIn,
    SessionCreatedOut,
    SessionIn,
    SessionOut,
    SessionQuery,
    ShareOut,
    TickIn,
    TokenOut,
)
from app.sessions.store import SessionRequest, SessionView
from app.sessions.tokens import (
    Access,
    ReadOnly,
    Rights,
    TokenInvalid,
    TokenIssuer,
    TokenMissing,
)

router = APIRouter(
    prefix="/v1/sessions",
    tags=["sessions"],
    responses=problem_responses(catalogue.NothingPublished, TooManyRequests),
    route_class=Route,
)

READ_PROBLEMS: Final = (
    TokenMissing,
    TokenInvalid,
    problems.SessionNotFound,
    problems.SessionExpired,
)
WRITE_PROBLEMS: Final = (
    *READ_PROBLEMS,
    ReadOnly,
    problems.StaleVersion,
    problems.VersionExcluded,
    BodyTooLarge,
    OutcomeUnknown,
)
_WITH_BODY: Final = (RequestRefused, UnsupportedMediaType)
_SESSION: Final = json_example(examples.SESSION)

_NOT_MODIFIED: Final[dict[int | str, dict[str, Any]]] = {
    304: {"description": "The answer still has the ETag in If-None-Match."}
}
_CALENDAR: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {"text/calendar": {"schema": {"type": "string"}, "example": examples.CALENDAR}}
    }
}

_bearer = HTTPBearer(
    auto_error=False,
    description="The token from the answer that created or shared the session.",
)


_SessionId = Annotated[
    uuid.UUID,
    Path(description="Id of the session.", examples=["6f1f6d0e-6a0a-4f6e-9a55-3f0c8f6c2f11"]),
]
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


async def _idempotency_key(
    language: ChosenLanguage,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=200,
            description="Send the same key again after a lost answer and get the same session. A UUID or at least 22 random "
            "characters: whoever knows it within 24 hours gets the token.",
        ),
    ] = None,
) -> str | None:
    if idempotency_key is not None and not is_unguessable(idempotency_key):
        error = ProblemError(
            parameter="Idempotency-Key",
            code="too_weak",
            detail=translate("mistake.too_weak", language),
        )
        raise InvalidRequest(errors=[error])
    return idempotency_key


_MOST_CHARACTERS_OF_TAGS: Final = 1000


async def _access(
    request: Request,
    session: _SessionId,
    credentials: _Credentials,
    language: ChosenLanguage,
    if_match: Annotated[
        str | None,
        Header(
            max_length=_MOST_CHARACTERS_OF_TAGS,
            description="Only if the session still has the version of this ETag; otherwise 412.",
            examples=['"3"'],
        ),
    ] = None,
    if_none_match: Annotated[
        str | None,
        Header(
            max_length=_MOST_CHARACTERS_OF_TAGS,
            description="Only if the answer has another ETag; otherwise 304, and 412 for a change.",
            examples=['"3.1f0c2f5bb1d0a6c4"'],
        ),
    ] = None,
) -> Access:
    tokens: TokenIssuer = request.app.state.tokens
    access = tokens.open(session, credentials.credentials if credentials else None)
    if access.outdated:
        renewal.renew(request.scope, tokens.issue(session, access.rights, access.version))
    if if_match is None and if_none_match is None:
        return access
    return replace(
        access,
        if_match=_tags(request, "If-Match", language),
        if_none_match=_tags(request, "If-None-Match", language),
    )


def _tags(request: Request, name: str, language: Language) -> EntityTags | None:
    """Return the tags of a header, of all its lines; None without one."""
    lines = request.headers.getlist(name)
    tags = entity_tags(lines) if lines else None
    if lines and tags is None:
        detail = translate("mistake.no_entity_tag", language, name=name)
        raise InvalidRequest(
            errors=[ProblemError(parameter=name, code="not_an_etag", detail=detail)]
        )
    return tags


SessionAccess = Annotated[Access, Depends(_access)]


async def _requested(session: SessionIn, language: ChosenLanguage) -> SessionRequest:
    """Return what the body asks for. Facts that cannot be true together are refused here, before a writer's turn is taken."""
    facts = applied(session.facts, {}, clock.now_in_japan(), language)
    speaks = session.language or language
    return SessionRequest(session.carrier, session.procedure, speaks, facts, session.language)


RequestedSession = Annotated[SessionRequest, Depends(_requested)]
IdempotencyKey = Annotated[str | None, Depends(_idempotency_key)]
InZone = Annotated[SessionQuery, Query()]


def _headers(view: SessionView, language: Language, answer: str | bytes) -> dict[str, str]:
    return {
        "ETag": store.etag(view.row, answer),
        "Cache-Control": "no-store",
        "Content-Language": content_language(language),
    }


def _is_known(access: Access, headers: Mapping[str, str]) -> bool:
    """Return whether the client has this very answer."""
    return access.if_none_match is not None and access.if_none_match.include(headers["etag"])


def _apart_from_now(answer: str) -> str:
    """Return the answer without the moment at which it was made: it alone makes no other answer."""
    begin = answer.index(_MOMENT) + len(_MOMENT)
    return answer[:begin] + answer[answer.index('"', begin) :]


_MOMENT: Final = '"timeline":{"at":"'


def _language(query: ReadQuery, view: SessionView) -> Language:
    return query.lang or supported(view.row.language) or DEFAULT_LANGUAGE


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    responses=json_example(examples.CREATED, HTTPStatus.CREATED)
    | problem_responses(
        *_WITH_BODY,
        BodyTooLarge,
        catalogue.CarrierNotFound,
        catalogue.ProcedureNotFound,
        catalogue.ProcedureRetired,
        InvalidRequest,
        problems.IdempotencyKeyReused,
        OutcomeUnknown,
    ),
)
@uncacheable
@counted(Count.CHANGE)
def start_session(
    wanted: RequestedSession,
    request: Request,
    response: Response,
    query: InZone,
    key: IdempotencyKey,
    db: WriteSession,
) -> SessionCreatedOut:
    """Start a checklist session for a procedure of the served edition; the answer holds the token that opens it."""
    speaks = wanted.language
    view, repeated = store.start(db, wanted, key)
    tokens: TokenIssuer = request.app.state.tokens
    token = tokens.issue(view.row.id, Rights.WRITE, view.row.owner_token_version)
    created = SessionCreatedOut.created(view, *timeline_of(view, speaks, query.tz), token)
    shown = _apart_from_now(created.model_dump_json(by_alias=True, exclude={"token"}))
    response.headers.update(_headers(view, speaks, shown))
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
def get_session(access: SessionAccess, query: InZone, db: ReadSession) -> Response:
    """Return the session: steps with their states, progress, what to gather, and whether the procedure has changed."""
    answer = _answer(store.fetch(db, access), query)
    return _not_modified(answer.headers) if _is_known(access, answer.headers) else answer


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
    query: InZone,
    language: ChosenLanguage,
    db: WriteSession,
) -> Response:
    """Set or remove facts (null removes one), or change the language; what is left out stays."""
    view = store.change(
        db,
        access,
        lambda stored: applied(change.facts, stored, clock.now_in_japan(), language),
        change.language,
    )
    return _answer(view, query)


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
    query: InZone,
    db: WriteSession,
) -> Response:
    """Set the state of a step. Without `If-Match` the last one wins; a step that cannot be undone wants `acknowledge`."""
    return _answer(store.tick(db, access, key, tick.state, acknowledge=tick.acknowledge), query)


@router.post(
    "/{session}/upgrade",
    response_model=SessionOut,
    responses=_SESSION | problem_responses(*WRITE_PROBLEMS),
)
@uncacheable
@counted(Count.CHANGE)
def upgrade_session(access: SessionAccess, query: InZone, db: WriteSession) -> Response:
    """Move on to the newest revision: ticks of unchanged steps stay, those of changed ones are marked `needs_review`."""
    return _answer(store.upgrade(db, access), query)


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
    """Return a token that only reads the session, to hand on."""
    tokens: TokenIssuer = request.app.state.tokens
    response.headers["Cache-Control"] = "no-store"
    version = store.share_token_version(db, access)
    return ShareOut(token=tokens.issue(access.session, Rights.READ, version), rights="read")


@router.post(
    "/{session}/token",
    status_code=HTTPStatus.CREATED,
    responses=json_example(examples.TOKEN, HTTPStatus.CREATED)
    | problem_responses(*WRITE_PROBLEMS, problems.IdempotencyKeyReused),
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
    """Return a new token for the owner and end the present one, for example after it was shown to somebody.

    Send an Idempotency-Key: if the answer is lost, the same request with the same key gives the new token again.
    """
    row = store.replace_token(db, access, key)
    tokens: TokenIssuer = request.app.state.tokens
    response.headers.update({"Cache-Control": "no-store", "ETag": store.etag(row)})
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
    """Revoke every shared token of the session at once; the owner's stays valid."""
    response.headers["ETag"] = store.etag(store.revoke_shares(db, access))


@router.delete(
    "/{session}", status_code=HTTPStatus.NO_CONTENT, responses=problem_responses(*WRITE_PROBLEMS)
)
@uncacheable
@counted(Count.CHANGE)
def delete_session(access: SessionAccess, _query: OnlyLanguage, db: WriteSession) -> None:
    """Delete the session at once and for good; it cannot be brought back."""
    store.remove(db, access)


@router.get(
    "/{session}/calendar.ics",
    response_class=Response,
    responses=_CALENDAR | _NOT_MODIFIED | problem_responses(*READ_PROBLEMS, problems.StaleVersion),
)
@uncacheable
@counted(Count.COMPUTATION)
def get_calendar(access: SessionAccess, query: InZone, db: ReadSession) -> Response:
    """Return the session as an iCalendar file: what is left to do, and the dates that are known, with alarms."""
    view = store.fetch(db, access)
    language = _language(query, view)
    left = [
        step.title[language] for step in progress.unfinished(view.content.steps, view.row.ticks)
    ]
    dates, presenter = timeline_of(view, language, query.tz)
    checklist = Checklist(
        session=view.row.id,
        title=view.content.procedure.title[language],
        open_steps=left,
        timeline=dates,
        url=absolute(procedure_url(view.content.carrier, view.content.slug)),
        changed_at=view.row.changed_at,
        version=view.row.version,
    )
    content = calendar(checklist, presenter)
    answer = Response(
        content, media_type="text/calendar", headers=_headers(view, language, content)
    )
    return _not_modified(answer.headers) if _is_known(access, answer.headers) else answer


def _answer(view: SessionView, query: SessionQuery) -> Response:
    """Return the session as bytes ready to send: FastAPI would change threads once more for that, while others wait to write."""
    language = _language(query, view)
    out = SessionOut.of(view, *timeline_of(view, language, query.tz))
    content = out.model_dump_json(by_alias=True)
    headers = _headers(view, language, _apart_from_now(content))
    return Response(content, media_type="application/json", headers=headers)


def _not_modified(headers: Mapping[str, str]) -> Response:
    kept = {name: headers[name] for name in ("etag", "cache-control", "content-language")}
    return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept)
