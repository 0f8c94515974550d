"""The installer under wine, with stand-in programs: silently, by clicks, over an older one, and taken away again."""

import os
import shutil

import pytest

from tests.installer.machine import DATA, PROGRAM, Machine
from tests.waiting import PATIENCE_S, eventually

_NEW = {
    "Integrador.exe",
    "integrator-cli.exe",
    "Desinstalar.exe",
    "arquivos.txt",
    "LICENCAS/LICENÇAS.txt",
    "_internal/zona/Brasília.txt",
    "_internal/velho.dll",
}


@pytest.mark.feature("S13", "S14")
def test_a_silent_installation_takes_the_connection_from_its_switches(machine: Machine) -> None:
    switches = ("/SERVIDOR=srv01", r"/BANCO=C:\Meus Dados\AÇÃO.FDB", "/PORTA=3051", "/USUARIO_BANCO=INTEGRADOR")

    assert machine.install(machine.installers.first, *switches) == 0

    assert set(machine.files()) == _NEW
    assert machine.files(DATA)["config.toml"].decode() == (
        "[banco]\nservidor = 'srv01'\nporta = 3051\ncaminho = 'C:\\Meus Dados\\AÇÃO.FDB'\nusuario = 'INTEGRADOR'\n"
    )
    assert machine.wine.autostart() == rf'"{PROGRAM}\Integrador.exe" --autostart'
    assert machine.shortcuts() == ["Desinstalar.lnk", "Integrador.lnk"]
    entry = machine.wine.uninstall_entry()
    assert int(entry.pop("EstimatedSize").removeprefix("dword:"), 16) > 100
    assert entry == {
        "DisplayName": "Integrador",
        "DisplayVersion": "0.1.0",
        "Publisher": "Integrador",
        "DisplayIcon": rf"{PROGRAM}\Integrador.exe,0",
        "InstallLocation": PROGRAM,
        "UninstallString": rf'"{PROGRAM}\Desinstalar.exe"',
        "QuietUninstallString": rf'"{PROGRAM}\Desinstalar.exe" /S',
        "NoModify": "dword:00000001",
        "NoRepair": "dword:00000001",
    }
    assert machine.calls() == []


@pytest.mark.parametrize(
    "switch", ["/PORTA=abc", "/PORTA=70000", "/SERVICO=sim", "/SERVDIOR=srv01", "/BANCO=D:\\D'ÁVILA.FDB", "/SERVIDOR="]
)
def test_a_switch_that_is_wrong_installs_nothing_and_says_which(machine: Machine, switch: str) -> None:
    assert machine.install(machine.installers.first, switch) == 6

    assert not machine.wine.path(PROGRAM).exists()
    assert f"Opção não aceita: {switch}." in machine.log()


def test_a_command_line_that_windows_installers_would_cut_off_is_refused(machine: Machine) -> None:
    assert machine.install(machine.installers.first, "/BANCO=" + "x" * 1100, "/PORTA=3051") == 6

    assert "comprida demais" in machine.log()


def test_a_password_is_not_taken_by_switch_and_not_written_anywhere(machine: Machine) -> None:
    assert machine.install(machine.installers.first, "/SENHA=segredo123") == 6

    assert "integrator-cli senha" in machine.log()
    assert "segredo123" not in machine.log()


def test_what_was_configured_is_never_overwritten(machine: Machine) -> None:
    config = machine.wine.path(rf"{DATA}\config.toml")
    config.parent.mkdir()
    config.write_bytes(b"# da loja\r\n")

    assert machine.install(machine.installers.first, "/SERVIDOR=srv01") == 0

    assert config.read_bytes() == b"# da loja\r\n"
    assert "config.toml já existe" in machine.log()


def test_a_windows_that_is_too_old_is_told_so(machine: Machine) -> None:
    machine.wine.pretend("6.3", 9600)
    try:
        assert machine.install(machine.installers.first) == 3
    finally:
        machine.wine.pretend()

    assert "precisa do Windows 10" in machine.log()
    assert not machine.wine.path(PROGRAM).exists()


def test_on_a_windows_server_it_sends_before_anybody_signs_in(machine: Machine) -> None:
    machine.wine.pretend("10.0", 14393, server=True)
    try:
        assert machine.install(machine.installers.first) == 0
    finally:
        machine.wine.pretend()

    assert machine.calls() == [f'integrator-cli.exe service install --usuario "{_person(machine)}"']


def test_a_full_disk_is_noticed_before_anything_is_written(machine: Machine) -> None:
    assert machine.install(machine.installers.huge) == 8

    assert "Falta espaço no disco C:" in machine.log()
    assert not machine.wine.path(PROGRAM).exists()


