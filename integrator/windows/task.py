"""The task of Windows that runs the engine from the computer's start, as SYSTEM, before anybody signs in.

``schtasks`` takes it as a file of XML (schema 1.2 of ``[MS-TSCH]``), which says more than its options can.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from integrator.domain.errors import IntegratorError
from integrator.windows.system_program import run_system_program
from integrator.windows.user import SYSTEM

TASK: Final = "Integrador"
_SCHEMA: Final = "http://schemas.microsoft.com/windows/2004/02/mit/task"
_DESCRIPTION: Final = "Envia as mensagens do ERP por WhatsApp, mesmo sem ninguém conectado ao Windows."
#: An engine that is dead stays so no longer than this: "restart on failure" is for a task that could not be started.
_WATCH: Final = "PT5M"
_SINCE: Final = "2026-01-01T00:00:00"
#: The schema's largest.
_RESTARTS: Final = "255"


@dataclass(frozen=True, slots=True)
class Completed:
    """What a command of the system answered."""

    code: int
    output: str


Runner = Callable[[Sequence[str]], Completed]


class TaskRefused(IntegratorError):
    """Windows did not take a change of the task."""

    title = "Serviço não alterado"


def run_command(command: Sequence[str]) -> Completed:
    """Run a command of the system without a window. Raises :class:`OSError`."""
    return Completed(*run_system_program(command))


def task_xml(command: Sequence[str], folder: Path) -> bytes:
    """The task that runs ``command`` in ``folder``, as ``schtasks /xml`` reads it."""
    task = ElementTree.Element("Task", {"version": "1.2", "xmlns": _SCHEMA})
    _add(task, "RegistrationInfo", {"Author": TASK, "Description": _DESCRIPTION})
    _add(
        task,
        "Triggers",
        {
            "BootTrigger": {"Enabled": "true"},
            "TimeTrigger": {"Enabled": "true", "StartBoundary": _SINCE, "Repetition": {"Interval": _WATCH}},
        },
    )
    principal = ElementTree.SubElement(ElementTree.SubElement(task, "Principals"), "Principal", {"id": "Author"})
    _fill(principal, {"UserId": SYSTEM, "RunLevel": "HighestAvailable"})
    _add(task, "Settings", _SETTINGS)
    actions = ElementTree.SubElement(task, "Actions", {"Context": "Author"})
    _add(
        actions,
        "Exec",
        {
            "Command": command[0],
            "Arguments": subprocess.list2cmdline(command[1:]),
            "WorkingDirectory": str(folder),
        },
    )
    text = ElementTree.tostring(task, encoding="unicode")
    return f'\ufeff<?xml version="1.0" encoding="UTF-16"?>\r\n{text}'.encode("utf-16-le")


_Content = dict[str, "str | _Content"]

_SETTINGS: Final[_Content] = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "AllowHardTerminate": "true",
    "StartWhenAvailable": "true",
    "RunOnlyIfNetworkAvailable": "false",
    "IdleSettings": {"StopOnIdleEnd": "false", "RestartOnIdle": "false"},
    "AllowStartOnDemand": "true",
    "Enabled": "true",
    "Hidden": "false",
    "RunOnlyIfIdle": "false",
    "WakeToRun": "false",
    "ExecutionTimeLimit": "PT0S",
    "Priority": "5",  # as a program of the desktop; the scheduler's own is below
    "RestartOnFailure": {"Interval": "PT1M", "Count": _RESTARTS},
}


def _add(parent: ElementTree.Element, name: str, content: _Content) -> None:
    _fill(ElementTree.SubElement(parent, name), content)


def _fill(parent: ElementTree.Element, content: _Content) -> None:
    for name, value in content.items():
        if isinstance(value, str):
            ElementTree.SubElement(parent, name).text = value
        else:
            _add(parent, name, value)


class TaskScheduler:
    """The task through ``schtasks``. All but :meth:`is_installed` and :meth:`is_off` raise :class:`TaskRefused`."""

    def __init__(self, run: Runner) -> None:
        self._run = run

    def is_installed(self) -> bool:
        """Whether there is the task; only administrators are let to know."""
        return self._call("/query", "/tn", TASK).code == 0

    def is_off(self) -> bool | None:
        """Whether somebody stopped it, so that it may not start; None where Windows does not say."""
        answer = self._call("/query", "/tn", TASK, "/xml")
        if answer.code != 0:
            return None
        settings = answer.output.partition("<Settings>")[2].partition("</Settings>")[0]
        return "<Enabled>false</Enabled>" in settings

    def create(self, file: Path) -> None:
        """Make it of the XML in ``file``, in place of the one that is there."""
        self._do("criar", "/create", "/tn", TASK, "/xml", str(file), "/f")

    def delete(self) -> None:
        """Remove it; a process of it goes on."""
        self._do("remover", "/delete", "/tn", TASK, "/f")

    def switch(self, on: bool) -> None:
        """Let it start, or not, until told otherwise."""
        self._do("ligar" if on else "desligar", "/change", "/tn", TASK, "/enable" if on else "/disable")

    def start(self) -> None:
        """Start it now; nothing happens when it runs."""
        self._do("iniciar", "/run", "/tn", TASK)

    def end(self) -> None:
        """Let Windows end its process: it asks first, and then ends it."""
        self._do("encerrar", "/end", "/tn", TASK)

    def _do(self, what: str, *arguments: str) -> None:
        done = self._call(*arguments)
        if done.code != 0:
            raise TaskRefused(
                f"O Agendador de Tarefas do Windows não aceitou {what} a tarefa {TASK}. Confira se o serviço "
                "“Agendador de Tarefas” está em execução e repita como administrador.",
                detail=f"schtasks {arguments[0]} returned {done.code}: {done.output}",
            )

    def _call(self, *arguments: str) -> Completed:
        try:
            return self._run(["schtasks", *arguments])
        except OSError as error:
            return Completed(-1, repr(error))
