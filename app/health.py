"""Whether the service lives, and whether it can answer."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict

from app.catalogue import store
from app.database import ReadSession
from app.delivery import metrics
from app.problems import answers, good
from app.routes import Route

router = APIRouter(tags=["operation"], route_class=Route)


class NoQuery(BaseModel):
    """No query at all."""

    model_config = ConfigDict(extra="forbid")


class Healthy(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """The database answers and an edition is served."""

    status: Literal["ready"]
    edition: int


@router.get("/healthz", responses=good({"status": "ok"}))
async def get_health(_query: Annotated[NoQuery, Query()]) -> Healthy:
    """Return 200 while the process answers; asks nothing of the database."""
    return Healthy(status="ok")


@router.get("/readyz", responses=good({"status": "ready", "edition": 1}) | answers(store.NothingPublished))
def get_readiness(_query: Annotated[NoQuery, Query()], db: ReadSession) -> Ready:
    """Return 200 when the database answers and an edition is served, 503 otherwise."""
    return Ready(status="ready", edition=store.edition(db).number)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {metrics.MEDIA_TYPE: {"schema": {"type": "string"}, "example": "kaiyaku_cache_hits_total 1.0"}}}},
)
def get_metrics(request: Request, _query: Annotated[NoQuery, Query()]) -> Response:
    """Return what this process counts, in Prometheus' text format: requests by route, and the response cache."""
    counted: metrics.Metrics = request.app.state.metrics
    return Response(counted.text(), media_type=metrics.MEDIA_TYPE, headers={"Cache-Control": "no-store"})
