"""The service's commands: what they ask of Windows' Task Scheduler, in which order, and what they tell."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import keyring
import pytest
import typer

from integrator.cli import service
from integrator.cli.context import choose
from integrator.cli.ending import DONE, FAILED, INTERRUPTED, WRONG_USAGE
from integrator.cli.portuguese import App
from integrator.cli.service import Computer
from integrator.domain.errors import IntegratorError, SettingsError
from integrator.local_address import PanelAway
from integrator.paths import SERVICE_MARK
from integrator.program import home
from integrator.secrets import Source, database_password, store_secret
from integrator.single_instance import InstanceLock
from integrator.windows.task import Completed, TaskScheduler
from tests.config.conftest import MemoryKeyring


@dataclass
class Windows:
    """A computer with a Task Scheduler that remembers what it was asked."""

    folder: Path
    admin: bool = True
    installed: bool = False
    on: bool = True
    refuses: str = ""
    describes: bool = True
    asked: list[str] = field(default_factory=list)
    let_in: list[str] = field(default_factory=list)
    xml: str = ""
    engine: InstanceLock | None = None

    def computer(self) -> Computer:
        who = "S-1-5-21-7"
        return Computer(TaskScheduler(self.run), lambda: self.admin, lambda: who, self.allow, self.folder / "tarefa")

    def allow(self, folder: Path, user: str) -> None:
        assert folder == self.folder
        if user == "ninguem":
            raise OSError("icacls returned 1332")
        self.let_in.append(user)

    def run(self, command: Sequence[str]) -> Completed:
        program, action, *rest = command
        assert program == "schtasks"
        assert rest[:2] == ["/tn", "Integrador"]
        if action == "/query":
            known = self.installed and (self.describes or "/xml" not in rest)
            return Completed(0 if known else 1, self._described())
        self.asked.append(
            " ".join([action, *(Path(each).name if each.endswith(".xml") else each for each in rest[2:])])
        )
        if action == self.refuses:
            return Completed(1, "ERRO: acesso negado")
        if action == "/create":
            file = Path(rest[3])
            assert not file.is_relative_to(self.folder), "who may write there could exchange what runs as the system"
            self.xml = file.read_text(encoding="utf-16")
            self.installed = self.on = True
        if action == "/change":
            self.on = rest[2] == "/enable"
        if action == "/end" and self.engine:
            self.engine.release()
        return Completed(0, "")

    def _described(self) -> str:
        trigger = "<BootTrigger><Enabled>false</Enabled></BootTrigger>"
        return f"{trigger}<Settings><Enabled>{str(self.on).lower()}</Enabled></Settings>"


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> MemoryKeyring:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "the test's")
    found = MemoryKeyring()
    monkeypatch.setattr(keyring, "get_keyring", lambda: found)
    monkeypatch.setattr(keyring.core, "_keyring_backend", found)
    return found


@pytest.fixture
def windows(place: Path, monkeypatch: pytest.MonkeyPatch, keys: MemoryKeyring) -> Windows:
    (place / "dados").mkdir()
    made = Windows(place / "dados")
    monkeypatch.setattr(service, "this_computer", made.computer)
    monkeypatch.setattr(service, "ask", _nobody)
    return made


def _nobody(_folder: Path, _path: str, _fields: Mapping[str, str]) -> object:
    raise PanelAway("O painel não está aberto.")


@pytest.fixture
def run(windows: Windows, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command of the group; what it told."""

    def call(*arguments: str, code: int = 0) -> str:
        whole = App(help="o todo")
        whole.add_typer(service.app, name="service")
        main = typer.main.get_command(whole).main
        assert (main(["service", *arguments], standalone_mode=False, obj=choose(None, windows.folder)) or 0) == code
        return capsys.readouterr().out

    return call


def test_install_lets_the_user_in_creates_the_task_and_starts_it(windows: Windows, run: Callable[..., str]) -> None:
    told = run("install", "--usuario", "LOJA\\maria")
    assert "Serviço instalado e iniciado." in told
    assert windows.let_in == ["LOJA\\maria"]
    assert windows.asked == ["/create /xml servico.xml /f", "/run"]


