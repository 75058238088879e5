"""Japanese and Chinese words for the examples in the OpenAPI document."""

import json
from pathlib import Path
from typing import Any, Final

EXAMPLE_WORDS: Final[dict[str, Any]] = json.loads(
    Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
)
