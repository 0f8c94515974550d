"""The support bundle of a shop full of things that nobody else may read: none of them is in it, however packed."""

from __future__ import annotations

import base64
import binascii
import io
import json
import logging
import zipfile
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from integrator.domain.errors import MessageError
from integrator.journal.store import SqliteJournal
from integrator.logs import close_logging, log_event, setup_logging
from integrator.sending.gateway import NumberCheck
from integrator.support.config_scrub import scrubbed_config
from integrator.support.log_scrub import scrub
from tests.support.conftest import Desk
from tools.faults_shop import Shop

PHONE = "49988590187"
SHOWN_PHONE = "(49) 98859-0187"
NAME = "Maria Aparecida Zwolinski"
BODY = "Olá, Maria: a sua parcela de dezembro continua aberta"
CPF = "123.456.789-09"
TOKEN = "tok-9f8e7d6c5b4a3210"
FILE = "BOLETO_ZWOLINSKI.pdf"
COMMENT = "senha-antiga-no-comentario"
PASSWORD_TYPED_WRONG = "s3nh4-no-lugar-errado"
PRIVATE = (PHONE, SHOWN_PHONE, "98859-0187", "Zwolinski", "Aparecida", BODY, "parcela de dezembro", CPF, "12345678909")
PRIVATE_TOO = (TOKEN, FILE, COMMENT, PASSWORD_TYPED_WRONG)


def log_of_a_bad_day(folder: Path) -> None:
    """As the program writes it, and as a careless line of some library might be."""
    setup_logging(folder)
    log = logging.getLogger("integrator.sending.pump")
    log_event(log, "sending", row=12, to=SHOWN_PHONE, provider_id="3EB0A1B2C3D4E5F60718")
    log_event(log, "held", row=13, code="documento", detail=f"gdscode=335544336 {NAME} {FILE}", message=BODY)
    log_event(log, "problem", title=MessageError.title, message=f"{NAME} {CPF}")
    logging.getLogger("urllib3").warning("body was %r for %s with token %s", BODY, PHONE, TOKEN)
    try:
        raise ValueError(f"cannot send {BODY} to {NAME}")
    except ValueError:
        log.exception("action=defect")
    close_logging()


@pytest.fixture
def full(office: Desk, shop: Shop) -> Desk:
    """Everything that must not leave is in queue, events, configuration, log and journal."""
    row = shop.enqueue(1, phone=PHONE, text=BODY)
    shop.run("UPDATE WA_FILA SET CLIENTE_NOME = ?, CLIENTE_DOC = ? WHERE ID = ?", (NAME, CPF, row))
    shop.run(
        "INSERT INTO WA_ANEXO (FILA_ID, ORDEM, NOME_ARQUIVO, CAMINHO) VALUES (?, 1, ?, ?)", (row, FILE, f"/x/{FILE}")
    )
    shop.release("COB-00001")
    shop.run(
        "INSERT INTO WA_EVENTO (ID, CHAVE, QUANDO, ACAO, QUEM, DETALHE) "
        "VALUES (GEN_ID(WA_GEN_EVENTO, 1), ?, 'NOW', ?, ?, ?)",
        (PHONE, "x", NAME, BODY),
    )
    shop.run(
        "INSERT INTO WA_INSTANCIA (NOME, NUMERO, SITUACAO, QR_TEXTO) VALUES ('principal', ?, 'conectado', ?)",
        (PHONE, TOKEN),
    )
    shop.run(
        "INSERT INTO WA_BATIMENTO (DONO, MAQUINA, BATIDA_EM, SITUACAO) VALUES ('d', 'PC', 'NOW', ?)",
        (NAME,),
    )
    shop.close()
    text = office.config.read_text(encoding="utf-8")
    office.configure(
        f"# {COMMENT}\n{text}numero_teste = '{SHOWN_PHONE}'\n"
        f"[documentos]\npastas_permitidas = ['{office.folder}']\n"
        f"[mensagens]\nvencidos = '''{BODY}'''\n[empresa]\ncelular = '{SHOWN_PHONE}'\n"
    )
    log_of_a_bad_day(office.data / "registro")
    (office.data / "simulador").mkdir()
    (office.data / "simulador" / "porta.json").write_text(
        json.dumps({"porta": 1, "token": TOKEN, "modo": "confirma", "pid": 1}), encoding="utf-8"
    )
    journal = SqliteJournal(office.data / "integrator.db", datetime.now())
    journal.remember_number(NumberCheck(PHONE, exists=True), datetime.now())
    journal.close()
    return office


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def disguises(secret: str) -> list[bytes]:
    """How a text may hide in a file: encoded, escaped, or in base64 at any of its three offsets."""
    raw = secret.encode("utf-8")
    found = [raw, secret.encode("cp1252"), secret.encode("utf-16-le"), binascii.hexlify(raw), quote(secret).encode()]
    found.append(json.dumps(secret)[1:-1].encode())
    for shift in range(3):
        packed = base64.b64encode(b"\0" * shift + raw)
        found.append(packed[4 if shift else 0 : -4])
    return [each.lower() for each in found]


@pytest.mark.feature("B14")
def test_nothing_private_is_in_the_bundle_in_any_disguise(full: Desk) -> None:
    bundle = full.folder / "pacote.zip"
    _, _, err = full.run("--bundle", str(bundle))
    assert "Pacote de suporte gravado" in err
    assert full.server is not None
    found = members(bundle)
    for name, content in found.items():
        for secret in (*PRIVATE, *PRIVATE_TOO, full.server.password):
            for form in disguises(secret):
                assert form not in content.lower(), (name, secret)
    assert not any(zipfile.is_zipfile(io.BytesIO(content)) for content in found.values())


