"""Checks of an answer, by keys and codes and never by sentences.

Procedures are named as `carrier/procedure`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

import httpx

from app.i18n import COMPLETE_LANGUAGES, Language
from app.messages.keys import MessageKey
from tests.support.messages import is_message, says

LANGUAGES: Final = cast("tuple[Language, ...]", COMPLETE_LANGUAGES)
AT: Final = "2026-11-20T12:00:00+09:00"
"""A Friday."""

USABLE: Final = frozenset({"recommended", "possible", "unverified"})

Answer = dict[str, Any]


def ask(own: httpx.Client, request: dict[str, Any], language: str) -> Answer:
    """Return the answer to the request of a case."""
    if "post" in request:
        response = own.post(request["post"], params={"lang": language}, json=request["body"])
    else:
        query = {"lang": language, **request.get("query", {})}
        if request["get"] == "/v1/guide" or request["get"].endswith("/timeline"):
            query.setdefault("at", AT)
        response = own.get(request["get"], params=query)
    assert response.status_code == request.get("status", 200), response.text
    answer: Answer = response.json()
    return answer


class Seen:
    """An answer, the request for it, and the language it is in."""

    def __init__(
        self, own: httpx.Client, request: dict[str, Any], answer: Answer, language: str
    ) -> None:
        self.own, self.request, self.answer = own, request, answer
        self.language = answer.get("language", language)  # a request can name its own

    @property
    def all(self) -> list[Answer]:
        """All procedures in their order, the company's first."""
        return [*self.answer["procedures"], *self.answer["generic"]]

    @property
    def listed(self) -> list[Answer]:
        """The applicable procedures in their order, the company's first."""
        return [each for each in self.all if each["verdict"] != "not_applicable"]

    def find(self, name: str) -> Answer:
        """Return the applicable procedure with the name."""
        found = [each for each in self.listed if _name(each) == name]
        assert found, f"{name} is not among {[_name(each) for each in self.listed]}"
        return found[0]

    def verdict(self, name: str) -> str:
        """Return the verdict on the procedure; `absent` if it does not apply or is not listed."""
        return next((each["verdict"] for each in self.listed if _name(each) == name), "absent")


def _name(listed: Answer) -> str:
    return f"{listed['procedure']['carrier']}/{listed['procedure']['id']}"


def _sentences(seen: Seen, name: str) -> list[str]:
    procedure = seen.find(name)
    return [*procedure["reasons"], *procedure["blockers"]]


def _says(seen: Seen, expected: dict[str, list[MessageKey]]) -> None:
    """By procedure: messages that are among its reasons and blockers."""
    for name, keys in expected.items():
        sentences = _sentences(seen, name)
        for key in keys:
            assert any(says(key, each, seen.language) for each in sentences), (key, sentences)


def _only_says(seen: Seen, expected: dict[str, list[MessageKey]]) -> None:
    """By procedure: all its reasons and blockers, in their order."""
    for name, keys in expected.items():
        sentences = _sentences(seen, name)
        assert len(sentences) == len(keys), sentences
        for key, sentence in zip(keys, sentences, strict=True):
            assert is_message(key, sentence, seen.language), (key, sentence)


def _says_first(seen: Seen, expected: dict[str, MessageKey]) -> None:
    """By procedure: the message that its first reason begins with."""
    for name, key in expected.items():
        first = seen.find(name)["reasons"][0]
        assert says(key, first, seen.language), (key, first)


def _not_says(seen: Seen, expected: dict[str, list[MessageKey]]) -> None:
    """By procedure: messages that are not among its reasons and blockers."""
    for name, keys in expected.items():
        sentences = _sentences(seen, name)
        for key in keys:
            assert not any(says(key, each, seen.language) for each in sentences), (key, sentences)


def _texts(seen: Seen, expected: dict[str, MessageKey]) -> None:
    """Texts by their path, such as `why` or `help.hint`, and the message that they hold."""
    for path, key in expected.items():
        text = _at(seen.answer, path)
        assert says(key, text, seen.language), (path, key, text)


def _verdicts(seen: Seen, expected: dict[str, str | list[str]]) -> None:
    for name, verdict in expected.items():
        allowed = [verdict] if isinstance(verdict, str) else verdict
        assert seen.verdict(name) in allowed, name


def _recommended(seen: Seen, expected: list[str]) -> None:
    found = {_name(each) for each in seen.listed if each["verdict"] == "recommended"}
    assert found == set(expected)


