"""Each example in docs/guide.md is answered as the page says, in three languages."""

import re
from urllib.parse import parse_qsl

import httpx
import pytest
import yaml

from app.settings import ROOT
from tests.support.situations import CHECKS, LANGUAGES, Seen, ask

pytestmark = pytest.mark.own_catalogue

EXAMPLES = [
    yaml.safe_load(block)
    for block in re.findall(
        r"```yaml\n(ask: .*?)```", (ROOT / "docs" / "guide.md").read_text("utf-8"), re.DOTALL
    )
]


def test_the_page_has_examples() -> None:
    """The page has ten examples, each with at least one expectation."""
    assert len(EXAMPLES) == 10
    assert all(len(example) > 1 for example in EXAMPLES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["ask"][:60])
def test_an_example_gets_the_response_of_the_page(
    own: httpx.Client, example: dict[str, object], language: str
) -> None:
    """The guide's response to each example fits every expectation of the page, in each language."""
    request = {"get": "/v1/guide", "query": dict(parse_qsl(str(example["ask"])))}
    answer = ask(own, request, language)

    for name, expected in example.items():
        if name != "ask":
            CHECKS[name](Seen(own, request, answer, language), expected)
