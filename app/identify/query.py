"""The clues of a request. Values that identify one person or card are refused.

A refused value is neither echoed nor stored. It can be a whole SIM number, EID or IMSI, or an
activation code.
"""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from app.catalogue.identification import IdentificationDocument
from app.i18n import Language
from app.identify.identification import Clues
from app.problems.base import InvalidRequest
from app.problems.validation import mistake

_MOST_ICCID_DIGITS: Final = 7
"""An issuer's number has at most seven digits (ITU-T E.118). Further digits identify one card."""

_MOST_NETWORK_DIGITS: Final = 6
"""MCC and MNC have at most six digits (ITU-T E.212). Further digits identify one subscriber."""

_LONGEST_NUMBER: Final = 7
_ACTIVATION_CODE: Final = re.compile(r"lpa:|\$", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d(?:[\s-]?\d)*")
_HOST: Final = re.compile(r"(?=.{4,120}$)[a-z0-9-]+(\.[a-z0-9-]+)+\.?", re.IGNORECASE)
_NETWORK_CODE: Final = re.compile(r"\d{3}[ -]?\d{2,3}")


def _refuse(kind: str) -> None:
    raise PydanticCustomError(kind, "refused")


def _digits(text: str) -> str:
    return re.sub(r"[\s-]", "", text)


def _iccid_prefix(text: str) -> str:
    digits = _digits(text)
    if len(digits) > _MOST_ICCID_DIGITS:
        _refuse("must_not_be_sent")
    if not re.fullmatch(r"89[0-9]{2,5}", digits):
        _refuse("not_an_iccid_prefix")
    return digits


def _network_code(text: str) -> str:
    if len(_digits(text)) > _MOST_NETWORK_DIGITS:
        _refuse("must_not_be_sent")
    if not _NETWORK_CODE.fullmatch(text.strip()):
        _refuse("not_a_network_code")
    return text.strip()


def _host(text: str) -> str:
    if _ACTIVATION_CODE.search(text):
        _refuse("must_not_be_sent")
    if not _HOST.fullmatch(text.strip()):
        _refuse("not_a_host")
    return text.strip()


def _words(text: str) -> str:
    longest = max((len(_digits(number)) for number in _NUMBER.findall(text)), default=0)
    if _ACTIVATION_CODE.search(text) or "@" in text or longest > _LONGEST_NUMBER:
        _refuse("must_not_be_sent")
    return text


def _access_point(text: str) -> str:
    return _words(text).strip().lower()


class IdentifyRequest(BaseModel):
    """Clues from the phone or the order, all optional.

    They are sent in the body, not in the URL, so that access logs do not contain them.
    """

    model_config = ConfigDict(
        extra="forbid",
        str_max_length=200,
        json_schema_extra={"examples": [{"apn": "mineo-d.jp", "visited_network": "NTT DOCOMO"}]},
    )

    iccid_prefix: Annotated[str, AfterValidator(_iccid_prefix)] | None = Field(
        default=None,
        description="First four to seven digits of the SIM number (ICCID), never the whole number.",
        examples=["8985207"],
    )
    sim_network: Annotated[str, AfterValidator(_network_code)] | None = Field(
        default=None,
        description="MCC-MNC of the SIM itself, never the whole IMSI.",
        examples=["454-07"],
    )
    visited_network: Annotated[str, AfterValidator(_words)] | None = Field(
        default=None,
        description="Network that the phone shows: its name or its MCC-MNC.",
        examples=["SoftBank"],
    )
    apn: Annotated[str, AfterValidator(_access_point)] | None = Field(
        default=None, description="Access point name.", examples=["mineo.jp"]
    )
    apn_username: str | None = Field(
        default=None,
        description="User name of the access point. It is only compared with published names that "
        "all customers of a brand share; any other is ignored.",
        examples=["mineo@k-opti.com"],
    )
    smdp_host: Annotated[str, AfterValidator(_host)] | None = Field(
        default=None,
        description="Host name of the eSIM server (SM-DP+), never the activation code.",
        examples=["rsp-eu.redteamobile.com"],
    )
    words: list[Annotated[str, AfterValidator(_words)]] = Field(
        default=[],
        max_length=10,
        description="Names on the order, on the package or in the app.",
        examples=[["Japan Travel SIM"]],
    )

    def clues(self) -> Clues:
        """Return the clues for matching."""
        return Clues(**{**dict(self), "words": tuple(self.words)})


def refuse_eid(
    clues: IdentifyRequest, document: IdentificationDocument, language: Language
) -> None:
    """Raise `InvalidRequest` if the ICCID prefix is that of an EID, which also begins with 89."""
    if clues.iccid_prefix in document.eid_prefixes:
        raise InvalidRequest(errors=[mistake("looks_like_an_eid", "iccid_prefix", language)])
