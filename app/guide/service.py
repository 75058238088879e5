"""The guide: recommend among the procedures of a company, ask, and say what helps."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.catalogue.codes import Possibility, Verdict
from app.catalogue.goals import Goal
from app.catalogue.presenter import carrier_ref
from app.catalogue.records import CarrierView, RevisionContent
from app.guide.assess import OF_THE_FIRST_DAYS, Assessment
from app.guide.carrier_procedures import GENERIC, CarrierProcedures
from app.guide.desks import find_desks
from app.guide.not_used import find_not_used
from app.guide.presenter import GuidePresenter
from app.guide.question_presenter import QuestionPresenter
from app.guide.recommend import USABLE, Recommendation, recommend
from app.guide.schemas import GuideOut, GuideProcedureOut, GuideState, HelpOut, QuestionOut
from app.i18n import LocalizedText
from app.links import carrier_url
from app.messages.keys import MessageKey
from app.messages.loader import translate


class _Parts(NamedTuple):
    """The parts of an answer that differ by what is known of the company."""

    carrier: CarrierView | None
    state: GuideState
    why: MessageKey
    question: QuestionOut | None
    goal: Goal | None = None
    procedures: Sequence[GuideProcedureOut] = ()
    generic: Sequence[GuideProcedureOut] = ()
    help: Sequence[HelpOut] = ()
    needs_desks: bool = False
    not_used: Sequence[str] = ()


class GuideService:
    """Says what to do in a situation, in one language and for one zone."""

    def __init__(self, presenter: GuidePresenter, generic: CarrierProcedures) -> None:
        """Serve one request; `generic` are the procedures that hold for any company."""
        self._presenter = presenter
        self._generic = generic
        self._situation = presenter.situation
        self._questions = QuestionPresenter(presenter.edition.vocabulary, presenter.language)

    def of_carrier(self, own: CarrierProcedures) -> GuideOut:
        """Return the carrier's procedures, and generic ones where they are to be taken."""
        product = self._situation.product
        if product and product not in own.carrier.document.products:
            return self._guide(
                _Parts(
                    own.carrier,
                    GuideState.QUESTION,
                    "guide.why.product_not_sold",
                    self._questions.product_question(own.carrier, GENERIC),
                )
            )
        candidates = [*own.candidates, *own.usable(self._generic)]
        recommendation = recommend(candidates, self._situation, self._presenter.at)
        question = self._question(recommendation, own)
        state = (
            GuideState.NOTHING
            if recommendation.is_out_of_question
            else _state(recommendation, question)
        )
        has_own = any(
            each.is_applicable and not each.candidate.is_generic
            for each in recommendation.assessments
        )
        return self._guide(
            _Parts(
                own.carrier,
                state,
                self._why(recommendation, state, own),
                question,
                recommendation.goal,
                self._own_procedures(recommendation, own) if has_own else (),
                self._generic_procedures(recommendation, own),
                tuple(self._help(recommendation, own)),
                needs_desks=state in {GuideState.BLOCKED, GuideState.NOTHING}
                or recommendation.goal is Goal.STILL_CHARGED,
                not_used=tuple(find_not_used(candidates, self._situation)),
            )
        )

    def of_unknown(self, carriers: Sequence[tuple[str, LocalizedText]]) -> GuideOut:
        """Return generic procedures, and ask for the company; `carriers` are ids and names."""
        generic = self._generic
        recommendation = recommend(generic.candidates, self._situation, self._presenter.at)
        return self._guide(
            _Parts(
                None,
                GuideState.QUESTION,
                "guide.why.which",
                self._questions.carrier_question(carriers, GENERIC),
                recommendation.goal,
                generic=[
                    self._procedure(assessment, recommendation, generic)
                    for assessment in recommendation.assessments
                    if assessment.is_applicable
                ],
            )
        )

    def _guide(self, parts: _Parts) -> GuideOut:
        presenter, carrier = self._presenter, parts.carrier
        company = carrier if carrier and carrier.slug != GENERIC else None
        return GuideOut(
            edition=presenter.edition.number,
            language=presenter.language,
            carrier=carrier_ref(carrier, presenter.language) if carrier else None,
            at=presenter.at.astimezone(presenter.zone),
            zone=presenter.zone.key,
            state=parts.state,
            why=translate(parts.why, presenter.language),
            goal=parts.goal,
            procedures=list(parts.procedures),
            generic=list(parts.generic),
            help=list(parts.help),
            desks=[
                *(find_desks(company, presenter) if company else ()),
                *(find_desks(self._generic.carrier, presenter) if self._generic.is_generic else ()),
            ]
            if parts.needs_desks
            else [],
            not_used=presenter.not_used(parts.not_used),
            contacts=f"{carrier_url(company.slug)}/contacts" if company else None,
            question=parts.question,
        )

    def _question(
        self, recommendation: Recommendation, own: CarrierProcedures
    ) -> QuestionOut | None:
        if recommendation.question is None:
            return None
        return self._questions.question(
            recommendation.question, own.carrier, recommendation.questions_left
        )

    def _own_procedures(
        self, recommendation: Recommendation, own: CarrierProcedures
    ) -> list[GuideProcedureOut]:
        return [
            self._procedure(assessment, recommendation, own)
            for assessment in recommendation.assessments
            if not assessment.candidate.is_generic
        ]

    def _generic_procedures(
        self, recommendation: Recommendation, own: CarrierProcedures
    ) -> list[GuideProcedureOut]:
        """Return generic procedures that are recommended and, where no own one can be used, all."""
        own_usable = any(
            each.verdict in USABLE and not each.candidate.is_generic
            for each in recommendation.options
        )
        return [
            self._procedure(assessment, recommendation, self._generic, own)
            for assessment in recommendation.assessments
            if assessment.candidate.is_generic
            and (
                assessment.verdict is Verdict.RECOMMENDED
                or (not own_usable and assessment.is_applicable and assessment.is_for_applicant)
            )
        ]

    def _procedure(
        self,
        assessment: Assessment,
        recommendation: Recommendation,
        owner: CarrierProcedures,
        company: CarrierProcedures | None = None,
    ) -> GuideProcedureOut:
        """Return a procedure of the owner; a generic one is dated by the company's bills."""
        content = owner.content_of(assessment.candidate)
        return self._presenter.procedure(
            assessment,
            recommendation.conditions.get(assessment.candidate.id),
            owner.carrier,
            content,
            company.with_own_billing(content, self._situation) if company else content,
        )

    def _help(self, recommendation: Recommendation, own: CarrierProcedures) -> Iterator[HelpOut]:
        """Return what restores what the person lacks, the company's own procedures first.

        Whoever owes money can need a way to pay.
        """
        missing = [
            *(
                need
                for assessment in recommendation.assessments
                if assessment.is_for_applicant
                for need in assessment.lacking
            ),
            *sorted(self._situation.lack),
            *(["payment_method"] if self._situation.bill_open else []),
        ]
        owners = (self._generic,) if own.is_generic else (own, self._generic)
        for owner in owners:
            restored_by_owner: set[str] = set()
            for content in owner.supporting:
                restored = [
                    need for need in dict.fromkeys(missing) if need in content.procedure.restores
                ]
                if restored and not self._is_too_far(content):
                    yield self._presenter.help(owner.carrier, content, restored)
                    restored_by_owner.update(restored)
            missing = [need for need in missing if need not in restored_by_owner]

    def _is_too_far(self, content: RevisionContent) -> bool:
        return (
            self._situation.location == "abroad"
            and content.procedure.from_abroad is Possibility.IMPOSSIBLE
        )

    def _why(
        self, recommendation: Recommendation, state: GuideState, own: CarrierProcedures
    ) -> MessageKey:
        """Return the key of the sentence that sums the answer up."""
        if recommendation.goal is Goal.STILL_CHARGED and self._situation.has_ended:
            return "guide.why.ended"
        if state is GuideState.NOTHING and not recommendation.is_out_of_question:
            return "guide.why.unheard_of" if own.is_generic else "guide.why.nothing_help"
        stated = self._situation.goal
        if (
            stated is Goal.LET_EXPIRE
            and recommendation.goal is None
            and _is_charged(recommendation)
        ):
            return "guide.why.let_expire_wrong"
        if stated is not None and recommendation.goal is not stated:
            return "guide.why.other_goal"
        return _WHY[state]


