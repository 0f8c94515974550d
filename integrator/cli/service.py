"""``integrator service …``: the engine from the computer's start on, before anybody signs in, as a task of Windows."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final

import typer

from integrator.cli.context import Choice, choice_of
from integrator.cli.ending import DONE
from integrator.cli.portuguese import App
from integrator.domain.errors import IntegratorError
from integrator.erp.client import require_safe
from integrator.local_address import ask
from integrator.paths import SERVICE_MARK, config_file
from integrator.private_file import write_private
from integrator.program import command, home, is_frozen
from integrator.secrets import DATABASE_PASSWORD, is_for_machine, move_to_machine
from integrator.settings import Settings, settings_file
from integrator.single_instance import is_held
from integrator.windows.task import TASK, TaskRefused, TaskScheduler, run_command, task_xml

app = App(help="O serviço: envia desde que o computador liga, mesmo sem ninguém conectado ao Windows.")

STOP: Final = "/local/programa/stop"
#: The row in hand is finished first; the slowest message takes somewhat more than a minute.
_PATIENCE_S: Final = 120.0
_POLL_S: Final = 0.2
#: Exit codes of ``status``, which an upgrade reads. No failure ends with them: that is 1 for an error that is told, 2
#: for wrong usage, 3 for a program that Windows saw abort.
_NOT_INSTALLED: Final = 10
_STOPPED: Final = 11
_XML: Final = "servico.xml"
_NO_ANSWER: Final = (
    "O serviço está instalado, mas o Agendador de Tarefas do Windows não respondeu sobre ele. Confira se o serviço "
    "“Agendador de Tarefas” está em execução e repita."
)
_STILL_RUNNING: Final = (
    "O Integrador ainda está em execução. Feche-o pelo ícone ao lado do relógio, com Sair, e repita."
)


class NoService(IntegratorError):
    """What was asked for cannot be done here, or not by this user."""

    title = "Serviço"


@dataclass(frozen=True, slots=True)
class Computer:
    """What of Windows the commands use. ``user`` names who runs this, ``allow`` lets a user into the data folder.

    ``task_file`` is where Windows keeps the task; administrators alone may look there.
    """

    tasks: TaskScheduler
    is_administrator: Callable[[], bool]
    user: Callable[[], str]
    allow: Callable[[Path, str], None]
    task_file: Path


def this_computer() -> Computer:
    """Raises :class:`NoService` elsewhere than on Windows."""
    if sys.platform == "win32":
        from integrator.windows.rights import allow
        from integrator.windows.user import current_sid, is_administrator

        file = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "Tasks", TASK)
        return Computer(TaskScheduler(run_command), is_administrator, current_sid, allow, file)
    raise NoService(
        "Este comando é do Windows. No Linux quem inicia o integrador com o computador é o systemd: a unidade "
        "pronta, e como instalá-la, estão em docs/servico.md."
    )


@app.command()
def install(
    context: typer.Context,
    user: Annotated[
        str,
        typer.Option(
            "--usuario",
            metavar="NOME",
            help="Quem usa as janelas do Integrador (LOJA\\maria): muda a configuração que o serviço lê, por isso só "
            "quem cuida deste computador. Padrão: você.",
        ),
    ] = "",
) -> None:
    """Instala o serviço e o inicia: as senhas passam do cofre deste usuário para arquivos que o serviço lê."""
    computer, choice = _as_administrator(), choice_of(context)
    folder, settings = choice.folder(), _settings(choice)
    _let_in(computer, folder, user or computer.user())
    _move_secrets(settings)
    _warn_of_program_folder()
    with _marked(folder):
        _stop_engine(computer, folder)
        _create(computer.tasks, choice, folder)
    computer.tasks.start()
    typer.echo("Serviço instalado e iniciado. Ele passa a iniciar com o computador, sem que ninguém se conecte.")


@app.command()
def remove(context: typer.Context) -> None:
    """Para o serviço e o remove; a fila, a configuração e as senhas ficam."""
    computer, mark = _as_administrator(), choice_of(context).folder() / SERVICE_MARK
    if not _is_installed(computer):
        # The task may have been deleted by hand, or the folder have come from another computer.
        mark.unlink(missing_ok=True)
        typer.echo("O serviço não está instalado.")
        return
    computer.tasks.switch(on=False)
    _stop_engine(computer, choice_of(context).folder())
    computer.tasks.delete()
    mark.unlink(missing_ok=True)
    typer.echo("Serviço removido. Para enviar, abra o Integrador.")


@app.command()
def start(context: typer.Context) -> None:
    """Inicia o serviço, agora e com o computador."""
    tasks = _installed(_as_administrator())
    tasks.switch(on=True)
    if is_held(choice_of(context).folder()):
        typer.echo("O Integrador já está em execução.")
        return
    tasks.start()
    typer.echo("Serviço iniciado.")


@app.command()
def stop(context: typer.Context) -> None:
    """Termina a mensagem em andamento e para o serviço, até “service start”."""
    computer = _as_administrator()
    _installed(computer).switch(on=False)
    _stop_engine(computer, choice_of(context).folder())
    typer.echo("Serviço parado. Ele não inicia mais com o computador até: integrator service start")


@app.command()
def status(context: typer.Context) -> None:
    """Diz se o serviço está instalado e se há envio em execução. Sai com 10 se não está instalado, 11 se parado."""
    state, code = _state(this_computer())
    typer.echo(f"Serviço: {state}")
    typer.echo(f"Envio: {'em execução' if is_held(choice_of(context).folder()) else 'parado'}")
    raise typer.Exit(code)


def _state(computer: Computer) -> tuple[str, int]:
    """The service in words, and the exit code that says the same. Raises :class:`NoService`."""
    if not _is_installed(computer):
        seen = "" if computer.is_administrator() else " (ou instalado, o que só um administrador pode ver)"
        return f"não instalado{seen}", _NOT_INSTALLED
    match computer.tasks.is_off():
        case None:
            raise NoService(_NO_ANSWER)
        case True:
            return "instalado e parado; para voltar: integrator service start", _STOPPED
        case False:
            return "instalado, inicia com o computador", DONE


def _is_installed(computer: Computer) -> bool:
    """Whether there is the task. Raises :class:`NoService` for one of which Windows does not speak.

    ``schtasks`` fails in the same way for what is not there and when its service is off.
    """
    if computer.tasks.is_installed():
        return True
    # Others are told of no task, whatever there is.
    if computer.is_administrator() and computer.task_file.exists():
        raise NoService(_NO_ANSWER)
    return False


def _as_administrator() -> Computer:
    computer = this_computer()
    if not computer.is_administrator():
        raise NoService(
            "Só um administrador muda o serviço. Abra o Prompt de Comando com “Executar como administrador” e repita."
        )
    return computer


def _installed(computer: Computer) -> TaskScheduler:
    if not _is_installed(computer):
        raise NoService("O serviço não está instalado. Para instalar: integrator service install")
    return computer.tasks


def _let_in(computer: Computer, folder: Path, user: str) -> None:
    try:
        computer.allow(folder, user)
    except OSError as error:
        raise NoService(
            f"Não consegui dar a {user} o acesso à pasta de dados {folder}. Confira o nome do usuário; quem é de um "
            "domínio se escreve DOMINIO\\nome.",
            detail=repr(error),
        ) from error


@contextmanager
def _marked(folder: Path) -> Iterator[None]:
    """The mark is there before an engine ends, so that no desktop takes its place; a failure leaves it as it was."""
    mark = folder / SERVICE_MARK
    was_there = mark.exists()
    mark.touch()
    try:
        yield
    except IntegratorError:
        if not was_there:
            mark.unlink(missing_ok=True)
        raise


def _settings(choice: Choice) -> Settings | None:
    """None while nothing is configured: the service waits for it. Raises ``SettingsError`` for what it cannot use."""
    if not settings_file(choice.config).exists():
        return None
    settings = choice.settings()
    for each in settings.databases:
        if each.client_library:
            require_safe(each.client_library)
    return settings


def _move_secrets(settings: Settings | None) -> None:
    """SYSTEM has a keyring of its own: what this user's holds must move to where it can be read."""
    names = [DATABASE_PASSWORD]
    if settings is not None:
        names += [each.secret for each in settings.databases]
        names += [name for number in settings.numbers for name in (number.secret, number.app_secret)]
    try:
        moved = sum(move_to_machine(name) for name in dict.fromkeys(names) if name)
        has_password = is_for_machine(DATABASE_PASSWORD)
    except OSError as error:
        raise NoService(
            "Não consegui gravar as senhas na pasta de dados. Confira a permissão da pasta; nada foi instalado.",
            detail=repr(error),
        ) from error
    if moved:
        typer.echo(f"Senhas e tokens que passaram para a máquina: {moved}")
    if not has_password:
        typer.echo(
            "A senha do banco não estava no cofre deste usuário. Se ela não é a padrão do Firebird, guarde-a com: "
            "integrator senha --maquina"
        )


