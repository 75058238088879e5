"""The log: JSON lines, and no value of a request or of a database in any of them."""

import asyncio
import json
import logging
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from app import log

SECRET = "private-words"  # noqa: S105 - a value that must not appear


@pytest.fixture
def lines(capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Configure the log of this process, as a server does; gives what reads its lines."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = warnings.showwarning, sys.excepthook, sys.unraisablehook, threading.excepthook
    log.configure_process("info")
    yield lambda: [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    warnings.showwarning, sys.excepthook, sys.unraisablehook, threading.excepthook = hooks
    root.handlers[:] = handlers
    root.setLevel(level)


def fail() -> None:
    nothing: dict[str, str] = {}
    try:
        nothing[SECRET]
    except KeyError as error:
        raise ValueError(SECRET) from error


def test_an_exception_is_logged_by_class_and_place(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    """An exception and its cause are logged by class and function, without their messages."""
    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("request failed")

    (line,) = lines()
    assert [each["exc_type"] for each in line["exception"]] == ["ValueError", "KeyError"]
    assert line["exception"][0]["frames"][-1]["name"] == "fail"
    assert SECRET not in json.dumps(line)


def test_a_group_of_exceptions_keeps_no_message(lines: Callable[[], list[dict[str, Any]]]) -> None:
    """A nested group of exceptions is logged without any message."""
    try:
        raise ExceptionGroup(  # noqa: TRY301 - what the test is about
            SECRET, [ValueError(SECRET), ExceptionGroup(SECRET, [KeyError(SECRET)])]
        )
    except ExceptionGroup:
        structlog.get_logger().exception("request failed")

    (line,) = lines()
    assert "ExceptionGroup" in json.dumps(line)
    assert SECRET not in json.dumps(line)


def by_template() -> None:
    logging.getLogger("sqlalchemy.pool").error("lost %s", SECRET)


def by_message() -> None:
    logging.getLogger("asyncio").error(f"callback {SECRET}")  # noqa: G004 - as asyncio writes it


def by_server() -> None:
    logging.getLogger("uvicorn.tests").warning("Invalid HTTP request received. %s", SECRET)


def by_warning() -> None:
    warnings.warn(SECRET, RuntimeWarning, stacklevel=1)


def by_thread() -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def by_task() -> None:
    async def forget() -> None:
        task = asyncio.ensure_future(asyncio.to_thread(fail))
        await asyncio.wait([task])

    asyncio.run(forget())


@pytest.mark.filterwarnings("always")
@pytest.mark.parametrize(
    "write", [by_template, by_message, by_server, by_warning, by_thread, by_task]
)
def test_other_loggers_write_no_values(
    lines: Callable[[], list[dict[str, Any]]], write: Callable[[], None]
) -> None:
    """Messages of libraries, warnings and uncaught exceptions are logged without values."""
    write()

    (line,) = lines()
    assert line["level"] in {"warning", "error"}
    assert SECRET not in json.dumps(line)


def test_libraries_log_no_parameters(
    lines: Callable[[], list[dict[str, Any]]],
) -> None:
    """At the debug level, SQLAlchemy still logs no parameters."""
    log.configure_process("debug")

    logging.getLogger("sqlalchemy.engine").info("[parameters: %r]", SECRET)

    assert lines() == []
