"""What the contacts of a carrier take and give."""

import datetime as dt
from zoneinfo import ZoneInfo

from pydantic import Field

from app.catalogue.citations import cited_sources
from app.catalogue.presenter import ContentPresenter
from app.catalogue.records import CarrierView, EditionView
from app.catalogue.schemas import CatalogueResponse, ContactOut, SourceOut
from app.contacts.opening_hours import opening
from app.i18n import Language, ReadQuery
from app.moment import ReaderZone, RequestInstant
from app.zones import JAPAN


class ContactsQuery(ReadQuery):
    """When, and for whom, the contacts are asked for."""

    at: RequestInstant = None
    tz: ReaderZone = JAPAN.key


class OpenContactOut(ContactOut):
    """A contact, and whether it answers."""

    open_now: bool | None = Field(
        description="Null: the hours are not known, or not on which days they hold, or not those of a holiday."
    )
    closes_at: dt.datetime | None = Field(
        description="While it is open: until when, in the reader's zone; null: it does not close."
    )
    next_opening: dt.datetime | None = Field(
        description="While it is closed: when it opens next, in the reader's zone."
    )


class ContactsOut(CatalogueResponse):
    """The ways to reach a carrier, and which of them answer at the instant."""

    carrier: str
    at: dt.datetime
    zone: str
    contacts: list[OpenContactOut]
    sources: list[SourceOut]

    @classmethod
    def of(
        cls,
        edition: EditionView,
        carrier: CarrierView,
        at: dt.datetime,
        zone: str,
        language: Language,
    ) -> "ContactsOut":
        """Return the contacts in the language and for the reader's zone."""
        document, where = carrier.document, ZoneInfo(zone)
        context = ContentPresenter(language, document.sources, edition.vocabulary)
        contacts = []
        for contact in document.contacts:
            now = opening(contact.hours, at)
            contacts.append(
                OpenContactOut(
                    **dict(context.contact(contact)),
                    open_now=now.open_now,
                    closes_at=now.closes_at.astimezone(where) if now.closes_at else None,
                    next_opening=now.next_opening.astimezone(where) if now.next_opening else None,
                )
            )
        cited = {source for contact in contacts for source in contact.sources}
        return cls(
            edition=edition.number,
            language=language,
            carrier=carrier.slug,
            at=at.astimezone(where),
            zone=zone,
            contacts=contacts,
            sources=cited_sources(document.sources, cited),
        )
