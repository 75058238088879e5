"""Settings of a deployment: `KAIYAKU_*` environment variables, read into one frozen object."""

import json
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app import secret_file
from app.settings_files import FilesSource, Unusable

ROOT: Final = Path(__file__).resolve().parent.parent
"""The folder that holds `catalogue/`, `migrations/` and `alembic.ini`."""

EMBEDDED_DATABASE: Final = ROOT / "var" / "kaiyaku.sqlite3"


ESCAPES: Final = (
    "in a URL, write @ as %40, / as %2F, # as %23, % as %25, ? as %3F and : as %3A, or set the "
    "password unescaped in KAIYAKU_DATABASE_PASSWORD"
)
"""How to write a password in `KAIYAKU_DATABASE_URL`, for messages."""


def _checked_url(url: str) -> str:
    """Return the URL with its driver: `postgresql://…` becomes `postgresql+psycopg://…`."""
    scheme, separator, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"}:
        scheme = "postgresql+psycopg"
    if scheme not in {"sqlite", "postgresql+psycopg"} or not separator:
        raise ValueError("it must begin with sqlite:/// or postgresql://")
    if scheme == "sqlite" and rest.strip("/") in {"", ":memory:"}:
        raise ValueError(
            "it must name a file: with a database in memory, each connection has its own"
        )
    if scheme != "sqlite":
        _check_authority(rest)
    return f"{scheme}://{rest}"


def _check_authority(rest: str) -> None:
    """Refuse a URL whose unescaped password would be parsed as part of the host or the name.

    The messages never quote the URL, because it is unknown which part of it is the password.
    """
    if rest.count("@") > 1:
        raise ValueError(f"it has more than one @; {ESCAPES}")
    try:
        parsed = make_url(f"postgresql://{rest}")
    except (ArgumentError, ValueError):
        raise ValueError(f"its host and port cannot be read; {ESCAPES}") from None
    if "@" in rest and parsed.username is None:
        raise ValueError(f"its @ does not follow user:password; {ESCAPES}")


def _networks(value: object) -> object:
    """Return the networks of a text as a list: a JSON list, or separated by commas."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError(f"it is not a JSON list; {_NETWORKS}") from None
    return [part.strip() for part in value.split(",") if part.strip()]


_NETWORKS: Final = (
    "write networks separated by commas, such as 10.0.0.0/8,fd00::/8, or a JSON list such as "
    '["10.0.0.0/8"]'
)


def _network(value: object) -> object:
    if isinstance(value, str):
        try:
            return ip_network(value)
        except ValueError as error:
            raise ValueError(f"{error}; {_NETWORKS}") from None
    return value


def _public_url(url: str) -> str:
    """Return the URL without a slash at its end; refuse one that links cannot begin with."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(
            "it must begin with https:// or http:// and a host, for example "
            "https://example.org/kaiyaku"
        )
    if parts.query or parts.fragment or "?" in url or "#" in url or parts.username is not None:
        raise ValueError("it must have no user, no query (?…) and no fragment (#…)")
    path = parts.path.rstrip("/")
    if not _PLAIN_PATH.fullmatch(path):
        raise ValueError("its path may contain letters, digits and - . _ ~ between slashes")
    if path.split("/")[1:2] == ["v1"]:
        raise ValueError(
            "its path must not begin with /v1, with which the paths of the API begin: it would be "
            "unknown whether a proxy has removed it"
        )
    return f"{parts.scheme}://{parts.netloc}{path}"


_PLAIN_PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)*")


class SecretMissingError(Exception):
    """`KAIYAKU_SECRET` is not set, and on PostgreSQL no secret is created."""


