"""The small language of message texts: parsed and checked when it is written, rendered without surprises.

::

    {cliente}                       a variable; missing at sending: the message is held
    {total|moeda}  {cliente|primeiro_nome|maiusculas}
    {contato|padrão:cliente}        a text to print when there is no value
    {qtd} {qtd|parcela|parcelas}    the word that fits the number
    {#titulos:10}…{/titulos}        once per item, ten at most; {mais} then tells how many were left out
    {?tem_pix}…{:senao}…{/tem_pix}  when a variable has a value (not zero, not "não", not empty)
    [[Olá|Oi|Bom dia]]              one of them, always the same for the same message
    {{ }} \\[[                       literal braces and brackets

Values are never parsed again: a brace in a customer's name is a brace. Everything a text names is checked against a
:class:`~integrator.messages.schema.Schema` when it is parsed, and every complaint is a Portuguese sentence.
"""

from __future__ import annotations

from dataclasses import dataclass

from integrator.domain.errors import TemplateError
from integrator.messages.nodes import Node
from integrator.messages.parser import Parser, refuse_foreign
from integrator.messages.render import Renderer
from integrator.messages.schema import Schema, Values

#: Characters of a text as written; a rendered one may have 4,096 (WhatsApp's limit for a text message).
MAX_SOURCE = 20_000
MAX_RENDERED_UTF16 = 4096


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text."""

    nodes: tuple[Node, ...]

    def render(self, values: Values, seed: int) -> str:
        """The text with ``values``; ``seed`` chooses the variations, the same ones every time.

        Raises :class:`MissingValue` for a variable without value or default, and :class:`TemplateError` when the result
        is empty or longer than WhatsApp takes.
        """
        text = Renderer(values, seed).run(self.nodes).strip()
        if not text:
            raise TemplateError("O texto da mensagem ficou vazio.")
        size = utf16_length(text)
        if size > MAX_RENDERED_UTF16:
            raise TemplateError(f"A mensagem ficou com {size} caracteres; o WhatsApp aceita até {MAX_RENDERED_UTF16}.")
        return text


def parse(source: str, schema: Schema) -> Template:
    """Parse and check a text. Raises :class:`TemplateError` with line, column and the likely name, if any."""
    if len(source) > MAX_SOURCE:
        raise TemplateError(f"O texto tem {len(source)} caracteres; o máximo é {MAX_SOURCE}.")
    refuse_foreign(source)
    return Template(Parser(source, schema).run())


def utf16_length(text: str) -> int:
    """Length as WhatsApp counts it: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def lint(source: str) -> list[str]:
    """What is allowed but probably not meant: doubled ``R$`` and unbalanced ``*``, ``_`` or ``~``."""
    warnings: list[str] = []
    if "R$ {" in source or "R${" in source:
        warnings.append("Há “R$” antes de uma variável: os valores já saem com R$ e o cliente leria “R$ R$ 10,00”.")
    names = {"*": "negrito", "_": "itálico", "~": "riscado"}
    outside = _without_braces(source)
    warnings += [
        f"Há um “{mark}” sem par: o {name} pode pegar o texto errado."
        for mark, name in names.items()
        if outside.count(mark) % 2
    ]
    return warnings


def _without_braces(source: str) -> str:
    kept: list[str] = []
    depth = 0
    for char in source:
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth == 0:
            kept.append(char)
    return "".join(kept)