def _not_recommended(seen: Seen, expected: list[str]) -> None:
    for name in expected:
        assert seen.verdict(name) != "recommended", name


def _not_applicable(seen: Seen, expected: list[str]) -> None:
    """These procedures are listed as not applicable."""
    found = {_name(each) for each in seen.all if each["verdict"] == "not_applicable"}
    assert set(expected) <= found, found


def _all_blocked(seen: Seen, expected: bool) -> None:  # noqa: FBT001 - the value of the check
    """Whether every procedure of the company is blocked, and each says by what."""
    procedures = seen.answer["procedures"]
    blocked = all(each["verdict"] == "blocked" and each["blockers"] for each in procedures)
    assert (bool(procedures) and blocked) is expected


def _usable(seen: Seen, expected: list[str]) -> None:
    for name in expected:
        assert seen.verdict(name) in USABLE, (name, seen.verdict(name))


def _not_usable(seen: Seen, expected: list[str]) -> None:
    for name in expected:
        assert seen.verdict(name) not in USABLE, (name, seen.verdict(name))


def _first(seen: Seen, expected: str) -> None:
    assert _name(seen.listed[0]) == expected


def _first_goal(seen: Seen, expected: str) -> None:
    assert seen.listed[0]["procedure"]["goal"] == expected


def _order(seen: Seen, expected: list[str]) -> None:
    names = [_name(each) for each in seen.listed]
    positions = [names.index(name) for name in expected]
    assert positions == sorted(positions), names


def _no_channel(seen: Seen, expected: list[str]) -> None:
    """No usable procedure for the holder has one of these channels; one for a proxy may."""
    for each in seen.listed:
        is_for_holder = "holder" in each["procedure"]["applies_to"]["applicants"]
        if each["verdict"] in USABLE and is_for_holder:
            assert each["procedure"]["channel"] not in expected, _name(each)


def _no_goal(seen: Seen, expected: list[str]) -> None:
    """No usable procedure has one of these goals."""
    for each in seen.listed:
        if each["verdict"] in USABLE:
            assert each["procedure"]["goal"] not in expected, _name(each)


def _conditions(seen: Seen, expected: dict[str, list[str]]) -> None:
    for name, questions in expected.items():
        presumed = {
            question for each in seen.find(name)["conditions"] for question in each["questions"]
        }
        assert set(questions) <= presumed, presumed


def _options(seen: Seen, expected: list[str]) -> None:
    """The options of the question, all of them in their order, as `parameter=value`."""
    options = seen.answer["question"]["options"]
    assert [f"{each['parameter']}={each['value']}" for each in options] == expected


def _lacks(seen: Seen, expected: dict[str, list[str]]) -> None:
    """By procedure: all needs that are missing for it."""
    for name, codes in expected.items():
        assert [each["code"] for each in seen.find(name)["lacking"]] == codes


def _loses(seen: Seen, expected: dict[str, list[str]]) -> None:
    for name, codes in expected.items():
        assert set(codes) <= {each["code"] for each in seen.find(name)["loses"]}


def _still_charged(seen: Seen, expected: list[str]) -> None:
    for name in expected:
        assert seen.find(name)["still_charged"], name


def _times_still_charged(seen: Seen, expected: dict[str, int]) -> None:
    """By procedure: how many charges after the end are named."""
    for name, number in expected.items():
        assert len(seen.find(name)["still_charged"]) == number, name


def _help(seen: Seen, expected: list[str]) -> None:
    offered = {_name(each) for each in seen.answer["help"]}
    assert set(expected) <= offered, offered


def _not_help(seen: Seen, expected: list[str]) -> None:
    """None of these is offered as help."""
    assert set(expected).isdisjoint(_name(each) for each in seen.answer["help"])


def _why(seen: Seen, expected: MessageKey) -> None:
    """The sentence that sums the answer up is this message."""
    assert is_message(expected, seen.answer["why"], seen.language), seen.answer["why"]


def _not_why(seen: Seen, expected: list[MessageKey]) -> None:
    """The sentence that sums the answer up is none of these messages."""
    for key in expected:
        assert not is_message(key, seen.answer["why"], seen.language), key


def _desks(seen: Seen, expected: list[str]) -> None:
    """These carriers are among the desks; `generic` is for bodies that hear complaints."""
    assert set(expected) <= {each["carrier"]["id"] for each in seen.answer["desks"]}


