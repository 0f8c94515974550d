"""The XML of the task: what Task Scheduler's schema 1.2 allows, in its order."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from integrator.windows.task import TASK, Completed, TaskRefused, TaskScheduler, task_xml

SPACE = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
COMMAND = [r"C:\Program Files\Integração\integrator-cli.exe", "--dados", r"C:\Meus & Dados", "run", "--service"]


@pytest.fixture(scope="module")
def content() -> bytes:
    return task_xml(COMMAND, Path(r"C:\Program Files\Integração"))


@pytest.fixture(scope="module")
def task(content: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(content)


def tags(element: ElementTree.Element | None) -> list[str]:
    assert element is not None
    return [child.tag.partition("}")[2] for child in element]


def text(task: ElementTree.Element, path: str) -> str | None:
    return task.findtext("/".join(f"t:{step}" for step in path.split("/")), namespaces=SPACE)


def test_it_is_utf_16_with_its_mark_as_schtasks_wants(content: bytes) -> None:
    assert content.startswith(b"\xff\xfe")
    assert content.decode("utf-16").startswith('<?xml version="1.0" encoding="UTF-16"?>')


def test_it_runs_the_program_however_its_path_is_spelt(task: ElementTree.Element) -> None:
    assert tags(task.find("t:Actions/t:Exec", SPACE)) == ["Command", "Arguments", "WorkingDirectory"]
    assert text(task, "Actions/Exec/Command") == COMMAND[0]
    assert text(task, "Actions/Exec/Arguments") == r'--dados "C:\Meus & Dados" run --service'
    assert text(task, "Actions/Exec/WorkingDirectory") == r"C:\Program Files\Integração"


def test_it_starts_with_the_computer_and_again_when_it_died(task: ElementTree.Element) -> None:
    assert tags(task.find("t:Triggers", SPACE)) == ["BootTrigger", "TimeTrigger"]
    assert tags(task.find("t:Triggers/t:TimeTrigger", SPACE)) == ["Enabled", "StartBoundary", "Repetition"]
    assert tags(task.find("t:Triggers/t:TimeTrigger/t:Repetition", SPACE)) == ["Interval"], "without an end"
    assert text(task, "Settings/MultipleInstancesPolicy") == "IgnoreNew"
    assert text(task, "Settings/RestartOnFailure/Interval") == "PT1M"
    assert 1 <= int(text(task, "Settings/RestartOnFailure/Count") or 0) <= 255, "the schema's limits"


def test_it_runs_as_system_whoever_is_signed_in(task: ElementTree.Element) -> None:
    principal = task.find("t:Principals/t:Principal", SPACE)
    actions = task.find("t:Actions", SPACE)
    assert principal is not None
    assert actions is not None
    assert principal.get("id") == actions.get("Context")
    assert text(task, "Principals/Principal/UserId") == "S-1-5-18"


def test_nothing_of_windows_stops_it(task: ElementTree.Element) -> None:
    assert text(task, "Settings/ExecutionTimeLimit") == "PT0S"
    for name in ("DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "RunOnlyIfIdle", "RunOnlyIfNetworkAvailable"):
        assert text(task, f"Settings/{name}") == "false"
    assert text(task, "Settings/IdleSettings/StopOnIdleEnd") == "false"


def test_it_has_only_what_the_schema_knows(task: ElementTree.Element) -> None:
    assert task.get("version") == "1.2"
    assert tags(task) == ["RegistrationInfo", "Triggers", "Principals", "Settings", "Actions"]
    assert set(tags(task.find("t:Settings", SPACE))) <= {
        *("MultipleInstancesPolicy", "DisallowStartIfOnBatteries", "StopIfGoingOnBatteries", "AllowHardTerminate"),
        *("StartWhenAvailable", "RunOnlyIfNetworkAvailable", "IdleSettings", "AllowStartOnDemand", "Enabled"),
        *("Hidden", "RunOnlyIfIdle", "WakeToRun", "ExecutionTimeLimit", "Priority", "RestartOnFailure"),
    }


def test_where_schtasks_is_missing_the_task_is_not_there_and_cannot_be_made() -> None:
    def missing(_command: object) -> Completed:
        raise FileNotFoundError(2, "schtasks")

    tasks = TaskScheduler(missing)
    assert not tasks.is_installed()
    assert tasks.is_off() is None
    with pytest.raises(TaskRefused, match=f"criar a tarefa {TASK}"):
        tasks.create(Path("servico.xml"))
