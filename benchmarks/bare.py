"""A bare ASGI application that sends one answer: the limit of any service on this server.

The answer is that of the real service, byte by byte, named by the environment variable
BARE_ANSWER: a JSON file with `status`, `headers` and the body in base64.
"""

import base64
import json
import os
from pathlib import Path
from typing import Any

_answer: dict[str, Any] = (
    json.loads(Path(os.environ["BARE_ANSWER"]).read_text()) if "BARE_ANSWER" in os.environ else {}
)
_start = {
    "type": "http.response.start",
    "status": _answer.get("status", 200),
    "headers": [(name.encode(), value.encode()) for name, value in _answer.get("headers", [])],
}
_body = {"type": "http.response.body", "body": base64.b64decode(_answer.get("body", ""))}


async def app(scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401 - as bare as it gets
    """Send the answer."""
    if scope["type"] == "http":
        await send(_start)
        await send(_body)
