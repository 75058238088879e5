"""The `kaiyaku` command."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
import uvicorn
from pydantic import BaseModel, SecretStr, ValidationError
from rich import box
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from app import log
from app import migrate as schema_of
from app.catalogue import checks, files
from app.catalogue.codes import CarrierKind, Evidence
from app.catalogue.documents import (
    AdviceDocument,
    CarrierDocument,
    GlossaryDocument,
    ProcedureDocument,
    RetiredDocument,
    VocabularyDocument,
)
from app.catalogue.inventory import Inventory, inventory, inventory_of
from app.catalogue.publish import PublishedMeanwhileError, is_published
from app.catalogue.publish import publish as publish_catalogue
from app.catalogue.reference import IdentificationDocument, RegulationDocument
from app.database import Database
from app.main import create_api
from app.sessions.store import purge as purge_sessions
from app.settings import SecretMissingError, Settings

main = typer.Typer(name="kaiyaku", help="How to end a Japanese SIM, eSIM or pocket WiFi contract.", no_args_is_help=True)

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)

_TABLE_WIDTH = 160
"""A table that is folded cannot be read; a narrow terminal wraps its lines."""

_FORMS: dict[str, type[BaseModel]] = {
    "carrier": CarrierDocument,
    "procedure": ProcedureDocument,
    "vocabulary": VocabularyDocument,
    "advice": AdviceDocument,
    "identification": IdentificationDocument,
    "regulation": RegulationDocument,
    "retired": RetiredDocument,
    "glossary": GlossaryDocument,
}

CatalogueFolder = Annotated[Path | None, typer.Option("--catalogue", help="Folder of the catalogue; default: KAIYAKU_CATALOGUE.")]


@main.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
) -> None:
    """Serve the API. The embedded database is migrated and published first; another one must be ready."""
    settings = _settings()
    database = Database(settings.database_url)
    if settings.embedded:
        schema_of.upgrade(database)
        _publish(database, settings.catalogue)
    elif not schema_of.is_current(database):
        _fail("The database's schema is not the one this version needs. Run: kaiyaku migrate && kaiyaku publish")
    database.close()
    try:
        settings.secrets()
    except SecretMissingError:
        _fail("KAIYAKU_SECRET is not set; sessions need one. Run: export KAIYAKU_SECRET=$(openssl rand -base64 48)")
    log.configure(settings.log_level)
    at = f"http://{host}:{port}"
    _out.print(f"Kaiyaku serves on {at} — try {at}/docs, {at}/v1 and {at}/v1/carriers?q=rakuten (Ctrl+C stops it)")
    uvicorn.run(
        "app.main:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=settings.workers,
        log_level="warning",
        log_config=None,  # the server's own lines go where all others go, see app.log
        access_log=False,  # it would log addresses of clients and of what they asked
        server_header=False,
        proxy_headers=False,  # who a client is matters to rate limits alone, and they look for themselves
    )


@main.command()
def migrate() -> None:
    """Bring the database's schema up to date."""
    settings = _settings()
    database = Database(settings.database_url)
    schema_of.upgrade(database)
    database.close()
    _out.print("The schema is up to date.")


@main.command()
def check(catalogue: CatalogueFolder = None) -> None:
    """Check the catalogue's files and list every mistake."""
    _, findings = checks.check(catalogue or _settings().catalogue, _today())
    _report(findings)
    _out.print(f"{len(findings)} warnings; the catalogue can be published." if findings else "The catalogue has no findings.")


@main.command()
def publish(catalogue: CatalogueFolder = None) -> None:
    """Publish the catalogue's files as a new edition; all of them, or nothing."""
    settings = _settings()
    database = Database(settings.database_url)
    if not schema_of.is_current(database):
        _fail("The database's schema is not the one this version needs. Run: kaiyaku migrate")
    _publish(database, catalogue or settings.catalogue)
    database.close()


