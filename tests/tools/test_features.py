"""The mission table and how the tests that prove it are found."""

from pathlib import Path

import pytest

from tools.features import Feature, load, proofs, table

A_TEST_FILE = """
import pytest

pytestmark = pytest.mark.feature("S01")

@pytest.mark.feature("S02", "B01")
def test_alone(): ...

class TestTogether:
    @pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.feature("B02"))])
    def test_inside(self, n): ...

@pytest.mark.feature("S09")
def helper(): ...
"""


def test_the_table_holds_the_whole_mission() -> None:
    features = load()

    assert len(features) == 246
    assert [sum(feature.order == order for feature in features) for order in (0, 1, 2)] == [77, 121, 48]
    assert {feature.id[0] for feature in features} == set("SGCAEB")


def test_every_title_fits_its_column() -> None:
    assert all(0 < len(feature.title) <= 90 for feature in load())


def test_markers_of_tests_classes_modules_and_parameters_all_count(tmp_path: Path) -> None:
    (tmp_path / "test_sample.py").write_text(A_TEST_FILE, encoding="utf-8")

    assert proofs(tmp_path) == {
        "S01": ["test_sample::test_alone", "test_sample::test_inside"],
        "S02": ["test_sample::test_alone"],
        "B01": ["test_sample::test_alone"],
        "B02": ["test_sample::test_inside"],
    }


def test_an_unknown_order_of_work_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "features.toml"
    file.write_text('[S]\norigin = "x"\n[S.features]\nS01 = { order = 7, title = "y" }\n', encoding="utf-8")

    with pytest.raises(ValueError, match="S01"):
        load(file)


def test_the_unproved_view_leaves_out_what_is_proved() -> None:
    features = (Feature("S01", "first", 0, "Origin"), Feature("S02", "second", 1, "Origin"))

    lines = list(table(features, {"S01": ["test_a::test_b"]}, unproved_only=True))

    assert not any(line.startswith("S01") for line in lines)
    assert any(line.startswith("S02") for line in lines)
    assert lines[-1] == "total: 1 de 2 provadas"
