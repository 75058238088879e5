"""Writes docs/timing-rules.md: `python -m tests.docs.timing_rules > docs/timing-rules.md`."""

import datetime as dt
import inspect
from collections.abc import Iterator
from typing import Any, Final, get_args

import yaml

from app.catalogue.authoring.loader import read
from app.catalogue.timing_rules import Rule, TimingRule
from app.facts.query import Facts
from app.messages.formatter import MessageFormatter
from app.settings import ROOT
from app.timeline.build import build_timeline
from tests.support import builders
from tests.support.rules import facts_of

AT: Final = dt.datetime.fromisoformat("2026-11-24T10:00:00+09:00")
FULL: Final = {"last_month": "full", "cycle": "calendar_month", "sources": ["S1"]}
AT_ONCE: Final = {"kind": "contract_end", "ends": "at_once", "sources": ["S1"]}

KINDS: Final[dict[str, type[Rule]]] = {
    get_args(kind.model_fields["kind"].annotation)[0]: kind
    for kind in get_args(get_args(TimingRule)[0])
}

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
}
"""Of each kind a rule, and the facts it is told."""


def text() -> str:
    """Return the whole document."""
    return "\n".join([_HEAD, *_table(), "", *(line for kind in KINDS for line in _section(kind))])


_HEAD: Final = """# Timing rules

What a procedure file can say about time, and what a timeline makes of it. This page is written by `python -m tests.docs.timing_rules`
from the rules, the catalogue and the timeline itself; a test keeps it true. Every field is described in `kaiyaku schema`.

A rule is read in Japan's time unless it names a zone, and cites its sources. What no source says is no rule: the event is then `unknown`.
Deadlines are the last second that is in time. What the last month costs stands in `billing`, for which contracts a fee holds in `fees`.
"""


def _table() -> Iterator[str]:
    used = _carriers()
    yield "| kind | what it says | carriers |"
    yield "|---|---|---|"
    for kind, rule in KINDS.items():
        yield f"| [`{kind}`](#{kind}) | {_doc(rule)[0]} | {len(used[kind])} |"


def _section(kind: str) -> Iterator[str]:
    rule, told = EXAMPLES[kind]
    doc = _doc(KINDS[kind])
    yield f"## {kind}"
    yield ""
    yield " ".join(doc)
    yield ""
    yield "```yaml"
    yield yaml.safe_dump(
        {"kind": kind, **rule}, sort_keys=False, default_flow_style=True, width=110
    ).strip()
    yield "```"
    yield ""
    facts = Facts.model_validate(told)
    with_facts = "".join(f", `{name}={value}`" for name, value in told.items())
    yield f"At {AT:%Y-%m-%d %H:%M}{with_facts}:"
    yield ""
    yield "| event | certainty | when | why |"
    yield "|---|---|---|---|"
    wording = MessageFormatter("en", AT.year, builders.vocabulary())
    procedure = facts_of(
        timing=_rules(kind, rule), billing=FULL, goal=_GOALS.get(kind, "cancel_contract")
    )
    for event in build_timeline(procedure, facts.given(), AT).events:
        if kind in {event.rule, "acceptance"} or event.code == _CODES.get(kind):
            when = event.at.strftime("%Y-%m-%d %H:%M:%S") if event.at else event.day or "not known"
            yield f"| `{event.code}` | {event.certainty} | {when} | {wording.sentence(event.why)} |"
    yield ""
    carriers = ", ".join(_carriers()[kind])
    yield f"Carriers: {carriers or 'none yet'}."
    yield ""


_GOALS: Final = {
    "renewal": "stop_renewal",
    "charge_tiers": "cancel_booking",
    "porting_number": "port_out",
    "expiry": "let_expire",
}
_CODES: Final = {"free_months": "fee_free"}
_ENDS: Final = {"acceptance", "account_page", "refund_paid"}


def _rules(kind: str, rule: dict[str, Any]) -> list[dict[str, Any]]:
    own = {"kind": kind, "sources": ["S1"], **rule}
    return [own, AT_ONCE] if kind in _ENDS else [own]


def _doc(rule: type[Rule]) -> list[str]:
    return [" ".join(part.split()) for part in (inspect.getdoc(rule) or "").split("\n\n")]


def _carriers() -> dict[str, list[str]]:
    catalogue, findings = read(ROOT / "catalogue")
    assert catalogue is not None, findings
    return {
        kind: sorted(
            slug
            for slug, files in catalogue.carriers.items()
            if any(
                rule.kind == kind
                for procedure in files.procedures.values()
                for rule in procedure.document.timing
            )
        )
        for kind in KINDS
    }


if __name__ == "__main__":
    print(text())  # noqa: T201 - this is what it is for
