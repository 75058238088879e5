"""A further language needs only a folder of texts; texts that are missing are English."""

import json
import os
import shutil
import subprocess
import sys
from typing import Any, Final, NamedTuple

import pytest

from app.i18n import LANGUAGES
from app.messages.loader import problem_text
from app.settings import ROOT
from scripts.messages import files, merge
from tests.support.databases import Databases

ASK: Final = """
import asyncio, json, sys
import httpx
from app.main import create_app
from app.settings import Settings

async def ask():
    service = httpx.ASGITransport(app=create_app(Settings()))
    async with httpx.AsyncClient(transport=service, base_url="http://kaiyaku.test") as client:
        for request in json.loads(sys.argv[1]):
            answer = await client.request(**request)
            print(json.dumps([answer.status_code, dict(answer.headers), answer.json()]))

asyncio.run(ask())
"""


REQUESTS: Final[dict[str, dict[str, Any]]] = {
    "index": {"method": "GET", "url": "/v1?lang=la"},
    "problem": {
        "method": "GET",
        "url": "/nothing",
        "headers": {"Accept-Language": "la-VA, ja;q=0.5"},
    },
    "carrier": {"method": "GET", "url": "/v1/carriers/monthly?lang=la-VA"},
    "contract": {"method": "GET", "url": "/openapi.json"},
    "japanese": {"method": "GET", "url": "/v1?lang=ja"},
    "session": {
        "method": "POST",
        "url": "/v1/sessions",
        "json": {
            "carrier": "monthly",
            "procedure": "cancel-online",
            "language": "la",
        },
    },
}


class Answer(NamedTuple):
    """The response to a request."""

    status: int
    headers: dict[str, str]
    body: Any


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Answer]:
    """The responses of a service whose Latin has one translated text."""
    root = tmp_path_factory.mktemp("latin")
    shutil.copytree(ROOT / "app", root / "app", ignore=shutil.ignore_patterns("__pycache__"))
    locales = root / "app" / "messages" / "locale"
    path = files.translation_file(locales, "la")
    path.parent.mkdir(parents=True)
    merge.write(root, locales)
    entries = [
        entry._replace(translation="Non inventum est")
        if entry.key == "problem.not-found.title"
        else entry
        for entry in files.read(path)
    ]
    path.write_text(files.render(entries, "la"), encoding="utf-8")
    # A process of its own: the languages are read once, when the modules are imported.
    done = subprocess.run(  # noqa: S603 - a command of the test
        [sys.executable, "-c", ASK, json.dumps(list(REQUESTS.values()))],
        cwd=root,
        env={
            **os.environ,
            "KAIYAKU_DATABASE_URL": Databases("sqlite", root, None).with_sample(),
            "KAIYAKU_SECRET": "a secret of tests, long enough …",
            "KAIYAKU_LOG_LEVEL": "error",
        },
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    lines = map(json.loads, done.stdout.splitlines())
    return {name: Answer(*line) for name, line in zip(REQUESTS, lines, strict=True)}


def test_a_language_is_offered_once_it_has_a_folder(answers: dict[str, Answer]) -> None:
    """A language with a folder is in the list of languages and in the contract."""
    assert answers["index"].body["languages"] == [
        "en",
        "ja",
        "zh-Hans",
        *sorted({*LANGUAGES[3:], "la"}),
    ]
    assert answers["index"].body["language"] == "la"
    parameters = answers["contract"].body["paths"]["/v1"]["get"]["parameters"]
    (lang,) = (parameter for parameter in parameters if parameter["name"] == "lang")
    assert "la" in lang["schema"]["anyOf"][0]["enum"]


def test_each_text_that_is_missing_is_english(answers: dict[str, Answer]) -> None:
    """A translated text is in the language, all others are English."""
    assert answers["problem"].body["title"] == "Non inventum est"
    english = problem_text("not-found", "detail")["en"].partition("{")[0]
    assert english
    assert answers["problem"].body["detail"].startswith(english)
    assert answers["carrier"].body["name"] == "Example Mobile"


def test_content_language_names_english_as_well(answers: dict[str, Answer]) -> None:
    """Content-Language of an incomplete language also names English."""
    for name in ("index", "problem", "carrier", "session"):
        assert answers[name].headers["content-language"] == "la, en"
    assert answers["carrier"].headers["content-location"].endswith("?lang=la")
    assert answers["japanese"].headers["content-language"] == "ja"


def test_a_session_can_have_the_language(answers: dict[str, Answer]) -> None:
    """A session can be started in the new language."""
    assert answers["session"].status == 201
    assert answers["session"].body["language"] == "la"
