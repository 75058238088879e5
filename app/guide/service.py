"""The guide: assess a carrier's procedures, recommend, ask; fall back to generic procedures."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from app.catalogue.codes import Contract, Verdict
from app.catalogue.goals import Goal
from app.catalogue.records import CarrierView, EditionView, RevisionContent
from app.guide.assess import Assessment, assess
from app.guide.candidates import Candidate
from app.guide.presenter import GuidePresenter
from app.guide.query import Allowed
from app.guide.questions import USABLE, Question, next_question
from app.guide.recommend import Recommendation, recommend
from app.guide.schemas import GuideOut, GuideProcedureOut
from app.guide.situation import Situation
from app.i18n import Language, LocalizedText
from app.messages.keys import MessageKey

GENERIC: Final = "generic"
"""Id of the carrier whose procedures apply to any company."""


@dataclass(frozen=True)
class CarrierProcedures:
    """A carrier and the newest state of its procedures."""

    carrier: CarrierView
    contents: Sequence[RevisionContent]

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The procedures without supporting ones (docs/decisions/0009)."""
        return [
            Candidate.of(content) for content in self.contents if not content.procedure.supporting
        ]

    def content_of(self, candidate: Candidate) -> RevisionContent:
        """Return the revision that the candidate comes from."""
        return next(content for content in self.contents if content.slug == candidate.slug)

    def can_use(self, generic: Candidate) -> bool:
        """Return whether a generic procedure fits what the company sells and how it is paid."""
        own = [content.procedure for content in self.contents]
        products = {product for procedure in own for product in procedure.applies_to.products}
        contracts = {contract for procedure in own for contract in procedure.applies_to.contracts}
        has_its_own = generic.goal is Goal.INITIAL_CONTRACT_CANCELLATION and any(
            procedure.goal is generic.goal for procedure in own
        )
        applies_to = generic.procedure.applies_to
        return (
            not has_its_own
            and bool((products or set(self.carrier.document.products)) & set(applies_to.products))
            and bool((contracts or set(Contract)) & set(applies_to.contracts))
        )

    def allowed(self, edition: EditionView) -> Allowed:
        """Return what a situation can name with this carrier."""
        return Allowed(
            self.contents, list(self.carrier.document.plans), list(edition.vocabulary.needs)
        )


class GuideService:
    """Says what to do in a situation, in one language and for one zone."""

    def __init__(
        self,
        edition: EditionView,
        situation: Situation,
        at: dt.datetime,
        zone: str,
        language: Language,
    ) -> None:
        """Serve one request: `zone` is the reader's, `at` the moment of the request."""
        self._situation = situation
        self._at = at
        self._presenter = GuidePresenter(edition, situation, at, zone, language)

    def of_carrier(
        self, own: CarrierProcedures, generic: Callable[[], CarrierProcedures]
    ) -> GuideOut:
        """Return the carrier's procedures; where none can be used, generic ones too.

        `generic` is called only then: it reads the database.
        """
        recommendation = self._recommend(own.candidates)
        assessments = recommendation.assessments
        question = next_question(recommendation, self._situation, self._at)
        is_generic = own.carrier.slug == GENERIC
        usable = any(assessment.verdict in USABLE for assessment in assessments)
        others = [] if usable or is_generic else self._generic(generic(), own)
        applicable = any(assessment.is_applicable for assessment in assessments)
        return self._presenter.guide(
            why=self._why(recommendation, question, is_generic=is_generic, has_others=bool(others)),
            carrier=own.carrier,
            procedures=[self._procedure(assessment, own) for assessment in assessments]
            if applicable
            else [],
            generic=others,
            has_contacts=not is_generic,
            question=self._presenter.question(question, own.carrier) if question else None,
        )

    def of_unknown(
        self, generic: CarrierProcedures, carriers: Sequence[tuple[str, LocalizedText]]
    ) -> GuideOut:
        """Return generic procedures, and ask for the company; `carriers` are ids and names."""
        return self._presenter.guide(
            why="guide.why.which",
            carrier=None,
            procedures=[],
            generic=self._generic(generic),
            has_contacts=False,
            question=self._presenter.carrier_question(carriers, GENERIC),
        )

    def _recommend(self, candidates: Sequence[Candidate]) -> Recommendation:
        return recommend(assess(candidates, self._situation, self._at), self._situation)

    def _generic(
        self, generic: CarrierProcedures, company: CarrierProcedures | None = None
    ) -> list[GuideProcedureOut]:
        """Return the generic procedures that fit the situation and, once known, the company."""
        candidates = [
            candidate
            for candidate in generic.candidates
            if company is None or company.can_use(candidate)
        ]
        return [
            self._procedure(assessment, generic)
            for assessment in self._recommend(candidates).assessments
            if assessment.is_applicable
        ]

    def _procedure(self, assessment: Assessment, own: CarrierProcedures) -> GuideProcedureOut:
        content = own.content_of(assessment.candidate)
        return self._presenter.procedure(assessment, own.carrier, content)

    def _why(
        self,
        recommendation: Recommendation,
        question: Question | None,
        *,
        is_generic: bool,
        has_others: bool,
    ) -> MessageKey:
        """Return the key of the sentence that sums the answer up."""
        verdicts = {assessment.verdict for assessment in recommendation.assessments}
        if not verdicts & USABLE:
            if is_generic:
                return "guide.why.unheard_of"
            if Verdict.BLOCKED in verdicts:
                return "guide.why.blocked" if has_others else "guide.why.blocked_at_all"
            return "guide.why.nothing" if has_others else "guide.why.nothing_at_all"
        if self._situation.goal and recommendation.goal is None:
            return "guide.why.no_such_goal"
        if Verdict.RECOMMENDED in verdicts:
            return "guide.why.found"
        return "guide.why.open" if question else "guide.why.choose"
