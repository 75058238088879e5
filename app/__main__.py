"""Where the `kaiyaku` command begins."""

import gc
import sys


def main() -> None:
    """Run the command; what its modules hold stays for good and is never looked at again."""
    # Loading makes hardly any garbage, and looking for it takes a sixth of the time to the first
    # answer.
    gc.disable()
    try:
        # Here and not above: the worker processes of `serve` load this module and need no commands.
        from app.cli.commands import run  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
    gc.freeze()
    gc.enable()
    run()


if __name__ == "__main__":
    main()
