"""Messages of every module through the composer: switches, variables, documents, and what must not leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from integrator.domain.errors import MessageError
from integrator.domain.message import Attachment, Composed, Creditor, LineItem, Message, PartKind, Purpose
from integrator.messages.catalogue import Situation, Subject, bare, modules
from integrator.messages.choices import Choice, Choices
from integrator.sending.compose import Composer
from integrator.sending.creditors import CreditorChoice
from integrator.sending.debts import Pointless, TitlePolicy
from integrator.sending.policy import ComposePolicy
from integrator.settings.contents import SeveralBoletos
from tests.documents.readers import page_texts
from tests.sending.samples import NOW, TODAY, message, title, with_boleto

POLICY = ComposePolicy()
SITUATIONS = [situation for module in modules() for situation in module.situations]
ITEMS = (LineItem("Disco de corte 115 mm", "7891", Decimal(3), "un", Decimal("4.50"), None, Decimal("13.50")),)


def result(row: Message, policy: ComposePolicy = POLICY) -> Composed | Pointless:
    return Composer(policy).compose(row, NOW)


def compose(row: Message, policy: ComposePolicy = POLICY) -> Composed:
    composed = result(row, policy)
    assert isinstance(composed, Composed), composed
    return composed


def row_of(situation: Situation, **more: Any) -> Message:
    """A row as an ERP would write it for that situation, with the catalogue's samples."""
    titles = {Subject.OPEN_TITLES: (with_boleto(),), Subject.SETTLED_TITLES: (with_boleto(open_amount=Decimal(0)),)}
    values: dict[str, Any] = {
        "module": situation.module,
        "kind": situation.kind,
        "purpose": situation.purpose,
        "variables": {variable.name.upper(): variable.sample for variable in situation.variables},
        "items": ITEMS if situation.subject is Subject.DOCUMENT else (),
        "created_at": NOW,
    }
    return message(*titles.get(situation.subject, ()), **values | more)


def quote(**more: Any) -> Message:
    situation = next(each for each in SITUATIONS if each.kind == "ORÇAMENTO CRIADO")
    return row_of(situation, **more)


def file_texts(composed: Composed) -> str:
    return "\n".join(
        text for part in composed.parts if part.kind is PartKind.DOCUMENT for text in page_texts(part.content)
    )


@pytest.mark.feature("G07", "G35")
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: f"{bare(each.module)}-{bare(each.kind)}")
def test_every_situation_leaves_with_its_default_text_and_documents(situation: Situation) -> None:
    composed = compose(row_of(situation))
    assert not set("{}[]|") & set(composed.text)
    drawn = {part.file_name.split("-")[0] for part in composed.parts if part.kind is PartKind.DOCUMENT}
    assert ("anexo" in composed.text) is bool(drawn)


@pytest.mark.feature("G22")
def test_a_message_that_is_switched_off_is_cancelled_with_the_reason() -> None:
    row = quote()
    off = Choices(by_name={(bare(row.module), bare(row.kind)): Choice(on=False)})
    for choices in (off, Choices(off=frozenset({"orcamento"}))):
        answer = result(row, replace(POLICY, choices=choices))
        assert answer == Pointless("As mensagens “ORÇAMENTO, ORÇAMENTO CRIADO” estão desligadas.", "desligado")


@pytest.mark.feature("B04")
def test_missing_and_mistyped_variables_are_named_all_at_once() -> None:
    with pytest.raises(MessageError) as held:
        compose(quote(variables={"VALOR_TOTAL": "caro", "VALIDADE": "30/12/1899"}))
    assert held.value.message == (
        "ORÇAMENTO, ORÇAMENTO CRIADO: Falta a variável numero. Há valor que não serve: valor_total não é um valor em "
        "reais: “caro”; validade não é uma data possível: “30/12/1899”. Corrija no ERP e libere a mensagem."
    )


