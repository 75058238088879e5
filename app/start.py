"""Where the `kaiyaku` command begins."""

import gc

# While modules are loaded nearly nothing becomes garbage, and looking for it takes a sixth of the time to the first answer.
gc.disable()

from app.cli import main as command  # noqa: E402 - see above


def main() -> None:
    """Run the command; what its modules hold stays for good and is never looked at again."""
    gc.freeze()
    gc.enable()
    command()
