"""Properties of every timeline, with any rules, facts and instant."""

import datetime as dt
import re
from typing import Any

from hypothesis import assume, example, given, reject
from hypothesis import strategies as st

from app import dates, zones
from app.catalogue.codes import Certainty
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import ContractEnd
from app.facts.specs import Fact, FactValue
from app.i18n import LANGUAGES
from app.messages.formatter import MessageFormatter
from app.timeline.build import build_timeline
from app.timeline.contract_end import ContractEndCalculation
from app.timeline.missing import MissingFacts, NotStated
from app.timeline.relevant_facts import relevant_facts
from tests.support import builders, rules

VOCABULARY = builders.vocabulary()


def calculation(
    procedure: ProcedureContent, facts: dict[Fact, FactValue]
) -> ContractEndCalculation:
    end = next(rule for rule in procedure.timing if isinstance(rule, ContractEnd))
    return ContractEndCalculation(procedure, end, facts)


@given(rules.procedures(), rules.some_facts(), rules.instants, st.data())
def test_only_a_request_after_the_boundary_costs_more(
    procedure: ProcedureContent, facts: dict[Fact, FactValue], at: dt.datetime, data: st.DataObject
) -> None:
    """Until the charge boundary a request is charged as one made now, and after it for longer."""
    request = calculation(procedure, facts)
    try:
        paid, boundary = request.charged_until(at), request.charge_boundary(at)
    except (MissingFacts, NotStated):
        reject()
    assume(boundary is not None)
    assert boundary is not None

    in_between = data.draw(st.integers(0, int((boundary - at).total_seconds()) - 1))

    assert request.charged_until(boundary) > paid
    assert request.charged_until(boundary - dt.timedelta(seconds=1)) == paid
    assert request.charged_until(at + dt.timedelta(seconds=in_between)) == paid


@example(
    rules.handled_on_business_days_until("15:00"),
    {},
    dt.datetime.fromisoformat("2020-01-03T15:42:00+09:00"),  # a Friday
    8 * 3600 + 18 * 60,
)
@given(rules.procedures(), rules.some_facts(), rules.instants, st.integers(0, 100 * 86400))
def test_a_later_request_never_ends_the_contract_sooner(
    procedure: ProcedureContent, facts: dict[Fact, FactValue], at: dt.datetime, seconds: int
) -> None:
    """A later request is processed, takes effect and is charged no earlier."""
    request = calculation(procedure, facts)
    later = at + dt.timedelta(seconds=seconds)

    try:
        assert at <= request.processed_at(at) <= request.processed_at(later)
        assert request.processed_at(at) <= request.ends_at(at) <= request.ends_at(later)
        assert request.charged_until(at) <= request.charged_until(later)
    except (MissingFacts, NotStated):
        reject()


@given(rules.procedures(), rules.some_facts(), rules.instants)
def test_every_event_has_a_sentence_in_each_language(
    procedure: ProcedureContent, facts: dict[Fact, FactValue], at: dt.datetime
) -> None:
    """Every event has a complete sentence, and only facts that rules use are needed."""
    built = build_timeline(procedure, facts, at)

    for event in built.events:
        for language in LANGUAGES:
            sentence = MessageFormatter(language, at.year, VOCABULARY).sentence(event.why)
            assert not re.search(r"[{}]|None|datetime", sentence)
        if event.certainty is not Certainty.UNKNOWN:
            assert event.day is not None or event.passed
        assert event.begins is None or event.ends is None or event.begins <= event.ends
    assert set(built.needs) <= relevant_facts(procedure) - set(facts)


@given(rules.procedures(), rules.instants, st.data())
def test_giving_the_needed_facts_leaves_none_needed(
    procedure: ProcedureContent, at: dt.datetime, data: st.DataObject
) -> None:
    """Giving each needed fact in turn leads to a timeline that needs none."""
    facts: dict[Fact, FactValue] = {}

    for _ in Fact:
        needs = build_timeline(procedure, facts, at).needs
        if not needs:
            break
        facts[needs[0]] = data.draw(rules.answers(needs[0]))

    built = build_timeline(procedure, facts, at)
    assert not built.needs
    assert all(event.why.key != "not_stated.facts_missing" for event in built.events)


