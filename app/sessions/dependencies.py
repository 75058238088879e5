"""Dependencies of the session routes: access, the idempotency key, and a new session's request."""

import uuid
from dataclasses import replace
from typing import Annotated, Final

from fastapi import Depends, Header, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app import clock
from app.http.field_values import EntityTags, entity_tags
from app.i18n import ChosenLanguage, Language
from app.messages.loader import translate
from app.problems.base import InvalidRequest, ProblemError
from app.sessions import token_renewal
from app.sessions.facts import change_facts
from app.sessions.idempotency import is_unguessable
from app.sessions.preconditions import Preconditions
from app.sessions.schemas import SessionIn, SessionQuery
from app.sessions.store import SessionRequest
from app.sessions.tokens import Access, TokenIssuer

SessionZone = Annotated[SessionQuery, Query()]
"""The query of a session: its language and the reader's zone."""

_bearer = HTTPBearer(
    auto_error=False,
    description="The token from the response that created or shared the session.",
)

_SessionId = Annotated[
    uuid.UUID,
    Path(description="Id of the session.", examples=["6f1f6d0e-6a0a-4f6e-9a55-3f0c8f6c2f11"]),
]
_Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]

_LONGEST_TAGS: Final = 1000
"""The most characters of If-Match or If-None-Match."""


def token_issuer(request: Request) -> TokenIssuer:
    """Return the token issuer of the service."""
    tokens: TokenIssuer = request.app.state.tokens
    return tokens


async def _access(
    request: Request,
    session: _SessionId,
    credentials: _Credentials,
    language: ChosenLanguage,
    if_match: Annotated[
        str | None,
        Header(
            max_length=_LONGEST_TAGS,
            description="Process the request only if the session still has the version of this "
            "ETag; otherwise 412.",
            examples=['"3"'],
        ),
    ] = None,
    if_none_match: Annotated[
        str | None,
        Header(
            max_length=_LONGEST_TAGS,
            description="Process the request only if the response has another ETag; otherwise 304, "
            "or 412 for a change.",
            examples=['"3.1f0c2f5bb1d0a6c4"'],
        ),
    ] = None,
) -> Access:
    """Return what the request's token allows, with the request's preconditions.

    Raises `TokenMissing`, `TokenInvalid`, or `InvalidRequest` for a malformed entity tag.
    """
    tokens = token_issuer(request)
    access = tokens.open(session, credentials.credentials if credentials else None)
    if access.outdated:
        token_renewal.renew(request.scope, tokens.issue(session, access.rights, access.version))
    if if_match is None and if_none_match is None:
        return access
    preconditions = Preconditions(
        if_match=_tags(request, "If-Match", language),
        if_none_match=_tags(request, "If-None-Match", language),
    )
    return replace(access, preconditions=preconditions)


def _tags(request: Request, name: str, language: Language) -> EntityTags | None:
    """Return the entity tags of a header, from all its lines; None if the request has none.

    Raises `InvalidRequest` if a line is malformed.
    """
    lines = request.headers.getlist(name)
    tags = entity_tags(lines) if lines else None
    if lines and tags is None:
        detail = translate("mistake.no_entity_tag", language, name=name)
        raise InvalidRequest(
            errors=[ProblemError(parameter=name, code="not_an_etag", detail=detail)]
        )
    return tags


async def _idempotency_key(
    language: ChosenLanguage,
    idempotency_key: Annotated[
        str | None,
        Header(
            max_length=200,
            description="If a response is lost, repeat the request with the same key within 24 "
            "hours to get the same result. Use a random UUID or at least 22 random characters: "
            "anyone who knows the key can get the token.",
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


async def _session_request(session: SessionIn, language: ChosenLanguage) -> SessionRequest:
    """Return the request for a session that the body describes.

    Raises `InvalidRequest` for contradictory facts: here, so that it does not wait for the write
    lock first.
    """
    facts = change_facts(session.facts, {}, clock.now_in_japan(), language)
    return SessionRequest(
        session.carrier,
        session.procedure,
        session.language or language,
        facts,
        session.language,
    )


SessionAccess = Annotated[Access, Depends(_access)]
IdempotencyKey = Annotated[str | None, Depends(_idempotency_key)]
RequestedSession = Annotated[SessionRequest, Depends(_session_request)]
