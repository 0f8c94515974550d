"""What the packaged program is made of besides its own modules. `build.spec` asks here, and so do the tests.

Only lists: nothing is imported of what is listed, because half of it is of another system or never runs here.
"""

import os
import re
import sys
from collections.abc import Iterable
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "integrator"
WINDOWS = sys.platform == "win32"
ICON = ROOT / "assets/integrador.ico"

#: Never wanted at run time, or only in development. PyInstaller would follow optional imports to them.
EXCLUDED = (
    # neonize's own Python layer is not imported (see integrator/gateways/embedded/native.py), so neither is its train.
    *("neonize", "magic", "linkpreview", "phonenumbers", "tqdm", "bs4", "soupsieve"),
    # Only the client library of it is shipped, beside the program.
    "firebird",
    # A picture format that no shop's logo has and whose library is the largest of all.
    "PIL._avif",
    *("numpy", "matplotlib", "IPython", "yaml", "cairo", "rlPyCairo", "renderPM", "reportlab.graphics.testshapes"),
    *("_pytest", "coverage", "grimp", "httpx", "hypothesis", "importlinter", "mypy", "pip", "playwright", "pytest"),
    *("ruff", "schemathesis", "setuptools", "pkg_resources", "werkzeug", "xdist", "zxingcpp", "PyInstaller"),
    *("ensurepip", "idlelib", "lib2to3", "test", "tests", "tkinter.test", "turtle", "turtledemo"),
)

#: The Firebird client for 64 bits, which must lie beside the program: integrator/erp/client.py looks there first.
FIREBIRD_FILES = ("fbclient.dll", "msvcr100.dll", "firebird.msg")

_SOURCE = frozenset({".py", ".pyc", ".pyi", ".md"})
#: The holidays of 250 countries, the colours of 500 languages' sources, and an old version of a library inside of it.
_MODULE_LEFT_OUT = re.compile(
    r"holidays\.(countries(?!\.brazil$)|financial)(\.|$)|pygments\.lexers\.(?!_mapping$|python$)|pydantic\.(v1|mypy)(\.|$)"
)
#: Fonts for PDFs of other programs (one of them under the GPL), sample data, and lists that only pip reads.
_DATA_LEFT_OUT = re.compile(
    r"^reportlab/fonts/"
    r"|\.dist-info/(?!METADATA$|entry_points\.txt$|top_level\.txt$)"
    r"|^(_tk_data|tk_data)/(demos|images|msgs/(?!pt))|^(_tcl_data|tcl_data)/(tzdata|msgs/(?!pt))|^tcl8/"
)


def program_data() -> list[tuple[str, str]]:
    """Every file of the program that is not code, as (file, folder in the build)."""
    return [
        (str(file), file.parent.relative_to(ROOT).as_posix())
        for file in sorted(PROGRAM.rglob("*"))
        if file.is_file() and file.suffix not in _SOURCE and "__pycache__" not in file.parts
    ]


def program_modules() -> list[str]:
    """Every module of the program by its name: many are imported only where they are first needed."""
    files = (file for file in sorted(PROGRAM.rglob("*.py")) if file.name != "__main__.py")
    return [_dotted(file) for file in files]


def engine_data() -> list[tuple[str, str]]:
    """The embedded engine: its library and its message definitions, which it imports from their folder by name."""
    folder = package_folder("neonize")
    libraries = sorted(folder.glob("neonize-*.dll" if WINDOWS else "neonize-*.so"))
    definitions = [file for file in sorted((folder / "proto").rglob("*.py")) if "__pycache__" not in file.parts]
    return [(str(file), file.parent.relative_to(folder.parent).as_posix()) for file in (*libraries, *definitions)]


def holiday_names() -> list[tuple[str, str]]:
    """Brazil's holidays in Portuguese."""
    folder = package_folder("holidays")
    file = folder / "locale/pt_BR/LC_MESSAGES/BR.mo"
    return [(str(file), file.parent.relative_to(folder.parent).as_posix())]


def hidden_modules() -> list[str]:
    """What is imported by a name that is put together at run time, and no hook of PyInstaller knows."""
    return [
        *program_modules(),
        "holidays.countries.brazil",
        # What the definitions of the embedded engine import: they are data to PyInstaller.
        *("google.protobuf.descriptor", "google.protobuf.descriptor_pool", "google.protobuf.runtime_version"),
        *("google.protobuf.symbol_database", "google.protobuf.internal.builder"),
        *("google.protobuf.internal.python_message", "google._upb._message"),
        # The tray and its ways of each system; names of time zones, which Windows does not have.
        *("pystray", "tzdata", "PIL._tkinter_finder"),
    ]


def library_metadata(files: Iterable[str]) -> list[tuple[str, str, str]]:
    """Name and version of each library that one of these files is of, as PyInstaller's own lists have it.

    The support bundle tells them, and `tools/licences.py` learns from them what is in the build.
    """
    known = owners()
    normal = {os.path.normcase(file) for file in files}
    folders = sorted({known[file] for file in normal if file in known})
    return [(f"{folder.name}/METADATA", str(folder / "METADATA"), "DATA") for folder in folders]


@cache
def owners() -> dict[str, Path]:
    """The `.dist-info` folder of the library that installed a file, by the file's normalized path."""
    found: dict[str, Path] = {}
    for distribution in metadata.distributions():
        files = [Path(str(distribution.locate_file(file))) for file in distribution.files or ()]
        folder = next((file.parent for file in files if file.name == "METADATA"), None)
        if folder is not None:
            found |= {os.path.normcase(str(file)): folder for file in files}
    return found


def firebird_client() -> list[Path]:
    """The files of the wheel `firebird-embedded` that go beside the program; none but on Windows."""
    if not WINDOWS:
        return []
    folder = package_folder("firebird") / "embedded/runtime"
    return [folder / name for name in FIREBIRD_FILES]


def keep_module(name: str) -> bool:
    """Whether a module that PyInstaller found goes in."""
    return _MODULE_LEFT_OUT.match(name) is None


def keep_data(place: str) -> bool:
    """Whether a file that PyInstaller found goes in, by its place in the build."""
    return _DATA_LEFT_OUT.search(place.replace("\\", "/")) is None


def package_folder(name: str) -> Path:
    """Where a package lies, without importing it. Raises `ModuleNotFoundError`."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(name)
    return Path(next(iter(spec.submodule_search_locations)))


def _dotted(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
