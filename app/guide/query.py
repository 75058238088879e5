"""What the guide is asked: a person's situation, and what is wrong with it."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from pydantic import Field

from app.catalogue.codes import Applicant, Contract, Device, Line, Product, Sale
from app.catalogue.goals import Goal
from app.facts.query import Day, Facts, FactsQuery
from app.facts.specs import Fact
from app.guide.contradictions import contradictions
from app.guide.needs import NeedRelations
from app.guide.situation import CIRCUMSTANCES, Location, Situation
from app.i18n import Language
from app.messages.keys import MessageKey
from app.messages.loader import translate
from app.moment import ReaderZone, RequestInstant
from app.problems.base import InvalidRequest, ProblemError, cut
from app.zones import JAPAN

_MOST_CODES: Final = 40

_EXAMPLE: Final = ["account_login"]


class GuideQuery(FactsQuery):
    """A person's situation. Nothing is assumed: the guide asks for what matters."""

    carrier: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        pattern=r"^[^\x00]*$",  # PostgreSQL takes no text with it
        description="Id of the company; `generic` when nobody can tell which it is.",
    )
    product: Product | None = Field(default=None, description="What was bought.")
    contract: Contract | None = Field(default=None, description="How it is paid.")
    plan: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="Id of the plan, of those the company has.",
    )
    applicant: Applicant | None = Field(
        default=None, description="Who asks for it; if omitted, the contract holder."
    )
    location: Location | None = Field(default=None, description="Where the person is.")
    keep_number: bool | None = Field(
        default=None, description="Whether the phone number is to be kept."
    )
    line: Line | None = Field(
        default=None, description="The state of the line; `ended` goes with `ended_on`."
    )
    sale: Sale | None = Field(default=None, description="How it was sold.")
    device: Device | None = Field(
        default=None, description="Whose the phone or router is that came with it."
    )
    bill_open: bool | None = Field(default=None, description="Whether a bill is unpaid.")
    payment_fails: bool | None = Field(
        default=None,
        description="Whether the card or account that pays no longer works; the same as "
        "`lack=payment_method`.",
    )
    leaves_japan_on: Day | None = Field(
        default=None, description="The day on which the person leaves Japan."
    )
    number_needed_until: Day | None = Field(
        default=None, description="The last day on which the phone number is needed."
    )
    goal: Goal | None = Field(
        default=None,
        description="What the customer wants to achieve. If omitted, every procedure that ends "
        "the service is considered, including expiry.",
    )
    have: list[str] = Field(
        default=[],
        max_length=_MOST_CODES,
        description="Needs that the person has; codes of `needs` in the vocabulary.",
        examples=[_EXAMPLE],
    )
    lack: list[str] = Field(
        default=[],
        max_length=_MOST_CODES,
        description="Needs that the person does not have and cannot get.",
        examples=[["shop_visit"]],
    )
    unknown: list[str] = Field(
        default=[],
        max_length=_MOST_CODES,
        description="Questions that the person cannot answer; they are not asked again.",
    )
    at: RequestInstant = None
    tz: ReaderZone = JAPAN.key

    def situation(self, at: dt.datetime, allowed: "Allowed", language: Language) -> Situation:
        """Return the situation, or raise what is wrong with it."""
        facts = self.facts(at, language).given()
        lack = [*self.lack, *(["payment_method"] if self.payment_fails else [])]
        line = self.line or (Line.ENDED if Fact.ENDED_ON in facts else None)
        situation = Situation(
            product=self.product,
            contract=self.contract,
            plan=self.plan if self.plan in allowed.plans else None,
            applicant=self.applicant,
            location=self.location,
            keep_number=self.keep_number,
            line=line,
            sale=self.sale,
            device=self.device,
            # A bill that has fallen due and is told about is an open one.
            bill_open=bool(self.bill_open) or Fact.PAYMENT_DUE_ON in facts,
            leaves_japan_on=self.leaves_japan_on,
            number_needed_until=self.number_needed_until,
            goal=self.goal,
            have=frozenset(self.have),
            lack=frozenset(lack),
            facts=facts,
            unknown=frozenset(self.unknown),
            relations=allowed.relations,
        )
        errors = [
            *self._mistakes(allowed, language),
            *contradictions(situation, at.astimezone(JAPAN).date(), language),
        ]
        if errors:
            raise InvalidRequest(errors=errors)
        return situation

    def _mistakes(self, allowed: "Allowed", language: Language) -> Iterator[ProblemError]:
        needs = list(allowed.relations.needs)
        given: Mapping[str, tuple[Sequence[str], Collection[str]]] = {
            "have": (self.have, needs),
            "lack": (self.lack, needs),
            "unknown": (self.unknown, (*CIRCUMSTANCES, *Facts.model_fields, *needs)),
            "plan": ([self.plan] if self.plan else [], allowed.plans_of_all()),
        }
        for parameter, (codes, known) in given.items():
            for code in codes:
                if code not in known:
                    yield _mistake(parameter, "not_allowed", language, list(known), value=code)


class Allowed(NamedTuple):
    """What a situation can name with a carrier: plans, and the needs of the vocabulary."""

    plans: Collection[str]
    plans_of_all: Callable[[], Collection[str]]
    """A form that changes the company keeps the plan of the former one."""
    relations: NeedRelations


def _mistake(
    parameter: str, code: str, language: Language, allowed: list[str] | None, value: str
) -> ProblemError:
    detail = translate(
        _DETAILS[code],
        language,
        name=parameter,
        value=cut(value),
        allowed=", ".join(allowed or []) or "-",
    )
    return ProblemError(parameter=parameter, code=code, detail=detail, allowed=allowed)


_DETAILS: Final[Mapping[str, MessageKey]] = {
    "not_allowed": "mistake.not_allowed.value",
}
