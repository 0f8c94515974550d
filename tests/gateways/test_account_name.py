"""Whatever an account calls itself fits one line and changes nothing around it."""

import pytest

from integrator.gateways.account_name import LONGEST, account_name


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Farmácia Central", "Farmácia Central"),
        ("  Farmácia\n\tCentral\u2028Ltda  ", "Farmácia Central Ltda"),
        ("Loja\x00 do\x1b[31m Zé\x7f", "Loja do[31m Zé"),
        ("Loja \u202efdp.exe\u2066", "Loja fdp.exe"),
        ("Ótica 👓 & Cia ☀️", "Ótica 👓 & Cia ☀️"),
        ("Família 👨\u200d👩\u200d👧", "Família 👨\u200d👩\u200d👧"),
        ("مطعم النور", "مطعم النور"),
        ("Loja \ud83d", "Loja"),
        ("", ""),
        (" \u200d\u200b\x00 ", ""),
    ],
)
def test_a_name_is_shown_on_one_line_without_what_is_invisible(told: str, shown: str) -> None:
    assert account_name(told) == shown


def test_a_long_name_is_cut_with_a_sign_that_it_was() -> None:
    assert account_name("a" * LONGEST) == "a" * LONGEST
    assert account_name("a" * (LONGEST + 1)) == "a" * (LONGEST - 1) + "…"
    assert account_name("Distribuidora de Medicamentos Vale do Rio") == "Distribuidora de Medicamentos Vale do R…"


@pytest.mark.parametrize("together", ["e\u0301", "👨\u200d👩\u200d👧", "☀️"])
def test_what_is_drawn_together_is_kept_or_left_out_together(together: str) -> None:
    for before in range(LONGEST - len(together) - 1, LONGEST + 1):
        shown = account_name("a" * before + together + "b" * LONGEST)
        assert len(shown) <= LONGEST
        assert shown in {"a" * before + "…", "a" * (LONGEST - 1) + "…"} or shown.startswith("a" * before + together)


def test_a_mountain_of_accents_stays_within_its_length() -> None:
    assert len(account_name("a" + "\u0301" * 500)) <= LONGEST
