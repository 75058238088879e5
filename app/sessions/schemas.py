"""Request and response schemas of sessions."""

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
        default=None, description="Language of the session; null: the language of the request."
    )
    facts: Facts = Field(
        default=Facts(), description="Facts that are already known: dates, numbers and choices."
    )


class SessionChangeIn(BaseModel):
    """A change of a session. Omitted fields stay unchanged."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"facts": {"closing_day": 20}}]},
    )

    language: LanguageTag | None = Field(
        default=None, description="New language of the session; null: unchanged."
    )
    facts: Facts | None = Field(
        default=None, description="Facts to set; a fact that is null is removed."
    )


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
        description="Whether to set `done` although the step cannot be undone, or although steps "
        "that it requires are open.",
    )


class StepStateOut(BaseModel):
    """A step of the session's revision, and its state."""

    key: str = Field(description="Key of the step, unique in the procedure.")
    position: int = Field(description="Position of the step, from 1.")
    phase: Phase
    actor: Actor = Field(description="Who acts. If it is the carrier, the person only waits.")
    state: State
    needs_review: bool = Field(description="Whether the step has changed since its state was set.")
    title: str
    detail: str
    optional: bool = Field(description="Whether the step can be skipped.")
    irreversible: bool = Field(description="Whether the step cannot be undone.")
    missing: list[str] = Field(description="Keys of open steps that this step requires.")
    needs: list[TermOut] = Field(description="What the person needs for the step.")
    loses: list[TermOut] = Field(description="What is permanently lost once the step is done.")
    screen_words: list[PhraseOut] = Field(description="Japanese words on the screen.")
    say: list[PhraseOut] = Field(description="Japanese sentences to say or write.")
    links: list[LinkOut]
    evidence: Evidence


class ProgressOut(BaseModel):
    """The progress of the checklist, in numbers of steps."""

    done: int
    total: int
    required_left: int = Field(description="Steps that are neither optional nor done.")
    next: str | None = Field(description="Key of the step to do next; null if no step is open.")


class UpdateOut(BaseModel):
    """How the procedure has changed since the session's revision. Update with POST …/upgrade."""

    newest_revision: int
    added: list[str] = Field(description="Keys of new steps.")
    changed: list[str] = Field(description="Keys of changed steps.")
    removed: list[str] = Field(description="Keys of removed steps.")
    retired: bool = Field(
        description="Whether the procedure has been removed from the catalogue; the session still "
        "works."
    )
    successor: str | None = Field(
        description="URL of the procedure that replaces a retired one; null if there is none."
    )

    @classmethod
    def of(cls, update: Update) -> "UpdateOut":
        """Return the update with step keys and the successor's URL."""
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

    They are computed for the instant of the person's request to the carrier, or for now until the
    request is made.
    """

    at: dt.datetime = Field(
        description="The instant for which the dates are computed: when the last step of the "
        "request to the carrier was done or, until then, now."
    )
    zone: str = Field(description="The reader's IANA zone.")
    events: list[EventOut] = Field(description="In order of time; events without a date are last.")
    needs_facts: list[NeededFactOut] = Field(
        description="Missing facts that would give more dates; add them to the session."
    )
    sources: list[SourceOut] = Field(description="The sources that the events cite.")


class SessionLinks(BaseModel):
    """URLs of the session and of related resources."""

    self: str = Field(description="The session.")
    procedure: str = Field(description="The revision of the procedure that the session follows.")
    calendar: str = Field(description="The session as an iCalendar file.")


class SessionOut(BaseModel):
    """A checklist session in its current state."""

    id: uuid.UUID
    language: Language = Field(description="Language of this response.")
    carrier: str = Field(description="Id of the carrier.")
    procedure: str = Field(description="Id of the procedure.")
    revision: int = Field(description="Revision that the session follows until it is upgraded.")
    title: str = Field(description="Title of the procedure.")
    steps: list[StepStateOut]
    progress: ProgressOut
    needs: list[TermOut] = Field(description="What the person needs for the open steps.")
    documents: list[PaperOut] = Field(description="Documents to gather; empty if no step is open.")
    facts: StoredFacts = Field(description="The stored facts by name; dates as YYYY-MM-DD.")
    timeline: SessionTimelineOut
    update_available: UpdateOut | None = Field(
        description="Null if the session follows the newest revision, and the procedure is not "
        "retired."
    )
    created_at: dt.datetime = Field(description="In UTC.")
    changed_at: dt.datetime = Field(description="When the session was last changed, in UTC.")
    expires_at: dt.datetime = Field(
        description="When the session expires: 180 days after the last change; in UTC. Expired "
        "sessions are deleted."
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
        description="Token that can read and change the session; it is shown only here. Send it as "
        "`Authorization: Bearer …`."
    )

    @classmethod
    def created(
        cls, view: SessionView, timeline: Timeline, presenter: TimelinePresenter, token: str
    ) -> "SessionCreatedOut":
        """Return the new session in the language and for the zone of the presenter."""
        return cls(**_fields(view, timeline, presenter), token=token)


class TokenOut(BaseModel):
    """The new token of the session's owner."""

    token: str = Field(description="Replaces the token of the request, which is no longer valid.")
    rights: Literal["write"]


class ShareOut(BaseModel):
    """A shared token."""

    token: str = Field(description="Token that can only read the session.")
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
    """A revision in one language: the part of a session's response that is the same every time."""

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
    """Return the step in the state `todo`, without fields that a session does not show."""
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
