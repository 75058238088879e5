"""The settings of a deployment: `KAIYAKU_*` environment variables, read once into one frozen object."""

from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field
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


class Settings(BaseSettings):
    """What a deployment can set; `.env.example` lists each with its meaning."""

    model_config = SettingsConfigDict(env_prefix="KAIYAKU_", frozen=True, extra="forbid")

    database_url: Annotated[str, AfterValidator(_with_driver)] = f"sqlite:///{EMBEDDED_DATABASE}"
    database_pool: int = Field(default=10, ge=1, le=100)
    catalogue: Path = ROOT / "catalogue"
    workers: int = Field(default=1, ge=1, le=64)
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def embedded(self) -> bool:
        """Whether the database is the default file, which the service looks after by itself."""
        return self.database_url == f"sqlite:///{EMBEDDED_DATABASE}"
