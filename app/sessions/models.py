"""The tables of checklist sessions. They hold dates, codes and hashes, but no personal data."""

import datetime as dt
import uuid
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from app.database import Json

StoredFacts = dict[str, str | int | bool]
"""Facts by name, in the types of JSON: a date is a text, YYYY-MM-DD."""


class State(StrEnum):
    """The state of a step."""

    TODO = "todo"
    DONE = "done"
    SKIPPED = "skipped"
    BLOCKED = "blocked"


class Tick(BaseModel):
    """The state of one step, and since when; `needs_review` if the step has changed since."""

    model_config = ConfigDict(frozen=True)

    state: State
    needs_review: bool = False
    at: dt.datetime | None = None


class ChecklistSession(SQLModel, table=True):
    """One person's progress through one revision.

    All of it is in one row, so a tick is one read and one write by its id (docs/decisions/0004).
    """

    __tablename__ = "checklist_session"
    __table_args__ = (CheckConstraint("version >= 1", name="version_from_one"),)

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    revision_id: int = Field(foreign_key="revision.id", index=True)
    language: str = Field(
        max_length=64,
        description="A BCP 47 tag: the language of responses unless a request names another.",
    )
    facts: StoredFacts = Field(sa_type=Json(StoredFacts))
    ticks: dict[str, Tick] = Field(
        sa_type=Json(dict[str, Tick]), description="By step key; a step without a tick is `todo`."
    )
    version: int = Field(default=1, description="Raised by every change; the ETag contains it.")
    share_token_version: int = Field(default=0, description="Raised to revoke all shared tokens.")
    owner_token_version: int = Field(
        default=0, description="Raised to invalidate the owner's token when it is replaced."
    )
    created_at: dt.datetime
    changed_at: dt.datetime
    expires_at: dt.datetime = Field(index=True)


class SessionCreation(SQLModel, table=True):
    """A creation that can be repeated for 24 hours, stored by the hash of its key."""

    __tablename__ = "session_creation"

    key_hash: str = Field(max_length=64, primary_key=True)
    request_hash: str = Field(max_length=64)
    session_id: uuid.UUID = Field(
        foreign_key="checklist_session.id", ondelete="CASCADE", index=True
    )
    expires_at: dt.datetime = Field(index=True)
