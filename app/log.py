"""The log of a process: JSON lines on standard error, without any value that a client sent.

Messages of exceptions quote values: the parameters of a statement, PostgreSQL's DETAIL, the text
that could not be parsed. Messages of other libraries do so too. So the log contains:

- for an exception: its class, its SQLSTATE, and the places in the code;
- for a message of another library: the place in the code that wrote it.

Reasons: docs/decisions/0011.
"""

import logging
import sys
import threading
import warnings
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import ExcInfo

_VALUES: Final = ("exc_value", "exc_notes", "syntax_error")
"""Fields of structlog's description that contain text of the exception."""

_CONSTANT_MESSAGES: Final = ("uvicorn.",)
"""Loggers whose message templates are constant and logged. Their arguments are not."""

_describe: Final = ExceptionDictTransformer(show_locals=False)


def configure_process(level: str) -> None:
    """Write all logs of this process as JSON lines, including those of other libraries.

    Also logs warnings and uncaught exceptions. For processes that only serve, because it replaces
    the hooks of the interpreter.
    """
    configure(level)
    # Below WARNING some libraries log their input, for example SQLAlchemy each statement.
    logging.basicConfig(
        handlers=[_JsonHandler()], level=max(_number(level), logging.WARNING), force=True
    )
    warnings.showwarning = _log_warning
    sys.excepthook = _log_uncaught
    sys.unraisablehook = _log_unraisable
    threading.excepthook = _log_thread


def configure(level: str) -> None:
    """Write the logs of this package as JSON lines, from this level on."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_without_values),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(_number(level)),
        # `sys.stderr` is read for each logger, because tests replace it.
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )


def _number(level: str) -> int:
    return logging.getLevelNamesMapping()[level.upper()]


class _JsonHandler(logging.Handler):
    """Logs records of the standard library's loggers as JSON, without their arguments."""

    def emit(self, record: logging.LogRecord) -> None:
        constant = record.name.startswith(_CONSTANT_MESSAGES)
        event = str(record.msg).strip().partition("\n")[0] if constant else "message of a library"
        place = f"{record.module}:{record.lineno} {record.funcName}"
        structlog.get_logger().log(
            record.levelno, event, logger=record.name, place=place, exc_info=record.exc_info
        )


def _without_values(exc_info: ExcInfo) -> list[dict[str, Any]]:
    stacks = _describe(exc_info)
    _strip(stacks)
    if state := _error_code(exc_info[1]):
        stacks[0]["sqlstate"] = state
    return stacks


def _strip(stacks: Iterable[dict[str, Any]]) -> None:
    for stack in stacks:
        for name in _VALUES:
            stack.pop(name, None)
        for group in stack.get("exceptions", ()):
            _strip(group)


def _error_code(error: BaseException) -> str | None:
    """Return the code of a database error: the SQLSTATE, or SQLite's name; None for others."""
    original = getattr(error, "orig", error)
    return getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None)


def _log_warning(  # noqa: PLR0913, PLR0917 - the standard library's signature
    message: Warning | str,  # noqa: ARG001
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    structlog.get_logger().warning(
        "warning", category=category.__name__, place=f"{filename}:{lineno}"
    )


def _log_uncaught(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    structlog.get_logger().error("uncaught", exc_info=(kind, error, trace))


def _log_unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    if unraisable.exc_value is not None:
        _log_uncaught(unraisable.exc_type, unraisable.exc_value, unraisable.exc_traceback)


def _log_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and arguments.exc_type is not SystemExit:
        _log_uncaught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
