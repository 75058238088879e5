"""The guide over HTTP, as a client that follows its questions."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import httpx

from app.facts.specs import SPECS, Fact
from app.guide.questions import MOST_QUESTIONS
from tests.support.guide import AT

Parameters: TypeAlias = list[tuple[str, str]]


def ask(client: httpx.Client, parameters: Parameters) -> dict[str, Any]:
    """Return the guide's answer at a fixed instant."""
    answer = client.get("/v1/guide", params=[*parameters, ("at", AT.isoformat())])
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def check_every_path(client: httpx.Client, carrier: str) -> None:
    """Follow all options, and two days for a date: six questions at most, and then an answer."""
    paths: list[Parameters] = [[("carrier", carrier)]]
    while paths:
        path = paths.pop()
        body = ask(client, path)
        question = body["question"]
        if question is None:
            assert body["procedures"] or body["generic"] or body["desks"]
            assert body["why"]
            continue
        assert len(path) <= MOST_QUESTIONS
        assert question["left_at_most"] <= MOST_QUESTIONS - len(path)
        assert question["question"]
        assert question["why"]
        paths.extend([*path, answer] for answer in _answers(question))


def _answers(question: dict[str, Any]) -> Iterator[tuple[str, str]]:
    known = [option for option in question["options"] if option["parameter"] != "unknown"]
    assert len(known) + 1 == len(question["options"])
    if question["type"] == "date":
        for day in SPECS[Fact(question["fact"])].example_values(AT.date()):
            yield question["fact"], str(day)
    for option in known:
        yield option["parameter"], option["value"]
