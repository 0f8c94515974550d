"""The small language of message texts: parsed and checked when it is written, rendered without surprises.

::

    {cliente}                       a variable; missing at sending: the message is held
    {total|moeda}  {cliente|primeiro_nome|maiusculas}
    {contato|padrão:cliente}        a text to print when there is no value
    {qtd} {qtd|parcela|parcelas}    the word that fits the number
    {#titulos:10}…{/titulos}        once per item, ten at most; {mais} then tells how many were left out
    {?tem_pix}…{:senao}…{/tem_pix}  when a variable has a value (not zero, not "não", not empty)
    [[Olá|Oi|Bom dia]]              one of them, always the same for the same message
    {{ }} \\[[ \\]] \\|                literal braces, brackets and, inside [[ ]], bar

Where blocks vanish, two or more empty lines become one, so that no text has a hole; a line of blanks is empty.
Names, filters and ``senao`` are read without regard to case and accents. Values are never parsed again: a brace in a
customer's name is a brace. Everything a text names is checked against a :class:`~integrator.messages.schema.Schema`
when it is parsed, and every complaint is a Portuguese sentence. Both ways take time in proportion to their input.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from integrator.domain.errors import TemplateError
from integrator.messages.formatting import format_count
from integrator.messages.nodes import Node
from integrator.messages.parser import Parser
from integrator.messages.render import Renderer
from integrator.messages.schema import Kind, Schema, Values, plain

#: Characters of a text as written.
MAX_SOURCE = 20_000
#: WhatsApp's limits for a text message and for the text under a file.
MAX_RENDERED_UTF16 = 4096
MAX_CAPTION_UTF16 = 1024

_CURRENCY_BEFORE = re.compile(r"R\$\s?[*_~]{0,3}+\{([^{}|]*+)([^{}]*+)\}")
_CURRENCY_BEHIND = re.compile(r"\{([^{}|]*+)([^{}]*+)\}[*_~]{0,3}+\s?(?=reais\b)")
_DOLLAR_BEFORE = re.compile(r"(?<![A-Z])\$\{([^{}|\n]*+)")
_DEFAULT_NAMED = re.compile(r"\|\s*padr[aã]o:\s*(\w+_\w+)\s*\}", re.IGNORECASE)
#: What a block that vanished leaves behind.
_EMPTY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_TAG = re.compile(r"\{\{|\}\}|\\?\[\[|\\?\]\]|\{[#?/:][^{}]*\}|\{[^{}]*\}")
#: Not refused, because people write so too: ``[PROMOÇÃO]``.
_LOOKS_FOREIGN = re.compile(r"(?<!\[)\[[A-ZÀ-Ú_]{3,}\](?!\])|<<?[A-ZÀ-Ú_]{3,}>>?|@[A-ZÀ-Ú_]{3,}@")
_MARKS = {"*": "negrito", "_": "itálico", "~": "riscado"}


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed text."""

    nodes: tuple[Node, ...]

    def render(self, values: Values, seed: int) -> str:
        """The text with ``values``; ``seed`` chooses the variations, the same ones every time.

        Raises :class:`MissingValue` for a variable without value or default, and :class:`TemplateError` when the result
        is empty or longer than WhatsApp takes.
        """
        text = _EMPTY_LINES.sub("\n\n", Renderer(values, seed).run(self.nodes)).strip()
        if not text:
            raise TemplateError("O texto da mensagem ficou vazio. Confira o texto e os dados desta mensagem.")
        size = utf16_length(text)
        if size > MAX_RENDERED_UTF16:
            raise TemplateError(
                f"A mensagem ficou com {format_count(size, 'caractere', 'caracteres')}; o WhatsApp aceita até 4.096. "
                "Encurte o texto ou limite a lista, por exemplo {#titulos:10}."
            )
        return text


