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

_DOCUMENTS: dict[str, type[BaseModel]] = {
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
"""The exit code that shells use for a command that Ctrl+C ended (128 + SIGINT)."""


class _Commands(TyperGroup):
    """Runs a command, and turns every failure into lines on standard error and an exit code."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer does not export click's types
        """Run the command."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()  # raises here, not at the interpreter's exit, if the pipe is closed
        except CommandError as error:
            _fail(*error.lines)
        except KeyboardInterrupt:
            _fail("Stopped.", code=_INTERRUPTED)
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # `kaiyaku status | head -1`: typer exits without a message
            if type(error).__module__.startswith("typer."):
                raise  # a mistake in the arguments: `run` prints it
            explanation = errors.explain(error)
            if explanation is None and os.environ.get("KAIYAKU_LOG_LEVEL") == "debug":
                raise
            _fail(explanation or errors.unexpected(error))
        return result


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit; the default arguments are those of the process.

    A mistake in the arguments is printed as one line, and the exit code is 1, as for every failure.
    """
    try:
        # In standalone mode typer would print a box of four lines and exit with 2.
        code = main(arguments, prog_name="kaiyaku", standalone_mode=False)
    except typer.TyperException as error:
        # The exported base class does not declare `ctx`.
        context: typer.Context | None = getattr(error, "ctx", None)
        command = context.command_path if context else "kaiyaku"
        err.print(f"{error.format_message().rstrip('.')}. See: {command} --help")
        code = 1
    sys.exit(code)


main = typer.Typer(
    name="kaiyaku",
    cls=_Commands,
    help="How to end a Japanese SIM, eSIM or pocket WiFi contract.",
    epilog="Settings are environment variables; .env.example in the repository explains each. "
    f"They are: {', '.join((*environment.NAMES, *environment.FILE_NAMES))}.",
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

CatalogueFolder = Annotated[
    Path | None,
    typer.Option("--catalogue", help="Folder of the catalogue; default: KAIYAKU_CATALOGUE."),
]

_ALL_SETTINGS = "Reads all settings; kaiyaku --help lists them."


def _command(*reads: str) -> Callable[[Command], Command]:
    """Return a decorator that makes a function a command; its help lists the settings it reads."""
    names = ", ".join(reads)
    return main.command(epilog=f"Reads the settings {names}." if names else None)


def _print_version(requested: bool) -> None:  # noqa: FBT001 - called by typer
    if requested:
        print(f"kaiyaku {version('kaiyaku')}")  # noqa: T201 - the command's output
        raise typer.Exit


def _print_json(value: Mapping[str, Any]) -> None:
    """Print indented JSON to standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=2))  # noqa: T201 - the command's output


@main.callback()
def _root(
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


@main.command(epilog=_ALL_SETTINGS)
def serve(
    host: Annotated[str, typer.Option(help="Host name or IP address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port to listen on; 0 chooses a free one.", min=0, max=65535)
    ] = 8000,
) -> None:
    """Serve the API. Prepares an SQLite database first; for PostgreSQL run kaiyaku prepare."""
    settings = environment.read_settings()
    # Listen first, so that a busy port is reported before anything is changed.
    with server.listening(host, port) as sockets:
        prepare_to_serve(settings)
        url = server.address_of(sockets, host)
        out.print(
            f"Kaiyaku serves on {url} — try {url}/docs or {url}/v1/carriers (Ctrl+C stops it)"
        )
        sys.stdout.flush()
        server.run(sockets, settings)


@_command(*_DATABASE, "KAIYAKU_CATALOGUE")
def prepare(catalogue: CatalogueFolder = None) -> None:
    """Prepare a database for serving: migrate it, then publish the catalogue."""
    settings = environment.read_settings()
    with open_database(settings, create=True) as database:
        bring_up_to_date(database)
        out.print("The schema is up to date.")
        publish_folder(database, catalogue or settings.catalogue)


@_command(*_DATABASE)
def migrate() -> None:
    """Upgrade the schema of the database to this version."""
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
    """Check the catalogue's files and list mistakes and warnings."""
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
    """Publish the catalogue's files as a new edition. A mistake in any file prevents it."""
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
    """Count the catalogue's content. Exits with 1 unless exactly these files are served."""
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
        typer.Option("--force", help="Delete even if the clock or the number looks wrong."),
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


@main.command(epilog=_ALL_SETTINGS)
def settings() -> None:
    """Print every setting as JSON, with the variable it comes from. Secrets are hidden."""
    _print_json(settings_report.as_json(environment.read_settings()))


@_command()
def schema(kind: Annotated[str, typer.Argument(help=f"One of: {', '.join(_DOCUMENTS)}.")]) -> None:
    """Print the JSON Schema of a kind of catalogue file, for editors."""
    if kind not in _DOCUMENTS:
        raise CommandError(f"There is no kind of file {kind}. Name one of: {', '.join(_DOCUMENTS)}")
    _print_json(_DOCUMENTS[kind].model_json_schema())


@_command()
def openapi() -> None:
    """Print the OpenAPI document of this version."""
    api = create_api(Settings(database_url="sqlite:////nowhere", secret=SecretStr("-" * 32)))
    _print_json(api.openapi())


def _fail(*lines: str, code: int = 1) -> None:
    for line in lines:
        err.print(line)
    raise typer.Exit(code)
