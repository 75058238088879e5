"""The guide's rules over the project's own catalogue, and its wizard over HTTP."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue import evidence
from app.catalogue.authoring.loader import read
from app.catalogue.codes import Applicant, Contract, Evidence, Product, Verdict
from app.catalogue.goals import Goal
from app.facts.specs import SPECS, Fact
from app.guide import questions
from app.guide.assess import Assessment, assess
from app.guide.candidates import Candidate
from app.guide.questions import MOST_QUESTIONS, next_question
from app.guide.recommend import Recommendation, recommend
from app.guide.situation import Situation
from app.settings import ROOT
from tests.support.requests import get

AT = dt.datetime.fromisoformat("2026-11-30T10:00:00+09:00")
DATES = [fact for fact in Fact if SPECS[fact].type == "date"]


def _candidates() -> Mapping[str, list[Candidate]]:
    catalogue, findings = read(ROOT / "catalogue")
    assert catalogue is not None, findings
    found: dict[str, list[Candidate]] = {}
    for slug, files in catalogue.carriers.items():
        sources = files.carrier.document.sources
        found[slug] = [
            Candidate(
                name,
                evidence.grade(evidence.cited_by(one.document, one.document.steps, sources)),
                Evidence.OFFICIAL,
                one.document,
                one.document.steps,
            )
            for name, one in files.procedures.items()
        ]
    return found


def ranked(
    candidates: Iterable[Candidate], situation: Situation, at: dt.datetime
) -> list[Assessment]:
    return list(recommend(assess(candidates, situation, at), situation).assessments)


def recommended(carrier: str, situation: Situation) -> Recommendation:
    return recommend(assess(CANDIDATES[carrier], situation, AT), situation)


CANDIDATES = _candidates()
CARRIERS = sorted(CANDIDATES)
NEEDS = sorted({need for ways in CANDIDATES.values() for way in ways for need in way.needs})
ENDS = {
    Goal.PORT_OUT,
    Goal.CANCEL_CONTRACT,
    Goal.INITIAL_CONTRACT_CANCELLATION,
    Goal.LET_EXPIRE,
    Goal.STOP_RENEWAL,
    Goal.CLOSE_ACCOUNT,
    Goal.CANCEL_BOOKING,
}

needs = st.frozensets(st.sampled_from(NEEDS), max_size=4)
facts = st.dictionaries(
    st.sampled_from(DATES), st.dates(dt.date(2025, 1, 1), dt.date(2027, 12, 31)), max_size=5
)


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    have, lack = draw(needs), draw(needs)
    return Situation(
        product=draw(st.none() | st.sampled_from(list(Product))),
        contract=draw(st.none() | st.sampled_from(list(Contract))),
        applicant=draw(st.none() | st.sampled_from(list(Applicant))),
        location=draw(st.sampled_from([None, "japan", "abroad"])),
        keep_number=draw(st.sampled_from([None, True, False])),
        goal=draw(st.none() | st.sampled_from(list(Goal))),
        have=have - lack,
        lack=lack,
        facts=draw(facts),
    )


@given(carrier=st.sampled_from(CARRIERS), situation=situations())
def test_one_end_at_most_is_recommended_so_never_porting_out_and_cancelling(
    carrier: str, situation: Situation
) -> None:
    chosen = [
        found.candidate.procedure.goal
        for found in ranked(CANDIDATES[carrier], situation, AT)
        if found.verdict is Verdict.RECOMMENDED
    ]

    assert len([goal for goal in chosen if goal in ENDS]) <= 1


@given(carrier=st.sampled_from(CARRIERS), situation=situations())
def test_what_is_recommended_has_official_evidence_nothing_in_its_way_and_suits_who_asks(
    carrier: str, situation: Situation
) -> None:
    for found in ranked(CANDIDATES[carrier], situation, AT):
        to = found.candidate.procedure.applies_to
        if found.verdict is Verdict.RECOMMENDED:
            assert found.candidate.evidence in {Evidence.OFFICIAL, Evidence.MIXED}
            assert not found.blockers
            assert not situation.lack & set(found.candidate.needs)
            assert (situation.applicant or Applicant.HOLDER) in to.applicants
            assert situation.product in {None, *to.products}
            assert situation.contract in {None, *to.contracts}


@given(carrier=st.sampled_from(CARRIERS), situation=situations())
def test_every_way_is_answered_with_words_and_only_one_that_is_blocked_has_blockers(
    carrier: str, situation: Situation
) -> None:
    found = ranked(CANDIDATES[carrier], situation, AT)

    assert {one.candidate.slug for one in found} == {way.slug for way in CANDIDATES[carrier]}
    assert all(one.reasons or one.blockers for one in found)
    assert all(bool(one.blockers) is (one.verdict is Verdict.BLOCKED) for one in found)


@given(carrier=st.sampled_from(CARRIERS), situation=situations(), goal=st.sampled_from(list(Goal)))
def test_who_tells_what_they_want_is_advised_on_that_where_a_way_to_it_is_for_their_case(
    carrier: str, situation: Situation, goal: Goal
) -> None:
    found = ranked(CANDIDATES[carrier], replace(situation, goal=goal), AT)
    chosen = {one.candidate.procedure.goal for one in found if one.verdict is Verdict.RECOMMENDED}

    if any(
        one.candidate.procedure.goal is goal and one.verdict is not Verdict.NOT_APPLICABLE
        for one in found
    ):
        assert chosen <= (
            {goal, Goal.RETURN_RENTAL, Goal.REQUEST_REFUND} if goal in ENDS else {goal}
        )
    elif goal not in ENDS:
        assert chosen == set()
    else:
        unasked = ranked(CANDIDATES[carrier], replace(situation, goal=None), AT)
        assert chosen == {
            one.candidate.procedure.goal for one in unasked if one.verdict is Verdict.RECOMMENDED
        }


@given(carrier=st.sampled_from(CARRIERS), situation=situations())
def test_nobody_is_sent_unasked_to_close_an_account_while_the_line_ends_otherwise(
    carrier: str, situation: Situation
) -> None:
    found = ranked(CANDIDATES[carrier], replace(situation, goal=None), AT)
    others = {
        one.candidate.procedure.goal for one in found if one.verdict is not Verdict.NOT_APPLICABLE
    } & ENDS

    if others - {Goal.CLOSE_ACCOUNT, Goal.PORT_OUT}:
        assert Goal.CLOSE_ACCOUNT not in {
            one.candidate.procedure.goal for one in found if one.verdict is Verdict.RECOMMENDED
        }


@given(carrier=st.sampled_from(CARRIERS), situation=situations())
def test_who_wants_to_keep_the_number_is_not_sent_to_lose_it(
    carrier: str, situation: Situation
) -> None:
    goals = {way.procedure.goal for way in CANDIDATES[carrier]}
    chosen = {
        one.candidate.procedure.goal
        for one in ranked(CANDIDATES[carrier], situation, AT)
        if one.verdict is Verdict.RECOMMENDED
    }

    if situation.keep_number is True and Goal.PORT_OUT in goals:
        assert chosen & ENDS <= {Goal.PORT_OUT}
    if situation.keep_number is not True and Goal.PORT_OUT in chosen:
        assert not {
            way
            for way in CANDIDATES[carrier]
            if way.procedure.goal is Goal.CANCEL_CONTRACT and way.slug in chosen
        }


@pytest.mark.parametrize("carrier", CARRIERS)
def test_asking_ends_on_every_path_after_five_questions_at_most(carrier: str) -> None:
    longest, paths = 0, [(Situation(), 0)]
    while paths:
        situation, asked = paths.pop()
        question = next_question(recommended(carrier, situation), situation, AT)
        longest = max(longest, asked)
        if question is None:
            continue
        assert not situation.knows(question.name)
        paths.extend(
            (situation.with_answer(question.name, answer), asked + 1) for answer in question.answers
        )
        paths.append((_not_known(situation, question.name), asked + 1))

    assert longest <= MOST_QUESTIONS


def test_each_situation_is_assessed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next question assesses once for each possible answer, and no situation twice."""
    assessed: list[Situation] = []

    def counted(
        candidates: Iterable[Candidate], situation: Situation, at: dt.datetime
    ) -> list[Assessment]:
        assessed.append(situation)
        return assess(candidates, situation, at)

    found = recommended("povo2", Situation())
    monkeypatch.setattr(questions, "assess", counted)

    assert next_question(found, Situation(), AT)
    assert len(assessed) == len(set(map(repr, assessed))) > 1
    assert Situation() not in assessed


