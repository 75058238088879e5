"""Fixtures of the command's tests."""

from collections.abc import Iterator

import pytest

from tests.support import builders
from tests.support.databases import Databases


@pytest.fixture
def url(databases: Databases) -> Iterator[str]:
    """The URL of a database without tables."""
    url = databases.empty()
    yield url
    databases.drop(url)


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder of a small catalogue: one carrier with one procedure."""
    folder = tmp_path_factory.mktemp("catalogue")
    return str(builders.write(folder, {"example": {"cancel": builders.procedure()}}))
