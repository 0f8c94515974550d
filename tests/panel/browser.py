"""A real browser for the tests: people signed in, screens kept to be looked at, accessibility asked of axe.

With the variable ``INTEGRATOR_SCREENS`` set to a folder, every :func:`keep` leaves a picture there.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Literal

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect, sync_playwright

from integrator.panel.access import Role
from integrator.panel.accounts.sessions import COOKIE
from tests.documents.readers import codes
from tests.panel.site import Site
from tests.waiting import until_seen
from tools import chromium as installed

#: As root in a container, and without looking for anything outside of this machine.
_FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"),
)
_AXE: Final = Path(__file__).with_name("vendor") / "axe.min.js"
_ALIKE: Final = "tbody > tr:nth-child(n+7), li:nth-child(n+31), option:nth-child(n+7)"
_SERIOUS: Final = frozenset({"serious", "critical"})
DESKTOP: Final = (1366, 900)
PHONE: Final = (360, 740)
WIDE: Final = (1920, 1080)

expect.set_options(timeout=60_000)  # a busy computer may need more than five


@contextmanager
def launched() -> Iterator[Browser]:
    """Chromium, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(installed.ensure()), headless=True, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def person(
    browser: Browser,
    site: Site,
    role: Role | None = Role.OWNER,
    size: tuple[int, int] = DESKTOP,
    *,
    refused: int = 0,
    **more: Any,
) -> Iterator[Page]:
    """A page in a browser of somebody's own, signed in with that role. An error of the page's script fails the test.

    ``refused`` is a status that the walk means to get, about which the browser would complain.
    """
    more.setdefault("reduced_motion", "reduce")  # else axe sees colours halfway between two schemes
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="pt-BR", base_url=site.url, **more
    )
    if role is not None:
        context.add_cookies([{"name": COOKIE, "value": site.token(role), "url": site.url}])
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    meant = f"status of {refused} "
    page.on(
        "console", lambda said: problems.append(said.text) if said.type == "error" and meant not in said.text else None
    )
    try:
        yield page
    finally:
        context.close()
    assert not problems, problems


def seen_on(page: Page, size: tuple[int, int], scheme: Literal["light", "dark"]) -> None:
    """The page as it stands, on a screen of that size and in those colours."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)


def look_around(page: Page, name: str) -> None:
    """The page as it stands is readable on a phone in the dark, and fits there and on a wide screen in the light."""
    seen_on(page, WIDE, "light")
    keep(page, f"{name}-{WIDE[0]}-light")
    assert fits(page), page.url
    seen_on(page, PHONE, "dark")
    keep(page, f"{name}-{PHONE[0]}-dark")
    assert fits(page), page.url
    assert accessible(page) == [], page.url


def keep(page: Page, name: str) -> None:
    """A picture of the whole page, where somebody wants to look at it."""
    folder = os.environ.get("INTEGRATOR_SCREENS", "")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def code_on(drawn: Locator) -> str:
    """What a camera reads there. A live page puts another picture in the place of one that is just being taken."""

    def read() -> str:
        with suppress(Error):
            return codes(Image.open(io.BytesIO(drawn.screenshot()))).get("QR", "")
        return ""

    return until_seen(read, "a code that can be read")


def accessible(page: Page) -> list[str]:
    """The serious findings of axe on the page as it stands: WCAG 2.2 A and AA and best practices.

    Of long lists the first lines are looked at: the others are drawn by the same lines of the template.
    """
    page.wait_for_load_state()
    # The page's own policy forbids inline script: axe comes in beside it, as a tool of the developer would.
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        # While a button is held down no live part is drawn anew: axe looks at one page, and not at halves of two.
        "async (lines) => { document.dispatchEvent(new Event('pointerdown'));"
        "try { return (await axe.run({exclude: [[lines]]}, "
        # No rule that is asked wants the style sheets or films loaded a second time.
        "{resultTypes: ['violations'], preload: false, elementRef: false})).violations; } "
        "finally { document.dispatchEvent(new Event('pointerup')); } }",
        _ALIKE,
    )
    return [
        f"{item['id']}: {item['help']} ({node['html'][:160]})"
        for item in found
        if item["impact"] in _SERIOUS
        for node in item["nodes"]
    ]


def fits(page: Page) -> bool:
    """Whether nothing sticks out to the right of the window."""
    page.wait_for_load_state()
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))
