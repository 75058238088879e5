"""Addresses that browsers and robots expect of every site, and problems as pages."""

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


def test_the_root_redirects_browsers_to_the_docs(client: httpx.Client) -> None:
    """`/` redirects browsers to /docs, and other clients to /v1."""
    browser, program = client.get("/", headers=BROWSER), client.get("/")

    assert (browser.status_code, browser.headers["location"]) == (307, "/docs")
    assert (program.status_code, program.headers["location"]) == (307, "/v1")
    assert browser.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/docs/", "/docs"),
        ("/v1/", "/v1"),
        ("/v1/carriers/?q=example&lang=en", "/v1/carriers?q=example&lang=en"),
        ("/v1/carriers/%E6%A5%BD/", "/v1/carriers/%E6%A5%BD"),
        ("//example.org/", "/example.org"),
        ("/%5Cexample.org/", "/%5Cexample.org"),
        ("/a%0D%0Ab/", "/a%0D%0Ab"),
    ],
)
def test_a_slash_at_the_end_redirects(client: httpx.Client, path: str, target: str) -> None:
    """A path with a slash at its end is a 308 to the same path without, on this host."""
    answer = client.get(
        client.base_url.join(path) if not path.startswith("//") else f"{client.base_url}{path}"
    )

    assert answer.status_code == 308
    assert answer.headers["location"] == target


def test_a_slash_at_the_end_keeps_method_and_body(client: httpx.Client) -> None:
    """A POST that is redirected keeps its method and its body."""
    answer = client.post("/v1/identify/", json={"apn": "example.jp"}, follow_redirects=True)

    assert answer.status_code == 200
    assert answer.history[0].status_code == 308


def test_robots_and_browsers_find_their_files(client: httpx.Client, named: httpx.Client) -> None:
    """robots.txt excludes sessions below the public path, and there is an icon."""
    assert "Disallow: /v1/sessions\n" in client.get("/robots.txt").raise_for_status().text
    assert "Disallow: /kaiyaku/v1/sessions\n" in named.get("/robots.txt").text
    icon = client.get("/favicon.ico").raise_for_status()
    assert icon.headers["content-type"] == "image/x-icon"
    assert icon.content.startswith(b"\0\0\1\0")


def test_security_txt_names_the_contact(client: httpx.Client, named: httpx.Client) -> None:
    """security.txt has the contact, the languages and an expiry in a year; without one, a 404."""
    text = named.get("/.well-known/security.txt").raise_for_status().text
    fields = dict(line.split(": ", 1) for line in text.splitlines())

    assert fields["Contact"] == "mailto:security@example.org"
    assert fields["Canonical"] == "https://example.org/kaiyaku/.well-known/security.txt"
    assert fields["Preferred-Languages"] == ", ".join(tag.partition("-")[0] for tag in LANGUAGES)
    left = dt.datetime.fromisoformat(fields["Expires"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=363) < left < dt.timedelta(days=365)
    assert client.get("/.well-known/security.txt").status_code == 404


def test_a_mistyped_address_is_a_page_in_a_browser(client: httpx.Client) -> None:
    """A browser gets a problem as a page in its language, a program as problem JSON."""
    browser, program = (
        client.get("/v1/carriers/nobody", headers=BROWSER),
        client.get("/v1/carriers/nobody"),
    )

    assert browser.status_code == program.status_code == 404
    assert browser.headers["content-type"] == "text/html; charset=utf-8"
    assert browser.headers["content-language"] == "ja"
    assert '<html lang="ja">' in browser.text
    assert 'href="/problems/carrier-not-found"' in browser.text
    assert "script" not in browser.headers["content-security-policy"]
    assert program.headers["content-type"] == "application/problem+json"


def test_quoted_parts_of_a_request_are_escaped(client: httpx.Client) -> None:
    """A page escapes the parts of a request that it quotes."""
    answer = client.get(
        "/v1/carriers/%3Cscript%3Ealert(1)%3C%2Fscript%3E".replace("%2F", ""), headers=BROWSER
    )

    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_an_invalid_request_lists_its_mistakes_in_a_page(client: httpx.Client) -> None:
    """A page lists every mistake of an invalid request."""
    answer = client.get("/v1/carriers?colour=red&limit=0", headers=BROWSER)

    assert answer.status_code == 422
    assert len(re.findall("<li>", answer.text)) == 2


@pytest.mark.parametrize(("accept", "kind"), [("text/html", "text/html"), ("*/*", "application/")])
def test_accept_chooses_a_page_or_data(client: httpx.Client, accept: str, kind: str) -> None:
    """The address of a problem is a page or data by Accept, and varies by it."""
    answer = client.get("/problems/not-found", headers={"Accept": accept})

    assert answer.headers["content-type"].startswith(kind)
    assert {"Accept", "Accept-Language"} <= {
        name.strip() for name in answer.headers["vary"].split(",")
    }


def test_every_kind_of_problem_is_explained_in_every_language(client: httpx.Client) -> None:
    """/problems lists every kind, and each has a page and a document in each language."""
    create_api(settings_for("sqlite:////nowhere"))  # loads every kind of problem
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


def test_an_unknown_code_names_the_closest(client: httpx.Client) -> None:
    """An unknown code of a problem is a 404 with the closest known one."""
    answer = client.get("/problems/carrier-notfound")

    assert answer.status_code == 404
    assert answer.json()["code"] == explanations.ProblemNotFound.slug
    assert answer.json()["closest"] == "carrier-not-found"


def test_the_address_in_a_problem_explains_it(client: httpx.Client) -> None:
    """The `type` of a problem is the address of its explanation."""
    problem = client.get("/v1/carriers/nobody").json()

    assert client.get(problem["type"]).raise_for_status().json()["code"] == problem["code"]


@pytest.mark.parametrize("kind", problem_types(), ids=lambda kind: kind.slug)
def test_every_kind_of_problem_is_in_the_recipes(kind: type[Problem]) -> None:
    """docs/api.md has a row with the status of every kind of problem."""
    line = next(line for line in RECIPES.splitlines() if f"`{kind.slug}`" in line)

    assert line.startswith(f"| {int(kind.status)} |")
