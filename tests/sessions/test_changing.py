"""Facts and language of a session."""

from typing import Any

import httpx
import pytest

from tests.support.sessions import Start


def test_facts_are_set_and_removed_one_by_one(http: httpx.Client, start: Start) -> None:
    """A change sets the facts that it names, removes those that are null, and keeps the others."""
    started = start(facts={"contract_started_on": "2026-04-01", "closing_day": "last"})

    changed = http.patch(
        started.path,
        json={"facts": {"contract_started_on": None, "installed": False}},
        headers=started.owner,
    )

    assert changed.json()["facts"] == {"closing_day": "last", "installed": False}


@pytest.mark.parametrize(
    "facts",
    [
        {"contract_started_on": "yesterday"},
        {"contract_started_on": "1970-12-31"},
        {"bought_on": "2101-01-01"},
        {"closing_day": 29},
        {"closing_day": "twentieth"},
        {"plan_days": 0},
        {"plan_days": 1101},
        {"name": "Yamada"},
        {"installed": "my phone"},
        {"closing_day": True},
    ],
    ids=str,
)
def test_an_invalid_fact_is_refused_with_its_place(
    http: httpx.Client, start: Start, facts: dict[str, Any]
) -> None:
    """A fact of a wrong form, out of range or unknown is refused with a pointer to it."""
    started = start()
    (name,) = facts

    answer = http.patch(started.path, json={"facts": facts}, headers=started.owner)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(f"/facts/{name}")


def test_contradicting_facts_are_refused(http: httpx.Client, start: Start) -> None:
    """A fact that contradicts the stored ones is refused, and the session keeps its facts."""
    started = start(facts={"contract_started_on": "2026-04-10"})

    answer = http.patch(
        started.path, json={"facts": {"service_started_on": "2026-04-09"}}, headers=started.owner
    )

    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/facts/service_started_on", "out_of_order")
    ]
    assert http.get(started.path, headers=started.owner).json()["facts"] == {
        "contract_started_on": "2026-04-10"
    }


def test_a_session_has_a_language_of_its_own(http: httpx.Client, start: Start) -> None:
    """A session is in its language, unless `lang` asks for another; a change sets it."""
    started = start(language="zh-TW")

    titles = [
        http.get(started.path + query, headers={**started.owner, "Accept-Language": "en"}).json()[
            "title"
        ]
        for query in ("", "?lang=ja")
    ]
    changed = http.patch(started.path, json={"language": "en"}, headers=started.owner)

    assert [*titles, changed.json()["title"]] == ["办理解约", "解約する", "Cancel it"]
    assert changed.headers["content-language"] == "en"


@pytest.mark.parametrize("path", ["", "/calendar.ics"])
def test_an_unknown_query_name_is_refused(http: httpx.Client, start: Start, path: str) -> None:
    """A session and its calendar refuse a parameter that they do not know."""
    started = start()

    assert http.get(f"{started.path}{path}?colour=red", headers=started.owner).status_code == 422


def test_responses_are_not_stored_by_caches(http: httpx.Client, start: Start) -> None:
    """A session is sent with `no-store`."""
    started = start()

    assert http.get(started.path, headers=started.owner).headers["cache-control"] == "no-store"
