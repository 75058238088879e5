"""The page on authorization: a table of the statuses of each operation and kind of token.

`tests/sessions/test_authorization.py` gets every cell from a real server, and compares. With
`KAIYAKU_TEST_WRITE_DOCS=1` in the environment it writes the page again.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from app.settings import ROOT

PAGE: Final = ROOT / "docs" / "authorization.md"

_HEAD: Final = """\
# Authorization of checklist sessions

An access token opens a session. There are no accounts and no roles. A token states its rights
(`write` or `read`) and a version, and is signed for one session. A new version ends older tokens.

Each column is a kind of token. "Read made write" is a shared token whose rights were changed to
`write`. `tests/sessions/test_authorization.py` writes the table: it sends every request to a real
server, on SQLite and on PostgreSQL.

"""

_FOOT: Final = """
- The token of another session, a malformed token and a revoked token get the same 401. It reveals
  nothing about the session.
- Only a token that opens a session gets the response that the session has expired (410) or was
  deleted (404).
- A token of the previous secret works while `KAIYAKU_SECRET_PREVIOUS` is set. The response has its
  successor in `Kaiyaku-Token`.
"""


def page(rows: Mapping[str, Sequence[int]], columns: Sequence[str]) -> str:
    """Return the page with a row for each operation and a column for each kind of token."""
    lines = ["| operation | " + " | ".join(columns) + " |", "|---|" + "---|" * len(columns)]
    for operation, statuses in rows.items():
        method, _, path = operation.replace("{session}", "{id}").partition(" ")
        lines.append(f"| {method} `{path}` | " + " | ".join(map(str, statuses)) + " |")
    return _HEAD + "\n".join(lines) + "\n" + _FOOT
