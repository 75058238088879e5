"""Finds the commands that README.md and docs/ show: shell blocks, code spans, request lines."""

import hashlib
import re
import shlex
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Final, NamedTuple

from app.settings import ROOT

PAGES: Final = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
PROGRAMS: Final = ("bash", "curl", "docker", "export", "git", "kaiyaku", "make", "pip", "python")
"""A code span that begins with one of these words, and has a further word, is a command."""

SHELL: Final = frozenset({"sh", "bash", "shell", "console"})
OTHER_LANGUAGES: Final = frozenset(
    {"json", "text", "yaml", "toml", "ini", "nginx", "http", "ics", "python"}
)

_FENCE: Final = re.compile(
    r"^ *(?P<fence>```+|~~~+)(?P<language>[^\n]*)\n(?P<text>.*?)^ *(?P=fence) *$",
    re.DOTALL | re.MULTILINE,
)
_SPAN: Final = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_REQUEST: Final = re.compile(rf"`((?:{'|'.join(METHODS)}) [^`]+)`(?: `(\{{[^`]+\}})`)?")
_ASSIGNMENT: Final = re.compile(r"[A-Z][A-Z0-9_]*=")
_SUBSTITUTION: Final = re.compile(r"\$\((?P<command>[^)]*)\)|(?P<other>[$`])")


class UnknownShellError(Exception):
    """The block uses a part of the shell that this module cannot read."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: str
    line: int
    language: str
    text: str

    def __str__(self) -> str:
        """Return its page and line; the id of its tests."""
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Command:
    """One simple command: the settings in front of it, and its words."""

    origin: str
    words: tuple[str, ...]
    settings: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return its place and its words; the id of its tests."""
        return f"{self.origin} {shlex.join(self.words)}"


def blocks() -> Iterator[Block]:
    """Return every fenced block, page by page."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for match in _FENCE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield Block(_name(path), line, match["language"].strip(), dedent(match["text"]))


def shell_blocks() -> list[Block]:
    """Return the blocks of shell commands."""
    return [block for block in blocks() if block.language in SHELL]


def block_commands() -> list[Command]:
    """Return the commands of all shell blocks, in order."""
    return [command for block in shell_blocks() for command in read(block.text, str(block))]


def settings() -> frozenset[str]:
    """Return the names of all settings, as `.env.example` lists them."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^#?(KAIYAKU_\w+)=", text, re.MULTILINE))


def spans() -> Iterator[tuple[str, str]]:
    """Return every code span outside of blocks, as its page and its text on one line."""
    for path in PAGES:
        text = _FENCE.sub("", path.read_text(encoding="utf-8"))
        for span in _SPAN.findall(text):
            yield _name(path), " ".join(span.split())


def span_commands() -> list[Command]:
    """Return the commands in code spans, each once."""
    found: dict[str, Command] = {}
    for page, text in spans():
        first = text.split()[0]
        if " " in text and (first in PROGRAMS or _ASSIGNMENT.match(first)):
            for command in read(text, page):
                found.setdefault(shlex.join(command.words), command)
    return list(found.values())


class RequestLine(NamedTuple):
    """A request line in a code span, and the JSON in the span after it."""

    page: str
    line: str
    body: str | None

    def __str__(self) -> str:
        """Return the id of its tests."""
        return f"{self.page} {self.line} {self.body or ''}"


def request_lines() -> list[RequestLine]:
    """Return the request lines in code spans, each once."""
    found: list[RequestLine] = []
    for path in PAGES:
        text = _FENCE.sub("", path.read_text(encoding="utf-8"))
        found += [RequestLine(_name(path), match[1], match[2]) for match in _REQUEST.finditer(text)]
    return list(dict.fromkeys(found))


def read(text: str, origin: str) -> list[Command]:
    """Return the simple commands of a shell text, in order. Raises `UnknownShellError`."""
    commands: list[Command] = []
    pending = ""
    for line in text.splitlines():
        pending += line
        if pending.endswith("\\"):
            pending = pending[:-1]
            continue
        try:
            words = _words(pending)
        except ValueError:  # a quotation continues in the next line
            pending += "\n"
            continue
        pending = ""
        commands += _split(words, origin)
    if pending:
        raise UnknownShellError(f"{origin}: the quotation has no end: {pending}")
    return commands


def _words(line: str) -> list[str]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="();<>|&")
    lexer.whitespace_split = True
    return list(lexer)


def _split(words: list[str], origin: str) -> Iterator[Command]:
    simple: list[str] = []
    for word in [*words, "&&"]:
        if word in {"&&", ";"}:
            if simple:
                yield _command(simple, origin)
            simple = []
        elif set(word) <= set("();<>|&"):
            raise UnknownShellError(f"{origin}: cannot read the operator {word}")
        else:
            simple.append(_expanded(word, origin))


def _command(words: list[str], origin: str) -> Command:
    settings: dict[str, str] = {}
    while words and _ASSIGNMENT.match(words[0]):
        name, _, value = words.pop(0).partition("=")
        settings[name] = value
    return Command(origin, tuple(words), settings)


def _expanded(word: str, origin: str) -> str:
    def value(match: re.Match[str]) -> str:
        match match["command"]:
            case "uuidgen":
                # The same in each process: pytest-xdist compares the ids of tests.
                return str(
                    uuid.UUID(bytes=hashlib.sha256(origin.encode()).digest()[:16], version=4)
                )
            case "openssl rand -base64 48":
                return "A" * 64
            case _:
                raise UnknownShellError(f"{origin}: cannot expand {word}")

    return _SUBSTITUTION.sub(value, word)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))
