"""The guide's response: procedures, the next question, help and desks for one request.

Compares a carrier's own procedures with the generic ones that apply to it, and decides which of
them the response lists. While the carrier is not known, it lists the generic ones and asks for the
carrier. The policy: docs/guide.md.
"""

from collections.abc import Sequence
from typing import NamedTuple

from app.catalogue.codes import GENERIC_CARRIER, Applicant, Possibility, Verdict
from app.catalogue.goals import Goal
from app.catalogue.presenter import carrier_ref
from app.catalogue.records import CarrierView
from app.guide.assess import Assessment
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.desks import find_desks
from app.guide.help import find_help
from app.guide.lookahead import USABLE
from app.guide.not_used import find_not_used
from app.guide.presenter import GuidePresenter
from app.guide.question_presenter import QuestionPresenter
from app.guide.recommend import Recommendation, recommend
from app.guide.schemas import DeskOut, GuideOut, GuideProcedureOut, GuideState, HelpOut, QuestionOut
from app.guide.state import find_state, goal_procedures, needs_desks
from app.i18n import LocalizedText
from app.links import carrier_url
from app.messages.keys import MessageKey
from app.messages.loader import translate


class _Parts(NamedTuple):
    """The parts of a response that depend on what is known of the carrier."""

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
    """Computes the response for one situation, in one language and for one zone."""

    def __init__(self, presenter: GuidePresenter, generic: CarrierProcedures) -> None:
        """Serve one request; `generic` are the procedures for any carrier."""
        self._presenter = presenter
        self._generic = generic
        self._situation = presenter.situation
        self._questions = QuestionPresenter(presenter.edition.vocabulary, presenter.language)

    def of_carrier(self, own: CarrierProcedures, ignored: Sequence[str] = ()) -> GuideOut:
        """Return the response for a carrier: its procedures, and generic ones if they are needed.

        `ignored` are stated parameters that do not apply to it, such as another carrier's plan.
        """
        product = self._situation.product
        if product and product not in own.carrier.document.products:
            return self._guide(
                _Parts(
                    own.carrier,
                    GuideState.QUESTION,
                    "guide.why.product_not_sold",
                    self._questions.product_question(own.carrier),
                )
            )
        candidates = [*own.candidates, *own.usable(self._generic)]
        if self._situation.goal is Goal.RESTORE_ACCESS:
            candidates += [*own.recoveries, *own.usable_recoveries(self._generic)]
        recommendation = recommend(candidates, self._situation, self._presenter.at)
        question = self._question(recommendation, own)
        state = find_state(recommendation)
        owners = (own,) if own.is_generic else (own, self._generic)
        offered_help = list(find_help(recommendation.assessments, self._situation, owners))
        has_own = any(
            assessment.is_applicable and not assessment.candidate.is_generic
            for assessment in recommendation.assessments
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
                [self._presenter.help(*entry) for entry in offered_help],
                needs_desks=needs_desks(state, recommendation),
                not_used=(
                    *ignored,
                    *find_not_used(
                        candidates, [entry.content for entry in offered_help], self._situation
                    ),
                ),
            )
        )

    def of_unknown(self, carriers: Sequence[tuple[str, LocalizedText]]) -> GuideOut:
        """Return generic procedures and the question for the carrier.

        `carriers` are the options: pairs of id and name.
        """
        generic = self._generic
        recommendation = recommend(generic.candidates, self._situation, self._presenter.at)
        return self._guide(
            _Parts(
                None,
                GuideState.QUESTION,
                "guide.why.which",
                self._questions.carrier_question(carriers),
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
        known_carrier = carrier if carrier and carrier.slug != GENERIC_CARRIER else None
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
            desks=self._desks(known_carrier) if parts.needs_desks else [],
            no_contact=self._no_contact(known_carrier),
            not_used=presenter.not_used(parts.not_used),
            contacts=f"{carrier_url(known_carrier.slug)}/contacts" if known_carrier else None,
            question=parts.question,
        )

    def _desks(self, carrier: CarrierView | None) -> list[DeskOut]:
        """Return desks of the carrier, then public bodies that hear complaints.

        Those bodies serve consumers. An applicant that is a company gets them only if no desk of
        the carrier is known to be in reach.
        """
        own = find_desks(carrier, self._presenter) if carrier else []
        if not self._generic.is_generic:
            return own
        is_reachable = self._situation.location != "abroad" or any(
            desk.from_abroad is Possibility.POSSIBLE for desk in own
        )
        if own and is_reachable and self._situation.applicant is Applicant.COMPANY:
            return own
        return [*own, *find_desks(self._generic.carrier, self._presenter)]

    def _no_contact(self, carrier: CarrierView | None) -> str | None:
        if carrier is None or carrier.document.contacts:
            return None
        return translate("guide.no_contact", self._presenter.language)

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
        """Return the recommended generic procedures; all options if no own procedure is usable."""
        own_usable = any(
            assessment.verdict in USABLE and not assessment.candidate.is_generic
            for assessment in goal_procedures(recommendation)
        )
        return [
            self._procedure(assessment, recommendation, self._generic, own)
            for assessment in recommendation.assessments
            if assessment.candidate.is_generic
            and (
                assessment.verdict is Verdict.RECOMMENDED
                or (not own_usable and assessment in recommendation.options)
            )
        ]

    def _procedure(
        self,
        assessment: Assessment,
        recommendation: Recommendation,
        owner: CarrierProcedures,
        billed_by: CarrierProcedures | None = None,
    ) -> GuideProcedureOut:
        """Return a procedure of the owner, with dates from the billing of `billed_by` if given."""
        content = owner.content_of(assessment.candidate)
        return self._presenter.procedure(
            assessment,
            recommendation.conditions.get(assessment.candidate.id),
            owner.carrier,
            content,
            billed_by.with_own_billing(content, self._situation) if billed_by else content,
        )

    def _why(
        self, recommendation: Recommendation, state: GuideState, own: CarrierProcedures
    ) -> MessageKey:
        """Return the key of the sentence that sums the response up."""
        if recommendation.goal is Goal.STILL_CHARGED and self._situation.has_ended:
            is_line_stated = self._situation.line is not None
            return "guide.why.ended" if is_line_stated else "guide.why.still_charged"
        if state is GuideState.NOTHING and not recommendation.is_goal_unavailable:
            return "guide.why.unheard_of" if own.is_generic else "guide.why.nothing_help"
        stated = self._situation.goal
        if stated is None or recommendation.goal is stated:
            is_only_one = state is GuideState.CHOOSE and len(goal_procedures(recommendation)) == 1
            return "guide.why.one" if is_only_one else _WHY[state]
        expects_expiry = stated is Goal.LET_EXPIRE and _is_charged(recommendation)
        return "guide.why.let_expire_wrong" if expects_expiry else "guide.why.other_goal"


_WHY: dict[GuideState, MessageKey] = {
    GuideState.RECOMMENDED: "guide.why.found",
    GuideState.QUESTION: "guide.why.open",
    GuideState.CHOOSE: "guide.why.choose",
    GuideState.BLOCKED: "guide.why.blocked_help",
}


def _is_charged(recommendation: Recommendation) -> bool:
    """Return whether the contract is charged until the person ends it."""
    return any(
        assessment.is_applicable and assessment.goal is Goal.CANCEL_CONTRACT
        for assessment in recommendation.assessments
    )
