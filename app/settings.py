"""The settings of a deployment: `KAIYAKU_*` environment variables, read once into one frozen object."""

import os
import re
import secrets
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

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


def _public_url(url: str) -> str:
    """Refuse an address that links cannot begin with; leave out a slash at the end."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        message = "it must begin with https:// or http:// and a host, for example https://example.org/kaiyaku"
        raise ValueError(message)
    if parts.query or parts.fragment or "?" in url or "#" in url or parts.username is not None:
        message = "it must have no user, no query (?…) and no fragment (#…)"
        raise ValueError(message)
    path = parts.path.rstrip("/")
    if not _PLAIN_PATH.fullmatch(path):
        message = "its path may hold letters, digits and - . _ ~ between slashes"
        raise ValueError(message)
    if path.split("/")[1:2] == ["v1"]:
        message = "its path must not begin with /v1: a proxy that removes it and one that does not could not be told apart"
        raise ValueError(message)
    return f"{parts.scheme}://{parts.netloc}{path}"


_PLAIN_PATH: Final = re.compile(r"(/[A-Za-z0-9._~-]+)*")


class SecretMissingError(Exception):
    """`KAIYAKU_SECRET` is not set, though the database is not the embedded one."""


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
    public_url: Annotated[str, AfterValidator(_public_url)] | None = None
    contact: Annotated[str, Field(pattern=r"^(https://|mailto:|tel:)\S+$", max_length=200)] | None = None
    database_timeout: float = Field(default=4, ge=1, le=60)
    database_statement_timeout: float = Field(default=3, ge=0.5, le=60)
    database_lock_timeout: float = Field(default=2, ge=0.1, le=60)

    def secrets(self) -> tuple[bytes, ...]:
        """Return the secrets that capabilities are made with, the newest first.

        On the embedded database a secret is made once and kept beside it, readable by its owner only. Anywhere else one
        must be set: several servers have to share it. Raises `SecretMissingError`.
        """
        given = tuple(secret.get_secret_value().encode() for secret in (self.secret, self.secret_previous) if secret)
        if given:
            return given
        if not self.embedded:
            raise SecretMissingError
        return (_own_secret(EMBEDDED_DATABASE.with_name("secret")),)

    @property
    def public_path(self) -> str:
        """The path of the public address, which every link begins with: empty, or `/…` without a slash at its end."""
        return urlsplit(self.public_url or "").path

    @property
    def embedded(self) -> bool:
        """Whether the database is the default file, which the service looks after by itself."""
        return self.database_url == f"sqlite:///{EMBEDDED_DATABASE}"


def _own_secret(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass  # made by an earlier start, or by another worker just now
    return path.read_bytes()
