"""The service as a textbook writes it: FastAPI, SQLModel, one database session per request.

It is the baseline of the benchmarks. Nothing in it is slow on purpose, and nothing is cached
between requests.
"""

import os
import secrets
import uuid
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel
from sqlalchemy import JSON
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select

from app.catalogue.authoring.loader import Catalogue


class NaiveCarrier(SQLModel, table=True):
    """A carrier."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True, index=True)
    name: dict[str, str] = Field(sa_type=JSON)
    procedures: list["NaiveProcedure"] = Relationship(back_populates="carrier")


class NaiveProcedure(SQLModel, table=True):
    """A procedure. Fields that no query uses are in one JSON column."""

    id: int | None = Field(default=None, primary_key=True)
    carrier_id: int = Field(foreign_key="naivecarrier.id", index=True)
    slug: str = Field(index=True)
    goal: str
    outcome: str
    channel: str
    facts: dict[str, Any] = Field(sa_type=JSON)
    carrier: NaiveCarrier = Relationship(back_populates="procedures")
    steps: list["NaiveStep"] = Relationship(
        back_populates="procedure", sa_relationship_kwargs={"order_by": "NaiveStep.position"}
    )
    sources: list["NaiveSource"] = Relationship(back_populates="procedure")


class NaiveStep(SQLModel, table=True):
    """A step."""

    id: int | None = Field(default=None, primary_key=True)
    procedure_id: int = Field(foreign_key="naiveprocedure.id", index=True)
    position: int
    key: str
    phase: str
    actor: str
    optional: bool
    irreversible: bool
    title: dict[str, str] = Field(sa_type=JSON)
    detail: dict[str, str] = Field(sa_type=JSON)
    needs: list[str] = Field(sa_type=JSON)
    screen_words: list[dict[str, Any]] = Field(sa_type=JSON)
    sources: list[str] = Field(sa_type=JSON)
    procedure: NaiveProcedure = Relationship(back_populates="steps")


class NaiveSource(SQLModel, table=True):
    """A source that a procedure cites."""

    id: int | None = Field(default=None, primary_key=True)
    procedure_id: int = Field(foreign_key="naiveprocedure.id", index=True)
    key: str
    url: str | None
    title: str
    kind: str
    procedure: NaiveProcedure = Relationship(back_populates="sources")


class NaiveChecklist(SQLModel, table=True):
    """A checklist session."""

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    token: str
    procedure_id: int = Field(foreign_key="naiveprocedure.id")
    ticks: list["NaiveTick"] = Relationship(back_populates="checklist")


class NaiveTick(SQLModel, table=True):
    """The state of a step in a checklist."""

    checklist_id: uuid.UUID = Field(foreign_key="naivechecklist.id", primary_key=True)
    key: str = Field(primary_key=True)
    state: str
    checklist: NaiveChecklist = Relationship(back_populates="ticks")


class StepRead(BaseModel):
    """A step in a response."""

    key: str
    position: int
    phase: str
    actor: str
    optional: bool
    irreversible: bool
    title: str
    detail: str
    needs: list[str]
    screen_words: list[dict[str, Any]]
    sources: list[str]


class SourceRead(BaseModel):
    """A source in a response."""

    key: str
    url: str | None
    title: str
    kind: str


class ProcedureRead(BaseModel):
    """A procedure in a response."""

    carrier: str
    carrier_name: str
    slug: str
    goal: str
    outcome: str
    channel: str
    facts: dict[str, Any]
    steps: list[StepRead]
    sources: list[SourceRead]


class ChecklistCreate(BaseModel):
    """The procedure to start a checklist for."""

    carrier: str
    procedure: str


class TickUpdate(BaseModel):
    """The new state of a step."""

    state: str


class StepState(StepRead):
    """A step with its state."""

    state: str


class ChecklistRead(BaseModel):
    """A checklist in a response."""

    id: uuid.UUID
    carrier: str
    procedure: str
    steps: list[StepState]
    done: int
    total: int


engine = create_engine(os.environ.get("NAIVE_DATABASE_URL", "sqlite://"))
app = FastAPI()


def get_session() -> Iterator[Session]:
    """Yield a database session for one request."""
    with Session(engine) as session:
        yield session


Db = Annotated[Session, Depends(get_session)]


def localized(value: Any, lang: str) -> Any:  # noqa: ANN401 - JSON
    """Return the value with every text in the language."""
    if isinstance(value, dict) and "en" in value and lang in value:
        return value[lang]
    if isinstance(value, dict):
        return {key: localized(part, lang) for key, part in value.items()}
    if isinstance(value, list):
        return [localized(part, lang) for part in value]
    return value


def step_read(step: NaiveStep, lang: str) -> dict[str, Any]:
    """Return a step in the language."""
    return localized(step.model_dump(exclude={"id", "procedure_id"}), lang)


def find(db: Session, carrier_slug: str, procedure_slug: str) -> NaiveProcedure:
    """Return the procedure, or answer 404."""
    query = (
        select(NaiveProcedure)
        .join(NaiveCarrier)
        .where(NaiveCarrier.slug == carrier_slug, NaiveProcedure.slug == procedure_slug)
    )
    procedure = db.exec(query).first()
    if procedure is None:
        raise HTTPException(404)
    return procedure


@app.get("/v1/carriers/{carrier_slug}/procedures/{procedure_slug}")
def get_procedure(
    carrier_slug: str, procedure_slug: str, db: Db, lang: str = "en"
) -> ProcedureRead:
    """Return a procedure."""
    procedure = find(db, carrier_slug, procedure_slug)
    return ProcedureRead(
        carrier=procedure.carrier.slug,
        carrier_name=procedure.carrier.name[lang],
        slug=procedure.slug,
        goal=procedure.goal,
        outcome=procedure.outcome,
        channel=procedure.channel,
        facts=localized(procedure.facts, lang),
        steps=[StepRead(**step_read(step, lang)) for step in procedure.steps],
        sources=[SourceRead(**source.model_dump()) for source in procedure.sources],
    )


@app.post("/v1/sessions", status_code=201)
def create_checklist(body: ChecklistCreate, db: Db) -> dict[str, str]:
    """Start a checklist."""
    procedure = find(db, body.carrier, body.procedure)
    assert procedure.id is not None
    checklist = NaiveChecklist(token=secrets.token_urlsafe(32), procedure_id=procedure.id)
    db.add(checklist)
    db.commit()
    return {"id": str(checklist.id), "token": checklist.token}


@app.patch("/v1/sessions/{checklist_id}/steps/{key}")
def tick(
    checklist_id: uuid.UUID,
    key: str,
    body: TickUpdate,
    db: Db,
    authorization: Annotated[str, Header()],
) -> ChecklistRead:
    """Set the state of a step and return the checklist."""
    checklist = db.get(NaiveChecklist, checklist_id)
    if checklist is None or not secrets.compare_digest(authorization, f"Bearer {checklist.token}"):
        raise HTTPException(404)
    procedure = db.get(NaiveProcedure, checklist.procedure_id)
    assert procedure is not None
    if key not in {step.key for step in procedure.steps}:
        raise HTTPException(404)
    tick_row = db.get(NaiveTick, (checklist_id, key)) or NaiveTick(
        checklist_id=checklist_id, key=key, state="todo"
    )
    tick_row.state = body.state
    db.add(tick_row)
    db.commit()
    db.refresh(checklist)
    states = {each.key: each.state for each in checklist.ticks}
    steps = [
        StepState(**step_read(step, "en"), state=states.get(step.key, "todo"))
        for step in procedure.steps
    ]
    return ChecklistRead(
        id=checklist.id,
        carrier=procedure.carrier.slug,
        procedure=procedure.slug,
        steps=steps,
        done=sum(step.state == "done" for step in steps),
        total=len(steps),
    )


def fill(url: str, catalogue: Catalogue) -> None:
    """Create the tables and write the catalogue into them."""
    target = create_engine(url)
    tables = [table for name, table in SQLModel.metadata.tables.items() if name.startswith("naive")]
    SQLModel.metadata.create_all(target, tables=tables)
    with Session(target) as db:
        for slug, files in catalogue.carriers.items():
            sources = {source.id: source for source in files.carrier.document.sources}
            carrier = NaiveCarrier(slug=slug, name=dict(files.carrier.document.name))
            for name, file in files.procedures.items():
                content = file.document.model_dump(mode="json")
                steps = content.pop("steps")
                cited = {source for step in steps for source in step["sources"]}
                carrier.procedures.append(
                    NaiveProcedure(
                        slug=name,
                        goal=content.pop("goal"),
                        outcome=content.pop("outcome"),
                        channel=content.pop("channel"),
                        facts=content,
                        steps=[
                            NaiveStep(position=position, **_step_columns(step))
                            for position, step in enumerate(steps, 1)
                        ],
                        sources=[
                            NaiveSource(key=each.id, url=each.url, title=each.title, kind=each.kind)
                            for each in sources.values()
                            if each.id in cited
                        ],
                    )
                )
            db.add(carrier)
        db.commit()
    target.dispose()


def _step_columns(step: dict[str, Any]) -> dict[str, Any]:
    return {name: step[name] for name in StepRead.model_fields if name != "position"}
