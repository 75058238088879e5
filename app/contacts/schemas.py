"""Schemas of the contacts of a carrier."""

import datetime as dt
from zoneinfo import ZoneInfo

from pydantic import Field

from app.catalogue.carrier_schemas import ContactOut
from app.catalogue.citations import cited_sources
from app.catalogue.codes import GENERIC_CARRIER
from app.catalogue.content_presenter import ContentPresenter
from app.catalogue.documents import Contact
from app.catalogue.records import CarrierView, EditionView
from app.catalogue.schemas import CatalogueResponse, SourceOut
from app.contacts.opening_hours import find_opening
from app.i18n import Language, ReadQuery
from app.links import carrier_url
from app.moment import ReaderZone, RequestInstant
from app.zones import JAPAN, zone


class ContactsQuery(ReadQuery):
    """At which instant, and for which reader."""

    at: RequestInstant = None
    tz: ReaderZone = JAPAN.key


class OpenContactOut(ContactOut):
    """A contact, and whether it is open."""

    open_now: bool | None = Field(
        description="Null: the hours are not known, or not for this day of the week or holiday."
    )
    closes_at: dt.datetime | None = Field(
        description="While it is open: until when, in the reader's zone; null: it does not close."
    )
    next_opening: dt.datetime | None = Field(
        description="While it is closed: when it opens next, in the reader's zone."
    )


class ContactsOut(CatalogueResponse):
    """The contacts of a carrier, and which of them are open at the instant."""

    carrier: str
    at: dt.datetime
    zone: str
    contacts: list[OpenContactOut] = Field(description="Empty: none is known.")
    instead: str | None = Field(
        description="Where none is known: address of the bodies that can help; else null."
    )
    sources: list[SourceOut]

    @classmethod
    def of(
        cls,
        edition: EditionView,
        carrier: CarrierView,
        at: dt.datetime,
        zone_name: str,
        language: Language,
    ) -> "ContactsOut":
        """Return the contacts in the language and for the reader's zone."""
        document, reader_zone = carrier.document, zone(zone_name)
        context = ContentPresenter(language, document.sources, edition.vocabulary)
        contacts = [
            open_contact(context, contact, at, reader_zone) for contact in document.contacts
        ]
        cited = {source for contact in contacts for source in contact.sources}
        return cls(
            edition=edition.number,
            language=language,
            carrier=carrier.slug,
            at=at.astimezone(reader_zone),
            zone=zone_name,
            contacts=contacts,
            instead=None if contacts else f"{carrier_url(GENERIC_CARRIER)}/contacts",
            sources=cited_sources(document.sources, cited),
        )


def open_contact(
    context: ContentPresenter, contact: Contact, at: dt.datetime, reader_zone: ZoneInfo
) -> OpenContactOut:
    """Return the contact with whether it is open at the instant, in the reader's zone."""
    opening = find_opening(contact.hours, at)
    closes_at, next_opening = opening.closes_at, opening.next_opening
    return OpenContactOut(
        **dict(context.contact(contact)),
        open_now=opening.open_now,
        closes_at=closes_at.astimezone(reader_zone) if closes_at else None,
        next_opening=next_opening.astimezone(reader_zone) if next_opening else None,
    )
