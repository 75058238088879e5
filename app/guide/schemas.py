"""Response schemas of the guide. No field has a default: every field is always present."""

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
    """A date that follows from the procedure's rules and the given facts."""

    code: EventCode
    name: str = Field(description="The code in words.")
    certainty: Certainty
    at: dt.datetime | None = Field(
        description="The instant in the reader's zone; null if only the day is known."
    )
    on: dt.date = Field(description="The day in Japan.")
    why: str = Field(description="The reason for the date, as a sentence.")
    note: str | None = Field(description="What else the sources say about it; null if nothing.")
    passed: bool = Field(
        description="Whether the date is over. Past dates are listed only for the goal "
        "`still_charged`, and if the deadline for the next renewal was missed."
    )
    evidence: Evidence | None = Field(
        description="How well sources support the rule; null if no source is cited."
    )


class GuideDatesOut(BaseModel):
    """The next dates of a procedure."""

    next: list[GuideEventOut] = Field(description="The next known dates, at most three.")
    needs_facts: list[Fact] = Field(description="Missing facts that would give more dates.")
    url: str = Field(description="URL of the whole timeline with the given facts.")


class ConditionOut(BaseModel):
    """A condition of a recommendation: a presumed answer to open questions."""

    questions: list[str] = Field(
        description="Names of the open questions, in the form of `question.fact`."
    )
    text: str = Field(description="The presumed answer, as a sentence.")


class GuideProcedureOut(BaseModel):
    """A procedure, and how it fits the situation."""

    procedure: ProcedureBriefOut
    verdict: Verdict = Field(description="How the procedure fits the situation.")
    verdict_name: str = Field(description="The verdict in words.")
    reasons: list[str] = Field(description="Reasons for the verdict, as sentences.")
    blockers: list[str] = Field(
        description="What prevents the procedure, as sentences; empty unless `blocked`."
    )
    lacking: list[TermOut] = Field(
        description="Needs that the person lacks and cannot replace; empty unless `blocked`."
    )
    conditions: list[ConditionOut] = Field(
        description="With `recommended`: the conditions under which the recommendation is right."
    )
    loses: list[TermOut] = Field(
        description="What is lost for good; empty if the procedure does not apply."
    )
    still_charged: list[str] = Field(
        description="With `recommended`: what is charged after the end, as sentences."
    )
    effort: int = Field(
        description="A score from 0 (the least effort) to 100; the procedure itself lists the "
        "reasons in `effort`."
    )
    dates: GuideDatesOut | None = Field(description="Null if the procedure does not apply.")


class HelpOut(BaseModel):
    """A supporting procedure that restores what the person lacks."""

    procedure: ProcedureBriefOut
    why: str = Field(description="How it helps in this situation, as a sentence.")
    restores: list[TermOut] = Field(description="Needs that the person has afterwards.")


class DeskOut(OpenContactOut):
    """A contact for help: a desk of the carrier, or a public body that handles complaints."""

    carrier: CarrierRef = Field(
        description="The carrier of the contact; its `sources` list those of the contact. "
        "`generic` for a public body."
    )


class NotUsedOut(BaseModel):
    """A parameter or need of the query that makes no difference for this carrier."""

    parameter: str = Field(description="Name of the parameter, or code of the need.")
    text: str = Field(description="A sentence stating that it makes no difference.")


class OptionOut(BaseModel):
    """An answer to the question. To give it, add `parameter=value` to the query and repeat it."""

    parameter: str
    value: str
    label: str = Field(description="The answer in words.")


class QuestionOut(BaseModel):
    """The question whose answer narrows the choice most."""

    fact: str = Field(description="The question's name: a parameter, or the code of a need.")
    question: str = Field(description="The question in words.")
    type: Literal["choice", "date", "integer"] = Field(
        description="The form of the answer. A `date` or an `integer` is the value of the "
        "parameter that `fact` names, for example `contract_started_on=2026-11-30`."
    )
    options: list[OptionOut] = Field(
        description="The answers to choose from. For `date` and `integer`, the only option is that "
        "the answer is not known."
    )
    why: str = Field(description="The reason for the question, as a sentence.")
    left_at_most: int = Field(description="Maximum number of questions that can follow.")


class GuideState(StrEnum):
    """The state of the guide's response."""

    RECOMMENDED = "recommended"
    QUESTION = "question"
    CHOOSE = "choose"
    BLOCKED = "blocked"
    NOTHING = "nothing"


class GuideOut(CatalogueResponse):
    """The guide's response: the procedures with their verdicts, and the next question."""

    carrier: CarrierRef | None = Field(description="Null if the query names no carrier.")
    at: dt.datetime = Field(description="The instant of the request, in the reader's zone.")
    zone: str = Field(description="The reader's IANA zone.")
    state: GuideState = Field(
        description="`recommended`: at least one procedure is recommended. `question`: the answer "
        "to `question` decides. `choose`: the person chooses among the options. `blocked`: "
        "something prevents every procedure; see `help` and `desks`. `nothing`: no procedure fits; "
        "see `desks`."
    )
    why: str = Field(description="The state explained in one sentence.")
    goal: Goal | None = Field(
        description="The effective goal: the stated one, or the nearest that the carrier offers; "
        "null: to end the line."
    )
    procedures: list[GuideProcedureOut] = Field(
        description="The carrier's own procedures, the best first; empty if none applies."
    )
    generic: list[GuideProcedureOut] = Field(
        description="Procedures for any carrier, the best first: recommended ones, and further "
        "ones if no own procedure can be used or the query names no carrier."
    )
    help: list[HelpOut] = Field(
        description="Supporting procedures that restore what the person lacks, such as a sign-in."
    )
    desks: list[DeskOut] = Field(
        description="Contacts that the person can reach from where they are. Empty unless `state` "
        "is `blocked` or `nothing`, or `goal` is `still_charged` or `request_refund`."
    )
    not_used: list[NotUsedOut] = Field(
        description="Parameters and needs of the query that make no difference for this carrier."
    )
    no_contact: str | None = Field(
        description="A sentence saying that no contact of the carrier is known; otherwise null."
    )
    contacts: str | None = Field(
        description="URL of the carrier's contacts; null if the query names no carrier or "
        "`generic`."
    )
    question: QuestionOut | None = Field(
        description="The next question; null if no answer would change the result, or all "
        "questions are used up."
    )
