"""A bare ASGI application that sends one stored response: the upper limit for this server.

The response is that of the real service, byte by byte. The environment variable BARE_ANSWER names
its file: JSON with `status`, `headers` and the body in base64.
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


async def app(scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401 - no imports needed
    """Send the response."""
    if scope["type"] == "http":
        await send(_start)
        await send(_body)
