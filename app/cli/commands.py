"""The commands of `kaiyaku`."""

import errno
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from pydantic import BaseModel, SecretStr
from typer.core import TyperGroup

from app import clock
from app.catalogue.advice import AdviceDocument
from app.catalogue.authoring.checks.run import check as check_files
from app.catalogue.documents import CarrierDocument, ProcedureDocument, RetiredDocument
from app.catalogue.identification import IdentificationDocument
from app.catalogue.regulation import RegulationDocument
from app.catalogue.vocabulary import GlossaryDocument, VocabularyDocument
from app.cli import environment, errors, server, settings_report
from app.cli import status as status_report
from app.cli.output import CommandError, err, out, report
from app.cli.preparation import (
    bring_up_to_date,
    catalogue_folder,
    open_database,
    prepare_to_serve,
    publish_folder,
    require_schema,
)
from app.database.migrate import upgrade
from app.main import create_api
from app.sessions.purge import PurgeRefusedError
from app.sessions.purge import purge as purge_sessions
from app.settings import Settings

Command = TypeVar("Command", bound=Callable[..., None])

_DATABASE = ("KAIYAKU_DATABASE_URL", "KAIYAKU_DATABASE_PASSWORD", "KAIYAKU_DATABASE_PREPARED")

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

_INTERRUPTED = 130
"""The exit code of a command that Ctrl+C has ended, as shells have it."""


class _Commands(TyperGroup):
    """All commands.

    Every failure ends here: lines on standard error, and an exit code.
    """

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer does not export click's types
        """Run the command."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # a reader that has gone is noticed here and not while Python ends
        except CommandError as error:
            _fail(*error.lines)
        except KeyboardInterrupt:
            _fail("Stopped.", code=_INTERRUPTED)
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # `kaiyaku status | head -1`: typer ends quietly
            if type(error).__module__.startswith("typer."):
                raise  # typer words mistakes in the arguments itself
            explanation = errors.explain(error)
            if explanation is None and os.environ.get("KAIYAKU_LOG_LEVEL") == "debug":
                raise
            _fail(explanation or errors.unexpected(error))
        return result


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command of the arguments, by default those of the process, and exit.

    A mistake in the arguments is one line and exit code 1, as every other failure.
    """
    try:
        # In standalone mode typer would draw a box of four lines and exit with 2. A command that
        # exits returns its code.
        code = main(arguments, prog_name="kaiyaku", standalone_mode=False)
    except typer.TyperException as error:
        context: typer.Context | None = getattr(
            error, "ctx", None
        )  # typer exports the class without it
        command = context.command_path if context else "kaiyaku"
        err.print(f"{error.format_message().rstrip('.')}. See: {command} --help")
        code = 1
    sys.exit(code)


main = typer.Typer(
    name="kaiyaku",
    cls=_Commands,
    help="How to end a Japanese SIM, eSIM or pocket WiFi contract.",
    epilog="Settings are environment variables; .env.example explains each: "
    f"{', '.join((*environment.NAMES, *environment.FILE_NAMES))}.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CatalogueFolder = Annotated[
    Path | None,
    typer.Option("--catalogue", help="Folder of the catalogue; default: KAIYAKU_CATALOGUE."),
]


def _command(*reads: str) -> Callable[[Command], Command]:
    """Return a decorator that makes a function a command; its help names the settings it reads."""
    names = ", ".join(reads)
    return main.command(epilog=f"Reads the environment variables {names}." if names else None)


def _print_version(requested: bool) -> None:  # noqa: FBT001 - called by typer
    if requested:
        print(f"kaiyaku {version('kaiyaku')}")  # noqa: T201 - the command's output
        raise typer.Exit


