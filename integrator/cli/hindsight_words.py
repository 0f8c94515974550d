"""The month that was looked back at, in the words of the report "E se estivesse ligado?": screen, PDF and CSV alike.

It says what would have been sent, and what people did without it; never what they would have done because of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final

from integrator.closing.hindsight_figures import Bucket, Hindsight, Month
from integrator.closing.policy import ClosingPolicy
from integrator.closing.reasons import Why
from integrator.documents.formats import date_br, number_br
from integrator.documents.hindsight_report import DayBar, HindsightReport, Listing
from integrator.domain.message import Company
from integrator.messages.formatting import format_count, format_money

_MONTHS: Final = (
    "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
    "dezembro",
)  # fmt: skip
_SHOWN: Final = 28
_WHY: Final = {
    Why.NO_CONTACT: "sem contato no cadastro",
    Why.NOT_FLAGGED: "nenhum contato marcado para receber",
    Why.NO_PHONE: "telefone que não serve para o WhatsApp",
}
CSV_HEADINGS: Final = ("Dia", "Empresa", "Código", "Cliente", "Etapa da régua", "Títulos", "Valor em aberto")


def month_name(month: Month) -> str:
    """``outubro de 2026``."""
    return f"{_MONTHS[month.first.month - 1]} de {month.first.year}"


def summary_of(found: Hindsight) -> str:
    """The whole month in a few sentences."""
    month, after = found.month, found.aftermath
    when = f"Em {month_name(month)}" + ("" if month.whole else f", até o dia {date_br(month.until)},")
    if not found.reminders:
        return f"{when} o integrador não teria enviado nenhum lembrete: nenhum título chegou a uma etapa da régua."
    paid = sum(bucket.titles for bucket in after.paid)
    return (
        f"{when} o integrador teria enviado {format_count(len(found.reminders), 'lembrete', 'lembretes')} a "
        f"{format_count(found.customers, 'cliente', 'clientes')}, sobre "
        f"{format_count(after.titles, 'título que somava', 'títulos que somavam')} {format_money(after.amount)}. "
        f"Sem esses lembretes, {format_count(paid, 'título foi pago', 'títulos foram pagos')} desde então e "
        f"{format_count(after.open_titles, 'continua', 'continuam')} sem pagamento completo, no valor de "
        f"{format_money(after.open_amount)}."
    )


def notes_of(found: Hindsight) -> tuple[str, ...]:
    """What the figures are, and what they are not."""
    left_out = format_count(found.left_out, "título ficou", "títulos ficaram")
    return (
        "É uma simulação: mostra o que teria sido enviado, e não quanto teria sido pago por causa disso, o que ninguém "
        "pode saber. Nada foi enviado nem gravado no banco de dados.",
        "Usa a régua, o calendário e os contatos como estão configurados hoje, como se a cobrança tivesse sido ligada "
        "no primeiro dia do mês. Títulos renegociados ou cancelados ficam de fora; de vários pagamentos vale o último.",
        f"{left_out} de fora por ter dados que não puderam ser lidos." if found.left_out else "",
    )


def short_listing(found: Hindsight, until: datetime) -> Listing:
    """What became of the titles that would have been reminded."""
    after = found.aftermath
    rows = [(_lateness(bucket), _count(bucket.titles), number_br(bucket.amount)) for bucket in after.paid]
    rows.append(("Sem pagamento completo até hoje", _count(after.open_titles), number_br(after.open_amount)))
    return Listing(
        f"O que aconteceu, sem os lembretes, com os títulos que seriam lembrados (até {date_br(until.date())})",
        ("", "Títulos", "Valor em aberto (R$)"),
        (22, 42),
        tuple(rows),
        ("Títulos lembrados", _count(after.titles), number_br(after.amount)),
    )


def listings(found: Hindsight, policy: ClosingPolicy, most: int | None = _SHOWN) -> tuple[Listing, ...]:
    """Messages by step of the ruler, and customers whom nothing could reach: the ``most`` who owe most."""
    return (*_steps(found, policy), *_unreachable(found, most))


def _steps(found: Hindsight, policy: ClosingPolicy) -> tuple[Listing, ...]:
    counts = found.steps
    if not counts:
        return ()
    rows = tuple(
        (step_label(step.name), _offset(step.days), _count(counts[step.name]))
        for step in policy.steps
        if counts[step.name]
    )
    total = ("Total", "", _count(len(found.reminders)))
    return (Listing("Lembretes por etapa da régua", ("Etapa", "Quando", "Lembretes"), (50, 24), rows, total, words=2),)


def _unreachable(found: Hindsight, most: int | None) -> tuple[Listing, ...]:
    if not found.unreachable:
        return ()
    shown = found.unreachable[:most]
    rows = tuple((each.name, _WHY[each.why], _count(each.titles), number_br(each.amount)) for each in shown)
    everybody = format_count(len(found.unreachable), "cliente", "clientes")
    total = sum((each.amount for each in found.unreachable), Decimal(0))
    more = "" if len(shown) == len(found.unreachable) else f", dos quais os {len(shown)} maiores estão acima"
    return (
        Listing(
            f"Clientes com débito vencido que nenhuma mensagem alcançaria (em {date_br(found.month.until)})",
            ("Cliente", "Por quê", "Títulos", "Vencido (R$)"),
            (66, 16, 26),
            rows,
            (f"{everybody}{more}", "", _count(sum(each.titles for each in found.unreachable)), number_br(total)),
            words=2,
        ),
    )


def report_of(found: Hindsight, policy: ClosingPolicy, company: Company, issued_at: datetime) -> HindsightReport:
    """What the PDF shows."""
    last = found.days[-1]
    return HindsightReport(
        company=company,
        title=f"E se estivesse ligado em {month_name(found.month)}?",
        summary=summary_of(found),
        figures=(
            (_count(len(found.reminders)), "lembretes teriam saído"),
            (_count(found.customers), "clientes lembrados"),
            (format_money(found.aftermath.amount), "em títulos lembrados"),
            (format_money(last.overdue_amount), f"vencidos em {date_br(last.day)}"),
        ),
        days=tuple(DayBar(day.day.day, day.reminders, day.overdue_amount, day.open) for day in found.days),
        short=short_listing(found, issued_at),
        tables=listings(found, policy),
        notes=notes_of(found),
        issued_at=issued_at,
    )


def csv_rows(found: Hindsight) -> Iterable[tuple[str, ...]]:
    """Every message that would have left, in the order of the days."""
    for sent in found.reminders:
        who = sent.customer
        figures = (str(sent.titles), number_br(sent.amount))
        yield (date_br(sent.day), sent.company, who.code, who.name, step_label(sent.step), *figures)


def _count(number: int) -> str:
    """``1.234``."""
    return f"{number:,}".replace(",", ".")


def _lateness(bucket: Bucket) -> str:
    match bucket.days:
        case 0:
            return "Pagos até o vencimento"
        case 7:
            return "Pagos de 1 a 7 dias depois do vencimento"
        case 30:
            return "Pagos de 8 a 30 dias depois do vencimento"
        case _:
            return "Pagos mais de 30 dias depois do vencimento"


def step_label(name: str) -> str:
    """``vencido 30 (2ª vez)`` for the repetition ``vencido 30#2``."""
    first, _, number = name.partition("#")
    return f"{first} ({number}ª vez)" if number else first


def _offset(days: int) -> str:
    if days == 0:
        return "no vencimento"
    return f"{format_count(abs(days), 'dia', 'dias')} {'antes' if days < 0 else 'depois'}"
