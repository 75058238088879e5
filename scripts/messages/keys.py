"""The keys of texts: writes them as a type, and finds their uses in the code."""

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

KEYS_MODULE: Final = "app/messages/keys.py"

PROBLEM_PARTS: Final = ("title", "detail", "cause", "fix")

_MODULE: Final = '''\
"""The keys of all texts but those of problems, for the type checker. Written by `make messages`."""

from typing import Literal

MessageKey = Literal[
{keys}]
"""A key of the template. A wrong key, or one built from parts, is a type error."""
'''

_CALLS: Final = frozenset({"Message", "get_text", "translate"})
"""Functions whose first parameter is a key."""


class Place(NamedTuple):
    """A line in the code."""

    file: str
    line: int


class Code(NamedTuple):
    """The uses of texts in the code."""

    keys: dict[str, Place]
    """Keys that are arguments of a call or values of a table."""
    built: list[Place]
    """Calls whose key is built from parts."""
    strings: frozenset[str]
    """Every string literal, and every name of a keyword argument."""
    slugs: dict[str, Place]
    """Kinds of problems by slug."""
    foreign: list[Place]
    """Lines with Japanese or Chinese characters."""


def problem_key(slug: str, part: str) -> str:
    """Return the key of a part of the texts of a kind of problem."""
    return f"problem.{slug}.{part}"


def render(keys: Iterable[str]) -> str:
    """Return the source of the module with the keys as a type."""
    lines = [f'    "{key}",\n' for key in keys if not key.startswith("problem.")]
    return _MODULE.format(keys="".join(lines))


def read_code(root: Path) -> Code:
    """Return the uses of texts in the modules below `app`."""
    code = Code({}, [], frozenset(), {}, [])
    strings: set[str] = set()
    for path in sorted((root / "app").rglob("*.py")):
        file = path.relative_to(root).as_posix()
        source = path.read_text(encoding="utf-8")
        code.foreign.extend(
            Place(file, number)
            for number, line in enumerate(source.splitlines(), 1)
            if any(map(_is_foreign, line))
        )
        if file == KEYS_MODULE:
            continue
        for node in ast.walk(ast.parse(source)):
            strings.update(_strings(node))
            _collect_keys(node, file, code)
            _collect_slug(node, file, code)
    return code._replace(strings=frozenset(strings))


def _strings(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(value)):
            yield value
        case ast.keyword(arg=str(name)):
            yield name


def _collect_keys(node: ast.AST, file: str, code: Code) -> None:
    match node:
        case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in _CALLS:
            for key in _choices(first):
                match key:
                    case ast.Constant(value=str(value)):
                        code.keys.setdefault(value, Place(file, key.lineno))
                    case ast.JoinedStr() | ast.BinOp():
                        code.built.append(Place(file, key.lineno))
        case ast.AnnAssign(annotation=annotation, value=ast.Dict(values=values)):
            if "MessageKey" in ast.unparse(annotation):
                for entry in values:
                    if isinstance(entry, ast.Constant) and isinstance(entry.value, str):
                        code.keys.setdefault(entry.value, Place(file, entry.lineno))


def _choices(key: ast.expr) -> Sequence[ast.expr]:
    """Return the keys of `"one" if … else "other"`, or the key itself."""
    if isinstance(key, ast.IfExp):
        return [*_choices(key.body), *_choices(key.orelse)]
    return [key]


def _collect_slug(node: ast.AST, file: str, code: Code) -> None:
    if not isinstance(node, ast.ClassDef):
        return
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="slug")], value=ast.Constant(value=str(slug))):
                code.slugs[slug] = Place(file, statement.lineno)


def _is_foreign(character: str) -> bool:
    """Return whether it is Japanese or Chinese: kana, Han, CJK punctuation, full-width forms."""
    code = ord(character)
    return 0x2E80 <= code <= 0xA4CF or 0xF900 <= code <= 0xFAFF or 0xFF00 <= code <= 0xFFEF
