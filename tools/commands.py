"""The commands of `dev.py`. Each sets up first what is missing, then runs its work inside `.venv`."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tools import chromium, desktop_programs, environment, firebird_embedded, firebird_packages, firebird_windows, prism
from tools.environment import LAUNCHER, PYTHON, ROOT, WINDOWS
from tools.firebird_server import PrivateServer
from tools.messages import SetupError

DEMO = ROOT / ".demo"
#: The Firebird client to load where the settings name none.
CLIENT_VARIABLE = "INTEGRATOR_FBCLIENT"
PASSWORD_VARIABLE = "INTEGRATOR_SENHA"

_MOST_WORKERS = 4
#: Linux keeps files here in memory alone; the tests fill some 2 GiB.
_IN_MEMORY, _ROOM = Path("/dev/shm"), 8 * 2**30
_LINTERS = (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",), ("lint-imports", "--no-logo"))

_USAGE = f"""\
Uso: {LAUNCHER} dev.py COMANDO [opções]

  setup              prepara tudo: .venv, bibliotecas e Firebird (os outros comandos também o fazem)
  demo [--out DIR]   a noite de uma loja, do fechamento às mensagens, com o simulador (--erp varejo: por um perfil)
  panel [PORTA]      o painel no navegador, com a loja da demonstração
  test [opções]      verificações e testes; com opções, só o pytest com elas
  lint               só as verificações: ruff, mypy e import-linter
  bench [--json]     medidas de tempo e memória
  faults [opções]    derruba motores, servidor e respostas ao acaso e confere que nada se perde nem sai em dobro
                     --field: as falhas do servidor do banco, com o integrador rodando
  engine [opções]    prova longa do WhatsApp embutido: milhares de PDFs com memória parada, processos derrubados
  properties         procura ao acaso um texto, boleto ou documento que sairia errado (--quick: poucos casos)
  features           a tabela da missão, com o que os testes provam (--unproved: só o que falta)
  build [--demo]     empacota o programa em dist/Integrador e confere; --demo: e envia a fila da demonstração
  installer          o instalador, de dist/Integrador (--from PASTA: de outra pasta)
  icons              redesenha os ícones a partir de assets/integrador.svg
  wine [comando]     o Python do Windows sob o Wine, em que os testes rodam o que é do Windows (docs/wine.md)
  lock [--upgrade]   refaz requirements/lock.txt a partir do pyproject.toml
  run [opções]       o próprio programa, dentro do ambiente do projeto
"""


def main(arguments: Sequence[str]) -> int:
    """Runs one command; answers the exit code of what it ran."""
    name, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    command = _COMMANDS.get(name)
    if command is None:
        print(_USAGE)
        return 0 if name in {"", "-h", "--help", "help"} else 2
    try:
        environment.ensure()
        return command(rest)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _setup(_: list[str]) -> int:
    if firebird_embedded.available():
        for major in firebird_embedded.MAJORS:
            firebird_embedded.ensure(major)
    _ensure_programs()
    print("Tudo pronto.")
    return 0


def _ensure_programs() -> None:
    """What tests use beside Python and Firebird."""
    chromium.ensure()
    prism.ensure()
    desktop_programs.ensure()


def _test(arguments: list[str]) -> int:
    _ensure_programs()
    if arguments:
        return _python("-m", "pytest", *arguments)
    # Side by side, each with a Firebird of its own; a file's tests stay together, because they share what they made.
    # One more than there are processors: many tests wait for a server, a browser or a window.
    workers = str(min(_MOST_WORKERS, (os.cpu_count() or 1) + 1))
    by_file = ("--dist", "loadfile", "--no-loadscope-reorder")
    with tempfile.TemporaryDirectory(prefix="integrador-", dir=_memory(), ignore_cleanup_errors=True) as folder:
        options = ("-n", workers, *by_file, "--basetemp", str(Path(folder) / "testes"))
        return _beside("lint", lambda: _python("-m", "pytest", *options))


def _memory() -> Path | None:
    """Where files are only in memory, if there is plenty: databases write each change through to the disk."""
    roomy = os.access(_IN_MEMORY, os.W_OK) and shutil.disk_usage(_IN_MEMORY).free > _ROOM
    return _IN_MEMORY if roomy else None


def _beside(command: str, work: Callable[[], int]) -> int:
    """Runs another command of this file while the work runs, and tells its words after the work's own."""
    with tempfile.TemporaryFile() as words:
        other = subprocess.Popen(
            [str(PYTHON), "dev.py", command], env=_environment(), cwd=ROOT, stdout=words, stderr=subprocess.STDOUT
        )
        try:
            code = work()
            other_code = other.wait()
        finally:
            other.kill()  # of no use to somebody who has pressed Ctrl+C
            other.wait()
        words.seek(0)
        sys.stdout.buffer.write(words.read())
        sys.stdout.flush()
    return code or other_code


