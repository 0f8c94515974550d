"""The workflows of the continuous integration: what can be known of them without running them there."""

import re
from pathlib import Path
from typing import Any

import pytest

from tools import commands

yaml = pytest.importorskip("yaml")  # comes with a library of the tests
ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
_KNOWN_ACTIONS = {
    "actions/checkout": "v6",
    "actions/setup-python": "v6",
    "actions/upload-artifact": "v7",
    "actions/download-artifact": "v7",
}


@pytest.fixture(params=WORKFLOWS, ids=lambda file: file.stem)
def workflow(request: pytest.FixtureRequest) -> dict[str, Any]:
    loaded = yaml.safe_load(request.param.read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def test_there_is_one_for_each_system() -> None:
    assert [file.stem for file in WORKFLOWS] == ["linux", "windows"]


def test_every_job_has_a_machine_a_time_limit_and_steps_that_do_something(workflow: dict[str, Any]) -> None:
    for name, job in workflow["jobs"].items():
        assert job["runs-on"] in {"ubuntu-24.04", "windows-latest"}, name
        assert job["timeout-minutes"] <= 60, name
        assert all(("uses" in step) != ("run" in step) for step in job["steps"]), name
        needed = job.get("needs", [])
        assert set([needed] if isinstance(needed, str) else needed) <= set(workflow["jobs"]), name


def test_it_may_read_the_sources_and_nothing_else(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}


def test_actions_are_the_known_ones_in_one_version(workflow: dict[str, Any]) -> None:
    used = [step["uses"] for step in _steps(workflow) if "uses" in step]

    assert [use for use in used if _KNOWN_ACTIONS.get(use.partition("@")[0]) != use.partition("@")[2]] == []


def test_every_command_of_the_project_that_it_runs_exists(workflow: dict[str, Any]) -> None:
    runs = "\n".join(step["run"] for step in _steps(workflow) if "run" in step)
    named = re.findall(r"dev\.py (\w+)", runs)

    assert named
    assert sorted(set(named) - set(commands._COMMANDS)) == []


def test_every_folder_of_tests_that_it_names_exists(workflow: dict[str, Any]) -> None:
    runs = " ".join(step["run"] for step in _steps(workflow) if "run" in step)

    assert [path for path in re.findall(r"\btests/\w+", runs) if not (ROOT / path).is_dir()] == []


def test_what_one_job_takes_another_has_left(workflow: dict[str, Any]) -> None:
    left = {step["with"]["name"] for step in _steps(workflow) if step.get("uses", "").startswith("actions/upload")}
    taken = {step["with"]["name"] for step in _steps(workflow) if step.get("uses", "").startswith("actions/download")}

    assert taken <= left


def _steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]
