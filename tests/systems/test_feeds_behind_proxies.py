"""A calendar feed behind the shipped configurations of proxies: no log holds its address."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import vobject

from app.settings import ROOT
from tests.support.databases import Databases
from tests.support.ports import free_port
from tests.support.server import serving, settings_for
from tests.systems import apache, nginx, programs

SESSION = {"carrier": "monthly", "procedure": "cancel-online"}


PROGRAMS = {"nginx": ("nginx", nginx.including), "apache": ("apache2", apache.including)}


class Proxy(NamedTuple):
    """A proxy in front of the service, and the folder with its logs."""

    address: str
    logs: Path

    def logged(self) -> str:
        """Return the text of all logs."""
        return "".join(path.read_text(errors="replace") for path in self.logs.glob("*.log"))


@contextmanager
def proxy(kind: str, folder: Path, service: str) -> Iterator[Proxy]:
    """Run a proxy with the shipped configuration; only addresses and folders are changed."""
    name, including = PROGRAMS[kind]
    program, port = programs.find(name), free_port()
    configuration = (ROOT / "deploy" / f"{kind}.conf").read_text(encoding="utf-8")
    for shipped, here in (
        ("127.0.0.1:8000", service.removeprefix("http://")),
        ("/var/log/nginx", str(folder)),
        ("${APACHE_LOG_DIR}", str(folder)),
        ("listen 8080", f"listen 127.0.0.1:{port}"),
        ("Listen 8080", f"Listen 127.0.0.1:{port}"),
        ("*:8080", f"*:{port}"),
    ):
        configuration = configuration.replace(shipped, here)
    folder.chmod(0o755)
    with including(program, folder, port, configuration) as address:
        yield Proxy(address, folder)


@pytest.mark.parametrize("kind", PROGRAMS)
def test_a_subscription_leaves_no_address_in_a_log(
    kind: str, databases: Databases, tmp_path: Path
) -> None:
    """Reading a feed behind the proxy leaves its address in no log."""
    settings = settings_for(databases.with_sample(), public_url="https://example.org")
    with (
        serving(settings) as service,
        proxy(kind, tmp_path, service) as behind,
        httpx.Client(base_url=behind.address) as http,
    ):
        created = http.post("/v1/sessions", json=SESSION).raise_for_status()
        owner = {"Authorization": f"Bearer {created.json()['token']}"}
        at = created.headers["location"]
        feed = http.post(f"{at}/feeds", headers=owner).raise_for_status().json()
        path = feed["url"].removeprefix("https://example.org")
        assert feed["webcal_url"] == f"webcal://example.org{path}"

        first = http.get(path)
        assert vobject.readOne(first.text).vevent_list
        assert first.headers["cache-control"].startswith("private")
        again = http.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        step = created.json()["steps"][0]["key"]
        http.patch(f"{at}/steps/{step}", json={"state": "done"}, headers=owner).raise_for_status()
        changed = http.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert changed.status_code == 200
        http.delete(f"{at}/feeds/{feed['id']}", headers=owner).raise_for_status()
        assert http.get(path).status_code == 404

    secret = re.findall(r"[\w-]{43}", path)[0]
    assert "/v1/sessions" in behind.logged()
    assert secret not in behind.logged()


@pytest.mark.parametrize("kind", PROGRAMS)
def test_an_unreachable_service_leaves_no_address_in_a_log(kind: str, tmp_path: Path) -> None:
    """Without the service behind the proxy a feed's address is in no error log either."""
    secret, nobody = "A" * 43, f"http://127.0.0.1:{free_port()}"
    with (
        proxy(kind, tmp_path, nobody) as behind,
        httpx.Client(base_url=behind.address) as http,
    ):
        assert http.get(f"/v1/feeds/{secret}.ics").status_code in {502, 503}
        assert http.get("/v1/carriers").status_code in {502, 503}

    assert "/v1/carriers" in behind.logged()
    assert secret not in behind.logged()
