"""Desks: whom to contact if no procedure helps, or about money.

Picks contacts of a carrier that the person can reach from where they are, at most three, in an
order that depends on their place, goal and language and on the opening hours. `state` decides
whether desks are shown. The policy: docs/guide.md.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from app.catalogue.carrier_schemas import ContactOut
from app.catalogue.codes import GENERIC_CARRIER, Applicant, Channel, ContactTopic, Possibility
from app.catalogue.content_presenter import ContentPresenter
from app.catalogue.documents import Contact
from app.catalogue.goals import Goal
from app.catalogue.phone_numbers import PhoneKind
from app.catalogue.presenter import carrier_ref
from app.catalogue.records import CarrierView
from app.contacts.schemas import OpenContactOut, open_contact
from app.guide.presenter import GuidePresenter
from app.guide.schemas import DeskOut
from app.guide.situation import Situation

_MOST_DESKS: Final = 3

_CHANNELS_WITHOUT_ADDRESS: Final = frozenset({Channel.CHAT, Channel.WEB, Channel.APP})
"""Channels for which a label is enough, such as the name of a page; they need no address."""

_TOPICS: Final[Mapping[Goal, ContactTopic]] = {
    Goal.REPORT_LOSS: ContactTopic.LOSS,
    Goal.SUSPEND: ContactTopic.LOSS,
    Goal.REQUEST_REFUND: ContactTopic.REFUNDS,
    Goal.STILL_CHARGED: ContactTopic.PAYMENT,
}
"""The topic of the contacts that help with a goal; for any other goal it is `contracts`."""


def find_desks(carrier: CarrierView, presenter: GuidePresenter) -> list[DeskOut]:
    """Return at most three desks of the carrier; for `generic`, public bodies for complaints.

    Desks out of the person's reach are left out. The others are sorted by `_Order`.
    """
    situation, language = presenter.situation, presenter.language
    context = ContentPresenter(language, carrier.document.sources, presenter.edition.vocabulary)
    contacts = [
        open_contact(context, contact, presenter.at, presenter.zone)
        for contact in _relevant(carrier, situation)
    ]
    reachable = [
        contact
        for contact in contacts
        if is_reachable(contact, situation)
        # A carrier's short code can be dialled only from its own line.
        and not (situation.has_ended and carrier.slug != GENERIC_CARRIER and _is_short(contact))
    ]
    reachable.sort(key=lambda contact: _order(contact, situation, language))
    return [
        DeskOut(**dict(contact), carrier=carrier_ref(carrier, language))
        for contact in reachable[:_MOST_DESKS]
    ]


def is_reachable(contact: ContactOut, situation: Situation) -> bool:
    """Return whether, as far as is known, the person can reach the contact from where they are."""
    if contact.address is None and contact.channel not in _CHANNELS_WITHOUT_ADDRESS:
        return False
    if contact.channel is Channel.PHONE and "working_phone" in situation.possessions.lack:
        return False
    return situation.location != "abroad" or contact.from_abroad is not Possibility.IMPOSSIBLE


def _is_short(contact: ContactOut) -> bool:
    return contact.phone is not None and contact.phone.kind is PhoneKind.SHORT_CODE


def _relevant(carrier: CarrierView, situation: Situation) -> Iterator[Contact]:
    """Yield, of `generic`, the contacts for complaints; of any other carrier, the rest.

    Contacts without a topic are left out. A desk for business customers is only for companies.
    """
    is_generic = carrier.slug == GENERIC_CARRIER
    for contact in carrier.document.contacts:
        if not contact.topics:
            continue
        is_business_only = contact.topics == (ContactTopic.BUSINESS,)
        if (ContactTopic.COMPLAINTS in contact.topics) is is_generic and (
            not is_business_only or situation.applicant is Applicant.COMPANY
        ):
            yield contact


def _topic(situation: Situation) -> ContactTopic:
    """Return the contact topic that fits the person's case best."""
    if situation.applicant is Applicant.COMPANY:
        return ContactTopic.BUSINESS
    goal = Goal.STILL_CHARGED if situation.has_ended else situation.goal
    return _TOPICS.get(goal, ContactTopic.CONTRACTS) if goal else ContactTopic.CONTRACTS


class _Order(NamedTuple):
    """Sort key of desks: the lowest comes first, and earlier fields count more."""

    may_be_out_of_reach: bool
    is_for_something_else: bool
    has_no_address: bool
    speaks_another_language: bool
    is_closed: bool


def _order(contact: OpenContactOut, situation: Situation, language: str) -> _Order:
    topic = _topic(situation)
    spoken = language.split("-", maxsplit=1)[0]
    return _Order(
        situation.location == "abroad" and contact.from_abroad is not Possibility.POSSIBLE,
        topic not in contact.topics and ContactTopic.COMPLAINTS not in contact.topics,
        contact.address is None,
        not any(tag.split("-")[0] == spoken for tag in contact.languages),
        contact.open_now is False,
    )
