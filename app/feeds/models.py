"""The table of calendar feeds."""

import datetime as dt
import uuid

from sqlmodel import Field, SQLModel


class CalendarFeed(SQLModel, table=True):
    """A calendar feed of a session. Its address is stored only as a hash."""

    __tablename__ = "calendar_feed"

    id: uuid.UUID = Field(default_factory=uuid.uuid4, primary_key=True)
    session_id: uuid.UUID = Field(
        foreign_key="checklist_session.id", index=True, ondelete="CASCADE"
    )
    address_hash: str = Field(
        max_length=64, unique=True, description="SHA-256 of the address's secret part, in hex."
    )
    owner_token_version: int = Field(
        description="Version of the owner's token at creation: replacing the token ends the feed."
    )
    language: str = Field(max_length=64, description="Language of its texts, a BCP 47 tag.")
    zone: str = Field(max_length=64, description="IANA zone of the reader.")
    created_at: dt.datetime
