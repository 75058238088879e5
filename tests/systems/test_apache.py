"""Behind an Apache that marks entity tags with the coding, If-Match still works."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.faults.outage import BODY, publish_example
from tests.support.databases import Databases
from tests.support.ports import free_port
from tests.support.server import serving, settings_for
from tests.systems import apache, programs

PROXY = """
SetOutputFilter DEFLATE
DeflateAlterETag {alter}
ProxyPass / {service}/
ProxyPassReverse / {service}/
"""


@pytest.fixture(scope="module", params=["AddSuffix", "NoChange", "Remove"])
def behind_apache(
    request: pytest.FixtureRequest,
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """The address of Apache in front of a service, for each way to alter tags."""
    binary = programs.find("apache2")
    folder: Path = tmp_path_factory.mktemp("apache")
    folder.chmod(0o755)
    url = databases.migrated()
    publish_example(url, folder / "catalogue")
    with serving(settings_for(url)) as service:
        directives = PROXY.format(service=service, alter=request.param)
        with apache.running(binary, folder, free_port(), directives) as address:
            yield address
    databases.drop(url)


@pytest.fixture
def http(behind_apache: str) -> Iterator[httpx.Client]:
    """A client of Apache that accepts gzip."""
    with httpx.Client(base_url=behind_apache, headers={"Accept-Encoding": "gzip"}) as client:
        yield client


@pytest.fixture
def alteration(request: pytest.FixtureRequest) -> str:
    """How this Apache alters tags."""
    parameter: str = request.node.callspec.params["behind_apache"]
    return parameter


def tag_of(http: httpx.Client, address: str, owner: dict[str, str]) -> str:
    """Return the tag of a session: of the compressed response, or of a plain one without it."""
    read = http.get(address, headers=owner)
    assert read.headers["content-encoding"] == "gzip"
    if "etag" not in read.headers:
        read = http.get(address, headers=owner | {"Accept-Encoding": "identity"})
    tag: str = read.headers["etag"]
    return tag


def test_if_match_accepts_the_tag_from_apache(http: httpx.Client, alteration: str) -> None:
    """If-Match accepts the tag as Apache altered it, once; then it is stale."""
    created = http.post("/v1/sessions", json=BODY)
    owner = {"Authorization": f"Bearer {created.json()['token']}"}
    address = created.headers["location"]
    tag = tag_of(http, address, owner)

    ticked = http.patch(
        f"{address}/steps/sign-in", json={"state": "done"}, headers=owner | {"If-Match": tag}
    )
    late = http.patch(
        f"{address}/steps/sign-in", json={"state": "todo"}, headers=owner | {"If-Match": tag}
    )

    assert tag.endswith('-gzip"') == (alteration == "AddSuffix")
    assert ticked.status_code == 200, ticked.text
    assert late.status_code == 412


def test_the_tag_of_a_change_serves_the_next_change(http: httpx.Client) -> None:
    """The tag in the response to a change is accepted by the next change."""
    created = http.post("/v1/sessions", json=BODY)
    owner = {"Authorization": f"Bearer {created.json()['token']}"}
    address = created.headers["location"]
    tag = tag_of(http, address, owner)
    states = []
    for state in ("done", "todo", "done"):
        ticked = http.patch(
            f"{address}/steps/sign-in", json={"state": state}, headers=owner | {"If-Match": tag}
        )
        states.append(ticked.status_code)
        tag = ticked.headers.get("etag") or tag_of(http, address, owner)

    assert states == [200, 200, 200]


@pytest.mark.parametrize("path", ["/v1/carriers/example", "/v1/vocabulary"])
def test_a_read_is_revalidated_with_its_tag(http: httpx.Client, path: str) -> None:
    """A response of the catalogue gets a 304 to the tag as Apache sent it."""
    first = http.get(path)

    again = http.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert not again.content


def test_a_session_is_revalidated_with_its_tag(http: httpx.Client) -> None:
    """A session gets a 304 to its tag, and a 200 to another."""
    created = http.post("/v1/sessions", json=BODY)
    owner = {"Authorization": f"Bearer {created.json()['token']}"}
    address = created.headers["location"]
    tag = tag_of(http, address, owner)

    assert http.get(address, headers=owner | {"If-None-Match": tag}).status_code == 304
    assert http.get(address, headers=owner | {"If-None-Match": '"x"'}).status_code == 200
