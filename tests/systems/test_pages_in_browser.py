"""/docs and /redoc in Chromium: no error, no other host, no horizontal scrolling."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

from tests.systems import programs

# The pages are the same with both databases; one is enough.
pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")

SWITCHES: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP, PHONE = 1280, 390
MILLISECONDS: Final = 30_000
SCROLLS_SIDEWAYS: Final = (
    "document.documentElement.scrollWidth > document.documentElement.clientWidth"
)
BROKEN_IMAGES: Final = "[...document.images].filter(i => !i.naturalWidth).map(i => i.src)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium without its background traffic."""
    chromium = programs.find("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield browser
        browser.close()


def opened(browser: Browser, width: int) -> Page:
    """Return a new page of this width; the width of a phone is a touch screen."""
    page = browser.new_page(
        viewport={"width": width, "height": 844},
        is_mobile=width == PHONE,
        has_touch=width == PHONE,
    )
    page.set_default_timeout(MILLISECONDS)
    return page


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize(
    ("path", "ready"),
    [
        ("/docs", ".opblock"),
        ("/redoc", "a[href*='redocly'] img"),
    ],
)
def test_a_page_loads_without_an_error(
    browser: Browser,
    sample_server: str,
    path: str,
    ready: str,
    width: int,
) -> None:
    """A page has no error, no foreign request, no broken image and no horizontal scrolling."""
    page = opened(browser, width)
    errors: list[str] = []
    foreign: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((sample_server, "data:", "blob:")):
            foreign.append(request.url)

    page.on(
        "console", lambda message: errors.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", note)

    page.goto(f"{sample_server}{path}")
    page.wait_for_selector(ready, state="attached")
    page.wait_for_load_state("networkidle")

    assert not errors
    assert not foreign
    assert not page.evaluate(BROKEN_IMAGES)
    assert not page.evaluate(SCROLLS_SIDEWAYS)
    page.close()


def test_the_widest_form_does_not_scroll_sideways_on_a_phone(
    browser: Browser,
    sample_server: str,
) -> None:
    """The form with most parameters fits a phone."""
    page = opened(browser, PHONE)
    page.goto(f"{sample_server}/docs")
    block = page.locator(".opblock:has([data-path='/v1/fee-check'])")

    # One operation only: Swagger UI takes seconds to draw each.
    block.locator(".opblock-summary-control").dispatch_event("click")
    block.locator(".try-out__btn").dispatch_event("click")
    block.locator("button.execute").wait_for(state="attached")

    assert not page.evaluate(SCROLLS_SIDEWAYS)
    page.close()
