"""Composes the service from its packages. Only this module imports all of them."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Scope

from app import clock, health, log
from app.catalogue import router as catalogue
from app.catalogue.store import newest_edition
from app.contacts import router as contacts
from app.database import Database, TimeLimits
from app.docs_pages import router as docs_pages
from app.docs_pages.prefill import prefill
from app.feeds import router as feeds
from app.fees import router as fees
from app.guide import router as guide
from app.http import header_limit
from app.http.body_limit import BodyLimitMiddleware
from app.http.cache.middleware import ResponseCacheMiddleware
from app.http.cache.policy import CacheRules, cacheable
from app.http.cache.watcher import EditionWatcher
from app.http.cors import CorsMiddleware
from app.http.header_limit import HeaderLimitMiddleware
from app.http.headers import (
    API_POLICY,
    PAGE_POLICY,
    ContentLocationMiddleware,
    SecurityHeadersMiddleware,
)
from app.http.metrics import Metrics
from app.http.public_path import PublicLinksMiddleware, PublicPathMiddleware, RootPathMiddleware
from app.http.rate_limit.clients import Clients
from app.http.rate_limit.middleware import RateLimitMiddleware
from app.http.rate_limit.policy import Count, counted
from app.http.rate_limit.quotas import quotas
from app.http.request_log import RequestLogMiddleware
from app.http.route_policies import RoutePolicies
from app.i18n import language_of
from app.identify import router as identify
from app.links import link
from app.problems import handlers, validation
from app.problems import router as explanations
from app.problems.base import (
    BodyTooLarge,
    HeadersTooLarge,
    InternalError,
    InvalidRequest,
    ProblemOut,
    TooManyRequests,
    Unavailable,
    problem_response,
    problem_responses,
)
from app.sessions import router as sessions
from app.sessions.purge import PurgeRefusedError, purge
from app.sessions.token_renewal import RenewedTokenMiddleware
from app.sessions.tokens import TokenIssuer
from app.settings import Settings
from app.timeline import router as timeline
from app.web.problem_pages import ProblemPagesMiddleware
from app.web.router import site_router

LARGEST_BODY: Final = 16 * 1024
"""Bytes of a request body."""

_log: Final = structlog.get_logger(__name__)

_TAGS: Final = [
    {"name": "service", "description": "The index of the API, and its problems."},
    {
        "name": "carriers",
        "description": "The companies that sell SIM, eSIM and pocket WiFi contracts.",
    },
    {
        "name": "procedures",
        "description": "How to reach a goal with a carrier: steps, deadlines, fees, sources.",
    },
    {
        "name": "sessions",
        "description": "A person's checklist: progress and dates. It needs a token, not an "
        "account.",
    },
    {
        "name": "guide",
        "description": "Which procedure fits a situation, and which question to ask next.",
    },
    {
        "name": "timeline",
        "description": "The dates that follow from a procedure's rules and a person's facts.",
    },
    {
        "name": "feeds",
        "description": "Addresses that calendar apps subscribe to; each shows one session's dates.",
    },
    {"name": "contacts", "description": "Which contacts are open now, and when the others open."},
    {"name": "fees", "description": "Which legal cap applies to an early cancellation fee."},
    {"name": "identify", "description": "Which company a SIM can be from, given clues."},
    {
        "name": "vocabulary",
        "description": "The codes the API uses, and advice that applies to any carrier.",
    },
    {"name": "operation", "description": "Liveness, readiness and metrics."},
]

_LICENSE: Final = {
    "name": "Code: Apache License 2.0. Content: Creative Commons Attribution 4.0.",
    "identifier": "Apache-2.0 AND CC-BY-4.0",
}

_DESCRIPTION: Final = Path(__file__).parent / "description.md"
"""The description of the API in the contract."""


def create_app(settings: Settings) -> ASGIApp:
    """Return the whole service: the API behind its middleware (docs/decisions/0003)."""
    log.configure(settings.log_level)
    api = create_api(settings)
    service: ASGIApp = RenewedTokenMiddleware(RootPathMiddleware(api, settings.public_path))
    service = BodyLimitMiddleware(service, LARGEST_BODY, _too_large)
    policies: RoutePolicies = api.state.policies
    quota = quotas(policies.of, settings.changes_per_minute, settings.computations_per_minute)
    clients = Clients(settings.trusted_proxies, settings.secrets()[0])
    rates = RateLimitMiddleware(service, quota, clients, settings.rate_store, _too_many)
    api.state.rates = rates
    service = ContentLocationMiddleware(rates, link)
    service = HeaderLimitMiddleware(service, header_limit.MOST_BYTES, _headers_too_large)
    service = CorsMiddleware(ProblemPagesMiddleware(service))
    service = SecurityHeadersMiddleware(
        service, lambda path: PAGE_POLICY if path in docs_pages.PAGES else API_POLICY
    )
    service = RequestLogMiddleware(service, api.state.metrics, _failed)
    service = PublicLinksMiddleware(service, settings.public_url)
    # A cache hit passes no other middleware. When it was stored, the response passed all of them.
    rules = CacheRules(lambda path: policies.of(path).cache)
    cache = ResponseCacheMiddleware(service, rules, settings.cache_bytes)
    watcher = EditionWatcher(cache)
    api.state.watcher = watcher
    api.state.metrics.watch(watcher)
    return PublicPathMiddleware(cache, settings.public_path)


def from_environment() -> ASGIApp:
    """Return the service with the settings of the environment; uvicorn calls this per worker."""
    # Starting makes hardly any garbage, and a full collection takes 90 ms. `_enable_collection`
    # turns the collector on again.
    gc.disable()
    settings = Settings()
    log.configure_process(settings.log_level)
    return create_app(settings)


def create_api(settings: Settings) -> FastAPI:
    """Return the API without its middleware. Nothing is opened before it starts."""
    limits = TimeLimits(
        request=settings.database_timeout,
        statement=settings.database_statement_timeout,
        lock=settings.database_lock_timeout,
    )
    database = Database(
        settings.database_url,
        pool_size=settings.database_pool,
        limits=limits,
        prepared=settings.database_prepared,
    )

    @asynccontextmanager
    async def lifespan(_api: FastAPI) -> AsyncIterator[None]:
        watcher: EditionWatcher | None = getattr(api.state, "watcher", None)
        tasks = [asyncio.create_task(_purge_regularly(database))]
        if watcher is not None:
            tasks.append(asyncio.create_task(watcher.watch(partial(_served_edition, database))))
        _enable_collection()
        yield
        for task in tasks:
            task.cancel()
        rates: RateLimitMiddleware | None = getattr(api.state, "rates", None)
        if rates is not None:
            await rates.close()
        database.close()

    api = FastAPI(
        title="Kaiyaku",
        summary="How to end a Japanese SIM, eSIM or pocket WiFi contract.",
        description=_DESCRIPTION.read_text(encoding="utf-8"),
        version=version("kaiyaku"),
        license_info=_LICENSE,
        openapi_tags=_TAGS,
        lifespan=lifespan,
        docs_url=None,  # app.docs_pages serves these pages, without assets of another host
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        responses=problem_responses(InvalidRequest, InternalError, Unavailable),
    )
    api.state.database = database
    api.state.readiness = health.Readiness(database, settings.database_timeout)
    api.state.metrics = Metrics()
    api.state.tokens = TokenIssuer(settings.secrets())
    # Routes are tried in order. Those that are never cached come first, because the router sees
    # each of their requests.
    api.include_router(sessions.router)
    for package in (feeds, guide, timeline, contacts, fees, identify):
        api.include_router(package.router)
    api.include_router(catalogue.router)
    api.include_router(health.router)
    api.include_router(explanations.router)
    api.include_router(site_router(settings, clock.utc_now()))
    api.include_router(docs_pages.create_router())
    _declare_policies_of_contract(api)
    api.state.policies = RoutePolicies(iter_route_contexts(api.routes))
    handlers.install(api)
    validation.install(api)
    # FastAPI's documented way to extend the contract.
    api.openapi = lambda: _contract(api)  # type: ignore[method-assign]
    return api


def _declare_policies_of_contract(api: FastAPI) -> None:
    """Declare the policies of `/openapi.json`, a route that FastAPI adds."""
    for route in iter_route_contexts(api.routes):
        if route.path == api.openapi_url and route.endpoint is not None:
            cacheable(one_document=True)(counted(Count.REFUSAL)(route.endpoint))


def _enable_collection() -> None:
    """Turn garbage collection on, and exclude the objects that exist now from it.

    They live as long as the process. With them a full collection stops all requests for 90 ms,
    without them for a few milliseconds. Does nothing unless `from_environment` has turned the
    collector off: a process that does more than serve, such as that of the tests, keeps its state.
    """
    if gc.isenabled():
        return
    gc.freeze()
    gc.enable()


async def _purge_regularly(database: Database) -> None:
    """Delete expired sessions every hour. A failure is logged and tried again an hour later."""
    while True:
        await asyncio.sleep(3600)
        try:
            async with database.writing(limited=False) as session:
                await asyncio.to_thread(purge, session, clock.utc_now())
        except PurgeRefusedError as error:
            _log.warning(
                "purge refused",
                reason=str(error),
                advice="check the clock; if it is right, run kaiyaku purge --force",
            )
        except SQLAlchemyError as error:
            _log.warning("purge failed", error=type(error).__name__)


def _failed(scope: Scope) -> ASGIApp:
    return problem_response(InternalError(), language_of(Request(scope)))


def _too_large(scope: Scope, limit: int) -> ASGIApp:
    return problem_response(BodyTooLarge(limit=limit), language_of(Request(scope)))


def _headers_too_large(scope: Scope, limit: int) -> ASGIApp:
    return problem_response(HeadersTooLarge(limit=limit), language_of(Request(scope)))


def _too_many(scope: Scope, seconds: int) -> ASGIApp:
    problem = TooManyRequests(seconds=seconds, headers={"Retry-After": str(seconds)})
    return problem_response(problem, language_of(Request(scope)))


def _served_edition(database: Database) -> object:
    with database.read() as session:
        return newest_edition(session)


def _contract(api: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI document, including the schema of problem documents."""
    if api.openapi_schema is None:
        schema = get_openapi(
            title=api.title,
            version=api.version,
            summary=api.summary,
            description=api.description,
            license_info=api.license_info,
            tags=api.openapi_tags,
            routes=api.routes,
        )
        problem = ProblemOut.model_json_schema(
            ref_template="#/components/schemas/{model}", mode="serialization"
        )
        schema["components"]["schemas"] |= problem.pop("$defs", {}) | {"ProblemOut": problem}
        prefill(schema)
        api.openapi_schema = schema
    return api.openapi_schema
