"""The lock serves every machine: all platforms' files, nobody's folders or mirrors."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements/lock.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def entries() -> dict[str, str]:
    """The lock's text of each package, by name."""
    return {text.partition("==")[0]: text for text in re.split(r"\n(?=\S)", LOCK.strip())}


def test_every_package_has_hashes() -> None:
    assert all("--hash=sha256:" in text for text in entries().values())


def test_no_folder_and_no_address_is_in_it() -> None:
    assert not re.search(r"://|^\s*-{1,2}(index|extra|find|trusted)|^/|file:", LOCK, re.MULTILINE)


def test_every_declared_dependency_is_locked() -> None:
    declared = PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]
    names = {re.split(r"[<>=; ]", line)[0] for line in declared}

    assert names <= entries().keys()


def test_windows_gets_its_own_packages_and_others_do_not() -> None:
    for name in ("colorama", "pefile", "pywin32-ctypes"):
        assert "sys_platform == 'win32'" in entries()[name].splitlines()[0]


def test_windows_gets_the_firebird_of_the_product_and_linux_that_of_the_matrix() -> None:
    found = re.findall(r"^firebird-embedded==(\S+) ; (.+?) \\$", LOCK, re.MULTILINE)

    assert found == [
        ("3.0.14.4", "sys_platform == 'win32'"),
        ("5.0.4.4", "platform_machine == 'x86_64' and sys_platform == 'linux'"),
    ]


def test_binary_packages_carry_the_files_of_several_platforms() -> None:
    for name in ("pillow", "pydantic-core", "pypdfium2", "zxing-cpp"):
        assert entries()[name].count("--hash=") > 3
