"""The long search for a message that leaves wrong: ``python -m tools.properties`` (``dev.py properties``).

Random texts, boletos and documents, each case from a seed of its own, so that one that breaks a rule can be looked at
alone: ``--only GRUPO --seed S --case N``. Exit code 1 when a rule was broken.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from tools.properties_checks import GROUPS, Group, number

_TOLD_EVERY_S: Final = 5.0
#: A rule that is broken once in a hundred cases needs no hundred thousand of them.
_MOST_BROKEN: Final = 5


@dataclass(frozen=True, slots=True)
class Broken:
    """A case that broke a rule: by number, with what was raised."""

    case: int
    error: Exception


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a group: `done` cases, what they counted, and those that broke a rule."""

    done: int
    counts: Mapping[str, int]
    broken: tuple[Broken, ...]
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when every case of every group kept the rules."""
    options = _parse(arguments)
    # Thousands of corrupt logos are meant to be there: the product's warnings would bury the counts.
    logging.getLogger("integrator").addHandler(logging.NullHandler())
    held = True
    for name in options.only or GROUPS:
        group = GROUPS[name]
        cases = _cases(group, options.case, quick=options.quick)
        outcome = run(group, options.seed, cases, _progress(group))
        print(summary(group, outcome), flush=True)
        for broken in outcome.broken:
            print(_broken(group, options.seed, broken), flush=True)
        held = held and not outcome.broken
    return 0 if held else 1


def run(group: Group, seed: int, cases: Sequence[int], progress: Callable[[int, int, float], None]) -> Outcome:
    """Run these cases of the group; equal seeds and numbers are equal cases, on every machine."""
    check, counts, broken = group.load(), Counter[str](), list[Broken]()
    began = told = time.monotonic()
    done = 0
    for done, case in enumerate(cases, start=1):
        try:
            counts.update(check(Random(f"{group.name}:{seed}:{case}")))
        except Exception as error:  # whatever it is, the case that raised it is what the run is for
            broken.append(Broken(case, error))
            if len(broken) == _MOST_BROKEN:
                break
        now = time.monotonic()
        if now - told >= _TOLD_EVERY_S:
            progress(done, len(cases), now - began)
            told = now
    return Outcome(done, counts, tuple(broken), time.monotonic() - began)


def summary(group: Group, outcome: Outcome) -> str:
    """One line for people: how many cases, what they came to, and how fast."""
    rate = outcome.done / outcome.seconds if outcome.seconds > 0 else 0.0
    cases = f"{number(outcome.done)} {group.about} em {outcome.seconds:.0f} s ({number(round(rate))}/s)"
    return f"{group.name}: {cases}; {'; '.join([*group.tell(outcome.counts), _verdict(len(outcome.broken))])}."


def _verdict(broken: int) -> str:
    if not broken:
        return "nenhum caso quebrou a regra"
    return "1 caso quebrou a regra" if broken == 1 else f"{broken} casos quebraram a regra"


def _broken(group: Group, seed: int, broken: Broken) -> str:
    told = "".join(traceback.format_exception(broken.error)).rstrip()
    again = f"python3 dev.py properties --only {group.name} --seed {seed} --case {broken.case}"
    return f"  caso {broken.case}: para repetir: {again}\n{told}"


def _progress(group: Group) -> Callable[[int, int, float], None]:
    def tell(done: int, total: int, seconds: float) -> None:
        left_s = seconds / done * (total - done)
        left = f"{left_s / 60:.0f} min" if left_s >= 90 else f"{left_s:.0f} s"
        so_far = f"{number(done)} de {number(total)} ({100 * done // total} %)"
        print(f"{group.name}: {so_far}, faltam cerca de {left}", file=sys.stderr, flush=True)

    return tell


def _cases(group: Group, only: int | None, *, quick: bool) -> Sequence[int]:
    return [only] if only is not None else range(group.quick if quick else group.cases)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="dev.py properties", description="Procura, em casos ao acaso, uma mensagem que sairia errada."
    )
    parser.add_argument("--quick", action="store_true", help="poucos casos de cada grupo")
    parser.add_argument("--only", nargs="+", action="extend", choices=list(GROUPS), help="só estes grupos")
    parser.add_argument("--seed", type=int, default=1, help="outra semente, outros casos (padrão: 1)")
    parser.add_argument("--case", type=int, help="só o caso deste número")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
