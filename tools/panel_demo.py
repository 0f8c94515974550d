"""`dev.py panel`: the panel on the demonstration's shop, to be tried in a browser, until Ctrl+C.

The daemon is the product's own, with the simulator: what is confirmed or released on the pages leaves, one message
every twenty seconds, and shows on the simulator's phones.
"""

import os
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import fdb

from tools.environment import PYTHON, ROOT
from tools.firebird_server import PrivateServer

_PATIENCE_S = 30.0
_CONFIG = """\
# A loja da demonstração, para experimentar o painel.
[banco]
servidor = "{host}"
porta = {port}
caminho = '{path}'
cliente = '{client}'

[painel]
porta = {panel_port}

[envio]
intervalo_min_s = 20
intervalo_max_s = 20

[whatsapp]
motor = "simulador"
ddd_padrao = "49"

[calendario.cobranca]
feriados = true

[documentos]
pastas_permitidas = ['{files}']
"""


#: What the demonstration dated by its own clock, which may be ahead of this computer's.
_DATED = {
    "WA_FILA": ("CRIADO_EM", "ENVIADA_EM", "ENTREGUE_EM", "LIDA_EM"),
    "WA_PARTE": ("ENVIADA_EM", "ENTREGUE_EM", "LIDA_EM"),
}


def main(arguments: list[str]) -> int:
    """Serve at the port given until interrupted; the daemon's exit code. The demonstration has been run before."""
    panel_port = int(arguments[0]) if arguments else 8787
    databases, out = ROOT / ".demo/bancos", ROOT / ".demo/saida"
    path, data = next(databases.glob("*.fdb")), out / "dados"
    with PrivateServer(databases.parent / "servidor-painel") as server:
        config = out / "painel.toml"
        values = {"host": server.host, "port": server.port, "path": path, "client": server.client_library}
        _bring_to_yesterday(server, path)
        config.write_text(
            _CONFIG.format(**values, panel_port=panel_port, files=databases / "arquivos"), encoding="utf-8"
        )
        environment = {**os.environ, **server.client_environment(), "INTEGRATOR_SENHA": server.password}
        program = [str(PYTHON), "-m", "integrator", "--config", str(config), "--dados", str(data)]
        daemon = subprocess.Popen([*program, "run", "--headless"], env=environment)
        try:
            print(f"Abra no navegador (vale uma vez): {_link(program, environment, daemon)}", flush=True)
            return daemon.wait()
        except KeyboardInterrupt:
            return daemon.wait()
        finally:
            daemon.terminate()


def _bring_to_yesterday(server: PrivateServer, path: Path) -> None:
    """The demonstration's day becomes yesterday, so that the pages about the last days have something to show."""
    fdb.load_api(str(server.client_library))
    with closing(fdb.connect(server.dsn(path), server.user, server.password, charset="UTF8")) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT MAX(ENVIADA_EM) FROM WA_FILA")
        ((latest,),) = cursor.fetchall()
        days = (latest.date() - datetime.now().date()).days + 1 if latest else 0
        for table, columns in _DATED.items() if days > 0 else ():
            changes = ", ".join(f"{column} = DATEADD({-days} DAY TO {column})" for column in columns)
            cursor.execute(f"UPDATE {table} SET {changes}")
        connection.commit()


def _link(program: list[str], environment: dict[str, str], daemon: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and daemon.poll() is None:
        asked = subprocess.run(
            [*program, "panel", "--link"], env=environment, capture_output=True, text=True, check=False
        )
        if asked.returncode == 0:
            return asked.stdout.strip()
        time.sleep(0.5)
    print("O painel não abriu; a causa está logo acima.", file=sys.stderr)
    return "?"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
