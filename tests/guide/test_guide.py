"""The guide's rules over the project's own catalogue, and its wizard over HTTP."""

import datetime as dt
from typing import Any

import httpx
import pytest

from app.facts.specs import SPECS, Fact
from app.guide import lookahead
from app.guide.assess import Assessment, assess_again
from app.guide.questions import MOST_QUESTIONS
from app.guide.situation import Situation
from tests.support.guide import AT, advise
from tests.support.requests import get
from tests.support.situations import CHECKS, LANGUAGES, Seen, ask

pytestmark = pytest.mark.own_catalogue


def test_each_answer_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each possible answer is tried once, and only on what it can change."""
    tried: list[Situation] = []

    def counted(
        assessments: list[Assessment], question: str, situation: Situation, at: dt.datetime
    ) -> list[Assessment]:
        tried.append(situation)
        return assess_again(assessments, question, situation, at)

    monkeypatch.setattr(lookahead, "assess_again", counted)

    assert advise("povo2", Situation()).question
    assert len(tried) == len(set(map(repr, tried))) > 1


@pytest.mark.parametrize("carrier", ["", "airalo", "softbank", "ninja-wifi", "povo2"])
def test_a_wizard_built_from_the_answers_alone_reaches_advice_in_six_questions(
    own: httpx.Client, carrier: str
) -> None:
    """Walk all options that the answers offer; with a date, days that come out differently."""
    first = get(own, "/v1/guide")
    assert first["question"]["fact"] == "carrier"
    assert first["generic"]
    options = {option["value"] for option in first["question"]["options"]}
    paths: list[list[tuple[str, str]]] = [[("carrier", carrier or "generic")]]
    assert carrier in {"", *options}

    while paths:
        path = paths.pop()
        body = _asked(own, path)
        question = body["question"]
        if question is None:
            assert body["procedures"] or body["generic"] or body["desks"]
            assert body["why"]
            continue
        assert len(path) <= MOST_QUESTIONS
        assert question["question"]
        assert question["why"]
        told = [option for option in question["options"] if option["parameter"] != "unknown"]
        assert len(told) + 1 == len(question["options"])
        if question["type"] == "date":
            days = SPECS[Fact(question["fact"])].example_values(AT.date())
            assert question["left_at_most"] <= MOST_QUESTIONS - len(path)
            paths.extend([*path, (question["fact"], str(day))] for day in days)
        paths.extend([*path, (option["parameter"], option["value"])] for option in told)


def _asked(own: httpx.Client, path: list[tuple[str, str]]) -> dict[str, Any]:
    answer = own.get("/v1/guide", params=[*path, ("at", AT.isoformat())])
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize(
    ("clues", "carrier"),
    [
        ({"apn": "mineo-d.jp"}, "mineo"),
        ({"iccid_prefix": "8985207"}, "generic"),
        ({"words": ["Rakuten Mobile"]}, "rakuten-mobile"),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_a_traveller_learns_in_two_requests_who_it_is_what_to_do_and_what_of_it_is_sure(
    own: httpx.Client, clues: dict[str, Any], carrier: str, language: str
) -> None:
    identified = own.post("/v1/identify", params={"lang": language}, json=clues).json()
    assert identified["guide"].endswith(f"={carrier}")
    assert identified["explanation"]

    advice = own.get(identified["guide"], params={"lang": language, "carrier": carrier}).json()

    assert advice["carrier"]["id"] == carrier
    assert advice["procedures"]
    for answer in advice["procedures"]:
        assert answer["reasons"] or answer["blockers"]
        assert answer["procedure"]["outcome"]
        assert own.get(answer["procedure"]["url"]).status_code == 200
        if answer["dates"]:
            assert own.get(answer["dates"]["url"]).status_code == 200


def test_nothing_to_cancel_is_recommended_like_any_other_answer(own: httpx.Client) -> None:
    body = get(own, "/v1/guide", carrier="airalo", contract="prepaid", activated="true")

    best = body["procedures"][0]
    assert (best["procedure"]["id"], best["verdict"]) == ("let-expire", "recommended")
    assert "nothing to cancel" in best["reasons"][0]


def test_what_was_bought_is_asked_before_a_prepaid_product_of_an_unknown_company_is_left_alone(
    own: httpx.Client,
) -> None:
    body = get(own, "/v1/guide", carrier="generic", contract="prepaid", location="japan")

    assert body["procedures"][0]["procedure"]["id"] == "let-prepaid-run-out"
    assert "recommended" not in {answer["verdict"] for answer in body["procedures"]}
    assert body["question"]["fact"] in {"applicant", "product"}
    router = get(
        own,
        "/v1/guide",
        carrier="generic",
        contract="prepaid",
        product="pocket_wifi",
        location="japan",
        applicant="holder",
        device="rented",
    )
    assert [
        a["procedure"]["id"] for a in router["procedures"] if a["verdict"] == "recommended"
    ] == ["return-rental"]


@pytest.mark.parametrize(
    "carrier",
    ["ninja-wifi", "wifibox", "jal-abc", "econnect-japan", "imoto-no-wifi-japan", "easygo-japan"],
)
def test_who_took_a_rented_router_home_is_never_told_that_it_ends_by_itself(
    own: httpx.Client, carrier: str
) -> None:
    body = get(own, "/v1/guide", carrier=carrier, location="abroad", unknown=["plan", "contract"])

    offered = {answer["procedure"]["goal"] for answer in [*body["procedures"], *body["generic"]]}
    assert "let_expire" not in offered
    assert "return_rental" in offered
    assert body["state"] != "blocked" or any(
        desk["from_abroad"] == "possible" for desk in body["desks"]
    )
    assert body["contacts"] == f"/v1/carriers/{carrier}/contacts"


def test_a_family_finds_what_to_do_with_every_company_that_bills(own: httpx.Client) -> None:
    for carrier in ("ntt-docomo", "mineo", "uq-wimax", "mobal", "generic"):
        body = get(own, "/v1/guide", carrier=carrier, applicant="heir")
        found = {
            answer["procedure"]["id"]: answer["verdict"]
            for answer in [*body["procedures"], *body["generic"]]
        }
        assert found["cancel-after-death"] in {"unverified", "possible", "recommended"}, carrier


def test_an_eight_day_scheme_that_wants_grounds_is_recommended_to_nobody(own: httpx.Client) -> None:
    for carrier in ("ntt-docomo", "au", "ymobile", "uq-mobile", "softbank", "linemo", "ahamo"):
        told = {
            "service_started_on": "2026-11-23",
            "contract_received_on": "2026-11-23",
            "contract_started_on": "2026-11-23",
        }
        answers = get(
            own,
            "/v1/guide",
            carrier=carrier,
            keep_number="false",
            at="2026-11-24T10:00:00+09:00",
            **told,
        )["procedures"]
        (scheme,) = [
            answer
            for answer in answers
            if answer["procedure"]["goal"] == "initial_contract_cancellation"
        ]
        assert scheme["verdict"] != "recommended", carrier


def test_somebody_in_japan_can_go_to_the_shop_for_a_holder_abroad(own: httpx.Client) -> None:
    answers = get(
        own,
        "/v1/guide",
        carrier="ntt-docomo",
        location="abroad",
        lack="account_login",
        keep_number="false",
    )["procedures"]

    by_id = {answer["procedure"]["id"]: answer for answer in answers}
    assert by_id["cancel-in-store"]["verdict"] == "blocked"
    assert by_id["cancel-in-store-by-proxy"]["verdict"] == "possible"
    reasons = by_id["cancel-in-store-by-proxy"]["reasons"]
    assert "This is for someone who acts for the holder." in reasons


def test_of_two_dates_of_which_the_later_counts_one_alone_is_never_too_late(
    own: httpx.Client,
) -> None:
    def verdict(**told: str) -> str:
        answers = get(
            own,
            "/v1/guide",
            carrier="mineo",
            keep_number="false",
            location="japan",
            applicant="holder",
            have=["registered_address", "printer", "customer_number"],
            at="2026-11-25T10:00:00+09:00",
            **told,
        )["procedures"]
        return next(
            str(a["verdict"])
            for a in answers
            if a["procedure"]["goal"] == "initial_contract_cancellation"
        )

    assert verdict(contract_received_on="2026-11-05") == "possible"
    # Over by the safe count, open by the later one.
    assert verdict(contract_received_on="2026-11-05", service_started_on="2026-11-24") == "possible"
    assert (
        verdict(contract_received_on="2026-11-20", service_started_on="2026-11-24") == "recommended"
    )
    assert verdict(contract_received_on="2026-11-05", service_started_on="2026-11-06") == "blocked"


def test_who_wants_to_keep_the_number_sees_the_way_that_keeps_it_first(own: httpx.Client) -> None:
    answers = get(
        own,
        "/v1/guide",
        carrier="mineo",
        keep_number="true",
        contract_received_on="2026-11-22",
        at="2026-11-24T10:00:00+09:00",
    )["procedures"]

    can_lose = next(a for a in answers if a["procedure"]["goal"] == "initial_contract_cancellation")
    assert any("lose" in reason for reason in can_lose["reasons"])


def test_the_same_instant_in_another_zone_gives_the_same_advice(own: httpx.Client) -> None:
    def verdicts(at: str) -> list[tuple[str, str]]:
        answers = get(
            own, "/v1/guide", carrier="global-wifi", at=at, rental_starts_on="2026-12-01"
        )["procedures"]
        return [(a["procedure"]["id"], a["verdict"]) for a in answers]

    assert verdicts("2026-11-30T20:00:00-05:00") == verdicts("2026-12-01T10:00:00+09:00")


def test_nobody_is_sent_to_stop_paying_what_is_due(own: httpx.Client) -> None:
    answers = get(
        own,
        "/v1/guide",
        carrier="i-nextia",
        contract="prepaid",
        product="pocket_wifi",
        location="japan",
    )["procedures"]

    (unpaid,) = [
        answer for answer in answers if answer["procedure"]["id"] == "stop-paying-and-return"
    ]
    assert unpaid["verdict"] == "possible"
    assert (
        unpaid["reasons"][0]
        == "This means leaving a bill unpaid. Ask the company for a normal cancellation first."
    )


def test_where_only_others_describe_the_steps_of_a_way_it_says_so(own: httpx.Client) -> None:
    def said(**told: str) -> bool:
        best = get(own, "/v1/guide", keep_number="false", **told)["procedures"][0]
        assert best["verdict"] == "recommended"
        return (
            "The steps come from third-party sites. If the company's page differs, "
            "follow the company's page." in best["reasons"]
        )

    assert said(carrier="iijmio", product="physical_sim")
    assert not said(carrier="airalo", contract="prepaid", activated="true")


def test_of_two_ways_to_the_same_end_the_less_laborious_is_recommended(own: httpx.Client) -> None:
    def best(**told: str) -> str:
        return str(
            get(own, "/v1/guide", carrier="ahamo", keep_number="false", **told)["procedures"][0][
                "procedure"
            ]["id"]
        )

    assert best() == "cancel-online"
    assert best(lack="sms_on_line") == "cancel-by-post"


def test_who_can_ask_for_the_end_is_not_sent_to_wait_for_it(own: httpx.Client) -> None:
    answers = get(
        own,
        "/v1/guide",
        carrier="povo2",
        location="abroad",
        applicant="holder",
        keep_number="false",
        service_started_on="2020-01-01",
        have=["account_login", "registered_email"],
    )["procedures"]

    assert (answers[0]["procedure"]["id"], answers[0]["verdict"]) == (
        "cancel-online",
        "recommended",
    )
    assert ("let-expire-180-days", "possible") in {
        (answer["procedure"]["id"], answer["verdict"]) for answer in answers
    }


def test_once_a_way_is_recommended_only_what_could_change_that_is_asked(own: httpx.Client) -> None:
    body = get(
        own,
        "/v1/guide",
        carrier="aeon-mobile",
        applicant="holder",
        keep_number="false",
        location="abroad",
        have="account_login",
        contract_started_on="2020-01-01",
    )

    assert [
        answer["procedure"]["id"]
        for answer in body["procedures"]
        if answer["verdict"] == "recommended"
    ] == ["cancel-online"]
    assert body["state"] == "recommended"
    assert body["question"] is None


def test_a_contract_that_lapses_is_not_told_as_nothing_to_cancel(own: httpx.Client) -> None:
    answers = get(own, "/v1/guide", carrier="povo-japan-sim", plan="ordinary-povo2-0")["procedures"]

    assert (answers[0]["procedure"]["id"], answers[0]["verdict"]) == ("let-lapse", "recommended")
    assert answers[0]["reasons"][0].startswith("You do not have to notify anyone.")


@pytest.mark.parametrize(
    "told", [{"product": "esim"}, {"product": "physical_sim", "location": "abroad"}]
)
def test_who_bought_a_prepaid_card_of_an_unknown_company_learns_that_there_is_nothing_to_cancel(
    own: httpx.Client, told: dict[str, str]
) -> None:
    for body in (
        get(own, "/v1/guide", contract="prepaid", **told)["generic"],
        get(own, "/v1/guide", carrier="generic", contract="prepaid", **told)["procedures"],
    ):
        assert (body[0]["procedure"]["id"], body[0]["verdict"]) == (
            "let-prepaid-run-out",
            "recommended",
        )
        assert body[0]["reasons"][0].startswith("There is nothing to cancel")


def test_the_number_decides_between_moving_it_and_cancelling(own: httpx.Client) -> None:
    def verdicts(**told: str) -> dict[str, str]:
        return {
            a["procedure"]["id"]: a["verdict"]
            for a in get(
                own,
                "/v1/guide",
                carrier="uq-mobile",
                location="japan",
                applicant="holder",
                have=["account_login", "phone_in_hand"],
                **told,
            )["procedures"]
        }

    assert "recommended" not in {verdicts()["cancel-online"], verdicts()["port-out-mnp"]}
    assert verdicts(keep_number="true")["port-out-mnp"] == "recommended"
    assert verdicts(keep_number="true")["cancel-online"] == "not_applicable"
    assert (
        verdicts(keep_number="false", contract_started_on="2020-01-01")["cancel-online"]
        == "recommended"
    )
    assert verdicts(keep_number="false")["port-out-mnp"] == "not_applicable"


def test_what_is_lacking_and_where_one_is_block_a_way_and_say_so(own: httpx.Client) -> None:
    body = get(
        own,
        "/v1/guide",
        carrier="ntt-docomo",
        location="abroad",
        lack=["account_login"],
        keep_number="false",
    )
    by_id = {answer["procedure"]["id"]: answer for answer in body["procedures"]}

    assert by_id["cancel-in-store"]["verdict"] == "blocked"
    assert by_id["cancel-in-store"]["blockers"] == ["This cannot be done from outside Japan."]
    assert by_id["cancel-online"]["blockers"] == [
        "This requires something that you do not have: Sign-in for the account (ID and password)."
    ]


def test_a_way_is_not_recommended_before_it_is_told_apart_from_those_for_another_plan_or_product(
    own: httpx.Client,
) -> None:
    def chosen(**told: str) -> list[str]:
        answers = get(own, "/v1/guide", **told)["procedures"]
        return [
            answer["procedure"]["id"] for answer in answers if answer["verdict"] == "recommended"
        ]

    assert chosen(carrier="japan-wireless", location="abroad") == []
    assert chosen(carrier="japan-wireless", location="abroad", plan="taiwan-rental") == [
        "return-in-taiwan"
    ]
    assert chosen(carrier="generic") == []
    assert chosen(carrier="generic", keep_number="false") == []
    assert chosen(carrier="generic", keep_number="false", product="esim") == []


def test_a_way_that_only_others_describe_is_unverified(own: httpx.Client) -> None:
    answers = get(own, "/v1/guide", carrier="mineo", keep_number="false")["procedures"]

    online = next(answer for answer in answers if answer["procedure"]["id"] == "cancel-online")
    assert online["verdict"] == "unverified"
    assert online["reasons"] == [
        "No page of the company confirms this. Only third parties describe it."
    ]


def test_the_family_of_a_holder_who_has_died_finds_its_own_way(own: httpx.Client) -> None:
    def best(**told: str) -> dict[str, Any]:
        found: dict[str, Any] = get(
            own, "/v1/guide", carrier="rakuten-mobile", keep_number="false", **told
        )["procedures"][0]
        return found

    assert best(applicant="heir")["procedure"]["id"] == "cancel-after-death-by-post"
    assert best(applicant="heir")["verdict"] == "recommended"
    assert best()["procedure"]["id"] == "cancel-online-or-app"


@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_a_product_that_the_company_does_not_sell_is_questioned(
    own: httpx.Client, language: str
) -> None:
    body = get(own, "/v1/guide", carrier="uq-wimax", product="esim", lang=language)

    assert body["procedures"] == []
    assert body["state"] == "question"
    assert [(o["parameter"], o["value"]) for o in body["question"]["options"]] == [
        ("product", "pocket_wifi"),
        ("product", "home_router"),
        ("carrier", "generic"),
    ]


def test_a_company_that_no_database_can_hold_is_refused(own: httpx.Client) -> None:
    answer = own.get("/v1/guide", params={"carrier": "a\0b"})

    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == ["carrier"]


def test_moving_the_number_is_recommended_only_to_who_wants_to_keep_it(own: httpx.Client) -> None:
    def verdict_of_port_out(**told: str) -> list[str]:
        answers = get(
            own,
            "/v1/guide",
            carrier="generic",
            product="esim",
            contract="postpaid",
            location="japan",
            applicant="holder",
            **told,
        )["procedures"]
        return [answer["verdict"] for answer in answers if answer["procedure"]["id"] == "port-out"]

    assert verdict_of_port_out() == ["possible"]
    assert verdict_of_port_out(keep_number="true") == ["recommended"]
    assert verdict_of_port_out(keep_number="false") == ["not_applicable"]


def test_who_tells_what_they_want_is_recommended_that_and_asked_only_what_matters_for_it(
    own: httpx.Client,
) -> None:
    def airalo(**told: str) -> tuple[list[str], str | None]:
        body = get(own, "/v1/guide", carrier="airalo", **told)
        chosen = [
            answer["procedure"]["id"]
            for answer in body["procedures"]
            if answer["verdict"] == "recommended"
        ]
        return chosen, body["question"] and body["question"]["fact"]

    assert airalo() == ([], "location")
    assert airalo(goal="close_account", location="japan")[0] == ["close-account"]
    assert airalo(goal="let_expire", location="japan")[0] == []
    assert airalo(goal="request_refund", location="japan")[1] is not None
    first = get(own, "/v1/guide", carrier="airalo", goal="request_refund")["procedures"][0]
    assert first["procedure"]["goal"] == "request_refund"


def test_where_no_way_leads_to_what_is_wanted_it_says_so_and_advises_on_those_there_are(
    own: httpx.Client,
) -> None:
    body = get(own, "/v1/guide", carrier="airalo", contract="prepaid", goal="cancel_contract")

    assert body["goal"] is None
    assert [
        answer["procedure"]["id"]
        for answer in body["procedures"]
        if answer["verdict"] == "recommended"
    ] == ["let-expire"]


def test_what_only_goes_with_a_way_out_is_not_offered_as_one(own: httpx.Client) -> None:
    offered = {
        answer["procedure"]["id"]
        for answer in get(own, "/v1/guide", carrier="generic")["procedures"]
    }
    listed = {procedure["id"] for procedure in get(own, "/v1/carriers/generic")["procedures"]}

    supporting = {
        one for one in listed if get(own, f"/v1/carriers/generic/procedures/{one}")["supporting"]
    }
    assert listed - offered == supporting
    assert get(own, "/v1/carriers/generic/procedures/leave-japan")["supporting"] is True


def test_a_way_whose_outcome_nobody_knows_is_not_recommended(own: httpx.Client) -> None:
    answers = get(own, "/v1/guide", carrier="polaris-esim", product="esim")["procedures"]

    (unknown,) = [answer for answer in answers if answer["procedure"]["outcome"] == "unknown"]
    assert unknown["verdict"] == "unverified"
    assert "No source says what the result is." in unknown["reasons"][0]


def test_a_booking_that_has_been_shipped_cannot_be_cancelled_however_far_the_start(
    own: httpx.Client,
) -> None:
    def verdict(**told: str) -> str:
        answers = get(
            own,
            "/v1/guide",
            carrier="lucky-wifi",
            at="2026-11-25T10:00:00+09:00",
            rental_starts_on="2026-12-20",
            **told,
        )["procedures"]
        return next(
            str(answer["verdict"])
            for answer in answers
            if answer["procedure"]["goal"] == "cancel_booking"
        )

    assert verdict() == "possible"
    assert verdict(shipped="false") == "possible"  # by which way it is called off no source tells
    assert verdict(shipped="true") == "blocked"


@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_a_dead_end_says_by_what_and_names_who_can_be_reached(
    own: httpx.Client, language: str
) -> None:
    body = get(own, "/v1/guide", carrier="jal-abc", location="abroad", lang=language)

    assert body["state"] == "blocked"
    assert {answer["verdict"] for answer in body["procedures"]} == {"blocked"}
    assert all(answer["blockers"] for answer in body["procedures"])
    assert body["desks"][0]["from_abroad"] == "possible"
    assert all(desk["from_abroad"] != "impossible" for desk in body["desks"])
    assert all(desk["carrier"]["id"] in {"jal-abc", "generic"} for desk in body["desks"])


def test_what_a_person_says_and_nothing_depends_on_is_taken_and_told(own: httpx.Client) -> None:
    def not_used(**told: str) -> set[str]:
        body = get(own, "/v1/guide", **told)
        return {each["parameter"] for each in body["not_used"]}

    assert not_used(carrier="ninja-wifi", rental_ends_on="2026-11-18") == {"rental_ends_on"}
    assert not_used(carrier="airalo", used="true", activated="true") == {"used"}
    assert not_used(carrier="rakuten-mobile", plan="saikyo", have="return_envelope") >= {
        "return_envelope"
    }


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({"line": "in_use", "ended_on": "2026-08-25"}, ["ended_on", "line"]),
        ({"line": "ended", "ended_on": "2027-01-01"}, ["ended_on", "line"]),
        ({"line": "ended", "chosen_end_on": "2027-01-01"}, ["chosen_end_on", "line"]),
        ({"line": "ended", "number_needed_until": "2027-01-01"}, ["number_needed_until", "line"]),
        (
            {"number_needed_until": "2027-01-02", "chosen_end_on": "2027-01-01"},
            ["number_needed_until", "chosen_end_on"],
        ),
        ({"leaves_japan_on": "2026-11-29"}, ["leaves_japan_on"]),
        ({"leaves_japan_on": "2026-12-24", "location": "abroad"}, ["leaves_japan_on", "location"]),
        (
            {"have": "account_login", "lack": "account_password"},
            ["account_login", "account_password"],
        ),
    ],
)
@pytest.mark.parametrize("language", ["en", "ja", "zh-Hans"])
def test_statements_that_exclude_each_other_are_refused_naming_both(
    own: httpx.Client, told: dict[str, str], names: list[str], language: str
) -> None:
    answer = own.get(
        "/v1/guide",
        params={"carrier": "softbank", "at": AT.isoformat(), "lang": language, **told},
    )

    assert answer.status_code == 422
    details = [error["detail"] for error in answer.json()["errors"]]
    assert any(all(name in detail for name in names) for detail in details), details


@pytest.mark.parametrize(
    ("told", "parameter", "code"),
    [
        ({"have": "a_unicorn"}, "have", "not_allowed"),
        ({"lack": "a_unicorn"}, "lack", "not_allowed"),
        ({"unknown": "a_unicorn"}, "unknown", "not_allowed"),
        ({"plan": "gold"}, "plan", "not_allowed"),
        ({"goal": "freedom"}, "goal", "not_allowed"),
        ({"location": "moon"}, "location", "not_allowed"),
        ({"keep_number": "perhaps"}, "keep_number", "wrong_type"),
        ({"have": "sim_card", "lack": "sim_card"}, "have", "excludes"),
        ({"contract_received_on": "1066-10-14"}, "contract_received_on", "too_far_away"),
        ({"contract_received_on": "soon"}, "contract_received_on", "not_a_date"),
        ({"tz": "Mars/Olympus"}, "tz", "not_a_zone"),
        ({"at": "2026-11-30T10:00:00"}, "at", "offset_missing"),
        ({"colour": "red"}, "colour", "unknown"),
    ],
)
def test_a_situation_that_cannot_be_is_refused_with_the_fix(
    own: httpx.Client, told: dict[str, str], parameter: str, code: str
) -> None:
    answer = own.get("/v1/guide", params={"carrier": "rakuten-mobile", **told})

    assert answer.status_code == 422
    assert (parameter, code) in {
        (error["parameter"], error["code"]) for error in answer.json()["errors"]
    }


def test_an_unknown_company_is_a_404_with_the_closest(own: httpx.Client) -> None:
    answer = own.get("/v1/guide", params={"carrier": "rakuten-mobil"})

    assert answer.status_code == 404
    assert answer.json()["closest"] == "rakuten-mobile"


def test_an_answer_for_now_is_not_kept(own: httpx.Client) -> None:
    assert own.get("/v1/guide").headers["cache-control"] == "no-store"
    assert (
        own.get("/v1/guide", params={"at": AT.isoformat()}).headers.get("cache-control")
        != "no-store"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_persons_own_dates_are_told_beside_the_recommendation(
    own: httpx.Client, language: str
) -> None:
    told = {
        "carrier": "ntt-docomo",
        "applicant": "holder",
        "keep_number": "false",
        "lack": "account_login",
        "location": "japan",
        "leaves_japan_on": "2026-12-24",
        "number_needed_until": "2026-12-20",
    }
    request = {"get": "/v1/guide", "query": told}

    CHECKS["says"](
        Seen(own, request, ask(own, request, language), language),
        {"ntt-docomo/cancel-in-store": ["guide.before_leaving", "guide.number_needed_until"]},
    )


def test_an_open_bill_leads_to_a_way_to_pay(own: httpx.Client) -> None:
    def helps(**told: str) -> set[str]:
        body = get(own, "/v1/guide", carrier="rakuten-mobile", location="abroad", **told)
        return {each["procedure"]["id"] for each in body["help"]}

    assert "pay-overdue-bill" in helps(bill_open="true")
    assert "pay-overdue-bill" in helps(payment_fails="true")
    assert "pay-overdue-bill" not in helps()


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_applicants_exclude_each_other(own: httpx.Client, language: str) -> None:
    answer = own.get(
        "/v1/guide",
        params=[("lang", language), ("applicant", "heir"), ("applicant", "holder")],
    )

    (error,) = answer.json()["errors"]
    assert answer.status_code == 422
    assert error["code"] == "repeated"
    assert all(name in error["detail"] for name in ("applicant", "heir", "holder"))
