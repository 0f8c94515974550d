"""The log tells every change of state and no personal data."""

from __future__ import annotations

import logging
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrator.domain.errors import DatabaseUnavailable
from integrator.domain.phone_reading import AREA_CODES
from integrator.logs import log_event, setup_logging
from integrator.logs.masking import Masker

log = logging.getLogger("integrator.tests")
MOBILES = st.tuples(st.sampled_from(sorted(AREA_CODES)), st.from_regex(r"9[0-9]{8}", fullmatch=True))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "registro"


def written(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.log")))


def test_an_event_is_one_line_of_keys_and_values(folder: Path) -> None:
    setup_logging(folder)
    log_event(log, action="retida", row=12, reason='falta o "DDD"\nno cadastro', instance=None)
    line = written(folder)
    assert line.endswith(' INFO integrator.tests action=retida row=12 reason="falta o \\"DDD\\"\\nno cadastro"\n')
    assert line.count("\n") == 1


def test_a_plain_message_becomes_a_field(folder: Path) -> None:
    setup_logging(folder)
    log.warning("Banco fora do ar há %s minutos", 5)
    assert 'WARNING integrator.tests msg="Banco fora do ar há 5 minutos"' in written(folder)


def test_a_traceback_is_masked_and_carries_the_technical_detail(folder: Path) -> None:
    masker = setup_logging(folder)
    masker.add_secret('s3nh@ "forte"')
    try:
        raise DatabaseUnavailable("Sem resposta para 49 98859-0187", detail='login SYSDBA s3nh@ "forte" recusado')
    except DatabaseUnavailable:
        log.exception("falhou com %s", 's3nh@ "forte"')
    text = written(folder)
    assert "Traceback" in text
    assert "(49) 9****-0187" in text
    assert "detail: login SYSDBA [segredo] recusado" in text
    assert "98859" not in text
    assert "forte" not in text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("para 5549988590187 agora", "para (49) 9****-0187 agora"),
        ("jid 554988590187@s.whatsapp.net", "jid (49) ****-0187@s.whatsapp.net"),
        ("(49) 98859-0187", "(49) 9****-0187"),
        ("49 9 8859 0187", "(49) 9****-0187"),
        ("+55 (49) 98859-0187", "(49) 9****-0187"),
        ("0xx49 9885-9018", "(49) ****-9018"),
        ("049988590187", "(49) 9****-0187"),
        ("98859-0187", "****-0187"),
        ("3322-1100", "****-1100"),
        ("cpf 123.456.789-09", "cpf [CPF]"),
        ("cpf 12345678909", "cpf [número]"),
        ("cnpj 84.833.812/0001-08", "cnpj [CNPJ]"),
        ("cnpj 12.ABC.345/01DE-35", "cnpj [CNPJ]"),
        ("cnpj 84833812000108", "cnpj [número]"),
        ("de contato@sgbr.com.br", "de c***@sgbr.com.br"),
        ("00190.00009 01234.567897 01234.567897 1 90000000012345", "[boleto …2345]"),
        ("00191900000000123450000001234567890123456789", "[boleto …6789]"),
        ("83620000000-5 66780048100-9 18097565731-0 00158963608-1", "[boleto …6081]"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert Masker()(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T14:05:01.123 INFO",
        "de 2026-11-20 14:05:01 a 2026-11-21",
        "row=12345678 attempts=3",
        "guid=550e8400-e29b-41d4-a716-446655440000",
        "R$ 1.234.567,89",
        "prazo 20/11/2026 14:05",
        "versão 3.0.14.4 porta 3050",
    ],
)
def test_what_is_no_personal_data_stays_readable(text: str) -> None:
    assert Masker()(text) == text


@given(MOBILES, st.sampled_from(["{0}{1}", "55{0}{1}", "({0}) {1}", "+55 {0} {1}", "0{0}{1}", "{0}-{1}"]), st.text())
def test_no_mobile_gets_through(mobile: tuple[str, str], form: str, around: str) -> None:
    area, subscriber = mobile
    assert subscriber not in Masker()(f"{around} {form.format(area, subscriber)} {around}").replace(around, "")


def test_a_very_short_secret_does_not_blot_out_the_log() -> None:
    masker = Masker()
    masker.add_secret("1")
    masker.add_secret("")
    assert masker("row=11") == "row=11"


def test_a_long_run_of_letters_is_masked_without_delay() -> None:
    """Encoded pictures have runs of this length, and an address may begin anywhere in one."""
    text = "x" * 200_000
    began = time.thread_time()
    assert Masker()(f"{text} maria@loja.com.br") == f"{text} m***@loja.com.br"
    assert time.thread_time() - began < 5


def test_details_are_written_only_if_asked_for(folder: Path) -> None:
    setup_logging(folder)
    log.debug("minúcia")
    assert written(folder) == ""
    setup_logging(folder, detailed=True)
    log.debug("minúcia")
    assert "minúcia" in written(folder)


@pytest.mark.parametrize("library", ["apscheduler.scheduler", "urllib3.connectionpool", "PIL.Image"])
def test_libraries_speak_only_of_trouble(folder: Path, library: str) -> None:
    setup_logging(folder, detailed=True)
    logging.getLogger(library).info("Added job")
    logging.getLogger(library).warning("missed")
    assert "Added job" not in written(folder)
    assert "missed" in written(folder)


def test_text_that_no_encoding_has_is_still_logged(folder: Path) -> None:
    setup_logging(folder)
    log.info("nome \udc81")
    assert "nome \\udc81" in written(folder)
