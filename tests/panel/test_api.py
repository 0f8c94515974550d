"""The HTTP API over real HTTP and a real database: what an ERP asks, and what stands in the queue then."""

from __future__ import annotations

import base64
import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from integrator.domain.lifecycle import State
from integrator.erp import rows
from integrator.erp.drafts import stored_key
from integrator.panel.api.keys import Action
from integrator.panel.api.operations import OPERATIONS
from tests.panel.api_client import Client, client, message
from tests.panel.site import Site, close_site, open_site


@pytest.fixture
def erp(site: Site) -> Client:
    return client(site)


def test_every_example_of_the_document_does_what_it_says(erp: Client, site: Site) -> None:
    document = requests.get(f"{erp.url}/api/v1/openapi.json", timeout=120).json()
    for path, methods in document["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json", {})
        for name, example in content.get("examples", {}).items():
            if "{id}" in path:
                continue
            answer = erp.post(path, example["value"])
            assert answer.status_code in (200, 201), (name, answer.text)
            assert answer.json().get("avisos", []) == [], name
            if path == "/messages":
                assert (answer.json()["resultado"], answer.json()["mensagem"]["situacao"]) == ("NOVA", "pendente")
    own = site.sql("SELECT TEXTO_MODELO FROM WA_FILA WHERE CHAVE STARTING WITH 'nfe|3526'")
    assert "🙂" in rows.own_template(own[0][0])


def test_what_was_posted_stands_in_the_queue_to_the_cent(erp: Client, site: Site) -> None:
    pdf = b"%PDF-1.4 " + bytes(range(256)) * 8000
    asked = message(
        "tudo|1",
        finalidade="cobranca",
        modulo="RECEBER",
        empresa="1",
        prioridade=2,
        nao_antes="2026-11-25T08:30:00",
        instancia="principal",
        erp={"usuario": "CAIXA01", "regra": "fim do dia"},
        variaveis={"emoji": "🙂", "numero": 1234.5, "ok": True, "nada": None},
        titulos=[
            {
                "ref": "1001",
                "documento": "NF 8123",
                "vencimento": "2026-11-20",
                "valor": 9999999999999.99,
                "pagador": {"codigo": "9", "nome": "José"},
            }
        ],
        itens=[{"descricao": "Corda", "quantidade": "12.5", "valor_unitario": 1.2345, "total": 15.43}],
        anexos=[{"nome": "a.pdf", "mime": "application/pdf", "conteudo_base64": base64.b64encode(pdf).decode()}],
    )
    assert erp.post("/messages", asked).status_code == 201

    ((number, user, rule, priority, at, instance),) = site.sql(
        "SELECT ID, ERP_USUARIO, REGRA, PRIORIDADE, NAO_ANTES, INSTANCIA FROM WA_FILA WHERE CHAVE = 'tudo|1'"
    )
    assert (user, rule, priority, str(at), instance) == ("CAIXA01", "fim do dia", 2, "2026-11-25 08:30:00", "principal")
    of_row = (number,)
    ((amount, still_open, payer),) = site.sql(
        "SELECT VALOR, VALOR_ABERTO, PAGADOR_NOME FROM WA_TITULO WHERE FILA_ID = ?", of_row
    )
    assert (str(amount), str(still_open), payer) == ("9999999999999.99", "9999999999999.99", "José")
    ((quantity, price, total),) = site.sql(
        "SELECT QUANTIDADE, VALOR_UNITARIO, TOTAL FROM WA_ITEM WHERE FILA_ID = ?", of_row
    )
    assert (str(quantity), str(price), str(total)) == ("12.5", "1.2345", "15.43")
    ((content,),) = site.sql("SELECT CONTEUDO FROM WA_ANEXO WHERE FILA_ID = ?", of_row)
    assert hashlib.sha256(content).digest() == hashlib.sha256(pdf).digest()
    ((written,),) = site.sql("SELECT VARIAVEIS FROM WA_FILA WHERE ID = ?", of_row)
    assert written == '{"emoji": "\\ud83d\\ude42", "numero": 1234.5, "ok": true}'


