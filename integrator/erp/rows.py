"""Rows of ``WA_*`` as domain objects.

Text that ERPs wrote arrives as raw bytes and is decoded here as Windows-1252, strictly: a value that cannot be decoded
or holds a NUL raises ``MessageError`` naming the column, so that the row is held and the queue goes on. Money of
dialect 1 databases arrives as float and dates as datetime; both are normalized.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PureWindowsPath
from typing import Any, TypeVar

from integrator.domain.errors import MessageError
from integrator.domain.message import Address, Attachment, Company, Customer, Message, Origin, Purpose, Title
from integrator.domain.money import to_money
from integrator.erp.drives import to_unc

Row = tuple[Any, ...]
T = TypeVar("T")
MAX_TEMPLATE_BYTES = 20_000
MAX_TITLES = 500


class RowError(MessageError):
    """A column of the row holds something that cannot be used."""

    code = "dados"


def text(raw: Any, column: str) -> str:
    """One text column. Raises :class:`RowError` naming ``column`` for undecodable bytes and for NUL."""
    if raw is None:
        return ""
    try:
        value = raw.decode("cp1252") if isinstance(raw, bytes) else str(raw)
    except UnicodeDecodeError as error:
        raise RowError(
            f"O campo {column} tem caracteres que não existem em Windows-1252. Corrija o cadastro no ERP e "
            "libere a mensagem.",
            detail=f"{column}: byte 0x{error.object[error.start]:02X} at {error.start}",
        ) from error
    if "\x00" in value:
        raise RowError(f"O campo {column} tem um caractere nulo. Corrija o cadastro no ERP e libere a mensagem.")
    return value.strip()


def lenient(raw: Any) -> str:
    """Text for lists and logs, where one bad byte must not hide the row."""
    return (
        (raw.decode("cp1252", errors="replace") if isinstance(raw, bytes) else str(raw or ""))
        .replace("\x00", "")
        .strip()
    )


def storable(value: str, limit: int) -> str:
    """``value`` as a WIN1252 column can hold it: other characters become ``?``, the rest is cut at ``limit``."""
    return value.encode("cp1252", errors="replace").decode("cp1252")[:limit]


def message(row: Row, variables: list[Row], titles: list[Row], attachments: list[Row], company: Company) -> Message:
    """The row ``load_row`` with its dependants."""
    (key, purpose, module, kind, _, code, name, tax_id, *address, contact, phones, accepts, size, template) = row[:18]
    if size is not None and size > MAX_TEMPLATE_BYTES:
        raise RowError(
            f"O texto da mensagem tem {size} bytes; o máximo é {MAX_TEMPLATE_BYTES}. Encurte o texto no ERP."
        )
    seed, created, not_before, expires, instance, user, station, rule, step, attempts, guid, own, confirmed = row[18:]
    if len(titles) > MAX_TITLES:
        raise RowError(
            f"A mensagem tem mais de {MAX_TITLES} títulos, o máximo de uma mensagem. Divida-a no ERP em várias, ou "
            "mande só os mais antigos."
        )
    return Message(
        id=0,
        guid=str(guid).strip(),
        key=text(key, "CHAVE"),
        purpose=Purpose(str(purpose).strip()),
        module=text(module, "MODULO"),
        kind=text(kind, "TIPO"),
        company=company,
        customer=Customer(
            code=text(code, "CLIENTE_CODIGO"),
            name=text(name, "CLIENTE_NOME"),
            tax_id=text(tax_id, "CLIENTE_DOC"),
            address=_address(address, "CLIENTE_"),
            contact_name=text(contact, "CONTATO_NOME"),
        ),
        phones=text(phones, "TELEFONE"),
        accepts={"S": True, "N": False}.get(str(accepts or "").strip()),
        template=own_template(own) or text(template, "TEXTO") or None,
        seed=int(seed),
        created_at=created,
        not_before=not_before,
        expires_at=expires,
        instance=text(instance, "INSTANCIA"),
        titles=tuple(title(item) for item in titles),
        variables={
            text(item[0], "WA_VARIAVEL.NOME"): text(item[1], f"WA_VARIAVEL {lenient(item[0])}") for item in variables
        },
        attachments=tuple(attachment(item) for item in attachments),
        origin=Origin(
            text(user, "ERP_USUARIO"), text(station, "ERP_ESTACAO"), text(rule, "REGRA"), text(step, "ETAPA")
        ),
        attempts=int(attempts),
        confirmed=confirmed is not None,
    )


def own_template(raw: Any) -> str:
    """``TEXTO_MODELO``, which we wrote ourselves, in UTF-8: emojis and all."""
    value = raw.decode("utf-8") if isinstance(raw, bytes) else str(raw or "")
    return value.strip()


def title(row: Row) -> Title:
    """One row of ``load_titles``."""
    (ref, document, instalment, issued, due, amount, still_open, updated, linha, barcode, pix, registered, until) = row[
        :13
    ]
    (our_number, wallet, agency, bank, species, accepted, place, instructions, beneficiary, beneficiary_id, state) = (
        row[13:24]
    )
    name = text(document, "WA_TITULO.DOCUMENTO") or text(ref, "WA_TITULO.REF")
    return Title(
        ref=text(ref, "WA_TITULO.REF"),
        document=name,
        instalment=text(instalment, "WA_TITULO.PARCELA"),
        issued=_day(issued),
        due=_required(_day(due), name, "vencimento"),
        amount=_required(_money(amount), name, "valor"),
        open_amount=_required(_money(still_open), name, "valor em aberto"),
        updated_amount=_money(updated),
        linha_digitavel=text(linha, "WA_TITULO.LINHA_DIGITAVEL"),
        barcode=text(barcode, "WA_TITULO.CODIGO_BARRAS"),
        pix=text(pix, "WA_TITULO.PIX_COPIA_COLA"),
        registered=str(registered or "").strip() == "S",
        payable_until=_day(until),
        our_number=text(our_number, "WA_TITULO.NOSSO_NUMERO"),
        wallet=text(wallet, "WA_TITULO.CARTEIRA"),
        agency_account=text(agency, "WA_TITULO.AGENCIA_CODIGO"),
        bank_name=text(bank, "WA_TITULO.BANCO_NOME"),
        species=text(species, "WA_TITULO.ESPECIE") or "DM",
        accepted=str(accepted or "N").strip(),
        payment_place=text(place, "WA_TITULO.LOCAL_PAGAMENTO"),
        instructions=text(instructions, "WA_TITULO.INSTRUCOES"),
        beneficiary_name=text(beneficiary, "WA_TITULO.BENEFICIARIO_NOME"),
        beneficiary_tax_id=text(beneficiary_id, "WA_TITULO.BENEFICIARIO_DOC"),
        open=str(state).strip() == "aberto",
        payer=_payer(row[24:]),
    )


def _payer(cells: Row) -> Customer | None:
    """Who owes the title, where the row says it is not the message's own customer."""
    code, name, tax_id, *address = cells
    if not text(code, "WA_TITULO.PAGADOR_CODIGO") and not text(name, "WA_TITULO.PAGADOR_NOME"):
        return None
    return Customer(
        code=text(code, "WA_TITULO.PAGADOR_CODIGO"),
        name=text(name, "WA_TITULO.PAGADOR_NOME"),
        tax_id=text(tax_id, "WA_TITULO.PAGADOR_DOC"),
        address=_address(address, "WA_TITULO.PAGADOR_"),
    )


