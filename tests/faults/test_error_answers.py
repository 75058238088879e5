"""Errors of the database as clients get them: 503 with a hint to retry, or 500."""

from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from app.database import Database
from app.messages.loader import problem_text
from app.problems import base as problems
from app.settings import ROOT
from tests.faults.outage import publish_example
from tests.support.databases import Databases
from tests.support.server import serving, settings_for


def test_fault_of_the_code_is_a_500(databases: Databases, tmp_path: Path) -> None:
    """A statement for a table that does not exist is a 500: trying again would not help."""
    url = databases.migrated()
    publish_example(url, tmp_path)
    database = Database(url)
    with database.write() as session:
        session.connection().execute(text("ALTER TABLE carrier_name RENAME TO elsewhere"))
    database.close()

    with serving(settings_for(url)) as address:
        answer = httpx.get(f"{address}/v1/carriers", params={"q": "example"})

    assert answer.status_code == 500
    assert answer.json()["code"] == "internal-error"
    databases.drop(url)


@pytest.mark.parametrize("problem", problems.problem_types(), ids=lambda problem: problem.slug)
def test_only_certain_problems_say_that_nothing_was_changed(
    problem: type[problems.Problem],
) -> None:
    """The texts of these problems alone state that nothing was changed.

    They are raised before a transaction begins, or after it was rolled back for certain.
    """
    says_so = {"Nothing was changed", "変更は行われていません", "没有任何内容被更改"}

    found = any(
        words in text for words in says_so for text in problem_text(problem.slug, "detail").values()
    )

    assert found == (problem.slug in {"unavailable", "too-many-requests", "version-excluded"})


def test_image_is_restarted_only_when_the_process_is_dead() -> None:
    """The health check of the image asks whether the process lives, not whether it is ready.

    A restart while the database is away would lose the cached responses.
    """
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    check = dockerfile.partition("HEALTHCHECK")[2].partition("ENTRYPOINT")[0]

    assert "/healthz" in check
    assert "/readyz" not in check