def _create(tasks: TaskScheduler, choice: Choice, folder: Path) -> None:
    options = ["--dados", str(folder)]
    config = settings_file(choice.config).absolute()
    if config != config_file():
        options += ["--config", str(config)]
    try:
        # Not in the data folder: who may write there could exchange what Windows is about to run as the system.
        with TemporaryDirectory(prefix="integrador-") as scratch:
            file = Path(scratch) / _XML
            write_private(file, task_xml(command(*options, "run", "--service"), home()))
            tasks.create(file)
    except OSError as error:
        raise NoService(
            "Não consegui gravar na pasta temporária deste usuário. Confira o espaço em disco e repita.",
            detail=repr(error),
        ) from error


def _warn_of_program_folder() -> None:
    """The service runs what lies there, with all rights; outside Program Files, Windows lets everybody write."""
    own = [base for name in ("ProgramW6432", "ProgramFiles") if (base := os.environ.get(name, ""))]
    if is_frozen() and not any(home().is_relative_to(folder) for folder in own):
        typer.echo(
            f"Atenção: o programa está em {home()}, fora da pasta de programas do Windows. O serviço o executa com "
            "todas as permissões: confira que só administradores gravam nessa pasta.",
            err=True,
        )


def _stop_engine(computer: Computer, folder: Path, patience_s: float = _PATIENCE_S) -> None:
    """Ask whatever engine runs to end, and wait until it did. Raises :class:`NoService`.

    One that cannot be asked, since it waits for its configuration or has no panel, is asked by Windows.
    """
    if not is_held(folder):
        return
    typer.echo("Esperando a mensagem em andamento terminar…", err=True)
    try:
        ask(folder, STOP, {})
    except IntegratorError:
        try:
            computer.tasks.end()
        except TaskRefused as error:
            raise NoService(_STILL_RUNNING, detail=error.detail) from error
    until = time.monotonic() + patience_s
    while is_held(folder):
        if time.monotonic() >= until:
            raise NoService(_STILL_RUNNING)
        time.sleep(_POLL_S)
