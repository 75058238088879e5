"""The settings of a deployment: `KAIYAKU_*` environment variables, read once into one frozen object."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from app import secret_file

ROOT: Final = Path(__file__).resolve().parent.parent
"""The folder that holds `catalogue/`, `migrations/` and `alembic.ini`."""

EMBEDDED_DATABASE: Final = ROOT / "var" / "kaiyaku.sqlite3"


def _with_driver(url: str) -> str:
    """Name the driver: `postgresql://…` as hosts hand it out means psycopg here."""
    scheme, separator, rest = url.partition("://")
    if scheme in {"postgres", "postgresql"}:
        return f"postgresql+psycopg{separator}{rest}"
    if scheme not in {"sqlite", "postgresql+psycopg"} or not separator:
        message = "it must begin with sqlite:/// or postgresql://"
        raise ValueError(message)
    if scheme == "sqlite" and rest.strip("/") in {"", ":memory:"}:
        message = "it must name a file: a database in memory is another one for each connection"
        raise ValueError(message)
    return url


class SecretMissingError(Exception):
    """`KAIYAKU_SECRET` is not set, and the database is no SQLite file that one could be kept beside."""


class Settings(BaseSettings):
    """What a deployment can set; `.env.example` lists each with its meaning."""

    model_config = SettingsConfigDict(env_prefix="KAIYAKU_", frozen=True, extra="forbid")

    database_url: Annotated[str, AfterValidator(_with_driver)] = f"sqlite:///{EMBEDDED_DATABASE}"
    database_pool: int = Field(default=10, ge=1, le=100)
    catalogue: Path = ROOT / "catalogue"
    secret: SecretStr | None = Field(default=None, min_length=32)
    secret_previous: SecretStr | None = Field(default=None, min_length=32)
    cache_bytes: int = Field(default=64 * 1024 * 1024, ge=0)
    workers: int = Field(default=1, ge=1, le=64)
    changes_per_minute: int = Field(default=120, ge=0)
    computations_per_minute: int = Field(default=600, ge=0)
    rate_store: Annotated[str, Field(pattern="^(memory|rediss?)://")] = "memory://"
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    def secrets(self) -> tuple[bytes, ...]:
        """Return the secrets that capabilities are made with, the newest first.

        On SQLite a secret is made once and kept beside the database. On PostgreSQL one must be set: several servers
        have to share it. Raises `SecretMissingError`, and `SecretFileError` when the file is of no use.
        """
        newest = self.secret.get_secret_value().encode() if self.secret else self._kept_secret()
        previous = (self.secret_previous.get_secret_value().encode(),) if self.secret_previous else ()
        return (newest, *previous)

    def _kept_secret(self) -> bytes:
        path = self.secret_path
        if path is None:
            raise SecretMissingError
        if self.embedded:
            path.parent.mkdir(parents=True, exist_ok=True)
        return secret_file.read_or_create(path)

    @property
    def secret_path(self) -> Path | None:
        """Where a secret that is not set is kept: beside the SQLite file. None on PostgreSQL."""
        if self.embedded:
            return EMBEDDED_DATABASE.with_name("secret")
        path = self.sqlite_path
        return path.with_name(f"{path.name}.secret") if path else None

    @property
    def sqlite_path(self) -> Path | None:
        """The SQLite file, absolute; None on PostgreSQL."""
        scheme, _, rest = self.database_url.partition(":///")
        return Path(rest.partition("?")[0]).absolute() if scheme == "sqlite" else None

    @property
    def embedded(self) -> bool:
        """Whether the database is the default file, which the service looks after by itself."""
        return self.database_url == f"sqlite:///{EMBEDDED_DATABASE}"
