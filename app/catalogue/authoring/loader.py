"""Reading the catalogue's files: YAML to frozen documents, with the line of every field and every mistake found."""

import datetime as dt
import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Generic, TypeAlias, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from app.catalogue.documents import (
    AdviceDocument,
    CarrierDocument,
    GlossaryDocument,
    ProcedureDocument,
    RetiredDocument,
    Slug,
    VocabularyDocument,
)
from app.catalogue.identification import IdentificationDocument
from app.catalogue.regulation import RegulationDocument

Location: TypeAlias = tuple[str | int, ...]
Document = TypeVar("Document", bound=BaseModel)

_GLOSSARY: Final = "glossary.yaml"

FORMAT: Final = 3
"""Raise it when the same files would lead to other tables: every catalogue is then published anew."""


@dataclass(frozen=True, order=True)
class Finding:
    """A mistake in the catalogue: where it stands and how to fix it."""

    file: str
    line: int
    field: str
    problem: str
    fix: str
    warning: bool = False
    """A blemish: the catalogue can be published with it."""

    def __str__(self) -> str:
        """Return `file:line: field: problem (fix)`, marked when it is a warning."""
        return f"{self.file}:{self.line}: {'warning: ' if self.warning else ''}{self.field}: {self.problem} ({self.fix})"


@dataclass(frozen=True)
class ParsedFile(Generic[Document]):
    """One file, read: its document and where each of its fields stands."""

    path: str
    document: Document
    lines: Mapping[Location, int] = field(repr=False)

    def finding(
        self, location: Location, problem: str, fix: str, *, warning: bool = False
    ) -> Finding:
        """Return a finding about the field at the location."""
        return Finding(
            self.path, _line(self.lines, location), _dotted(location), problem, fix, warning
        )


@dataclass(frozen=True)
class CarrierFiles:
    """A carrier's folder: itself and its procedures by slug."""

    carrier: ParsedFile[CarrierDocument]
    procedures: Mapping[str, ParsedFile[ProcedureDocument]]


@dataclass(frozen=True)
class Catalogue:
    """All files of the catalogue that could be read."""

    carriers: Mapping[str, CarrierFiles]
    vocabulary: ParsedFile[VocabularyDocument]
    advice: ParsedFile[AdviceDocument]
    identification: ParsedFile[IdentificationDocument]
    regulation: ParsedFile[RegulationDocument]
    retired: ParsedFile[RetiredDocument]
    glossary: ParsedFile[GlossaryDocument]
    digest: str