def attachment(row: Row) -> Attachment:
    """One row of ``load_attachments``; raises :class:`RowError` for one whose content was purged."""
    name, mime, content, path, kind, title_ref, purged = row
    file_name = text(name, "WA_ANEXO.NOME_ARQUIVO")
    where = text(path, "WA_ANEXO.CAMINHO")
    if content is None and not where and purged is not None:
        raise RowError(f"O conteúdo do anexo {file_name} já foi expurgado. Grave o anexo de novo no ERP.")
    return Attachment(
        file_name=file_name or PureWindowsPath(where).name,
        mime=str(mime or "").strip(),
        content=bytes(content) if content is not None else None,
        path=Path(to_unc(where)) if where else None,
        kind=text(kind, "WA_ANEXO.TIPO").lower(),
        title_ref=text(title_ref, "WA_ANEXO.TITULO_REF"),
    )


def company(row: Row) -> Company:
    """One row of ``load_company``. The shop's own data is read leniently: it must not stop every message."""
    (code, legal, trade, tax_id, street, district, city, state, cep, phone, mobile, email) = map(lenient, row[:12])
    logo = row[12]
    return Company(
        code=code,
        legal_name=legal,
        trade_name=trade,
        tax_id=tax_id,
        address=Address(street, district, city, state, cep),
        phone=phone,
        mobile=mobile,
        email=email,
        logo=bytes(logo) if logo is not None else None,
    )


def _address(cells: list[Any], prefix: str) -> Address:
    columns = ("ENDERECO", "BAIRRO", "CIDADE", "UF", "CEP")
    return Address(*(text(cell, prefix + column) for cell, column in zip(cells, columns, strict=True)))


def _day(value: date | datetime | None) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def _money(value: Decimal | float | int | None) -> Decimal | None:
    return None if value is None else to_money(value)


def _required(value: T | None, name: str, what: str) -> T:
    if value is None:
        raise RowError(f"O título {name} está sem {what}. Corrija-o no ERP e libere a mensagem.")
    return value
