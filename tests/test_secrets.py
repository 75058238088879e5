"""The secret of the settings: required on PostgreSQL, created beside the embedded database."""

import pytest

from app.settings import EMBEDDED_DATABASE, SecretMissingError, Settings


def test_a_secret_is_required_on_postgresql() -> None:
    """Settings with PostgreSQL and without a secret raise an error when it is needed."""
    with pytest.raises(SecretMissingError):
        Settings(database_url="postgresql://db.example/kaiyaku").secrets()


def test_the_embedded_database_has_a_private_secret() -> None:
    """The embedded database gets one long secret, which only its owner can read."""
    settings = Settings()

    assert settings.secrets() == settings.secrets()
    assert len(settings.secrets()[0]) >= 32
    assert EMBEDDED_DATABASE.with_name("secret").stat().st_mode & 0o777 == 0o600
