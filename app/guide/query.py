"""What the guide is asked: a person's situation, and what is wrong with it."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from pydantic import Field

from app.catalogue.codes import Applicant, Contract, Product
from app.catalogue.goals import GOALS, Goal
from app.catalogue.records import RevisionContent
from app.facts.query import Facts, FactsQuery, refuse_unused
from app.facts.specs import Fact
from app.guide.situation import CIRCUMSTANCES, Location, Situation
from app.i18n import Language
from app.messages.keys import MessageKey
from app.messages.loader import translate
from app.moment import ReaderZone, RequestInstant
from app.problems.base import InvalidRequest, ProblemError, cut
from app.timeline.relevant_facts import relevant_facts
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
        facts = self.facts(at, language)
        if errors := list(self._mistakes(allowed, language)):
            raise InvalidRequest(errors=errors)
        if self.carrier is not None:
            refuse_unused(facts, allowed.facts, language)
        return Situation(
            product=self.product,
            contract=self.contract,
            plan=self.plan,
            applicant=self.applicant,
            location=self.location,
            keep_number=self.keep_number,
            goal=self.goal,
            have=frozenset(self.have),
            lack=frozenset(self.lack),
            facts=facts.given(),
            unknown=frozenset(self.unknown),
        )

    def _mistakes(self, allowed: "Allowed", language: Language) -> Iterator[ProblemError]:
        given: Mapping[str, tuple[Sequence[str], Collection[str]]] = {
            "have": (self.have, allowed.needs),
            "lack": (self.lack, allowed.needs),
            "unknown": (self.unknown, (*CIRCUMSTANCES, *Facts.model_fields, *allowed.needs)),
            "plan": ([self.plan] if self.plan else [], allowed.plans),
        }
        for parameter, (codes, known) in given.items():
            for code in codes:
                if code not in known:
                    yield _mistake(parameter, "not_allowed", language, list(known), value=code)
        for code in sorted(set(self.have) & set(self.lack)):
            yield _mistake("lack", "contradicts", language, None, value=code)


class Allowed:
    """What a situation can name with a carrier: plans, facts that its rules use, and needs."""

    def __init__(
        self, contents: Sequence[RevisionContent], plans: Collection[str], needs: Collection[str]
    ) -> None:
        """Gather the facts from the rules of the carrier's procedures."""
        self.plans = plans
        self.needs = needs
        booking = (
            {Fact.RENTAL_STARTS_ON}
            if any(GOALS[content.procedure.goal].lapses_at_start for content in contents)
            else set()
        )
        self.facts: frozenset[Fact] = frozenset().union(
            booking, *(relevant_facts(content.procedure) for content in contents)
        )


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
    "contradicts": "mistake.contradicts",
}
