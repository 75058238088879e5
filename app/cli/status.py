"""The output of `kaiyaku status`: counts of the catalogue, and the state of the database."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from rich import box
from rich.console import Console
from rich.table import Table

from app.catalogue.authoring import loader
from app.catalogue.authoring.findings import Finding
from app.catalogue.authoring.inventory import Inventory, inventory, inventory_of
from app.catalogue.authoring.loader import Catalogue
from app.catalogue.authoring.publish import origin
from app.catalogue.codes import CarrierKind, Evidence
from app.cli.output import CommandError, out
from app.cli.preparation import open_database, schema_problem
from app.database import migrate
from app.settings import Settings

_TABLE_WIDTH = 160
"""Characters. A narrower terminal wraps the lines; folding the cells would be unreadable."""


class Served(NamedTuple):
    """The edition that the database serves, compared with the catalogue's files."""

    current: bool
    """Whether the database serves exactly these files."""

    edition: int | None
    """The served edition; None if nothing is published, or the database cannot be read."""

    sentence: str
    """The state in words, with the fix if the database is not current."""


def served(settings: Settings, folder: Path) -> Served:
    """Compare the database with the folder; a database that cannot be read is no error."""
    try:
        with open_database(settings) as database:
            if problem := schema_problem(migrate.state(database)):
                return Served(current=False, edition=None, sentence=problem)
            source = origin(database)
    except CommandError as error:
        return Served(
            current=False, edition=None, sentence=f"The database cannot be read. {error.lines[0]}"
        )
    if source is None:
        return Served(
            current=False,
            edition=None,
            sentence="The database serves nothing yet. Run: kaiyaku publish",
        )
    if source.digest != loader.digest(folder):
        sentence = (
            f"The database serves edition {source.edition}, which differs from these files. "
            "Run: kaiyaku publish"
        )
        return Served(current=False, edition=source.edition, sentence=sentence)
    return Served(
        current=True,
        edition=source.edition,
        sentence=f"The database serves these files as edition {source.edition}.",
    )


def as_json(
    catalogue: Catalogue, findings: Sequence[Finding], folder: Path, database: Served
) -> Mapping[str, object]:
    """Return the report as JSON values; docs/operations.md lists its members."""
    by_kind = inventory(catalogue)
    return {
        "catalogue": {
            "folder": str(folder.resolve()),
            "findings": len(findings),
            "total": _counts(inventory_of(catalogue.carriers.values())),
            "kinds": {str(kind): _counts(counted) for kind, counted in by_kind.items()},
        },
        "database": {
            "current": database.current,
            "edition": database.edition,
            "message": database.sentence,
        },
    }


def show(catalogue: Catalogue, findings: Sequence[Finding], database: Served) -> None:
    """Print the report as a table and two sentences."""
    by_kind = inventory(catalogue)
    total = inventory_of(catalogue.carriers.values())
    rows = {str(kind): counted for kind, counted in by_kind.items()} | {"all": total}
    Console(width=max(out.width, _TABLE_WIDTH)).print(_table(rows))
    companies = sum(
        counted.carriers for kind, counted in by_kind.items() if kind is not CarrierKind.GENERIC
    )
    out.print(
        f"{companies} carriers, {total.procedures} procedures, {total.steps} steps, "
        f"{len(findings)} findings."
    )
    out.print(database.sentence)


def _counts(counted: Inventory) -> Mapping[str, object]:
    return {
        "carriers": counted.carriers,
        "procedures": counted.procedures,
        "steps": counted.steps,
        "languages": list(counted.languages),
        "evidence": {str(grade): counted.evidence.get(grade, 0) for grade in Evidence},
        "unknowns": counted.unknowns,
        "oldest_source": counted.oldest_source,
    }


def _table(rows: Mapping[str, Inventory]) -> Table:
    table = Table(box=box.SIMPLE)
    left_aligned = {"kind", "languages", "oldest source"}
    for name in (
        "kind",
        "carriers",
        "procedures",
        "steps",
        "languages",
        *Evidence,
        "unknowns",
        "oldest source",
    ):
        table.add_column(name, justify="left" if name in left_aligned else "right", no_wrap=True)
    for name, counted in rows.items():
        table.add_row(name, *_cells(counted))
    return table


def _cells(counted: Inventory) -> list[str]:
    grades = [counted.evidence.get(grade, 0) for grade in Evidence]
    numbers = (counted.carriers, counted.procedures, counted.steps)
    return [
        *map(str, numbers),
        " ".join(counted.languages),
        *map(str, grades),
        str(counted.unknowns),
        counted.oldest_source or "none dated",
    ]
