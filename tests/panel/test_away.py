"""What pages stand on goes away while somebody has them open: every page answers with a sentence, none fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from integrator.erp.connection import Database
from integrator.panel.pages import SECTIONS, pages_of
from integrator.panel.routes import Page
from tests.panel.site import Site

_PLACES = {"number": "1", "digits": "5549988590187", "day": "2026-01-01"}
#: Signing in and out is no page that stands on a database.
_OUT = frozenset({"/sair"})
_END_OTHERS = "DELETE FROM MON$ATTACHMENTS WHERE MON$ATTACHMENT_ID <> CURRENT_CONNECTION AND MON$REMOTE_PID IS NOT NULL"


def addresses(method: str) -> Iterator[str]:
    """Every page of the panel, with something in the place of what varies."""
    for section in SECTIONS:
        for page in pages_of(section):
            if page.method == method and page.path not in _OUT:
                yield address(page)


def address(page: Page) -> str:
    return re.sub(r"{(\w+)(?::\w+)?}", lambda found: _PLACES.get(found[1], "x"), page.path)


def defects(site: Site) -> list[str]:
    """The pages that do not answer, or with what no person understands; each is asked for and posted to."""
    owner, found = site.browser(), []
    for path in addresses("GET"):
        answer = owner.page(path)
        if answer.status_code == 500 or "Traceback" in answer.text:
            found.append(f"GET {path} {answer.status_code}")
    for path in addresses("POST"):
        answer = owner.submit(path, {"banco": "principal"})
        if answer.status_code == 500:
            found.append(f"POST {path} {answer.status_code}")
    return found


def test_no_page_fails_while_the_database_is_away(site: Site) -> None:
    site.browser().page("/fila")
    text = site.config.read_text("utf-8")
    site.config.write_text(re.sub(r"porta = \d+", "porta = 9", text), encoding="utf-8")

    assert defects(site) == []


def test_no_page_fails_when_its_attachment_is_ended_in_the_middle(site: Site) -> None:
    owner = site.browser()
    owner.page("/fila")
    with closing(Database(site.database.target)) as other:
        for path in addresses("GET"):
            other.run(lambda session: session.execute(_END_OTHERS))
            told = owner.page(path).status_code
            assert told != 500, path
    owner.page("/fila")  # the last of them may not have asked the database, and its attachment is still a dead one
    assert owner.page("/fila").status_code == 200


@pytest.mark.parametrize("content", [None, b"", b"[banco\n", b"\xff\xfe\x00"])
def test_no_page_fails_when_the_configuration_is_taken_away_or_spoilt(site: Site, content: bytes | None) -> None:
    site.browser().page("/fila")
    if content is None:
        site.config.unlink()
    else:
        site.config.write_bytes(content)

    assert defects(site) == []
