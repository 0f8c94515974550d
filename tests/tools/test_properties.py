"""The long search: it counts, it says how far it is, and what it finds can be found again."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest

from tools import properties
from tools.bench import content, papers
from tools.properties_checks import GROUPS, Check, Group
from tools.properties_documents import check_pages


def group(check: Check, *, cases: int = 40) -> Group:
    return Group("dados", "lançamentos", cases, 10, lambda: check, lambda counts: [f"{counts['pares']} pares"])


def dice(random: Random) -> Mapping[str, int]:
    """Counts even throws; a six twice in a row breaks the rule."""
    first, second = random.randint(1, 6), random.randint(1, 6)
    if first == second == 6:
        raise AssertionError("dois seis seguidos")
    return {"pares": 1 - first % 2}


@pytest.fixture
def one_group(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(properties, "GROUPS", {"dados": group(dice)})


def nothing(_done: int, _total: int, _seconds: float) -> None:
    return None


def test_equal_seeds_are_equal_cases_and_other_seeds_others() -> None:
    runs = [properties.run(group(dice), seed, range(200), nothing) for seed in (1, 1, 2)]

    found = [(outcome.counts, [each.case for each in outcome.broken]) for outcome in runs]
    assert found[0] == found[1] != found[2]


@pytest.mark.usefixtures("one_group")
def test_a_broken_rule_fails_and_tells_how_to_see_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = properties.run(group(dice), 1, range(200), nothing)
    case = outcome.broken[0].case

    assert properties.main(["--case", str(case)]) == 1

    said = capsys.readouterr().out
    assert "1 caso quebrou a regra" in said
    assert f"python3 dev.py properties --only dados --seed 1 --case {case}" in said
    assert "dois seis seguidos" in said


@pytest.mark.usefixtures("one_group")
def test_whatever_a_case_raises_is_a_broken_rule() -> None:
    def crash(_: Random) -> Mapping[str, int]:
        raise ZeroDivisionError

    outcome = properties.run(group(crash), 1, range(100), nothing)

    assert [each.case for each in outcome.broken] == [0, 1, 2, 3, 4]
    assert outcome.done == 5


def test_a_clean_run_is_one_line_of_portuguese(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = properties.Outcome(100_000, {"pares": 7}, (), 50.0)

    line = properties.summary(group(dice), outcome)

    assert line == "dados: 100.000 lançamentos em 50 s (2.000/s); 7 pares; nenhum caso quebrou a regra."


def test_a_long_run_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(properties, "GROUPS", {"dados": group(lambda _: {"pares": 1}, cases=4)})
    monkeypatch.setattr(properties, "_TOLD_EVERY_S", 0.0)

    assert properties.main([]) == 0

    assert "dados: 2 de 4 (50 %), faltam cerca de 0 s" in capsys.readouterr().err


def test_a_document_that_lacks_a_word_breaks_the_rule() -> None:
    pdf = papers.kinds()["boleto"](1)

    check_pages(pdf, [content.COMPANY.legal_name])
    with pytest.raises(AssertionError, match="Alvoradas"):
        check_pages(pdf, [f"{content.COMPANY.legal_name} Alvoradas"])


@pytest.mark.parametrize("name", GROUPS)
def test_a_few_cases_of_each_rule(name: str) -> None:
    few = {"textos": 300, "boletos": 3, "documentos": 16}[name]
    outcome = properties.run(GROUPS[name], 7, range(few), nothing)

    assert outcome.broken == ()
    assert properties.summary(GROUPS[name], outcome).endswith("nenhum caso quebrou a regra.")
