"""Strategies for Hypothesis: any rules, any facts, any instant."""

import datetime as dt
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin
from zoneinfo import ZoneInfo

from annotated_types import Ge, Le
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from app.catalogue.codes import Product
from app.catalogue.documents import ProcedureContent
from app.catalogue.goals import Goal
from app.catalogue.parts import Span, Weekday
from app.catalogue.timing_rules import Rule
from app.facts.specs import SPECS, Fact, FactValue
from app.timeline.rules.registry import HANDLERS
from tests.support import builders

JAPAN: Final = ZoneInfo("Asia/Tokyo")
SOURCES: Final = ("S1",)

DATES: Final = tuple(fact for fact in Fact if SPECS[fact].type == "date")
FLAGS: Final = tuple(fact for fact in Fact if SPECS[fact].type == "boolean")

days = st.dates(dt.date(2019, 1, 1), dt.date(2032, 12, 31))
instants = st.datetimes(
    dt.datetime(2020, 1, 1),  # noqa: DTZ001 - a bound, without a zone
    dt.datetime(2031, 12, 31, 23, 59, 59),  # noqa: DTZ001 - the same
    timezones=st.just(JAPAN),
).map(lambda instant: instant.replace(microsecond=0))
times = st.builds(
    "{:02}:{:02}".format, st.integers(0, 23), st.sampled_from([0, 1, 10, 30, 59])
) | st.just("24:00")
spans = st.builds(
    lambda value, unit: {"value": value, "unit": unit},
    st.integers(0, 40),
    st.sampled_from(["hours", "days", "business_days", "months", "years"]),
)
day_spans = st.builds(
    lambda value, unit: {"value": value, "unit": unit},
    st.integers(0, 40),
    st.sampled_from(["days", "months"]),
)
days_of_month = st.integers(1, 31) | st.just("last")
certainties = st.sampled_from(["exact", "estimated"])
maybe_bool = st.booleans()


@st.composite
def hours(draw: st.DrawFn) -> dict[str, str]:
    opens, closes = sorted(draw(st.lists(times, min_size=2, max_size=2, unique=True)))
    return {"opens": opens, "closes": closes}


def _rule(kind: str, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"kind": st.just(kind), "sources": st.just(SOURCES), "certainty": certainties, **fields}
    )