@given(
    rules.procedures(),
    rules.some_facts(),
    rules.instants,
    st.sampled_from(["America/New_York", "Asia/Kathmandu", "Pacific/Auckland", "UTC"]),
)
def test_the_zone_of_the_instant_does_not_matter(
    procedure: ProcedureContent, facts: dict[Fact, FactValue], at: dt.datetime, zone: str
) -> None:
    """The same instant in another zone gives the same timeline."""
    here, there = (
        build_timeline(procedure, facts, at),
        build_timeline(procedure, facts, at.astimezone(zones.zone(zone))),
    )

    assert here == there
    assert [event.on for event in here.events] == [event.on for event in there.events]


@given(rules.days, rules.days)
def test_eight_days_end_a_week_after_the_first(received: dt.date, started: dt.date) -> None:
    """Eight days end a week after the earlier day; `latest_at` is a week after the later."""
    window = {
        "kind": "window",
        "closes": "window",
        "length": {"value": 8},
        "after": ["contract_received_on", "service_started_on"],
        "first_day_counts": True,
        "met_by": "dispatch",
        "sources": ["S1"],
    }
    procedure = rules.procedure_of(goal="initial_contract_cancellation", timing=[window])
    facts: dict[Fact, FactValue] = {
        Fact.CONTRACT_RECEIVED_ON: received,
        Fact.SERVICE_STARTED_ON: started,
    }

    (event,) = build_timeline(procedure, facts, dt.datetime(2026, 1, 1, tzinfo=rules.JAPAN)).events

    week, last_second = dt.timedelta(days=7), dt.time(23, 59, 59)
    later = dt.datetime.combine(max(received, started) + week, last_second, tzinfo=rules.JAPAN)
    assert event.on == min(received, started) + week
    assert event.at == dt.datetime.combine(event.on, last_second, tzinfo=rules.JAPAN)
    assert event.latest_at == (None if received == started else later)


@given(rules.days, st.integers(0, 60))
@example(dt.date(2024, 2, 29), 12)
@example(dt.date(2026, 1, 31), 1)
@example(dt.date(2026, 12, 31), 2)
def test_a_month_later_is_the_same_or_the_last_day(day: dt.date, months: int) -> None:
    """A month later is the same day, or the last day of a shorter month."""
    then = dates.months_later(day, months)

    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day == day.day or (then.day < day.day and then == dates.last_of_month(then))


@given(rules.days)
def test_a_calendar_month_ends_with_its_last_day(
    day: dt.date,
) -> None:
    """On each day of a month the charge boundary is the end of the month."""
    procedure = rules.procedure_of(
        timing=[end("month_end")],
        billing={"last_month": "full", "cycle": "calendar_month", "sources": ["S1"]},
    )
    request = calculation(procedure, {})
    noon = dt.datetime.combine(day, dt.time(12), tzinfo=rules.JAPAN)

    boundary = request.charge_boundary(noon)

    assert boundary == dates.boundary(dates.last_of_month(day), "24:00", rules.JAPAN)
    assert request.charged_until(noon) == dates.last_of_month(day)


@given(rules.days, st.integers(1, 31))
def test_a_period_from_a_day_holds_every_day(start: dt.date, later: int) -> None:
    """A month counted from a day of contract ends on or after each of its days."""
    procedure = rules.procedure_of(
        timing=[end("cycle_end")],
        billing={"last_month": "full", "cycle": "contract_day", "sources": ["S1"]},
    )
    request = calculation(procedure, {Fact.CONTRACT_STARTED_ON: start})
    day = start + dt.timedelta(days=later * 11)

    ends = request.period_end(day)

    assert ends >= day
    assert request.period_end(ends) == ends
    assert (ends + dt.timedelta(days=1)).day in {
        start.day,
        dates.last_of_month(ends + dt.timedelta(days=1)).day,
    }


def end(ends: str, **fields: object) -> dict[str, Any]:
    return {"kind": "contract_end", "ends": ends, "sources": ["S1"], **fields}
