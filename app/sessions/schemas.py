"""Requests and responses of sessions."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.catalogue.codes import Actor, Evidence, Phase
from app.catalogue.content_presenter import ContentPresenter
from app.catalogue.documents import Step
from app.catalogue.parameters import Id
from app.catalogue.records import EditionView, RevisionContent
from app.catalogue.schemas import LinkOut, PaperOut, PhraseOut, SourceOut, StepOut, TermOut
from app.catalogue.vocabulary import VocabularyDocument
from app.facts.query import Facts
from app.i18n import Language, LanguageTag, ReadQuery
from app.links import procedure_url, session_url
from app.moment import ReaderZone
from app.sessions import progress
from app.sessions.models import State, StoredFacts, Tick
from app.sessions.store import SessionView, Update
from app.timeline.events import Timeline
from app.timeline.presenter import TimelinePresenter, sources_of
from app.timeline.schemas import EventOut, NeededFactOut
from app.zones import JAPAN


class SessionQuery(ReadQuery):
    """The language and the zone of a session's response."""

    tz: ReaderZone = JAPAN.key


class SessionIn(BaseModel):
    """Which procedure to start a checklist session for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"carrier": "rakuten-mobile", "procedure": "cancel-online-or-app", "language": "en"}
            ]
        },
    )

    carrier: Id = Field(description="Id of the carrier.", examples=["rakuten-mobile"])
    procedure: Id = Field(description="Id of the procedure.", examples=["cancel-online-or-app"])
    language: LanguageTag | None = Field(
        default=None, description="Language of the session; null: that of the request."
    )
    facts: Facts = Field(
        default=Facts(), description="Dates and closed answers that are known already."
    )


class SessionChangeIn(BaseModel):
    """What to change of a session; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"facts": {"closing_day": 20}}]},
    )

    language: LanguageTag | None = Field(
        default=None, description="Language of the session from now on."
    )
    facts: Facts | None = Field(default=None, description="Facts to set, or with null to remove.")


class TickIn(BaseModel):
    """The new state of a step."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"state": "done"}]},
    )

    state: State
    acknowledge: bool = Field(
        default=False,
        strict=True,
        description="Do it although it cannot be undone, or although required steps are open.",
    )


class StepStateOut(BaseModel):
    """A step of the session's revision and how far it is."""

    key: str
    position: int
    phase: Phase
    actor: Actor = Field(description="Who acts: what the company does is only waited for.")
    state: State
    needs_review: bool = Field(
        description="The step has changed since it was ticked: look at it again."
    )
    title: str
    detail: str
    optional: bool
    irreversible: bool
    missing: list[str] = Field(description="Required steps that are still open.")
    needs: list[TermOut]
    loses: list[TermOut]
    screen_words: list[PhraseOut]
    say: list[PhraseOut]
    links: list[LinkOut]
    evidence: Evidence


class ProgressOut(BaseModel):
    """How far the checklist is."""

    done: int
    total: int
    required_left: int = Field(description="Steps that are not optional and not done.")
    next: str | None = Field(description="Key of the step to do next; null when none is open.")


class UpdateOut(BaseModel):
    """What has become of the procedure since: move on with POST …/upgrade."""

    newest_revision: int
    added: list[str]
    changed: list[str]
    removed: list[str]
    retired: bool = Field(
        description="The procedure has left the catalogue; the session still works."
    )
    successor: str | None = Field(description="Address of what took its place.")

    @classmethod
    def of(cls, update: Update) -> "UpdateOut":
        """Return the update."""
        steps = update.steps or progress.Difference([], [], [])
        carrier, _, procedure = (update.successor or "").partition("/")
        return cls(
            newest_revision=update.newest_revision,
            added=list(steps.added),
            changed=list(steps.changed),
            removed=list(steps.removed),
            retired=update.retired,
            successor=procedure_url(carrier, procedure) if procedure else None,
        )


class SessionTimelineOut(BaseModel):
    """The dates that follow from the procedure's rules and the session's facts.

    They count from when the request was made, or as if it is made now.
    """

    at: dt.datetime = Field(
        description="When the last step of the request was ticked; until then now."
    )
    zone: str = Field(description="The reader's zone.")
    events: list[EventOut] = Field(description="In order of time; what has no date comes last.")
    needs_facts: list[NeededFactOut] = Field(
        description="Facts that would tell more: add them to the session."
    )
    sources: list[SourceOut]


class SessionLinks(BaseModel):
    """Where more of the session is."""

    self: str
    procedure: str
    calendar: str


