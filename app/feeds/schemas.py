"""Response schemas of calendar feeds."""

import datetime as dt
import uuid

from pydantic import BaseModel, Field

from app.feeds.models import CalendarFeed


class FeedOut(BaseModel):
    """A calendar feed. Its URL is shown only when it is created."""

    id: uuid.UUID
    language: str = Field(description="Language of its texts, a BCP 47 tag.")
    zone: str = Field(description="IANA zone of the reader.")
    created_at: dt.datetime = Field(description="In UTC.")

    @classmethod
    def of(cls, feed: CalendarFeed) -> "FeedOut":
        """Return the feed without its URL."""
        return cls(id=feed.id, language=feed.language, zone=feed.zone, created_at=feed.created_at)


class FeedCreatedOut(FeedOut):
    """A new calendar feed with its URL."""

    url: str = Field(
        description="URL to subscribe to; it is shown only here. Anyone who has it can see dates "
        "and step titles. It is a path if the service does not know its public URL "
        "(`KAIYAKU_PUBLIC_URL`)."
    )
    webcal_url: str | None = Field(
        description="The same URL with the scheme `webcal`, which opens calendar apps; null if the "
        "service does not know its public URL."
    )

    @classmethod
    def created(cls, feed: CalendarFeed, url: str) -> "FeedCreatedOut":
        """Return the feed with its URL, which is absolute or a path."""
        scheme, separator, rest = url.partition("://")
        return cls(
            **vars(FeedOut.of(feed)),
            url=url,
            webcal_url=f"webcal://{rest}" if separator and scheme in {"http", "https"} else None,
        )


class FeedsOut(BaseModel):
    """The calendar feeds of a session, the oldest first."""

    items: list[FeedOut]
    most: int = Field(description="The largest number of feeds that a session can have.")