class Settings(BaseSettings):
    """The settings of a deployment; `.env.example` explains each."""

    # An empty variable counts as not set: docker compose passes every setting on, set or not.
    model_config = SettingsConfigDict(
        env_prefix="KAIYAKU_",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,  # a traceback must not show a password
    )

    # Before `database_url`: its validator inserts the password.
    database_password: SecretStr | None = None
    database_url: Annotated[str, AfterValidator(_checked_url)] = Field(
        default=f"sqlite:///{EMBEDDED_DATABASE}", validate_default=True, repr=False
    )
    database_prepared: bool = True
    database_pool: int = Field(default=10, ge=1, le=100)
    catalogue: Path = ROOT / "catalogue"
    secret: SecretStr | None = Field(default=None, min_length=32)
    secret_previous: SecretStr | None = Field(default=None, min_length=32)
    cache_bytes: int = Field(default=64 * 1024 * 1024, ge=0)
    workers: int = Field(default=1, ge=1, le=64)
    changes_per_minute: int = Field(default=120, ge=0)
    computations_per_minute: int = Field(default=600, ge=0)
    rate_store: str = Field(default="memory://", pattern="^(memory|rediss?)://", repr=False)
    trusted_proxies: Annotated[
        tuple[Annotated[IPv4Network | IPv6Network, BeforeValidator(_network)], ...],
        NoDecode,
        BeforeValidator(_networks),
    ] = ()
    grace_seconds: int = Field(default=15, ge=0, le=3600)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    public_url: Annotated[str, AfterValidator(_public_url)] | None = None
    contact: (
        Annotated[str, Field(pattern=r"^(https://|mailto:|tel:)\S+$", max_length=200)] | None
    ) = None
    database_timeout: float = Field(default=4, ge=1, le=60)
    database_statement_timeout: float = Field(default=3, ge=0.5, le=60)
    database_lock_timeout: float = Field(default=2, ge=0.1, le=60)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the base class's signature
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - the same
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources by precedence: arguments, files that variables name, variables."""
        files = FilesSource(settings_cls, str(cls.model_config["env_prefix"]))
        return init_settings, files, env_settings

    @field_validator("*", mode="before")
    @classmethod
    def _refuse_unusable(cls, value: object) -> object:
        if isinstance(value, Unusable):
            raise ValueError(value.sentence)  # noqa: TRY004 - pydantic reports ValueError only
        return value

    @field_validator("database_url")
    @classmethod
    def _with_password(cls, url: str, info: ValidationInfo) -> str:
        """Return the URL with the escaped password of `KAIYAKU_DATABASE_PASSWORD`."""
        password: SecretStr | None = info.data.get("database_password")
        if password is None:
            return url
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            raise ValueError(
                "it is not a PostgreSQL URL, but KAIYAKU_DATABASE_PASSWORD is set. "
                "Write postgresql://user@host/name, or remove the password"
            )
        if parsed.username is None:
            raise ValueError(
                "it names no user for KAIYAKU_DATABASE_PASSWORD. Write postgresql://user@host/name"
            )
        if parsed.password or "password" in parsed.query:
            raise ValueError(
                "it has a password, but KAIYAKU_DATABASE_PASSWORD is set too. Remove one"
            )
        with_password = parsed.set(password=password.get_secret_value())
        return with_password.render_as_string(hide_password=False)

    def secrets(self) -> tuple[bytes, ...]:
        """Return the secrets that tokens are made with, the newest first.

        On SQLite a secret that is not set is created once, in a file next to the database. On
        PostgreSQL it must be set, because several servers share it. Raises `SecretMissingError`, or
        `SecretFileError` if the file cannot be used.
        """
        newest = self.secret.get_secret_value().encode() if self.secret else self._secret_of_file()
        if self.secret_previous is None:
            return (newest,)
        return (newest, self.secret_previous.get_secret_value().encode())

    def _secret_of_file(self) -> bytes:
        path = self.secret_path
        if path is None:
            raise SecretMissingError
        if self.embedded:
            path.parent.mkdir(parents=True, exist_ok=True)
        return secret_file.read_or_create(path)

    @property
    def secret_path(self) -> Path | None:
        """The file of a secret that is not set, next to the SQLite file. None on PostgreSQL."""
        if self.embedded:
            return EMBEDDED_DATABASE.with_name("secret")
        path = self.sqlite_path
        return path.with_name(f"{path.name}.secret") if path else None

    @property
    def sqlite_path(self) -> Path | None:
        """The absolute path of the SQLite file; None on PostgreSQL."""
        scheme, _, rest = self.database_url.partition(":///")
        return Path(rest.partition("?")[0]).absolute() if scheme == "sqlite" else None

    @property
    def public_path(self) -> str:
        """The path of the public URL: empty, or `/…` without a slash at its end."""
        return urlsplit(self.public_url or "").path

    @property
    def embedded(self) -> bool:
        """Whether the database is the default file, whose folder the service creates."""
        return self.database_url == f"sqlite:///{EMBEDDED_DATABASE}"
