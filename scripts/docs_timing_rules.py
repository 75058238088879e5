"""Writes docs/timing-rules.md: `python -m scripts.docs_timing_rules`."""

import datetime as dt
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import yaml

from app.catalogue.authoring.loader import Catalogue, read
from app.catalogue.documents import ProcedureContent
from app.catalogue.timing_rules import Rule
from app.facts.query import Facts
from app.i18n import LANGUAGES
from app.messages.formatter import MessageFormatter
from app.settings import ROOT
from app.timeline.build import build_timeline
from app.timeline.events import Timeline
from app.timeline.rules.registry import HANDLERS

PAGE: Final = ROOT / "docs" / "timing-rules.md"
AT: Final = dt.datetime.fromisoformat("2026-11-24T10:00:00+09:00")

RULES: Final[Mapping[str, type[Rule]]] = {handler.kind: handler.rule for handler in HANDLERS}

EIGHT_DAYS: Final = {
    "closes": "window",
    "length": {"value": 8},
    "after": ["contract_received_on", "service_started_on"],
    "first_day_counts": True,
}
TOP_UP: Final = {
    "after": "last_topup_ended_on",
    "length": {"value": 180},
    "suspended_first": {"value": 30},
}
BY_NOON: Final = {
    "after": "rental_ends_on",
    "length": {"value": 1},
    "time": "12:00",
    "counts": "dispatch",
}
TIERS: Final = {
    "before": "rental_starts_on",
    "tiers": [{"until_days_before": 4, "percent": 0}, {"until_days_before": 0, "percent": 50}],
}
REFUND: Final = {
    "earliest": {"value": 7, "unit": "business_days"},
    "latest": {"value": 10, "unit": "business_days"},
}

EXAMPLES: Final[dict[str, tuple[dict[str, Any], dict[str, Any]]]] = {
    "acceptance": ({"same_day_until": "20:00", "resumes_at": "09:00"}, {}),
    "contract_end": ({"ends": "month_end", "cutoff": {"day": 25}}, {}),
    "window": (
        EIGHT_DAYS,
        {"contract_received_on": "2026-11-20", "service_started_on": "2026-11-18"},
    ),
    "expiry": (TOP_UP, {"last_topup_ended_on": "2026-06-01"}),
    "return_by": (BY_NOON, {"rental_ends_on": "2026-11-30"}),
    "porting_number": ({"days": 15}, {"porting_number_issued_on": "2026-11-20"}),
    "renewal": ({"on": "first_of_month", "notice": {"value": 48, "unit": "hours"}}, {}),
    "account_page": ({"open_for": {"value": 90}}, {}),
    "charge_tiers": (TIERS, {"rental_starts_on": "2026-12-10"}),
    "free_months": (
        {"month": 25, "every": 24, "first_month": "next_month"},
        {"contract_started_on": "2024-11-10"},
    ),
    "unpaid": ({"length": {"value": 14}, "leads_to": "end"}, {"payment_due_on": "2026-11-20"}),
    "refund_paid": (REFUND, {}),
    "after_end": ({}, {"ended_on": "2026-08-25"}),
}
"""An example of each kind: the fields of the rule, and the customer's facts."""

_GOALS: Final = {
    "renewal": "stop_renewal",
    "charge_tiers": "cancel_booking",
    "porting_number": "port_out",
    "expiry": "let_expire",
    "after_end": "still_charged",
}
"""Goals of the examples by kind; the default is `cancel_contract`."""

_NEED_CONTRACT_END: Final = frozenset({"acceptance", "account_page", "refund_paid"})
"""Kinds whose example also needs a `contract_end` rule."""

_WIDTH: Final = 100
"""Columns of the page; tables can be wider."""

_INTRODUCTION: Final = """# Timing rules

The rules about time that a procedure file can have, each with the events that a timeline computes
from an example. This page is written by `python -m scripts.docs_timing_rules` from the rules, the
catalogue and the timeline. A test checks that it is current. `kaiyaku schema procedure` describes
every field.

- A rule cites its sources. If no source states a date, there is no rule: the event is `unknown`.
- Times are Japan's, unless the rule names another zone.
- A deadline is the last second that is in time.
- The cost of the last month is in `billing`. The contracts that a fee applies to are in `fees`.
"""


def text() -> str:
    """Return the whole page."""
    sections = (line for kind in RULES for line in _section(kind))
    return "\n".join([_INTRODUCTION, *_table(), "", *sections])


def _table() -> Iterator[str]:
    yield "| kind | what it states |"
    yield "|---|---|"
    for kind, rule in RULES.items():
        yield f"| [`{kind}`](#{kind}) | {_paragraphs(rule)[0]} |"


def _section(kind: str) -> Iterator[str]:
    rule, facts = EXAMPLES[kind]
    description = textwrap.fill(" ".join(_paragraphs(RULES[kind])), _WIDTH)
    yield from (f"## {kind}", "", description, "", "```yaml")
    yield yaml.safe_dump(
        {"kind": kind, **rule}, sort_keys=False, default_flow_style=True, width=_WIDTH
    ).strip()
    yield from ("```", "")
    with_facts = "".join(f", `{name}={value}`" for name, value in facts.items())
    yield f"At {AT:%Y-%m-%d %H:%M}{with_facts}:"
    yield from ("", "| event | certainty | when | why |", "|---|---|---|---|")
    formatter = MessageFormatter(LANGUAGES[0], AT.year, _catalogue().vocabulary.document)
    for event in _timeline(kind).events:
        # Acceptance hours also move the end of the contract. The events of `after_end` come from
        # the billing.
        if kind in {event.rule, "acceptance", "after_end"}:
            when = event.at.strftime("%Y-%m-%d %H:%M:%S") if event.at else event.day or "not known"
            sentence = formatter.sentence(event.why)
            yield f"| `{event.code}` | {event.certainty} | {when} | {sentence} |"
    yield ""


def _timeline(kind: str) -> Timeline:
    """Return the timeline of a procedure whose timing is the example of the kind."""
    rule, facts = EXAMPLES[kind]
    timing = [{"kind": kind, "sources": ["S1"], **rule}]
    if kind in _NEED_CONTRACT_END:
        timing.append({"kind": "contract_end", "ends": "at_once", "sources": ["S1"]})
    title = {"en": "Example", "ja": "例", "zh-Hans": "示例"}
    procedure = ProcedureContent.model_validate(
        {
            "title": title,
            "goal": _GOALS.get(kind, "cancel_contract"),
            "outcome": "contract_ends",
            "channel": "web",
            "applies_to": {"products": ["physical_sim"], "contracts": ["postpaid"]},
            "from_abroad": "unknown",
            "compiled_on": "2026-11-22",
            "live_checked_on": None,
            "billing": {"last_month": "full", "cycle": "calendar_month", "sources": ["S1"]},
            "timing": timing,
        }
    )
    return build_timeline(procedure, Facts.model_validate(facts).given(), AT)


def _paragraphs(rule: type[Rule]) -> list[str]:
    return [" ".join(part.split()) for part in (inspect.getdoc(rule) or "").split("\n\n")]


@lru_cache(maxsize=1)
def _catalogue() -> Catalogue:
    catalogue, findings = read(ROOT / "catalogue")
    if catalogue is None:
        raise ValueError(f"the catalogue cannot be read: {findings}")
    return catalogue


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
