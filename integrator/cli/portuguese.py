"""Help pages and complaints about a mistyped command in Portuguese: Typer has both in English only.

``typer._click`` is not public, but the classes of a command, its context and its errors have no public name; what is
used of them is here and nowhere else, and ``tests/cli`` would show a change.
"""

from __future__ import annotations

import difflib
import shutil
import textwrap
from collections.abc import Callable
from typing import Any, TypeVar

import typer
from typer._click import Command as AnyCommand
from typer._click import Context, Parameter
from typer._click.exceptions import (
    BadOptionUsage,
    BadParameter,
    MissingParameter,
    NoArgsIsHelpError,
    NoSuchOption,
    UsageError,
)
from typer.core import TyperCommand, TyperGroup, TyperOption

_WIDEST = 100
_NARROWEST = 60
_HELP = ("--help", "Mostra esta ajuda.")
_OPTIONS = "[OPÇÕES]"

F = TypeVar("F", bound=Callable[..., Any])


class WrongUsage(BadParameter):
    """What was typed cannot be used; the message is Portuguese and complete. Exit code 2."""


class Command(TyperCommand):
    """A command with a Portuguese help page."""

    def get_help(self, ctx: Context) -> str:
        return help_page(self, ctx)


class Group(TyperGroup):
    """Commands under one name, with a Portuguese help page."""

    def get_help(self, ctx: Context) -> str:
        return help_page(self, ctx)

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, AnyCommand | None, list[str]]:
        """Raises :class:`WrongUsage` for a name that is no command."""
        if args and not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            known = [name for name, command in self.commands.items() if not command.hidden]
            raise WrongUsage(f"Não existe o comando “{args[0]}”.{_meant(args[0], known)}", ctx=ctx)
        return super().resolve_command(ctx, args)


class App(typer.Typer):
    """A Typer application whose commands all speak Portuguese."""

    def __init__(self, *, help: str, invoke_without_command: bool = False) -> None:
        super().__init__(
            cls=Group,
            help=help,
            invoke_without_command=invoke_without_command,
            no_args_is_help=not invoke_without_command,
            add_completion=False,
        )

    def command(self, name: str | None = None, **options: Any) -> Callable[[F], F]:
        """As :meth:`typer.Typer.command`."""
        decorate: Callable[[F], F] = super().command(name, cls=Command, **options)
        return decorate


def help_page(command: AnyCommand, ctx: Context) -> str:
    """What ``--help`` prints."""
    width = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns))
    commands = _commands(command)
    arguments = [(_name(p), _help(p)) for p in _visible(command) if not isinstance(p, TyperOption)]
    options = [(_name(p), _help(p)) for p in _visible(command) if isinstance(p, TyperOption)]
    sections = (("Comandos", commands), ("Argumentos", arguments), ("Opções", [*options, _HELP]))
    blocks = [textwrap.fill(" ".join((command.help or "").split()), width), f"Uso: {_usage(ctx)}"]
    blocks += [f"{title}:\n{_table(rows, width)}" for title, rows in sections if rows]
    return "\n\n".join(block for block in blocks if block)


def complaint(error: typer.TyperException) -> str:
    """What was typed wrong, how the command is written, and where its help is."""
    if isinstance(error, NoArgsIsHelpError):
        return error.message
    message = _explain(error)
    ctx = error.ctx if isinstance(error, UsageError) else None
    if ctx is None:
        return message
    return f"{message}\nUso: {_usage(ctx)}\nAjuda: {ctx.command_path} --help"


def _explain(error: typer.TyperException) -> str:
    match error:
        case BadParameter(param=param):
            return _explain_value(error, param)
        case NoSuchOption(option_name=name, ctx=ctx):
            known = [opt for p in ctx.command.params for opt in p.opts] if ctx else []
            return f"A opção {name} não existe aqui.{_meant(name, known)}"
        case BadOptionUsage(option_name=name, message=message):
            return f"A opção {name} não leva valor." if "not take" in message else f"Falta o valor da opção {name}."
        case UsageError(ctx=ctx) if ctx and isinstance(ctx.command, Group):
            return "Falta o comando."
        case _:
            return "Há palavras a mais no comando."


def _explain_value(error: BadParameter, param: Parameter | None) -> str:
    if isinstance(error, WrongUsage):
        return f"{param.opts[0]}: {error.message}" if isinstance(param, TyperOption) else error.message
    if param is None:
        return "Um dos valores não serve."
    shown = " ou ".join([*param.opts, *param.secondary_opts]) if isinstance(param, TyperOption) else _name(param)
    missing = isinstance(error, MissingParameter)
    return f"Falta informar {shown.rstrip('.')}." if missing else f"O valor de {shown} não serve."


def _meant(typed: str, known: list[str]) -> str:
    close = difflib.get_close_matches(typed, known, n=1)
    return f" Você quis dizer {close[0]}?" if close else ""


def _usage(ctx: Context) -> str:
    arguments = [_name(p) for p in _visible(ctx.command) if not isinstance(p, TyperOption)]
    command = _command_of(ctx.command)
    return " ".join([ctx.command_path, _OPTIONS, *arguments, *command])


def _command_of(command: AnyCommand) -> list[str]:
    if not isinstance(command, Group):
        return []
    return ["[COMANDO]" if command.invoke_without_command else "COMANDO"]


def _visible(command: AnyCommand) -> list[Parameter]:
    return [param for param in command.params if not getattr(param, "hidden", False)]


def _commands(command: AnyCommand) -> list[tuple[str, str]]:
    if not isinstance(command, Group):
        return []
    return [(name, _first_sentence(each.help or "")) for name, each in command.commands.items() if not each.hidden]


def _first_sentence(text: str) -> str:
    plain = " ".join(text.split())
    end = plain.find(". ")
    return plain if end < 0 else plain[: end + 1]


def _name(param: Parameter) -> str:
    """``--limite NÚMERO`` of an option, ``CHAVE`` of an argument."""
    if not isinstance(param, TyperOption):
        return param.metavar or (param.name or "").upper()
    names = ", ".join([*param.opts, *param.secondary_opts])
    return f"{names} {param.metavar}" if param.metavar else names


def _help(param: Parameter) -> str:
    return str(getattr(param, "help", None) or "")


def _table(rows: list[tuple[str, str]], width: int) -> str:
    column = max(len(name) for name, _ in rows) + 4
    lines = []
    for name, text in rows:
        filled = textwrap.wrap(text, width - column, break_long_words=False) or [""]
        lines.append(f"  {name:<{column - 2}}{filled[0]}".rstrip())
        lines += [" " * column + line for line in filled[1:]]
    return "\n".join(lines)
