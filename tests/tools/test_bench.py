"""The benchmark's own arithmetic, and that its floors do the work they claim to do. No figure is judged here."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from rich.console import Console

from integrator.documents.blocks.models import Models
from integrator.documents.brcode import check_pix
from integrator.documents.febraban import check_title
from integrator.erp.sql import QUERIES
from integrator.messages.catalogue import modules
from tools.bench import content, documents, night, papers, reserve, texts
from tools.bench.__main__ import main
from tools.bench.figures import Figure, Floor, Sense, Target, Verdict, median, percentile
from tools.bench.machine import Machine
from tools.bench.place import Place
from tools.bench.report import as_json, number, print_table
from tools.bench.tape import Ask, Begin, End, Note, Step, Tape

MACHINE = Machine(2, "Some CPU", "Linux", "3.11.7", "3.0.11", 0.4)


def figure(value: float, floor: float | None = None, target: Target | None = None) -> Figure:
    return Figure("group", "what", value, "ms", 5, Floor("bare", floor) if floor is not None else None, target)


class TestArithmetic:
    def test_the_median_is_the_middle_and_not_the_mean(self) -> None:
        assert median([1.0, 2.0, 90.0]) == 2.0

    def test_no_measurement_has_no_median_and_no_percentile(self) -> None:
        with pytest.raises(ValueError, match="no measurements"):
            median([])
        with pytest.raises(ValueError, match="no measurements"):
            percentile([], 95)

    @pytest.mark.parametrize(("count", "expected"), [(1, 1.0), (20, 19.0), (100, 95.0)])
    def test_p95_is_what_95_percent_do_not_exceed(self, count: int, expected: float) -> None:
        assert percentile([float(value) for value in range(count, 0, -1)], 95) == expected

    def test_a_figure_stands_so_many_times_above_its_floor(self) -> None:
        assert figure(3.0, 2.0).ratio == 1.5
        assert figure(3.0).ratio is None
        assert figure(3.0, 0.0).ratio is None


class TestVerdict:
    def test_without_a_target_there_is_none(self) -> None:
        assert figure(3.0, 2.0).verdict is Verdict.NO_TARGET

    @pytest.mark.parametrize(("value", "verdict"), [(1.0, Verdict.PASS), (1.01, Verdict.FAIL)])
    def test_a_limit_from_above_may_be_reached(self, value: float, verdict: Verdict) -> None:
        assert figure(value, target=Target(1.0)).verdict is verdict

    @pytest.mark.parametrize(("value", "verdict"), [(40.0, Verdict.PASS), (39.9, Verdict.FAIL)])
    def test_a_limit_from_below_may_be_reached(self, value: float, verdict: Verdict) -> None:
        assert figure(value, target=Target(40.0, Sense.AT_LEAST)).verdict is verdict

    @pytest.mark.parametrize(("value", "verdict"), [(3.0, Verdict.PASS), (3.1, Verdict.FAIL)])
    def test_a_limit_of_the_floor_looks_at_the_ratio(self, value: float, verdict: Verdict) -> None:
        assert figure(value, 2.0, Target(1.5, of_floor=True)).verdict is verdict

    def test_a_ratio_that_was_promised_and_cannot_be_told_is_missed(self) -> None:
        assert figure(3.0, None, Target(1.5, of_floor=True)).verdict is Verdict.FAIL


class TestReport:
    def test_json_has_what_the_table_has(self) -> None:
        data = json.loads(as_json(MACHINE, [figure(3.0, 2.0, Target(1.4, of_floor=True))]))

        assert data["machine"]["cpu"] == "Some CPU"
        (row,) = data["figures"]
        assert (row["value"], row["floor"]["value"], row["ratio"], row["verdict"]) == (3.0, 2.0, 1.5, "FAIL")
        assert row["target"] == {"limit": 1.4, "sense": "≤", "of_floor": True}

    def test_the_table_shows_figure_floor_target_and_verdict(self) -> None:
        page = io.StringIO()
        print_table(MACHINE, [figure(3.0, 2.0, Target(1.4, of_floor=True))], Console(file=page))

        row = next(line for line in page.getvalue().splitlines() if "what" in line and "ms" in line)
        assert [cell.strip() for cell in row.split("│")[2:-1]] == [
            "what", "5", "3.00 ms", "", "2.00", "1.50", "≤ 1.4 × floor", "FAIL",
        ]  # fmt: skip
        assert "floor: bare" in page.getvalue()

    @pytest.mark.parametrize(("value", "shown"), [(0.123, "0.12"), (12.34, "12.3"), (1234.5, "1234")])
    def test_numbers_have_three_digits(self, value: float, shown: str) -> None:
        assert number(value) == shown

    def test_a_group_that_does_not_exist_is_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            main(["--only", "nothing"])
        assert "invalid choice" in capsys.readouterr().err


class TestTape:
    def test_a_statement_remembers_whose_token_it_carried(self) -> None:
        tape = Tape(running=True)
        tape.add_statement(QUERIES["reserve"], ("owner",), fetches=True)
        tape.add_tokens(QUERIES["reserve"], [(7, "guid", "TOKEN-A ")])
        tape.add_statement("UPDATE", (7, "TOKEN-A"), fetches=False)

        assert [step.token for step in tape.steps if isinstance(step, Ask)] == [None, (1, 0)]

    def test_nothing_is_taken_down_before_it_runs(self) -> None:
        tape = Tape()
        tape.add(Begin(read_only=True))

        assert tape.steps == []

    def test_the_writes_alone_leave_out_every_reading(self) -> None:
        reading: list[Step] = [Begin(read_only=True), Ask("SELECT", (), fetches=True), End()]
        writing: list[Step] = [Begin(read_only=False), Ask("UPDATE", (), fetches=False), End()]
        noting: list[Step] = [Note("BEGIN IMMEDIATE", ()), Note("SELECT", ()), Note("INSERT", ()), Note("COMMIT", ())]
        tape = Tape([*reading, *writing, Note("SELECT", ()), *noting, *reading])

        assert tape.writes_only().steps == [*writing, *noting]
        counts = tape.counts()
        assert (counts.writing, counts.reading, counts.statements, counts.journal) == (1, 2, 3, 1)


class TestMeasuring:
    def test_the_floor_of_a_message_does_the_engines_own_work(self, place: Place) -> None:
        # A playback that leaves a row behind raises: the two did the same, or this fails.
        measured = night.engine_and_floor(place, content.enqueue_texts, rows=3, repeat=1)

        (run,) = measured.runs
        assert run.posts == 3
        assert 0 < run.gateway < run.total
        assert measured.tape.counts().writing >= 3 * 3  # reserved, sending, sent: each committed by itself
        assert measured.tape.counts().journal >= 2 * 3  # the intent before each post, the answer after it

    def test_reserving_is_timed_on_a_history_of_the_length_asked_for(self, place: Place) -> None:
        path = reserve.build_history(place, "history-50.fdb", 50)
        with place.attach(path) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT COUNT(*), MAX(ID), COUNT(DISTINCT SITUACAO) FROM WA_FILA")
            assert cursor.fetchall() == [(50, 50, 4)]
            cursor.close()
        lane = reserve.Lane(place, 50, 200)
        lane.time_one()
        figure = lane.figure()
        lane.close()

        assert figure.what == "reserve, 200 pending, history of 50"
        assert figure.n == 1
        assert 0 < figure.value < 1000

    def test_documents_are_drawn_with_new_data_each_time(self) -> None:
        sets = [content.titles(number, 3) for number in range(40)]

        assert len({title.pix for titles in sets for title in titles}) == 120
        for titles in sets:
            assert titles[0].due < date.today()
            check_title(titles[0])
            check_pix(titles[0].pix, titles[0].amount)

    def test_texts_are_parsed_and_printed_slower_than_they_are_cut_and_glued(self) -> None:
        for figure in texts.measure(quick=True):
            assert figure.ratio is not None
            assert 0 < figure.ratio < 1

    def test_every_situation_of_the_catalogue_has_its_text_measured(self) -> None:
        assert len(texts.texts()) == sum(len(module.situations) for module in modules())

    def test_documents_per_second_are_measured(self) -> None:
        figure = documents.pairs(2, 5)

        assert figure.ratio is not None
        assert 0 < figure.ratio < 1  # nobody draws boletos faster than empty pages with the same QR

    def test_every_kind_of_document_is_measured_by_itself(self) -> None:
        names = [figure.what for figure in documents.each_kind(1, 1)]

        assert names[:3] == ["boleto", "boleto híbrido", "carnê of 3"]
        assert {name.split(",")[0] for name in names[3:]} == set(Models().names())

    def test_a_document_of_the_bench_is_another_customers_each_time(self) -> None:
        for draw in papers.kinds().values():
            assert draw(1) == draw(1) != draw(2)

    def test_memory_is_measured_twice_in_one_process(self) -> None:
        figure = documents.memory(12, 24)

        assert figure.what == "memory grown from the 12th to the 24th PDF"
        assert figure.value < 20