@pytest.mark.feature("G25")
def test_the_quote_goes_as_a_pdf_with_its_items_unless_the_erp_attached_its_own() -> None:
    drawn = compose(quote())
    assert "Disco de corte 115 mm" in file_texts(drawn)
    pdf = drawn.parts[0].content
    own = compose(quote(attachments=(Attachment("ORC-1234.pdf", content=pdf, kind="documento"),)))
    assert [part.file_name for part in own.parts] == ["ORC-1234.pdf"]
    assert "anexo" in own.text


@pytest.mark.feature("G25")
def test_without_items_the_quote_is_told_without_a_pdf_unless_the_shop_insists() -> None:
    told = compose(quote(items=()))
    assert [part.kind for part in told.parts] == [PartKind.TEXT]
    assert "anexo" not in told.text
    insists = Choices(by_name={("orcamento", "orcamentocriado"): Choice(documents=("orcamento",))})
    with pytest.raises(MessageError, match="precisa de itens"):
        compose(quote(items=()), replace(POLICY, choices=insists))
    none = Choices(by_name={("orcamento", "orcamentocriado"): Choice(documents=())})
    assert [part.kind for part in compose(quote(), replace(POLICY, choices=none)).parts] == [PartKind.TEXT]


def test_a_collection_may_not_pass_as_a_service() -> None:
    with pytest.raises(MessageError, match="é uma cobrança, mas veio com FINALIDADE = servico"):
        compose(message(title(), module="AVISO DE DÉBITOS", kind="QUALQUER", purpose=Purpose.SERVICE))


@pytest.mark.feature("G31")
def test_a_payment_is_thanked_for_with_a_receipt_and_no_boleto() -> None:
    situation = next(each for each in SITUATIONS if each.kind == "PARCELA QUITADA")
    composed = compose(row_of(situation))
    assert not any(part.file_name.startswith("boleto") for part in composed.parts)
    assert not any(part.kind in (PartKind.PIX, PartKind.LINHA) for part in composed.parts)
    assert "NF1234" in file_texts(composed)


@pytest.mark.feature("G31")
def test_nobody_is_thanked_for_what_is_still_owed() -> None:
    situation = next(each for each in SITUATIONS if each.kind == "PARCELA QUITADA")
    with pytest.raises(MessageError, match="veio com valor em aberto"):
        compose(replace(row_of(situation), titles=(with_boleto(),)))


@pytest.mark.feature("G38")
def test_a_cashback_leaves_only_where_its_expiry_is_known() -> None:
    balance, expiring = (each for each in SITUATIONS if each.module == "CASHBACK")
    without = {"SALDO": "32,50"}
    row = row_of(balance, variables=without)
    answer = result(row)
    assert isinstance(answer, Pointless)
    assert answer.code == "cashback"
    assert "30 dias" in compose(row, replace(POLICY, choices=Choices(cashback_days=30))).text
    assert "25/12/2026" in compose(replace(row, variables={**without, "EXPIRA_EM": "25/12/2026"})).text
    with pytest.raises(MessageError, match="Falta a variável expira_em"):
        compose(row_of(expiring, variables=without), replace(POLICY, choices=Choices(cashback_days=30)))


@pytest.mark.feature("G32")
def test_a_cancelled_instalment_that_nobody_can_identify_holds_the_message() -> None:
    situation = next(each for each in SITUATIONS if each.kind == "PARCELA CANCELADA")
    with pytest.raises(MessageError, match="não diz de qual parcela se trata"):
        compose(replace(row_of(situation, variables={}), titles=()))
    assert "NF 77" in compose(replace(row_of(situation, variables={"NUMERO": "NF 77"}), titles=())).text


@pytest.mark.feature("G30")
def test_a_birthday_that_passed_is_not_congratulated_upon() -> None:
    (situation,) = (each for each in SITUATIONS if each.module == "ANIVERSARIANTES")
    late = row_of(situation, created_at=NOW - timedelta(days=situation.fresh_days + 1))
    answer = result(late)
    assert isinstance(answer, Pointless)
    assert answer.code == "passou"
    assert "feliz" in compose(row_of(situation)).text.lower() or "aniversário" in compose(row_of(situation)).text


