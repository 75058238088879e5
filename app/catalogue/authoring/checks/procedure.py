"""Rules of one procedure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Final

from app.catalogue.authoring.findings import Finding
from app.catalogue.authoring.loader import ParsedFile
from app.catalogue.codes import FeeKind, Possibility
from app.catalogue.documents import ProcedureDocument
from app.catalogue.goals import GOALS, Goal
from app.catalogue.vocabulary import NEEDS_IN_JAPAN


def step_keys_are_unique(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """No two steps of a procedure have the same key."""
    counts = Counter(step.key for step in file.document.steps)
    for position, step in enumerate(file.document.steps):
        if counts[step.key] > 1:
            yield file.finding(
                ("steps", position, "key"),
                f"several steps have the key {step.key}",
                "give each its own",
            )


def required_steps_come_first(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """A step requires only existing steps before it, and never itself in a circle."""
    positions = {step.key: position for position, step in enumerate(file.document.steps)}
    for position, step in enumerate(file.document.steps):
        for number, key in enumerate(step.requires):
            here = ("steps", position, "requires", number)
            if key not in positions:
                yield file.finding(
                    here, f"no step has the key {key}", f"use one of {', '.join(positions)}"
                )
            elif positions[key] >= position:
                yield file.finding(
                    here,
                    f"the step {key} does not come before this one",
                    "put it first, or drop it here",
                )
    try:
        TopologicalSorter({step.key: step.requires for step in file.document.steps}).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        start = positions.get(circle[0], 0)
        yield file.finding(
            ("steps", start, "requires"),
            f"steps require each other: {' → '.join(circle)}",
            "break the circle",
        )


def outcome_fits_goal(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """The outcome of a procedure is one that its goal can have."""
    document = file.document
    allowed = GOALS[document.goal].outcomes
    if document.outcome not in allowed:
        yield file.finding(
            ("outcome",),
            f"{document.outcome} cannot come of the goal {document.goal}",
            f"use {' or '.join(sorted(allowed))}",
        )


def needs_fit_from_abroad(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """What can be done from abroad has no step that must be done in Japan."""
    if file.document.from_abroad is not Possibility.POSSIBLE:
        return
    for position, step in enumerate(file.document.steps):
        if not step.optional:
            for need in NEEDS_IN_JAPAN.intersection(step.needs):
                yield file.finding(
                    ("steps", position, "needs"),
                    f"{need} contradicts from_abroad: possible",
                    "fix one of the two",
                )


def fees_say_their_kind(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """Every fee says what it is for: a fee for leaving leads to the check of the law's caps."""
    for position, fee in enumerate(file.document.fees):
        if "kind" not in fee.model_fields_set:
            yield file.finding(
                ("fees", position),
                "the fee does not say what it is for",
                f"add kind: {' or '.join(FeeKind)}",
            )


def conditions_are_of_conditional_ones(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """Only a conditional procedure has a condition."""
    document = file.document
    if not document.conditional:
        for field in ("condition", "only_lacking"):
            if getattr(document, field):
                yield file.finding(
                    (field,), "the procedure is not conditional", "add conditional: true"
                )


def recovery_restores_needs(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """A procedure that restores access is a supporting one and names what it restores."""
    document = file.document
    restores_access = document.goal is Goal.RESTORE_ACCESS
    if restores_access != bool(document.restores):
        yield file.finding(
            ("restores",) if document.restores else ("goal",),
            "restores goes with goal restore_access, and only with it",
            "add the needs that it restores, or change the goal",
        )
    if restores_access and not document.supporting:
        yield file.finding(
            ("goal",), "access recovery supports other procedures", "add supporting: true"
        )


def replacements_are_of_the_same_list(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """A step replaces only its own needs, and a paper only papers of the procedure."""
    for position, step in enumerate(file.document.steps):
        for need in step.replaced_by:
            if need not in step.needs:
                yield file.finding(
                    ("steps", position, "replaced_by", need),
                    f"the step does not need {need}",
                    "add it to needs, or remove it here",
                )
    papers = {paper.code for paper in file.document.documents}
    for number, paper in enumerate(file.document.documents):
        for code in (*paper.instead_of, *paper.only_with):
            if code not in papers:
                yield file.finding(
                    ("documents", number),
                    f"{code} is not a document of this procedure",
                    "list it too, or remove it here",
                )


PROCEDURE_RULES: Final[tuple[Callable[[ParsedFile[ProcedureDocument]], Iterable[Finding]], ...]] = (
    step_keys_are_unique,
    required_steps_come_first,
    outcome_fits_goal,
    needs_fit_from_abroad,
    fees_say_their_kind,
    conditions_are_of_conditional_ones,
    recovery_restores_needs,
    replacements_are_of_the_same_list,
)
