"""Prism, which checks requests against Meta's own OpenAPI in the tests of the official API. Standard library only.

Needs Node.js and npm; where they are missing those few tests are skipped and say so. Versions and hashes are in
``tests/gateways/cloud_api/prism/package-lock.json``.
"""

import hashlib
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.environment import ROOT
from tools.firebird_server import free_port
from tools.messages import SetupError

FOLDER = ROOT / ".prism"
_LOCKED = ROOT / "tests/gateways/cloud_api/prism"
_FILES = ("package.json", "package-lock.json", ".npmrc")
SPECIFICATION = ROOT / "tests/gateways/cloud_api/contract/business-messaging-api_v23.0.yaml"
_PROGRAM = FOLDER / "node_modules/@stoplight/prism-cli/dist/index.js"
_STAMP = FOLDER / "node_modules/.integrador-lock"
_START_S = 100.0
_STOP_S = 10.0


def locate() -> Path | None:
    """The installed program, if it is the one of the lock file and there is a Node.js to run it."""
    fresh = _STAMP.exists() and _STAMP.read_text(encoding="ascii") == _digest()
    return _PROGRAM if fresh and _PROGRAM.exists() and shutil.which("node") else None


def ensure() -> Path | None:
    """The program, installed now if need be; None, with a word about it, where there is no Node.js.

    SetupError when npm fails.
    """
    found = locate()
    if found is not None:
        return found
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        print("Sem Node.js: os testes que conferem os pedidos à Meta serão pulados.", flush=True)
        return None
    print("Instalando o Prism, que confere os pedidos à API da Meta ...", flush=True)
    FOLDER.mkdir(exist_ok=True)
    for name in _FILES:
        shutil.copyfile(_LOCKED / name, FOLDER / name)
    done = subprocess.run([npm, "ci"], cwd=FOLDER, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode:
        raise SetupError("O npm não conseguiu instalar o Prism.", f"npm ci --prefix {FOLDER}\n{done.stderr.strip()}")
    _STAMP.write_text(_digest(), encoding="ascii")
    return _PROGRAM


@contextmanager
def start(program: Path) -> Iterator[str]:
    """Prism serving Meta's OpenAPI on a port of its own; its address."""
    node = shutil.which("node")
    assert node is not None
    port = free_port()
    command = [node, str(program), "mock", "--host", "127.0.0.1", "--port", str(port), "--multiprocess", "false"]
    with subprocess.Popen(
        [*command, str(SPECIFICATION)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1.0).close()
        except urllib.error.HTTPError as answered:
            answered.close()
            return
        except OSError:
            time.sleep(0.1)
    raise SetupError("O Prism não iniciou.", f"node {_PROGRAM} mock {SPECIFICATION}")


def _digest() -> str:
    return hashlib.sha256((_LOCKED / "package-lock.json").read_bytes()).hexdigest()
