"""Rows of a profile's sources as the closing's words (:mod:`integrator.closing.ports`)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path, PureWindowsPath

from integrator.closing.ports import Contact, Debt, TitleState
from integrator.domain.message import Address, Attachment, Company, Customer, Title
from integrator.erp.profiles.cells import Cells
from integrator.erp.recheck import TitleAnswer
from integrator.messages.schema import plain

_PDF = "application/pdf"
_NOTHING = Decimal("0.00")
_NO_FILE_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_STATES = {
    "": TitleState.OPEN,
    "aberto": TitleState.OPEN,
    "pago": TitleState.PAID,
    "renegociado": TitleState.RENEGOTIATED,
    "cancelado": TitleState.CANCELLED,
}


@dataclass(frozen=True, slots=True)
class PastTitle:
    """One row of ``historico``: a debt of the past and what became of it; amounts in reais."""

    company: str
    customer_code: str
    customer_name: str
    ref: str
    due: date
    amount: Decimal
    paid_on: date | None
    paid_amount: Decimal | None
    state: TitleState
    problem: str = ""


def debt(cells: Cells, today: date) -> Debt:
    """A row of ``titulos``. A required date that is missing becomes ``today``, with a problem."""
    state = _state(cells)
    title = _title(cells, today, state)
    attachments = tuple(files(cells, "BOLETO_PDF", "BOLETO_CAMINHO", f"boleto-{title.document}", "boleto", title.ref))
    debtor = customer(cells, address=True)
    company, reminds = cells.text("EMPRESA"), cells.flag("CLIENTE_AVISA", default=True)
    # A paid title may well have no balance: it is not collected, so that nothing is there to hold.
    problem = cells.problem if state is TitleState.OPEN else ""
    return Debt(company, debtor, title, state, reminds, attachments, problem)


def contact(cells: Cells) -> Contact:
    """A row of ``contatos``."""
    values = (cells.text("EMPRESA"), cells.text("CLIENTE_CODIGO"), cells.text("CONTATO_NOME"))
    phones, accepts, digest = cells.text("TELEFONE"), cells.flag("RECEBE_AVISO"), cells.flag("RESUMO")
    return Contact(*values, phones, accepts, digest, problem_of_receiver(cells, accepts))


def company(cells: Cells) -> Company:
    """A row of ``empresas``; read leniently, because the shop's own data must not stop every message."""
    address = Address(*(cells.text(name) for name in ("ENDERECO", "BAIRRO", "CIDADE", "UF", "CEP")))
    code, legal, trade, tax_id, phone, mobile, email = (
        cells.text(name) for name in ("CODIGO", "RAZAO_SOCIAL", "NOME_FANTASIA", "CNPJ", "FONE", "CELULAR", "EMAIL")
    )
    return Company(code, legal, trade, tax_id, address, phone, mobile, email)


def answer(cells: Cells, today: date) -> TitleAnswer:
    """A row of ``conferir``; look at ``cells.problem`` before trusting it."""
    amount, due = cells.money("VALOR_ABERTO"), cells.day("VENCIMENTO")
    state = _state(cells)
    return TitleAnswer(state, _NOTHING if amount is None else amount, due or today)


def past(cells: Cells, today: date) -> PastTitle:
    """A row of ``historico``; without a situation, what was paid is paid."""
    paid_on, paid = cells.day("PAGO_EM"), cells.money("VALOR_PAGO")
    state = _state(cells)
    if state is TitleState.OPEN and paid_on is not None and not cells.text("SITUACAO"):
        state = TitleState.PAID
    due, amount = cells.day("VENCIMENTO") or today, cells.money("VALOR") or _NOTHING
    company_code, code, name, ref = (cells.text(n) for n in ("EMPRESA", "CLIENTE_CODIGO", "CLIENTE_NOME", "REF"))
    return PastTitle(company_code, code, name, ref, due, amount, paid_on, paid, state, cells.problem)


def problem_of_receiver(cells: Cells, accepts: bool) -> str:
    """Who is not flagged receives nothing, whatever else is wrong; only the flag itself could hide a wish."""
    return cells.problem if accepts or cells.blames("RECEBE_AVISO") else ""


def _title(cells: Cells, today: date, state: TitleState) -> Title:
    ref = cells.text("REF") or digest(cells)
    amount, still_open = cells.money("VALOR"), cells.money("VALOR_ABERTO")
    return Title(
        ref=ref,
        document=cells.text("DOCUMENTO") or ref[:40],
        instalment=cells.text("PARCELA"),
        issued=cells.day("EMISSAO"),
        due=cells.day("VENCIMENTO") or today,
        amount=_NOTHING if amount is None else amount,
        open_amount=_NOTHING if still_open is None else still_open,
        updated_amount=cells.money("VALOR_ATUALIZADO"),
        linha_digitavel=cells.text("LINHA_DIGITAVEL"),
        barcode=cells.text("CODIGO_BARRAS"),
        pix=cells.text("PIX_COPIA_COLA"),
        registered=cells.flag("REGISTRADO"),
        payable_until=cells.day("PAGAVEL_ATE"),
        our_number=cells.text("NOSSO_NUMERO"),
        wallet=cells.text("CARTEIRA"),
        agency_account=cells.text("AGENCIA_CODIGO"),
        bank_name=cells.text("BANCO_NOME"),
        species=cells.text("ESPECIE") or "DM",
        accepted=cells.text("ACEITE") or "N",
        payment_place=cells.text("LOCAL_PAGAMENTO"),
        instructions=cells.text("INSTRUCOES"),
        beneficiary_name=cells.text("BENEFICIARIO_NOME"),
        beneficiary_tax_id=cells.text("BENEFICIARIO_DOC"),
        open=state is TitleState.OPEN,
    )


def customer(cells: Cells, *, address: bool = False) -> Customer:
    parts = ("ENDERECO", "BAIRRO", "CIDADE", "UF", "CEP") if address else ()
    return Customer(
        code=cells.text("CLIENTE_CODIGO"),
        name=cells.text("CLIENTE_NOME"),
        tax_id=cells.text("CLIENTE_DOC"),
        address=Address(*(cells.text(f"CLIENTE_{part}") for part in parts)),
        contact_name=cells.text("CONTATO_NOME"),
    )


def _state(cells: Cells) -> TitleState:
    text = cells.text("SITUACAO")
    written = plain(text) if text else ""
    state = _STATES.get(written)
    if state is None:
        cells.blame("SITUACAO", f"vale “{written[:12]}”, e só pode ser aberto, pago, renegociado ou cancelado")
        # Not to be collected by mistake: the row is held by its problem, whatever stands here.
        return TitleState.OPEN
    return state


def ref_of(cells: Cells) -> str:
    return cells.text("REF") or digest(cells)


def digest(cells: Cells) -> str:
    """Stands in for a missing reference, so that two held rows do not share one key."""
    return f"sem-ref-{hashlib.sha256(repr(cells.row).encode()).hexdigest()[:12]}"


def files(cells: Cells, blob: str, path: str, name: str, kind: str, ref: str) -> list[Attachment]:
    content, where = cells.content(blob), cells.text(path)
    if content is None and not where:
        return []
    shown = name if content is not None or name else PureWindowsPath(where).name
    safe = _NO_FILE_NAME.sub("-", shown).strip(" .-")[:110] or kind
    file_name = safe if safe.lower().endswith(".pdf") else f"{safe}.pdf"
    if content is not None:
        return [Attachment(file_name, _PDF, content, None, kind, ref)]
    return [Attachment(file_name, _PDF, None, Path(where), kind, ref)]
