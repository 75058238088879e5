"""Phone numbers of contacts: their forms, their kind, and whether they can be dialled from abroad.

Digits are parsed by `phonenumbers`, Google's library. Whether a Japanese number can be dialled from
outside Japan follows from its class in the numbering plan:

- The classes and their first digits (0AB0: 0120, 0170, 0180, 0570, 0800 and 0990; 00XY, which
  select a company; 1XY): Ministry of Internal Affairs and Communications,
  http://www.soumu.go.jp/joho_tsusin/top/tel_number
- Free numbers are not reached from abroad: NTT docomo on calls from other countries,
  https://www.docomo.ne.jp/service/world/roaming/content/voice/
- Nor are 0990 and 1XY: https://appelsiini.net/keitai-l/archives/2001-01/0201.html (2001)
- Nor is 0570, so public desks name another number for callers abroad: Saitama's guide (2024),
  http://www-pref-saitama.public.ilb.jp-east-3.idcfcloud.net/a0306/seikatsuguide-text01.html
- That 0170, 0180 and 00XY are not either is concluded: they are of the same domestic classes.
"""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from app.catalogue.codes import Possibility

JAPAN: Final = "JP"
_JAPAN_CODE: Final = 81


class PhoneKind(StrEnum):
    """What kind of phone number it is, which tells who pays for the call."""

    TOLL_FREE = "toll_free"
    SHARED_COST = "shared_cost"
    SHORT_CODE = "short_code"
    FIXED_LINE = "fixed_line"
    MOBILE = "mobile"
    IP_PHONE = "ip_phone"
    PREMIUM = "premium"
    OTHER = "other"


class Phone(NamedTuple):
    """A phone number in the forms that programs use."""

    e164: str | None  # None: it cannot be written with a country code
    national: str
    kind: PhoneKind
    tel: str
    from_abroad: Possibility  # by the numbering plan alone


_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ()-]*[0-9]")
_SHORT_CODE: Final = re.compile(r"[*#]?[0-9]{3,6}")
_JAPANESE_SHORT_CODE: Final = re.compile(r"[*#1].*")
"""Another short number lacks its area code: nobody could dial it from another town."""

_DOMESTIC: Final = re.compile(r"(?:120|170|180|570|800|990|0).*")
"""Without the leading zero: 0AB0 numbers of services, and 00XY numbers."""

_INFORMATION: Final = re.compile(r"1[78]0[0-9]{6}")
"""0170 and 0180, which the library does not know."""

_KINDS: Final = {
    PhoneNumberType.TOLL_FREE: PhoneKind.TOLL_FREE,
    PhoneNumberType.SHARED_COST: PhoneKind.SHARED_COST,
    PhoneNumberType.FIXED_LINE: PhoneKind.FIXED_LINE,
    PhoneNumberType.MOBILE: PhoneKind.MOBILE,
    PhoneNumberType.VOIP: PhoneKind.IP_PHONE,
    PhoneNumberType.PREMIUM_RATE: PhoneKind.PREMIUM,
}
_DIALLED_FROM_ANYWHERE: Final = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
}


@lru_cache(maxsize=1024)
def parse_phone(address: str, country: str = JAPAN) -> Phone | None:
    """Return the number, or None where the address is not exactly one number that can be dialled.

    Without a plus sign it is read as people dial it in the country.
    """
    if not address.startswith("+") and (short_code := _short_code(address, country)):
        return short_code
    number = _valid_number(address, country)
    if number is None:
        return None
    significant = phonenumbers.national_significant_number(number)
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    line = phonenumbers.number_type(number)
    is_japanese = number.country_code == _JAPAN_CODE
    kind = _kind(line, is_japanese=is_japanese)
    from_abroad = _from_abroad(address, significant, line, is_japanese=is_japanese)
    if is_japanese and significant.startswith("0"):  # 00XY: no country code goes before it
        return Phone(None, national, kind, _local_link(significant, JAPAN), from_abroad)
    return Phone(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        national,
        kind,
        phonenumbers.format_number(number, PhoneNumberFormat.RFC3966),
        from_abroad,
    )


def effective_from_abroad(stated: Possibility, phone: Phone | None) -> Possibility:
    """Return what the sources state or, where they do not, what the numbering plan says."""
    if phone is None or stated is not Possibility.UNKNOWN:
        return stated
    return phone.from_abroad


def _short_code(address: str, country: str) -> Phone | None:
    """Return the number if it is dialled as it stands and has no country code."""
    if not _SHORT_CODE.fullmatch(address):
        return None
    if country == JAPAN:
        if not _JAPANESE_SHORT_CODE.fullmatch(address):
            return None
        from_abroad = Possibility.IMPOSSIBLE
    else:
        from_abroad = Possibility.UNKNOWN
    link = _local_link(address, country)
    return Phone(None, address, PhoneKind.SHORT_CODE, link, from_abroad)


def _valid_number(address: str, country: str) -> phonenumbers.PhoneNumber | None:
    if not _NUMBER.fullmatch(address):
        return None
    try:
        number = phonenumbers.parse(address, country)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_valid_number(number) or _is_information(number):
        return number
    return None


def _is_information(number: phonenumbers.PhoneNumber) -> bool:
    return number.country_code == _JAPAN_CODE and bool(
        _INFORMATION.fullmatch(phonenumbers.national_significant_number(number))
    )


def _kind(line: int, *, is_japanese: bool) -> PhoneKind:
    if is_japanese and line == PhoneNumberType.UAN:  # 0570
        return PhoneKind.SHARED_COST
    return _KINDS.get(line, PhoneKind.OTHER)


def _from_abroad(address: str, significant: str, line: int, *, is_japanese: bool) -> Possibility:
    if is_japanese and _DOMESTIC.fullmatch(significant):
        # A source that prints +81 before such a number speaks to callers abroad, against the plan.
        printed_for_abroad = address.startswith("+")
        return Possibility.UNKNOWN if printed_for_abroad else Possibility.IMPOSSIBLE
    return Possibility.POSSIBLE if line in _DIALLED_FROM_ANYWHERE else Possibility.UNKNOWN


def _local_link(digits: str, country: str) -> str:
    """Return the link of a number that holds only inside the country (RFC 3966, 5.1.5)."""
    return f"tel:{digits};phone-context=+{phonenumbers.country_code_for_region(country)}"