def test_the_task_runs_this_program_on_this_data_folder(windows: Windows, run: Callable[..., str]) -> None:
    run("install")
    assert windows.let_in == ["S-1-5-21-7"], "without a name it is who installs"
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    action = ElementTree.fromstring(windows.xml).find("t:Actions/t:Exec", space)
    assert action is not None
    assert action.findtext("t:Command", namespaces=space) == sys.executable
    assert action.findtext("t:Arguments", namespaces=space) == (
        f'-m integrator --dados "{windows.folder}" run --service'
    )


def test_a_configuration_elsewhere_is_named(
    windows: Windows, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    (place / "minha.toml").write_text("", encoding="utf-8")
    monkeypatch.setenv("INTEGRATOR_CONFIG", str(place / "minha.toml"))
    run("install")
    assert f'--config "{place / "minha.toml"}" run --service' in windows.xml


def test_the_secrets_of_this_user_move_to_where_the_service_reads_them(
    windows: Windows, run: Callable[..., str], keys: MemoryKeyring
) -> None:
    (windows.folder / "config.toml").write_text(
        "[whatsapp]\nmotor = 'evolution'\nservidor = 'http://srv01:8080'\n", encoding="utf-8"
    )
    assert store_secret("senha", "çãé!") is Source.KEYRING
    store_secret(choose(None, windows.folder).settings().whatsapp.secret, "chave")
    told = run("install")
    assert keys.entries == {}
    assert database_password() == ("çãé!", Source.FILE)
    assert "passaram para a máquina: 2" in told
    assert "guarde-a com" not in told


def test_a_password_that_is_nowhere_is_told(windows: Windows, run: Callable[..., str]) -> None:
    assert "guarde-a com: integrator senha --maquina" in run("install")


@pytest.mark.parametrize("command", ["install", "remove", "start", "stop"])
def test_only_an_administrator_changes_the_service(windows: Windows, run: Callable[..., str], command: str) -> None:
    windows.admin = False
    with pytest.raises(IntegratorError, match="Executar como administrador"):
        run(command)
    assert windows.asked == []


def test_the_running_engine_is_asked_to_end_before_the_service_takes_over(
    windows: Windows, run: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = InstanceLock(windows.folder)
    asked: list[tuple[Path, str]] = []

    def end(folder: Path, path: str, _fields: Mapping[str, str]) -> object:
        asked.append((folder, path))
        assert (folder / SERVICE_MARK).exists(), "or a desktop of another session would take its place"
        threading.Timer(0.3, engine.release).start()
        return {}

    monkeypatch.setattr(service, "ask", end)
    run("install")
    assert asked == [(windows.folder, "/local/programa/stop")]
    assert windows.asked[-1] == "/run"


def test_an_engine_that_cannot_be_asked_is_ended_by_windows(windows: Windows, run: Callable[..., str]) -> None:
    windows.installed, windows.engine = True, InstanceLock(windows.folder)
    assert "Serviço parado." in run("stop")
    assert windows.asked == ["/change /disable", "/end"]


def test_an_engine_of_somebodys_desktop_that_goes_on_is_told(windows: Windows, run: Callable[..., str]) -> None:
    windows.refuses = "/end"
    with InstanceLock(windows.folder), pytest.raises(IntegratorError, match="ainda está em execução"):
        run("install")
    assert "/run" not in windows.asked
    assert not (windows.folder / SERVICE_MARK).exists()  # the desktop goes on, and may begin again


def test_what_was_stopped_stays_so_until_it_is_started(windows: Windows, run: Callable[..., str]) -> None:
    run("install")
    assert (windows.folder / SERVICE_MARK).exists()  # no desktop takes the place of a service that was stopped
    assert "Serviço: instalado, inicia com o computador\nEnvio: parado" in run("status")
    run("stop")
    assert "Serviço: instalado e parado; para voltar: integrator service start" in run("status", code=11)
    run("start")
    assert windows.asked[-2:] == ["/change /enable", "/run"]
    with InstanceLock(windows.folder):
        assert "Envio: em execução" in run("status")
        assert "já está em execução" in run("start")


def test_remove_stops_first_and_is_content_when_there_is_nothing(windows: Windows, run: Callable[..., str]) -> None:
    (windows.folder / SERVICE_MARK).touch()  # of a task that somebody deleted by hand
    assert "não está instalado" in run("remove")
    assert not (windows.folder / SERVICE_MARK).exists()
    windows.installed, windows.engine = True, InstanceLock(windows.folder)
    assert "Serviço removido." in run("remove")
    assert windows.asked == ["/change /disable", "/end", "/delete /f"]


def test_what_is_not_installed_is_not_started_nor_stopped(windows: Windows, run: Callable[..., str]) -> None:
    for command in ("start", "stop"):
        with pytest.raises(IntegratorError, match="Para instalar: integrator service install"):
            run(command)


@pytest.mark.parametrize(("admin", "told"), [(True, "não instalado\n"), (False, "só um administrador pode ver")])
def test_the_state_of_what_is_not_installed(windows: Windows, run: Callable[..., str], admin: bool, told: str) -> None:
    windows.admin = admin
    if not admin:
        (windows.folder / "tarefa").touch()  # who may not ask Windows is not told that it keeps silent
    assert run("status", code=10).startswith("Serviço: não instalado")
    assert told in run("status", code=10)


@pytest.mark.parametrize("command", ["status", "remove", "start", "stop"])
def test_a_task_of_which_windows_does_not_speak_is_not_taken_for_none(
    windows: Windows, run: Callable[..., str], command: str
) -> None:
    (windows.folder / "tarefa").touch()
    (windows.folder / SERVICE_MARK).touch()
    with pytest.raises(IntegratorError, match="Agendador de Tarefas do Windows não respondeu"):
        run(command)
    assert windows.asked == []
    assert (windows.folder / SERVICE_MARK).exists()


def test_a_task_that_windows_does_not_describe_is_not_taken_for_stopped(
    windows: Windows, run: Callable[..., str]
) -> None:
    windows.installed, windows.describes = True, False
    with pytest.raises(IntegratorError, match="Agendador de Tarefas do Windows não respondeu"):
        run("status")


def test_no_failure_ends_with_a_code_that_an_update_takes_for_a_state_of_the_service() -> None:
    aborted, signals = 3, range(128, 160)
    states = {service._NOT_INSTALLED, service._STOPPED}
    assert states.isdisjoint({DONE, FAILED, WRONG_USAGE, INTERRUPTED, aborted, *signals})


@pytest.mark.parametrize(
    ("refuses", "told"), [("/create", "não aceitou criar a tarefa"), ("/run", "não aceitou iniciar a tarefa")]
)
def test_a_refusal_of_the_task_scheduler_is_told(
    windows: Windows, run: Callable[..., str], refuses: str, told: str
) -> None:
    windows.refuses = refuses
    with pytest.raises(IntegratorError, match=told) as refused:
        run("install")
    assert "acesso negado" in refused.value.detail


def test_a_name_that_windows_does_not_know_is_told_before_anything_changes(
    windows: Windows, run: Callable[..., str], keys: MemoryKeyring
) -> None:
    store_secret("senha", "segredo")
    with pytest.raises(IntegratorError, match="Não consegui dar a ninguem o acesso"):
        run("install", "--usuario", "ninguem")
    assert windows.asked == []
    assert list(keys.entries.values()) == ["segredo"]


def test_a_wrong_configuration_is_told_before_anything_is_installed(windows: Windows, run: Callable[..., str]) -> None:
    (windows.folder / "config.toml").write_text("[banco]\nporta = 'x'\n", encoding="utf-8")
    with pytest.raises(SettingsError):
        run("install")
    assert windows.asked == []


def test_a_library_that_anybody_may_exchange_is_told_before_anything_is_installed(
    windows: Windows, run: Callable[..., str]
) -> None:
    (windows.folder / "config.toml").write_text("[banco]\ncliente = 'D:\\S4\\fbclient.dll'\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="Apague a linha cliente"):
        run("install")
    assert (windows.asked, windows.let_in) == ([], [])


def test_a_program_where_anybody_may_write_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(service, "is_frozen", lambda: True)
    service._warn_of_program_folder()
    assert "só administradores gravam" in capsys.readouterr().err
    monkeypatch.setenv("ProgramFiles", str(home().parent))
    service._warn_of_program_folder()
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="the words for other systems")
def test_elsewhere_the_commands_point_to_systemd() -> None:
    with pytest.raises(IntegratorError, match="systemd"):
        service.this_computer()
