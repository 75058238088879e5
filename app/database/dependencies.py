"""The dependencies of routes on the database: `ReadSession` and `WriteSession`."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from sqlmodel import Session

from app.database.engine import Database


async def _read_session(request: Request) -> AsyncIterator[Session]:
    database: Database = request.app.state.database
    async with database.reading() as session:
        yield session


async def _write_session(request: Request) -> AsyncIterator[Session]:
    database: Database = request.app.state.database
    async with database.writing() as session:
        yield session


# scope="function" ends the transaction before the response is sent. Otherwise a commit could fail
# after the client has received a 201.
ReadSession = Annotated[Session, Depends(_read_session, scope="function")]
WriteSession = Annotated[Session, Depends(_write_session, scope="function")]
