"""Records the responses of a running service, to show that a code change changes none of them.

    python -m scripts.record_answers http://127.0.0.1:8000 answers.jsonl

Each line of the file holds a request and its response:

- in every language, each cacheable URL that can be reached from the index;
- 1,000 queries of the guide and 300 timelines, random with a printed seed;
- requests that are refused, with their problem documents.

Every request has the same `at`, so recordings of the same catalogue can be compared with `diff`.
"""

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx

SEED: Final = 20261130
LANGUAGES: Final = ("en", "ja", "zh-Hans")
AT: Final = "2026-11-30T19:00:00+09:00"
GUIDES: Final = 1000
TIMELINES: Final = 300
_HEADERS: Final = (
    "content-type",
    "content-language",
    "content-location",
    "cache-control",
    "vary",
    "location",
    "allow",
    "retry-after",
)
_DAYS: Final = (
    "2015-04-01",
    "2019-10-01",
    "2023-04-01",
    "2026-11-01",
    "2026-11-25",
    "2026-11-30",
    "2026-12-10",
    "2027-01-10",
)


class Recorder:
    """Sends requests, and records the response to each different request once."""

    def __init__(self, http: httpx.Client, path: Path) -> None:
        """Write to the file at the path."""
        self.http = http
        self.seen: set[str] = set()
        self.file = path.open("w", encoding="utf-8")

    def get(self, url: str, **params: object) -> Any:  # noqa: ANN401 - any JSON
        """Send a GET request, record the response, and return its JSON."""
        # With empty `params`, httpx would remove the query of the URL.
        return self.send("GET", url, **({"params": params} if params else {}))

    def send(self, method: str, url: str, **request: Any) -> Any:  # noqa: ANN401 - httpx's
        """Send a request, record the response, and return its JSON, or its text."""
        response = self.http.request(method, url, **request)
        request_body = json.dumps(request.get("json"), sort_keys=True)
        key = f"{method} {response.request.url.raw_path.decode()} {request_body}"
        try:
            body = response.json()
        except ValueError:
            body = response.text
        if key not in self.seen:
            self.seen.add(key)
            headers = {
                name: response.headers[name] for name in _HEADERS if name in response.headers
            }
            line = {
                "request": key,
                "status": response.status_code,
                "headers": headers,
                "body": body,
            }
            self.file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
        return body


def catalogue(recorder: Recorder, language: str) -> Iterator[dict[str, Any]]:
    """Record every URL of the catalogue in a language; yield each procedure."""
    recorder.get("/v1", lang=language)
    for path in ("/v1/vocabulary", "/v1/advice", "/problems"):
        recorder.get(path, lang=language)
    for problem in recorder.get("/problems", lang=language)["items"]:
        recorder.get(problem["url"], lang=language)
    for path in ("/v1/carriers", "/v1/procedures"):
        page = recorder.get(path, lang=language)
        while page["next"]:
            page = recorder.get(page["next"])
    page = recorder.get("/v1/carriers", lang=language, limit=200)
    for carrier in page["items"]:
        content = recorder.get(carrier["url"], lang=language)
        recorder.get(f"{carrier['url']}/contacts", lang=language, at=AT)
        for brief in content["procedures"]:
            procedure = recorder.get(brief["url"], lang=language)
            recorder.get(f"{brief['url']}/revisions", lang=language)
            recorder.get(f"{brief['url']}/revisions/1", lang=language)
            yield procedure


def facts(rng: random.Random, names: list[str]) -> dict[str, str]:
    """Return random values for about half of the facts; the name of a fact determines its type."""
    chosen = {}
    for name in names:
        if rng.random() < 0.5:
            continue
        if name.endswith("_on"):
            chosen[name] = rng.choice(_DAYS)
        elif name == "closing_day":
            chosen[name] = rng.choice(["10", "20", "last"])
        elif name in {"plan_days", "monthly_price_jpy"}:
            chosen[name] = str(rng.choice([8, 30, 3278]))
        else:
            chosen[name] = rng.choice(["true", "false"])
    return chosen


