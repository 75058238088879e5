"""What browsers and robots ask of every site, and problems as people see them."""

import datetime as dt
import re
from collections.abc import Iterator

import httpx
import pytest

from app.i18n import LANGUAGES, content_language
from app.main import create_api
from app.problems import router as explanations
from app.problems.base import Problem, problem_types
from app.settings import ROOT
from tests.support.databases import Databases
from tests.support.server import serving, settings_for

RECIPES = (ROOT / "docs" / "api.md").read_text(encoding="utf-8").partition("## Handle problems")[2]
BROWSER = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
    "Accept-Language": "ja,en;q=0.5",
}


@pytest.fixture(scope="module")
def named(databases: Databases) -> Iterator[httpx.Client]:
    """A client of a server with a contact and a public address."""
    settings = settings_for(
        databases.with_sample(),
        public_url="https://example.org/kaiyaku",
        contact="mailto:security@example.org",
    )
    with serving(settings) as address, httpx.Client(base_url=address) as client:
        yield client


def test_the_root_sends_browsers_to_the_documentation(client: httpx.Client) -> None:
    browser, program = client.get("/", headers=BROWSER), client.get("/")

    assert (browser.status_code, browser.headers["location"]) == (307, "/docs")
    assert (program.status_code, program.headers["location"]) == (307, "/v1")
    assert browser.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/docs/", "/docs"),
        ("/v1/", "/v1"),
        ("/v1/carriers/?q=au&lang=en", "/v1/carriers?q=au&lang=en"),
        ("/v1/carriers/%E6%A5%BD/", "/v1/carriers/%E6%A5%BD"),
        ("//example.org/", "/example.org"),
        ("/%5Cexample.org/", "/%5Cexample.org"),
        ("/a%0D%0Ab/", "/a%0D%0Ab"),
    ],
)
def test_a_slash_at_the_end_leads_to_the_address_without(
    client: httpx.Client, path: str, target: str
) -> None:
    answer = client.get(
        client.base_url.join(path) if not path.startswith("//") else f"{client.base_url}{path}"
    )

    assert answer.status_code == 308
    assert answer.headers["location"] == target


def test_a_slash_at_the_end_keeps_method_and_body(client: httpx.Client) -> None:
    answer = client.post("/v1/identify/", json={"apn": "mineo-d.jp"}, follow_redirects=True)

    assert answer.status_code == 200
    assert answer.history[0].status_code == 308


def test_robots_and_icon(client: httpx.Client, named: httpx.Client) -> None:
    assert "Disallow: /v1/sessions\n" in client.get("/robots.txt").raise_for_status().text
    assert "Disallow: /kaiyaku/v1/sessions\n" in named.get("/robots.txt").text
    icon = client.get("/favicon.ico").raise_for_status()
    assert icon.headers["content-type"] == "image/x-icon"
    assert icon.content.startswith(b"\0\0\1\0")


def test_security_txt_names_the_contact_and_when_it_ends(
    client: httpx.Client, named: httpx.Client
) -> None:
    text = named.get("/.well-known/security.txt").raise_for_status().text
    fields = dict(line.split(": ", 1) for line in text.splitlines())

    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == "https://example.org/kaiyaku/.well-known/security.txt"
    assert fields["Preferred-Languages"] == ", ".join(tag.partition("-")[0] for tag in LANGUAGES)
    left = dt.datetime.fromisoformat(fields["Expires"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=363) < left < dt.timedelta(days=365)
    assert client.get("/.well-known/security.txt").status_code == 404


def test_a_mistyped_address_is_a_page_in_a_browser(client: httpx.Client) -> None:
    browser, program = (
        client.get("/v1/carriers/rakuten", headers=BROWSER),
        client.get("/v1/carriers/rakuten"),
    )

    assert browser.status_code == program.status_code == 404
    assert browser.headers["content-type"] == "text/html; charset=utf-8"
    assert browser.headers["content-language"] == "ja"
    assert '<html lang="ja">' in browser.text
    assert 'href="/problems/carrier-not-found"' in browser.text
    assert "script" not in browser.headers["content-security-policy"]
    assert program.headers["content-type"] == "application/problem+json"


def test_what_a_client_wrote_is_escaped_in_a_page(client: httpx.Client) -> None:
    answer = client.get(
        "/v1/carriers/%3Cscript%3Ealert(1)%3C%2Fscript%3E".replace("%2F", ""), headers=BROWSER
    )

    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_an_invalid_request_lists_its_mistakes_in_a_page(client: httpx.Client) -> None:
    answer = client.get("/v1/carriers?colour=red&limit=0", headers=BROWSER)

    assert answer.status_code == 422
    assert len(re.findall("<li>", answer.text)) == 2


@pytest.mark.parametrize(
    ("accept", "html"),
    [
        (None, False),
        ("*/*", False),
        ("application/json", False),
        ("text/html", True),
        ("application/json, text/html", False),
        ("text/html;q=0.5, application/json;q=0.4", True),
        ("text/*", True),
        ("text/html;q=0", False),
        ("text/html, */*;q=0.1", True),
        ("application/problem+json, text/html;q=0.9, application/json", False),
        (";;,q=,text/html;q=x", False),
    ],
)
def test_a_page_is_sent_only_to_those_who_prefer_it(
    client: httpx.Client,
    accept: str | None,
    html: bool,  # noqa: FBT001 - a row of a table
) -> None:
    request = client.build_request("GET", "/problems/not-found")
    request.headers.pop("accept")
    if accept is not None:
        request.headers["Accept"] = accept
    answer = client.send(request)

    assert answer.headers["content-type"].startswith("text/html") is html
    assert {"Accept", "Accept-Language"} <= {
        name.strip() for name in answer.headers["vary"].split(",")
    }


def test_every_kind_of_problem_is_explained_in_every_language(client: httpx.Client) -> None:
    create_api(settings_for("sqlite:////nowhere"))  # whatever raises problems is loaded
    codes = [kind.slug for kind in problem_types()]

    for language in LANGUAGES:
        listed = client.get("/problems", params={"lang": language}).json()
        assert [item["code"] for item in listed["items"]] == codes
        for item in listed["items"]:
            explained = client.get(item["url"], params={"lang": language})
            body = explained.raise_for_status().json()
            assert {name: body[name] for name in item} == item
            assert all(body[name].strip() for name in ("title", "cause", "fix"))
            assert explained.headers["content-language"] == content_language(language)
            shown = client.get(item["url"], params={"lang": language}, headers=BROWSER)
            assert body["code"] in shown.text


def test_an_unknown_code_names_the_nearest(client: httpx.Client) -> None:
    answer = client.get("/problems/carrier-notfound")

    assert answer.status_code == 404
    assert answer.json()["code"] == explanations.ProblemNotFound.slug
    assert answer.json()["closest"] == "carrier-not-found"


def test_the_address_in_a_problem_explains_it(client: httpx.Client) -> None:
    problem = client.get("/v1/carriers/nobody").json()

    assert client.get(problem["type"]).raise_for_status().json()["code"] == problem["code"]


@pytest.mark.parametrize("kind", problem_types(), ids=lambda kind: kind.slug)
def test_every_kind_of_problem_is_in_the_recipes(kind: type[Problem]) -> None:
    line = next(line for line in RECIPES.splitlines() if f"`{kind.slug}`" in line)

    assert line.startswith(f"| {int(kind.status)} |")
