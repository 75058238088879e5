"""Real situations from public pages get the right answers, in three languages.

`situations/*.yaml` holds them. Each has an id, the situation in our words, the pages it is from,
and requests with checks of their answers: `CHECKS` in `tests/support/situations.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

from tests.support.situations import CHECKS, LANGUAGES, Seen, ask

pytestmark = pytest.mark.own_catalogue

FOLDER: Final = Path(__file__).parent / "situations"


def _situations() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(file.read_text("utf-8")):
            yield pytest.param(case, id=case["id"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("case", list(_situations()))
def test_a_real_situation_is_answered(
    own: httpx.Client, case: dict[str, Any], language: str
) -> None:
    """Every request of a situation gets the answer that its case requires."""
    assert case["sources"]
    for request in case["requests"]:
        answer = ask(own, request, language)
        for name, expected in request["expect"].items():
            CHECKS[name](Seen(own, request, answer, language), expected)
