"""Cells by a model: only what stands on a quote of the abstract, asked once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.datatypes import Paper, Source
from askpapers.errors import ContextOverflowError, ModelBrokenError
from askpapers.llm.usage import Meter
from askpapers.prompts import load_table_prompt
from askpapers.tables.columns import read_columns
from askpapers.tables.model_cells import (
    NOT_FOUND,
    TOO_LONG,
    UNREADABLE,
    ModelCellFinder,
    StoredCells,
    cell_of,
    read_cells,
)
from askpapers.tables.table import BLANK, Cell, Origin
from command_line import Ask
from fakes import ScriptedModel, write_papers
from model_server import ModelServer, fails, writes

PAPER = Paper("p1", "On pots", "We fire 120 pots\nby hand. Glazes shine.", (Source("a.txt", 1),), 2021)
COLUMNS = read_columns(["method, finding, year"])


def cells(*items: tuple[int, str, str]) -> str:
    return json.dumps({"cells": [{"column": n, "text": text, "quote": quote} for n, text, quote in items]})


def finder(model: ScriptedModel, folder: Path) -> ModelCellFinder:
    return ModelCellFinder(model, load_table_prompt(), StoredCells(folder / "cells.jsonl", "scripted"), Meter())


def test_a_cell_is_the_models_words_beside_a_quote_that_is_found(tmp_path: Path) -> None:
    reply = cells((1, "firing by hand", "fire 120 pots by hand"), (7, "x", "Glazes"))
    model = ScriptedModel("<think>hm</think>" + reply)
    row = finder(model, tmp_path).row(PAPER, COLUMNS)
    method, finding, year = row.cells
    assert (method.text, method.origin) == ("firing by hand", Origin.MODEL)
    assert method.quote
    assert PAPER.abstract[method.quote.start : method.quote.end] == method.quote.text == "fire 120 pots\nby hand"
    assert finding == BLANK
    assert (year.text, year.origin) == ("2021", Origin.RECORD)
    assert "1. method\\n2. finding" in model.asked[0]
    assert "year" not in model.asked[0].partition("Columns")[2]


@pytest.mark.parametrize(
    ("text", "quote", "cell"),
    [
        ("wheels", "Wheels turn", NOT_FOUND),
        ("pots", "pot", NOT_FOUND),  # half a word
        ("pots", "", NOT_FOUND),
        ("130 pots", "fire 120 pots", "fire 120 pots"),
        (" ".join(["word"] * 30), "Glazes shine", "Glazes shine"),
        ("", "glazes shine.", "Glazes shine"),
        ("120 pots", "“We fire 120 pots…”", "120 pots"),
    ],
)
def test_what_does_not_stand_on_its_quote_is_thrown_away_or_gives_way_to_it(
    text: str, quote: str, cell: Cell | str
) -> None:
    made = cell_of(PAPER, (text, quote))
    assert made == cell if isinstance(cell, Cell) else made.text == cell


@given(st.text(max_size=20), st.text(max_size=20))
def test_no_cell_has_a_quote_that_is_not_in_the_abstract(text: str, quote: str) -> None:
    made = cell_of(PAPER, (text, quote))
    assert made.is_blank or (made.quote and PAPER.abstract[made.quote.start : made.quote.end] == made.quote.text)


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)))
def test_any_json_gives_cells_or_none(value: object) -> None:
    for text in (
        json.dumps({"cells": value}),
        json.dumps(value),
        json.dumps({"cells": [{"column": 1, "quote": value}]}),
    ):
        read = read_cells(text)
        assert read is None or all(isinstance(part, str) for cell in read.values() for part in cell)


def test_what_was_said_is_not_asked_again_and_a_new_column_is_asked_alone(tmp_path: Path) -> None:
    first = ScriptedModel(cells((1, "", "fire 120 pots")))
    before = finder(first, tmp_path).row(PAPER, COLUMNS)
    (tmp_path / "cells.jsonl").open("a", encoding="utf-8").write('{"key": 3}\nno json\n{"key": "half')
    again = ScriptedModel(cells((1, "", "Glazes")))
    second = finder(again, tmp_path)
    assert second.row(PAPER, COLUMNS) == before
    assert again.asked == []
    assert "1 paper was read before" in second.notes[0]
    wider = second.row(PAPER, read_columns(["method, finding, colour"]))
    assert [cell.text for cell in wider.cells] == ["fire 120 pots", "", "Glazes"]
    assert "1. colour" in again.asked[0]
    assert "method" not in again.asked[0].partition("Columns")[2]


def test_replies_that_cannot_be_read_are_not_kept_and_end_the_table_at_last(tmp_path: Path) -> None:
    model = ScriptedModel("no", "no", ContextOverflowError("long", hint="x"), "no")
    asking = finder(model, tmp_path)
    assert asking.row(PAPER, COLUMNS).cells[:2] == (UNREADABLE, UNREADABLE)
    asking.row(PAPER, COLUMNS)
    assert asking.row(PAPER, COLUMNS).cells[0] == TOO_LONG
    with pytest.raises(ModelBrokenError, match=r"^scripted wrote no cells"):
        asking.row(PAPER, COLUMNS)
    assert len(model.asked) == 4


def test_a_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    stored = StoredCells(tmp_path / "none" / "cells.jsonl", "scripted")
    asking = ModelCellFinder(ScriptedModel(cells((1, "", "Glazes"))), load_table_prompt(), stored, Meter())
    assert asking.row(PAPER, COLUMNS).cells[0].text == "Glazes"
    assert "cannot be kept" in asking.notes[0]


def test_the_command_keeps_what_is_done_when_the_model_fails_and_goes_on_the_next_time(
    run_ask: Ask, tmp_path: Path
) -> None:
    corpus = write_papers(tmp_path / "corpus", ["Pots are fired by hand.", "Glazes shine brightly."])
    place = ("--corpus", corpus, "--index", tmp_path / "index", "--columns", "method, title", "--json")
    with ModelServer([writes(cells((1, "hand firing", "fired by hand"))), fails(401, "bad key")]) as server:
        stopped = run_ask("table", "--all", "--llm", server.spec, *place)
        server.then(writes(cells((1, "", "shine brightly"))))
        done = run_ask("table", "--all", "--llm", server.spec, *place)
    assert stopped.code == 1, stopped
    assert "ask: " in stopped.err
    assert not stopped.json["finished"]
    (row,) = stopped.json["rows"]
    assert row["cells"][0] | {"source": None} == {
        "column": "method", "text": "hand firing", "from": "model", "reason": None, "quote": "fired by hand",
        "start": 9, "end": 22, "source": None,
    }  # fmt: skip
    assert done.code == 0, done
    assert len(server.asked) == 3
    assert [row["cells"][0]["text"] for row in done.json["rows"]] == ["hand firing", "shine brightly"]
    (note,) = (note for note in done.json["notes"] if "1 paper was read before" in note)
    assert server.url not in note  # a model is called by its name, not by its address
    assert server.spec.partition("#")[2] in note
