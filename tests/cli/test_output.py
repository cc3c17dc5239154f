"""Answers and papers written to files by the command line."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path

import openpyxl
import pytest
import rispy

from askpapers.cli.output import Output
from askpapers.engine import Corpus
from askpapers.errors import OutputError
from askpapers.export import KINDS, list_of
from cats_and_dogs import CATS, DOGS
from command_line import Ask

FIGURE = "how many problems are in GSM8K?"


@pytest.fixture
def ask(
    run_ask: Ask,
    corpus: Corpus,
    seeds: Path,
    seed_index_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Ask:
    """Run the command line on the seeds, in an empty folder."""
    monkeypatch.setenv("ASK_CORPUS", str(seeds.resolve()))
    monkeypatch.setenv("ASK_INDEX", str(seed_index_folder))
    monkeypatch.chdir(tmp_path)
    return run_ask


def test_a_file_is_of_the_kind_that_it_ends_as(ask: Ask, tmp_path: Path) -> None:
    outcome = ask(FIGURE, "-o", "gsm8k.ris")
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.err.startswith("gsm8k.ris: ")
    assert "8.5K" in (tmp_path / "gsm8k.ris").read_text(encoding="utf-8")
    assert ask(FIGURE, "--ris").out == (tmp_path / "gsm8k.ris").read_text(encoding="utf-8")
    assert ask(FIGURE, "--csl", "-o", "gsm8k.txt").code == 0  # a kind that is named goes before
    assert (tmp_path / "gsm8k.txt").read_text(encoding="utf-8").startswith("[")


def test_all_papers_leave_in_every_kind(ask: Ask, tmp_path: Path) -> None:
    assert ask("papers", "--xlsx", "seeds.xlsx").err == "seeds.xlsx: 34 papers, Excel.\n"
    book = openpyxl.load_workbook(tmp_path / "seeds.xlsx")
    assert book["Papers"].max_row == 35
    assert len(rispy.loads(ask("papers", "--ris").out)) == 34
    assert ask("papers", "--bibtex").out.count("\n  title = ") == 34
    assert len(rispy.loads(ask("show", "2203.02155", "--ris").out)) == 1


def test_a_file_that_is_there_is_replaced_only_with_force(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "library.bib").write_text("mine", encoding="utf-8")
    outcome = ask("papers", "-o", "library.bib")
    assert outcome.code == 2
    assert "library.bib is there already." in outcome.err
    assert "--force" in outcome.err
    assert (tmp_path / "library.bib").read_text(encoding="utf-8") == "mine"
    assert ask("papers", "-o", "library.bib", "--force").code == 0
    assert "@" in (tmp_path / "library.bib").read_text(encoding="utf-8")


def test_a_refusal_keeps_its_exit_code(ask: Ask, tmp_path: Path) -> None:
    assert ask("what is the capital of France?", "-o", "france.json").code == 3
    assert (tmp_path / "france.json").is_file()


def test_a_file_has_the_rights_of_any_new_file_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    Output(KINDS["ris"], tmp_path / "a.ris").write(list_of([CATS, DOGS]))
    assert stat.S_IMODE((tmp_path / "a.ris").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)
    assert {path.name for path in tmp_path.iterdir()} == {"a.ris", "plain"}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.ris").write_text("old", encoding="utf-8")
    (tmp_path / "link.ris").symlink_to(tmp_path / "real.ris")
    Output(KINDS["ris"], tmp_path / "link.ris").write(list_of([CATS]))
    assert (tmp_path / "link.ris").is_symlink()
    assert (tmp_path / "real.ris").read_text(encoding="utf-8").startswith("TY")


def test_a_device_is_written_to() -> None:
    Output(KINDS["ris"], Path(os.devnull)).write(list_of([CATS]))
    assert not Path(os.devnull).is_file()


def test_a_file_that_cannot_be_written_is_two_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fdopen", lambda *_: FullDisk())
    with pytest.raises(OutputError, match="No space left"):
        Output(KINDS["ris"], tmp_path / "a.ris").write(list_of([CATS]))
    assert list(tmp_path.iterdir()) == []


class FullDisk(io.BytesIO):
    def write(self, content: object) -> int:
        raise OSError(28, "No space left on device")
