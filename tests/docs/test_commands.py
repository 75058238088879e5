"""Every command and every request line that README.md and docs/ show works as written."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import httpx
import pytest
import yaml

from app.settings import ROOT
from tests.docs import commands, curl
from tests.docs.commands import Command, RequestLine
from tests.support.contract import DOCUMENT

pytestmark = pytest.mark.own_catalogue

SETTINGS: Final = commands.settings()
CURL: Final = [command for command in commands.block_commands() if command.words[0] == "curl"]
OTHERS: Final = [command for command in commands.block_commands() if command.words[0] != "curl"]
NOT_KAIYAKU: Final = [command for command in OTHERS if command.words[0] != "kaiyaku"]


def kaiyaku(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("kaiyaku")
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return run(str(command), *arguments, environment=kept | settings)


def run(*words: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - the words of our own pages
        words,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def exists(command: Command) -> None:
    """Fail if a part of the command does not exist. Raises `LookupError` without a rule for it."""
    assert set(command.settings) <= SETTINGS, f"{command}: unknown settings"
    match command.words:
        case ["make", *targets]:
            done = run("make", "--dry-run", *targets)
            assert done.returncode == 0, done.stderr
        case ["kaiyaku", *arguments]:
            done = kaiyaku(*arguments, "--help")
            assert done.returncode == 0, done.stderr
        case ["python", "-m", module]:
            assert find_spec(module)
        case ["export", *assignments]:
            assert {assignment.partition("=")[0] for assignment in assignments} <= SETTINGS
        case ["docker", "compose", "up", *services]:
            compose_can_start(services, command.settings)
        case ["docker", "build", "-t", "kaiyaku", "."]:
            assert (ROOT / "Dockerfile").is_file()
        case ["docker", "run", "-p", ports, "-v", volume, "-e", setting, "kaiyaku"]:
            image = (ROOT / "Dockerfile").read_text("utf-8")
            assert f"EXPOSE {ports.partition(':')[2]}\n" in image
            assert f"VOLUME {volume.partition(':')[2]}\n" in image
            assert setting in SETTINGS
        case _:
            raise LookupError(f"no rule covers: {command}")


def compose_can_start(services: list[str], settings: dict[str, str]) -> None:
    """Fail if a service is unknown, a required setting is missing, or a Dockerfile is."""
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    known = yaml.safe_load(text)["services"]
    assert set(services) <= set(known)
    needed = set(re.findall(r"\$\{(\w+):\?", text))
    if settings:
        assert needed <= set(settings)
    folders = {service["build"] for service in known.values() if "build" in service}
    assert all((ROOT / folder / "Dockerfile").is_file() for folder in folders)


def session_values(client: httpx.Client) -> tuple[dict[str, str], dict[str, str]]:
    """Start a session with a feed; return the values of placeholders, and the owner's header."""
    wanted = {"carrier": "rakuten-mobile", "procedure": "cancel-online-or-app"}
    session = client.post("/v1/sessions", json=wanted).json()
    step = next(step["key"] for step in session["steps"] if step["state"] == "todo")
    owner = {"Authorization": f"Bearer {session['token']}"}
    feed = client.post(f"/v1/sessions/{session['id']}/feeds", headers=owner).json()
    values = {
        "id": session["id"],
        "key": step,
        "feed": feed["id"],
        "address": feed["url"].rpartition("/")[2],
    }
    return values, owner


def path_examples() -> dict[str, str]:
    """Return the example of each path parameter in the contract."""
    examples: dict[str, str] = {}
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", []):
                if parameter["in"] == "path" and "examples" in parameter["schema"]:
                    examples[parameter["name"]] = str(parameter["schema"]["examples"][0])
    return examples


def test_every_block_names_its_language() -> None:
    """Every fenced block of the pages names a known language."""
    known = commands.SHELL | commands.OTHER_LANGUAGES

    assert not [str(block) for block in commands.blocks() if block.language not in known]


