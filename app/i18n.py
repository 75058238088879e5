"""The languages of the service: negotiation (BCP 47, RFC 4647) and localized text.

Which languages there are, and which of them are complete: docs/decisions/0016.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NewType, cast

import langcodes
from fastapi import Depends, Header, Query, Request, Response
from langcodes.data_dicts import MACROLANGUAGES
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import CoreSchema, core_schema

from app.http.field_values import weighted

LOCALES: Final = Path(__file__).parent / "messages" / "locale"
"""The texts of the service: the English template, and a folder for each other language."""

COMPLETE_LANGUAGES: Final = ("en", "ja", "zh-Hans")
"""Languages in which every text exists: `make check` requires it of messages and catalogue."""

_ENGLISH: Final = COMPLETE_LANGUAGES[0]

_FOLDERS: Final = frozenset(path.name for path in LOCALES.iterdir() if path.is_dir())

# Complete languages come first: a client that takes any language gets one of them.
_TAGS: Final = (*COMPLETE_LANGUAGES, *sorted(_FOLDERS.difference(COMPLETE_LANGUAGES)))

if TYPE_CHECKING:
    Language = NewType("Language", str)
else:
    # The set is read from the folders: a type checker cannot know it, Pydantic and the contract do.
    Language = Literal[_TAGS]
    """A language of the service, as a BCP 47 tag."""

LANGUAGES: Final = cast("tuple[Language, ...]", _TAGS)
"""The languages that can be asked for; `*` of Accept-Language prefers those in front."""

DEFAULT_LANGUAGE: Final = LANGUAGES[0]


class LocalizedText(dict[str, str]):
    """One text by BCP 47 tag. In a language that it lacks, it is the English one."""

    def __missing__(self, language: str) -> str:
        """Return the English text."""
        if language == _ENGLISH:
            raise KeyError(language)
        return self[_ENGLISH]

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Accept a mapping that has the text in all `COMPLETE_LANGUAGES`, and maybe in more."""
        mapping = handler.generate_schema(dict[str, str])
        return core_schema.no_info_after_validator_function(_check_languages, mapping)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the mapping."""
        text = {"type": "string", "minLength": 1}
        return {
            "type": "object",
            "description": "One text in every language of the service; more languages are welcome.",
            "properties": dict.fromkeys(COMPLETE_LANGUAGES, text),
            "required": list(COMPLETE_LANGUAGES),
            "additionalProperties": text,
        }


def _check_languages(text: dict[str, str]) -> LocalizedText:
    missing = [language for language in COMPLETE_LANGUAGES if not text.get(language, "").strip()]
    if missing:
        raise ValueError(f"the text is missing in {', '.join(missing)}")
    unknown = [tag for tag in text if not _is_tag(tag)]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is not a BCP 47 language tag")
    return LocalizedText((tag, words.strip()) for tag, words in text.items())


@lru_cache(maxsize=256)
def _is_tag(text: str) -> bool:
    return langcodes.tag_is_valid(text)


def content_language(language: Language) -> str:
    """Return the Content-Language of an answer (RFC 9110 section 8.5).

    Of a language that is not complete, some texts are English: the header names both.
    """
    return language if language in COMPLETE_LANGUAGES else f"{language}, {_ENGLISH}"


_LONGEST_TAG: Final = 64
_LONGEST_READ: Final = 1024
"""Characters of an Accept-Language header that count."""

_LONGEST_REMEMBERED: Final = 256
"""Characters; longer headers are parsed each time, so that nobody can fill the memory with them."""


def supported(tag: str) -> Language | None:
    """Return the language of the service that a reader of this BCP 47 tag can use, if any.

    Only the language itself decides, not script or region (RFC 4647 section 3.4): a reader of
    Traditional Chinese is better served by Simplified Chinese than by English. The languages of a
    macrolanguage (ISO 639-3) count as it: readers of Cantonese (`yue`) or Hakka (`hak`) read
    written Chinese.
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
    language = next((tag for tag in LANGUAGES if tag.partition("-")[0] == primary), None)
    return normal, language


def negotiate(accept_language: str | None) -> Language:
    """Return the language that an Accept-Language header prefers, or English.

    RFC 9110 section 12.5.4: of several languages of the same weight the first one wins, `*` means
    all that the header does not name, and a language with the weight 0 is chosen only when all
    have it.
    """
    value = (accept_language or "")[:_LONGEST_READ]
    return _negotiate(value) if len(value) <= _LONGEST_REMEMBERED else _negotiate.__wrapped__(value)


@lru_cache(maxsize=1024)
def _negotiate(value: str) -> Language:
    wishes: dict[Language, tuple[float, int]] = {}  # weight, and earlier positions before later
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
    not_refused = (language for language in LANGUAGES if language not in refused and none_named)
    return next(not_refused, DEFAULT_LANGUAGE)


def _to_supported(tag: object) -> object:
    return (supported(tag) or tag) if isinstance(tag, str) else tag


LanguageTag = Annotated[Language, BeforeValidator(_to_supported)]
"""A language by any tag that finds it: `zh`, `zh-CN`, `zh-TW` and `yue` are all `zh-Hans`."""


class ReadQuery(BaseModel):
    """The query of every read; unknown names are refused, not ignored."""

    model_config = ConfigDict(extra="forbid")

    lang: LanguageTag | None = Field(
        default=None,
        description="Language of the texts; wins over Accept-Language. Any BCP 47 tag of the three "
        "is understood: `zh-TW` finds `zh-Hans`.",
    )


def language_of(request: Request) -> Language:
    """Return the language of an answer to this request: `lang` wins, then Accept-Language."""
    return supported(request.query_params.get("lang", "")) or negotiate(
        ",".join(request.headers.getlist("accept-language"))
    )


async def _choose_language(
    request: Request,
    response: Response,
    accept_language: Annotated[  # noqa: ARG001 - declared for the contract; `language_of` reads it
        str | None,
        Header(description="Languages you read, by preference (RFC 9110). `lang` wins over it."),
    ] = None,
) -> Language:
    language = language_of(request)
    response.headers["Content-Language"] = content_language(language)
    return language


ChosenLanguage = Annotated[Language, Depends(_choose_language)]
"""The language of the answer; the answer says so in Content-Language."""

OnlyLanguage = Annotated[ReadQuery, Query()]
"""The query of a read that takes nothing but the language."""