acceptances = _rule(
    "acceptance",
    accepted=st.none() | hours(),
    weekdays=st.just([])
    | st.lists(st.sampled_from(get_args(Weekday)), min_size=1, max_size=7, unique=True),
    same_day_until=st.none() | times,
    same_day_is_certain=st.booleans(),
    later=st.sampled_from(["next_day", "next_business_day"]),
    resumes_at=st.none() | st.sampled_from(["09:00", "09:30"]),
    closed_from_day=st.none() | st.integers(20, 31),
)
cutoffs = st.fixed_dictionaries(
    {"day": days_of_month, "days_before": st.integers(0, 3), "time": times}
)
contract_ends = st.one_of(
    _rule(
        "contract_end",
        ends=st.sampled_from(
            ["at_once", "same_day", "cycle_end", "chosen_date", "device_returned", "number_moved"]
        ),
    ),
    _rule("contract_end", ends=st.just("chosen_date"), lead=st.none() | day_spans),
    _rule("contract_end", ends=st.just("after"), lead=spans),
    _rule(
        "contract_end",
        ends=st.just("month_end"),
        cutoff=st.none() | cutoffs,
        months_ahead=st.integers(0, 2),
        not_before=st.none() | day_spans,
    ),
    _rule(
        "contract_end",
        ends=st.just("day_of_month"),
        day=st.integers(1, 31),
        cutoff=st.none() | cutoffs,
        months_ahead=st.integers(0, 2),
    ),
)
windows = st.one_of(
    _rule(
        "window",
        closes=st.sampled_from(["window", "refund", "extension", "start", "withdrawal"]),
        length=spans,
        after=st.lists(st.sampled_from(DATES), min_size=1, max_size=2, unique=True),
        of_several=st.sampled_from(["later", "earlier"]),
        first_day_counts=st.booleans(),
        time=times,
        met_by=st.sampled_from(["request", "dispatch", "arrival"]),
        closed_by=st.lists(st.sampled_from(FLAGS), max_size=2, unique=True),
        data_limit_mb=st.none() | st.just(100),
    ),
    _rule("window", closes=st.just("window"), length=spans, before=st.sampled_from(DATES)),
    _rule("window", closes=st.just("refund"), length=spans, after_request=st.just(value=True)),
    _rule(
        "window",
        closes=st.just("withdrawal"),
        length=day_spans,
        after_event=st.sampled_from(["contract_end", "expiry"]),
    ),
    _rule(
        "window",
        closes=st.sampled_from(["window", "refund", "extension", "start"]),
        closed_by=st.lists(st.sampled_from(FLAGS), min_size=1, max_size=2),
    ),
)
own_strategies: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "acceptance": acceptances,
    "contract_end": contract_ends,
    "window": windows,
    "expiry": _rule(
        "expiry",
        after=st.sampled_from(DATES),
        length=spans | st.just("plan_days"),
        first_day_counts=st.booleans(),
        time=times,
        rolling=st.booleans(),
        suspended_first=st.none() | day_spans,
    ),
    "return_by": st.one_of(
        _rule(
            "return_by",
            after=st.sampled_from(
                ["rental_ends_on", "contract_end", "request", "expiry", "contract_received_on"]
            ),
            length=spans,
            time=times,
            counts=st.sampled_from(["dispatch", "arrival", "hand_over"]),
            lost_after=st.none() | day_spans,
        ),
        _rule(
            "return_by",
            after=st.just("contract_end"),
            day_of_month=days_of_month,
            months_ahead=st.integers(0, 3),
            counts=st.just("arrival"),
        ),
    ),
    "porting_number": _rule(
        "porting_number",
        days=st.integers(1, 60),
        first_day_counts=st.booleans(),
        needs_days_left=st.none() | st.integers(1, 30),
    ),
    "renewal": st.one_of(
        _rule(
            "renewal",
            on=st.sampled_from(["renews_on", "first_of_month", "data_used_up", "plan_end"]),
            notice=spans,
            notice_time=st.none() | times,
        ),
        _rule("renewal", on=st.just("day_of_month"), day=st.integers(1, 31), notice=spans),
    ),
    "account_page": _rule("account_page", open_for=day_spans),
    "charge_tiers": _rule(
        "charge_tiers",
        before=st.just("rental_starts_on"),
        business_days=st.booleans(),
        tiers=st.just(
            [
                {"until_days_before": 30, "percent": 0},
                {"until_days_before": 6, "percent": 30},
                {"until_days_before": 1},
            ]
        ),
    ),
    "free_months": _rule(
        "free_months",
        month=st.integers(1, 60),
        months=st.integers(1, 3),
        every=st.none() | st.integers(2, 36),
        first_month=st.sampled_from(["start_month", "next_month"]),
    ),
    "unpaid": _rule("unpaid", length=day_spans, leads_to=st.sampled_from(["suspension", "end"])),
    "refund_paid": _rule("refund_paid", latest=spans, earliest=st.none() | day_spans),
}
"""Of kinds whose fields depend on each other; of any other kind, each field has any value."""


def _field_values(field: FieldInfo) -> st.SearchStrategy[Any]:
    limits = {type(limit): limit for limit in field.metadata}
    lowest, highest = limits.get(Ge, Ge(0)), limits.get(Le, Le(400))
    return _values(field.annotation, st.integers(lowest.ge, highest.le))


def _values(annotation: object, numbers: st.SearchStrategy[int]) -> st.SearchStrategy[Any]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Union, UnionType}:
        return st.one_of([_values(argument, numbers) for argument in arguments])
    if origin is Annotated:
        return _values(arguments[0], numbers)
    if origin is Literal:
        return st.sampled_from(arguments)
    if origin is tuple:
        return st.lists(_values(arguments[0], numbers), min_size=1, max_size=2)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation != Span:
        return _fields(annotation)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        NoneType: st.none(),
        bool: st.booleans(),
        int: numbers,
        str: times,  # the only texts of rules besides those of every rule
        Span: day_spans,
        dt.date: days,
        Fact: st.sampled_from(DATES),
    }
    return simple[annotation]


def _fields(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            name: _field_values(field)
            for name, field in model.model_fields.items()
            if name not in Rule.model_fields
        }
    )


