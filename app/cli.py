"""The `kaiyaku` command."""

import datetime as dt
import json
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import typer
import uvicorn
from pydantic import BaseModel, SecretStr, ValidationError
from rich.console import Console

from app import migrate as schema_of
from app.catalogue import checks, files
from app.catalogue.documents import AdviceDocument, CarrierDocument, ProcedureDocument, RetiredDocument, VocabularyDocument
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

_FORMS: dict[str, type[BaseModel]] = {
    "carrier": CarrierDocument,
    "procedure": ProcedureDocument,
    "vocabulary": VocabularyDocument,
    "advice": AdviceDocument,
    "identification": IdentificationDocument,
    "regulation": RegulationDocument,
    "retired": RetiredDocument,
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
    at = f"http://{host}:{port}"
    _out.print(f"Kaiyaku serves on {at} — try {at}/docs, {at}/v1 and {at}/v1/carriers?q=rakuten (Ctrl+C stops it)")
    uvicorn.run(
        "app.main:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=settings.workers,
        log_level="warning",
        access_log=False,  # it would log addresses of clients and of what they asked
        server_header=False,
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
    _out.print("The catalogue has no findings.")


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
    for finding in findings:
        _err.print(str(finding), markup=False)
    if findings:
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
