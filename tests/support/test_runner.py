"""How checks are run: in their order, each under its limit, none beyond a failed foundation, never an exception."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest

from integrator.domain.errors import DatabaseRefused, ErpDatabaseError
from integrator.domain.fault import Fault
from integrator.settings import Settings
from integrator.support.context import Context
from integrator.support.doctor import Check, Report, examine
from integrator.support.finding import Answer, Level, broken, fine, from_error, warning
from integrator.support.report import as_json, as_text, headline
from tests.support.conftest import Desk, found


def check(name: str, ask: Callable[[Context], Answer], *needs: str, limit_s: float = 60.0) -> Check:
    return Check(name, "Grupo", name.capitalize(), ask, needs, limit_s)


def run(desk: Desk, *checks: Check) -> Report:
    context = Context(desk.config, desk.data, Settings)
    return examine(context, checks, ())


def test_what_hangs_is_told_after_its_limit_and_spares_those_that_build_on_the_same(desk: Desk) -> None:
    release = threading.Event()

    def hang(_: Context) -> Answer:
        release.wait(60)
        return fine("tarde")

    report = run(
        desk,
        check("base", lambda _: fine("bom")),
        check("presa", hang, "base", limit_s=0.2),
        check("irmã", lambda _: fine("nunca"), "base"),
        check("livre", lambda _: fine("bom")),
    )
    release.set()
    levels = {finding.id: finding.level for finding in report.findings}
    assert levels == {"base": Level.OK, "presa": Level.ERROR, "irmã": Level.SKIPPED, "livre": Level.OK}
    assert "Presa" in found(report, "irmã").text


def test_a_failure_is_named_to_all_that_follow_from_it_however_far(desk: Desk) -> None:
    report = run(
        desk,
        check("um", lambda _: broken("caiu", "levante")),
        check("dois", lambda _: fine(""), "um"),
        check("três", lambda _: fine(""), "dois"),
    )
    assert [finding.level for finding in report.findings] == [Level.ERROR, Level.SKIPPED, Level.SKIPPED]
    assert "“Um”" in found(report, "três").text
    assert not report.healthy


def test_attention_stops_nobody_and_is_no_error(desk: Desk) -> None:
    report = run(desk, check("um", lambda _: warning("quase", "veja")), check("dois", lambda _: fine("bom"), "um"))
    assert found(report, "dois").level is Level.OK
    assert (report.healthy, report.level) == (True, Level.WARNING)
    assert headline(report) == "2 itens conferidos: 1 ponto de atenção."


@pytest.mark.parametrize(
    "error", [ValueError("senha123"), PermissionError("senha123"), DatabaseRefused("Caiu o banco. Levante-o.")]
)
def test_an_exception_is_a_sentence_and_never_a_traceback(desk: Desk, error: Exception) -> None:
    def fail(_: Context) -> Answer:
        raise error

    finding = found(run(desk, check("um", fail)), "um")
    assert finding.level is Level.ERROR
    assert finding.fix
    assert "senha123" not in finding.text
    assert "Traceback" not in finding.text


def test_an_error_of_ours_is_split_into_what_happened_and_what_to_do() -> None:
    answer = from_error(DatabaseRefused("O banco caiu. Levante-o. Depois tente."))
    assert (answer.text, answer.fix) == ("O banco caiu.", "Levante-o. Depois tente.")
    bare = from_error(DatabaseRefused("O banco caiu.", fault=Fault.DAMAGED))
    assert (bare.fault, bool(bare.fix)) == (Fault.DAMAGED, True)


@pytest.mark.parametrize("error", [ErpDatabaseError("Caiu.", detail="gdscode=335544333"), OSError(335544333, "cheio")])
def test_what_is_technical_goes_along_for_the_log_and_into_no_report(desk: Desk, error: Exception) -> None:
    def fail(_: Context) -> Answer:
        raise error

    report = run(desk, check("um", fail))
    assert "335544333" in found(report, "um").detail
    assert "335544333" not in as_text(report) + as_json(report)


def test_the_json_form_has_the_documented_keys(desk: Desk) -> None:
    content = json.loads(as_json(run(desk, check("um", lambda _: broken("caiu", "levante", shared="parte")))))
    assert set(content) == {"formato", "programa", "gerado_em", "resultado", "contagem", "itens"}
    assert content["formato"] == 1
    assert content["resultado"] == "erro"
    assert content["contagem"] == {"ok": 0, "atencao": 0, "erro": 1, "nao_verificado": 0}
    (item,) = content["itens"]
    assert item == {
        "id": "um",
        "grupo": "Grupo",
        "banco": "",
        "titulo": "Um",
        "nivel": "erro",
        "texto": "caiu",
        "correcao": "levante",
    }


def test_what_is_not_for_outsiders_is_left_out_of_the_shared_form_only(desk: Desk) -> None:
    report = run(desk, check("um", lambda _: broken("boleto de Maria", "veja", shared="um boleto")))
    assert "Maria" in as_text(report)
    assert "Maria" not in as_text(report, shared=True) + as_json(report, shared=True)
