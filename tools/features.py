"""The mission table: every feature of `docs/features.toml` beside the tests that name it.

A test names what it proves with `@pytest.mark.feature("S01", ...)`, on itself, on its class or in `pytestmark`. The
markers are read from the source (`ast`), so that the table costs no test run.
"""

import argparse
import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs/features.toml"
TESTS = ROOT / "tests"

_TITLE_WIDTH = 90
_NAMES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Feature:
    """One line of the table. `order` is the order of work: 0 first, 1 second, 2 third."""

    id: str
    title: str
    order: int
    origin: str


def load(path: Path = TABLE) -> tuple[Feature, ...]:
    """All features in the order of the file. ValueError for an id that stands twice or an unknown order of work."""
    groups = tomllib.loads(path.read_text(encoding="utf-8"))
    features = tuple(
        Feature(id, line["title"], line["order"], group["origin"])
        for group in groups.values()
        for id, line in group["features"].items()
    )
    wrong = [feature.id for feature in features if feature.order not in {0, 1, 2}]
    if wrong or len({feature.id for feature in features}) != len(features):
        raise ValueError(f"{path.name}: repeated id or unknown order of work {wrong}")
    return features


def proofs(tests: Path = TESTS) -> Mapping[str, Sequence[str]]:
    """The names of the tests that prove each id, as pytest would call them, less the folder."""
    found: dict[str, list[str]] = {}
    for file in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        for name, ids in _marked(tree.body, _ids(*_module_marks(tree))):
            for id in ids:
                found.setdefault(id, []).append(f"{file.stem}::{name}")
    return found


def _marked(body: Sequence[ast.stmt], inherited: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield from _marked(node.body, inherited | _ids(*node.decorator_list))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield node.name, inherited | _ids(*node.decorator_list)


def _module_marks(tree: ast.Module) -> Iterator[ast.expr]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets):
            yield node.value


def _ids(*marks: ast.expr) -> frozenset[str]:
    """The ids in every `….mark.feature("…")` among the expressions, those inside `pytest.param(marks=…)` included."""
    calls = (node for mark in marks for node in ast.walk(mark) if isinstance(node, ast.Call))
    return frozenset(
        argument.value
        for call in calls
        if ast.unparse(call.func).endswith("mark.feature")
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


def table(features: Sequence[Feature], proved: Mapping[str, Sequence[str]], *, unproved_only: bool) -> Iterator[str]:
    """The lines to print: a heading per origin, a line per feature, the totals."""
    origin = ""
    for feature in features:
        tests = proved.get(feature.id, ())
        if unproved_only and tests:
            continue
        if feature.origin != origin:
            origin = feature.origin
            yield f"\n{origin}"
        names = ", ".join(tests[:_NAMES_SHOWN]) + (", ..." if len(tests) > _NAMES_SHOWN else "")
        yield f"{feature.id:4} [{feature.order}] {feature.title:{_TITLE_WIDTH}} {len(tests):3}  {names}".rstrip()
    yield ""
    for order in (0, 1, 2):
        wanted = [feature for feature in features if feature.order == order]
        yield f"ordem {order}: {sum(feature.id in proved for feature in wanted)} de {len(wanted)} provadas"
    yield f"total: {sum(feature.id in proved for feature in features)} de {len(features)} provadas"


def main() -> int:
    """Prints the table; exit 1 when a test names an id that the table does not have."""
    parser = argparse.ArgumentParser(prog="dev.py features", description="A tabela da missão e o que os testes provam.")
    parser.add_argument("--unproved", action="store_true", help="mostra só o que nenhum teste prova ainda")
    options = parser.parse_args()
    features, proved = load(), proofs()
    print("\n".join(table(features, proved, unproved_only=options.unproved)))
    unknown = sorted(proved.keys() - {feature.id for feature in features})
    if unknown:
        print(f"Testes citam ids que não existem: {', '.join(unknown)}", file=sys.stderr)
    return 1 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
