"""What addresses name, on a shop with real data: hostile values in each place of each page."""

from __future__ import annotations

import re

from integrator.panel.pages import all_pages
from tests.panel.site import Site


def test_every_parameter_of_every_page_takes_hostile_values(site: Site) -> None:
    browser = site.browser()
    for page in (each for each in all_pages() if "{" in each.path and each.method == "GET"):
        for value in (
            "..%2F..%2Fpainel.db",
            "%3Cscript%3Ealert(1)%3C%2Fscript%3E",
            "%00",
            "%0D%0AX-Evil:%201",
            "9" * 400,
        ):
            answer = browser.page(re.sub(r"\{[^}]+\}", value, page.path))
            assert answer.status_code in {303, 400, 404, 409}, f"{page.path} {value}: {answer.status_code}"
            assert "<script>alert" not in answer.text
            assert "X-Evil" not in answer.headers
            assert "SQLite format" not in answer.text
