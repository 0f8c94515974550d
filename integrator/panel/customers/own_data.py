"""All that is kept about the owner of a phone, to be handed to that person (LGPD, art. 18, II): JSON and plain text."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from starlette.responses import Response

from integrator.domain.message import Company
from integrator.domain.phone import PhoneCandidate, format_phone, mask_phone
from integrator.erp.consents import ConsentRegister
from integrator.erp.customers import phone_of
from integrator.erp.personal_data import Record, read_rows
from integrator.messages.formatting import format_datetime
from integrator.panel.customers.bulk_store import BulkStore
from integrator.panel.customers.journal import JournalOfPhone, read_journal
from integrator.panel.customers.person import asked_phone, rows_of_one
from integrator.panel.customers.term_store import TermStore
from integrator.panel.customers.words import PURPOSE_NAMES, SAID
from integrator.panel.customers.wrote import Wrote, read_wrote
from integrator.panel.visit import Visit

_HIDDEN: Final = "outro número do mesmo cadastro, não mostrado"
_PHONES: Final = frozenset({"TELEFONE", "DESTINO"})
_RULE: Final = "-" * 72
#: Tables in the words of people; what is not named here keeps its own name.
_TABLES: Final = {
    "WA_FILA": "Mensagem",
    "WA_TITULO": "Título da mensagem",
    "WA_ITEM": "Item da mensagem",
    "WA_VARIAVEL": "Campo da mensagem",
    "WA_ANEXO": "Arquivo da mensagem",
    "WA_PARTE": "O que saiu",
    "WA_EVENTO": "O que houve com a mensagem",
    "WA_ETAPA": "Etapa da régua",
}


@dataclass(frozen=True, slots=True)
class OwnData:
    """What was found. ``answers`` and ``bulk`` are in words already."""

    phone: PhoneCandidate
    company: Company
    at: str
    records: tuple[Record, ...]
    answers: tuple[tuple[str, str, str, str], ...]
    bulk: tuple[str, ...]
    journal: JournalOfPhone
    wrote: Wrote


def as_json(visit: Visit) -> Response:
    """GET /clientes/telefone/{digits}/dados.json."""
    data = _collect(visit)
    return _file(visit, data.phone, json.dumps(_tree(data), ensure_ascii=False, indent=2), "json", "application/json")


def as_text(visit: Visit) -> Response:
    """GET /clientes/telefone/{digits}/dados.txt: with the mark and line ends that the Notepad wants."""
    data = _collect(visit)
    return _file(visit, data.phone, "\ufeff" + "\r\n".join(_text(data)), "txt", "text/plain; charset=utf-8")


def _file(visit: Visit, phone: PhoneCandidate, content: str, extension: str, media: str) -> Response:
    visit.record("Baixou os dados de uma pessoa", f"{mask_phone(phone.e164)} ({extension.upper()})")
    name = f"dados-{phone.e164}.{extension}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content.encode("utf-8", "replace"), media_type=media, headers=headers)


def _collect(visit: Visit) -> OwnData:
    phone, shop = asked_phone(visit), visit.shop
    area = shop.settings.whatsapp.default_area
    rows, _ = rows_of_one(visit, phone, visit.query.get("cliente", ""))
    answers = ConsentRegister(shop.database).answers([phone])[phone.e164]
    records = read_rows(shop.database, [row.row for row in reversed(rows)])
    return OwnData(
        phone,
        shop.company(),
        format_datetime(visit.now),
        tuple(_only_own(record, phone, area) for record in records),
        tuple(
            (format_datetime(a.at), PURPOSE_NAMES[a.purpose], SAID[a.said], a.source or "sem origem anotada")
            for a in answers
        ),
        (
            *BulkStore(visit.panel.store).about(phone.alternatives),
            *TermStore(visit.panel.store).about(phone.alternatives),
        ),
        read_journal(visit.panel.folder, phone.alternatives, [row.guid for row in rows]),
        read_wrote(visit.panel.folder, shop.database, phone),
    )


def _only_own(record: Record, phone: PhoneCandidate, area: str) -> Record:
    """Numbers of the same register that are not this person's are not handed out."""
    cells = tuple(
        (name, _own_phones(str(value), phone, area) if name in _PHONES and record.table == "WA_FILA" else value)
        for name, value in record.cells
    )
    return Record(record.table, cells)


def _own_phones(typed: str, phone: PhoneCandidate, area: str) -> str:
    if typed.strip() in phone.alternatives:
        return typed
    alone = phone_of(typed, area)
    has_one = alone is not None and alone.e164 == phone.e164 and len(typed) <= len("+55 (49) 9 8859-0187")
    return typed if has_one else f"{format_phone(phone.e164)} ({_HIDDEN})"


def _tree(data: OwnData) -> dict[str, Any]:
    return {
        "gerado_em": data.at,
        "loja": {"nome": data.company.name, "documento": data.company.tax_id},
        "telefone": data.phone.e164,
        "mensagens": [{"tabela": record.table, **dict(record.cells)} for record in data.records],
        "respostas": [
            {"quando": at, "mensagens": purpose, "resposta": said, "origem": source}
            for at, purpose, said, source in data.answers
        ],
        "registros_em_lote": list(data.bulk),
        "contato": dict(data.wrote.facts),
        "o_que_escreveu": [{"quando": at, "texto": text} for at, text in data.wrote.texts],
        "diario_de_envios": [
            {"quando": p.at, "tipo": p.kind, "arquivo": p.file_name, "destino": p.destination, "situacao": p.state,
             "sha256": p.sha256}
            for p in data.journal.posts
        ],
        "consultas_ao_whatsapp": [
            {"quando": c.at, "numero": c.number, "tem_whatsapp": c.found} for c in data.journal.checks
        ],
    }  # fmt: skip


def _text(data: OwnData) -> list[str]:
    messages = sum(record.table == "WA_FILA" for record in data.records)
    lines = [
        data.company.name,
        f"Dados guardados sobre o telefone {format_phone(data.phone.e164)}",
        f"Gerado em {data.at}",
        "",
        f"RESPOSTAS SOBRE RECEBER MENSAGENS ({len(data.answers)})",
        *(f"  {at}  {purpose}: {said}. Origem: {source}" for at, purpose, said, source in data.answers),
        *(f"  {line}" for line in data.bulk),
        "",
        f"O QUE ESCREVEU PARA A LOJA ({len(data.wrote.texts)})",
        *(f"  {words}: {at}" for words, at in data.wrote.facts),
        *(f"  {at}  {_indented(text) or 'áudio, foto ou arquivo'}" for at, text in data.wrote.texts),
        "",
        f"MENSAGENS ({messages})",
    ]
    for record in data.records:
        lines += [_RULE] if record.table == "WA_FILA" else []
        lines.append(f"{_TABLES.get(record.table, record.table)}:")
        lines += [f"  {name}: {_indented(value)}" for name, value in record.cells]
    lines += ["", f"DIÁRIO DE ENVIOS DESTE COMPUTADOR ({len(data.journal.posts)})"]
    lines += [f"  {p.at}  {p.kind} {p.file_name} {p.state}".rstrip() for p in data.journal.posts]
    lines += ["", f"CONSULTAS AO WHATSAPP SOBRE O NÚMERO ({len(data.journal.checks)})"]
    lines += [f"  {c.at}  {'tem' if c.found else 'não tem'} WhatsApp" for c in data.journal.checks]
    return lines


def _indented(value: object) -> str:
    return "\r\n      ".join(str(value).splitlines())
