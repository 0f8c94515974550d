"""Finds a Firebird 3 on a Debian-like Linux, or gets it: by apt as root, otherwise unpacked into a folder of our own.

The system's own Firebird service is never used or left running: `tools.firebird_server` starts private servers from
these files. Standard library only, because `dev.py setup` runs it before the virtual environment exists.
"""

import ctypes
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.messages import SetupError

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".firebird"

_PACKAGES = ("firebird3.0-server", "firebird3.0-server-core", "firebird3.0-utils", "firebird3.0-common", "libfbclient2")
_POLICY = Path("/usr/sbin/policy-rc.d")
_DISABLE_SERVICE = ("update-rc.d", "firebird3.0", "disable")


@dataclass(frozen=True, slots=True)
class Firebird:
    """A Firebird 3 in Debian's layout below `prefix`: "/" when installed, a cache folder when only unpacked."""

    prefix: Path

    @property
    def server(self) -> Path:
        return self.prefix / "usr/sbin/firebird"

    @property
    def isql(self) -> Path:
        return self.prefix / "usr/bin/isql-fb"

    @property
    def libraries(self) -> Path:
        """The folder of the architecture's shared libraries, usr/lib/x86_64-linux-gnu or its like."""
        found = sorted(self.prefix.glob("usr/lib/*-linux-gnu*/libfbclient.so.2"))
        if not found:
            raise SetupError(f"Faltam as bibliotecas do Firebird em {self.prefix}.", "python3 dev.py setup")
        return found[0].parent

    @property
    def client_library(self) -> Path:
        return self.libraries / "libfbclient.so.2"

    @property
    def home(self) -> Path:
        """Plugins, character sets and messages."""
        return self.libraries / "firebird/3.0"

    @property
    def settings(self) -> Path:
        return self.prefix / "etc/firebird/3.0"

    @property
    def security_script(self) -> Path:
        return self.prefix / "usr/share/firebird/3.0/security.sql"

    @property
    def complete(self) -> bool:
        return all(path.exists() for path in (self.server, self.isql, self.settings, self.security_script))

    def environment(self) -> dict[str, str]:
        """Variables that a process needs to load this client library; none when it is installed."""
        if self.prefix == Path("/"):
            return {}
        return {"LD_LIBRARY_PATH": str(self.libraries), "FIREBIRD_MSG": str(self.home)}

    def prepare_process(self) -> None:
        """Makes the client library loadable in this very process, whose loader has already read its environment."""
        if self.prefix == Path("/"):
            return
        os.environ.update(self.environment())
        for library in sorted(self.libraries.glob("libtommath.so.?")):
            ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)


def locate() -> Firebird | None:
    """The Firebird of the system, else the unpacked one, else nothing."""
    return next((found for found in (Firebird(Path("/")), Firebird(CACHE / "pkg")) if found.complete), None)


def ensure() -> Firebird:
    """The Firebird to use, installed or unpacked first where it is missing."""
    found = locate()
    if found is not None:
        return found
    if shutil.which("apt-get") is None:
        raise SetupError(
            "Não encontrei o Firebird 3 nem o apt-get para instalá-lo.",
            "instale os pacotes firebird3.0-server e firebird3.0-utils de um Debian 12 ou mais novo",
        )
    if os.geteuid() == 0:
        print("Instalando o Firebird 3 (só os arquivos; nenhum serviço fica ligado) ...", flush=True)
        _install()
    else:
        print("Baixando o Firebird 3 para a pasta .firebird (sem privilégio de administrador) ...", flush=True)
        _unpack()
    found = locate()
    if found is None:
        raise SetupError(
            "O Firebird 3 não ficou completo.", "sudo apt-get install firebird3.0-server firebird3.0-utils"
        )
    return found


def tommath() -> Path:
    """libtommath, which Firebird 3's packages depend on: beside them when they are unpacked, else the system's."""
    firebird = ensure()
    folders = (firebird.libraries, Path("/usr/lib") / firebird.libraries.name)
    found = [file for folder in folders for file in sorted(folder.glob("libtommath.so.?"))]
    if not found:
        raise SetupError("Falta a biblioteca libtommath.", "sudo apt-get install libtommath1")
    return found[0]


def apt_install(*packages: str) -> bool:
    """Installs distribution packages as root, refreshing apt's lists only where the first try fails."""
    return _apt("install", "-y", "--no-install-recommends", *packages) or (
        _apt("update") and _apt("install", "-y", "--no-install-recommends", *packages)
    )


def _install() -> None:
    with _no_service_start():
        installed = apt_install("firebird3.0-server", "firebird3.0-utils")
    if not installed:
        raise SetupError("O apt-get não conseguiu instalar o Firebird 3.", "apt-get install firebird3.0-server")
    subprocess.run(_DISABLE_SERVICE, check=False, capture_output=True)


@contextmanager
def _no_service_start() -> Iterator[None]:
    """Debian starts a service as soon as it is installed, unless this file says no."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n", encoding="utf-8")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()


def _unpack() -> None:
    debs = CACHE / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    if not _download(debs, ()):
        own = _own_lists()
        if not (_apt(*own, "update") and _download(debs, own)):
            raise SetupError(
                "Não consegui baixar o Firebird 3. Confira a internet.", "sudo apt-get install firebird3.0-server"
            )
    unpacking = CACHE / "pkg.new"
    shutil.rmtree(unpacking, ignore_errors=True)
    for deb in sorted(debs.glob("*.deb")):
        subprocess.run(["dpkg", "-x", str(deb), str(unpacking)], check=True)
    shutil.rmtree(CACHE / "pkg", ignore_errors=True)
    unpacking.rename(CACHE / "pkg")
    shutil.rmtree(debs)


def _download(folder: Path, options: tuple[str, ...]) -> bool:
    """Fetches Firebird's packages and the libraries that they need and this machine lacks."""
    plan = subprocess.run(
        ["apt-get", *options, "-s", "install", "--no-install-recommends", *_PACKAGES],
        check=False,
        capture_output=True,
        text=True,
        env=_apt_environment(),
    )
    wanted = {*_PACKAGES, *re.findall(r"^Inst (\S+)", plan.stdout, re.MULTILINE)}
    return plan.returncode == 0 and _apt(*options, "download", *sorted(wanted), folder=folder)


def _own_lists() -> tuple[str, ...]:
    """Options that let an ordinary user refresh package lists, in a folder of our own."""
    for name in ("lists/partial", "archives/partial"):
        (CACHE / "apt" / name).mkdir(parents=True, exist_ok=True)
    lists, cache = CACHE / "apt/lists", CACHE / "apt"
    return ("-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={cache}", "-o", "Debug::NoLocking=1")


def _apt(*arguments: str, folder: Path | None = None) -> bool:
    done = subprocess.run(
        ["apt-get", "-qq", *arguments], check=False, capture_output=True, text=True, cwd=folder, env=_apt_environment()
    )
    return done.returncode == 0


def _apt_environment() -> dict[str, str]:
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
