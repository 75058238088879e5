"""The routes that explain kinds of problems: `type` of a problem document links to them."""

import difflib
from http import HTTPStatus
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from app.http.cache.policy import uncacheable
from app.http.rate_limit.policy import Count, counted
from app.i18n import DEFAULT_LANGUAGE, ChosenLanguage, Language, ReadQuery, content_language
from app.links import problem_url
from app.messages.loader import problem_text, translate
from app.problems.base import Problem, json_example, problem_responses, problem_types
from app.routes import Route
from app.web.accept import prefers_html
from app.web.pages import page

router = APIRouter(prefix="/problems", tags=["service"], route_class=Route)

_HEADERS: Final = {"Cache-Control": "public, max-age=3600", "Vary": "Accept, Accept-Language"}
"""The texts change with a release of the service, not with an edition of the catalogue."""


class ProblemNotFound(Problem):
    """No kind of problem has this code; `closest` is the most similar code, if there is one."""

    slug = "problem-not-found"
    status = HTTPStatus.NOT_FOUND


class ProblemBriefOut(BaseModel):
    """A kind of problem in a list."""

    code: str = Field(description="The kind of problem, for programs.")
    status: int = Field(description="The HTTP status of its responses.")
    title: str = Field(description="The kind of problem, in the chosen language.")
    url: str = Field(description="Link to its explanation: the `type` in problem documents.")


class ProblemsOut(BaseModel):
    """Every kind of problem."""

    language: Language = Field(description="Language of the texts.")
    items: list[ProblemBriefOut] = Field(description="The kinds, sorted by code.")


class ProblemExplanationOut(ProblemBriefOut):
    """The explanation of a kind of problem."""

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
    "cause": problem_text("carrier-not-found", "cause")[DEFAULT_LANGUAGE],
    "fix": problem_text("carrier-not-found", "fix")[DEFAULT_LANGUAGE],
}


@router.get("", response_model=ProblemsOut, responses=json_example(EXAMPLE_OF_ALL))
@uncacheable
@counted(Count.NEVER)
async def list_problems(
    request: Request, _query: Annotated[ReadQuery, Query()], language: ChosenLanguage
) -> Response:
    """Return every kind of problem that the API can report.

    Requests that prefer HTML get a page, others JSON.
    """
    out = ProblemsOut(language=language, items=[_brief(kind, language) for kind in problem_types()])
    if prefers_html(request.scope):
        title = translate("page.problems", language)
        return page(
            "explanations.html",
            language,
            headers=_HEADERS,
            title=title,
            heading="Kaiyaku",
            items=out.items,
        )
    return _json(out)


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
    """Return when a kind of problem occurs and what to do about it.

    Requests that prefer HTML get a page, others JSON.
    """
    kinds = {kind.slug: kind for kind in problem_types()}
    if code not in kinds:
        closest = next(iter(difflib.get_close_matches(code, kinds, 1)), None)
        raise ProblemNotFound(code=code, members={"closest": closest})
    out = ProblemExplanationOut(
        **_brief(kinds[code], language).model_dump(),
        language=language,
        cause=problem_text(code, "cause")[language],
        fix=problem_text(code, "fix")[language],
    )
    if prefers_html(request.scope):
        content = out.model_dump(include={"title", "cause", "fix"})
        return page(
            "explanation.html",
            language,
            headers=_HEADERS,
            heading=f"{out.status} {code}",
            cause_heading=translate("page.cause", language),
            fix_heading=translate("page.fix", language),
            **content,
        )
    return _json(out)


def _json(out: ProblemsOut | ProblemExplanationOut) -> Response:
    headers = {**_HEADERS, "Content-Language": content_language(out.language)}
    return JSONResponse(out.model_dump(mode="json"), headers=headers)


def _brief(kind: type[Problem], language: Language) -> ProblemBriefOut:
    return ProblemBriefOut(
        code=kind.slug,
        status=kind.status,
        title=problem_text(kind.slug, "title")[language],
        url=problem_url(kind.slug),
    )
