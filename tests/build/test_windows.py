"""What Windows is told of the programs."""

from xml.etree import ElementTree

import pytest

from tools import build_windows


def test_the_manifest_asks_for_no_rights_and_declares_screen_paths_and_text() -> None:
    root = ElementTree.fromstring(build_windows.MANIFEST)
    texts = {element.tag.rpartition("}")[2]: (element.text or "").strip() for element in root.iter()}
    level = next(element for element in root.iter() if element.tag.endswith("requestedExecutionLevel"))

    assert level.attrib == {"level": "asInvoker", "uiAccess": "false"}
    assert texts["dpiAwareness"] == "PerMonitorV2, PerMonitor"
    assert texts["longPathAware"] == "true"
    assert texts["activeCodePage"] == "UTF-8"


@pytest.mark.parametrize(("version", "numbers"), [("0.1.0", (0, 1, 0, 0)), ("12.3.4.5", (12, 3, 4, 5))])
def test_the_version_becomes_four_numbers(version: str, numbers: tuple[int, int, int, int]) -> None:
    assert build_windows.version_numbers(version) == numbers


def test_a_version_that_windows_cannot_have_stops_the_build() -> None:
    with pytest.raises(ValueError, match="not a version"):
        build_windows.version_numbers("1.0rc1")


def test_the_files_properties_name_the_product_and_the_file() -> None:
    told = build_windows.version_strings("0.1.0", "Integrador")

    assert told["ProductName"] == "Integrador"
    assert told["OriginalFilename"] == "Integrador.exe"
