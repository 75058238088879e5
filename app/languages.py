"""The languages of the service: negotiation (BCP 47, RFC 4647) and localized text."""

from functools import lru_cache
from typing import Annotated, Final, Literal, get_args

import langcodes
from fastapi import Depends, Header, Request, Response
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

Language = Literal["en", "ja", "zh-Hans"]
"""A language every text of the service exists in."""

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
DEFAULT_LANGUAGE: Final[Language] = "en"


def _complete(text: dict[str, str]) -> dict[str, str]:
    missing = [language for language in LANGUAGES if not text.get(language, "").strip()]
    if missing:
        message = f"the text is missing in {', '.join(missing)}"
        raise ValueError(message)
    unknown = [tag for tag in text if not _is_tag(tag)]
    if unknown:
        message = f"{', '.join(unknown)} is not a BCP 47 language tag"
        raise ValueError(message)
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


@lru_cache(maxsize=1024)
def supported(tag: str) -> Language | None:
    """Return the language of the service that a reader of this BCP 47 tag can use, if any.

    Only the language itself decides, not script or region (RFC 4647 section 3.4): who reads
    Traditional Chinese is better served by Simplified Chinese than by English.
    """
    try:
        wanted = langcodes.Language.get(langcodes.standardize_tag(tag, macro=True)).language
    except ValueError:  # langcodes.LanguageTagError is one
        return None
    return next((language for language in LANGUAGES if language.partition("-")[0] == wanted), None)


@lru_cache(maxsize=1024)
def negotiate(accept_language: str | None) -> Language:
    """Return the language that an Accept-Language header asks for, by descending weight; English when none fits.

    RFC 9110 section 12.5.4 for the header, RFC 4647 for the matching.
    """
    wishes: list[tuple[float, int, str]] = []
    for position, part in enumerate((accept_language or "").split(",")[:32]):
        tag, _, parameters = part.strip().partition(";")
        weight = _weight(parameters)
        if tag and weight > 0:
            wishes.append((-weight, position, tag.strip()))
    for _, _, tag in sorted(wishes):
        if tag == "*":
            return DEFAULT_LANGUAGE
        language = supported(tag)
        if language:
            return language
    return DEFAULT_LANGUAGE


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0


def _to_supported(tag: object) -> object:
    return (supported(tag) or tag) if isinstance(tag, str) else tag


LanguageTag = Annotated[Language, BeforeValidator(_to_supported)]
"""A language asked for by any tag that finds it: `zh`, `zh-CN` and `zh-TW` are all `zh-Hans`."""


class ReadQuery(BaseModel):
    """The query of every read; unknown names are refused, not ignored."""

    model_config = ConfigDict(extra="forbid")

    lang: LanguageTag | None = Field(
        default=None,
        description="Language of the texts; wins over Accept-Language. Any BCP 47 tag of the three is understood: `zh-TW` finds `zh-Hans`.",
    )


def language_of(request: Request) -> Language:
    """Return the language of an answer to this request: `lang` wins, then Accept-Language."""
    return supported(request.query_params.get("lang", "")) or negotiate(request.headers.get("accept-language"))


async def _chosen(
    request: Request,
    response: Response,
    accept_language: Annotated[  # noqa: ARG001 - declared for the contract; `language_of` reads it
        str | None, Header(description="Languages you read, by preference (RFC 9110). `lang` wins over it.")
    ] = None,
) -> Language:
    language = language_of(request)
    response.headers["Content-Language"] = language
    return language


ChosenLanguage = Annotated[Language, Depends(_chosen)]
"""The language of the answer; the answer says so in Content-Language."""
