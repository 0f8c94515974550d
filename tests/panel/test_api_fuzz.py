"""The API against its own document: whatever is thrown at it, no defect, and answers as documented."""

from __future__ import annotations

import pytest

from tests.panel.api_client import client
from tests.panel.site import Site, all_closed
from tools.api_fuzz import fuzz


def test_whatever_the_document_allows_or_forbids_no_answer_is_a_defect(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    all_closed()  # what the sites of other tests say when they close is no answer of this one
    erp = client(site, per_second=200)
    done = fuzz(site.url, erp.token, seed=20261120, examples=2)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "action=defect" not in caplog.text
