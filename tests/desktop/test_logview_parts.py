"""What the log viewer is made of, without a display: what is chosen, the way from error to error, the file manager."""

import os
import random
from pathlib import Path

import pytest

from integrator.desktop.logview.folder import FolderNotShown, show_in_folder
from integrator.desktop.logview.selection import Selection
from integrator.desktop.logview.view import Filter, View
from integrator.logs.index import LogIndex
from tests.desktop.logview_desk import TODAY, write_day


@pytest.mark.parametrize("seed", range(3))
def test_a_selection_is_what_a_set_would_be(seed: int) -> None:
    chance = random.Random(seed)
    selection, model = Selection(), set[int]()
    for _ in range(300):
        place = chance.randrange(40)
        match chance.randrange(3):
            case 0:
                selection.to(place)
                model, anchor = {place}, place
            case 1:
                selection.turn(place)
                model, anchor = model ^ {place}, place
            case _:
                anchor = anchor if model or selection.cursor >= 0 else place
                selection.stretch_to(place)
                model = set(range(min(anchor, place), max(anchor, place) + 1))
        assert list(selection) == sorted(model)
        assert len(selection) == len(model)
        assert selection.cursor == place


def test_all_of_a_long_list_is_chosen_at_no_cost() -> None:
    selection = Selection()
    selection.all_of(10**9)
    assert len(selection) == 10**9
    assert 10**9 - 1 in selection


@pytest.mark.parametrize("seed", range(3))
def test_errors_of_a_filtered_view_are_found_from_anywhere(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    numbers = sorted(chance.sample(range(3000), 700))
    path = write_day(tmp_path, TODAY, range(3000))
    index = LogIndex()
    with path.open("rb") as source:
        while index.read_on(source, path.stat().st_size):
            pass
    view = View(TODAY, path, index, Filter(words="x"))
    for number in (*numbers, numbers[-1]):
        view.add(number)
    assert view.count == len(numbers)
    errors = [place for place, number in enumerate(numbers) if number % 1000 == 999]
    for place in range(-1, view.count):
        assert view.error_after(place) == next((each for each in errors if each > place), None)
    for place in range(view.count + 1):
        assert view.error_before(place) == next((each for each in reversed(errors) if each < place), None)


@pytest.mark.skipif(os.name == "nt", reason="elsewhere the file manager is xdg-open")
def test_a_file_is_shown_in_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opener = tmp_path / "xdg-open"
    opener.write_text(f'#!/bin/sh\nprintf %s "$1" > "{tmp_path}/opened"\n')
    opener.chmod(0o755)
    folder = tmp_path / "área de dados"
    folder.mkdir()
    file = folder / "pacote.zip"
    file.touch()
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    show_in_folder(file)
    assert (tmp_path / "opened").read_text() == str(folder)
    opener.unlink()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FolderNotShown, match="área de dados"):
        show_in_folder(folder)
