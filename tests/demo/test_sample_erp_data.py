"""What the sample ERP's rows hold: texts in old charsets, telephones as people type them, boletos right and wrong."""

from collections import Counter

import pytest
import validate_docbr

from integrator.demo.sample_erp.build import SampleErp
from integrator.demo.sample_erp.model import CancelCause, Problem
from integrator.documents.brcode import BrCodeKind, check_pix
from integrator.documents.febraban import check_title
from integrator.documents.files import check_attachment
from integrator.domain.errors import DigitsError, DocumentError, PhoneError
from integrator.erp import rows
from tests.demo.sample_erp_probe import TODAY, attachments, column, held, on_whatsapp, phones, read, titles

_MEGABYTE = 1_000_000
_FIVE_YEARS = 5 * 366


def test_the_erp_s_columns_have_no_charset_and_are_padded(closed: SampleErp) -> None:
    charsets = read(
        closed,
        "SELECT DISTINCT F.RDB$CHARACTER_SET_ID FROM RDB$RELATION_FIELDS R JOIN RDB$FIELDS F "
        "ON F.RDB$FIELD_NAME = R.RDB$FIELD_SOURCE WHERE R.RDB$RELATION_NAME IN ('PESSOAS', 'CONTATOS') "
        "AND F.RDB$FIELD_TYPE IN (14, 37)",
    )
    assert charsets == [(0,)]
    ((city,),) = read(closed, "SELECT CAST(CIDADE AS CHAR(30) CHARACTER SET OCTETS) FROM EMPRESA")
    assert city == "Concórdia".encode("cp1252").ljust(30)


def test_accents_are_read_right_in_the_queue(closed: SampleErp) -> None:
    names, contacts = column(closed, "CLIENTE_NOME"), column(closed, "CONTATO_NOME")
    spoiled = {*held(closed, Problem.UNDECODABLE), *held(closed, Problem.NAME_TOO_LONG)}
    accented = 0
    for customer in closed.customers:
        for contact in customer.contacts:
            key = f"COB|2026-11-20|{customer.code}|{contact.code}"
            if key in names and key not in spoiled:
                assert rows.text(names[key], "CLIENTE_NOME") == customer.identity.name
                assert rows.text(contacts[key], "CONTATO_NOME") == contact.name
                accented += not customer.identity.name.isascii()
    assert accented > 100


def test_bytes_that_are_no_windows_1252_reach_the_queue_as_they_are(closed: SampleErp) -> None:
    (bad,) = held(closed, Problem.UNDECODABLE)
    name = column(closed, "CLIENTE_NOME")[bad]
    assert b"\x81" in name
    with pytest.raises(rows.RowError, match="CLIENTE_NOME"):
        rows.text(name, "CLIENTE_NOME")


def test_the_longest_name_that_fits_arrives_whole_and_a_longer_one_is_held(closed: SampleErp) -> None:
    longest = max(len(value) for value in column(closed, "CLIENTE_NOME").values())
    assert 110 < len(closed.customers[0].identity.name) <= longest == 120
    (too_long,) = held(closed, Problem.NAME_TOO_LONG)
    ((reason,),) = read(closed, "SELECT MOTIVO FROM WA_FILA WHERE CHAVE = ?", too_long)
    assert "mais de 120 caracteres" in reason


def test_tax_ids_are_valid_by_their_check_digits(closed: SampleErp) -> None:
    kinds = Counter(customer.identity.is_company for customer in closed.customers)
    assert min(kinds.values()) > 30
    for customer in closed.customers:
        document = validate_docbr.CNPJ() if customer.identity.is_company else validate_docbr.CPF()
        assert document.validate(customer.identity.tax_id), customer.identity
    ((cnpj,),) = read(closed, "SELECT CNPJ FROM WA_EMPRESA")
    assert validate_docbr.CNPJ().validate(cnpj)


