"""What every kind of problem means: the addresses that the `type` of a problem document names."""

import difflib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any, ClassVar, Final

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from app.http.cache.policy import uncacheable
from app.http.rate_limit.policy import Count, counted
from app.i18n import ChosenLanguage, Language, ReadQuery
from app.links import problem_url
from app.problems.base import Problem, Words, json_example, problem_responses, problem_types
from app.problems.explanations import EXPLANATIONS
from app.routes import Route
from app.web.accept import prefers_html
from app.web.pages import page

router = APIRouter(prefix="/problems", tags=["service"], route_class=Route)

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {"all": "Problems", "cause": "When it occurs", "fix": "What to do"},
    "ja": {"all": "問題の一覧", "cause": "起こる場合", "fix": "対処方法"},
    "zh-Hans": {"all": "问题列表", "cause": "何时出现", "fix": "如何处理"},
}

_HEADERS: Final = {"Cache-Control": "public, max-age=3600", "Vary": "Accept, Accept-Language"}
"""The texts belong to the version of the service, not to an edition of the catalogue."""


class ProblemNotFound(Problem):
    """No kind of problem has this code; `closest` is the nearest code, when one is near."""

    slug = "problem-not-found"
    status = HTTPStatus.NOT_FOUND
    title: ClassVar[Words] = {
        "en": "Unknown problem",
        "ja": "その問題はありません",
        "zh-Hans": "没有该问题",
    }
    detail: ClassVar[Words] = {
        "en": "No problem has the code {code}. GET /problems lists them all.",
        "ja": "{code} というコードの問題はありません。一覧は GET /problems にあります。",
        "zh-Hans": "没有代码为 {code} 的问题。完整列表见 GET /problems。",
    }


class ProblemBriefOut(BaseModel):
    """A kind of problem in a list."""

    code: str = Field(description="The kind of problem, for programs.")
    status: int = Field(description="The HTTP status that it comes with.")
    title: str = Field(description="What it is.")
    url: str = Field(description="Address of its explanation; the `type` of its documents.")


class ProblemsOut(BaseModel):
    """Every kind of problem."""

    language: Language = Field(description="Language of the texts.")
    items: list[ProblemBriefOut] = Field(description="By code.")


class ProblemExplanationOut(ProblemBriefOut):
    """A kind of problem explained."""

    language: Language = Field(description="Language of the texts.")
    cause: str = Field(description="When it occurs.")
    fix: str = Field(description="What to do about it.")


_EXAMPLE: Final[dict[str, Any]] = {
    "code": "carrier-not-found",
    "status": 404,
    "title": "Carrier not found",
    "url": "/problems/carrier-not-found",
}
EXAMPLE_OF_ALL: Final[dict[str, Any]] = {"language": "en", "items": [_EXAMPLE]}
EXAMPLE: Final[dict[str, Any]] = {
    **_EXAMPLE,
    "language": "en",
    "cause": EXPLANATIONS["carrier-not-found"].cause["en"],
    "fix": EXPLANATIONS["carrier-not-found"].fix["en"],
}


@router.get("", response_model=ProblemsOut, responses=json_example(EXAMPLE_OF_ALL))
@uncacheable
@counted(Count.NEVER)
async def list_problems(
    request: Request, _query: Annotated[ReadQuery, Query()], language: ChosenLanguage
) -> Response:
    """Return every kind of problem that an answer can be. A browser gets a page, everything else JSON."""
    out = ProblemsOut(language=language, items=[_brief(kind, language) for kind in problem_types()])
    if prefers_html(request.scope):
        title = _WORDS[language]["all"]
        return page(
            "explanations.html",
            language,
            headers=_HEADERS,
            title=title,
            heading="Kaiyaku",
            items=out.items,
        )
    return JSONResponse(
        out.model_dump(mode="json"), headers={**_HEADERS, "Content-Language": language}
    )


@router.get(
    "/{code}",
    response_model=ProblemExplanationOut,
    responses=json_example(EXAMPLE) | problem_responses(ProblemNotFound),
)
@uncacheable
@counted(Count.NEVER)
async def get_problem(
    code: Annotated[
        str, Path(max_length=64, description="Code of the problem.", examples=["carrier-not-found"])
    ],
    request: Request,
    _query: Annotated[ReadQuery, Query()],
    language: ChosenLanguage,
) -> Response:
    """Return what a kind of problem means and what to do about it. A browser gets a page, everything else JSON."""
    by_code = {kind.slug: kind for kind in problem_types()}
    if code not in by_code:
        closest = next(iter(difflib.get_close_matches(code, by_code, 1)), None)
        raise ProblemNotFound(code=code, members={"closest": closest})
    explanation = EXPLANATIONS[code]
    out = ProblemExplanationOut(
        **_brief(by_code[code], language).model_dump(),
        language=language,
        cause=explanation.cause[language],
        fix=explanation.fix[language],
    )
    if prefers_html(request.scope):
        content = out.model_dump(include={"title", "cause", "fix"})
        heading, words = f"{out.status} {code}", _WORDS[language]
        return page(
            "explanation.html", language, headers=_HEADERS, heading=heading, words=words, **content
        )
    return JSONResponse(
        out.model_dump(mode="json"), headers={**_HEADERS, "Content-Language": language}
    )


def _brief(kind: type[Problem], language: Language) -> ProblemBriefOut:
    return ProblemBriefOut(
        code=kind.slug, status=kind.status, title=kind.title[language], url=problem_url(kind.slug)
    )
