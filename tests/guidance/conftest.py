"""A server with a small catalogue whose rules are those that guidance is tested with."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import settings

from app.catalogue.publish import publish
from app.database import Database
from tests import builders
from tests.conftest import Databases, serving, settings_for
from tests.guidance.sample import sample

# The first business day brings the holidays of the world along, which takes longer than Hypothesis would wait.
settings.register_profile("guidance", deadline=None)
settings.load_profile("guidance")


@pytest.fixture(scope="module")
def sample_server(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the sample published."""
    url = databases.migrated()
    database = Database(url)
    publish(database, builders.read(builders.write(tmp_path_factory.mktemp("guidance"), sample())))
    database.close()
    with serving(settings_for(url)) as address:
        yield address


@pytest.fixture
def http(sample_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sample_server) as client:
        yield client


def get(http: httpx.Client, path: str, **params: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a query can hold
    answer = http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body
