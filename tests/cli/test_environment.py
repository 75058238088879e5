"""Settings from the environment: wrong ones are named, mistyped ones are warned about."""

import pytest

from app.settings import Settings
from tests.cli.command import kaiyaku, run_here


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("workers", "0", "greater than or equal to 1"),
        ("database_url", "mysql://x", "sqlite:///"),
        ("database_url", "sqlite://", "name a file"),
        ("trusted_proxies", "10.0.0.0/33", "10.0.0.0/8,fd00::/8"),
        ("trusted_proxies", '["10.0.0.0/8', '["10.0.0.0/8"]'),
        ("grace_seconds", "-1", "greater than or equal to 0"),
    ],
)
def test_a_wrong_setting_is_named(setting: str, value: str, words: str) -> None:
    """A wrong value ends the command with one line that has the setting and the expected form."""
    done = run_here("migrate", **{setting: value})

    assert done.code == 1
    assert f"KAIYAKU_{setting.upper()}" in done.stderr
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_networks_can_be_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trusted proxies can be written with commas or as JSON."""
    monkeypatch.setenv("KAIYAKU_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8")
    with_commas = Settings().trusted_proxies
    monkeypatch.setenv("KAIYAKU_TRUSTED_PROXIES", '["10.0.0.0/8", "fd00::/8"]')

    assert [str(network) for network in with_commas] == ["10.0.0.0/8", "fd00::/8"]
    assert Settings().trusted_proxies == with_commas


def test_an_empty_setting_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable counts as not set: the setting has its default."""
    expected = Settings()
    for name in Settings.model_fields:
        monkeypatch.setenv(f"KAIYAKU_{name.upper()}", "")
        monkeypatch.setenv(f"KAIYAKU_{name.upper()}_FILE", "")

    assert Settings() == expected


def test_a_mistyped_setting_is_warned_about() -> None:
    """A variable that looks like a setting and is none gets a warning with the closest name."""
    done = kaiyaku(
        "schema", "glossary", workrs="3", test_postgresql_url="u", rate_stor_file="s", zzz="1"
    )

    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "Warning: KAIYAKU_RATE_STOR_FILE is not a setting; did you mean KAIYAKU_RATE_STORE_FILE?",
        "Warning: KAIYAKU_WORKRS is not a setting; did you mean KAIYAKU_WORKERS?",
        "Warning: KAIYAKU_ZZZ is not a setting; see kaiyaku --help",
    ]