def parse(source: str, schema: Schema) -> Template:
    """Parse and check a text. Raises :class:`TemplateError` with line, column and the likely name, if any."""
    if len(source) > MAX_SOURCE:
        length = format_count(len(source), "caractere", "caracteres")
        raise TemplateError(f"O texto da mensagem tem {length}; o máximo é 20.000. Encurte o texto.")
    lines = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Template(Parser(lines, schema).run())


def utf16_length(text: str) -> int:
    """Length as WhatsApp counts it: an emoji is two or more."""
    return len(text.encode("utf-16-le")) // 2


def fits_caption(text: str) -> bool:
    """Whether WhatsApp takes ``text`` as the caption of a file."""
    return utf16_length(text) <= MAX_CAPTION_UTF16


def lint(source: str, schema: Schema | None = None) -> list[str]:
    """What is allowed but probably not meant: doubled ``R$``, ``[NOME]``, and unbalanced ``*``, ``_`` or ``~``.

    With a ``schema`` only variables that hold money are taken for a doubled ``R$``. Never raises.
    """
    warnings = [
        f"Há “R$” antes de {{{name}}}, que já sai com R$: o cliente leria “R$ R$ 10,00”. Tire o “R$” do texto."
        for name, filters in dict(_CURRENCY_BEFORE.findall(source[:MAX_SOURCE])).items()
        if _prints_currency(name, filters, schema)
    ]
    warnings += [
        f"Há “reais” depois de {{{name}}}, que já sai com R$: o cliente leria “R$ 10,00 reais”. Tire o “reais”."
        for name, filters in dict(_CURRENCY_BEHIND.findall(source[:MAX_SOURCE])).items()
        if _prints_currency(name, filters, schema)
    ]
    warnings += [
        f"Há um “$” antes de {{{name}}}, e ele sairia no texto. Tire o “$”."
        for name in dict.fromkeys(_DOLLAR_BEFORE.findall(source[:MAX_SOURCE]))
    ]
    warnings += [
        f"“padrão:{name}” escreve a palavra “{name}”, e não o valor dela. Escreva o texto que o cliente deve ler."
        for name in dict.fromkeys(_DEFAULT_NAMED.findall(source[:MAX_SOURCE]))
    ]
    warnings += [
        f"“{found}” parece uma variável de outro sistema e sairia assim mesmo. Use uma do integrador, como {{cliente}}."
        for found in dict.fromkeys(_LOOKS_FOREIGN.findall(source[:MAX_SOURCE]))
    ]
    for number, line in enumerate(source[:MAX_SOURCE].splitlines(), start=1):
        seen = _TAG.sub(_as_seen, line)
        warnings += [
            f"Linha {number}: há um “{mark}” sem par, e o {_MARKS[mark]} pode pegar o texto errado."
            for mark in loose_marks(seen)
        ]
    return warnings


def loose_marks(text: str) -> list[str]:
    """The marks of WhatsApp (``*``, ``_``, ``~``) that have no pair in their line of a printed text."""
    return [mark for mark in _MARKS if any(_is_unbalanced(mark, line) for line in text.splitlines())]


def _prints_currency(name: str, filters: str, schema: Schema | None) -> bool:
    if schema is None or "moeda" in plain(filters):
        return True
    kinds = [each.fields.get(plain(name)) for each in (schema, *schema.lists.values())]
    return Kind.MONEY in kinds


def _as_seen(tag: re.Match[str]) -> str:
    """A tag as the text around it sees it: a printed variable is a word, a variation a blank, a block nothing."""
    text = tag.group()
    if text[0] == "{" and text != "{{":
        return "" if text[1:2] in ("#", "?", "/", ":") else "x"
    return " "


def _is_unbalanced(mark: str, line: str) -> bool:
    """WhatsApp takes a mark at the edge of a word only, so that ``joao_silva`` and a bullet ``* `` are text."""
    sign = re.escape(mark)
    return len(re.findall(rf"(?<!\w){sign}(?=\S)|(?<=\S){sign}(?!\w)", line)) % 2 == 1
