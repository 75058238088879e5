"""Whether the service lives, and whether it can answer."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from app.catalogue import store
from app.database import ReadSession
from app.problems import answers

router = APIRouter(tags=["operation"])


class Healthy(BaseModel):
    """The process answers."""

    status: Literal["ok"]


class Ready(BaseModel):
    """The database answers and an edition is served."""

    status: Literal["ready"]
    edition: int


@router.get("/healthz")
async def get_health() -> Healthy:
    """Return 200 while the process answers; asks nothing of the database."""
    return Healthy(status="ok")


@router.get("/readyz", responses=answers(store.NothingPublished))
def get_readiness(db: ReadSession) -> Ready:
    """Return 200 when the database answers and an edition is served, 503 otherwise."""
    return Ready(status="ready", edition=store.edition(db).number)
