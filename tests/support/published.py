"""A server with a catalogue of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.catalogue.authoring.publish import publish
from app.database import Database
from tests.support import builders
from tests.support.databases import Databases
from tests.support.server import serving, settings_for


@contextmanager
def serving_catalogues(databases: Databases, *folders: Path) -> Iterator[str]:
    """Serve the catalogues in the folders, published one after the other; gives the address."""
    url = databases.migrated()
    database = Database(url)
    for folder in folders:
        publish(database, builders.read(folder))
    database.close()
    with serving(settings_for(url)) as address:
        yield address