def _not_known(situation: Situation, question: str) -> Situation:
    return Situation(**{**vars(situation), "unknown": situation.unknown | {question}})


@pytest.fixture
def own(own_server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=own_server) as client:
        yield client


@pytest.mark.parametrize("carrier", ["", *CARRIERS])
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
            assert body["procedures"] or body["generic"] or path[0][1] == "generic"
            assert body["why"]
            continue
        assert len(path) < 6
        assert question["question"]
        assert question["why"]
        told = [option for option in question["options"] if option["parameter"] != "unknown"]
        assert len(told) + 1 == len(question["options"])
        if question["type"] == "date":
            days = SPECS[Fact(question["fact"])].example_values(AT.date())
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
    body = get(own, "/v1/guide", carrier="generic", contract="prepaid")

    assert body["procedures"][0]["procedure"]["id"] == "let-prepaid-run-out"
    assert "recommended" not in {answer["verdict"] for answer in body["procedures"]}
    assert body["question"]["fact"] == "product"
    router = get(own, "/v1/guide", carrier="generic", contract="prepaid", product="pocket_wifi")
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

    offered = {answer["procedure"]["id"] for answer in [*body["procedures"], *body["generic"]]}
    assert "let-prepaid-run-out" not in offered
    assert offered & {"return-rental", "sister-site-return"}
    assert body["contacts"] == f"/v1/carriers/{carrier}/contacts"