def any_rule(kind: str, rule: type[Rule]) -> st.SearchStrategy[dict[str, Any]]:
    """Rules of the kind with any value in each field; not all of them are valid."""
    return _fields(rule).flatmap(
        lambda fields: _rule(kind, **{name: st.just(value) for name, value in fields.items()})
    )


STRATEGIES: Final = {
    handler.kind: own_strategies[handler.kind]
    if handler.kind in own_strategies
    else any_rule(handler.kind, handler.rule)
    for handler in HANDLERS
}
others = st.one_of(
    [
        strategy
        for kind, strategy in STRATEGIES.items()
        if kind not in {"acceptance", "contract_end", "window"}
    ]
)
billings = st.fixed_dictionaries(
    {
        "last_month": st.sampled_from(["full", "prorated", "by_usage", "prepaid", "unknown"]),
        "cycle": st.sampled_from(["calendar_month", "closing_day", "contract_day", "unknown"]),
        "final_bill_months": st.none() | st.integers(0, 3),
        "late_charges_months": st.none() | st.integers(1, 3),
        "full_within": st.none()
        | st.just({"until": {"value": 2, "unit": "months"}, "counting": "start_month_is_first"}),
        "sources": st.just(SOURCES),
    }
)
fees = st.lists(
    st.fixed_dictionaries(
        {
            "what": st.just(builders.text("A fee")),
            "amount": st.none()
            | st.just({"exact": 1100})
            | st.just({"exact": 3000, "per": "month"}),
            "period": st.none()
            | st.fixed_dictionaries(
                {
                    "contracted_from": st.none() | days,
                    "until": st.none() | day_spans,
                    "counting": st.sampled_from(
                        ["to_the_day", "start_month_is_first", "next_month_is_first"]
                    ),
                }
            ),
            "sources": st.just(SOURCES),
        }
    ),
    max_size=2,
)


def procedure_of(**fields: object) -> ProcedureContent:
    """Return what a procedure file with these fields holds, without its steps."""
    content = builders.procedure(**fields)
    del content["steps"]
    return ProcedureContent.model_validate(content)


def _valid(content: dict[str, Any]) -> ProcedureContent | None:
    try:
        return procedure_of(**content)
    except ValidationError:
        return None


def is_valid(rule: dict[str, Any]) -> bool:
    """Return whether a procedure can hold the rule."""
    return _valid({"timing": [rule]}) is not None


@st.composite
def procedures(
    draw: st.DrawFn,
    ends: st.SearchStrategy[Any] = contract_ends,
    rest: st.SearchStrategy[Any] = windows | others,
) -> ProcedureContent:
    """Any procedure with one rule about its end, maybe one about acceptance, and others."""
    timing = [
        draw(ends),
        *draw(st.lists(acceptances, max_size=1)),
        *draw(st.lists(rest, max_size=3)),
    ]
    content = {
        "timing": timing,
        "billing": draw(billings),
        "fees": draw(fees),
        "goal": draw(st.sampled_from(list(Goal))),
        "outcome": "contract_ends",
        "applies_to": {
            "products": [draw(st.sampled_from(list(Product)))],
            "contracts": ["postpaid"],
        },
    }
    procedure = _valid(content)
    while procedure is None:
        content["timing"] = [draw(contract_ends)]
        procedure = _valid(content)
    return procedure


def handled_on_business_days_until(time: str) -> ProcedureContent:
    """A procedure that ends at once, on a business day before this time."""
    acceptance = {
        "kind": "acceptance",
        "sources": SOURCES,
        "same_day_until": time,
        "later": "next_business_day",
    }
    content = {
        "timing": [acceptance, {"kind": "contract_end", "sources": SOURCES, "ends": "at_once"}],
        "billing": {"last_month": "full", "cycle": "calendar_month", "sources": SOURCES},
    }
    procedure = _valid(content)
    assert procedure is not None
    return procedure


def answers(fact: Fact) -> st.SearchStrategy[FactValue]:
    """Any answer to the question for a fact."""
    if fact in DATES:
        return days
    if fact in FLAGS:
        return st.booleans()
    if SPECS[fact].type == "choice":
        return st.integers(1, 28) | st.just("last")
    return st.integers(1, 400)


@st.composite
def some_facts(draw: st.DrawFn) -> dict[Fact, FactValue]:
    """Any facts, all or some or none."""
    return {
        fact: draw(answers(fact))
        for fact in draw(st.lists(st.sampled_from(list(Fact)), unique=True))
    }
