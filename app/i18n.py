"""The languages of the service: negotiation (BCP 47, RFC 4647) and localized text."""

from functools import lru_cache
from typing import Annotated, Final, Literal, get_args

import langcodes
from fastapi import Depends, Header, Query, Request, Response
from langcodes.data_dicts import MACROLANGUAGES
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from app.http.field_values import weighted

Language = Literal["en", "ja", "zh-Hans"]
"""A language every text of the service exists in."""

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT_LANGUAGE: Final[Language] = "en"


def _complete(text: dict[str, str]) -> dict[str, str]:
    missing = [language for language in LANGUAGES if not text.get(language, "").strip()]
    if missing:
        raise ValueError(f"the text is missing in {', '.join(missing)}")
    unknown = [tag for tag in text if not _is_tag(tag)]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is not a BCP 47 language tag")
    return {tag: words.strip() for tag, words in text.items()}


@lru_cache(maxsize=256)
def _is_tag(text: str) -> bool:
    return langcodes.tag_is_valid(text)


LocalizedText = Annotated[
    dict[str, str],
    AfterValidator(_complete),
    WithJsonSchema(
        {
            "type": "object",
            "description": "The same text in every language of the service; further languages are welcome.",
            "properties": {language: {"type": "string", "minLength": 1} for language in LANGUAGES},
            "required": list(LANGUAGES),
            "additionalProperties": {"type": "string", "minLength": 1},
        }
    ),
]
"""A text in all of `LANGUAGES`, and maybe more, by BCP 47 tag."""


_LONGEST_TAG: Final = 64
_LONGEST_READ: Final = 1024
"""Characters of an Accept-Language header that count."""

_LONGEST_REMEMBERED: Final = 256
"""Characters; longer headers are read each time, so that nobody can fill the memory with them."""


def supported(tag: str) -> Language | None:
    """Return the language of the service that a reader of this BCP 47 tag can use, if any.

    Only the language itself decides, not script or region (RFC 4647 section 3.4): a reader of Traditional
    Chinese is better served by Simplified Chinese than by English. The languages of a macrolanguage
    (ISO 639-3) count as it: readers of Cantonese (`yue`) or Hakka (`hak`) read written Chinese.
    """
    return _read(tag)[1] if len(tag) <= _LONGEST_TAG else None


@lru_cache(maxsize=1024)
def _read(tag: str) -> tuple[str, Language | None]:
    """Return the normal form of a tag, and the language of the service for it."""
    try:
        normal = langcodes.standardize_tag(tag, macro=True)
        primary = langcodes.Language.get(normal).language or ""
    except ValueError:  # langcodes.LanguageTagError is one
        return tag, None
    primary = MACROLANGUAGES.get(primary, primary)
    return normal, next((each for each in LANGUAGES if each.partition("-")[0] == primary), None)


def negotiate(accept_language: str | None) -> Language:
    """Return the language that an Accept-Language header prefers; English when none of ours is named.

    RFC 9110 section 12.5.4: of several languages of the same weight the first named wins, `*` stands for those
    that are not named, and a language with the weight 0 is given only when all have it.
    """
    value = (accept_language or "")[:_LONGEST_READ]
    return _negotiate(value) if len(value) <= _LONGEST_REMEMBERED else _negotiate.__wrapped__(value)


@lru_cache(maxsize=1024)
def _negotiate(value: str) -> Language:
    wishes: dict[Language, tuple[float, int]] = {}
    refused: set[Language] = set()
    others: tuple[float, int] | None = None
    for position, (tag, weight) in enumerate(weighted(value)):
        if tag == "*":
            others = others or (weight, -position)
            continue
        normal, language = _read(tag) if len(tag) <= _LONGEST_TAG else (tag, None)
        if language is None:
            continue
        if weight > 0:
            wishes[language] = max(wishes.get(language, (0.0, 0)), (weight, -position))
        elif language == normal or language.startswith(f"{normal}-"):
            # `en-GB;q=0` refuses British English, not the English of the service.
            refused.add(language)
    if others is not None:
        for language in LANGUAGES:
            if language not in refused:
                wishes.setdefault(language, others)
    acceptable = [language for language in LANGUAGES if wishes.get(language, (0.0,))[0] > 0]
    if acceptable:
        return max(acceptable, key=lambda language: wishes[language])
    none_named = others is None or others[0] > 0
    return next(
        (each for each in LANGUAGES if each not in refused and none_named), DEFAULT_LANGUAGE
    )


def _to_supported(tag: object) -> object:
    return (supported(tag) or tag) if isinstance(tag, str) else tag


LanguageTag = Annotated[Language, BeforeValidator(_to_supported)]
"""A language asked for by any tag that finds it: `zh`, `zh-CN`, `zh-TW` and `yue` are all `zh-Hans`."""


class ReadQuery(BaseModel):
    """The query of every read; unknown names are refused, not ignored."""

    model_config = ConfigDict(extra="forbid")

    lang: LanguageTag | None = Field(
        default=None,
        description="Language of the texts; wins over Accept-Language. Any BCP 47 tag of the three is understood: `zh-TW` finds `zh-Hans`.",
    )


def language_of(request: Request) -> Language:
    """Return the language of an answer to this request: `lang` wins, then Accept-Language."""
    return supported(request.query_params.get("lang", "")) or negotiate(
        ",".join(request.headers.getlist("accept-language"))
    )


async def _chosen(
    request: Request,
    response: Response,
    accept_language: Annotated[  # noqa: ARG001 - declared for the contract; `language_of` reads it
        str | None,
        Header(description="Languages you read, by preference (RFC 9110). `lang` wins over it."),
    ] = None,
) -> Language:
    language = language_of(request)
    response.headers["Content-Language"] = language
    return language


ChosenLanguage = Annotated[Language, Depends(_chosen)]
"""The language of the answer; the answer says so in Content-Language."""

OnlyLanguage = Annotated[ReadQuery, Query()]
"""The query of a read that takes nothing but the language."""
