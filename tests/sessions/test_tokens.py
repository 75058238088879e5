"""A token is valid for its own session only, with the present secret or the previous one."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.problems.base import Problem
from app.sessions.tokens import Access, Rights, TokenIssuer

secrets = st.binary(min_size=32, max_size=64)
generations = st.integers(min_value=0, max_value=10**9 - 1)


@given(secrets, st.uuids(), st.sampled_from(Rights), generations)
def test_an_issued_token_opens_its_session(
    secret: bytes, session: uuid.UUID, rights: Rights, generation: int
) -> None:
    """A token that was issued gives its session, rights and version."""
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
    """A token of the previous secret is valid while that is named, and invalid without it."""
    new, old = pair
    issued_before = TokenIssuer([old]).issue(session, rights, generation)

    assert TokenIssuer([new, old]).open(session, issued_before).rights is rights
    with pytest.raises(Problem):
        TokenIssuer([new]).open(session, issued_before)


@given(secrets, st.uuids(), st.text(max_size=80))
def test_no_other_text_opens_anything(secret: bytes, session: uuid.UUID, text: str) -> None:
    """Any text that was not issued is refused."""
    with pytest.raises(Problem):
        TokenIssuer([secret]).open(session, text)