def test_an_update_closes_the_running_program_and_leaves_nothing_of_the_old_one(machine: Machine) -> None:
    machine.install(machine.installers.first, "/SERVIDOR=srv01", "/AUTOSTART=0", "/SERVICO=1")
    machine.wine.path(rf"{PROGRAM}\da-loja.txt").write_bytes(b"da loja")
    machine.wine.path(rf"{DATA}\integrator.db").write_bytes(b"o que ja saiu")
    before = machine.files(DATA)
    running = machine.start_program()
    seen = len(machine.calls())

    assert machine.install(machine.installers.second) == 0

    assert running.wait(PATIENCE_S) == 0
    assert machine.calls()[seen:] == [
        "integrator-cli.exe service status",
        "integrator-cli.exe service stop",
        "Integrador.exe --quit",
        r'integrator-cli.exe service install --usuario "' + _person(machine) + '"',
    ]
    files = machine.files()
    assert set(files) == _NEW - {"_internal/velho.dll"} | {"_internal/novo.dll", "da-loja.txt"}
    assert files["_internal/zona/Brasília.txt"] == b"dois"
    assert {**machine.files(DATA), "registro/instalacao.log": b""} == {**before, "registro/instalacao.log": b""}
    assert machine.wine.autostart() == "", "what was switched off stays off"
    assert machine.wine.uninstall_entry()["DisplayVersion"] == "0.2.0"


def test_a_silent_update_opens_the_program_that_it_closed(machine: Machine) -> None:
    machine.install(machine.installers.first)
    running = machine.start_program()

    assert machine.wine.run(machine.installers.second, "/s") == 0, "a small letter will do"

    assert running.wait(PATIENCE_S) == 0
    eventually(lambda: machine.is_there("running"))
    assert machine.calls()[-1] == "Integrador.exe "


def test_a_program_that_does_not_end_is_left_whole(machine: Machine) -> None:
    machine.install(machine.installers.first, "/SERVICO=1")
    before = machine.files()
    machine.start_program()
    machine.put("stubborn")

    assert machine.install(machine.installers.hasty) == 7
    assert machine.files() == before
    assert machine.calls()[-1] == "integrator-cli.exe service start", "what was stopped works again"
    assert machine.wine.run(rf"{PROGRAM}\Desinstalar.exe", "/S", *rf"_?={PROGRAM}".split(" ")) == 7
    assert machine.files() == before
    assert "Em uso: Integrador.exe." in machine.log()
    assert machine.wine.uninstall_entry()["DisplayVersion"] == "0.1.0"


def test_a_file_that_cannot_be_moved_brings_the_old_version_back(machine: Machine) -> None:
    machine.install(machine.installers.first)
    before = machine.files()
    machine.hold(rf"{PROGRAM}\arquivos.txt")

    assert machine.install(machine.installers.hasty) == 9
    assert machine.files() == before
    assert rf"Não pôde ser trocado: {PROGRAM}\arquivos.txt." in machine.log()

    machine.let_go()
    assert machine.install(machine.installers.second) == 0


def test_an_update_that_was_cut_off_is_undone_before_the_next_one_tries(machine: Machine) -> None:
    machine.install(machine.installers.first)
    before = machine.files()
    machine.hold(rf"{PROGRAM}\Desinstalar.exe")
    folder = machine.wine.path(PROGRAM)
    (folder / "_integrador.velho").mkdir()
    for name in ("Integrador.exe", "_internal", "arquivos.txt"):
        (folder / name).rename(folder / "_integrador.velho" / name)
    (folder / "Integrador.exe").write_bytes(b"of the new version")

    assert machine.install(machine.installers.hasty) == 9
    assert machine.files() == before

    machine.let_go()
    assert machine.install(machine.installers.second) == 0
    assert set(machine.files()) == _NEW - {"_internal/velho.dll"} | {"_internal/novo.dll"}


def test_a_service_stopped_by_an_update_that_was_cut_off_comes_back_with_the_next_one(machine: Machine) -> None:
    machine.install(machine.installers.first, "/SERVICO=1")
    machine.start_program()
    machine.put("stubborn")
    update = machine.start(machine.installers.second, "/S", "/SEMABRIR")
    eventually(lambda: "Serviço parado" in machine.log())
    update.kill()
    update.wait(PATIENCE_S)
    machine.wine.path(rf"{PROGRAM}\integrator-cli.exe").unlink()  # so that it cannot be asked
    machine.remove("stubborn")
    assert machine.is_there("stopped")

    assert machine.install(machine.installers.second) == 0

    assert "service install" in machine.calls()[-1]
    assert not machine.is_there("stopped")
    assert "ServicoParadoPelaTroca" not in machine.wine.uninstall_entry()


def test_a_service_that_somebody_stopped_stays_stopped(machine: Machine) -> None:
    machine.install(machine.installers.first, "/SERVICO=1")
    machine.put("stopped")
    seen = len(machine.calls())

    assert machine.install(machine.installers.second) == 0
    assert machine.calls()[seen:] == ["integrator-cli.exe service status", "Integrador.exe --quit"]


