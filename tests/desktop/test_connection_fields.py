"""What is typed: read as people paste it, and what is wrong with it told before anything is tried."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from integrator.desktop.connection.fields import Fields, Key, is_this_computer, problems, tidy
from integrator.desktop.connection.password_words import password_hint
from integrator.desktop.connection.stored import Password
from integrator.secrets import Source

GOOD = Fields("srv01", "3050", r"D:\S4\DADOS.FDB", "SYSDBA")


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        ({"server": ""}, Key.SERVER, "Falta o servidor"),
        ({"server": "srv 01"}, Key.SERVER, "não é o nome de um computador"),
        ({"port": ""}, Key.PORT, "Falta a porta"),
        ({"port": "trinta"}, Key.PORT, "“trinta” não é uma porta"),
        ({"port": "70000"}, Key.PORT, "“70000” não é uma porta"),
        ({"port": "٣٠٥٠"}, Key.PORT, "não é uma porta"),
        ({"path": ""}, Key.PATH, "Falta o banco"),
        ({"user": ""}, Key.USER, "Falta o usuário"),
    ],
)
def test_a_field_that_cannot_be_right_is_told(change: dict[str, str], key: Key, said: str) -> None:
    found = problems(replace(GOOD, **change))
    assert list(found) == [key]
    assert said in found[key]


@pytest.mark.parametrize(
    ("pasted", "server", "port", "path"),
    [
        (r"srv02:D:\S4\DADOS.FDB", "srv02", "3050", r"D:\S4\DADOS.FDB"),
        ("srv02/3051:dados", "srv02", "3051", "dados"),
        ("10.0.0.5:/dados/loja.fdb", "10.0.0.5", "3050", "/dados/loja.fdb"),
        (r"D:\S4\DADOS.FDB", "srv01", "3050", r"D:\S4\DADOS.FDB"),
        (r' "D:\Minhas Coisas\AÇÃO.FDB" ', "srv01", "3050", r"D:\Minhas Coisas\AÇÃO.FDB"),
        (r"\\srv02\dados\loja.fdb", "srv01", "3050", r"\\srv02\dados\loja.fdb"),
        ("dados", "srv01", "3050", "dados"),
    ],
)
def test_an_address_as_other_programs_write_it_goes_to_its_fields(
    pasted: str, server: str, port: str, path: str
) -> None:
    neat = tidy(replace(GOOD, path=pasted))
    assert (neat.server, neat.port, neat.path) == (server, port, path)


def test_a_share_or_blanks_around_a_server_name_are_taken_off() -> None:
    assert tidy(replace(GOOD, server=r" \\SRV01 ")).server == "SRV01"


def test_this_computer_is_known_by_its_names() -> None:
    assert all(is_this_computer(name) for name in ("localhost", "127.0.0.1", "::1", socket.gethostname().upper()))
    assert not is_this_computer("srv01")


@pytest.mark.parametrize(
    ("kept", "typed", "said"),
    [
        (Password("masterkey", Source.FACTORY), "", "Nenhuma guardada: vale a padrão do Firebird (masterkey)."),
        (Password("s3nha", Source.KEYRING), "", "Guardada no cofre de senhas do sistema. Vazio: continua a mesma."),
        (Password("masterkey", Source.FILE), "", "padrão do Firebird, que todos conhecem"),
        (Password("s3nha", Source.KEYRING), "outra", "Substitui a que está guardada."),
        (Password("masterkey", Source.FACTORY), "outra", "Fica guardada ao salvar."),
        (Password("s3nha", Source.KEYRING), "MasterKey", "É a senha padrão do Firebird"),
        (Password("s3nha", Source.ENVIRONMENT), "", "variável de ambiente"),
    ],
)
def test_the_password_says_whether_one_is_kept_and_whether_everybody_knows_it(
    kept: Password, typed: str, said: str
) -> None:
    assert said in password_hint(kept, typed)
    assert "s3nha" not in repr(kept)
