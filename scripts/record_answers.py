"""Records what a running service answers, to show that a change of its code changes no answer.

    python -m scripts.record_answers http://127.0.0.1:8000 answers.jsonl

Records, in every language: each cacheable address that can be reached from the index; 1,000
queries of the guide and 300 timelines, random with a printed seed; every problem document. Each
line holds a request and its answer. Two recordings of the same catalogue can be compared with
`diff`; the instant of every request is fixed.
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
    """Sends requests and writes down each answer once."""

    def __init__(self, http: httpx.Client, path: Path) -> None:
        """Write to the file at the path."""
        self.http = http
        self.seen: set[str] = set()
        self.file = path.open("w", encoding="utf-8")

    def get(self, address: str, **params: object) -> Any:  # noqa: ANN401 - any JSON
        """Return the answer's JSON, and write it down."""
        # Without this, httpx would take the query off an address that has one.
        return self.send("GET", address, **({"params": params} if params else {}))

    def send(self, method: str, address: str, **request: Any) -> Any:  # noqa: ANN401 - httpx's
        """Return the answer's JSON, and write it down."""
        answer = self.http.request(method, address, **request)
        sent = json.dumps(request.get("json"), sort_keys=True)
        key = f"{method} {answer.request.url.raw_path.decode()} {sent}"
        try:
            body = answer.json()
        except ValueError:
            body = answer.text
        if key not in self.seen:
            self.seen.add(key)
            headers = {name: answer.headers[name] for name in _HEADERS if name in answer.headers}
            line = {"request": key, "status": answer.status_code, "headers": headers, "body": body}
            self.file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
        return body


def addresses(recorder: Recorder, language: str) -> Iterator[dict[str, Any]]:
    """Read every address of the catalogue in a language; give each procedure."""
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
        brief = recorder.get(carrier["url"], lang=language)
        recorder.get(f"{carrier['url']}/contacts", lang=language, at=AT)
        for procedure in brief["procedures"]:
            whole = recorder.get(procedure["url"], lang=language)
            recorder.get(f"{procedure['url']}/revisions", lang=language)
            recorder.get(f"{procedure['url']}/revisions/1", lang=language)
            yield whole


def facts(chance: random.Random, names: list[str]) -> dict[str, str]:
    """Return some of the facts with random values; which they take is in their names."""
    chosen = {}
    for name in names:
        if chance.random() < 0.5:
            continue
        if name.endswith("_on"):
            chosen[name] = chance.choice(_DAYS)
        elif name == "closing_day":
            chosen[name] = chance.choice(["10", "20", "last"])
        elif name in {"plan_days", "monthly_price_jpy"}:
            chosen[name] = str(chance.choice([8, 30, 3278]))
        else:
            chosen[name] = chance.choice(["true", "false"])
    return chosen


def timelines(recorder: Recorder, chance: random.Random, procedures: list[dict[str, Any]]) -> None:
    """Record timelines of random procedures with random facts of those that each needs."""
    for _ in range(TIMELINES):
        procedure = chance.choice(procedures)
        path = f"/v1/carriers/{procedure['carrier']['id']}/procedures/{procedure['id']}/timeline"
        needed = [
            fact["fact"] for fact in recorder.get(path, at=AT, lang="en").get("needs_facts", [])
        ]
        given = facts(chance, needed) | {
            "tz": chance.choice(["Asia/Tokyo", "Europe/Berlin", "America/New_York"])
        }
        for language in LANGUAGES:
            recorder.get(path, at=AT, lang=language, **given)


def guides(recorder: Recorder, chance: random.Random, question: str, answers: str) -> None:
    """Record walks through the guide that take random options."""
    sent = 0
    while sent < GUIDES:
        query: dict[str, Any] = {"at": AT, "lang": chance.choice(LANGUAGES)}
        if chance.random() < 0.3:
            query["goal"] = chance.choice(
                ["cancel_contract", "request_refund", "port_out", "stop_renewal", "return_device"]
            )
        if chance.random() < 0.3:
            query["location"] = chance.choice(["japan", "abroad"])
        for _ in range(8):
            answer = recorder.get("/v1/guide", **query)
            sent += 1
            asked = answer.get(question)
            if not asked or answers not in answer:
                break
            option = chance.choice(asked["options"]) if asked["options"] else None
            if option is None:
                query[asked["parameter"]] = chance.choice(_DAYS)
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


def main(address: str, path: str, question: str = "question", answers: str = "procedures") -> None:
    """Record the service at the address; the last two name the guide's question and procedures."""
    chance = random.Random(SEED)  # noqa: S311 - the same each time
    print(f"seed {SEED}")
    with httpx.Client(base_url=address, timeout=60) as http:
        recorder = Recorder(http, Path(path))
        procedures = [
            procedure for language in LANGUAGES for procedure in addresses(recorder, language)
        ]
        timelines(recorder, chance, procedures[: len(procedures) // len(LANGUAGES)])
        guides(recorder, chance, question, answers)
        problems(recorder)
        recorder.file.close()
    print(f"{len(recorder.seen)} answers")


if __name__ == "__main__":
    main(*sys.argv[1:])
