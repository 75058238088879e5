"""What follows from the states of steps: progress, the next step, open requirements, upgrades.

Pure functions. `tick` in `store.py` refuses a step whose requirements are open.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.codes import Actor, Phase
from app.catalogue.documents import Step
from app.sessions.models import State, Tick

_OPEN = {State.TODO, State.BLOCKED}


@dataclass(frozen=True)
class Progress:
    """The progress of a checklist, in numbers of steps."""

    done: int
    total: int
    required_left: int
    """Steps that are not optional and not done."""
    next: str | None
    """The key of the next step; None if no step is open."""


@dataclass(frozen=True)
class Difference:
    """How another revision's steps differ from those of a session, by step key."""

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]


def state_of(ticks: Mapping[str, Tick], key: str) -> State:
    """Return the state of the step with the key; `todo` if it has no tick."""
    tick = ticks.get(key)
    return tick.state if tick else State.TODO


def progress(steps: Sequence[Step], ticks: Mapping[str, Tick]) -> Progress:
    """Return the progress of the checklist.

    `next` is the first `todo` step without open requirements or, if there is none, the first open
    step. `blocked` steps are open too.
    """
    states = {step.key: state_of(ticks, step.key) for step in steps}
    open_steps = [step for step in steps if states[step.key] in _OPEN]
    ready = [
        step for step in open_steps if states[step.key] is State.TODO and not missing(step, ticks)
    ]
    next_step = next(iter(ready or open_steps), None)
    return Progress(
        done=sum(state is State.DONE for state in states.values()),
        total=len(steps),
        required_left=sum(
            not step.optional and states[step.key] is not State.DONE for step in steps
        ),
        next=next_step.key if next_step else None,
    )


def open_steps(steps: Sequence[Step], ticks: Mapping[str, Tick]) -> list[Step]:
    """Return the steps that are neither done nor skipped."""
    return [step for step in steps if state_of(ticks, step.key) in _OPEN]


def unfinished(steps: Sequence[Step], ticks: Mapping[str, Tick]) -> list[Step]:
    """Return the steps that are open, or skipped although they are not optional."""
    skipped = {
        step.key
        for step in steps
        if state_of(ticks, step.key) is State.SKIPPED and not step.optional
    }
    return [step for step in steps if step.key in skipped or state_of(ticks, step.key) in _OPEN]


def requested_at(steps: Sequence[Step], ticks: Mapping[str, Tick]) -> dt.datetime | None:
    """Return when the person made the request, or None if they have not made it.

    The request is made once all required steps of the phase `act` that the person takes are done.
    The instant is that of the last of their ticks.
    """
    request_steps = [
        step
        for step in steps
        if step.phase is Phase.ACT and step.actor is Actor.YOU and not step.optional
    ]
    done = [step for step in request_steps if state_of(ticks, step.key) is State.DONE]
    instants = [at for step in done if (at := ticks[step.key].at) is not None]
    return max(instants) if instants and len(instants) == len(request_steps) else None


def missing(step: Step, ticks: Mapping[str, Tick]) -> list[str]:
    """Return the keys of the open steps that this step requires."""
    return [key for key in step.requires if state_of(ticks, key) in _OPEN]


def difference(before: Sequence[Step], after: Sequence[Step]) -> Difference:
    """Return how the steps of another revision differ, by step key."""
    old, new = {step.key: step for step in before}, {step.key: step for step in after}
    return Difference(
        added=[key for key in new if key not in old],
        changed=[key for key in new if key in old and new[key] != old[key]],
        removed=[key for key in old if key not in new],
    )


def upgraded(
    ticks: Mapping[str, Tick], before: Sequence[Step], after: Sequence[Step]
) -> dict[str, Tick]:
    """Return the ticks for another revision.

    Ticks of changed steps are marked `needs_review`; those of removed steps are dropped.
    """
    steps = difference(before, after)
    return {
        key: tick.model_copy(update={"needs_review": True}) if key in steps.changed else tick
        for key, tick in ticks.items()
        if key not in steps.removed
    }