_WHY: dict[GuideState, MessageKey] = {
    GuideState.RECOMMENDED: "guide.why.found",
    GuideState.QUESTION: "guide.why.open",
    GuideState.CHOOSE: "guide.why.choose",
    GuideState.BLOCKED: "guide.why.blocked_help",
}


def _is_charged(recommendation: Recommendation) -> bool:
    """Return whether the contract is charged until the person ends it."""
    return any(
        each.is_applicable and each.goal is Goal.CANCEL_CONTRACT
        for each in recommendation.assessments
    )


def _state(recommendation: Recommendation, question: QuestionOut | None) -> GuideState:
    options = recommendation.options
    if any(each.verdict is Verdict.RECOMMENDED for each in options):
        return GuideState.RECOMMENDED
    can_be_tried = any(each.verdict in USABLE and not _may_have_lapsed(each) for each in options)
    if not can_be_tried and any(each.verdict is Verdict.BLOCKED for each in options):
        return GuideState.BLOCKED
    if question is not None:
        return GuideState.QUESTION
    return GuideState.CHOOSE if can_be_tried else GuideState.NOTHING


def _may_have_lapsed(assessment: Assessment) -> bool:
    """Return whether it is a right of the first days of which nobody knows that it is open."""
    return assessment.goal in OF_THE_FIRST_DAYS and not assessment.right_is_open
