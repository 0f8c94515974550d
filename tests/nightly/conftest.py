"""A shop whose ERP does not fill the queue: a table of debts, a profile that reads it, and the settings for both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from integrator.settings import Settings
from integrator.settings.closing import ClosingSettings
from integrator.settings.sections import DatabaseSettings
from tests.erp.helpers import ContractDatabase, contract_database
from tools.firebird_server import PrivateServer

PROFILE = """
[perfil]
nome = "ERP de teste"
[titulos]
sql = '''SELECT CODIGO AS REF, CLIENTE AS CLIENTE_CODIGO, NOME AS CLIENTE_NOME, VENCE AS VENCIMENTO, VALOR AS VALOR,
    SALDO AS VALOR_ABERTO, CASE WHEN SALDO > 0 THEN 'aberto' ELSE 'pago' END AS SITUACAO
    FROM RECEBER WHERE VENCE BETWEEN :de AND :ate'''
[contatos]
sql = '''SELECT DISTINCT CLIENTE AS CLIENTE_CODIGO, FONE AS TELEFONE, 'S' AS RECEBE_AVISO FROM RECEBER'''
[empresas]
sql = '''SELECT '1' AS CODIGO, 'Loja Modelo Ltda' AS RAZAO_SOCIAL, '11.222.333/0001-81' AS CNPJ,
    'Rua Um, 10' AS ENDERECO, 'SC' AS UF FROM RDB$DATABASE'''
[conferir]
sql = '''SELECT CASE WHEN SALDO > 0 THEN 'aberto' ELSE 'pago' END AS SITUACAO, SALDO AS VALOR_ABERTO,
    VENCE AS VENCIMENTO FROM RECEBER WHERE CODIGO = :ref'''
"""
_TABLE = (
    "CREATE TABLE RECEBER (CODIGO VARCHAR(10) NOT NULL PRIMARY KEY, CLIENTE INTEGER, NOME VARCHAR(40), "
    "FONE VARCHAR(20), VENCE DATE, VALOR NUMERIC(9, 2), SALDO NUMERIC(9, 2))"
)


@dataclass(frozen=True, slots=True)
class Shop:
    """The database, and the data folder with the profile beside the settings."""

    database: ContractDatabase
    folder: Path

    def settings(self, **closing: object) -> Settings:
        target = self.database.target()
        chosen = {"ligado": True, "perfil": "loja.toml", "horario": "22:30", **closing}
        return Settings(
            database=DatabaseSettings(server=target.host, port=target.port, path=target.path, user=target.user),
            closing=ClosingSettings.model_validate(chosen),
        )

    def owe(self, ref: str, customer: int, due: date, amount: float = 150.0) -> None:
        with self.database.attach() as erp:
            row = (ref, customer, f"Cliente {customer}", f"(49) 9885{customer:01d}-0187", due, amount, amount)
            erp.done("INSERT INTO RECEBER VALUES (?, ?, ?, ?, ?, ?, ?)", row)

    def keys(self) -> dict[str, str]:
        """The queue: key and state."""
        with self.database.attach() as erp:
            return dict(erp.ask("SELECT CHAVE, SITUACAO FROM WA_FILA ORDER BY ID"))


@pytest.fixture
def shop(firebird_server: PrivateServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("INTEGRATOR_SENHA", firebird_server.password)
    database = contract_database(firebird_server)
    with database.attach() as erp:
        erp.done(_TABLE)
    (tmp_path / "loja.toml").write_text(PROFILE, encoding="utf-8")
    yield Shop(database, tmp_path)
    database.path.unlink(missing_ok=True)
