"""A report as lines for people and as JSON for programs (``docs/diagnostico.md`` describes both)."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Final

from integrator.messages.formatting import format_count, format_datetime
from integrator.support.doctor import Report
from integrator.support.finding import Finding, Level

#: Raised when a field changes its meaning or goes; new fields and new ids may come without it.
JSON_FORMAT: Final = 1
WORDS: Final = {
    Level.OK: "OK",
    Level.WARNING: "atenção",
    Level.ERROR: "erro",
    Level.SKIPPED: "não verificado",
}


def place_of(finding: Finding) -> str:
    """The heading above a finding: its group and, where there are several, its database."""
    return f"{finding.group} (banco {finding.database})" if finding.database else finding.group


def headline(report: Report) -> str:
    """What it all comes to, in a line."""
    errors, warnings = report.count(Level.ERROR), report.count(Level.WARNING)
    skipped = report.count(Level.SKIPPED)
    parts = [format_count(errors, "erro", "erros")] if errors else []
    parts += [format_count(warnings, "ponto de atenção", "pontos de atenção")] if warnings else []
    parts += [format_count(skipped, "item não verificado", "itens não verificados")] if skipped else []
    total = format_count(len(report.findings), "item conferido", "itens conferidos")
    return f"{total}: {', '.join(parts)}." if parts else f"{total}: tudo certo."


def as_text(report: Report, *, shared: bool = False) -> str:
    """The whole report; ``shared`` leaves out what outsiders must not read."""
    lines = [f"Diagnóstico do Integrador {report.program}, {format_datetime(report.at)}"]
    for place, findings in groupby(report.findings, key=place_of):
        lines += ["", place]
        for finding in findings:
            lines.append(f"  [{WORDS[finding.level]}] {finding.title}: {_text(finding, shared=shared)}")
            if finding.fix and finding.level is not Level.SKIPPED:
                lines.append(f"      O que fazer: {finding.fix}")
    return "\n".join([*lines, "", headline(report), ""])


def as_json(report: Report, *, shared: bool = False) -> str:
    """The report in the documented schema."""
    content = {
        "formato": JSON_FORMAT,
        "programa": report.program,
        "gerado_em": report.at.isoformat(timespec="seconds"),
        "resultado": report.level.value,
        "contagem": {level.value: report.count(level) for level in Level},
        "itens": [
            {
                "id": finding.id,
                "grupo": finding.group,
                "banco": finding.database,
                "titulo": finding.title,
                "nivel": finding.level.value,
                "texto": _text(finding, shared=shared),
                "correcao": finding.fix,
            }
            for finding in report.findings
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _text(finding: Finding, *, shared: bool) -> str:
    return finding.shared if shared and finding.shared else finding.text