MANY = [replace(with_boleto(), ref=f"B{number}", document=f"NF{number}") for number in range(4)]


@pytest.mark.feature("S03", "G34")
@pytest.mark.parametrize(
    ("how", "files", "pages"),
    [(SeveralBoletos.ONE_EACH, 4, 1), (SeveralBoletos.ONE_FILE, 1, 4), (SeveralBoletos.CARNE, 1, 2)],
)
def test_several_boletos_go_one_each_in_one_file_or_as_a_carne(how: SeveralBoletos, files: int, pages: int) -> None:
    composed = compose(message(*MANY), replace(POLICY, several_boletos=how, draw_statement=False))
    found = [part for part in composed.parts if part.kind is PartKind.DOCUMENT]
    assert len(found) == files
    assert len({part.file_name for part in found}) == files
    assert {len(page_texts(part.content)) for part in found} == {pages}
    assert "boletos seguem" in composed.text


def test_the_pdfs_with_debts_open_with_the_first_digits_of_the_customers_document() -> None:
    composed = compose(message(title(), with_boleto()), replace(POLICY, password_digits=5))
    assert "os 5 primeiros números do seu CPF" in composed.parts[0].caption
    for part in composed.parts[:2]:
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(part.content)
        assert len(pypdfium2.PdfDocument(part.content, password="15283")) == 1
    nameless = message(title(), customer=replace(message().customer, tax_id=""))
    with pytest.raises(MessageError, match="CPF"):
        compose(nameless, replace(POLICY, password_digits=5))


@pytest.mark.feature("B09")
def test_a_late_boleto_keeps_its_digits_and_tells_the_rest_as_an_estimate() -> None:
    late = with_boleto(due=TODAY)  # the digits are of the due date that the bank knows
    late = with_boleto()
    policy = replace(POLICY, titles=TitlePolicy(fine_percent=Decimal(2), interest_percent=Decimal(1)))
    row = message(late)
    on = row.titles[0].due + timedelta(days=30)
    composed = Composer(policy).compose(row, NOW.replace(month=12, day=20))
    assert isinstance(composed, Composed)
    assert on == date(2026, 12, 20)
    text = file_texts(composed)
    assert "1.271,60" in text  # 1.234,56 + 2 % + 1 % for thirty days
    assert "stimativa" in text
    assert late.barcode[5:9] in "".join(text.split())


@pytest.mark.parametrize(
    "spoiled",
    [
        {"due": date(1899, 12, 30)},
        {"due": date(2099, 12, 31)},
        {"issued": date(1899, 12, 30)},
        {"amount": Decimal("-1.00")},
        {"updated_amount": Decimal("-0.01")},
    ],
    ids=str,
)
def test_a_title_that_nobody_can_have_meant_holds_the_message(spoiled: dict[str, Any]) -> None:
    with pytest.raises(MessageError, match="O título NFT1 está com"):
        compose(message(replace(title(), **spoiled)))


@pytest.mark.feature("C05", "C10")
def test_the_statement_of_a_creditor_names_it_beside_the_shop() -> None:
    of_school = title(beneficiary_name="Colégio Araucária Ltda", beneficiary_tax_id="12345678000195")
    school = CreditorChoice("77", Creditor("Colégio Araucária Ltda", "12345678000195", "Rua A, 1 - Concórdia/SC"))
    text = file_texts(compose(message(of_school), replace(POLICY, creditors=(school,))))
    assert "Colégio Araucária Ltda" in text
    assert "12.345.678/0001-95" in text
    assert "Rua A, 1" in text
    assert "Casa Pinhão Azul" in text


def own_model(folder: Path, name: str, based_on: str, text: str) -> None:
    """A document of the shop's own, of one paragraph."""
    head = f'[documento]\ntitulo = "{name}"\nbaseado_em = "{based_on}"\n'
    (folder / f"{name}.toml").write_text(f'{head}\n[[bloco]]\ntipo = "texto"\ntexto = "{text}"\n', encoding="utf-8")