def test_there_are_commands_to_test() -> None:
    """At least 6 curl commands, 10 commands in sentences and 12 request lines are found."""
    assert len(CURL) >= 6
    assert len(OTHERS) >= 4
    assert len(commands.span_commands()) >= 10
    assert len(commands.request_lines()) >= 12


@pytest.mark.parametrize("command", CURL, ids=str)
def test_a_curl_command_works_as_pasted(own_server: str, command: Command) -> None:
    """Each curl command of a block, sent byte by byte as curl sends it, gets a 2xx."""
    request = curl.read(command.words)
    url = httpx.URL(own_server)

    status, answer = request.send(url.host, url.port or 80)

    assert (request.host, request.port) == ("127.0.0.1", 8000), "make serve listens elsewhere"
    assert 200 <= status < 300, answer


@pytest.mark.parametrize("request_line", commands.request_lines(), ids=str)
def test_a_request_line_works_as_written(own_server: str, request_line: RequestLine) -> None:
    """Each request line in a sentence gets a 2xx, its placeholders filled with real ids."""
    method, target = request_line.line.split(" ", 1)
    url = httpx.URL(own_server)
    with httpx.Client(base_url=own_server) as client:
        values, owner = (
            session_values(client)
            if {"{id}", "{address}"} & set(re.findall(r"{\w+}", target))
            else ({}, {})
        )
    target = target.format(**path_examples() | values)
    headers = {"Host": "127.0.0.1", "Content-Type": "application/json"} | owner
    sent = tuple(f"{name}: {value}" for name, value in headers.items())
    request = curl.Request(url.host, 8000, method, target, sent, (request_line.body or "").encode())

    status, answer = request.send(url.host, url.port or 80)

    assert target.startswith("/"), f"{request_line}: write the whole path"
    assert 200 <= status < 300, answer


@pytest.mark.parametrize("command", commands.span_commands(), ids=str)
def test_a_command_in_a_sentence_exists(command: Command) -> None:
    """Each command in a sentence exists, with its options, targets and settings."""
    exists(command)


@pytest.mark.parametrize("command", NOT_KAIYAKU, ids=str)
def test_a_command_in_a_block_exists(command: Command) -> None:
    """Each command of a block that is neither curl nor kaiyaku exists."""
    exists(command)


def test_kaiyaku_commands_run_in_their_order(tmp_path: Path) -> None:
    """The kaiyaku commands of the pages succeed one after the other, from an empty database."""
    url = f"sqlite:///{tmp_path}/kaiyaku.sqlite3"
    shown = [command for command in OTHERS if command.words[0] == "kaiyaku"]

    for command in shown:
        if command.words[1] == "serve":  # it does not end
            exists(command)
        else:
            done = kaiyaku(*command.words[1:], KAIYAKU_DATABASE_URL=url)
            assert done.returncode == 0, done.stderr

    assert {"serve"} < {command.words[1] for command in shown}


@pytest.mark.parametrize(
    "words",
    [
        ["curl", "--unknown", "http://127.0.0.1:8000/"],
        ["curl", "http://127.0.0.1:8000/{a,b}"],
        ["curl", "-d", "@file", "http://127.0.0.1:8000/"],
    ],
    ids=str,
)
def test_an_unreadable_curl_command_is_an_error(words: list[str]) -> None:
    """A curl command that the tests cannot read, or curl refuses, raises an error."""
    with pytest.raises(curl.UnknownCurlError):
        curl.read(words)


def test_a_command_without_a_rule_is_an_error() -> None:
    """A command that no rule covers raises an error."""
    (command,) = commands.read("frobnicate now", "page")

    with pytest.raises(LookupError):
        exists(command)


@pytest.mark.parametrize(
    "text",
    ["curl a | sh", "kaiyaku check > file", 'echo "$(date)"', "curl 'a", "echo $HOME"],
)
def test_shell_that_cannot_be_read_is_an_error(text: str) -> None:
    """A shell text with operators or expansions that the tests cannot read raises an error."""
    with pytest.raises(commands.UnknownShellError):
        commands.read(text, "page")