class SessionOut(BaseModel):
    """A checklist session as it is now."""

    id: uuid.UUID
    language: Language
    carrier: str
    procedure: str
    revision: int = Field(description="The revision the session keeps to until it is upgraded.")
    title: str
    steps: list[StepStateOut]
    progress: ProgressOut
    needs: list[TermOut] = Field(description="What the open steps need at hand.")
    documents: list[PaperOut] = Field(description="Papers to gather, while steps are open.")
    facts: StoredFacts
    timeline: SessionTimelineOut
    update_available: UpdateOut | None = Field(
        description="Null: the session is on the newest revision."
    )
    created_at: dt.datetime
    changed_at: dt.datetime
    expires_at: dt.datetime = Field(
        description="The session is removed then; every change puts it off."
    )
    links: SessionLinks

    @classmethod
    def of(
        cls, view: SessionView, timeline: Timeline, presenter: TimelinePresenter
    ) -> "SessionOut":
        """Return the session in the language and for the zone of the presenter."""
        return cls(**_fields(view, timeline, presenter))


class SessionCreatedOut(SessionOut):
    """A new session with its token."""

    token: str = Field(
        description="Opens the session; shown here only. Send it as `Authorization: Bearer …`."
    )

    @classmethod
    def created(
        cls, view: SessionView, timeline: Timeline, presenter: TimelinePresenter, token: str
    ) -> "SessionCreatedOut":
        """Return the new session in the language and for the zone of the presenter."""
        return cls(**_fields(view, timeline, presenter), token=token)


class TokenOut(BaseModel):
    """The token that opens the session from now on."""

    token: str = Field(description="Replaces the one of the request, which has ended.")
    rights: Literal["write"]


class ShareOut(BaseModel):
    """A token to hand on."""

    token: str
    rights: Literal["read"]


def _fields(view: SessionView, timeline: Timeline, presenter: TimelinePresenter) -> dict[str, Any]:
    row, content, language = view.row, view.content, presenter.language
    revision = _presenter(content, view.edition, language)
    open_steps = progress.open_steps(content.steps, row.ticks)
    needs = dict.fromkeys(need for step in open_steps for need in step.needs)
    return {
        "id": row.id,
        "language": language,
        "carrier": content.carrier,
        "procedure": content.slug,
        "revision": content.number,
        "title": content.procedure.title[language],
        "steps": revision.steps(row.ticks),
        "progress": ProgressOut(**vars(progress.progress(content.steps, row.ticks))),
        "needs": revision.needs(needs),
        "documents": revision.documents if open_steps else [],
        "facts": row.facts,
        "timeline": _timeline(view, timeline, presenter),
        "update_available": UpdateOut.of(view.update) if view.update else None,
        "created_at": row.created_at,
        "changed_at": row.changed_at,
        "expires_at": row.expires_at,
        "links": SessionLinks(
            self=session_url(row.id),
            procedure=f"{procedure_url(content.carrier, content.slug)}/revisions/{content.number}",
            calendar=f"{session_url(row.id)}/calendar.ics",
        ),
    }


def _timeline(
    view: SessionView, timeline: Timeline, presenter: TimelinePresenter
) -> SessionTimelineOut:
    events = presenter.events(timeline, view.content.sources)
    return SessionTimelineOut(
        at=presenter.at.astimezone(presenter.zone),
        zone=presenter.zone.key,
        events=events,
        needs_facts=presenter.needed_facts(timeline, view.content.procedure),
        sources=sources_of(events, view.content.sources),
    )


class _RevisionPresenter:
    """A revision in one language: the part of a session's response that is the same each time."""

    def __init__(
        self, content: RevisionContent, vocabulary: VocabularyDocument, language: Language
    ) -> None:
        presenter = ContentPresenter(language, content.sources, vocabulary)
        self.documents: Final = presenter.papers(content.procedure.documents)
        self._presenter = presenter
        self._steps = [
            (step, _untouched(presenter.step(position, step)))
            for position, step in enumerate(content.steps, 1)
        ]

    def needs(self, codes: Iterable[str]) -> list[TermOut]:
        """Return the needs with their names."""
        return self._presenter.terms(codes, self._presenter.vocabulary.needs)

    def steps(self, ticks: Mapping[str, Tick]) -> list[StepStateOut]:
        """Return the steps in the states of the ticks."""
        return [_ticked(step, untouched, ticks) for step, untouched in self._steps]


def _untouched(step: StepOut) -> StepStateOut:
    """Return the step before it is ticked; fields that a session does not show are dropped."""
    return StepStateOut(**dict(step), state=State.TODO, needs_review=False, missing=[])


def _ticked(step: Step, untouched: StepStateOut, ticks: Mapping[str, Tick]) -> StepStateOut:
    tick = ticks.get(step.key)
    missing = progress.missing(step, ticks)
    if tick is not None:
        changes = {"state": tick.state, "needs_review": tick.needs_review, "missing": missing}
        return untouched.model_copy(update=changes)
    return untouched.model_copy(update={"missing": missing}) if missing else untouched


@lru_cache(maxsize=512)
def _presenter(
    content: RevisionContent, edition: EditionView, language: Language
) -> _RevisionPresenter:
    return _RevisionPresenter(content, edition.vocabulary, language)