def test_a_program_that_cannot_say_whether_there_is_a_service_leaves_it_as_it_was(machine: Machine) -> None:
    machine.install(machine.installers.first, "/SERVICO=1")
    task = machine.wine.path(r"C:\windows\system32\Tasks\Integrador")
    task.parent.mkdir(exist_ok=True)
    task.touch()
    asked = ["integrator-cli.exe service status", "Integrador.exe --quit", "integrator-cli.exe service status"]
    install = f'integrator-cli.exe service install --usuario "{_person(machine)}"'
    try:
        for control, then in (("service", [install]), ("stopped", [])):
            seen = len(machine.calls())
            machine.put(control)
            machine.put("status-fails")
            assert machine.install(machine.installers.second) == 0
            assert machine.calls()[seen:] == [*asked, *then]
    finally:
        task.unlink()
    assert "O programa não soube dizer do serviço (1)" in machine.log()


def test_going_back_to_an_older_version_must_be_asked_for(machine: Machine) -> None:
    machine.install(machine.installers.second)

    assert machine.install(machine.installers.first) == 10
    assert "A versão instalada, 0.2.0, é mais nova do que esta, 0.1.0." in machine.log()
    assert machine.install(machine.installers.first, "/VERSAOANTERIOR=1") == 0
    assert set(machine.files()) == _NEW


def test_a_folder_with_spaces_and_accents_is_kept_by_the_update(machine: Machine) -> None:
    place = r"C:\Programas da Loja\Integração"

    assert machine.install(machine.installers.first, f"/D={place}\\") == 0
    assert machine.wine.autostart() == rf'"{place}\Integrador.exe" --autostart'
    assert machine.install(machine.installers.second, r"/D=C:\Outra") == 6
    assert machine.install(machine.installers.second) == 0
    assert machine.files(place)["_internal/novo.dll"] == b"dois"
    assert not machine.wine.path(PROGRAM).exists()

    machine.wine.run(rf"{place}\Desinstalar.exe", "/S")
    eventually(lambda: not machine.wine.path(place).exists())


def test_a_folder_that_has_other_files_is_not_taken_over(machine: Machine) -> None:
    place = r"C:\Sistema da Loja"
    machine.wine.path(rf"{place}\_antigo").mkdir(parents=True)
    machine.wine.path(rf"{place}\_antigo\backup.fdb").write_bytes(b"da loja")
    machine.wine.path(rf"{place}\Integrador.exe").write_bytes(b"de outro programa")
    before = machine.files(place)

    assert machine.install(machine.installers.first, f"/D={place}") == 6

    assert machine.files(place) == before
    assert "eles não são do Integrador" in machine.log()
    shutil.rmtree(machine.wine.path(place))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives a folder to another user")
def test_a_data_folder_that_another_user_made_is_put_aside_and_not_believed(machine: Machine) -> None:
    planted = machine.wine.path(DATA)
    planted.mkdir()
    (planted / "config.toml").write_text("[banco]\ncliente = 'C:\\Users\\ze\\fbclient.dll'\n", encoding="utf-8")
    os.chown(planted, 4321, 4321)

    assert machine.install(machine.installers.first, "/SERVIDOR=srv01") == 11

    assert machine.files(DATA)["config.toml"] == b"[banco]\nservidor = 'srv01'\n"
    aside = machine.wine.path(rf"{DATA} (de outro usuário)")
    assert (aside / "config.toml").exists(), "nothing is lost"
    assert "a nova começa vazia" in machine.log()
    shutil.rmtree(aside)


@pytest.mark.parametrize("place", ["C:\\", r"\\servidor\programas\Integrador", "Integrador"])
def test_a_program_needs_a_folder_of_its_own_on_a_disk_of_this_computer(machine: Machine, place: str) -> None:
    assert machine.install(machine.installers.first, f"/D={place}") == 6


def test_a_service_that_cannot_be_installed_is_told_and_the_program_stays(machine: Machine) -> None:
    machine.put("console-fails")

    assert machine.install(machine.installers.first, "/SERVICO=1", r"/USUARIO=LOJA\maria") == 11

    assert r'integrator-cli.exe service install --usuario "LOJA\maria"' in machine.calls()
    assert "o serviço não pôde ser instalado" in machine.log()
    assert set(machine.files()) == _NEW


