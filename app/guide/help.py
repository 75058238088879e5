"""Help: supporting procedures that restore needs that the person lacks, such as a sign-in.

Takes the assessments and the situation. The carrier's own supporting procedures come before the
generic ones. What a supporting procedure is: docs/decisions/0009.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.catalogue.records import CarrierView, RevisionContent
from app.guide.assess import Assessment, find_misfits, is_out_of_reach
from app.guide.candidates import candidate_of
from app.guide.carrier_procedures import CarrierProcedures
from app.guide.situation import Situation


class Help(NamedTuple):
    """A supporting procedure, its carrier, and the missing needs that it restores."""

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
    missing = _missing(assessments, situation)
    for owner in owners:
        restored_by_owner: set[str] = set()
        for content in owner.supporting:
            restored = [need for need in missing if need in content.procedure.restores]
            if restored and _can_be_used(content, situation):
                yield Help(owner.carrier, content, restored)
                restored_by_owner.update(restored)
        missing = [need for need in missing if need not in restored_by_owner]


def _missing(assessments: Iterable[Assessment], situation: Situation) -> list[str]:
    """Return the needs to restore, each once.

    They are the needs that block a procedure, the ones stated as lacking, and `payment_method` if a
    bill is open. Needs for a return are not restored.
    """
    blocking = (
        need
        for assessment in assessments
        if assessment.is_for_applicant
        for need in assessment.lacking
    )
    is_returned = situation.relations.is_returned
    stated = (need for need in sorted(situation.lack) if not is_returned(need))
    to_pay = ("payment_method",) if situation.bill_open else ()
    return list(dict.fromkeys((*blocking, *stated, *to_pay)))


def _can_be_used(content: RevisionContent, situation: Situation) -> bool:
    candidate = candidate_of(content, situation.relations)
    return not any(find_misfits(candidate, situation)) and not is_out_of_reach(candidate, situation)
