"""What a person does in the window "Conexão com o banco", and that nothing typed is lost whatever fails."""

from __future__ import annotations

import os
import socket
import threading
import tkinter as tk
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import fdb
import keyring
import pytest
from keyring.backends.fail import Keyring as FailingKeyring

from integrator.desktop.connection.administrator import AdministratorWindow
from integrator.desktop.connection.fields import Fields
from integrator.desktop.connection.saving import ServiceKeeper
from integrator.desktop.connection.stored import Stored, stored
from integrator.desktop.connection.window import ConnectionWindow
from integrator.desktop.dialogs import Question
from integrator.erp.connection import Database, Target
from integrator.erp.schema import installer
from integrator.erp.schema.user import USER
from integrator.secrets import Source, database_password, read_secret, store_secret
from integrator.settings import Settings
from integrator.settings.editing import ConfigFile
from integrator.support.finding import Level
from tests.conftest import FreshDatabase
from tests.desktop.connection_desk import CONNECTED, REFUSED, Office, found, office_of, telling, texts
from tests.desktop.screen import Desk, cut_off
from tools import firebird_packages
from tools.firebird_server import PrivateServer, StrictServer

TYPED = Fields("srv01", "3051", r"D:\S4\DADOS.FDB", "LOJA")
CONFIG = "# da loja\n[banco]\nservidor = \"srv01\" # o velho\ncaminho = 'loja'\nusuario = 'LOJA'\n"