def _lint(_: list[str]) -> int:
    """All of them, so that one run tells everything that is to be mended."""
    programs = PYTHON.parent
    failed = [" ".join(linter) for linter in _LINTERS if _wait([str(programs / linter[0]), *linter[1:]], {}, ROOT)]
    if failed:
        print(f"Reprovado por: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _bench(arguments: list[str]) -> int:
    return _python("-m", "tools.bench", *arguments)


def _faults(arguments: list[str]) -> int:
    return _python("-m", "tools.faults", *arguments)


def _engine(arguments: list[str]) -> int:
    return _python("-m", "tools.engine_endurance", *arguments)


def _properties(arguments: list[str]) -> int:
    return _python("-m", "tools.properties", *arguments)


def _features(arguments: list[str]) -> int:
    return _python("-m", "tools.features", *arguments)


def _build(arguments: list[str]) -> int:
    return _python("-m", "tools.build", *arguments)


def _installer(arguments: list[str]) -> int:
    desktop_programs.ensure()
    return _python("-m", "tools.installer", *arguments)


def _icons(arguments: list[str]) -> int:
    return _python("-m", "tools.icons", *arguments)


def _wine(arguments: list[str]) -> int:
    desktop_programs.ensure()
    return _python("-m", "tools.wine_python", *arguments)


def _lock(arguments: list[str]) -> int:
    return _python("-m", "tools.lock", *arguments)


def _run(arguments: list[str]) -> int:
    command = [str(PYTHON), "-m", "integrator", *arguments]
    if not WINDOWS:
        firebird = firebird_packages.ensure()
        client = {CLIENT_VARIABLE: str(firebird.client_library), **firebird.environment()}
        # The engine takes this process' place, so that signals to it reach the engine itself.
        os.execve(command[0], command, {**client, **os.environ})
    return _wait(command, {CLIENT_VARIABLE: str(firebird_windows.ensure())})


def _demo(arguments: list[str]) -> int:
    """Gives the demo a server of its own and the folder where it makes its databases, both new at each run."""
    databases = DEMO / "bancos"
    for folder in (databases, DEMO / "servidor"):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    options = ["--pasta-bancos", str(databases), *arguments]
    if not any(argument == "--out" or argument.startswith("--out=") for argument in arguments):
        options += ["--out", str(DEMO / "saida")]
    if WINDOWS:
        return _python("-m", "integrator", "demo", "--cliente", str(firebird_windows.ensure()), *options)
    with PrivateServer(DEMO / "servidor") as server:
        place = ["--servidor", server.host, "--porta", str(server.port), "--cliente", str(server.client_library)]
        return _wait(
            [str(PYTHON), "-m", "integrator", "demo", *place, *options],
            {PASSWORD_VARIABLE: server.password, **server.client_environment()},
        )


def _panel(arguments: list[str]) -> int:
    """The demonstration's shop is made when it is not there yet; an earlier one goes on with what was done in it."""
    if not (DEMO / "saida/dados/integrator.db").exists() or not any((DEMO / "bancos").glob("*.fdb")):
        made = _demo([])
        if made:
            return made
    return _python("-m", "tools.panel_demo", *arguments)


def _python(*arguments: str) -> int:
    """Runs the venv's Python from the repository's root."""
    extra = {} if WINDOWS else firebird_packages.ensure().environment()
    return _wait([str(PYTHON), *arguments], extra, ROOT)


def _wait(command: list[str], extra: Mapping[str, str], folder: Path | None = None) -> int:
    """Ctrl+C reaches the child too: it finishes or releases what it holds, and only then is this process free."""
    child = subprocess.Popen(command, env=_environment(extra), cwd=folder)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def _environment(extra: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Where Python may not keep what it compiled, pytest and each program that a test starts compile it all again."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, **extra}


_COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "setup": _setup,
    "demo": _demo,
    "panel": _panel,
    "test": _test,
    "lint": _lint,
    "bench": _bench,
    "engine": _engine,
    "faults": _faults,
    "properties": _properties,
    "features": _features,
    "build": _build,
    "installer": _installer,
    "icons": _icons,
    "wine": _wine,
    "lock": _lock,
    "run": _run,
}
