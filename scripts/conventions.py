"""Conventions of the code that ruff has no rule for: `python -m scripts.conventions`.

Prints one line for each place that breaks one, and exits with 1 if there is any.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from app.settings import ROOT

FOLDERS: Final = ("app", "benchmarks", "migrations", "scripts", "tests")
LONGEST_TEST_NAME: Final = 60
LONGEST_TUPLE: Final = 2


LONG_TUPLES: Final = frozenset(
    {
        # One is created per request: app/http/cache/store.py says what a NamedTuple would cost.
        "tuple[str, bytes, bytes, bytes]",
        # The signature of a method of pydantic, which app/settings_files.py overrides.
        "tuple[Any, str, bool]",
    }
)
"""The long tuples that are allowed."""


class Breach(NamedTuple):
    """A place that breaks a convention."""

    line: int
    problem: str


def nested_conditionals(module: ast.Module) -> Iterator[Breach]:
    """No conditional expression contains another: write statements, or look up a table."""
    for node in ast.walk(module):
        if isinstance(node, ast.IfExp) and any(
            isinstance(part, ast.IfExp) for part in ast.walk(node) if part is not node
        ):
            yield Breach(node.lineno, "a conditional expression in another one")


def long_tuples(module: ast.Module) -> Iterator[Breach]:
    """A tuple with three or more members of its own is a `NamedTuple`: its members have names."""
    for node in ast.walk(module):
        match node:
            case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=members)):
                has_one_type = isinstance(members[-1], ast.Constant)  # tuple[X, ...]
                is_allowed = has_one_type or ast.unparse(node) in LONG_TUPLES
                if len(members) > LONGEST_TUPLE and not is_allowed:
                    yield Breach(node.lineno, f"a tuple of {len(members)}: make it a NamedTuple")


def imports_from_conftest(module: ast.Module) -> Iterator[Breach]:
    """Code that tests share is in `tests/support`; only pytest imports `conftest.py`."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("conftest"):
            yield Breach(node.lineno, "an import from conftest: move it to tests/support")


def tests_without_claim(module: ast.Module) -> Iterator[Breach]:
    """The name of a test is short, and its docstring states the claim."""
    for node in ast.walk(module):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not node.name.startswith("test_"):
            continue
        if len(node.name) > LONGEST_TEST_NAME:
            problem = f"the name of a test has {len(node.name)} characters: {LONGEST_TEST_NAME}"
            yield Breach(node.lineno, f"{problem} at most")
        if not ast.get_docstring(node):
            yield Breach(node.lineno, f"{node.name} has no docstring that states its claim")


def unmarked_use_of_own_catalogue(module: ast.Module) -> Iterator[Breach]:
    """A test that reads the project's own catalogue says so with a mark.

    `tests/conftest.py` refuses unmarked use of its fixtures; this finds other uses.
    """
    uses = [
        node.lineno
        for node in ast.walk(module)
        if (isinstance(node, ast.ImportFrom) and node.module == "tests.support.own_catalogue")
        or (isinstance(node, ast.Attribute) and node.attr == "with_own_catalogue")
        or (isinstance(node, ast.BinOp) and ast.unparse(node) == "ROOT / 'catalogue'")
    ]
    is_marked = any(
        isinstance(node, ast.Attribute) and ast.unparse(node) == "pytest.mark.own_catalogue"
        for node in ast.walk(module)
    )
    if uses and not is_marked:
        yield Breach(uses[0], "the project's own catalogue without pytest.mark.own_catalogue")


EVERYWHERE: Final = (nested_conditionals, long_tuples, imports_from_conftest)
IN_TESTS: Final = (tests_without_claim, unmarked_use_of_own_catalogue)


def breaches(path: Path) -> Iterator[Breach]:
    """Yield each breach in the file."""
    module = ast.parse(path.read_text(encoding="utf-8"))
    is_test = path.name.startswith("test_") and path.suffix == ".py"
    for convention in (*EVERYWHERE, *(IN_TESTS if is_test else ())):
        yield from convention(module)


def main() -> int:
    """Check all files, and return the exit code."""
    count = 0
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for breach in sorted(breaches(path)):
                print(f"{path.relative_to(ROOT)}:{breach.line}: {breach.problem}", file=sys.stderr)
                count += 1
    print(f"{count} breaches of conventions." if count else "The conventions are kept.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
