"""Ticking a step: order, irreversible steps, versions, and requests that are refused."""

import httpx
import pytest

from tests.support.sessions import Start, StartedSession


def tick(http: httpx.Client, started: StartedSession, step: str, **body: object) -> httpx.Response:
    """Tick a step of the session."""
    return http.patch(
        f"{started.path}/steps/{step}", json={"state": "done", **body}, headers=started.owner
    )


def version(etag: str) -> str:
    """Return the tag of the version in a response's tag, without the mark of the response."""
    return etag.partition(".")[0] + '"'


def test_a_step_with_open_requirements_is_refused(http: httpx.Client, start: Start) -> None:
    """A step is refused with its open required steps, until the request acknowledges them."""
    started = start()

    refused = tick(http, started, "d")

    assert refused.status_code == 409
    assert (refused.json()["missing"], refused.json()["irreversible"]) == (["a", "c"], True)
    assert tick(http, started, "d", acknowledge=True).status_code == 200


def test_a_skipped_step_no_longer_blocks_others(http: httpx.Client, start: Start) -> None:
    """A step can be done once the steps it requires are skipped."""
    started = start()
    tick(http, started, "a", state="skipped")

    assert tick(http, started, "c").status_code == 200


def test_a_tick_can_be_undone(http: httpx.Client, start: Start) -> None:
    """A done step can be set to `todo` again."""
    started = start()
    tick(http, started, "a")

    assert tick(http, started, "a", state="todo").json()["progress"]["done"] == 0


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        *(
            (tag, 200)
            for tag in (
                '"1"',
                'W/"1"',
                "*",
                '"1-gzip"',
                'W/"1--gzip"',
                '"1;gzip"',
                '"1",',
                ', "9", "1"',
            )
        ),
        *((tag, 412) for tag in ('"9"', '"x,*,y"', '"1-"', '"11"')),
        *((tag, 422) for tag in ("1", "", ",", '*, "1"', '"1" "2"')),
    ],
)
def test_if_match_accepts_the_tag_in_any_form(
    http: httpx.Client, start: Start, tag: str, status: int
) -> None:
    """If-Match accepts the version as sent or marked, refuses others, and names malformed ones."""
    started = start()

    answer = http.patch(
        f"{started.path}/steps/a",
        json={"state": "done"},
        headers={**started.owner, "If-Match": tag},
    )

    assert answer.status_code == status
    if status == 422:
        assert [error["parameter"] for error in answer.json()["errors"]] == ["If-Match"]


@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_a_step_has_all_members_of_the_procedures_step(
    http: httpx.Client, start: Start, language: str
) -> None:
    """A step of a checklist has every member of the step of its procedure, in each language."""
    started = start(language=language)
    procedure = http.get(started.body["links"]["procedure"], params={"lang": language}).json()

    for told, said in zip(started.body["steps"], procedure["steps"], strict=True):
        assert {name: told[name] for name in said if name not in {"requires", "sources"}} == {
            name: value for name, value in said.items() if name not in {"requires", "sources"}
        }
    assert started.body["steps"][0]["links"][0]["url"] == "https://example.com/cancel"


def test_an_unknown_step_is_a_404_with_the_known_ones(http: httpx.Client, start: Start) -> None:
    """Ticking an unknown step is a 404 that lists the steps."""
    answer = tick(http, start(), "z")

    assert answer.status_code == 404
    assert answer.json()["known"] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "body",
    [
        {"state": "finished"},
        {},
        {"state": "done", "note": "x"},
        {"state": "done", "acknowledge": "yes"},
        [],
        "done",
    ],
    ids=str,
)
def test_an_invalid_tick_is_refused(http: httpx.Client, start: Start, body: object) -> None:
    """A body of another form is refused with a pointer, and the session keeps its version."""
    started = start()

    answer = http.patch(f"{started.path}/steps/a", json=body, headers=started.owner)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/") is isinstance(body, dict)
    assert http.get(started.path, headers=started.owner).headers["etag"] == started.etag


@pytest.mark.parametrize("method", ["patch", "upgrade", "delete", "change"])
def test_a_stale_if_match_changes_nothing(http: httpx.Client, start: Start, method: str) -> None:
    """A change with an older version is a 412 that has the present entity tag."""
    started = start()
    present = tick(http, started, "a").headers["etag"]
    stale = {**started.owner, "If-Match": started.etag}

    answer = {
        "patch": lambda: http.patch(
            f"{started.path}/steps/b", json={"state": "done"}, headers=stale
        ),
        "upgrade": lambda: http.post(f"{started.path}/upgrade", headers=stale),
        "delete": lambda: http.delete(started.path, headers=stale),
        "change": lambda: http.patch(started.path, json={"language": "ja"}, headers=stale),
    }[method]()

    assert answer.status_code == 412
    assert answer.json()["etag"] == answer.headers["etag"] == version(present)
    assert http.get(started.path, headers={**started.owner}).headers["etag"] == present


@pytest.mark.parametrize("form", ["{etag}", '"other", {etag}', "*"])
def test_a_current_if_match_is_accepted(http: httpx.Client, start: Start, form: str) -> None:
    """If-Match with the present tag, in a list or as `*`, lets the change happen."""
    started = start()
    headers = {**started.owner, "If-Match": form.format(etag=started.etag)}

    assert (
        http.patch(f"{started.path}/steps/a", json={"state": "done"}, headers=headers).status_code
        == 200
    )
