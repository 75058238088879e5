"""What follows from the states of steps: progress, the next step, open requirements."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.codes import Actor, Phase
from app.catalogue.documents import Step
from app.sessions.models import State, Tick

_OPEN = {State.TODO, State.BLOCKED}


@dataclass(frozen=True)
class Progress:
    """How far a checklist is."""

    done: int
    total: int
    required_left: int
    next: str | None


@dataclass(frozen=True)
class Difference:
    """How another revision's steps differ from those of a session, by step key."""

    added: Sequence[str]
    changed: Sequence[str]
    removed: Sequence[str]


def state_of(ticks: Mapping[str, Tick], key: str) -> State:
    """Return the state of a step."""
    tick = ticks.get(key)
    return tick.state if tick else State.TODO


def progress(steps: Sequence[Step], ticks: Mapping[str, Tick]) -> Progress:
    """Return how far the checklist is.

    `next` is the first open step whose requirements are done, otherwise the first open step.
    """
    states = {step.key: state_of(ticks, step.key) for step in steps}
    open_steps = [step for step in steps if states[step.key] in _OPEN]
    ready = [
        step for step in open_steps if states[step.key] is State.TODO and not missing(step, ticks)
    ]
    following = next(iter(ready or open_steps), None)
    return Progress(
        done=sum(state is State.DONE for state in states.values()),
        total=len(steps),
        required_left=sum(
            not step.optional and states[step.key] is not State.DONE for step in steps
        ),
        next=following.key if following else None,
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
    """Return when the person did the last step that makes the request; None before."""
    acts = [
        step
        for step in steps
        if step.phase is Phase.ACT and step.actor is Actor.YOU and not step.optional
    ]
    done = [ticks[step.key].at for step in acts if state_of(ticks, step.key) is State.DONE]
    times = [at for at in done if at is not None]
    return max(times) if acts and len(times) == len(acts) else None


def missing(step: Step, ticks: Mapping[str, Tick]) -> list[str]:
    """Return the keys of the steps that this one requires and that are still open."""
    return [key for key in step.requires if state_of(ticks, key) in _OPEN]


def difference(before: Sequence[Step], after: Sequence[Step]) -> Difference:
    """Return how the steps of another revision differ."""
    old, new = {step.key: step for step in before}, {step.key: step for step in after}
    return Difference(
        added=[key for key in new if key not in old],
        changed=[key for key in new if key in old and new[key] != old[key]],
        removed=[key for key in old if key not in new],
    )


def upgraded(
    ticks: Mapping[str, Tick], before: Sequence[Step], after: Sequence[Step]
) -> dict[str, Tick]:
    """Return the ticks for another revision; those of changed steps need a review."""
    differs = difference(before, after)
    return {
        key: tick.model_copy(update={"needs_review": True}) if key in differs.changed else tick
        for key, tick in ticks.items()
        if key not in differs.removed
    }
