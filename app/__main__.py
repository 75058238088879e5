"""The entry point of the `kaiyaku` command."""

import gc
import sys


def main() -> None:
    """Import the commands without garbage collection, then run one."""
    # Imports make hardly any garbage, and collecting it takes a sixth of the time to the first
    # response.
    gc.disable()
    try:
        # Imported here: worker processes of `serve` load this module too, and need no commands.
        from app.cli.commands import run  # noqa: PLC0415
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
    gc.freeze()  # modules live as long as the process: later collections skip them
    gc.enable()
    run()


if __name__ == "__main__":
    main()
