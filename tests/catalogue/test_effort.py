"""The effort of a procedure: a sum of published weights."""

from typing import Any, NamedTuple

import pytest

from app.catalogue.documents import ProcedureDocument
from app.catalogue.effort import effort
from tests.support import builders


class Sum(NamedTuple):
    """The score, and the weight of each reason."""

    score: int
    reasons: dict[str, int]


def effort_of(**fields: object) -> Sum:
    document = ProcedureDocument.model_validate(builders.procedure(**fields))
    found = effort(document, document.steps)
    return Sum(found.score, {str(reason): weight for reason, weight in found.reasons.items()})


def test_a_single_step_has_the_smallest_effort() -> None:
    """One step on a website costs three points."""
    assert effort_of() == (3, {"steps": 3})


@pytest.mark.parametrize(
    ("fields", "reason", "weight"),
    [
        ({"channel": "store"}, "channel", 25),
        ({"channel": "phone"}, "channel", 15),
        ({"documents": ["residence_card", "seal"]}, "papers", 12),
        ({"from_abroad": "impossible"}, "not_from_abroad", 5),
        ({"return_items": {"required": "required", "sources": ["S1"]}}, "return", 10),
        ({"unknowns": [{"text": builders.text()}] * 9}, "unknowns", 10),
        (
            {"timing": [{"kind": "acceptance", "same_day_until": "20:00", "sources": ["S1"]}]},
            "cut_off",
            5,
        ),
        (
            {
                "timing": [
                    {
                        "kind": "contract_end",
                        "ends": "month_end",
                        "months_ahead": 1,
                        "sources": ["S1"],
                    }
                ]
            },
            "waiting",
            5,
        ),
        ({"steps": [builders.step(needs=["account_login", "sms_on_line"])]}, "needs", 8),
        ({"steps": [builders.step(str(number)) for number in range(20)]}, "steps", 30),
    ],
)
def test_each_reason_adds_its_published_weight(
    fields: dict[str, Any], reason: str, weight: int
) -> None:
    """Each reason adds its weight, and the score is the sum of the weights."""
    score, reasons = effort_of(**fields)

    assert reasons[reason] == weight
    assert score == sum(reasons.values())


def test_others_steps_and_optional_ones_are_no_effort() -> None:
    """Steps of the carrier and optional steps add nothing."""
    steps = [
        builders.step("a"),
        builders.step("b", actor="carrier"),
        builders.step("c", optional=True),
    ]

    assert effort_of(steps=steps) == (3, {"steps": 3})