def test_a_family_finds_what_to_do_with_every_company_that_bills(own: httpx.Client) -> None:
    for carrier in ("ntt-docomo", "mineo", "uq-wimax", "mobal", "generic"):
        body = get(own, "/v1/guide", carrier=carrier, applicant="heir")
        found = {
            answer["procedure"]["id"]: answer["verdict"]
            for answer in [*body["procedures"], *body["generic"]]
        }
        assert found["cancel-after-death"] == "unverified", carrier


def test_an_eight_day_scheme_that_wants_grounds_is_recommended_to_nobody(own: httpx.Client) -> None:
    for carrier in ("ntt-docomo", "au", "ymobile", "uq-mobile", "softbank", "linemo", "ahamo"):
        told = {
            "service_started_on": "2026-11-23",
            "contract_received_on": "2026-11-23",
            "contract_started_on": "2026-11-23",
        }
        used = {
            fact: day
            for fact, day in told.items()
            if own.get("/v1/guide", params={"carrier": carrier, fact: day}).status_code == 200
        }
        answers = get(
            own,
            "/v1/guide",
            carrier=carrier,
            keep_number="false",
            at="2026-11-24T10:00:00+09:00",
            **used,
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
    assert by_id["cancel-in-store-by-proxy"]["reasons"] == [
        "It is for someone who acts for the holder."
    ]


def test_of_two_dates_of_which_the_later_counts_one_alone_is_never_too_late(
    own: httpx.Client,
) -> None:
    def verdict(**told: str) -> str:
        answers = get(
            own,
            "/v1/guide",
            carrier="mineo",
            keep_number="false",
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
        == "It is to stop paying what is due; ask the company for a regular end first."
    )


def test_where_only_others_describe_the_steps_of_a_way_it_says_so(own: httpx.Client) -> None:
    def said(**told: str) -> bool:
        best = get(own, "/v1/guide", keep_number="false", **told)["procedures"][0]
        assert best["verdict"] == "recommended"
        return (
            "Only others describe its steps, not the company: what its page shows you decides."
            in best["reasons"]
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
        keep_number="false",
        service_started_on="2020-01-01",
    )["procedures"]

    assert (answers[0]["procedure"]["id"], answers[0]["verdict"]) == (
        "cancel-online",
        "recommended",
    )
    assert ("let-expire-180-days", "possible") in {
        (answer["procedure"]["id"], answer["verdict"]) for answer in answers
    }


def test_once_a_way_is_recommended_only_what_could_change_that_is_asked(own: httpx.Client) -> None:
    body = get(own, "/v1/guide", carrier="aeon-mobile", keep_number="false", location="abroad")

    assert [
        answer["procedure"]["id"]
        for answer in body["procedures"]
        if answer["verdict"] == "recommended"
    ] == ["cancel-online"]
    assert body["question"] is None


def test_a_contract_that_lapses_is_not_told_as_nothing_to_cancel(own: httpx.Client) -> None:
    answers = get(own, "/v1/guide", carrier="povo-japan-sim", plan="ordinary-povo2-0")["procedures"]

    assert (answers[0]["procedure"]["id"], answers[0]["verdict"]) == ("let-lapse", "recommended")
    assert answers[0]["reasons"][0].startswith("Nobody has to be told: the contract ends by itself")


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
            for a in get(own, "/v1/guide", carrier="uq-mobile", **told)["procedures"]
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
    assert by_id["cancel-in-store"]["blockers"] == ["It cannot be done from outside Japan."]
    assert by_id["cancel-online"]["blockers"] == [
        "What you do not have is needed: Sign-in for the account (ID and password)."
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
    assert chosen(carrier="generic", keep_number="false", product="esim", contract="postpaid") == [
        "esim-online"
    ]


def test_a_way_that_only_others_describe_is_unverified(own: httpx.Client) -> None:
    answers = get(own, "/v1/guide", carrier="mineo", keep_number="false")["procedures"]

    online = next(answer for answer in answers if answer["procedure"]["id"] == "cancel-online")
    assert online["verdict"] == "unverified"
    assert online["reasons"] == ["No page of the company confirms it; only others describe it."]


def test_the_family_of_a_holder_who_has_died_finds_its_own_way(own: httpx.Client) -> None:
    def best(**told: str) -> dict[str, Any]:
        found: dict[str, Any] = get(
            own, "/v1/guide", carrier="rakuten-mobile", keep_number="false", **told
        )["procedures"][0]
        return found

    assert best(applicant="heir")["procedure"]["id"] == "cancel-after-death-by-post"
    assert best(applicant="heir")["verdict"] == "recommended"
    assert best()["procedure"]["id"] == "cancel-online-or-app"


def test_where_nothing_fits_there_are_no_answers_but_those_for_any_company_and_why(
    own: httpx.Client,
) -> None:
    body = get(own, "/v1/guide", carrier="uq-wimax", product="esim")

    assert body["procedures"] == []
    assert "None of this company's ways fits" in body["why"]
    assert {answer["procedure"]["carrier"] for answer in body["generic"]} == {"generic"}


def test_a_company_that_no_database_can_hold_is_refused(own: httpx.Client) -> None:
    answer = own.get("/v1/guide", params={"carrier": "a\0b"})

    assert answer.status_code == 422
    assert [error["parameter"] for error in answer.json()["errors"]] == ["carrier"]


def test_moving_the_number_is_recommended_only_to_who_wants_to_keep_it(own: httpx.Client) -> None:
    def verdict_of_port_out(**told: str) -> list[str]:
        answers = get(
            own, "/v1/guide", carrier="generic", product="esim", contract="postpaid", **told
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

    assert airalo() == ([], "contract")
    assert airalo(goal="close_account")[0] == ["close-account"]
    assert airalo(goal="let_expire") == ([], "contract")
    assert airalo(goal="request_refund")[1] in {"bought_on", "problem_noticed_on"}
    first = get(own, "/v1/guide", carrier="airalo", goal="request_refund")["procedures"][0]
    assert first["procedure"]["goal"] == "request_refund"


def test_where_no_way_leads_to_what_is_wanted_it_says_so_and_advises_on_those_there_are(
    own: httpx.Client,
) -> None:
    body = get(own, "/v1/guide", carrier="airalo", contract="prepaid", goal="cancel_contract")

    assert body["why"].startswith(
        "No way of this company that fits what you told leads to what you want."
    )
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

    assert listed - offered == {
        "leave-japan",
        *(
            f"remove-esim-{phone}"
            for phone in ("iphone", "samsung", "pixel", "huawei", "honor", "android")
        ),
    }
    assert get(own, "/v1/carriers/generic/procedures/leave-japan")["supporting"] is True


def test_a_way_whose_outcome_nobody_knows_is_not_recommended(own: httpx.Client) -> None:
    answers = get(own, "/v1/guide", carrier="polaris-esim", product="esim")["procedures"]

    (unknown,) = [answer for answer in answers if answer["procedure"]["outcome"] == "unknown"]
    assert unknown["verdict"] == "unverified"
    assert "No source says what comes of it." in unknown["reasons"][0]


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


def test_where_all_is_blocked_the_answers_say_by_what_and_others_are_added(
    own: httpx.Client,
) -> None:
    body = get(own, "/v1/guide", carrier="jal-abc", location="abroad")

    assert {answer["verdict"] for answer in body["procedures"]} == {"blocked"}
    assert all(answer["blockers"] for answer in body["procedures"])
    assert body["generic"]
    assert "Something stands in the way" in body["why"]


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
        ({"have": "sim_card", "lack": "sim_card"}, "lack", "contradicts"),
        ({"rental_ends_on": "2026-11-30"}, "rental_ends_on", "not_used"),
        ({"contract_received_on": "1066-10-14"}, "contract_received_on", "too_far_away"),
        ({"contract_received_on": "soon"}, "contract_received_on", "not_a_date"),
        ({"tz": "Mars/Olympus"}, "tz", "not_a_zone"),
        ({"at": "2026-11-30T10:00:00"}, "at", "offset_missing"),
        ({"colour": "red"}, "colour", "unknown"),
    ],
)
def test_a_situation_that_cannot_be_is_refused_with_the_mend(
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
