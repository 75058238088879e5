"""Renders HTML pages: Jinja2 templates with autoescape, and the headers of a page."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from app.i18n import Language, content_language
from app.links import link
from app.messages.keys import MessageKey
from app.messages.loader import translate

PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
"""Content-Security-Policy of our own pages: no scripts, and styles only from the page itself."""

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)

_CODE: Final = re.compile(r"`([^`]+)`")


def _with_code(text: str) -> Markup:
    """Return the text as escaped HTML, with `…` in backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


_TEMPLATES.filters["code"] = _with_code

_LINKS: Final[Mapping[str, MessageKey]] = {
    "/docs": "page.docs",
    "/problems": "page.all_problems",
}
"""The links at the end of every page."""


def page(
    template: str,
    language: Language,
    *,
    status: int = 200,
    headers: Mapping[str, str],
    **content: Any,  # noqa: ANN401 - the variables of the template
) -> HTMLResponse:
    """Return the rendered template; `headers` override those that every page has."""
    links = [(link(path), translate(key, language)) for path, key in _LINKS.items()]
    html = _TEMPLATES.get_template(template).render(language=language, links=links, **content)
    defaults = {
        "Content-Language": content_language(language),
        "Content-Security-Policy": PAGE_POLICY,
        "Vary": "Accept, Accept-Language",
    }
    return HTMLResponse(html, status_code=status, headers={**defaults, **headers})