def _only_desks(seen: Seen, expected: list[str]) -> None:
    """All desks are of these carriers."""
    assert {each["carrier"]["id"] for each in seen.answer["desks"]} <= set(expected)


def _desk_addresses(seen: Seen, expected: list[str]) -> None:
    found = {
        value
        for each in seen.answer["desks"]
        for value in (each["address"], (each["phone"] or {}).get("e164"))
    }
    assert set(expected) <= found, found


def _reachable_from(seen: Seen, expected: str) -> None:
    desks = seen.answer["desks"]
    assert desks
    if expected == "abroad":
        assert desks[0]["from_abroad"] == "possible" or any(
            each["from_abroad"] == "possible" for each in desks
        )
        assert all(each["from_abroad"] != "impossible" for each in desks)


def _question(seen: Seen, expected: str | list[str] | None) -> None:
    asked = seen.answer["question"]["fact"] if seen.answer["question"] else None
    assert asked in (expected if isinstance(expected, list) else [expected])


def _asks(seen: Seen, expected: list[str]) -> None:
    """These questions are asked of a person who always takes the first option."""
    query = {"at": AT, **seen.request["query"]}
    extra: list[tuple[str, str]] = []
    asked: list[str] = []
    while True:
        body = seen.own.get("/v1/guide", params=[*_pairs(query), *extra]).json()
        if body["question"] is None:
            break
        question = body["question"]
        asked.append(question["fact"])
        if question["type"] == "choice":
            option = question["options"][0]
            extra.append((option["parameter"], option["value"]))
        else:
            extra.append(("unknown", question["fact"]))
    assert set(expected) <= set(asked), asked