def _print_json(value: Mapping[str, Any]) -> None:
    """Print JSON for programs to standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 - the command's output


@main.callback()
def _begin(
    context: typer.Context,
    _version: Annotated[  # noqa: FBT002 - an option
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    for warning in environment.unknown_names():
        err.print(f"Warning: {warning}")
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@_command(*environment.NAMES, *environment.FILE_NAMES)
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 takes a free one.", min=0, max=65535)
    ] = 8000,
) -> None:
    """Serve the API. An SQLite file is made ready first; PostgreSQL must be: kaiyaku prepare."""
    settings = environment.read_settings()
    with server.listening(
        host, port
    ) as sockets:  # first, so that a busy port is known before anything is changed
        prepare_to_serve(settings)
        at = server.address_of(sockets, host)
        out.print(f"Kaiyaku serves on {at} — try {at}/docs or {at}/v1/carriers (Ctrl+C stops it)")
        sys.stdout.flush()
        server.run(sockets, settings)


@_command(*_DATABASE, "KAIYAKU_CATALOGUE")
def prepare(catalogue: CatalogueFolder = None) -> None:
    """Bring the schema up to date and publish the catalogue, before the database is served."""
    settings = environment.read_settings()
    with open_database(settings, create=True) as database:
        bring_up_to_date(database)
        out.print("The schema is up to date.")
        publish_folder(database, catalogue or settings.catalogue)


@_command(*_DATABASE)
def migrate() -> None:
    """Bring the database's schema up to date."""
    with open_database(environment.read_settings(), create=True) as database:
        upgrade(database)
    out.print("The schema is up to date.")


@_command("KAIYAKU_CATALOGUE")
def check(
    catalogue: CatalogueFolder = None,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="List every finding, not only the first 50.")
    ] = False,
) -> None:
    """Check the catalogue's files and list the mistakes."""
    folder = catalogue_folder(catalogue or environment.read_settings().catalogue)
    _, findings = check_files(folder, clock.now_in_japan().date())
    report(findings, everything=everything)
    out.print(
        f"{len(findings)} warnings; the catalogue can be published."
        if findings
        else "The catalogue has no findings."
    )


@_command(*_DATABASE, "KAIYAKU_CATALOGUE")
def publish(catalogue: CatalogueFolder = None) -> None:
    """Publish the catalogue's files as a new edition; all of them, or nothing."""
    settings = environment.read_settings()
    with open_database(settings) as database:
        require_schema(database)
        publish_folder(database, catalogue or settings.catalogue)


@_command(*_DATABASE, "KAIYAKU_CATALOGUE")
def status(
    catalogue: CatalogueFolder = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Count the catalogue by kind. Exits 1 unless the database serves exactly this state of it."""
    settings = environment.read_settings()
    folder = catalogue_folder(catalogue or settings.catalogue)
    loaded, findings = check_files(folder, clock.now_in_japan().date())
    if loaded is None:
        report(findings)
        return
    database = status_report.served(settings, folder)
    if as_json:
        _print_json(status_report.as_json(loaded, findings, folder, database))
    else:
        status_report.show(loaded, findings, database)
    if not database.current:
        raise typer.Exit(1)


@_command(*_DATABASE)
def purge(
    *,
    force: Annotated[
        bool,
        typer.Option("--force", help="Delete them although the clock or their number looks wrong."),
    ] = False,
) -> None:
    """Delete expired checklist sessions."""
    with open_database(environment.read_settings()) as database:
        require_schema(database)
        with database.write() as session:
            try:
                count = purge_sessions(session, clock.utc_now(), force=force)
            except PurgeRefusedError as error:
                raise CommandError(
                    f"Nothing was deleted: {error}. Check the clock of this machine; if it is "
                    "right, run: kaiyaku purge --force"
                ) from None
    out.print(f"{count} expired sessions deleted.")


@_command(*environment.NAMES, *environment.FILE_NAMES)
def settings() -> None:
    """Print every setting as JSON, and the variable it comes from. Secrets are hidden."""
    _print_json(settings_report.as_json(environment.read_settings()))


@_command()
def schema(form: Annotated[str, typer.Argument(help=f"One of: {', '.join(_FORMS)}.")]) -> None:
    """Print the JSON Schema of one kind of catalogue file, for editors."""
    if form not in _FORMS:
        raise CommandError(f"There is no form {form}. Forms: {', '.join(_FORMS)}")
    _print_json(_FORMS[form].model_json_schema())


@_command()
def openapi() -> None:
    """Print the OpenAPI document of this version."""
    api = create_api(Settings(database_url="sqlite:////nowhere", secret=SecretStr("-" * 32)))
    _print_json(api.openapi())


def _fail(*lines: str, code: int = 1) -> None:
    for line in lines:
        err.print(line)
    raise typer.Exit(code)
