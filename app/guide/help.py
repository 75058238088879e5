"""Help: supporting procedures that restore needs that the person lacks, such as a sign-in.

Takes the assessments and the situation. The carrier's own supporting procedures come before the
generic ones. What a supporting procedure is: docs/decisions/0009.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from app.catalogue.records import CarrierView, RevisionContent
from app.guide.assess import Assessment, find_misfits, is_out_of_reach
from app.guide.candidates import candidate_of
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.situation import Situation

_TO_PAY: Final = "payment_method"
"""The need that procedures for an open bill restore."""


class Help(NamedTuple):
    """A supporting procedure, its carrier, and the missing needs that it restores.

    `restored` is empty if the procedure only helps to pay an open bill.
    """

    carrier: CarrierView
    content: RevisionContent
    restored: Sequence[str]


def find_help(
    assessments: Iterable[Assessment], situation: Situation, owners: Iterable[CarrierProcedures]
) -> Iterator[Help]:
    """Yield the supporting procedures that restore the missing needs.

    `owners` are in order of preference: once an owner restores a need, later ones are not searched
    for it.
    """
    lacking = _lacking(assessments, situation)
    to_pay = (_TO_PAY,) if situation.bill_open else ()
    missing = list(dict.fromkeys((*lacking, *to_pay)))
    for owner in owners:
        restored_by_owner: set[str] = set()
        for content in owner.supporting:
            restored = [need for need in missing if need in content.procedure.restores]
            if restored and _can_be_used(content, situation):
                yield Help(owner.carrier, content, [need for need in restored if need in lacking])
                restored_by_owner.update(restored)
        missing = [need for need in missing if need not in restored_by_owner]


def _lacking(assessments: Iterable[Assessment], situation: Situation) -> Sequence[str]:
    """Return the needs that block a procedure, and the ones stated as lacking, each once.

    Needs for a return are not restored.
    """
    blocking = (
        need
        for assessment in assessments
        if assessment.is_for_applicant
        for need in assessment.lacking
    )
    is_returned = situation.relations.is_returned
    stated = (need for need in sorted(situation.lack) if not is_returned(need))
    return list(dict.fromkeys((*blocking, *stated)))


def _can_be_used(content: RevisionContent, situation: Situation) -> bool:
    candidate = candidate_of(content, situation.relations)
    return not any(find_misfits(candidate, situation)) and not is_out_of_reach(candidate, situation)
