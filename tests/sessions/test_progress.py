"""Progress, requirements and upgrades, computed from steps and ticks."""

import datetime as dt
from typing import Any, Final

import pytest

from app.catalogue.documents import Step
from app.sessions.models import State, Tick
from app.sessions.progress import (
    Difference,
    Progress,
    difference,
    missing,
    progress,
    requested_at,
    unfinished,
    upgraded,
)
from tests.support import builders

NINE: Final = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
TEN: Final = NINE + dt.timedelta(hours=1)


def step(key: str, **fields: Any) -> Step:  # noqa: ANN401 - any field of a step
    return Step.model_validate(builders.step(key, **fields))


def tick(state: State, at: dt.datetime | None = None) -> Tick:
    return Tick(state=state, at=at)


FIRST: Final = step("first", phase="prepare")
OPTIONAL: Final = step("optional", optional=True)
LAST: Final = step("last", requires=["first"])
STEPS: Final = [FIRST, OPTIONAL, LAST]


@pytest.mark.parametrize(
    ("ticks", "expected"),
    [
        ({}, Progress(done=0, total=3, required_left=2, next="first")),
        ({"first": State.DONE}, Progress(done=1, total=3, required_left=1, next="optional")),
        (
            {"first": State.DONE, "optional": State.SKIPPED},
            Progress(done=1, total=3, required_left=1, next="last"),
        ),
        # A blocked step is open, and named only when nothing else is ready.
        ({"first": State.BLOCKED}, Progress(done=0, total=3, required_left=2, next="optional")),
        (
            {"first": State.BLOCKED, "optional": State.DONE},
            Progress(done=1, total=3, required_left=2, next="first"),
        ),
        # A required step that was skipped is still required, though no longer open.
        (
            {"first": State.SKIPPED, "optional": State.DONE, "last": State.DONE},
            Progress(done=2, total=3, required_left=1, next=None),
        ),
        (
            dict.fromkeys(("first", "optional", "last"), State.DONE),
            Progress(done=3, total=3, required_left=0, next=None),
        ),
    ],
)
def test_progress_counts_and_names_the_next_step(
    ticks: dict[str, State], expected: Progress
) -> None:
    """The next step is the first open one whose requirements are done, else the first open one."""
    assert progress(STEPS, {key: tick(state) for key, state in ticks.items()}) == expected


@pytest.mark.parametrize(
    ("state", "is_missing"),
    [
        (State.TODO, True),
        (State.BLOCKED, True),
        (State.DONE, False),
        (State.SKIPPED, False),
    ],
)
def test_an_open_requirement_is_missing(state: State, *, is_missing: bool) -> None:
    """A required step is missing while it is open; skipped ones are not."""
    assert missing(LAST, {"first": tick(state)}) == (["first"] if is_missing else [])


def test_a_skipped_required_step_is_unfinished() -> None:
    """Unfinished are open steps, and those that were skipped although they are required."""
    skipped = dict.fromkeys(("first", "optional"), tick(State.SKIPPED))

    assert unfinished(STEPS, skipped) == [FIRST, LAST]


def test_the_request_is_made_with_the_last_required_act() -> None:
    """The time of the request is the latest tick of the person's own required acts."""
    acts = [FIRST, step("send"), step("confirm"), step("theirs", actor="carrier"), OPTIONAL]
    one = {"send": tick(State.DONE, TEN)}

    assert requested_at(acts, one) is None
    assert requested_at(acts, one | {"confirm": tick(State.DONE, NINE)}) == TEN
    assert requested_at([FIRST], {"first": tick(State.DONE, NINE)}) is None


def test_steps_of_another_revision_are_compared_by_key() -> None:
    """A difference lists the keys of new, changed and removed steps."""
    after = [FIRST, step("last", irreversible=True), step("new")]

    assert difference(STEPS, after) == Difference(
        added=["new"], changed=["last"], removed=["optional"]
    )


def test_an_upgrade_keeps_ticks_and_marks_changed_steps() -> None:
    """Ticks of unchanged steps stay, those of changed ones need a review, others are dropped."""
    before = {step.key: tick(State.DONE, NINE) for step in STEPS}
    after = [FIRST, step("last", irreversible=True), step("new")]

    assert upgraded(before, STEPS, after) == {
        "first": tick(State.DONE, NINE),
        "last": Tick(state=State.DONE, at=NINE, needs_review=True),
    }
