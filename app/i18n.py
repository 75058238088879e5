"""The languages of the service: negotiation (BCP 47, RFC 4647) and localized text.

Complete and incomplete languages: docs/decisions/0016.
"""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NamedTuple, NewType, cast

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
"""Languages in which `make check` requires every text of messages and catalogue."""

_ENGLISH: Final = COMPLETE_LANGUAGES[0]

_FOLDERS: Final = frozenset(path.name for path in LOCALES.iterdir() if path.is_dir())

# Complete languages come first: a client that takes any language gets one of them.
_TAGS: Final = (*COMPLETE_LANGUAGES, *sorted(_FOLDERS.difference(COMPLETE_LANGUAGES)))

if TYPE_CHECKING:
    Language = NewType("Language", str)
else:
    # The folders define the set at run time, for Pydantic and the contract. A type checker cannot
    # know it.
    Language = Literal[_TAGS]
    """A language of the service, as a BCP 47 tag."""

LANGUAGES: Final = cast("tuple[Language, ...]", _TAGS)
"""All languages of the service. `*` in Accept-Language selects the first that is acceptable."""

DEFAULT_LANGUAGE: Final = LANGUAGES[0]


class LocalizedText(dict[str, str]):
    """One text by BCP 47 tag. A missing language has the English text."""

    def __missing__(self, language: str) -> str:
        """Return the English text."""
        if language == _ENGLISH:
            raise KeyError(language)
        return self[_ENGLISH]

    @classmethod
    def __get_pydantic_core_schema__(
        cls, _source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Accept a mapping with the text in all `COMPLETE_LANGUAGES` and any further languages."""
        mapping = handler.generate_schema(dict[str, str])
        return core_schema.no_info_after_validator_function(_check_languages, mapping)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Return the JSON Schema of the mapping."""
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
    """Return the Content-Language of a response (RFC 9110 section 8.5).

    In an incomplete language some texts are English, so the header lists both: `vi, en`.
    """
    return language if language in COMPLETE_LANGUAGES else f"{language}, {_ENGLISH}"


_LONGEST_TAG: Final = 64
"""Characters of a language tag; longer tags match no language."""

_LONGEST_READ: Final = 1024
"""Characters of an Accept-Language header that are read."""

_LONGEST_CACHED: Final = 256
"""Characters of a header. Results for longer headers are not cached, to bound the memory."""


def supported(tag: str) -> Language | None:
    """Return the language of the service that a reader of this BCP 47 tag can use, if any.

    Script and region are ignored (RFC 4647 section 3.4): a reader of Traditional Chinese is better
    served by Simplified Chinese than by English. A language of a macrolanguage (ISO 639-3) counts
    as the macrolanguage: readers of Cantonese (`yue`) or Hakka (`hak`) read written Chinese.
    """
    return _parse(tag)[1] if len(tag) <= _LONGEST_TAG else None


@lru_cache(maxsize=1024)
def _parse(tag: str) -> tuple[str, Language | None]:
    """Return the standard form of a tag, and the language of the service for it."""
    try:
        standard_tag = langcodes.standardize_tag(tag, macro=True)
        primary = langcodes.Language.get(standard_tag).language or ""
    except ValueError:  # langcodes.LanguageTagError is one
        return tag, None
    primary = MACROLANGUAGES.get(primary, primary)
    language = next((tag for tag in LANGUAGES if tag.partition("-")[0] == primary), None)
    return standard_tag, language


def negotiate(accept_language: str | None) -> Language:
    """Return the language that an Accept-Language header prefers, or English.

    Rules of RFC 9110 section 12.5.4:

    - Among languages of the same weight, the first in the header wins.
    - `*` stands for all languages that the header does not list.
    - A language with the weight 0 is chosen only if all languages have it.
    """
    value = (accept_language or "")[:_LONGEST_READ]
    return _negotiate(value) if len(value) <= _LONGEST_CACHED else _negotiate.__wrapped__(value)


class _Preference(NamedTuple):
    """How much a header prefers a language; the greater one wins."""

    weight: float
    order: int
    """The negative position in the header: among equal weights the first is the greatest."""


@lru_cache(maxsize=1024)
def _negotiate(value: str) -> Language:
    preferences: dict[Language, _Preference] = {}
    refused: set[Language] = set()
    wildcard: _Preference | None = None
    for position, (tag, weight) in enumerate(weighted(value)):
        preference = _Preference(weight, -position)
        if tag == "*":
            wildcard = wildcard or preference
            continue
        standard_tag, language = _parse(tag) if len(tag) <= _LONGEST_TAG else (tag, None)
        if language is None:
            continue
        if weight > 0:
            preferences[language] = max(preferences.get(language, preference), preference)
        elif language == standard_tag or language.startswith(f"{standard_tag}-"):
            # `en-GB;q=0` refuses British English, not the English of the service.
            refused.add(language)
    not_refused = [language for language in LANGUAGES if language not in refused]
    if wildcard is not None and wildcard.weight > 0:
        preferences = dict.fromkeys(not_refused, wildcard) | preferences
    if preferences:
        return max(preferences, key=lambda language: preferences[language])
    # Without `*`, a language that the header does not list is better than a refused one.
    return not_refused[0] if wildcard is None and not_refused else DEFAULT_LANGUAGE


def _to_supported(tag: object) -> object:
    return (supported(tag) or tag) if isinstance(tag, str) else tag


LanguageTag = Annotated[Language, BeforeValidator(_to_supported)]
"""A language, given by any tag that `supported` accepts: `zh-TW` and `yue` become `zh-Hans`."""


class ReadQuery(BaseModel):
    """The query of every read; unknown parameters are refused, not ignored."""

    model_config = ConfigDict(extra="forbid")

    lang: LanguageTag | None = Field(
        default=None,
        description="Language of the texts; overrides Accept-Language. Any BCP 47 tag of a "
        "supported language is accepted: `zh-TW` selects `zh-Hans`.",
    )


def language_of(request: Request) -> Language:
    """Return the language of the response: `lang`, else the best of Accept-Language."""
    return supported(request.query_params.get("lang", "")) or negotiate(
        ",".join(request.headers.getlist("accept-language"))
    )


async def _choose_language(
    request: Request,
    response: Response,
    accept_language: Annotated[  # noqa: ARG001 - declared for the contract; `language_of` reads it
        str | None,
        Header(description="Languages you read, by preference (RFC 9110). `lang` overrides it."),
    ] = None,
) -> Language:
    language = language_of(request)
    response.headers["Content-Language"] = content_language(language)
    return language


ChosenLanguage = Annotated[Language, Depends(_choose_language)]
"""The language of the response. The dependency also sets Content-Language."""

OnlyLanguage = Annotated[ReadQuery, Query()]
"""The query of a read whose only parameter is the language."""
