"""Rules for a single procedure."""

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
    """Keys of steps are unique in the procedure."""
    counts = Counter(step.key for step in file.document.steps)
    for position, step in enumerate(file.document.steps):
        if counts[step.key] > 1:
            yield file.finding(
                ("steps", position, "key"),
                f"several steps have the key {step.key}",
                "give each its own",
            )


def required_steps_come_first(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """A step requires only existing steps that come before it, without circles."""
    positions = {step.key: position for position, step in enumerate(file.document.steps)}
    for position, step in enumerate(file.document.steps):
        for number, key in enumerate(step.requires):
            location = ("steps", position, "requires", number)
            if key not in positions:
                yield file.finding(
                    location, f"no step has the key {key}", f"use one of {', '.join(positions)}"
                )
            elif positions[key] >= position:
                yield file.finding(
                    location,
                    f"the step {key} does not come before this one",
                    "move it before this one, or remove it here",
                )
    try:
        TopologicalSorter({step.key: step.requires for step in file.document.steps}).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        start = positions.get(circle[0], 0)
        yield file.finding(
            ("steps", start, "requires"),
            f"steps require each other: {' → '.join(circle)}",
            "remove one of these requirements",
        )


def outcome_fits_goal(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """The outcome of a procedure is possible for its goal (`GoalPolicy.outcomes`)."""
    document = file.document
    allowed = GOALS[document.goal].outcomes
    if document.outcome not in allowed:
        yield file.finding(
            ("outcome",),
            f"{document.outcome} is not an outcome of the goal {document.goal}",
            f"use {' or '.join(sorted(allowed))}",
        )


def needs_fit_from_abroad(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """A procedure that is possible from abroad has no required step that needs Japan."""
    if file.document.from_abroad is not Possibility.POSSIBLE:
        return
    for position, step in enumerate(file.document.steps):
        if not step.optional:
            for need in NEEDS_IN_JAPAN.intersection(step.needs):
                yield file.finding(
                    ("steps", position, "needs"),
                    f"{need} contradicts from_abroad: possible",
                    "correct one of the two",
                )


def fees_say_their_kind(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """Every fee has a kind: early cancellation fees are checked against the legal caps."""
    for position, fee in enumerate(file.document.fees):
        if "kind" not in fee.model_fields_set:
            yield file.finding(
                ("fees", position),
                "the fee has no kind",
                f"add kind: {' or '.join(FeeKind)}",
            )


def conditions_are_of_conditional_ones(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """Only conditional procedures have `condition` or `only_lacking`."""
    document = file.document
    if not document.conditional:
        for field in ("condition", "only_lacking"):
            if getattr(document, field):
                yield file.finding(
                    (field,),
                    "the procedure is not conditional",
                    f"add conditional: true, or remove {field}",
                )


def recovery_restores_needs(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """Procedures for restore_access, and only these, restore needs. They are supporting."""
    document = file.document
    restores_access = document.goal is Goal.RESTORE_ACCESS
    if restores_access != bool(document.restores):
        yield file.finding(
            ("restores",) if document.restores else ("goal",),
            "restores and the goal restore_access require each other",
            "list the needs that it restores, or change the goal",
        )
    if restores_access and not document.supporting:
        yield file.finding(
            ("goal",), "access recovery supports other procedures", "add supporting: true"
        )


def replacements_are_of_the_same_list(file: ParsedFile[ProcedureDocument]) -> Iterator[Finding]:
    """Keys of `replaced_by` are needs of the step; papers refer only to papers of the procedure."""
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
                    "add it to documents, or remove it here",
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
