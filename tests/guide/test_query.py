"""The query of the guide: what a situation can say, and how mistakes are refused."""

import httpx
import pytest

from app.catalogue.codes import Line
from app.facts.specs import Fact
from app.guide.query import Allowed, GuideQuery
from app.guide.situation import Situation
from app.i18n import Language
from tests.support.guide import AT
from tests.support.guide_sample import RELATIONS
from tests.support.messages import says
from tests.support.situations import LANGUAGES


def situation_of(query: dict[str, object]) -> Situation:
    allowed = Allowed(("large",), lambda: ("large", "gold"), RELATIONS)
    return GuideQuery.model_validate(query).situation(AT, allowed, LANGUAGES[0])


def test_nothing_is_presumed() -> None:
    """An empty query is a situation without any statement."""
    assert situation_of({}) == Situation(relations=RELATIONS)


def test_failing_payment_is_a_lacking_need() -> None:
    """`payment_fails` says the same as lacking a means of payment."""
    assert situation_of({"payment_fails": "true"}).lack == {"payment_method"}


def test_day_of_the_end_ends_the_line() -> None:
    """A line with a day on which it ended has ended, unless the state is given."""
    assert situation_of({"ended_on": "2026-08-25"}).line is Line.ENDED
    assert situation_of({"ended_on": "2026-08-25", "line": "moved"}).line is Line.MOVED


def test_due_payment_is_an_open_bill() -> None:
    """A bill is open if the person says so, or gives the day on which it was due."""
    due = situation_of({"payment_due_on": "2026-10-26"})

    assert due.bill_open
    assert Fact.PAYMENT_DUE_ON in due.facts
    assert situation_of({"bill_open": "true"}).bill_open
    assert not situation_of({"bill_open": "false"}).bill_open


def test_plan_of_another_carrier_is_ignored() -> None:
    """A plan that only another carrier has is accepted, and is no statement."""
    assert situation_of({"plan": "large"}).plan == "large"
    assert situation_of({"plan": "gold"}).plan is None


@pytest.mark.parametrize(
    ("statements", "parameter", "code"),
    [
        ({"have": "a_unicorn"}, "have", "not_allowed"),
        ({"lack": "a_unicorn"}, "lack", "not_allowed"),
        ({"unknown": "a_unicorn"}, "unknown", "not_allowed"),
        ({"plan": "gold"}, "plan", "not_allowed"),
        ({"goal": "freedom"}, "goal", "not_allowed"),
        ({"location": "moon"}, "location", "not_allowed"),
        ({"keep_number": "perhaps"}, "keep_number", "wrong_type"),
        ({"have": "sim_card", "lack": "sim_card"}, "have", "excludes"),
        ({"line": "in_use", "ended_on": "2026-08-25"}, "ended_on", "excludes"),
        ({"leaves_japan_on": "2026-11-29", "at": AT.isoformat()}, "leaves_japan_on", "in_the_past"),
        ({"contract_received_on": "1066-10-14"}, "contract_received_on", "too_far_away"),
        ({"contract_received_on": "soon"}, "contract_received_on", "not_a_date"),
        ({"tz": "Mars/Olympus"}, "tz", "not_a_zone"),
        ({"at": "2026-11-30T10:00:00"}, "at", "offset_missing"),
        ({"colour": "red"}, "colour", "unknown"),
        ({"carrier": "a\0b"}, "carrier", "wrong_form"),
    ],
)
def test_impossible_situation_is_refused(
    client: httpx.Client, statements: dict[str, str], parameter: str, code: str
) -> None:
    """A situation that cannot be is refused with the parameter and the kind of mistake."""
    answer = client.get("/v1/guide", params={"carrier": "monthly", **statements})

    assert answer.status_code == 422
    assert (parameter, code) in {
        (error["parameter"], error["code"]) for error in answer.json()["errors"]
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_repeated_parameter_is_refused(client: httpx.Client, language: Language) -> None:
    """A parameter that is given twice is refused, naming both values."""
    answer = client.get(
        "/v1/guide",
        params=[("lang", language), ("applicant", "heir"), ("applicant", "holder")],
    )

    (error,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert error["code"] == "repeated"
    assert all(name in error["detail"] for name in ("applicant", "heir", "holder"))
    assert says("mistake.repeated.values", error["detail"], language)