def test_what_support_needs_is_in_the_bundle(full: Desk) -> None:
    bundle = full.folder / "pacote.zip"
    full.run("--bundle", str(bundle))
    found = {name: content.decode("utf-8") for name, content in members(bundle).items()}
    logs = [text for name, text in found.items() if name.startswith("registro/")]
    facts = json.loads(found["banco.json"])
    report = json.loads(found["diagnostico.json"])
    assert "action=held row=13 code=documento detail=gdscode=335544336 message=[omitido]" in logs[0]
    assert "provider_id=3EB0A1B2C3D4E5F60718" in logs[0]
    assert "ValueError" in logs[0]
    assert {"situacao": "pendente", "motivo": "", "mensagens": 1} in facts["fila"]
    assert facts["ultimos_eventos"]
    assert any(item["id"] == "amostra_anexos" and item["nivel"] == "atencao" for item in report["itens"])
    assert "Diagnóstico do Integrador" in found["diagnostico.txt"]
    assert "fdb 2.0.4" in found["versoes.txt"]
    assert 'vencidos = "[texto de' in found["config.toml"]
    assert set(found) >= {"LEIA-ME.txt", "config.toml", "versoes.txt"}


def test_a_bundle_is_made_without_database_configuration_or_folder(desk: Desk) -> None:
    bundle = desk.folder / "pacote.zip"
    code, _, err = desk.run("--bundle", str(bundle))
    assert (code, "Pacote de suporte gravado" in err) == (1, True)
    assert b"valem os padr" in members(bundle)["config.toml"]
    assert not [name for name in members(bundle) if name.startswith("banco")]


def test_a_secret_typed_under_a_wrong_key_stays_here(desk: Desk) -> None:
    bundle = desk.folder / "pacote.zip"
    for key in ("porta", "senha"):
        desk.configure(f"[banco]\n{key} = '{PASSWORD_TYPED_WRONG}'\n")
        desk.run("--bundle", str(bundle), "--substituir")
        assert f"[banco] {key}".encode() in members(bundle)["diagnostico.txt"]
        for name, content in members(bundle).items():
            assert PASSWORD_TYPED_WRONG.encode() not in content, name


def test_another_bundle_is_not_overwritten_unless_told(desk: Desk) -> None:
    bundle = desk.folder / "pacote.zip"
    bundle.write_bytes(b"the one of yesterday")
    code, out, err = desk.run("--bundle", str(bundle))
    assert (code, out, bundle.read_bytes()) == (1, "", b"the one of yesterday")
    assert "--substituir" in err
    assert desk.run("--bundle", str(bundle), "--substituir")[0] == 1
    assert zipfile.is_zipfile(bundle)
    assert [file.name for file in desk.folder.iterdir()] == ["pacote.zip"], "no half-written file is left"


def test_a_folder_that_does_not_exist_is_a_sentence(desk: Desk) -> None:
    code, _, err = desk.run("--bundle", str(desk.folder / "não há" / "pacote.zip"))
    assert code == 1
    assert "Confira se a pasta existe" in err
    assert desk.run("--bundle", str(desk.folder))[2].startswith("Pacote de suporte não gravado:")
    assert desk.run("--substituir")[0] == 2


@pytest.mark.parametrize(
    "line",
    [
        "Maria Aparecida",
        "2026-11-20T10:00:00.000 INFO x msg=Maria",
        '2026-11-20T10:00:00.000 INFO x action=held message="a \\" Maria"',
        "2026-11-20T10:00:00.000 INFO x action=Maria kind=Maria row=Maria",
        "    raise ValueError('Maria')",
        "ValueError: Maria",
        "detail: Maria",
        '  File "/home/maria/Maria/x.py", line 3, in Maria Maria',
        "2026-11-20T10:00:00.000 INFO Maria",
    ],
)
def test_a_line_of_the_log_keeps_no_free_text(line: str) -> None:
    assert "maria" not in "\n".join(scrub([line])).lower()


def test_a_place_in_the_code_is_kept_without_the_folder_of_its_user() -> None:
    (kept,) = scrub(['  File "C:\\Users\\Maria\\app\\integrator\\sending\\pump.py", line 290, in _work'])
    assert kept == "  integrator\\sending\\pump.py:290 _work"


def test_a_configuration_is_written_anew_without_what_is_unknown(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(
        "x = 'y'\n[banco] # segredo\nservidor = 'srv01'\nsenha = 'abc'\ncaminho = 'D:\\DADOS.FDB'\n"
        "[[outros_bancos]]\nnome = 'filial'\ntoken = 'abc'\n[calendario]\nferiados_proprios = ['08/12 Padroeira']\n",
        encoding="utf-8",
    )
    text = scrubbed_config(path)
    assert 'servidor = "srv01"' in text
    assert 'caminho = "D:\\\\DADOS.FDB"' in text
    assert "[[outros_bancos]]" in text
    assert "abc" not in text
    assert "segredo" not in text
    assert 'x = "[omitido]"' in text
    path.write_text("[banco\n", encoding="utf-8")
    assert "não pôde ser lido" in scrubbed_config(path)