def timelines(recorder: Recorder, rng: random.Random, procedures: list[dict[str, Any]]) -> None:
    """Record timelines of random procedures, with random values for the facts that each needs."""
    for _ in range(TIMELINES):
        procedure = rng.choice(procedures)
        path = f"/v1/carriers/{procedure['carrier']['id']}/procedures/{procedure['id']}/timeline"
        needed = [
            fact["fact"] for fact in recorder.get(path, at=AT, lang="en").get("needs_facts", [])
        ]
        parameters = facts(rng, needed) | {
            "tz": rng.choice(["Asia/Tokyo", "Europe/Berlin", "America/New_York"])
        }
        for language in LANGUAGES:
            recorder.get(path, at=AT, lang=language, **parameters)


def guides(
    recorder: Recorder, rng: random.Random, question_member: str, procedures_member: str
) -> None:
    """Record walks through the guide that choose random answers to its questions."""
    count = 0
    while count < GUIDES:
        query: dict[str, Any] = {"at": AT, "lang": rng.choice(LANGUAGES)}
        if rng.random() < 0.3:
            query["goal"] = rng.choice(
                ["cancel_contract", "request_refund", "port_out", "stop_renewal", "return_device"]
            )
        if rng.random() < 0.3:
            query["location"] = rng.choice(["japan", "abroad"])
        for _ in range(8):
            body = recorder.get("/v1/guide", **query)
            count += 1
            question = body.get(question_member)
            if not question or procedures_member not in body:
                break
            option = rng.choice(question["options"]) if question["options"] else None
            if option is None:
                query[question["parameter"]] = rng.choice(_DAYS)
            elif option["parameter"] in {"have", "lack", "unknown"}:
                query[option["parameter"]] = [*query.get(option["parameter"], []), option["value"]]
            else:
                query[option["parameter"]] = option["value"]


def problems(recorder: Recorder) -> None:
    """Record requests that are refused."""
    for language in LANGUAGES:
        for path in (
            "/nowhere",
            "/problems/none",
            "/v1/carriers/nobody",
            "/v1/carriers/rakuten",
            "/v1/carriers/au/procedures/none",
            "/v1/carriers/au/procedures/cancel-in-store/revisions/99",
            "/v1/carriers?cursor=x",
            "/v1/carriers?limit=0&colour=red&kind=x",
            "/v1/guide?carrier=au&have=x&plan=y&tz=z&at=1",
            "/v1/guide?carrier=au&last_used_on=2026-11-01",
            "/v1/fee-check",
            "/v1/fee-check?contract_started_on=2090-01-01&operator_kind=x&quoted_jpy=-1",
            "/v1/sessions/6f1f6d0e-6a0a-4f6e-9a55-3f0c8f6c2f11",
        ):
            recorder.get(path + ("&" if "?" in path else "?") + f"lang={language}")
        for body in (
            {},
            {"words": "x"},
            {"iccid_prefix": "1"},
            {"apn": "mineo-d.jp"},
            {"words": ["日本无限流量卡"]},
            {"visited_network": "44010"},
        ):
            recorder.send("POST", f"/v1/identify?lang={language}", json=body)
        recorder.send(
            "POST", f"/v1/sessions?lang={language}", json={"carrier": "nobody", "procedure": "x"}
        )
        recorder.send("DELETE", f"/v1/carriers?lang={language}")


def main(
    url: str, path: str, question_member: str = "question", procedures_member: str = "procedures"
) -> None:
    """Record the service at the URL into the file at the path.

    The last two parameters are the names of members in the guide's response.
    """
    rng = random.Random(SEED)  # noqa: S311 - not for secrets; the same each time
    print(f"seed {SEED}")
    with httpx.Client(base_url=url, timeout=60) as http:
        recorder = Recorder(http, Path(path))
        procedures = [
            procedure for language in LANGUAGES for procedure in catalogue(recorder, language)
        ]
        timelines(recorder, rng, procedures[: len(procedures) // len(LANGUAGES)])
        guides(recorder, rng, question_member, procedures_member)
        problems(recorder)
        recorder.file.close()
    print(f"{len(recorder.seen)} responses")


if __name__ == "__main__":
    main(*sys.argv[1:])
