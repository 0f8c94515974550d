"""The demonstration is run once, whole; everything it leaves behind is then looked at."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from integrator.demo.not_sent import Group, group_by_reason
from integrator.demo.results import FILES, HISTORY_CSV, HISTORY_PDF, PAGE, SUMMARY, new_folder
from integrator.demo.run import CLOSING_DAY, DemoPlace, Night, run_demo
from integrator.demo.sample_erp.model import CancelCause, Problem
from integrator.documents.febraban import Cobranca, parse_digits
from integrator.domain.errors import SettingsError
from integrator.domain.lifecycle import State
from integrator.domain.message import PartKind
from integrator.erp.desk import QueueRow
from integrator.gateways.simulator.ledger import Bubble, read_ledger
from tests.demo.sample_erp_probe import read
from tests.documents.readers import codes, page_texts, picture
from tools.firebird_server import PrivateServer

SENT = {"enviada", "entregue", "lida"}
LATE_REFUSAL = "O WhatsApp aceitou a mensagem, mas não conseguiu entregá-la ao celular."
MORNING_AFTER = CLOSING_DAY + timedelta(days=1)
#: What seed 1 gives, on any computer and any date. It changes only with what the shop, the texts or the pace change.
COUNTS = {
    "aguardando_confirmacao": 1,
    "cancelada": 4,
    "entregue": 124,
    "enviada": 9,
    "falhou": 3,
    "lida": 67,
    "retida": 18,
}


@dataclass(frozen=True, slots=True)
class Demo:
    """What is left of the run, and what it said."""

    night: Night
    out: Path
    said: str

    @property
    def bubbles(self) -> tuple[Bubble, ...]:
        return tuple(read_ledger(self.out / "dados" / "simulador").messages)

    @property
    def summary(self) -> dict[str, Any]:
        found = json.loads((self.out / SUMMARY).read_text(encoding="utf-8"))
        assert isinstance(found, dict)
        return found

    @property
    def history(self) -> list[list[str]]:
        text = (self.out / HISTORY_CSV).read_bytes().decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))

    def rows(self) -> dict[str, tuple[str, str]]:
        """State and reason of each CHAVE."""
        sql = "SELECT TRIM(CHAVE), SITUACAO, COALESCE(MOTIVO, '') FROM WA_FILA"
        return {key: (state.strip(), reason) for key, state, reason in read(self.night.erp, sql)}


@pytest.fixture(scope="session")
def demo(firebird_server: PrivateServer, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("demonstração")
    said = io.StringIO()
    server = firebird_server
    place = DemoPlace(server.host, server.port, server.client_library, server.data / "demo", folder / "saída da demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTEGRATOR_SENHA", server.password)
        patch.setenv("INTEGRATOR_DADOS", str(folder))
        night = run_demo(place, Console(file=said, width=80))
    return Demo(night, place.out, said.getvalue())


@pytest.mark.slow
def test_the_summary_has_its_keys_and_nothing_was_lost_or_sent_twice(demo: Demo) -> None:
    summary = demo.summary
    assert {"counts", "gaps", "duplicates", "lost"} <= summary.keys()
    assert summary["gaps"].keys() == {"min", "mean", "max"}
    assert (summary["duplicates"], summary["lost"]) == (0, 0)
    assert sum(summary["counts"].values()) == demo.night.erp.expectations.rows


def test_the_same_seed_gives_the_same_summary(demo: Demo) -> None:
    assert demo.summary["counts"] == COUNTS


@pytest.mark.feature("G51")
def test_the_gaps_are_of_one_to_two_minutes_and_not_all_alike(demo: Demo) -> None:
    gaps = demo.summary["gaps"]
    assert gaps["min"] >= 60
    assert gaps["max"] <= 120.5
    assert 80 < gaps["mean"] < 100
    assert gaps["max"] - gaps["min"] > 40


@pytest.mark.feature("S01", "S02", "S11")
def test_every_message_that_can_be_sent_was_sent(demo: Demo) -> None:
    rows = demo.rows()
    not_sent = {key: rows[key] for key in demo.night.erp.expectations.sendable if rows[key][0] not in SENT}
    assert {reason for _, reason in not_sent.values()} <= {LATE_REFUSAL}
    assert {state for state, _ in not_sent.values()} <= {"falhou"}
    kinds = {row[3] for row in demo.history[1:]}
    assert {"DÉBITO VENCIDO", "DÉBITO A VENCER", "DÉBITOS"} <= kinds


@pytest.mark.feature("B04")
def test_every_message_that_must_not_go_is_held_with_its_reason(demo: Demo) -> None:
    rows = demo.rows()
    words = {
        Problem.PHONE: "telefone",
        Problem.NO_WHATSAPP: "não tem WhatsApp",
        Problem.DIGITS: "código de barras|Linha digitável",
        Problem.UNREGISTERED: "não foi registrado",
        Problem.UNDECODABLE: "Windows-1252",
        Problem.NAME_TOO_LONG: "mais de 120 caracteres",
        Problem.OUTSIDE_FOLDER: "fora das pastas permitidas",
        Problem.MISSING_FILE: "não encontrei o arquivo",
        Problem.MODULE: "Módulo desconhecido",
        Problem.TEMPLATE: "TORCAMENTO:CLIENTE",
        Problem.VARIABLE: "Falta a variável numero",
    }
    held = demo.night.erp.expectations.held
    assert {item.problem for item in held} == set(Problem)
    for item in held:
        state, reason = rows[item.key]
        assert (state, bool(re.search(words[item.problem], reason))) == ("retida", True), (item, reason)


@pytest.mark.feature("B05")
def test_what_was_paid_or_is_too_old_is_cancelled_with_its_reason(demo: Demo) -> None:
    rows = demo.rows()
    words = {
        CancelCause.PAID: "já foram pagos",
        CancelCause.TOO_OLD: "antigos demais",
        CancelCause.NO_EXPIRY: "cashback",
    }
    cancelled = demo.night.erp.expectations.cancelled
    assert {item.cause for item in cancelled} == set(CancelCause)
    for item in cancelled:
        state, reason = rows[item.key]
        assert state == "cancelada"
        assert words[item.cause] in reason


@pytest.mark.feature("S05", "S10", "S36")
def test_who_must_not_be_told_has_no_message_and_who_must_confirm_is_waited_for(demo: Demo) -> None:
    rows, expected = demo.rows(), demo.night.erp.expectations
    assert rows.keys().isdisjoint(item.key for item in expected.absent)
    assert [rows[key][0] for key in expected.awaiting] == ["aguardando_confirmacao"]
    (second,) = (key for key in rows if key.startswith(f"{expected.repeated}#"))
    assert rows[second][0] == "cancelada"
    assert rows[second][1].startswith("Chave repetida")


@pytest.mark.feature("S06", "S35", "B02")
def test_all_of_it_left_on_the_day_after_the_closing_within_the_hours(demo: Demo) -> None:
    instants = [bubble.at for bubble in demo.bubbles]
    assert {at.date() for at in instants} == {MORNING_AFTER}
    assert time(8) <= min(instants).time()
    assert max(instants).time() < time(19)


def test_rows_are_dated_by_the_shop_s_clock_and_not_by_this_computer_s(demo: Demo) -> None:
    ((first, last),) = read(demo.night.erp, "SELECT MIN(CRIADO_EM), MAX(CRIADO_EM) FROM WA_FILA")
    assert first == last == datetime.combine(CLOSING_DAY, time(22, 30))


@pytest.mark.feature("S04")
def test_every_debt_notice_took_its_report_along(demo: Demo) -> None:
    found = read(
        demo.night.erp,
        "SELECT TRIM(F.CHAVE), SUM(CASE WHEN P.NOME_ARQUIVO STARTING WITH 'demonstrativo' THEN 1 ELSE 0 END), "
        "MIN(P.ORDEM) FROM WA_FILA F JOIN WA_PARTE P ON P.FILA_ID = F.ID "
        "WHERE F.FINALIDADE = 'cobranca' AND F.ENVIADA_EM IS NOT NULL GROUP BY 1",
    )
    assert len(found) > 150
    assert {(reports, first) for _, reports, first in found} == {(1, 1)}


@pytest.mark.feature("S03", "B09")
def test_the_boletos_that_arrived_are_those_of_the_titles_of_their_message(demo: Demo) -> None:
    titles = read(
        demo.night.erp,
        "SELECT P.ID_PROVEDOR, COALESCE(T.CODIGO_BARRAS, T.LINHA_DIGITAVEL) FROM WA_PARTE P "
        "JOIN WA_TITULO T ON T.FILA_ID = P.FILA_ID WHERE P.NOME_ARQUIVO STARTING WITH 'boleto' "
        "AND COALESCE(T.CODIGO_BARRAS, T.LINHA_DIGITAVEL) IS NOT NULL",
    )
    barcodes: dict[str, set[str]] = {}
    for provider, digits in titles:
        barcodes.setdefault(provider.strip(), set()).add(_barcode(digits))
    boletos = [bubble for bubble in demo.bubbles if bubble.file_name.startswith("boleto")]
    assert len(boletos) > 150
    for bubble in (boletos[0], boletos[len(boletos) // 2], boletos[-1]):
        (file,) = (demo.out / FILES).glob(f"{bubble.sha256[:10]}-*.pdf")
        pdf = file.read_bytes()
        printed = parse_digits(codes(picture(pdf, 200))["ITF"])
        assert isinstance(printed, Cobranca)
        assert printed.barcode in barcodes[bubble.id]
        assert re.sub(r"\D", "", printed.linha) in re.sub(r"[ .]", "", "".join(page_texts(pdf)))


def _barcode(digits: str) -> str:
    parsed = parse_digits(digits)
    assert isinstance(parsed, Cobranca)
    return parsed.barcode


@pytest.mark.feature("B04")
def test_no_text_that_arrived_has_a_variable_left_in_it(demo: Demo) -> None:
    texts = [said for bubble in demo.bubbles if (said := bubble.caption or _words(bubble))]
    assert len(texts) > 180
    assert not [text for text in texts if re.search(r"[{}]|\[\[|\]\]|None", text)]


def _words(bubble: Bubble) -> str:
    return bubble.text if bubble.kind is PartKind.TEXT else ""


@pytest.mark.feature("G01", "G09", "G10", "G11", "G12", "G13", "G14", "G15", "G16", "G17", "G18", "G19")
@pytest.mark.feature("G25", "G28", "G29")
def test_every_module_of_the_erp_wrote_to_somebody_and_its_documents_went_along(demo: Demo) -> None:
    modules = {row[2] for row in demo.history[1:]}
    assert modules >= {
        "RECEBER", "ORÇAMENTO", "PEDIDO DE VENDA", "ORDEM DE SERVIÇO", "CONDICIONAL", "COMANDAS", "NF-E", "NFC-E",
        "ANIVERSARIANTES", "CASHBACK", "CRM",
    }  # fmt: skip
    names = {bubble.file_name.split("-")[0] for bubble in demo.bubbles if bubble.file_name}
    assert names >= {
        "orcamento", "ordem", "pedido", "condicional", "comanda", "recibo", "NFe 8.291.pdf", "boleto", "demonstrativo",
    }  # fmt: skip


@pytest.mark.feature("S29")
def test_the_shop_wrote_no_text_and_every_notice_has_one_that_asks_whoever_paid_to_disregard_it(demo: Demo) -> None:
    notices = [row[1] for row in demo.history[1:] if row[3].startswith("DÉBITO")]
    assert len(notices) > 150
    assert all("desconsidere" in text for text in notices)


@pytest.mark.feature("G40", "G45", "G47")
def test_the_history_lists_every_message_that_left(demo: Demo) -> None:
    heading, *rows = demo.history
    assert heading[:5] == ["Celular", "Mensagem", "Módulo", "Tipo da mensagem", "Data envio"]
    left = sum(COUNTS[state] for state in ("enviada", "entregue", "lida", "falhou"))
    assert len(rows) == left
    assert all(re.fullmatch(r"\(\d\d\) 9\d{4}-\d{4}", row[0]) for row in rows)
    assert {row[4][:10] for row in rows} == {f"{MORNING_AFTER:%d/%m/%Y}"}
    assert all(row[6] for row in rows if row[5] == "falhou")


@pytest.mark.feature("G42", "G43", "G44")
def test_the_history_pdf_has_company_period_and_emission_in_its_header(demo: Demo) -> None:
    pages = page_texts((demo.out / HISTORY_PDF).read_bytes())
    day = f"{MORNING_AFTER:%d/%m/%Y}"
    assert len(pages) > 5
    for wanted in (f"Período: {day} a {day}", f"Emissão: {day} 20:00", "CNPJ", "Concórdia", "CEP", "Celular"):
        assert wanted in pages[0]


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.language = named.get("lang") or self.language if tag == "html" else self.language
        self.found |= {value for name in ("href", "src") if (value := named.get(name)) and not value.startswith("#")}


@pytest.mark.feature("B12")
def test_the_phone_page_shows_what_arrived_and_all_of_its_files_are_there(demo: Demo) -> None:
    page = (demo.out / PAGE).read_text(encoding="utf-8")
    links = _Links()
    links.feed(page)
    assert links.language == "pt-BR"
    assert len(links.found) > 300
    assert [link for link in links.found if not (demo.out / link).is_file()] == []
    assert "Casa Pinhão Azul" in page


def test_it_says_what_did_not_arrive_in_lines_that_fit_and_ends_with_what_to_open(demo: Demo) -> None:
    lines = demo.said.rstrip().splitlines()
    assert lines[-1] == f"Abra no navegador: {demo.out / PAGE}"
    assert max(len(line) for line in lines if str(demo.out) not in line) <= 80
    assert "repetido o fechamento, mais 0" in demo.said
    assert "0 repetidas, 0 perdidas" in demo.said
    assert re.search(rf"^ *{COUNTS['falhou']} {LATE_REFUSAL[:40]}", demo.said, re.MULTILINE)
    assert len(lines) < 85


def test_a_data_folder_that_is_no_demonstration_s_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "dados").mkdir()
    (tmp_path / "dados" / "integrator.db").write_bytes(b"of a shop")
    with pytest.raises(SettingsError, match="não é de uma demonstração"):
        new_folder(tmp_path)
    assert (tmp_path / "dados" / "integrator.db").read_bytes() == b"of a shop"


def test_the_next_demonstration_begins_with_empty_folders(tmp_path: Path) -> None:
    old = new_folder(tmp_path) / "integrator.db"
    old.write_bytes(b"old")
    (tmp_path / FILES).mkdir()
    (tmp_path / FILES / "old.pdf").write_bytes(b"old")
    new_folder(tmp_path)
    assert not old.exists()
    assert not (tmp_path / FILES).exists()


def test_reasons_that_differ_only_in_their_particulars_are_told_once() -> None:
    groups = group_by_reason(
        [
            _row("Ana", State.FAILED, "Recusada."),
            _row("Bia", State.HELD, "Este número não tem WhatsApp: (49) 3442-7709. Corrija o celular."),
            _row("Caio", State.HELD, "Este número não tem WhatsApp: (11) 99302-0000. Corrija o celular."),
            _row("Davi", State.HELD, "Anexo “Recibo.pdf”: não encontrei o arquivo C:\\ERP\\A.PDF."),
            _row("Eva", State.AWAITING, ""),
        ]
    )
    assert groups == (
        Group(State.AWAITING, "Espera que alguém confirme o envio.", ("Eva",)),
        Group(State.HELD, "Este número não tem WhatsApp.", ("Bia", "Caio")),
        Group(State.HELD, "Anexo “Recibo.pdf”: não encontrei o arquivo C:\\ERP\\A.PDF.", ("Davi",)),
        Group(State.FAILED, "Recusada.", ("Ana",)),
    )


def _row(customer: str, state: State, reason: str) -> QueueRow:
    return QueueRow(1, "K", state, customer, "", "", "", reason, None, None, "")
