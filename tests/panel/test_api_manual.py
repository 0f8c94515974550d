"""``docs/api.md``: its commands run as they stand, in their order."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.panel.api_client import client
from tests.panel.site import Site

_DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
_EXAMPLE = re.compile(r"^```sh exemplo\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("bash")), reason="the examples need a shell with curl")
def test_every_example_of_the_manual_is_answered_with_what_it_promises(site: Site) -> None:
    examples = _EXAMPLE.findall(_DOCUMENT.read_text(encoding="utf-8"))
    answers = []
    erp = client(site)
    for example in examples:
        # Each command's answer on a line of its own, and a refusal ends the script.
        script = "set -e\n" + re.sub(r"^curl -s", "echo; curl -s --fail-with-body", example, flags=re.MULTILINE)
        done = subprocess.run(
            ["bash", "-c", script],
            env={"URL": site.url, "CHAVE": erp.token, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0, (example, done.stdout, done.stderr)
        answers += [json.loads(line) for line in done.stdout.splitlines() if line.strip()]

    assert len(answers) == 9
    first, debt, found, _, status, paused, resumed, _, consent = answers
    assert (first["resultado"], first["avisos"], debt["resultado"]) == ("NOVA", [], "NOVA")
    assert [each["id"] for each in found["mensagens"]] == [first["mensagem"]["id"]]
    assert (status["banco"], paused["pausado"], resumed["pausado"]) == ("principal", True, False)
    assert [each["resposta"] for each in consent["respostas"]] == ["sim"]
