"""The closing's benchmarks in their short form: that they do the work they time. No figure is judged here."""

from __future__ import annotations

import pytest

from tools.bench import closing, contention
from tools.bench.place import Place


@pytest.mark.slow
@pytest.mark.feature("B03")
def test_a_closing_in_a_process_of_its_own_queues_what_is_due_and_nothing_a_second_time(place: Place) -> None:
    shop = closing.make_shop(place, titles=730, customers=200)

    first, again = closing.close(place, shop), closing.close(place, shop)

    with place.attach(shop) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT COUNT(*), COUNT(DISTINCT CLIENTE_CODIGO), MIN(SITUACAO) FROM WA_FILA")
        assert cursor.fetchall() == [(first.messages, first.messages, "pendente")]
        cursor.close()
    assert first.messages > 5
    assert again.messages == 0
    assert 20 < first.idle_mb < first.peak_mb < 200


@pytest.mark.slow
@pytest.mark.feature("B11")
def test_four_processes_share_a_queue_without_a_conflict_in_the_log_or_a_row_taken_twice(place: Place) -> None:
    taken = contention.race(place, 4, 300)

    assert (taken.rows, taken.duplicates, taken.missing, taken.conflicts) == (300, 0, 0, 0)
    assert sum(taken.shares) == 300