@main.command()
def status(catalogue: CatalogueFolder = None) -> None:
    """Tell what the catalogue holds, kind by kind, and whether it is what the database serves."""
    settings = _settings()
    folder = catalogue or settings.catalogue
    found, findings = checks.check(folder, _today())
    if found is None:
        _report(findings)
        return
    by_kind, total = inventory(found), inventory_of(found.carriers.values())
    Console(width=max(_out.width, _TABLE_WIDTH)).print(_table({str(kind): counted for kind, counted in by_kind.items()} | {"all": total}))
    named = sum(counted.carriers for kind, counted in by_kind.items() if kind is not CarrierKind.GENERIC)
    _out.print(f"{named} carriers, {total.procedures} procedures, {total.steps} steps, {len(findings)} findings.")
    _out.print(_served(settings, folder))


def _table(rows: Mapping[str, Inventory]) -> Table:
    table = Table(box=box.SIMPLE)
    left = {"kind", "languages", "oldest source"}
    for name in ("kind", "carriers", "procedures", "steps", "languages", *Evidence, "unknowns", "oldest source"):
        table.add_column(name, justify="left" if name in left else "right", no_wrap=True)
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


def _served(settings: Settings, folder: Path) -> str:
    """Return a sentence on the database; that it cannot be read is no failure of the catalogue."""
    database = Database(settings.database_url)
    try:
        if not schema_of.is_current(database):
            return "The database's schema is not the one this version needs. Run: kaiyaku migrate"
        served = is_published(database, files.digest(folder))
    except SQLAlchemyError as error:
        return f"The database cannot be read: {type(error).__name__}."
    finally:
        database.close()
    return f"The database serves it as edition {served}." if served else "The database serves another state of it. Run: kaiyaku publish"


@main.command()
def purge() -> None:
    """Delete expired checklist sessions."""
    database = Database(_settings().database_url)
    with database.write() as session:
        count = purge_sessions(session, dt.datetime.now(dt.UTC))
    database.close()
    _out.print(f"{count} expired sessions deleted.")


@main.command()
def schema(form: Annotated[str, typer.Argument(help=f"One of: {', '.join(_FORMS)}.")]) -> None:
    """Print the JSON Schema of one kind of catalogue file, for editors."""
    if form not in _FORMS:
        _fail(f"There is no form {form}. Forms: {', '.join(_FORMS)}")
    print(json.dumps(_FORMS[form].model_json_schema(), ensure_ascii=False, indent=2))  # noqa: T201 - the command's output


@main.command()
def openapi() -> None:
    """Print the OpenAPI document of this version."""
    api = create_api(Settings(database_url="sqlite:////nowhere", secret=SecretStr("-" * 32)))
    print(json.dumps(api.openapi(), ensure_ascii=False, indent=2))  # noqa: T201 - the command's output


def _publish(database: Database, folder: Path) -> None:
    served = is_published(database, files.digest(folder))
    if served is not None:
        _out.print(f"Edition {served} is served already; the catalogue has not changed.")
        return
    catalogue, findings = checks.check(folder, _today())
    _report(findings)
    assert catalogue is not None  # noqa: S101 - a catalogue that cannot be read has findings
    try:
        published = publish_catalogue(database, catalogue)
    except PublishedMeanwhileError:
        _fail("Another publisher was faster; nothing was changed. Publish again.")
    _out.print(
        f"Edition {published.edition} is published: {published.added} procedures added, "
        f"{published.changed} changed, {published.retired} retired."
    )


def _report(findings: list[files.Finding]) -> None:
    """List what was found, and stop where it is more than warnings."""
    for finding in findings:
        _err.print(str(finding), markup=False)
    if any(not finding.warning for finding in findings):
        _fail(f"{len(findings)} findings; nothing was published or changed.")


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        for details in error.errors():
            _err.print(f"KAIYAKU_{'_'.join(map(str, details['loc'])).upper()}: {details['msg']}", markup=False)
        raise typer.Exit(1) from None


def _fail(message: str) -> NoReturn:
    _err.print(message, markup=False)
    raise typer.Exit(1)


def _today() -> dt.date:
    return dt.datetime.now(ZoneInfo("Asia/Tokyo")).date()