def test_whoever_is_to_receive_can_be_reached_in_the_simulator(closed: SampleErp) -> None:
    typed = column(closed, "TELEFONE")
    unreachable = [typed[key] for key in closed.expectations.sendable if not on_whatsapp(phones(typed[key]))]
    assert unreachable == []


def test_unusable_phones_are_refused_and_landlines_unknown(closed: SampleErp) -> None:
    typed = column(closed, "TELEFONE")
    unusable = held(closed, Problem.PHONE)
    assert sorted(typed[key].strip() for key in unusable) == [b"", b".", b"nao tem"]
    for key in unusable:
        with pytest.raises(PhoneError):
            phones(typed[key])
    unknown = held(closed, Problem.NO_WHATSAPP)
    assert len(unknown) == 4
    assert not any(on_whatsapp(phones(typed[key])) for key in unknown)


def test_an_accountant_receives_for_many_and_a_couple_shares_a_phone(closed: SampleErp) -> None:
    typed = column(closed, "TELEFONE")
    owners = Counter(phones(typed[key])[0].e164 for key in closed.expectations.sendable if key.startswith("COB|"))
    assert [count for _, count in owners.most_common(3)] == [9, 2, 1]


def test_good_boletos_agree_with_their_titles(closed: SampleErp) -> None:
    found = titles(closed)
    boletos = [title for key in closed.expectations.sendable for title in found.get(key, []) if title.has_boleto]
    assert len(boletos) > 150
    for title in boletos:
        assert title.registered
        assert (check_title(title).amount, check_title(title).due) == (title.amount, title.due)


def test_wrong_boletos_are_wrong_in_a_digit_in_the_amount_and_in_the_due_date(closed: SampleErp) -> None:
    found, reasons = titles(closed), []
    for key in held(closed, Problem.DIGITS):
        with pytest.raises(DigitsError) as caught:
            check_title(found[key][0])
        reasons.append(caught.value.message)
    for words in ("Dígito verificador", "O valor do código", "O vencimento do código"):
        assert sum(words in reason for reason in reasons) == 1
    (unregistered,) = held(closed, Problem.UNREGISTERED)
    assert [title.registered for title in found[unregistered]] == [False]


def test_pix_codes_are_static_dynamic_or_absent_and_right(closed: SampleErp) -> None:
    boletos = [title for found in titles(closed).values() for title in found if title.has_boleto]
    kinds = Counter(check_pix(title.pix, title.amount).kind if title.pix else None for title in boletos)
    assert set(kinds) == {BrCodeKind.STATIC, BrCodeKind.DYNAMIC, None}
    assert min(kinds.values()) > 20


def test_some_titles_are_due_today_old_partly_paid_or_past_the_payment_limit(closed: SampleErp) -> None:
    found = titles(closed)
    sent = [title for key in closed.expectations.sendable for title in found.get(key, [])]
    assert any(title.due == TODAY for title in sent)
    assert any(title.open_amount < title.amount for title in sent)
    assert any(title.payable_until and title.payable_until < TODAY for title in sent)
    assert any((TODAY - title.due).days > _FIVE_YEARS for title in sent)
    (old,) = (item.key for item in closed.expectations.cancelled if item.cause is CancelCause.TOO_OLD)
    assert all((TODAY - title.due).days > _FIVE_YEARS for title in found[old])


def test_attachments_are_good_missing_or_outside_the_allowed_folder(closed: SampleErp) -> None:
    found = attachments(closed)
    (outside,), (missing,) = held(closed, Problem.OUTSIDE_FOLDER), held(closed, Problem.MISSING_FILE)
    for key, reason in ((outside, "fora das pastas"), (missing, "não encontrei")):
        with pytest.raises(DocumentError, match=reason):
            check_attachment(found.pop(key), [closed.allowed_folder], _MEGABYTE)
    assert sorted(item.content is None for item in found.values()) == [False, False, False, True]
    for item in found.values():
        assert check_attachment(item, [closed.allowed_folder], _MEGABYTE).mime == "application/pdf"
