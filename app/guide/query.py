"""The query of the guide: its parameters, and the `Situation` that they state.

Checks what depends on the catalogue: codes of needs and plans, and statements that exclude each
other (`contradictions`). What a person can state, and what is presumed: docs/guide.md.
"""

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
from app.messages.loader import translate
from app.moment import ReaderZone, RequestInstant
from app.problems.base import InvalidRequest, ProblemError, cut
from app.zones import JAPAN

_MOST_CODES: Final = 40

_EXAMPLE: Final = ["account_login"]


class GuideQuery(FactsQuery):
    """A person's situation. Every parameter is optional: the guide asks about what matters."""

    carrier: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        pattern=r"^[^\x00]*$",  # PostgreSQL refuses NUL in text
        description="Id of the carrier; `generic` if it is not known. If omitted, the guide asks.",
    )
    product: Product | None = Field(default=None, description="What was bought.")
    contract: Contract | None = Field(default=None, description="How the customer pays.")
    plan: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="Id of a plan. A plan of another carrier is ignored and listed in `not_used`.",
    )
    applicant: Applicant | None = Field(
        default=None, description="Who applies; if omitted, the contract holder."
    )
    location: Location | None = Field(default=None, description="Where the person is.")
    keep_number: bool | None = Field(
        default=None, description="Whether the person wants to keep the phone number."
    )
    line: Line | None = Field(
        default=None,
        description="The state of the line. If omitted: `ended` with `ended_on` or "
        "`goal=still_charged`, otherwise `in_use`.",
    )
    sale: Sale | None = Field(default=None, description="How the contract was sold.")
    device: Device | None = Field(
        default=None,
        description="How the person got the phone or router that came with the contract.",
    )
    bill_open: bool | None = Field(
        default=None, description="Whether a bill is unpaid; `payment_due_on` implies it."
    )
    payment_fails: bool | None = Field(
        default=None,
        description="Whether the payment card or bank account no longer works; the same as "
        "`lack=payment_method`.",
    )
    leaves_japan_on: Day | None = Field(
        default=None,
        description="The day on which the person leaves Japan, YYYY-MM-DD; not in the past.",
    )
    number_needed_until: Day | None = Field(
        default=None,
        description="The last day on which the phone number is needed, YYYY-MM-DD; not in the "
        "past.",
    )
    goal: Goal | None = Field(
        default=None,
        description="What the customer wants to achieve. If omitted, every procedure that ends "
        "the service is considered, including expiry.",
    )
    have: list[str] = Field(
        default=[],
        max_length=_MOST_CODES,
        description="Needs that the person has: codes of `needs` in the vocabulary.",
        examples=[_EXAMPLE],
    )
    lack: list[str] = Field(
        default=[],
        max_length=_MOST_CODES,
        description="Needs that the person does not have and cannot get: codes of `needs`.",
        examples=[["shop_visit"]],
    )
    unknown: list[str] = Field(
        default=[],
        max_length=_MOST_CODES,
        description="Questions that the person cannot answer, by `question.fact`. They are not "
        "asked again.",
    )
    at: RequestInstant = None
    tz: ReaderZone = JAPAN.key

    def situation(self, at: dt.datetime, allowed: "Allowed", language: Language) -> Situation:
        """Return the situation that the query states.

        Raises `InvalidRequest` for unknown codes, and for statements that exclude each other.
        """
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
            # A stated due date means that a bill is open.
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
            *self._unknown_codes(allowed, language),
            *contradictions(situation, at.astimezone(JAPAN).date(), language),
        ]
        if errors:
            raise InvalidRequest(errors=errors)
        return situation

    def _unknown_codes(self, allowed: "Allowed", language: Language) -> Iterator[ProblemError]:
        needs = list(allowed.relations.needs)
        stated: Mapping[str, tuple[Sequence[str], Collection[str]]] = {
            "have": (self.have, needs),
            "lack": (self.lack, needs),
            "unknown": (self.unknown, (*CIRCUMSTANCES, *Facts.model_fields, *needs)),
            "plan": ([self.plan] if self.plan else [], allowed.plans_of_all()),
        }
        for parameter, (codes, known) in stated.items():
            for code in codes:
                if code not in known:
                    yield _not_allowed(parameter, code, list(known), language)


class Allowed(NamedTuple):
    """The codes that a query can name: plans, and the needs of the vocabulary."""

    plans: Collection[str]
    """Plans of the carrier."""
    plans_of_all: Callable[[], Collection[str]]
    """Returns the plans of all carriers. After a change of the carrier, a form can still send the
    plan of the former one."""
    relations: NeedRelations


def _not_allowed(
    parameter: str, value: str, allowed: list[str], language: Language
) -> ProblemError:
    detail = translate(
        "mistake.not_allowed.value",
        language,
        name=parameter,
        value=cut(value),
        allowed=", ".join(allowed) or "-",
    )
    return ProblemError(parameter=parameter, code="not_allowed", detail=detail, allowed=allowed)
