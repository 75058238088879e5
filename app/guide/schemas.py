"""What the guide answers. Output has no defaults: every field is always there."""

import datetime as dt
from typing import Literal

from pydantic import BaseModel, Field

from app.catalogue.codes import Certainty, EventCode, Evidence, Verdict
from app.catalogue.schemas import CarrierRef, CatalogueResponse, ProcedureBriefOut
from app.facts.specs import Fact


class GuideEventOut(BaseModel):
    """A date to come."""

    code: EventCode
    name: str
    certainty: Certainty
    at: dt.datetime | None = Field(
        description="The instant in the reader's zone, where there is one."
    )
    on: dt.date = Field(description="The day in Japan.")
    why: str
    note: str | None = Field(description="What else the sources say about it.")
    evidence: Evidence | None = Field(
        description="How well the rule is backed; null where there is none."
    )


class GuideDatesOut(BaseModel):
    """The next dates of a procedure."""

    next: list[GuideEventOut] = Field(description="The next dates that are known, three at most.")
    needs_facts: list[Fact] = Field(description="Facts that would tell more dates.")
    url: str = Field(description="The whole timeline with the facts given.")


class GuideProcedureOut(BaseModel):
    """A procedure, and how it fits."""

    procedure: ProcedureBriefOut
    verdict: Verdict
    verdict_name: str
    reasons: list[str]
    blockers: list[str] = Field(description="What prevents it; only with `blocked`.")
    effort: int = Field(description="0 to 100; see `effort` of the procedure for the reasons.")
    dates: GuideDatesOut | None = Field(description="Null where the procedure does not apply.")


class OptionOut(BaseModel):
    """One answer to the question: to give it, add `parameter=value` to the query and ask again."""

    parameter: str
    value: str
    label: str


class QuestionOut(BaseModel):
    """The question whose answer narrows the choice most."""

    fact: str = Field(description="What is asked: a name of the query, or the code of a need.")
    question: str
    type: Literal["choice", "date", "integer"] = Field(
        description="With date and integer the answer is `fact=value`."
    )
    options: list[OptionOut] = Field(
        description="The answers to choose from. With a date or an integer: only "
        "the answer that it is not known."
    )
    why: str


class GuideOut(CatalogueResponse):
    """What to do: the ways out of this carrier with how each fits, the best first."""

    carrier: CarrierRef | None = Field(description="Null: not told.")
    at: dt.datetime = Field(description="The instant at which it is asked.")
    zone: str
    why: str = Field(description="What the answers are worth, in one sentence.")
    procedures: list[GuideProcedureOut]
    generic: list[GuideProcedureOut] = Field(
        description="Generic procedures, for any company: when none of this company fits, or "
        "no company is given."
    )
    contacts: str | None = Field(
        description="Address of the company's contacts; null while the company is not known."
    )
    question: QuestionOut | None = Field(
        description="The next question; null: nothing more would change the answer."
    )