@pytest.fixture
def office(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return office_of(desk, tmp_path, monkeypatch)


def asked(window: tk.Misc) -> Question:
    """The question that is open now."""
    (question,) = [child for child in window.winfo_children() if isinstance(child, Question)]
    return question


def press(office: Office, window: tk.Misc, label: str) -> None:
    """Click the button that says so."""
    pending = [window]
    while pending:
        widget = pending.pop()
        pending += [child for child in widget.winfo_children() if not isinstance(child, tk.Toplevel)]
        if widget.winfo_class() == "TButton" and str(widget.cget("text")) == label and widget.winfo_viewable():
            office.desk.screen.click(widget)
            return
    raise AssertionError(f"no button {label!r} among {texts(window)}")


def answer(office: Office, window: tk.Misc, label: str) -> None:
    """Wait for the question and take that way."""
    office.wait(lambda: any(isinstance(child, Question) for child in window.winfo_children()))
    question = asked(window)
    office.wait(question.winfo_viewable)
    press(office, question, label)


def saved_config(office: Office) -> Settings:
    return office.config.settings()


# With a real server.


@pytest.mark.slow
@pytest.mark.feature("S18")
def test_a_shop_types_its_connection_tests_and_saves_it(
    office: Office, firebird_server: PrivateServer, fresh_database: FreshDatabase
) -> None:
    path, screen = fresh_database("NONE"), office.desk.screen
    window = office.window()
    form = window.form
    form.client.value = str(firebird_server.client_library)
    for field, text in (
        (form.server, firebird_server.host),
        (form.port, str(firebird_server.port)),
        (form.path, str(path)),
        (form.password, firebird_server.password),
    ):
        screen.click(field.entry)
        field.entry.selection_range(0, "end")
        screen.type(text)
        assert field.value == text
    screen.key("t", "Alt_L")
    office.wait(lambda: window.results.doing)
    screen.shot("conexao-testando", window)
    office.wait(lambda: window.notice.told)
    screen.shot("conexao-testada", window)
    assert "A conexão deu certo" in window.notice.told
    assert "Conectado ao banco como SYSDBA" in window.results.list.told
    screen.key("v", "Alt_L")
    office.wait(lambda: "Conexão salva" in window.notice.told)
    screen.shot("conexao-salva", window)
    assert cut_off(window) == []
    assert "cofre de senhas do sistema não está disponível" in window.notice.told
    assert window.notice.labels == ("Agora não", "Instalar as tabelas…")
    assert saved_config(office).database.path == str(path)
    assert database_password() == (firebird_server.password, Source.FILE)
    assert firebird_server.password not in office.text


@pytest.mark.slow
def test_the_tables_and_the_own_user_come_from_the_window(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    firebird = firebird_packages.ensure()
    if firebird.prefix != Path("/"):
        pytest.skip("only an installed Firebird finds its plugins without the build switch")
    with StrictServer(tmp_path / "servidor", firebird) as server:
        path = server.create_database("loja.fdb")
        with fdb.connect(dsn=server.dsn(path), user=server.user, password=server.password) as administrator:
            administrator.execute_immediate("CREATE USER CAIXA PASSWORD 'caixa'")
            administrator.commit()
        office.configure(
            f"[banco]\nservidor = '{server.host}'\nporta = {server.port}\ncaminho = '{path}'\nusuario = 'CAIXA'\n"
            f"[[outros_bancos]]\nnome = 'filial'\nservidor = 'srv02'\ncaminho = 'filial'\n"
        )
        store_secret("senha", "caixa", machine=True)
        window = office.window()
        _refused_then_installed(office, window, server)
        office.wait(lambda: "Criar o usuário WAGATE…" in window.notice.labels)
        _made_user(office, window, server)
        password, source = database_password()
        assert (saved_config(office).database.user, source) == (USER, Source.FILE)
        assert read_secret("senha_filial") == "caixa", "it had the main one's until now"
        target = Target(server.host, server.port, str(path), USER, password)
        assert installer.check(Database(target)).ready
        press(office, window, "Conectar WhatsApp…")
        assert office.nexts == [True]


def _refused_then_installed(office: Office, window: ConnectionWindow, server: PrivateServer) -> None:
    window.tries.test(lambda _: window.keep())
    office.wait(lambda: "Instalar as tabelas…" in window.notice.labels)
    for user, password, until in (
        ("", "", lambda: "SYSDBA ou com o dono" in window.notice.told),
        (server.user, server.password, lambda: "estão instaladas" in window.notice.told),
    ):
        press(office, window, "Tentar de novo…" if user else "Instalar as tabelas…")
        (asking,) = [child for child in window.winfo_children() if isinstance(child, AdministratorWindow)]
        office.wait(asking.winfo_viewable)
        if user:
            asking.user.value, asking.password.value = user, password
        office.desk.screen.shot("conexao-instalar", asking)
        assert cut_off(asking) == []
        press(office, asking, "Instalar")
        office.wait(until, seconds=90)
    assert read_secret("senha") == "caixa", "whoever installs is not remembered"


def _made_user(office: Office, window: ConnectionWindow, server: PrivateServer) -> None:
    press(office, window, "Criar o usuário WAGATE…")
    (asking,) = [child for child in window.winfo_children() if isinstance(child, AdministratorWindow)]
    office.wait(asking.winfo_viewable)
    asking.user.value, asking.password.value = server.user, server.password
    office.desk.screen.shot("conexao-usuario", asking)
    assert cut_off(asking) == []
    press(office, asking, "Criar usuário")
    office.wait(lambda: "passou a usá-lo" in window.notice.told)
    office.desk.screen.shot("conexao-pronta", window)
    assert {finding.level for finding in window.results.list.findings} == {Level.OK}


@pytest.fixture
def silent_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_server_that_hangs_is_left_by_cancelar_and_the_fields_stay(office: Office, silent_port: int) -> None:
    window = office.window()
    window.form.fields = typed = replace(TYPED, server="127.0.0.1", port=str(silent_port))
    window.form.password.value = "segredo"
    window.tries.test()
    office.wait(lambda: "Conexão" in window.results.doing)
    press(office, window, "Cancelar")
    office.wait(lambda: "Teste cancelado" in window.notice.told)
    assert (window.form.fields, window.form.password.value) == (typed, "segredo")


# Typing.


def test_what_cannot_be_right_is_told_before_anything_is_tried(office: Office) -> None:
    window = office.window(make=telling(*CONNECTED))
    window.form.fields = Fields("", "trinta", "", "SYSDBA")
    press(office, window, "Testar conexão")
    assert not window.tries.busy
    assert {"Falta o servidor: o nome ou o endereço dele, ou localhost para este computador."} <= set(texts(window))
    assert "“trinta” não é uma porta: o padrão é 3050." in texts(window)
    assert window.focus_get() is window.form.server.entry


def test_the_keyboard_alone_reaches_everything_in_order(office: Office) -> None:
    window, screen = office.window(), office.desk.screen
    form = window.form
    order = [form.server.entry, form.port.entry, form.path.entry, form.browse, form.user.entry, form.password.entry]
    screen.pump(lambda: window.focus_get() is form.server.entry)
    for widget in order[1:]:
        screen.key("Tab")
        assert window.focus_get() is widget
    for letter, widget in (("b", form.path.entry), ("h", form.password.entry), ("c", form.client.entry)):
        screen.key(letter, "Alt_L")
        assert window.focus_get() is widget
    screen.key("m", "Alt_L")
    screen.pump(lambda: str(form.password.entry.cget("show")) == "")


def test_the_factory_password_is_named_while_it_is_typed(office: Office) -> None:
    window = office.window()
    assert "Nenhuma guardada: vale a padrão do Firebird (masterkey)." in texts(window)
    window.form.password.value = "masterkey"
    office.wait(lambda: "É a senha padrão do Firebird, que todos conhecem." in texts(window))


def test_a_file_is_looked_for_only_where_the_server_is_this_computer(office: Office) -> None:
    office.picks.append("/dados/LOJA.FDB")
    window = office.window()
    office.desk.screen.click(window.form.browse)
    assert window.form.path.value == "/dados/LOJA.FDB"
    window.form.server.value = "srv01"
    assert "disabled" in window.form.browse.state()


def test_a_library_that_cannot_be_loaded_is_told_beside_its_field(office: Office) -> None:
    window = office.window()
    window.form.client.value = "/não/existe/fbclient.dll"
    window.form.client.entry.event_generate("<FocusOut>")
    office.wait(lambda: any("não serve: não existe" in text for text in texts(window)))


# Saving.


def test_saving_keeps_comments_and_what_was_not_touched(office: Office) -> None:
    office.configure(CONFIG)
    window = office.window(make=telling(*CONNECTED))
    window.form.port.value = "3051"
    window.tries.test(lambda _: window.save())
    office.wait(lambda: "Conexão salva" in window.notice.told)
    assert office.text == f"{CONFIG}porta = 3051\n"
    assert window.notice.labels == ("Conectar WhatsApp…",)


def test_what_was_not_tested_is_asked_about_and_tested_on_the_way(office: Office) -> None:
    window = office.window(make=telling(*CONNECTED))
    window.form.fields = TYPED
    window.form.server.entry.focus_force()
    office.desk.screen.key("Return")
    office.wait(lambda: any(isinstance(child, Question) for child in window.winfo_children()))
    office.desk.screen.shot("conexao-pergunta", asked(window))
    answer(office, window, "Testar e salvar")
    office.wait(lambda: "Conexão salva" in window.notice.told)
    assert saved_config(office).database.port == 3051


def test_a_connection_can_be_saved_without_a_test(office: Office) -> None:
    window = office.window(make=telling())
    window.form.fields = TYPED
    window.save()
    answer(office, window, "Salvar sem testar")
    office.wait(lambda: "ainda não foi testada" in window.notice.told)
    assert saved_config(office).database.path == TYPED.path


def test_a_connection_that_failed_can_be_saved_after_a_question(office: Office) -> None:
    window = office.window(make=telling(*REFUSED))
    window.form.fields = TYPED
    window.tries.test()
    office.wait(lambda: "não deu certo" in window.notice.told)
    window.save()
    answer(office, window, "Salvar mesmo assim")
    office.wait(lambda: "não conseguiu entrar" in window.notice.told)
    assert saved_config(office).database.user == "LOJA"


def test_an_empty_password_keeps_the_one_that_is_stored(office: Office) -> None:
    store_secret("senha", "antiga", machine=True)
    window = office.window(make=telling(*CONNECTED))
    assert any("Guardada no arquivo protegido" in text for text in texts(window))
    window.form.fields = TYPED
    window.tries.test(lambda _: window.save())
    office.wait(lambda: "Conexão salva" in window.notice.told)
    assert read_secret("senha") == "antiga"


def test_a_keyring_that_fails_is_told_and_the_protected_file_serves(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    before = keyring.get_keyring()
    keyring.set_keyring(FailingKeyring())  # type: ignore[no-untyped-call]
    try:
        window = office.window(make=telling(*CONNECTED))
        window.form.fields, window.form.password.value = TYPED, "segredo"
        window.tries.test(lambda _: window.save())
        office.wait(lambda: "cofre de senhas do sistema não está disponível" in window.notice.told)
        assert database_password() == ("segredo", Source.FILE)
    finally:
        keyring.set_keyring(before)


def test_a_kept_password_that_cannot_be_read_is_typed_anew(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.configure(CONFIG)
    store_secret("senha", "antiga", machine=True)
    (kept,) = (office.folder / "segredos").iterdir()
    kept.write_bytes(b"\xff\xfe")
    window = office.window(make=telling(*CONNECTED))
    office.wait(lambda: "Não consegui ler a senha guardada: digite-a de novo." in texts(window))
    assert "detail=UnicodeDecodeError" in caplog.text
    press(office, window, "Testar conexão")
    assert not window.tries.busy, "there is nothing to try it with"
    window.form.password.value = "nova"
    window.tries.test(lambda _: window.save())
    office.wait(lambda: "Conexão salva" in window.notice.told)
    assert read_secret("senha") == "nova"


def test_a_folder_that_cannot_be_written_changes_nothing_not_even_the_password(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.configure(CONFIG)
    store_secret("senha", "antiga", machine=True)
    window = office.window(make=telling(*CONNECTED))
    window.form.port.value, window.form.password.value = "3051", "nova"

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr("integrator.settings.editing.replace_file", refuse)
    window.tries.test(lambda _: window.save())
    office.wait(lambda: "Não consegui salvar" in window.notice.told)
    assert "config.toml. Confira se a pasta aceita gravação" in window.notice.told
    assert (office.text, read_secret("senha")) == (CONFIG, "antiga")
    assert (window.form.port.value, window.form.password.value) == ("3051", "nova")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told(office: Office) -> None:
    office.configure(CONFIG)
    office.folder.chmod(0o500)
    try:
        window = office.window(make=telling(*CONNECTED))
        window.form.password.value = "nova"
        window.keep()
        office.wait(lambda: "nada foi mudado" in window.notice.told)
    finally:
        office.folder.chmod(0o700)


# Two at once, and files that are wrong.


def test_a_change_by_somebody_else_is_told_and_both_ways_out_work(office: Office) -> None:
    office.configure(CONFIG)
    window = office.window(make=telling(*CONNECTED))
    other = CONFIG.replace("'loja'", "'outra'") + "[envio]\nmaximo_por_dia = 10\n"
    window.form.port.value = "3051"
    office.configure(other)
    window.keep()
    office.wait(lambda: "A configuração mudou" in window.notice.told)
    office.desk.screen.shot("conexao-mudou", window)
    assert office.text == other
    assert window.form.port.value == "3051"
    press(office, window, "Salvar o que digitei")
    office.wait(lambda: "Conexão salva" in window.notice.told)
    now = saved_config(office)
    assert (now.database.port, now.database.path, now.sending.daily_max) == (3051, "outra", 10)
    office.configure(CONFIG)
    window.form.user.value = "GERENTE"
    window.keep()
    office.wait(lambda: "A configuração mudou" in window.notice.told)
    press(office, window, "Ler o que está salvo")
    office.wait(lambda: window.form.user.value == "LOJA")


def test_a_corrupt_configuration_is_shown_with_its_line_and_kept_beside_the_new_one(office: Office) -> None:
    office.configure("[banco]\nservidor = 'srv01'\ncaminho = D:\\S4\n")
    window = office.window(make=telling(*CONNECTED))
    office.desk.screen.shot("conexao-corrompida", window)
    assert "na linha 3" in window.notice.told
    assert cut_off(window) == []
    press(office, window, "Abrir o arquivo")
    office.wait(lambda: office.opened == [office.config.path])
    window.form.path.value = "digitado"
    press(office, window, "Guardar uma cópia e começar de novo")
    office.wait(lambda: window.stored is not None)
    (kept,) = office.folder.glob("config.ruim-*.toml")
    assert "D:\\S4" in kept.read_text("utf-8")
    assert window.form.path.value == "digitado"
    window.keep()
    office.wait(lambda: "Conexão salva" in window.notice.told)
    assert saved_config(office).database.path == "digitado"


def test_a_configuration_mended_by_hand_is_read_again(office: Office) -> None:
    office.configure("[banco]\nporta = 'x'\n")
    window = office.window()
    assert "porta" in window.notice.told
    office.configure(CONFIG)
    press(office, window, "Ler de novo")
    office.wait(lambda: window.form.path.value == "loja")
    assert window.notice.told == ""


def test_what_the_environment_says_cannot_be_typed_over(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTEGRATOR_BANCO__SERVIDOR", "srv09")
    monkeypatch.setenv("INTEGRATOR_SENHA", "segredo")
    office.configure(CONFIG)
    window = office.window()
    office.desk.screen.shot("conexao-ambiente", window)
    assert window.form.server.value == "srv09"
    assert "disabled" in window.form.server.entry.state()
    assert "disabled" in window.form.password.entry.state()
    assert "Vem da variável de ambiente INTEGRATOR_BANCO__SERVIDOR." in texts(window)


# Several databases, and closing.


def test_what_is_typed_before_the_stored_connection_was_read_stays(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.configure(CONFIG)
    read = threading.Event()

    def late(config: ConfigFile, name: str) -> Stored:
        assert read.wait(60)
        return stored(config, name)

    monkeypatch.setattr("integrator.desktop.connection.window.stored", late)
    window = office.window(read=False)
    office.desk.screen.click(window.form.server.entry)
    office.desk.screen.type("novo")
    window.form.password.value = "segredo"
    read.set()
    office.wait(lambda: window.stored is not None)
    assert window.form.fields == Fields("novo", "3050", "loja", "LOJA")
    assert window.form.password.value == "segredo"


def test_another_database_is_chosen_and_saved_in_its_own_place(office: Office) -> None:
    text = f"{CONFIG}\n# da filial\n[[outros_bancos]]\nnome = 'filial'\nservidor = 'srv02' # lá\ncaminho = 'filial'\n"
    office.configure(text)
    window = office.window(make=telling(*CONNECTED))
    window.databases.at = 1
    window.databases.box.event_generate("<<ComboboxSelected>>")
    office.wait(lambda: window.form.server.value == "srv02")
    window.form.port.value, window.form.password.value = "3052", "da filial"
    window.tries.test(lambda _: window.save())
    office.wait(lambda: "Conexão salva" in window.notice.told)
    assert office.text == f"{text}porta = 3052\n"
    assert (read_secret("senha_filial"), read_secret("senha")) == ("da filial", None)


def test_escape_asks_before_something_typed_is_lost(office: Office) -> None:
    office.configure(CONFIG)
    window, screen = office.window(), office.desk.screen
    window.form.port.value = "3051"
    window.form.port.entry.focus_force()
    screen.key("Escape")
    answer(office, window, "Voltar")
    assert office.closed == []
    window.focus_force()
    screen.key("Escape")
    answer(office, window, "Descartar")
    office.wait(lambda: office.closed == [True])


def test_closing_ends_what_runs(office: Office, silent_port: int) -> None:
    office.configure(f"[banco]\nservidor = '127.0.0.1'\nporta = {silent_port}\ncaminho = 'x'\n")
    window = office.window()
    window.tries.test()
    office.wait(lambda: window.tries.busy)
    window.close()
    office.wait(lambda: office.closed == [True])
    office.wait(lambda: not children())


def children() -> list[str]:
    """Of this process: those that try a connection."""
    tasks = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    lines = [_read(Path(f"/proc/{child}/cmdline")) for task in tasks for child in _read(task).split()]
    return [line for line in lines if "connection-trial" in line]


def _read(file: Path) -> str:
    """Empty once its process or thread is gone."""
    try:
        return file.read_text("utf-8")
    except OSError:
        return ""


def test_in_service_mode_the_password_goes_to_the_service_alone(office: Office) -> None:
    told: list[tuple[str, str]] = []

    def service(name: str, password: str) -> Source:
        told.append((name, password))
        return Source.FILE

    window = office.window(keeper=ServiceKeeper(service), make=telling(*CONNECTED))
    window.form.fields, window.form.password.value = TYPED, "segredo"
    window.tries.test(lambda _: window.save())
    office.wait(lambda: "A senha ficou no arquivo protegido." in window.notice.told)
    assert told == [("senha", "segredo")]
    assert database_password()[1] is Source.FACTORY  # this user has none


def test_a_warning_is_gentle(office: Office) -> None:
    window = office.window(
        make=telling(found("usuario", "Usuário", Level.WARNING, "O integrador entra como SYSDBA.", "x"), *CONNECTED)
    )
    window.form.fields = TYPED
    window.tries.test()
    office.wait(lambda: window.notice.told)
    assert "A conexão deu certo" in window.notice.told
