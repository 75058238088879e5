"""Request and response schemas of a carrier's contacts."""

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
    """The instant for which opening is computed, and the reader's zone."""

    at: RequestInstant = None
    tz: ReaderZone = JAPAN.key


class OpenContactOut(ContactOut):
    """A contact, and whether it is open."""

    open_now: bool | None = Field(
        description="Whether the contact is open; null if its hours are not known, or not for this "
        "weekday or holiday."
    )
    closes_at: dt.datetime | None = Field(
        description="When an open contact closes, in the reader's zone; null if it never closes, "
        "or is not known to be open."
    )
    next_opening: dt.datetime | None = Field(
        description="When the contact opens next for certain, in the reader's zone; null if that "
        "is not known, or the contact is open."
    )


class ContactsOut(CatalogueResponse):
    """The contacts of a carrier, and which of them are open at an instant."""

    carrier: str = Field(description="Id of the carrier.")
    at: dt.datetime = Field(description="The instant, in the reader's zone.")
    zone: str = Field(description="The reader's IANA zone.")
    contacts: list[OpenContactOut] = Field(description="Empty if no contact is known.")
    instead: str | None = Field(
        description="If no contact is known: URL of the contacts of public bodies that can help. "
        "Otherwise null."
    )
    sources: list[SourceOut] = Field(description="The sources that the contacts cite.")

    @classmethod
    def of(
        cls,
        edition: EditionView,
        carrier: CarrierView,
        at: dt.datetime,
        zone_name: str,
        language: Language,
    ) -> "ContactsOut":
        """Return the carrier's contacts in the language, with instants in the reader's zone."""
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
    """Return the contact and whether it is open at `at`, with instants in the reader's zone."""
    opening = find_opening(contact.hours, at)
    closes_at, next_opening = opening.closes_at, opening.next_opening
    return OpenContactOut(
        **dict(context.contact(contact)),
        open_now=opening.open_now,
        closes_at=closes_at.astimezone(reader_zone) if closes_at else None,
        next_opening=next_opening.astimezone(reader_zone) if next_opening else None,
    )