def test_uninstalling_keeps_the_data_and_what_is_not_ours(machine: Machine) -> None:
    machine.install(machine.installers.first, "/SERVIDOR=srv01", "/SERVICO=1")
    machine.wine.path(rf"{PROGRAM}\_internal\da-loja.txt").write_bytes(b"da loja")
    machine.put("remove-fails")

    machine.uninstall()

    assert set(machine.files()) == {"_internal/da-loja.txt", "arquivos.txt"}
    assert machine.calls()[-3:] == [
        "integrator-cli.exe service stop",
        "Integrador.exe --quit",
        "integrator-cli.exe service remove",
    ]
    assert "Tarefa do Windows removida" in machine.log(), "SYSTEM starts nothing from a folder that is gone"
    assert machine.wine.autostart() == ""
    assert machine.wine.uninstall_entry() == {}
    assert machine.shortcuts() == []
    assert "config.toml" in machine.files(DATA)
    assert machine.install(machine.installers.first) == 0, "the folder is known by its list"


def test_uninstalling_with_the_data_disconnects_the_phones_first(machine: Machine) -> None:
    machine.install(machine.installers.first, "/SERVIDOR=srv01")
    machine.put("console-fails")

    machine.uninstall("/APAGARDADOS=1")

    eventually(lambda: not machine.wine.path(DATA).exists())
    calls = machine.calls()
    assert calls.index("integrator-cli.exe gateway disconnect --all") < calls.index("Integrador.exe --quit")


@pytest.mark.feature("S13")
def test_clicked_through_with_its_defaults_it_installs_and_opens_the_program(machine: Machine) -> None:
    wizard = machine.open_wizard(machine.installers.first)
    machine.picture("1-bem-vindo")
    assert machine.install(machine.installers.second) == 5, "one at a time"
    machine.press("Return")
    machine.picture("2-opcoes")
    machine.press("Return")
    machine.wait_for("Instalação terminada.")
    machine.picture("3-pronto")

    assert machine.leave(wizard) == 0
    eventually(lambda: machine.is_there("running"))
    assert machine.calls() == ["Integrador.exe "]
    assert set(machine.files()) == _NEW
    assert machine.wine.autostart()


def test_the_options_are_reached_by_the_keyboard(machine: Machine) -> None:
    wizard = machine.open_wizard(machine.installers.first, "/SERVIDOR=srv01")
    machine.press("Return")
    machine.press("n", "Alt_L")
    machine.press("e", "Alt_L")
    machine.picture("opcoes-trocadas")
    machine.press("i", "Alt_L")
    machine.wait_for("Instalação terminada.")
    machine.picture("pronto-configurado")
    machine.press("a", "Alt_L")  # not to be opened

    assert machine.leave(wizard) == 0
    assert machine.wine.autostart() == ""
    assert machine.is_there("service")
    assert "Integrador.exe " not in machine.calls()


def test_leaving_the_wizard_installs_nothing(machine: Machine) -> None:
    wizard = machine.open_wizard(machine.installers.first)
    machine.press("Escape")
    machine.picture("sair")

    assert machine.leave(wizard) == 1
    assert not machine.wine.path(PROGRAM).exists()


def test_a_person_closes_the_program_and_tries_again(machine: Machine) -> None:
    machine.install(machine.installers.first)
    machine.start_program()
    machine.put("stubborn")
    wizard = machine.open_wizard(machine.installers.hasty)
    machine.picture("bem-vindo-atualizacao")
    machine.press("Return")
    machine.picture("opcoes-atualizacao")
    machine.hit("Return")
    machine.wait_for("Em uso: Integrador.exe.")
    machine.picture("em-uso")
    machine.remove("stubborn")
    while "Em uso" in machine.last_told():  # as often as they like: the program takes a moment to be gone
        machine.hit("Return")
        machine.wait_for("Instalação terminada.", "Em uso: Integrador.exe.")

    assert machine.leave(wizard) == 0
    assert machine.files()["_internal/novo.dll"] == b"dois"


def test_going_back_is_asked_of_a_person(machine: Machine) -> None:
    machine.install(machine.installers.second)
    wizard = machine.open_wizard(machine.installers.first)
    machine.picture("mais-antiga")

    assert machine.leave(wizard) == 10, "No is what is offered"
    assert machine.wine.uninstall_entry()["DisplayVersion"] == "0.2.0"


def test_a_person_uninstalls_and_may_have_the_data_erased(machine: Machine) -> None:
    machine.install(machine.installers.first, "/SERVIDOR=srv01")
    machine.open_wizard(rf"{PROGRAM}\Desinstalar.exe")
    machine.picture("desinstalar")
    machine.press("a", "Alt_L")
    machine.picture("desinstalar-apagando")
    machine.press("d", "Alt_L")
    eventually(lambda: not machine.wine.path(DATA).exists())
    machine.settle()
    machine.picture("desinstalado")
    machine.hit("Return")

    eventually(lambda: not machine.wine.path(PROGRAM).exists())


def _person(machine: Machine) -> str:
    """Who sits in front of the computer, as the first installation found out."""
    (line,) = (line for line in machine.log().splitlines() if "Pasta de dados só para" in line)
    return line.rpartition(": ")[2].removesuffix(".")
