"""What the guide answers. Output has no defaults: every field is always there."""

import datetime as dt
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from app.catalogue.codes import Certainty, EventCode, Evidence, Verdict
from app.catalogue.goals import Goal
from app.catalogue.schemas import CarrierRef, CatalogueResponse, ProcedureBriefOut, TermOut
from app.contacts.schemas import OpenContactOut
from app.facts.specs import Fact


class GuideEventOut(BaseModel):
    """A date to come, or one that is over and matters."""

    code: EventCode
    name: str
    certainty: Certainty
    at: dt.datetime | None = Field(
        description="The instant in the reader's zone, where there is one."
    )
    on: dt.date = Field(description="The day in Japan.")
    why: str
    note: str | None = Field(description="What else the sources say about it.")
    passed: bool = Field(
        description="Whether it is over: dates after the end, and a deadline for the next renewal."
    )
    evidence: Evidence | None = Field(
        description="How well the rule is backed; null where there is none."
    )


class GuideDatesOut(BaseModel):
    """The next dates of a procedure."""

    next: list[GuideEventOut] = Field(description="The next dates that are known, three at most.")
    needs_facts: list[Fact] = Field(description="Facts that would tell more dates.")
    url: str = Field(description="The whole timeline with the facts given.")


class ConditionOut(BaseModel):
    """What a recommendation presumes while a question is open."""

    questions: list[str] = Field(
        description="Names of the questions that are open, as in `question.fact`."
    )
    text: str


class GuideProcedureOut(BaseModel):
    """A procedure, and how it fits."""

    procedure: ProcedureBriefOut
    verdict: Verdict
    verdict_name: str
    reasons: list[str]
    blockers: list[str] = Field(description="What prevents it; only with `blocked`.")
    lacking: list[TermOut] = Field(description="Needs that are missing; only with `blocked`.")
    conditions: list[ConditionOut] = Field(
        description="With `recommended`: every open answer that would make it wrong."
    )
    loses: list[TermOut] = Field(description="What is gone for good afterwards.")
    still_charged: list[str] = Field(
        description="With `recommended`: what is charged after the end."
    )
    effort: int = Field(description="0 to 100; see `effort` of the procedure for the reasons.")
    dates: GuideDatesOut | None = Field(description="Null where the procedure does not apply.")


class HelpOut(BaseModel):
    """A supporting procedure that removes what is in the way."""

    procedure: ProcedureBriefOut
    why: str
    restores: list[TermOut] = Field(description="Needs that the person has afterwards.")


class DeskOut(OpenContactOut):
    """Somebody to ask: a desk of the company, or a body that hears complaints."""

    carrier: CarrierRef = Field(
        description="Whose contact it is, and where its sources are; `generic`: a public body."
    )


class NotUsedOut(BaseModel):
    """Something that was said and changes nothing."""

    parameter: str
    text: str


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
    left_at_most: int = Field(
        description="How many questions can still come after this one, at most."
    )


class GuideState(StrEnum):
    """Where the guide stands."""

    RECOMMENDED = "recommended"
    QUESTION = "question"
    CHOOSE = "choose"
    BLOCKED = "blocked"
    NOTHING = "nothing"


class GuideOut(CatalogueResponse):
    """What to do: the procedures of the company with how each fits, the best first."""

    carrier: CarrierRef | None = Field(description="Null: no company is given.")
    at: dt.datetime = Field(description="The instant at which it is asked.")
    zone: str
    state: GuideState = Field(
        description="`recommended`: something is recommended. `question`: an answer decides. "
        "`choose`: the person chooses. `blocked`: something prevents every procedure; see `help` "
        "and `desks`. `nothing`: no procedure fits; see `desks`."
    )
    why: str = Field(description="What the answers are worth, in one sentence.")
    goal: Goal | None = Field(
        description="The goal that is pursued: the stated one, or the nearest that the company "
        "offers; null: to end the line."
    )
    procedures: list[GuideProcedureOut]
    generic: list[GuideProcedureOut] = Field(
        description="Generic procedures, for any company: when none of this company fits, or "
        "no company is given."
    )
    help: list[HelpOut] = Field(
        description="What removes what is in the way, such as getting a sign-in back."
    )
    desks: list[DeskOut] = Field(
        description="Whom to ask, reachable from where the person is: with `blocked` and "
        "`nothing`, and for a contract that has ended."
    )
    not_used: list[NotUsedOut] = Field(description="What was said and changes nothing here.")
    no_contact: str | None = Field(
        description="Says so where no contact of the company is known; else null."
    )
    contacts: str | None = Field(
        description="Address of the company's contacts; null while the company is not known."
    )
    question: QuestionOut | None = Field(
        description="The next question; null: nothing more would change the answer."
    )
