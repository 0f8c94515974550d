"""Our own closing over many open titles, in a process of its own: seconds, and the most memory that it ever held."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import fdb

from integrator.nightly import open_closing
from integrator.settings import Settings
from tools.bench.figures import Figure, Floor, Target
from tools.bench.place import Place
from tools.environment import ROOT

GROUP = "closing"
_SECONDS, _GROWTH = 30.0, 1.2
#: Dates are counted from a Monday's night, so that Tuesday is the send day whenever the bench is run.
_AT = datetime(2026, 11, 23, 22, 30)
_SPREAD_DAYS = 365
_AHEAD_DAYS = 60

_TABLES = (
    "CREATE TABLE CLIENTE (CODIGO INTEGER NOT NULL PRIMARY KEY, NOME VARCHAR(60), DOC VARCHAR(20), FONE VARCHAR(20), "
    "ENDERECO VARCHAR(80), CIDADE VARCHAR(40), UF CHAR(2))",
    "CREATE TABLE RECEBER (CODIGO INTEGER NOT NULL PRIMARY KEY, CLIENTE INTEGER NOT NULL REFERENCES CLIENTE, "
    "DOCUMENTO VARCHAR(20), EMISSAO DATE, VENCE DATE, VALOR NUMERIC(12, 2), SALDO NUMERIC(12, 2))",
    "CREATE INDEX RECEBER_VENCE ON RECEBER (VENCE)",
)
_CUSTOMERS = """\
EXECUTE BLOCK (P_COUNT INTEGER = ?) AS
    DECLARE VARIABLE I INTEGER = 0;
BEGIN
    WHILE (I < P_COUNT) DO
    BEGIN
        INSERT INTO CLIENTE VALUES (:I, 'Cliente de número ' || :I, '123.456.789-09', '(49) 98' || LPAD(:I, 3, '0')
            || '-' || LPAD(MOD(:I * 7, 10000), 4, '0'), 'Rua das Flores, ' || :I, 'Concórdia', 'SC');
        I = I + 1;
    END
END"""
#: Due dates over a year, titles of one customer far apart; nothing follows the order in which they are stored.
_TITLES = """\
EXECUTE BLOCK (P_FROM INTEGER = ?, P_TO INTEGER = ?, P_CUSTOMERS INTEGER = ?, P_LAST DATE = ?, P_SPREAD INTEGER = ?) AS
    DECLARE VARIABLE I INTEGER;
    DECLARE VARIABLE DUE DATE;
BEGIN
    I = P_FROM;
    WHILE (I < P_TO) DO
    BEGIN
        DUE = DATEADD(-MOD(:I * 37, :P_SPREAD) DAY TO :P_LAST);
        INSERT INTO RECEBER VALUES (:I, MOD(:I, :P_CUSTOMERS), 'NF ' || :I, DATEADD(-30 DAY TO :DUE), :DUE, 150, 150);
        I = I + 1;
    END
END"""
_PROFILE = """\
[perfil]
nome = "Bancada"
[titulos]
sql = '''SELECT R.CODIGO AS REF, R.CLIENTE AS CLIENTE_CODIGO, C.NOME AS CLIENTE_NOME, C.DOC AS CLIENTE_DOC,
    C.ENDERECO AS CLIENTE_ENDERECO, C.CIDADE AS CLIENTE_CIDADE, C.UF AS CLIENTE_UF, R.DOCUMENTO AS DOCUMENTO,
    R.EMISSAO AS EMISSAO, R.VENCE AS VENCIMENTO, R.VALOR AS VALOR, R.SALDO AS VALOR_ABERTO
    FROM RECEBER R JOIN CLIENTE C ON C.CODIGO = R.CLIENTE WHERE R.VENCE BETWEEN :de AND :ate AND R.SALDO > 0'''
