"""Clues as clients send them: what is refused, and that nothing personal is echoed or logged."""

import httpx
import pytest

from app.i18n import DEFAULT_LANGUAGE
from app.identify.identification import Clues
from app.identify.query import IdentifyRequest, refuse_eid
from app.problems.base import InvalidRequest
from tests.support import companies


@pytest.mark.parametrize(
    ("clues", "secret"),
    [
        ({"iccid_prefix": "8981100023456789012"}, "8981100023456789012"),
        ({"sim_network": "440101234567890"}, "440101234567890"),
        ({"smdp_host": "LPA:1$rsp.example.com$SECRET-CODE"}, "SECRET-CODE"),
        ({"words": ["my number is 090-1234-5678"]}, "5678"),
        ({"words": ["LPA:1$rsp.example.com$SECRET-CODE"]}, "SECRET-CODE"),
        ({"apn": "someone@example.com"}, "someone"),
    ],
)
def test_a_personal_clue_is_refused_and_not_echoed(
    client: httpx.Client,
    clues: dict[str, object],
    secret: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A whole SIM number, IMSI, phone number, code or address is in no response and no log."""
    answer = client.post("/v1/identify", json=clues)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "must_not_be_sent"
    assert secret not in answer.text
    written = capfd.readouterr()
    assert secret not in written.out + written.err


@pytest.mark.parametrize(
    ("clues", "code"),
    [
        ({"iccid_prefix": "8881100"}, "not_an_iccid_prefix"),
        ({"iccid_prefix": "89"}, "not_an_iccid_prefix"),
        ({"sim_network": "docomo"}, "not_a_network_code"),
        ({"smdp_host": "no host"}, "not_a_host"),
        ({"words": ["a"] * 11}, "too_many"),
        ({"colour": "red"}, "unknown"),
    ],
)
def test_a_malformed_clue_is_refused(
    client: httpx.Client, clues: dict[str, object], code: str
) -> None:
    """A clue of another form is refused with the code of its mistake."""
    answer = client.post("/v1/identify", json=clues)

    assert answer.status_code == 422
    assert [error["code"] for error in answer.json()["errors"]] == [code]


def test_the_beginning_of_an_eid_is_refused() -> None:
    """Digits that begin a phone's EID are not taken for those of a SIM, which begin with 89 too."""
    request = IdentifyRequest.model_validate({"iccid_prefix": "8904903"})

    with pytest.raises(InvalidRequest) as refused:
        refuse_eid(request, companies.identification(), DEFAULT_LANGUAGE)
    (error,) = refused.value.errors
    assert (error.pointer, error.code) == ("/iccid_prefix", "looks_like_an_eid")


def test_spaces_and_case_are_normalized() -> None:
    """Separators in digits, and spaces and case of an access point, are removed."""
    request = IdentifyRequest.model_validate(
        {"iccid_prefix": "8981 100", "sim_network": " 440-10 ", "apn": " Shared.Example "}
    )

    assert request.clues() == Clues(
        iccid_prefix="8981100", sim_network="440-10", apn="shared.example"
    )


def test_an_unknown_user_name_is_not_echoed(client: httpx.Client) -> None:
    """A user name that is not published is in no part of the response."""
    answer = client.post(
        "/v1/identify", json={"apn": "internet.example", "apn_username": "private-person-1234"}
    )

    assert answer.status_code == 200
    assert "private-person" not in answer.text


def test_a_response_is_not_stored_by_caches(client: httpx.Client) -> None:
    """The response to clues is `no-store`, and nothing is identified without any."""
    answer = client.post("/v1/identify", json={})

    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["state"] == "not_identified"
