"""``schema install | check | print`` on a real database."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Office, english_in


def test_what_is_missing_is_told_installed_and_found_complete(office: Office, empty_database: Path) -> None:
    before = office.run("schema", "check")
    assert before.code == 1
    assert "ainda não existem neste banco. Instale com: integrator schema install" in before.out
    made = office.run("schema", "install")
    assert (made.code, made.err) == (0, "")
    assert "Criado ou atualizado no banco: " in made.out
    assert office.run("schema", "check").out.startswith("As tabelas do integrador estão instaladas")
    again = office.run("schema", "install")
    assert again.code == 0
    assert "Criado" not in again.out
    assert english_in(before.out + made.out + again.out) == []


def test_other_commands_say_that_the_tables_are_missing(office: Office, empty_database: Path) -> None:
    for command in (["queue"], ["history"], ["pause"], ["resume"], ["queue", "release", "X"]):
        answer = office.run(*command)
        assert (answer.code, answer.out) == (1, ""), command
        assert "integrator schema install" in answer.err


def test_the_script_is_printed_without_a_database(desk: Office) -> None:
    answer = desk.run("schema", "print")
    assert answer.code == 0
    assert "CREATE TABLE WA_FILA" in answer.out
    assert answer.out.startswith("SET TERM ^ ;")
