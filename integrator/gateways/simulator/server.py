"""The simulator's process: started by ``integrator simulador …`` or ``python -m integrator.gateways.simulator …``.

Both call :func:`main`.
"""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from integrator.domain.errors import GatewayError
from integrator.gateways.simulator import wire
from integrator.gateways.simulator.endpoints import SimulatorServer
from integrator.gateways.simulator.posts import Mode
from integrator.gateways.simulator.simulation import Simulation

_log = logging.getLogger(__name__)


def main(argv: Sequence[str]) -> int:
    """Run a simulator until it is told to stop; the exit code is that of the process."""
    options = _parse(argv)
    folder: Path = options.pasta.absolute()
    folder.mkdir(parents=True, exist_ok=True)
    if wire.is_running(folder):
        return _fail(f"Já há um simulador em execução na pasta {folder}. Encerre-o ou use outra pasta.")
    (folder / wire.CARD_FILE).unlink(missing_ok=True)
    try:
        simulation = Simulation(folder, Mode(options.modo), options.semente)
        server = SimulatorServer(simulation, options.porta, secrets.token_urlsafe(24))
    except GatewayError as error:
        return _fail(error.message)
    except OSError as error:
        return _fail(f"Não foi possível abrir a porta {options.porta} ou a pasta {folder}: {error.strerror}.")
    if options.ate_fechar_entrada:
        threading.Thread(target=_stop_with_parent, args=(server,), daemon=True).start()
    wire.write_card(folder, wire.Card(server.server_port, server.token, simulation.mode, os.getpid()))
    try:
        server.serve_forever(poll_interval=0.05)
    except KeyboardInterrupt:
        _log.info("action=simulator_interrupted")
    finally:
        (folder / wire.CARD_FILE).unlink(missing_ok=True)
        server.server_close()
        simulation.close()
    return 0


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="integrator simulador", description="WhatsApp simulado neste computador.")
    parser.add_argument("--pasta", type=Path, required=True, help="onde fica o registro do que foi aceito")
    parser.add_argument("--porta", type=int, default=0, help="porta em 127.0.0.1; 0 escolhe uma livre")
    parser.add_argument("--modo", choices=[mode.value for mode in Mode], default=Mode.CONFIRMS.value)
    parser.add_argument("--semente", type=int, default=0, help="decide quem recebe e lê, e quando; 0: nada falha")
    parser.add_argument("--ate-fechar-entrada", action="store_true", help="termina junto com quem o iniciou")
    return parser.parse_args(argv)


def _fail(message: str) -> int:
    if sys.stderr is not None:
        sys.stderr.write(message + "\n")
    return 1


def _stop_with_parent(server: SimulatorServer) -> None:
    """Wait for the end of standard input, which the operating system closes when the starter dies."""
    if sys.stdin is None:  # a windowed executable on Windows has none
        return
    while os.read(sys.stdin.fileno(), 1):
        continue
    server.shutdown()
