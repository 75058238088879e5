"""What the addresses of calendar feeds take and give."""

import datetime as dt
import uuid

from pydantic import BaseModel, Field

from app.feeds.models import CalendarFeed


class FeedOut(BaseModel):
    """A calendar feed. Its address was shown when it was created."""

    id: uuid.UUID
    language: str = Field(description="Language of its texts, as when it was created.")
    zone: str = Field(description="IANA zone of the reader, as when it was created.")
    created_at: dt.datetime

    @classmethod
    def of(cls, feed: CalendarFeed) -> "FeedOut":
        """Return the feed without its address."""
        return cls(id=feed.id, language=feed.language, zone=feed.zone, created_at=feed.created_at)


class FeedCreatedOut(FeedOut):
    """A new calendar feed with its address."""

    url: str = Field(
        description="Address to subscribe to; shown here only. Whoever has it sees dates and step "
        "titles. Absolute where the service knows its public address."
    )
    webcal_url: str | None = Field(
        description="The same with `webcal:`, which opens calendar apps; null where the service "
        "does not know its public address (`KAIYAKU_PUBLIC_URL`)."
    )

    @classmethod
    def created(cls, feed: CalendarFeed, url: str) -> "FeedCreatedOut":
        """Return the feed with its address, absolute or a path."""
        scheme, separator, rest = url.partition("://")
        return cls(
            **vars(FeedOut.of(feed)),
            url=url,
            webcal_url=f"webcal://{rest}" if separator and scheme in {"http", "https"} else None,
        )


class FeedsOut(BaseModel):
    """The calendar feeds of a session, the oldest first."""

    items: list[FeedOut]
    most: int = Field(description="How many a session can have.")
