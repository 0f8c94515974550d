"""Phones as people type them become numbers to ask WhatsApp about, and never somebody else's."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrator.domain.errors import PhoneError
from integrator.domain.phone import PhoneKind, format_phone, mask_phone, parse_phones, with_ninth_digit
from integrator.domain.phone_reading import AREA_CODES

MOBILE = "5549988590187"
LANDLINE = "554933221100"

areas = st.sampled_from(sorted(AREA_CODES))
old_mobiles = st.from_regex(r"[6-9][0-9]{7}", fullmatch=True).filter(lambda digits: len(set(digits)) > 1)
landlines = st.from_regex(r"[2-5][0-9]{7}", fullmatch=True).filter(lambda digits: len(set(digits)) > 1)


def numbers(typed: str, default_area: str = "") -> list[str]:
    return [candidate.e164 for candidate in parse_phones(typed, default_area)]


@pytest.mark.parametrize(
    "typed",
    [
        "49 98859-0187",
        "(49) 98859-0187",
        "49988590187",
        "(49)9.8859.0187",
        "49 9 8859 0187",
        "49-98859-0187",
        "4 9 9 8 8 5 9 0 1 8 7",
        "49 988 590 187",
        "49 988-590-187",
        "49-988590187",
        "55-49988590187",
        "49 98859-0187 -",
        "0xx49 98859-0187",
        "(0XX49) 98859-0187",
        "049 98859-0187",
        "0 15 49 98859-0187",
        "+55 49 98859-0187",
        "+55 (0)49 98859-0187",
        "5549988590187",
        "00 55 49 98859-0187",
        "0055 (49) 98859-0187",
        "Maria 49 98859-0187",
        "49 98859-0187 (Maria)",
        "cel.: 49 98859-0187 ramal 21",
        "tel1: 49 98859-0187",
        "\0(49)\0 98859-0187\0",
        "  49\u00a098859\u20110187 ",
        "４９ ９８８５９ ０１８７",
        "49 8859-0187",
    ],
)
def test_the_same_mobile_is_read_however_it_is_typed(typed: str) -> None:
    assert numbers(typed) == [MOBILE]


@pytest.mark.feature("B06")
@given(areas, old_mobiles, st.booleans())
def test_a_mobile_is_asked_with_and_without_the_ninth_digit_whichever_was_typed(
    area: str, eight: str, nine_typed: bool
) -> None:
    typed = f"({area}) {'9' if nine_typed else ''}{eight[:4]}-{eight[4:]}"
    (candidate,) = parse_phones(typed)
    assert candidate.kind is PhoneKind.MOBILE
    assert candidate.alternatives == (f"55{area}9{eight}", f"55{area}{eight}")


def test_without_its_nine_a_mobile_of_a_newer_range_would_be_a_strangers_landline() -> None:
    (candidate,) = parse_phones("49 93322-1100")
    assert candidate.alternatives == ("5549933221100",)


@given(areas, landlines)
def test_a_landline_is_asked_as_it_is(area: str, eight: str) -> None:
    (candidate,) = parse_phones(f"({area}) {eight[:4]}-{eight[4:]}")
    assert candidate.kind is PhoneKind.LANDLINE
    assert candidate.alternatives == (f"55{area}{eight}",)


@pytest.mark.parametrize("between", [" / ", "; ", ", ", " ou ", "/", " e ", "\n", "  ", " Maria "])
def test_several_numbers_keep_their_order(between: str) -> None:
    assert numbers(f"49 98859-0187{between}11 97777-1234") == [MOBILE, "5511977771234"]


def test_mobiles_come_before_landlines_and_repetitions_vanish() -> None:
    assert numbers("(49) 3322-1100 / 49 8859-0187 / +55 49 98859-0187") == [MOBILE, LANDLINE]


def test_a_number_without_area_takes_the_one_before_it() -> None:
    assert numbers("49 98859-0187 ou 98859-0188") == [MOBILE, "5549988590188"]


def test_a_number_without_area_takes_the_default() -> None:
    assert numbers("98859-0187", "49") == [MOBILE]


def test_a_number_whose_area_is_in_doubt_is_left_out() -> None:
    assert numbers("11 97777-1234 / 98859-0187", "49") == ["5511977771234"]


@pytest.mark.parametrize("typed", ["+351 912 345 678", "00351 912345678", "+351-912-345-678"])
def test_a_foreign_number_is_kept(typed: str) -> None:
    (candidate,) = parse_phones(typed)
    assert (candidate.e164, candidate.kind) == ("351912345678", PhoneKind.FOREIGN)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("98859-0187", "falta o DDD"),
        ("(20) 98859-0187", "o DDD 20 não existe"),
        ("0800 123 4567", "o DDD 80 não existe"),
        ("49988590187 7777", "são 15 dígitos"),
        ("(49) 99999-9999", "preenchimento"),
        ("(49) 1234-5678", "não começa com 1"),
        ("49 78859-0187", "não começa com 7"),
        ("+51 98859-0187", "tanto pode ser país como DDD"),
        ("+49 3322-1100", "tanto pode ser país como DDD"),
        ("não tem", "não há dígitos"),
        ("+99", "exterior"),
    ],
)
def test_an_unusable_phone_is_refused_with_what_was_typed_and_why(typed: str, reason: str) -> None:
    with pytest.raises(PhoneError, match=reason) as caught:
        parse_phones(typed)
    assert f"“{typed}”" in caught.value.message


@pytest.mark.parametrize(
    "typed", ["3322-1100 49", "3322-1100 (49)", "98959-0187 49", "49 3322-1100 21", "49 9885-9018 7", "49 98859-0187+1"]
)
def test_digits_left_over_after_a_number_are_not_joined_to_it(typed: str) -> None:
    with pytest.raises(PhoneError, match="faltam ou sobram dígitos"):
        parse_phones(typed, "49")


@pytest.mark.parametrize("typed", ["49 98859-018", "98859-01877", "(49) 3322-110", "49 3322-11000"])
def test_a_number_with_a_digit_missing_or_too_many_is_not_read_as_another(typed: str) -> None:
    with pytest.raises(PhoneError, match="faltam ou sobram dígitos"):
        parse_phones(typed, "49")


@pytest.mark.parametrize("typed", ["", "   ", "\0\0"])
def test_a_blank_field_says_that_there_is_no_phone(typed: str) -> None:
    with pytest.raises(PhoneError, match="não tem telefone"):
        parse_phones(typed)


def test_the_first_usable_number_of_a_field_is_taken_and_the_bad_ones_passed_over() -> None:
    assert numbers("não lembro / 123 / (20) 98859-0187 / 49 98859-0187") == [MOBILE]


def test_a_field_too_long_to_be_a_phone_is_refused_at_once_and_shortly() -> None:
    with pytest.raises(PhoneError, match="o campo tem 10000000 caracteres") as caught:
        parse_phones("9 " * 5_000_000)
    assert len(caught.value.message) < 400


def test_an_extension_is_no_number_and_a_letter_before_the_area_takes_nothing_away() -> None:
    assert numbers("R 49 98859-0187 / (49) 3322-1100 r. 21", "11") == [MOBILE, LANDLINE]


@given(st.text(max_size=80))
def test_whatever_is_typed_the_answer_is_phones_or_a_reason(typed: str) -> None:
    try:
        candidates = parse_phones(typed, "49")
    except PhoneError:
        candidates = ()
    for candidate in candidates:
        assert re.fullmatch(r"\d{8,15}", candidate.e164, re.ASCII)
        assert candidate.alternatives[0] == candidate.e164


@given(areas, old_mobiles)
def test_a_formatted_number_reads_back_as_itself(area: str, eight: str) -> None:
    assert numbers(format_phone(f"55{area}9{eight}")) == [f"55{area}9{eight}"]


def test_numbers_are_shown_as_brazilians_write_them() -> None:
    assert format_phone(MOBILE) == "(49) 98859-0187"
    assert format_phone(LANDLINE) == "(49) 3322-1100"
    assert format_phone("351912345678") == "+351912345678"


def test_a_masked_number_keeps_its_area_and_last_digits_only() -> None:
    assert mask_phone(MOBILE) == "(49) 9****-0187"
    assert mask_phone(LANDLINE) == "(49) ****-1100"
    assert mask_phone("351912345678") == "+********5678"
    assert mask_phone("123") == "+***"


@pytest.mark.feature("G47")
@given(areas, old_mobiles)
def test_a_mobile_that_whatsapp_keeps_without_its_nine_is_shown_with_it(area: str, eight: str) -> None:
    assert with_ninth_digit(f"55{area}{eight}") == f"55{area}9{eight}"
    assert with_ninth_digit(f"55{area}9{eight}") == f"55{area}9{eight}"


@pytest.mark.parametrize("number", [LANDLINE, "351912345678", "552088590187", "123", ""])
def test_what_is_no_brazilian_mobile_gets_no_ninth_digit(number: str) -> None:
    assert with_ninth_digit(number) == number