def _pairs(query: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        for each in value if isinstance(value, list) else [value]:
            yield name, str(each).lower() if isinstance(each, bool) else str(each)


def _dates(seen: Seen, expected: dict[str, dict[str, str]]) -> None:
    """By procedure: the day of an event among its next dates."""
    for name, events in expected.items():
        dates = seen.find(name)["dates"]["next"]
        found = {each["code"]: each["on"] for each in dates}
        for code, day in events.items():
            assert found.get(code) == str(day), found


def _events(seen: Seen, expected: dict[str, dict[str, Any]]) -> None:
    """Of a timeline: members of its events, by code."""
    for code, members in expected.items():
        found = [each for each in seen.answer["events"] if each["code"] == code]
        assert found, [each["code"] for each in seen.answer["events"]]
        for name, value in members.items():
            assert any(str(each[name]) == str(value) for each in found), found


def _no_event(seen: Seen, expected: list[dict[str, Any]]) -> None:
    """Of a timeline: no event has all of these members."""
    for members in expected:
        for each in seen.answer["events"]:
            assert any(str(each[name]) != str(value) for name, value in members.items()), each


def _event_says(seen: Seen, expected: dict[str, list[MessageKey]]) -> None:
    """Of a timeline: messages that events of the code hold."""
    for code, keys in expected.items():
        found = [each["why"] for each in seen.answer["events"] if each["code"] == code]
        for key in keys:
            assert any(says(key, text, seen.language) for text in found), (code, key, found)


def _at(answer: Answer, path: str) -> Any:  # noqa: ANN401 - any JSON value
    found: Any = answer
    for part in path.split("."):
        found = found[int(part)] if isinstance(found, list) else found[part]
    return found


def _json(seen: Seen, expected: dict[str, Any]) -> None:
    """Values by their path, such as `items.0.id`.

    Of a list, `{contains: …}` and `{lacks: …}` name values that are in it, or in its objects, or
    are not; `{filled: …}` says whether there is any.
    """
    for path, value in expected.items():
        found = _at(seen.answer, path)
        if isinstance(value, dict) and "contains" in value:
            contained = value["contains"]
            for each in contained if isinstance(contained, list) else [contained]:
                assert any(
                    each == one or (isinstance(one, dict) and each in one.values()) for one in found
                ), (path, each, found)
        elif isinstance(value, dict) and "lacks" in value:
            for one in found:
                assert value["lacks"] != one
                assert not (isinstance(one, dict) and value["lacks"] in one.values()), (path, one)
        elif isinstance(value, dict) and "filled" in value:
            assert bool(found) is value["filled"], (path, found)
        else:
            assert found == value, (path, found)


def _found(seen: Seen, expected: list[str]) -> None:
    """Of a search: these carriers are among the hits, none of them weak."""
    strong = {each["id"] for each in seen.answer["items"] if not each["match"]["weak"]}
    assert set(expected) <= strong, strong


def _only_found(seen: Seen, expected: list[str]) -> None:
    _found(seen, expected)
    assert {each["id"] for each in seen.answer["items"]} == set(expected)


def _all_weak(seen: Seen, expected: bool) -> None:  # noqa: FBT001 - the value of the check
    assert all(each["match"]["weak"] for each in seen.answer["items"]) is expected


def _candidate_carriers(seen: Seen, expected: list[str]) -> None:
    """Of an identification: these carriers are among the candidates."""
    found = {(each["carrier"] or {}).get("id") for each in seen.answer["candidates"]}
    assert set(expected) <= found, found


def _steps(seen: Seen, expected: list[str]) -> None:
    """Of a procedure: keys of some of its steps."""
    assert set(expected) <= {each["key"] for each in seen.answer["steps"]}


def _cites(seen: Seen, expected: dict[str, list[str]]) -> None:
    """Of a procedure: its `warnings` (or other statements) cite these sources."""
    for member, sources in expected.items():
        cited = {source for each in seen.answer[member] for source in each["sources"]}
        assert set(sources) <= cited, (member, cited)


def _fees(seen: Seen, expected: list[dict[str, Any]]) -> None:
    """Of a procedure: one fee has all these values, named by their paths."""
    for values in expected:
        assert any(
            all(_within(fee, path) == value for path, value in values.items())
            for fee in seen.answer["fees"]
        ), (values, seen.answer["fees"])


def _within(fee: Answer, path: str) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value at the path, or None if a part of the path is null."""
    found: Any = fee
    for part in path.split("."):
        found = found[part] if found is not None else None
    return found


def _not_used(seen: Seen, expected: list[str]) -> None:
    """These parameters change nothing."""
    assert {each["parameter"] for each in seen.answer["not_used"]} >= set(expected)


def _only_not_used(seen: Seen, expected: list[str]) -> None:
    """These parameters change nothing, and all others do."""
    assert {each["parameter"] for each in seen.answer["not_used"]} == set(expected)


def _used(seen: Seen, expected: list[str]) -> None:
    """None of these parameters is listed as changing nothing."""
    assert not {each["parameter"] for each in seen.answer["not_used"]} & set(expected)


def _equals(member: str) -> Callable[[Seen, Any], None]:
    def check(seen: Seen, expected: Any) -> None:  # noqa: ANN401 - any JSON value
        allowed = expected if isinstance(expected, list) else [expected]
        assert seen.answer[member] in allowed, seen.answer[member]

    return check


CHECKS: Final[Mapping[str, Callable[[Seen, Any], None]]] = {
    "state": _equals("state"),
    "goal": _equals("goal"),
    "recommended": _recommended,
    "not_recommended": _not_recommended,
    "usable": _usable,
    "not_usable": _not_usable,
    "verdicts": _verdicts,
    "first": _first,
    "first_goal": _first_goal,
    "order": _order,
    "no_channel": _no_channel,
    "no_goal": _no_goal,
    "not_applicable": _not_applicable,
    "all_blocked": _all_blocked,
    "options": _options,
    "says": _says,
    "only_says": _only_says,
    "says_first": _says_first,
    "not_says": _not_says,
    "texts": _texts,
    "conditions": _conditions,
    "lacks": _lacks,
    "loses": _loses,
    "still_charged": _still_charged,
    "times_still_charged": _times_still_charged,
    "help": _help,
    "not_help": _not_help,
    "why": _why,
    "not_why": _not_why,
    "desks": _desks,
    "only_desks": _only_desks,
    "desk_addresses": _desk_addresses,
    "reachable_from": _reachable_from,
    "question": _question,
    "asks": _asks,
    "dates": _dates,
    "events": _events,
    "event_says": _event_says,
    "no_event": _no_event,
    "found": _found,
    "only_found": _only_found,
    "all_weak": _all_weak,
    "candidate_carriers": _candidate_carriers,
    "steps": _steps,
    "cites": _cites,
    "fees": _fees,
    "not_used": _not_used,
    "only_not_used": _only_not_used,
    "used": _used,
    "json": _json,
}
"""The checks by name; procedures are named as `carrier/procedure`."""
