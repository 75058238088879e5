"""The page on authorization: what each kind of token may do, as a table.

`tests/sessions/test_authorization.py` asks a real server for every cell and compares; with
`KAIYAKU_TEST_WRITE_DOCS=1` in the environment it writes the page anew.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from app.settings import ROOT

PAGE: Final = ROOT / "docs" / "authorization.md"

_HEAD: Final = """\
# Authorization of checklist sessions

A session is opened by an access token. There are no accounts and no roles: the token says which
session it is for, whether it may write, and how often it was replaced or revoked. The table is
written by `tests/sessions/test_authorization.py`, which sends every request to a real server, on
SQLite and on PostgreSQL.

"""

_FOOT: Final = """
- Another session's token, a malformed one and a revoked one get the same 401: nothing is said
  about the session.
- Only a token that opens a session is told that the session has expired (410) or was deleted (404).
- A token of the previous secret works while `KAIYAKU_SECRET_PREVIOUS` is set; the answer carries
  its successor in `Kaiyaku-Token`.
"""


def page(rows: Mapping[str, Sequence[int]], columns: Sequence[str]) -> str:
    """Return the page with a row for each operation and a column for each kind of token."""
    lines = ["| operation | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    for operation, statuses in rows.items():
        method, _, path = operation.replace("{session}", "{id}").partition(" ")
        lines.append(f"| {method} `{path}` | " + " | ".join(map(str, statuses)) + " |")
    return _HEAD + "\n".join(lines) + "\n" + _FOOT
