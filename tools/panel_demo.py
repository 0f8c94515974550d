"""`dev.py panel`: the panel on the demonstration's shop, to be tried in a browser, until Ctrl+C.

The daemon is the product's own, with the simulator: what is confirmed or released on the pages leaves, one message
every twenty seconds, and shows on the simulator's phones.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from tools.environment import PYTHON
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
ddd_padrao = "49"

[calendario.cobranca]
feriados = true

[documentos]
pastas_permitidas = ['{files}']
"""


def run(databases: Path, out: Path, panel_port: int) -> int:
    """Serve until interrupted; the daemon's exit code. The demonstration has already left its database and folders."""
    path = next(databases.glob("*.fdb"))
    data = out / "dados"
    with PrivateServer(databases.parent / "servidor-painel") as server:
        config = out / "painel.toml"
        values = {"host": server.host, "port": server.port, "path": path, "client": server.client_library}
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