def digest(folder: Path) -> str:
    """Return a fingerprint of the files' bytes and of the format they are read with."""
    total = hashlib.sha256(str(FORMAT).encode())
    for path in sorted(folder.rglob("*.yaml")):
        if path.name == _GLOSSARY:  # it rules how texts are written and is not published itself
            continue
        total.update(path.relative_to(folder).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def read(folder: Path) -> tuple[Catalogue | None, list[Finding]]:
    """Return the catalogue and every mistake of form in it; no catalogue when a file it cannot do without is broken.

    A broken carrier or procedure file is left out, so that the rest can still be checked.
    """
    reader = _Reader(folder)
    vocabulary = reader.file("vocabulary.yaml", VocabularyDocument)
    advice = reader.file("advice.yaml", AdviceDocument)
    identification = reader.file("identification.yaml", IdentificationDocument)
    regulation = reader.file("regulation.yaml", RegulationDocument)
    retired = reader.file("retired.yaml", RetiredDocument)
    glossary = reader.file(_GLOSSARY, GlossaryDocument)
    carriers = dict(reader.carriers())
    reader.strangers()
    if not (vocabulary and advice and identification and regulation and retired and glossary):
        return None, sorted(reader.findings)
    catalogue = Catalogue(
        carriers, vocabulary, advice, identification, regulation, retired, glossary, digest(folder)
    )
    return catalogue, sorted(reader.findings)


class _Reader:
    """Reads the files of one folder and keeps what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self._known: set[Path] = set()

    def carriers(self) -> Iterator[tuple[str, CarrierFiles]]:
        for folder in sorted((self.folder / "carriers").glob("*/")):
            self._slug(folder)
            carrier = self.file(f"carriers/{folder.name}/carrier.yaml", CarrierDocument)
            procedures = {}
            for path in sorted(folder.glob("*.yaml")):
                if path.name != "carrier.yaml":
                    self._slug(path)
                    procedure = self.file(
                        path.relative_to(self.folder).as_posix(), ProcedureDocument
                    )
                    if procedure is not None:
                        procedures[path.stem] = procedure
            if carrier is not None:
                yield folder.name, CarrierFiles(carrier, procedures)

    def strangers(self) -> None:
        """Report files that nothing reads: a misplaced or misnamed file is content that never appears."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path not in self._known:
                self._report(
                    path,
                    "the catalogue has no such file",
                    "move or rename it, see docs/catalogue.md",
                )

    def file(self, name: str, form: type[Document]) -> ParsedFile[Document] | None:
        path = self.folder / name
        self._known.add(path)
        node = self._node(path)
        if node is None:
            return None
        tree = _Tree(name)
        content = tree.value(node, ())
        self.findings.extend(tree.findings)
        try:
            return ParsedFile(name, form.model_validate(content), tree.lines)
        except ValidationError as error:
            self.findings.extend(_findings(name, form, tree.lines, error))
            return None

    def _node(self, path: Path) -> yaml.Node | None:
        node: yaml.Node | None = None
        try:
            node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        except FileNotFoundError:
            self._report(path, "the file is missing", "add it")
        except UnicodeDecodeError:
            self._report(path, "the file is not UTF-8", "save it as UTF-8")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = f"not YAML: {getattr(error, 'problem', error)}"
            self._report(
                path, problem, "fix the line or the one above", mark.line + 1 if mark else 1
            )
        else:
            if node is None:
                self._report(path, "the file is empty", "fill or remove it")
        return node

    def _slug(self, path: Path) -> None:
        try:
            TypeAdapter(Slug).validate_python(path.stem)
        except ValidationError:
            self._report(
                path,
                f"“{path.stem}” cannot be an id in an address",
                "use lower-case words joined by hyphens",
            )

    def _report(self, path: Path, problem: str, fix: str, line: int = 1) -> None:
        self.findings.append(
            Finding(path.relative_to(self.folder).as_posix(), line, "", problem, fix)
        )


class _Tree:
    """Turns YAML nodes into plain values by the rules of YAML 1.2: `no`, `on` and `12:30` are text."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Location, int] = {}
        self.findings: list[Finding] = []

    def value(self, node: yaml.Node, location: Location) -> object:
        self.lines.setdefault(location, node.start_mark.line + 1)
        match node:
            case yaml.MappingNode():
                return self._mapping(node, location)
            case yaml.SequenceNode():
                return [
                    self.value(item, (*location, position))
                    for position, item in enumerate(node.value)
                ]
            case _:
                return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, location: Location) -> dict[str, object]:
        values: dict[str, object] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*location, key)
            if key in values:
                line = key_node.start_mark.line + 1
                self.findings.append(
                    Finding(
                        self.name,
                        line,
                        _dotted(here),
                        f"the key `{key}` stands here twice",
                        "keep one of them",
                    )
                )
                continue
            self.lines[here] = key_node.start_mark.line + 1
            values[key] = self.value(value_node, here)
        return values


def _scalar(node: yaml.Node) -> object:
    text: str = node.value
    match node.tag.rpartition(":")[2]:
        case "null":
            return None
        case "bool" if text in {"true", "false"}:
            return text == "true"
        case "int" if text.lstrip("-").isdecimal():
            return int(text)
        case _:
            return text


def _line(lines: Mapping[Location, int], location: Location) -> int:
    """Return the line of the field, or of what it would stand in."""
    found: Location = ()
    for part in location:
        if (
            *found,
            part,
        ) in lines:  # the names of union members stand in a location but not in a file
            found = (*found, part)
    return lines.get(found, 1)


def _dotted(location: Location) -> str:
    return ".".join(str(part) for part in location)


def _findings(
    name: str, form: type[BaseModel], lines: Mapping[Location, int], error: ValidationError
) -> Iterator[Finding]:
    for details in error.errors(include_url=False):
        location = tuple(
            part
            for part in details["loc"]
            if not (isinstance(part, str) and part.startswith("function-"))
        )
        problem, fix = _explain(
            details["type"], location, details["msg"], details.get("ctx", {}), form
        )
        yield Finding(name, _line(lines, location), _dotted(location), problem, fix)


def _explain(
    kind: str, location: Location, message: str, context: Mapping[str, Any], form: type[BaseModel]
) -> tuple[str, str]:
    """Return the problem and its fix, in a file that is read as the form."""
    last = str(location[-1]) if location else "the file"
    close = difflib.get_close_matches(last, sorted(_field_names(form)), 1)
    explained = {
        "missing": (f"`{last}` is missing", f"add `{last}`"),
        "extra_forbidden": (
            f"`{last}` is not a known key",
            f"did you mean `{close[0]}`?" if close else "remove it",
        ),
        "enum": ("not one of the allowed values", f"use {context.get('expected')}"),
        "literal_error": ("not one of the allowed values", f"use {context.get('expected')}"),
        "union_tag_invalid": (
            f"`{context.get('tag')}` is not a kind",
            f"use {context.get('expected_tags')}",
        ),
        "union_tag_not_found": ("the kind is missing", "add `kind`"),
        "value_error": (message.removeprefix("Value error, "), "fix it, see docs/catalogue.md"),
        "string_pattern_mismatch": (
            "not of the expected form",
            f"it must match {context.get('pattern')}",
        ),
    }
    if kind == "too_short" and last == "sources":
        return "no source is cited", "cite at least one id of the carrier's sources"
    return explained.get(kind, (message[:1].lower() + message[1:], "see docs/catalogue.md"))


@cache
def _field_names(form: type[BaseModel]) -> frozenset[str]:
    """Return every key that a file of the form can hold, at any depth."""
    # From the form's JSON Schema, which lists nested models wherever they are defined. A list of
    # modules has to be kept up to date by hand, and suggests keys of other kinds of file.
    schema = form.model_json_schema()
    models = (schema, *schema.get("$defs", {}).values())
    return frozenset(name for model in models for name in model.get("properties", ()))


def partial_date_begins(text: str) -> dt.date:
    """Return the first day that a year, a month or a day (ISO 8601) can mean."""
    year, month, day = [*map(int, text.split("-")), 1, 1][:3]
    return dt.date(year, month, day)
