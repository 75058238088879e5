"""Phone numbers of contacts: their formats, kind, and whether they can be dialled from abroad.

Numbers are parsed by `phonenumbers`, Google's library. Whether a Japanese number can be dialled
from outside Japan follows from its class in the numbering plan:

- The classes and their first digits (0AB0: 0120, 0170, 0180, 0570, 0800 and 0990; 00XY, which
  select a company; 1XY): Ministry of Internal Affairs and Communications,
  http://www.soumu.go.jp/joho_tsusin/top/tel_number
- Toll-free numbers cannot be reached from abroad: NTT docomo on calls from other countries,
  https://www.docomo.ne.jp/service/world/roaming/content/voice/
- Nor can 0990 and 1XY: https://appelsiini.net/keitai-l/archives/2001-01/0201.html (2001)
- Nor can 0570, so public offices give another number to callers abroad: Saitama's guide (2024),
  http://www-pref-saitama.public.ilb.jp-east-3.idcfcloud.net/a0306/seikatsuguide-text01.html
- For 0170, 0180 and 00XY this is inferred: they belong to the same domestic classes.
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
    """The kind of a phone number, which determines who pays for the call."""

    TOLL_FREE = "toll_free"
    SHARED_COST = "shared_cost"
    SHORT_CODE = "short_code"
    FIXED_LINE = "fixed_line"
    MOBILE = "mobile"
    IP_PHONE = "ip_phone"
    PREMIUM = "premium"
    OTHER = "other"


class Phone(NamedTuple):
    """A phone number in several formats."""

    e164: str | None
    """With country code (E.164). None for numbers that cannot have one."""

    national: str
    kind: PhoneKind
    tel: str
    """`tel:` URI (RFC 3966)."""

    from_abroad: Possibility
    """Whether it can be dialled from outside Japan, by the numbering plan alone."""


_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ()-]*[0-9]")
_SHORT_CODE: Final = re.compile(r"[*#]?[0-9]{3,6}")
_JAPANESE_SHORT_CODE: Final = re.compile(r"[*#1].*")
"""All Japanese short codes. Other short numbers are local numbers that lack their area code."""

_DOMESTIC: Final = re.compile(r"(?:120|170|180|570|800|990|0).*")
"""0AB0 and 00XY numbers, without their leading zero."""

_INFORMATION: Final = re.compile(r"1[78]0[0-9]{6}")
"""0170 and 0180 numbers, which the library does not recognise."""

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
    """Return the phone number, or None if the address is not exactly one valid number.

    A number without a plus sign is read as dialled inside the country (ISO 3166-1 alpha-2).
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
    if is_japanese and significant.startswith("0"):  # 00XY numbers cannot have a country code
        return Phone(None, national, kind, _local_link(significant, JAPAN), from_abroad)
    return Phone(
        phonenumbers.format_number(number, PhoneNumberFormat.E164),
        national,
        kind,
        phonenumbers.format_number(number, PhoneNumberFormat.RFC3966),
        from_abroad,
    )


def effective_from_abroad(stated: Possibility, phone: Phone | None) -> Possibility:
    """Return what the sources state or, if they state nothing, what the numbering plan implies."""
    if phone is None or stated is not Possibility.UNKNOWN:
        return stated
    return phone.from_abroad


def _short_code(address: str, country: str) -> Phone | None:
    """Return the number if it is a short code, which is dialled as is, without a country code."""
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
        # A source that prints +81 means callers abroad, which contradicts the numbering plan.
        printed_for_abroad = address.startswith("+")
        return Possibility.UNKNOWN if printed_for_abroad else Possibility.IMPOSSIBLE
    return Possibility.POSSIBLE if line in _DIALLED_FROM_ANYWHERE else Possibility.UNKNOWN


def _local_link(digits: str, country: str) -> str:
    """Return the `tel:` URI of a number that is valid only inside the country (RFC 3966, 5.1.5)."""
    return f"tel:{digits};phone-context=+{phonenumbers.country_code_for_region(country)}"