@pytest.mark.feature("C04", "C05")
def test_the_account_and_a_creditor_choose_their_own_statement(tmp_path: Path) -> None:
    own_model(tmp_path, "da_conta", "demonstrativo", "Conta: {#titulos}{documento} {/titulos}")
    own_model(tmp_path, "da_escola", "demonstrativo", "Escola: {#titulos}{documento} {/titulos}")
    school = CreditorChoice("77", Creditor("Colégio", "12345678000195", "Rua A, 1"), statement="da_escola")
    policy = replace(POLICY, models_folder=tmp_path, statement="da_conta", creditors=(school,))
    assert "Conta: NFT1" in file_texts(compose(message(title()), policy))
    assert "Escola: NFT1" in file_texts(compose(message(title(), variables={"CREDOR": "77"}), policy))


@pytest.mark.feature("C03", "C06", "C07", "C09")
def test_the_agreement_is_the_accounts_or_the_creditors_and_signed_by_the_chosen_user(tmp_path: Path) -> None:
    own_model(tmp_path, "da_conta", "termo_acordo", "Da conta, por {usuario}: {#titulos}{documento} {/titulos}")
    own_model(tmp_path, "da_escola", "termo_acordo", "Da escola, por {usuario}: {#titulos}{documento} {/titulos}")
    situation = next(each for each in SITUATIONS if each.kind == "ACORDO FIRMADO")
    row = replace(row_of(situation), titles=(title(),))
    school = CreditorChoice("77", Creditor("Colégio", "12345678000195", "Rua A, 1"), agreement="da_escola")
    policy = replace(POLICY, models_folder=tmp_path, agreement="da_conta", creditors=(school,), signer="Marta Prado")
    of_school = replace(row, variables={**row.variables, "CREDOR": "77"})
    assert "Da conta, por Marta Prado: NFT1" in file_texts(compose(row, policy))
    assert "Da escola, por Marta Prado: NFT1" in file_texts(compose(of_school, policy))
    assert "Marta Prado" in file_texts(compose(row, replace(POLICY, signer="Marta Prado")))


@pytest.mark.feature("B04")
def test_a_document_that_somebody_spoilt_while_the_program_runs_holds_the_message(tmp_path: Path) -> None:
    (tmp_path / "demonstrativo.toml").write_text("[documento\n", encoding="utf-8")
    with pytest.raises(MessageError, match=r"demonstrativo\.toml"):
        compose(message(title()), replace(POLICY, models_folder=tmp_path))


def test_what_is_switched_off_is_cancelled_before_anything_of_it_is_checked() -> None:
    wrong = replace(with_boleto(), linha_digitavel="1" * 47, barcode="")
    off = replace(POLICY, choices=Choices(off=frozenset({"receber"})))
    answer = result(message(wrong, module="RECEBER", kind="PARCELA VENCIDA"), off)
    assert isinstance(answer, Pointless)
    assert answer.code == "desligado"


def test_an_order_that_was_sent_brings_no_code_to_pay_by_and_a_finished_one_does() -> None:
    def kinds(kind: str) -> list[PartKind]:
        situation = next(each for each in SITUATIONS if each.kind == kind)
        return [part.kind for part in compose(replace(row_of(situation), titles=(with_boleto(),))).parts]

    assert PartKind.LINHA not in kinds("PEDIDO ENVIADO")
    assert PartKind.LINHA in kinds("PEDIDO FINALIZADO")


def test_with_passwords_every_pdf_of_a_collection_is_closed_also_one_that_the_erp_did_not_name() -> None:
    pdf = compose(message(title())).parts[0].content
    row = message(title(), attachments=(Attachment("extrato.pdf", content=pdf),))
    closed = compose(row, replace(POLICY, password_digits=5)).parts
    assert [part.file_name for part in closed][-1] == "extrato.pdf"
    for part in closed:
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(part.content)