[contatos]
sql = '''SELECT CODIGO AS CLIENTE_CODIGO, FONE AS TELEFONE, 'S' AS RECEBE_AVISO FROM CLIENTE'''
"""
_FLOOR = (
    "SELECT R.CODIGO, R.CLIENTE, C.NOME, C.DOC, C.ENDERECO, C.CIDADE, C.UF, R.DOCUMENTO, R.EMISSAO, R.VENCE, R.VALOR, "
    "R.SALDO FROM RECEBER R JOIN CLIENTE C ON C.CODIGO = R.CLIENTE WHERE R.VENCE > '2000-01-01' AND R.SALDO > 0 "
    "ORDER BY CAST(R.CLIENTE AS VARCHAR(30))"
)
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Closed:
    """What one closing took: seconds of the run itself, the process's greatest resident size, and its messages."""

    seconds: float
    peak_mb: float
    messages: int
    titles: int
    idle_mb: float


def measure(place: Place, *, quick: bool) -> list[Figure]:
    """Two shops with equally many customers, one with ten times the titles; the larger one is closed twice."""
    few, many, customers = (500, 5_000, 1_000) if quick else (10_000, 100_000, 20_000)
    small, large = make_shop(place, few, customers), make_shop(place, many, customers)
    light = close(place, small)
    first, again = close(place, large), close(place, large)
    bare = _bare(place, large)
    small.unlink()
    large.unlink()
    floor = Floor("reading the same rows in the same order with fdb alone", bare)
    fewer = Floor(f"with {few:,} titles of as many customers ({customers:,})", light.peak_mb)
    told = f"{first.messages} messages with {first.titles} titles were queued"
    before = f"{first.idle_mb:.0f} MB before the closing began"
    return [
        Figure(GROUP, f"closing over {many:,} open titles", first.seconds, "s", 1, floor, Target(_SECONDS), note=told),
        Figure(
            GROUP, "the same closing once more", again.seconds, "s", 1, floor, note=f"{again.messages} messages queued"
        ),
        Figure(
            GROUP,
            f"most memory with {many:,} titles",
            first.peak_mb,
            "MB",
            1,
            fewer,
            Target(_GROWTH, of_floor=True),
            note=before,
        ),
    ]


def make_shop(place: Place, titles: int, customers: int) -> Path:
    """A database with the contract and a vendor's two tables."""
    path = place.database(f"closing-{titles}.fdb")
    last = _AT.date() + timedelta(days=_AHEAD_DAYS)
    with place.attach(path) as connection:
        for sql in _TABLES:
            connection.execute_immediate(sql)
            connection.commit()
        cursor = connection.cursor()
        cursor.execute(_CUSTOMERS, (customers,))
        for first in range(0, titles, _CHUNK):
            upto = min(first + _CHUNK, titles)
            cursor.execute(_TITLES, (first, upto, customers, datetime(last.year, last.month, last.day), _SPREAD_DAYS))
        cursor.close()
        connection.commit()
    return path


def close(place: Place, path: Path) -> Closed:
    """The closing in a new process."""
    folder = place.folder / f"closing-{path.stem}"
    folder.mkdir(exist_ok=True)
    (folder / "bancada.toml").write_text(_PROFILE, encoding="utf-8")
    config = place.config(path)
    written = config.read_text(encoding="utf-8")
    config.write_text(f'{written}\n[fechamento]\nligado = true\nperfil = "bancada.toml"\n', encoding="utf-8")
    command = [sys.executable, "-m", "tools.bench.closing", str(config), str(folder), _AT.isoformat()]
    done = subprocess.run(command, cwd=ROOT, env=dict(place.environment()), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return Closed(**json.loads(done.stdout))


def _bare(place: Place, path: Path) -> float:
    with place.attach(path) as connection:
        cursor: fdb.Cursor = connection.cursor()
        start = time.perf_counter()
        cursor.execute(_FLOOR)
        while cursor.fetchmany(200):
            pass
        seconds = time.perf_counter() - start
        cursor.close()
    return seconds


def _child(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    parser.add_argument("config", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("at", type=datetime.fromisoformat)
    chosen = parser.parse_args(arguments)
    with open_closing(Settings.load(chosen.config), chosen.folder) as closing:
        idle = _resident("VmRSS")
        start = time.perf_counter()
        result = closing.run(chosen.at)
        seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "peak_mb": _resident("VmHWM"),
        "messages": result.messages,
        "titles": result.titles,
        "idle_mb": idle,
    }


def _resident(name: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    kib = next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:"))
    return kib * 1024 / 1e6


if __name__ == "__main__":
    print(json.dumps(_child(sys.argv[1:])))
