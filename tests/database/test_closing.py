"""A closed database leaves no connection open."""

import pytest

from app.database import Database
from tests.support.databases import Databases


def test_a_connection_returned_late_is_closed(databases: Databases) -> None:
    """A connection that a thread returns after the database was closed is closed, too."""
    database = Database(databases.migrated())
    connection = database.engine.connect()
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None

    database.close()
    connection.close()

    with pytest.raises(Exception, match=r"(?i)closed"):
        driver_connection.execute("SELECT 1")
    databases.drop(database.url)