def test_the_same_key_is_one_message_however_often_it_is_asked(erp: Client, site: Site) -> None:
    first = erp.post("/messages", message("k"))
    site.execute("UPDATE WA_FILA SET SITUACAO = 'aguardando_confirmacao' WHERE CHAVE = 'k'")
    site.execute("UPDATE WA_FILA SET SITUACAO = 'pendente' WHERE CHAVE = 'k'")
    again = erp.post("/messages", message("k", erp={"estacao": "outra"}))
    by_header = {name: value for name, value in message("").items() if name != "chave"}
    headed = erp.post("/messages", by_header, headers={"Idempotency-Key": "k"})

    assert [answer.json()["resultado"] for answer in (first, again, headed)] == ["NOVA", "REPETIDA", "REPETIDA"]
    assert again.json()["mensagem"]["confirmada_em"], "a person's yes stands"
    other = erp.post("/messages", message("k", telefone="(49) 98888-7777"))
    assert (other.status_code, other.json()["resultado"]) == (200, "ATUALIZADA")
    assert other.json()["mensagem"]["confirmada_em"] is None
    assert site.sql("SELECT COUNT(*) FROM WA_FILA WHERE CHAVE STARTING WITH 'k'") == [(1,)]
    back = erp.post("/messages", message("k"))
    assert back.json()["resultado"] == "ATUALIZADA", "what was asked first is no longer what stands there"


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (("reservada", "enviando"), "JA_RESERVADA"),
        (("reservada", "enviando", "enviada"), "JA_ENVIADA"),
        (("reservada", "enviando", "incerta"), "JA_ENVIADA"),
        (("cancelada",), "JA_CANCELADA"),
    ],
)
def test_what_left_or_is_leaving_is_not_changed(erp: Client, site: Site, states: tuple[str, ...], told: str) -> None:
    guid = erp.post("/messages", message("k")).json()["mensagem"]["id"]
    for state in states:
        site.execute("UPDATE WA_FILA SET SITUACAO = ?, TOKEN = NULL WHERE CHAVE = 'k'", (state,))
    same, other = erp.post("/messages", message("k")), erp.post("/messages", message("k", contato="Outra"))

    assert (same.status_code, same.json()["resultado"]) == (200, "REPETIDA")
    assert (other.status_code, other.json()["resultado"]) == (409, told)
    assert other.json()["estado"]["situacao"] == states[-1]
    assert site.sql("SELECT CONTATO_NOME FROM WA_FILA WHERE CHAVE = 'k'") == [(None,)]
    cancelled = erp.post(f"/messages/{guid}/cancel", {"motivo": "Pago"})
    expected = {"JA_RESERVADA": 202, "JA_ENVIADA": 409, "JA_CANCELADA": 200}[told]
    assert (cancelled.status_code, cancelled.json()["resultado"]) == (expected, told)


def test_two_integrators_asked_at_the_same_instant_make_one_row(site: Site, tmp_path: Path) -> None:
    """Two programs with attachments of their own: only the database is between them."""
    other = open_site(site.erp, tmp_path / "outro")
    try:
        ends = [client(site), client(other)]
        for turn in range(8):
            barrier = threading.Barrier(4)

            def ask(place: int, key: str = f"corrida|{turn}", barrier: threading.Barrier = barrier) -> Any:
                barrier.wait()
                return ends[place % 2].post("/messages", message(key))

            with ThreadPoolExecutor(4) as pool:
                answers = list(pool.map(ask, range(4)))
            assert sorted(each.status_code for each in answers) == [200, 200, 200, 201]
            assert len({each.json()["mensagem"]["id"] for each in answers}) == 1
    finally:
        close_site(other)
    assert site.sql("SELECT COUNT(*), COUNT(DISTINCT CHAVE) FROM WA_FILA WHERE CHAVE CONTAINING 'corrida'") == [(8, 8)]


def test_characters_that_the_queue_has_not_hold_the_message_with_the_reason(erp: Client) -> None:
    answer = erp.post("/messages", message("k🙂", cliente={"codigo": "1", "nome": "Ana 🙂"}, texto="Olá 🙂"))

    told = answer.json()["mensagem"]
    assert (answer.status_code, told["situacao"], told["cliente"]["nome"]) == (201, "retida", "Ana ?")
    assert "O nome do cliente tem caracteres que a fila não guarda" in told["motivo"]
    assert told["chave"] == stored_key("k🙂")
    assert erp.get("/messages", chave="k🙂").json()["mensagens"][0]["id"] == told["id"]


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ({"modulo": "PADARIA"}, "Módulo desconhecido"),
        ({"tipo": "OS PINTADA"}, "veio sem texto"),
        ({"variaveis": {}}, "Falta a variável numero"),
        ({"texto": "Olá {nomee}"}, "nomee"),
        ({"telefone": "sem telefone"}, "Não há telefone utilizável"),
        ({"aceita_receber": False}, "não está marcado"),
    ],
)
def test_what_will_hold_a_message_is_told_at_once_and_not_refused(
    erp: Client, change: dict[str, Any], warning: str
) -> None:
    answer = erp.post("/messages", message("k", **change))

    assert (answer.status_code, answer.json()["mensagem"]["situacao"]) == (201, "pendente")
    assert any(warning in told for told in answer.json()["avisos"]), answer.json()["avisos"]


