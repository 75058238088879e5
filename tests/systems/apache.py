"""Runs Apache in the foreground with a configuration of its own, on a loopback port."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.systems.foreground import listening

_MODULES: Final = Path("/usr/lib/apache2/modules")
_LOADED: Final = (
    "mpm_event",
    "authz_core",
    "deflate",
    "filter",
    "headers",
    "proxy",
    "proxy_http",
    "setenvif",
)


@contextmanager
def running(program: str, folder: Path, port: int, directives: str) -> Iterator[str]:
    """Run Apache on the port with these directives; yields its address."""
    listen = f"Listen 127.0.0.1:{port}\n"
    with including(program, folder, port, f"{listen}{directives}") as address:
        yield address


@contextmanager
def including(program: str, folder: Path, port: int, directives: str) -> Iterator[str]:
    """Run Apache with these directives, one of which listens on the port; yields its address."""
    configuration = folder / "apache.conf"
    configuration.write_text(_configuration(folder, directives), encoding="utf-8")
    log = folder / "error.log"
    command = [program, "-D", "FOREGROUND", "-d", str(folder), "-f", str(configuration)]
    with listening(command, port, log):
        yield f"http://127.0.0.1:{port}"


def _configuration(folder: Path, directives: str) -> str:
    # Started by root, Apache refuses to run its workers as root.
    user = f"User {pwd.getpwuid(65534).pw_name}\nGroup #65534\n" if os.geteuid() == 0 else ""
    modules = "".join(f"LoadModule {name}_module {_MODULES}/mod_{name}.so\n" for name in _LOADED)
    return (
        f"{modules}{user}ServerName 127.0.0.1\n"
        f"PidFile {folder / 'apache.pid'}\nErrorLog {folder / 'error.log'}\n"
        f"DefaultRuntimeDir {folder}\nMutex file:{folder} default\n{directives}\n"
    )
