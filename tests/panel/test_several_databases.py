"""A page of one database, sent after another was chosen in another tab: nothing is done to either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from integrator.erp.connection import Database
from integrator.erp.desk import Desk
from integrator.panel.access import Role
from tests.demo.conftest import target_of
from tests.panel.forms import form_of
from tests.panel.site import Browser, Site
from tests.panel.test_customers import AT_MARIA, MARIA, YES, write
from tools.firebird_server import PrivateServer

_OF_THE_OTHER = "Esta página era de outro banco de dados"


@pytest.fixture
def branch(site: Site, firebird_server: PrivateServer) -> Iterator[Database]:
    """A second database of the same panel, named filial."""
    path: Path = firebird_server.copy_database(site.erp.target.path, "panel-branch.fdb")
    target = target_of(firebird_server, path)
    with site.config.open("a", encoding="utf-8") as file:
        file.write(
            f"\n[[outros_bancos]]\nnome = 'filial'\nservidor = '{target.host}'\nporta = {target.port}\n"
            f"caminho = '{target.path}'\ncliente = '{target.client}'\ninstancia = 'filial'\n"
        )
    with closing(Database(target)) as database:
        yield database
    path.unlink(missing_ok=True)


def refused(browser: Browser, page: str, action: str, typed: Mapping[str, object]) -> bool:
    """Whether the form of that page, opened before the other database was chosen, is told to be of the first one."""
    browser.submit("/banco", {"banco": "principal"})
    form = form_of(browser.page(page).text, action)
    assert form["banco"] == "principal", action
    browser.submit("/banco", {"banco": "filial"})
    answer = browser.submit(action, form | dict(typed))
    return answer.status_code in {400, 409} and _OF_THE_OTHER in answer.text


def test_what_a_page_of_one_database_asks_for_is_never_done_to_another(site: Site, branch: Database) -> None:
    write(site, "m1", "Maria", "(49) 98859-0187")
    branch.run(lambda s: s.execute("UPDATE WA_FILA SET TELEFONE = '(49) 98859-0187', CLIENTE_NOME = 'Outra'"))
    site.execute("INSERT INTO WA_INSTANCIA (NOME, NUMERO, SITUACAO) VALUES ('principal', '554988590187', 'conectado')")
    owner = site.browser(Role.OWNER)

    assert refused(owner, AT_MARIA + "/apagar", AT_MARIA + "/apagar", {"confirmo": "APAGAR"})
    assert refused(owner, AT_MARIA, AT_MARIA + "/resposta", YES)
    assert refused(owner, "/envio", "/envio", {"erp.hora_inicio": "09:00"})
    lot = {"quem": "lista", "lista": MARIA, "finalidade": ["cobranca"], "origem": "Ficha de cadastro", "termo": "sim"}
    assert _OF_THE_OTHER in owner.submit("/clientes/lote/registrar", lot | {"banco": "principal"}).text
    for deed in ("conectar", "desconectar", "teste"):
        assert _OF_THE_OTHER in owner.submit(f"/whatsapp/{deed}", {"banco": "principal"}).text
        assert _OF_THE_OTHER in owner.submit(f"/whatsapp/{deed}").text

    assert branch.read(lambda s: s.rows("SELECT DISTINCT CLIENTE_NOME FROM WA_FILA")) == [("Outra",)]
    assert branch.read(lambda s: s.rows("SELECT COUNT(*) FROM WA_CONSENTIMENTO")) == [(0,)]
    assert Desk(branch).config("HORA_INICIO") == ""
    assert [deed for deed in site.audit() if "filial" in deed or "Apagou" in deed] == []


def test_the_confirmed_list_is_written_where_it_was_looked_at(site: Site, branch: Database) -> None:
    owner = site.browser(Role.OWNER)
    lot = {"quem": "lista", "lista": MARIA, "finalidade": ["cobranca"], "origem": "Ficha de cadastro"}

    shown = owner.submit("/clientes/lote/conferir", lot)
    form = form_of(shown.text, "/clientes/lote/registrar")
    assert owner.submit("/clientes/lote/registrar", form | {"termo": "sim"}).status_code == 303

    assert site.sql("SELECT TELEFONE FROM WA_CONSENTIMENTO") == [(MARIA,)]
    assert branch.read(lambda s: s.rows("SELECT COUNT(*) FROM WA_CONSENTIMENTO")) == [(0,)]
