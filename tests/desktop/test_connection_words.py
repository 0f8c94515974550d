"""What the window says of what is wrong: for every fault, in its own words, and never in those of the command line."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import integrator
from integrator.desktop.connection.trial import Silent
from integrator.desktop.connection.wire import Action, Request
from integrator.desktop.connection.wording import WORDS, error_in_window, in_window, library_in_window
from integrator.desktop.connection.words import after_test
from integrator.domain.errors import DatabaseRefused, SchemaError
from integrator.domain.fault import Fault
from integrator.erp.client import Computer, find_client
from integrator.erp.drives import require_local_database
from integrator.erp.error_codes import CODES
from integrator.erp.fault_messages import MESSAGES
from integrator.erp.schema.installer import SchemaStatus
from integrator.secrets import Source
from integrator.support.finding import Finding, Level
from tests.desktop.connection_desk import COMMAND_LINE

_ROOT = Path(integrator.__file__).parent
TYPED = Request(Action.TEST, "SRV01", 3051, r"D:\S4\DADOS.FDB", "LOJA", "s3nha", Source.KEYRING, r"C:\f\fbclient.dll")
#: Whose findings and errors the window shows. Of the configuration file it shows what is said of the file itself.
_SPEAKING = ("erp", "support")
#: Of the doctor's check of a restored database, which the window does not make.
_NOT_ASKED = (
    "Veja quais são com integrator queue --situacao retida; confira se já saíram e libere com integrator queue release "
    "--restauradas.",
    "Ligue o integrador: ele confere o que já saiu e retém o que for duvidoso. Depois veja integrator queue.",
)
#: All that the process of a try imports, and what it imports only then.
_IMPORTS = """
import json, sys
import integrator.desktop.connection.checks, integrator.erp.schema.installer, integrator.erp.schema.user
print(json.dumps([module.__file__ for name, module in sys.modules.items() if name.startswith("integrator.")]))
"""


def test_every_fault_has_words_of_the_window() -> None:
    assert set(WORDS) == set(Fault)
    assert set(MESSAGES) >= {code.fault for code in CODES.values()}
    for fault in Fault:
        said = in_window(Finding("id", "g", "t", Level.ERROR, "Isto.", "integrator senha", fault=fault), TYPED)
        assert said.fix.endswith("."), said
        assert said.text.endswith("."), said
        assert not COMMAND_LINE.search(f"{said.text} {said.fix}"), said
        assert "{" not in f"{said.text}{said.fix}", said


@pytest.mark.parametrize(
    ("fault", "names"),
    [
        (Fault.LOGIN, ("SRV01", "LOJA")),
        (Fault.NO_FILE, ("SRV01", r"D:\S4\DADOS.FDB")),
        (Fault.HOST_UNKNOWN, ("SRV01",)),
        (Fault.NO_ANSWER, ("SRV01", "3051")),
        (Fault.LIBRARY_BROKEN, (r"C:\f\fbclient.dll",)),
    ],
)
def test_what_was_typed_is_named(fault: Fault, names: tuple[str, ...]) -> None:
    said = error_in_window(DatabaseRefused("Não deu. Veja [banco].", fault=fault), TYPED)
    assert [name for name in names if name not in said] == []


def test_the_computer_that_a_network_folder_is_of_is_named_as_at_the_command_line() -> None:
    with pytest.raises(DatabaseRefused) as refused:
        require_local_database("localhost", "//SRV09/dados/LOJA.FDB")
    said = error_in_window(refused.value, TYPED)
    assert [
        part for part in ("do computador SRV09", "//SRV09/dados/LOJA.FDB", "campo Servidor") if part not in said
    ] == []


@pytest.mark.parametrize("fault", [Fault.ADMINISTRATOR, Fault.OTHER_GRANTS, Fault.FACTORY_PASSWORD])
def test_what_needs_another_password_is_not_offered_where_the_environment_gives_it(fault: Fault) -> None:
    finding = Finding("usuario", "g", "t", Level.WARNING, "Isto.", "integrator schema user", fault=fault)
    assert "variável de ambiente" in in_window(finding, replace(TYPED, source=Source.ENVIRONMENT)).fix
    assert "variável" not in in_window(finding, TYPED).fix


def test_a_test_that_says_nothing_is_told_with_the_server() -> None:
    told = after_test(Silent(15.0), (), "SRV01")
    assert told.title == "Sem resposta em 15 segundos"
    assert "O servidor SRV01, ou a rede, não respondeu." in told.text


def test_what_the_tables_lack_is_said_with_the_window_s_remedy() -> None:
    for status in ((0, 3, ()), (2, 3, ()), (3, 3, ("WA_FILA",)), (4, 3, ())):
        error = SchemaStatus(*status).error()
        said = error_in_window(error, TYPED)
        assert isinstance(error, SchemaError)
        assert said.startswith(error.message.split(". ")[0])
        assert not COMMAND_LINE.search(said)


def test_beside_the_field_a_library_is_judged_in_the_window_s_words(tmp_path: Path) -> None:
    here = Computer(windows=True, environment={}, program=None, registry=list, wheel=lambda: None)
    absent = library_in_window(find_client(str(tmp_path / "não há.dll"), here))
    assert absent == "Esta biblioteca não serve: não existe. Escolha outra ou deixe o campo vazio."
    none = library_in_window(find_client("", here))
    assert none.startswith("Este computador não tem uma biblioteca do Firebird que sirva.")
    assert not COMMAND_LINE.search(none)


def test_whatever_can_reach_the_window_in_words_of_the_command_line_names_its_fault() -> None:
    """Collected from the source of every module that a try runs, so that a new sentence cannot be forgotten."""
    done = subprocess.run([sys.executable, "-c", _IMPORTS], capture_output=True, text=True, check=True)
    files = [Path(each).relative_to(_ROOT) for each in json.loads(done.stdout) if each]
    judged = [file for file in files if file.parts[0] in _SPEAKING]
    judged += [file.relative_to(_ROOT) for file in (_ROOT / "desktop/connection").glob("*.py")]
    assert {Path("support/checks/network.py"), Path("erp/attachment.py"), Path("erp/drives.py")} <= set(judged)
    left = [f"{file}: {text}" for file in judged for text in _without_fault(_ROOT / file) if text not in _NOT_ASKED]
    assert left == [], "\n".join(left)


def _without_fault(file: Path) -> Iterator[str]:
    """Sentences of the command line that do not say which fault they tell of.

    What makes a finding or an error says it in the same statement; what only writes the words, somewhere in its
    function.
    """
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.Return | ast.Raise | ast.Expr):
            continue
        texts = [text for text in _texts(statement) if " " in text and COMMAND_LINE.search(text)]
        around = [each for each in functions if each.lineno <= statement.lineno <= (each.end_lineno or 0)]
        places = [statement] if _makes(statement) or not around else around[-1:]
        if not any(_names_fault(place) for place in places):
            yield from texts


def _texts(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return []  # a docstring
    return [
        each.value for each in ast.walk(statement) if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]


def _makes(statement: ast.stmt) -> bool:
    calls = [each.func for each in ast.walk(statement) if isinstance(each, ast.Call)]
    makers = {"broken", "warning"}
    return isinstance(statement, ast.Raise) or any(isinstance(each, ast.Name) and each.id in makers for each in calls)


def _names_fault(place: ast.AST) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "Fault" for each in ast.walk(place))
