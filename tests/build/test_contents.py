"""What goes into the packaged program: nothing that it reads is left out, nothing that it never uses is taken along."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from tools import build_contents, licences

ROOT = Path(__file__).resolve().parents[2]

#: Runs the program's own checks as if only what the build has were there: what it leaves out cannot be found or opened.
_AS_PACKAGED = """\
import importlib.machinery, pathlib, sys, sysconfig
from tools.build_contents import EXCLUDED, keep_data, keep_module

libraries = pathlib.Path(sysconfig.get_path("purelib"))
inside = "neonize."  # the folder itself is there when packaged, the Python in it is not

class LeftOut:
    def find_spec(self, name, path=None, target=None):
        excluded = any(name == each or name.startswith(each + ".") for each in EXCLUDED)
        if (excluded and name != "neonize") or not keep_module(name):
            raise ModuleNotFoundError(name, name=name)

def no_data(event, arguments):
    if event != "open" or not isinstance(arguments[0], str):
        return
    file = pathlib.Path(arguments[0])
    if file.suffix in {".py", ".pyc", ".so", ".pyd"} or not file.is_relative_to(libraries):
        return
    if not keep_data(file.relative_to(libraries).as_posix()):
        raise FileNotFoundError(2, "left out of the build", str(file))

sys.meta_path.insert(0, LeftOut())
sys.addaudithook(no_data)
from integrator.selftest import selftest
code = selftest(sys.stdout)
for module in tuple(sys.modules.values()):
    print("loaded", getattr(module, "__file__", None))
sys.exit(code)
"""


@pytest.fixture(scope="module")
def as_packaged() -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", _AS_PACKAGED],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=ROOT,
        timeout=110,
    )


def test_every_check_passes_with_only_what_the_build_has(as_packaged: "subprocess.CompletedProcess[str]") -> None:
    told = [line for line in as_packaged.stdout.splitlines() if not line.startswith("loaded ")]

    assert as_packaged.returncode == 0, "\n".join([*told, as_packaged.stderr])
    assert told[-1] == "Tudo certo."


def test_every_library_that_the_program_loads_brings_the_text_of_its_licence(
    as_packaged: "subprocess.CompletedProcess[str]", tmp_path: Path
) -> None:
    loaded = [line.removeprefix("loaded ") for line in as_packaged.stdout.splitlines() if line.startswith("loaded ")]
    taken = build_contents.library_metadata([*loaded, *(file for file, _ in build_contents.engine_data())])
    for place, file, _ in taken:
        (tmp_path / place).parent.mkdir()
        (tmp_path / place).write_bytes(Path(file).read_bytes())

    components = licences.write(tmp_path)

    assert components > len(taken) > 25
    index = (tmp_path / licences.INDEX).read_text(encoding="utf-8")
    assert {"neonize", "fdb", "Python", "Tcl/Tk", "reportlab", "keyring"} <= {line.split()[0] for line in _items(index)}
    places = [place for item in index.split("\n\n")[1:] for place in item.splitlines()[2].strip().split(", ")]
    assert [place for place in places if not (tmp_path / licences.FOLDER / place.partition(" (")[0]).exists()] == []


def test_every_file_that_the_source_reads_as_its_own_goes_in() -> None:
    places = {PurePosixPath(place) / Path(file).name for file, place in build_contents.program_data()}
    folders = {parent for place in places for parent in place.parents}

    wanted = {PurePosixPath("integrator", *parts) for parts in _packaged_paths()}

    assert len(wanted) > 10
    assert sorted(wanted - places - folders) == []


def test_every_module_of_the_program_is_asked_for_by_name() -> None:
    names = set(build_contents.hidden_modules())

    assert {"integrator", "integrator.selftest.checks", "integrator.gateways.embedded.worker"} <= names
    assert {"holidays.countries.brazil", "pystray", "google._upb._message"} <= names


def test_the_engines_library_and_definitions_go_in_and_its_python_does_not() -> None:
    places = {f"{place}/{Path(file).name}" for file, place in build_contents.engine_data()}

    assert {"neonize/proto/Neonize_pb2.py", "neonize/proto/waE2E/WAWebProtobufsE2E_pb2.py"} <= places
    assert any(place.startswith("neonize/neonize-") for place in places)
    assert "neonize/client.py" not in places


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("holidays.countries.brazil", True),
        ("holidays.countries.portugal", False),
        ("holidays.groups.christian", True),
        ("pygments.lexers.python", True),
        ("pygments.lexers.fortran", False),
        ("pydantic.v1.main", False),
        ("pydantic.main", True),
    ],
)
def test_of_large_libraries_only_what_is_used_goes_in(name: str, *, kept: bool) -> None:
    assert build_contents.keep_module(name) is kept


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("reportlab/fonts/DarkGardenMK.pfb", False),
        ("fdb-2.0.4.dist-info/METADATA", True),
        ("fdb-2.0.4.dist-info/RECORD", False),
        ("keyring-25.7.0.dist-info\\entry_points.txt", True),
        ("_tcl_data/msgs/pt_br.msg", True),
        ("_tcl_data/msgs/de.msg", False),
        ("certifi/cacert.pem", True),
    ],
)
def test_fonts_and_lists_that_nobody_reads_stay_out(place: str, *, kept: bool) -> None:
    assert build_contents.keep_data(place) is kept


def test_the_recipe_is_python_and_names_both_programs() -> None:
    recipe = (ROOT / "build.spec").read_text(encoding="utf-8")

    compile(recipe, "build.spec", "exec")
    assert "program(WINDOWED, console=False)" in recipe
    assert "program(CONSOLE, console=True)" in recipe
    assert "upx=True" not in recipe


def _packaged_paths() -> Iterator[tuple[str, ...]]:
    """The constant beginnings of what the source asks of `integrator.paths.packaged`."""
    for file in sorted((ROOT / "integrator").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "packaged":
                parts: list[str] = []
                for argument in node.args:
                    if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                        break
                    parts.append(argument.value)
                yield tuple(parts)


def _items(index: str) -> list[str]:
    return [line for line in index.splitlines() if line and not line.startswith(" ")]
