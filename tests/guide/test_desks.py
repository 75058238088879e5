"""Which contacts of a carrier are named where no procedure helps."""

import datetime as dt

from app.catalogue.codes import Applicant
from app.catalogue.goals import Goal
from app.guide.desks import find_desks
from app.guide.presenter import GuidePresenter
from app.guide.situation import Situation
from app.i18n import Language
from app.zones import JAPAN
from tests.support.builders import Content
from tests.support.guide import AT, UNKNOWN
from tests.support.guide_sample import company, desk, sample_guide
from tests.support.situations import LANGUAGES

PHONE = {"channel": "phone", "address": "03-1234-5678"}
ABROAD = Situation(location="abroad")


def found(
    contacts: dict[str, Content],
    situation: Situation = UNKNOWN,
    *,
    slug: str = "example",
    language: Language = LANGUAGES[0],
    at: dt.datetime = AT,
) -> list[str]:
    """Return the names of the contacts among the desks, in their order."""
    labelled = [
        contact | {"label": dict.fromkeys(LANGUAGES, name)} for name, contact in contacts.items()
    ]
    own = company({}, slug=slug, contacts=labelled)
    presenter = GuidePresenter(sample_guide().edition, situation, at, JAPAN.key, language)
    return [each.label for each in find_desks(own.carrier, presenter)]


def test_three_desks_at_most() -> None:
    """Three desks of a carrier are named at most."""
    assert found({f"desk-{number}": desk() for number in range(4)}) == [
        "desk-0",
        "desk-1",
        "desk-2",
    ]


def test_desks_can_be_reached() -> None:
    """A desk is left out if it cannot be reached from abroad, or has no address to go to."""
    contacts = {
        "in-japan": desk(from_abroad="impossible"),
        "doubtful": desk(from_abroad="unknown"),
        "anywhere": desk(),
        "post": desk(channel="post", address=None),
        "page": desk(address=None),
    }

    assert found(contacts, ABROAD) == ["anywhere", "page", "doubtful"]
    assert found(contacts | {"anywhere": desk(topics=[])}) == ["in-japan", "doubtful", "page"]


def test_calls_need_a_phone() -> None:
    """A person without a working phone is not sent to a telephone number."""
    contacts = {"phone": desk(**PHONE), "chat": desk()}

    assert found(contacts, Situation(lack=frozenset({"working_phone"}))) == ["chat"]


def test_short_numbers_need_the_line() -> None:
    """A company's short number is left out once the line has ended; a public one stays."""
    short = desk(channel="phone", address="157", from_abroad="impossible")
    public = desk(channel="phone", address="188", from_abroad="impossible", topics=["complaints"])
    ended = Situation(goal=Goal.STILL_CHARGED)

    assert found({"short": short}) == ["short"]
    assert found({"short": short}, ended) == []
    assert found({"public": public}, ended, slug="generic") == ["public"]


def test_complaints_are_heard_by_public_bodies() -> None:
    """Of `generic`, only bodies that hear complaints are named; of a carrier, none of them."""
    contacts = {"complaints": desk(topics=["complaints"]), "contracts": desk()}

    assert found(contacts) == ["contracts"]
    assert found(contacts, slug="generic") == ["complaints"]


def test_business_desks_are_for_companies() -> None:
    """A desk for business customers only is named to them first, and to nobody else."""
    contacts = {"contracts": desk(), "business": desk(topics=["business"])}

    assert found(contacts) == ["contracts"]
    assert found(contacts, Situation(applicant=Applicant.COMPANY)) == ["business", "contracts"]


def test_desks_for_the_goal_come_first() -> None:
    """A desk for what the person wants comes before one for something else."""
    contacts = {
        "contracts": desk(),
        "loss": desk(topics=["loss"]),
        "refunds": desk(topics=["refunds"]),
        "payment": desk(topics=["payment"]),
    }

    assert found(contacts)[0] == "contracts"
    assert found(contacts, Situation(goal=Goal.SUSPEND))[0] == "loss"
    assert found(contacts, Situation(goal=Goal.REQUEST_REFUND))[0] == "refunds"
    assert found(contacts, Situation(goal=Goal.STILL_CHARGED))[0] == "payment"


def test_desks_that_speak_the_language_come_first() -> None:
    """A desk in the reader's language comes before others, and one that is open before those."""
    hours = {"weekly": [{"days": ["mon"], "opens": "10:00", "closes": "18:00"}]}
    contacts = {
        "ja": desk(hours=hours),
        "zh": desk(languages=["zh"], hours=hours),
        "ja-always": desk(),
    }
    evening = AT.replace(hour=20)

    assert found(contacts, language=LANGUAGES[2])[0] == "zh"
    assert found(contacts, language=LANGUAGES[1])[:2] == ["ja", "ja-always"]
    assert found(contacts, language=LANGUAGES[1], at=evening)[:2] == ["ja-always", "ja"]
