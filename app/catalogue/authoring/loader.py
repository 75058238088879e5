"""Reads the catalogue's files into frozen documents, and reports every format error in them."""

import difflib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Generic, NamedTuple, TypeVar

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.catalogue.advice import AdviceDocument
from app.catalogue.authoring.findings import Finding, Location, dotted, line_of
from app.catalogue.authoring.yaml_tree import Tree
from app.catalogue.documents import CarrierDocument, ProcedureDocument, RetiredDocument, Slug
from app.catalogue.identification import IdentificationDocument
from app.catalogue.regulation import RegulationDocument
from app.catalogue.vocabulary import GlossaryDocument, VocabularyDocument

Document = TypeVar("Document", bound=BaseModel)

LICENSE: Final = "LICENSE"
"""The licence file in the catalogue's folder. It is expected there, but not read."""

_GLOSSARY: Final = "glossary.yaml"

FORMAT: Final = 3
"""Increase it if a code change stores the same files differently. They are then published again."""


@dataclass(frozen=True)
class ParsedFile(Generic[Document]):
    """A parsed file: its path in the catalogue folder, its document, and the line of each field."""

    path: str
    document: Document
    lines: Mapping[Location, int] = field(repr=False)

    def finding(
        self, location: Location, problem: str, fix: str, *, warning: bool = False
    ) -> Finding:
        """Return a finding about the field at the location."""
        return Finding(
            self.path, line_of(self.lines, location), dotted(location), problem, fix, warning
        )


@dataclass(frozen=True)
class CarrierFiles:
    """The folder of a carrier: carrier.yaml, and its procedures by id."""

    carrier: ParsedFile[CarrierDocument]
    procedures: Mapping[str, ParsedFile[ProcedureDocument]]


@dataclass(frozen=True)
class Catalogue:
    """All files of a catalogue that could be read."""

    carriers: Mapping[str, CarrierFiles]
    vocabulary: ParsedFile[VocabularyDocument]
    advice: ParsedFile[AdviceDocument]
    identification: ParsedFile[IdentificationDocument]
    regulation: ParsedFile[RegulationDocument]
    retired: ParsedFile[RetiredDocument]
    glossary: ParsedFile[GlossaryDocument]
    digest: str


def digest(folder: Path) -> str:
    """Return the SHA-256 (hexadecimal) of the files' bytes, their paths and `FORMAT`."""
    total = hashlib.sha256(str(FORMAT).encode())
    for path in sorted(folder.rglob("*.yaml")):
        if path.name == _GLOSSARY:  # not published: it only guides authors
            continue
        total.update(path.relative_to(folder).as_posix().encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def read(folder: Path) -> tuple[Catalogue | None, list[Finding]]:
    """Return the catalogue and all format errors in its files, sorted.

    Carrier and procedure files with errors are left out, so that the rest can still be checked. If
    any other file has errors, the catalogue is None.
    """
    reader = _Reader(folder)
    vocabulary = reader.file("vocabulary.yaml", VocabularyDocument)
    advice = reader.file("advice.yaml", AdviceDocument)
    identification = reader.file("identification.yaml", IdentificationDocument)
    regulation = reader.file("regulation.yaml", RegulationDocument)
    retired = reader.file("retired.yaml", RetiredDocument)
    glossary = reader.file(_GLOSSARY, GlossaryDocument)
    carriers = dict(reader.carriers())
    reader.report_unexpected_files()
    if not (vocabulary and advice and identification and regulation and retired and glossary):
        return None, sorted(reader.findings)
    catalogue = Catalogue(
        carriers, vocabulary, advice, identification, regulation, retired, glossary, digest(folder)
    )
    return catalogue, sorted(reader.findings)


class _Reader:
    """Reads the files of one folder, and collects findings."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.findings: list[Finding] = []
        self._known = {folder / LICENSE}

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

    def report_unexpected_files(self) -> None:
        """Report files that are not read, because misplaced content would not be published."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path not in self._known:
                self._report(
                    path,
                    "the file is not part of the catalogue",
                    "move or rename it, see docs/catalogue.md",
                )

    def file(self, name: str, form: type[Document]) -> ParsedFile[Document] | None:
        path = self.folder / name
        self._known.add(path)
        node = self._node(path)
        if node is None:
            return None
        tree = Tree(name)
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
                path, problem, "fix this line or the line above", mark.line + 1 if mark else 1
            )
        else:
            if node is None:
                self._report(path, "the file is empty", "add content or delete it")
        return node

    def _slug(self, path: Path) -> None:
        try:
            TypeAdapter(Slug).validate_python(path.stem)
        except ValidationError:
            self._report(
                path,
                f"“{path.stem}” cannot be an id in a URL",
                "use lower-case words joined by hyphens",
            )

    def _report(self, path: Path, problem: str, fix: str, line: int = 1) -> None:
        self.findings.append(
            Finding(path.relative_to(self.folder).as_posix(), line, "", problem, fix)
        )


def _findings(
    name: str, form: type[BaseModel], lines: Mapping[Location, int], error: ValidationError
) -> Iterator[Finding]:
    for details in error.errors(include_url=False):
        location = tuple(
            part
            for part in details["loc"]
            if not (isinstance(part, str) and part.startswith("function-"))
        )
        explanation = _explain(details, location, form)
        yield Finding(name, line_of(lines, location), dotted(location), *explanation)


class _Explanation(NamedTuple):
    problem: str
    fix: str


def _explain(details: ErrorDetails, location: Location, form: type[BaseModel]) -> _Explanation:
    """Return the problem and the fix for a validation error in a file of this form."""
    kind, message, context = details["type"], details["msg"], details.get("ctx", {})
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
            f"`{context.get('tag')}` is not a known kind",
            f"use {context.get('expected_tags')}",
        ),
        "union_tag_not_found": ("the kind is missing", "add `kind`"),
        "value_error": (message.removeprefix("Value error, "), "fix it, see docs/catalogue.md"),
        "string_pattern_mismatch": (
            "not in the expected format",
            f"it must match {context.get('pattern')}",
        ),
    }
    if kind == "too_short" and last == "sources":
        return _Explanation("no source is cited", "cite at least one id of the carrier's sources")
    otherwise = (message[:1].lower() + message[1:], "see docs/catalogue.md")
    return _Explanation(*explained.get(kind, otherwise))


@cache
def _field_names(form: type[BaseModel]) -> frozenset[str]:
    """Return all keys that a file of this form can contain, at any depth."""
    # The JSON Schema lists all nested models. A list of modules would have to be updated by hand,
    # and would suggest keys of other kinds of files.
    schema = form.model_json_schema()
    models = (schema, *schema.get("$defs", {}).values())
    return frozenset(name for model in models for name in model.get("properties", ()))
