"""Rules of one procedure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Final

from app.catalogue.authoring.findings import Finding
from app.catalogue.authoring.loader import ParsedFile
from app.catalogue.codes import FeeKind, Possibility
from app.catalogue.documents import ProcedureDocument
from app.catalogue.goals import GOALS

NEEDS_IN_JAPAN: Final = frozenset({"shop_visit", "in_japan", "post_from_japan"})
"""Needs that cannot be met from abroad."""


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


PROCEDURE_RULES: Final[tuple[Callable[[ParsedFile[ProcedureDocument]], Iterable[Finding]], ...]] = (
    step_keys_are_unique,
    required_steps_come_first,
    outcome_fits_goal,
    needs_fit_from_abroad,
    fees_say_their_kind,
)
