"""A token opens its own session only, with the present secret and the previous one."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.problems.base import Problem
from app.sessions.tokens import Access, Rights, TokenIssuer
from app.settings import EMBEDDED_DATABASE, SecretMissingError, Settings

secrets = st.binary(min_size=32, max_size=64)
generations = st.integers(min_value=0, max_value=10**9 - 1)


@given(secrets, st.uuids(), st.sampled_from(Rights), generations)
def test_an_issued_token_opens_its_session(
    secret: bytes, session: uuid.UUID, rights: Rights, generation: int
) -> None:
    tokens = TokenIssuer([secret])

    assert tokens.open(session, tokens.issue(session, rights, generation)) == Access(
        session, rights, generation
    )


@given(
    st.lists(secrets, min_size=2, max_size=2, unique=True),
    st.uuids(),
    st.sampled_from(Rights),
    generations,
)
def test_during_a_rotation_the_previous_secret_still_opens(
    pair: list[bytes], session: uuid.UUID, rights: Rights, generation: int
) -> None:
    new, old = pair
    issued_before = TokenIssuer([old]).issue(session, rights, generation)

    assert TokenIssuer([new, old]).open(session, issued_before).rights is rights
    with pytest.raises(Problem):
        TokenIssuer([new]).open(session, issued_before)


@given(secrets, st.uuids(), st.text(max_size=80))
def test_no_other_text_opens_anything(secret: bytes, session: uuid.UUID, text: str) -> None:
    with pytest.raises(Problem):
        TokenIssuer([secret]).open(session, text)


def test_a_secret_is_required_on_postgresql() -> None:
    with pytest.raises(SecretMissingError):
        Settings(database_url="postgresql://db.example/kaiyaku").secrets()


def test_the_embedded_database_has_a_secret_of_its_own_that_only_the_owner_reads() -> None:
    settings = Settings()

    assert settings.secrets() == settings.secrets()
    assert len(settings.secrets()[0]) >= 32
    assert EMBEDDED_DATABASE.with_name("secret").stat().st_mode & 0o777 == 0o600
