"""The process that tries a connection: started hidden, told what to do on its input, answers on its output.

A process has one client library of Firebird for life, and nothing ends a call of it that hangs: so each try has a
process of its own, which ends with the try, when its window is gone, or when it is killed.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Final, NoReturn

from integrator.desktop.connection.wire import (
    Action,
    End,
    Examined,
    Found,
    Installed,
    News,
    Refused,
    Request,
    Step,
    UserMade,
    event_line,
    read_request,
)
from integrator.desktop.connection.wording import error_in_window, in_window
from integrator.domain.errors import IntegratorError

#: What follows the program's name on the command line of such a process.
ARGUMENT: Final = "--connection-trial"
_DEFECT: Final = "O teste encontrou um erro que não conhecia e parou. Gere o pacote de suporte e envie-o ao suporte."
_UNUSABLE: Final = (
    "Criei o usuário WAGATE no servidor, mas não consegui entrar com ele, e a conexão continua como estava. {why}"
)
_FAREWELL_S: Final = 1.0

Hear = Callable[[News | End], object]


def main() -> NoReturn:
    """Do what the first line of the input asks for, and end; the exit code is 0 whatever came of it."""
    request = read_request(sys.stdin.buffer.readline())
    threading.Thread(target=_leave_with_the_window, daemon=True).start()
    saying = threading.Lock()

    def tell(event: News | End) -> None:
        with saying:
            sys.stdout.buffer.write(event_line(event))
            sys.stdout.buffer.flush()

    tell(answer(request, tell))
    os._exit(0)  # the client library's own farewell would wait for a frozen server


def answer(request: Request, heard: Hear) -> End:
    """Do it, telling on the way in the window's words; never raises."""

    def tell(event: News | End) -> None:
        heard(Found(in_window(event.finding, request)) if isinstance(event, Found) else event)

    try:
        match request.action:
            case Action.TEST:
                return _test(request, tell)
            case Action.INSTALL:
                return _install(request, tell)
            case Action.USER:
                return _make_user(request)
    except IntegratorError as error:
        return Refused(error_in_window(error, request), error.detail)
    except Exception as error:  # the top of the process
        return Refused(_DEFECT, repr(error))


def _test(request: Request, heard: Hear) -> End:
    from integrator.desktop.connection.checks import TrialContext, checks_of
    from integrator.support.doctor import examine, within

    context = TrialContext(request)
    report = examine(context, (), checks_of(request, heard))
    within(context.close, _FAREWELL_S)
    for finding in report.findings:  # with what was not tried, and over what came too late
        heard(Found(finding))
    return Examined()


def _install(request: Request, heard: Hear) -> End:
    from integrator.desktop.connection.checks import target_of
    from integrator.erp.connection import Database
    from integrator.erp.schema import installer

    created: list[str] = []

    def made(name: str) -> None:
        created.append(name)
        heard(Step(name))

    status = installer.install(Database(target_of(request)), made)
    if not status.ready:
        raise status.error()
    return Installed(len(created))


def _make_user(request: Request) -> End:
    from integrator.desktop.connection.checks import target_of
    from integrator.erp.connection import Database
    from integrator.erp.schema import installer, user

    target = target_of(request)
    database = Database(target)
    installer.require_ready(database)
    password = user.create_user(database)
    try:
        installer.require_ready(Database(replace(target, user=user.USER, password=password, role="")))
    except IntegratorError as error:
        own = replace(request, user=user.USER, password=password, source=None)
        return Refused(_UNUSABLE.format(why=error_in_window(error, own)), error.detail)
    return UserMade(password)


def _leave_with_the_window() -> NoReturn:
    """The window holds the other end of the input: it closes however the window's process ends."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)