def test_a_key_does_what_it_may_and_nothing_else(site: Site) -> None:
    for action in Action:
        erp = client(site, name=action.value, actions=frozenset({action}))
        for operation in OPERATIONS:
            path = operation.path.replace("{id}", "00000000-0000-0000-0000-000000000000")
            status = erp.ask(operation.method, path, {} if operation.body else None).status_code
            assert (status == 403) == (operation.action is not action), (action, operation.name, status)
    nobody = requests.get(f"{site.url}/api/v1/status", cookies=site.browser().cookies, timeout=120)
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (401, "Bearer")
    elsewhere = client(site, database="outro")
    assert elsewhere.get("/status", banco="principal").status_code == 403
    assert client(site).get("/status", banco="nada").status_code == 422


def test_who_asks_too_often_waits(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrator.panel.api.limits.time", SimpleNamespace(monotonic=lambda: 5.0))  # all at once
    erp = client(site, per_second=1)
    answers = [erp.get("/messages", limite="1") for _ in range(6)]

    refused = [each for each in answers if each.status_code == 429]
    assert len(refused) == 4, "two seconds' worth may be asked at once"
    assert all(int(each.headers["retry-after"]) == 1 for each in refused)
    assert client(site).get("/status").status_code == 200, "others are not held up"


def test_held_awaiting_and_paged(erp: Client, site: Site) -> None:
    guid = erp.post("/messages", message("c", confirmar=True)).json()["mensagem"]["id"]
    assert erp.post(f"/messages/{guid}/confirm").json()["mensagem"]["situacao"] == "pendente"
    site.execute("UPDATE WA_FILA SET SITUACAO = 'retida' WHERE CHAVE = 'c'")
    assert erp.post(f"/messages/{guid}/confirm").status_code == 409
    assert erp.post(f"/messages/{guid.lower()}/release").json()["resultado"] == "OK"
    assert erp.get(f"/messages/{guid}/parts").json() == {"partes": []}
    for path in ("/messages/nada", "/messages/00000000-0000-0000-0000-000000000000"):
        assert erp.get(path).status_code == 404

    seen: list[str] = []
    cursor = "0"
    while cursor:
        page = erp.get("/messages", situacao=State.PENDING, limite="50", cursor=cursor).json()
        seen += [each["chave"] for each in page["mensagens"]]
        cursor = page["proximo"] or ""
    assert seen == site.keys(State.PENDING)
    assert erp.get("/messages", desde="2999-01-01").status_code == 422
    assert erp.get("/messages", desde="2199-01-01").json() == {"mensagens": [], "proximo": None}
    assert erp.ask("GET", "/messages?limite=1&limite=2").status_code == 422
    assert erp.get("/messages", situacoes="pendente").status_code == 422


def test_pause_and_consent_are_those_of_the_contract(erp: Client, site: Site) -> None:
    assert erp.post("/pause", {"ate": "2026-11-20T14:00:00"}).json() == {"pausado": True, "ate": "2026-11-20T14:00:00"}
    assert site.panel.shops()[0].desk.config("PAUSADO_ATE") == "2026-11-20 14:00:00"
    assert erp.get("/status").json()["pausa"]["pausado"]
    assert erp.post("/pause", {"ate": "2026-11-20T07:59:00"}).status_code == 422
    assert erp.post("/resume").json() == {"pausado": False, "ate": None}
    assert site.engine.woken >= 2

    said = {"telefone": "49 9 8859 0187", "finalidade": "servico", "aceita": False, "origem": "Ligou pedindo"}
    assert erp.post("/consents", said).status_code == 201
    found = site.sql("SELECT TELEFONE, ACEITA, ORIGEM FROM WA_CONSENTIMENTO WHERE TELEFONE = '5549988590187'")
    assert found == [("5549988590187", "N", "Ligou pedindo (API: ERP da loja)")]
    (told,) = erp.get("/consents", telefone="(49) 8859-0187").json()["respostas"]
    assert (told["resposta"], told["finalidade"]) == ("nao", "servico")
    warned = erp.post("/messages", message("k")).json()["avisos"]
    assert any("para não receber" in warning for warning in warned)
    assert erp.post("/consents", {**said, "telefone": "(49) 98859-0187, (49) 98888-7777"}).status_code == 422
    assert erp.post("/consents", {**said, "quando": "2099-01-01"}).status_code == 422


def test_while_the_database_is_away_the_erp_is_told_to_try_again(site: Site) -> None:
    erp = client(site)
    text = site.config.read_text(encoding="utf-8")
    site.config.write_text(text.replace(f"porta = {site.erp.target.port}", "porta = 1"), encoding="utf-8")
    answer = erp.post("/messages", message("k"))

    assert (answer.status_code, answer.json()["erro"]) == (503, "indisponivel")
    assert int(answer.headers["retry-after"]) > 0
    assert str(site.erp.target.path) not in answer.json()["mensagem"]
