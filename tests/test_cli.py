"""The command line as a person or a script uses it; what goes wrong is in test_bad_input.py."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from pathlib import Path

import pytest

from askpapers import __version__
from askpapers.contract import answer_dict
from askpapers.datatypes import Verdict
from askpapers.engine import Corpus
from askpapers.events import Finished
from command_line import Ask
from fakes import write_papers

SURVEY = "which papers use RLHF?"
FIGURE = "how many problems are in GSM8K?"
NOWHERE = "what is the capital of France?"


class Terminal(io.StringIO):
    """A stream that a person sits at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def ask(run_ask: Ask, seeds: Path, seed_index_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Run the command line on the seeds."""
    monkeypatch.setenv("ASK_CORPUS", str(seeds))
    monkeypatch.setenv("ASK_INDEX", str(seed_index_folder))
    return run_ask


# ---- where the question stands


@pytest.mark.parametrize(
    "arguments",
    [
        [FIGURE],
        FIGURE.split(),
        ["question", FIGURE],
        ["--no-color", FIGURE],
        ["--top", "3", FIGURE],
        [FIGURE, "--strict"],
        ["--as", "answer", FIGURE],
    ],
)
def test_the_question_is_the_default_command(ask: Ask, arguments: list[str]) -> None:
    outcome = ask(*arguments)
    assert (outcome.code, outcome.err) == (0, "")
    assert "8.5K" in outcome.out
    assert "[1] Training Verifiers to Solve Math Word Problems (2021)" in outcome.out


@pytest.mark.parametrize("arguments", [[], ["--json"], ["question"]])
def test_a_question_from_standard_input(ask: Ask, arguments: list[str]) -> None:
    outcome = ask(*arguments, stdin=f"{FIGURE}\n")
    assert outcome.code == 0
    assert "8.5K" in outcome.out


def test_words_on_the_line_go_before_standard_input(ask: Ask) -> None:
    assert ask("--json", FIGURE, stdin=NOWHERE).json["question"] == FIGURE


def test_a_question_may_begin_like_an_option_after_two_dashes(ask: Ask) -> None:
    assert ask("--json", "--", "--top of GSM8K").json["question"] == "--top of GSM8K"


@pytest.mark.parametrize("flag", ["-h", "--help"])
@pytest.mark.parametrize("command", [[], ["question"], ["index"], ["papers"], ["show"], ["doctor"]])
def test_every_command_has_help(ask: Ask, command: list[str], flag: str) -> None:
    outcome = ask(*command, flag)
    assert outcome.code == 0
    assert outcome.out.startswith("Usage: ask")
    assert "\x08" not in outcome.out


def test_the_version(ask: Ask) -> None:
    assert ask("--version").out == f"askpapers {__version__}\n"


@pytest.mark.parametrize("name", ["papers", "index", "show", "doctor", "question"])
def test_a_command_after_options_is_not_taken_for_a_question(ask: Ask, name: str) -> None:
    outcome = ask("--no-color", name)
    assert (outcome.code, outcome.out) == (2, "")
    assert f"“{name}” is a command, and options come after it." in outcome.err
    assert f"Write: ask {name} [OPTIONS]" in outcome.err


def test_a_question_may_begin_with_a_commands_name(ask: Ask) -> None:
    assert ask("--json", "papers", "on", "images").json["question"] == "papers on images"


@pytest.mark.parametrize("topic", ["models", "abuot?", "screening"])
def test_one_word_may_be_a_topic(ask: Ask, topic: str) -> None:
    assert ask(topic, "--json").json["question"] == topic


# ---- forms of an answer


def test_text(ask: Ask) -> None:
    outcome = ask(SURVEY)
    assert outcome.code == 0
    assert outcome.out.startswith("34 of 34 papers checked: ")
    assert "Training language models to follow instructions with human feedback (2022)" in outcome.out
    assert "\x1b" not in outcome.out


def test_json(ask: Ask, corpus: Corpus) -> None:
    found = ask(SURVEY, "--json").json
    expected = json.loads(json.dumps(answer_dict(corpus.ask(SURVEY))))
    for one in (found, expected):
        del one["timings_ms"]
    assert found == expected


def test_markdown(ask: Ask) -> None:
    out = ask(FIGURE, "--markdown").out
    assert out.startswith(f"**{FIGURE}**\n")
    assert "1. [Training Verifiers to Solve Math Word Problems (2021)](" in out
    assert not out.endswith("\n\n")


def test_bibtex(ask: Ask) -> None:
    out = ask(FIGURE, "--bibtex").out
    assert out.startswith("@misc{training2021verifiers,\n  title = {{Training Verifiers to Solve Math Word Problems}},")


def test_csv(ask: Ask) -> None:
    head, *rows = csv.reader(io.StringIO(ask(SURVEY, "--csv", "--top", "1").out))
    assert head[0] == "id"
    assert {"2203.02155", "2009.01325"} <= {row[0] for row in rows}


def test_ris_and_csl(ask: Ask) -> None:
    assert ask(FIGURE, "--ris").out.startswith("TY  - GEN\nID  - training2021verifiers\nTI  - Training Verifiers")
    (item, *_) = json.loads(ask(FIGURE, "--csl").out)
    assert item["id"] == "training2021verifiers"
    assert "8.5K" in item["note"]


@pytest.mark.parametrize(
    "forms",
    [
        ["--json", "--markdown"],
        ["--markdown", "--bibtex"],
        ["--bibtex", "--csv"],
        ["--csv", "--json"],
        ["--ris", "--csl"],
        ["--ris", "--xlsx", "x.xlsx"],
        ["--json", "--markdown", "--bibtex", "--csv", "--ris", "--csl"],
    ],
)
def test_forms_exclude_each_other(ask: Ask, forms: list[str]) -> None:
    outcome = ask(*forms, FIGURE)
    assert (outcome.code, outcome.out) == (2, "")
    assert "exclude each other" in outcome.err


@pytest.mark.parametrize("form", ["--json", "--markdown", "--bibtex", "--csv", "--ris", "--csl", "--no-color"])
def test_a_refusal_has_every_form(ask: Ask, form: str) -> None:
    outcome = ask(NOWHERE, form)
    assert (outcome.code, outcome.err) == (3, "")
    assert outcome.out or form in ("--bibtex", "--ris")


@pytest.mark.parametrize(
    ("way", "synthesizer"), [("answer", "extractive"), ("survey", "survey"), ("compare", "extractive")]
)
def test_the_way_of_answering_can_be_given(ask: Ask, way: str, synthesizer: str) -> None:
    assert ask("human feedback", "--as", way, "--json").json["engine"]["synthesizer"] == synthesizer


def test_top_limits_what_is_shown_of_a_survey(ask: Ask) -> None:
    papers = ask("papers about images", "--json").json["papers"]
    assert len(papers) > 2
    out = ask("papers about images", "--top", "2").out
    assert len(re.findall(r"^\[\d+\] ", out, re.MULTILINE)) == 2
    assert f"and {len(papers) - 2} more (--top {len(papers)} shows all)" in out
    assert " more (" not in ask("papers about images", "--top", str(len(papers))).out


# ---- colour


def test_emphasis_on_a_terminal(ask: Ask) -> None:
    out = ask(FIGURE, at_terminal=True).out
    assert "\x1b[1mGSM8K\x1b[0m" in out


@pytest.mark.parametrize("arguments", [[FIGURE], [SURVEY], [NOWHERE], ["papers"], ["show", "2110.14168"], ["doctor"]])
def test_no_escape_with_no_color(ask: Ask, arguments: list[str]) -> None:
    assert "\x1b" not in ask(*arguments, "--no-color", at_terminal=True).out
    assert "\x1b" in ask(*arguments, at_terminal=True).out


@pytest.mark.parametrize("arguments", [[FIGURE], [SURVEY], [NOWHERE], ["papers"], ["show", "2110.14168"], ["doctor"]])
def test_no_escape_in_a_pipe(ask: Ask, arguments: list[str]) -> None:
    assert "\x1b" not in ask(*arguments).out


@pytest.mark.parametrize(("columns", "widest"), [("40", 40), ("80", 80), ("200", 100)])
def test_lines_are_as_wide_as_the_terminal_and_at_most_100(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, columns: str, widest: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    lines = ask(FIGURE).out.splitlines()
    assert widest - 15 <= max(map(len, lines)) <= widest


# ---- exit codes


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([FIGURE], 0),
        ([SURVEY], 0),
        ([FIGURE, "--strict"], 0),
        (["--corpus", "/nowhere", FIGURE], 1),
        ([""], 2),
        (["--no-such-option", FIGURE], 2),
        (["--top", "0", FIGURE], 2),
        (["--as", "guess", FIGURE], 2),
        (["show", "no such paper"], 2),
        ([NOWHERE], 3),
        ([NOWHERE, "--strict"], 3),
        (["papers on quantum computing"], 3),
    ],
)
def test_exit_codes(ask: Ask, arguments: list[str], code: int) -> None:
    assert ask(*arguments).code == code


@pytest.mark.parametrize(
    ("verdict", "strict", "code"),
    [
        (Verdict.UNSUPPORTED, True, 4),
        (Verdict.UNSUPPORTED, False, 0),
        (Verdict.PARTIAL, True, 0),
        (Verdict.SUPPORTED, True, 0),
    ],
)
def test_strict_is_about_unsupported_statements(
    ask: Ask, corpus: Corpus, monkeypatch: pytest.MonkeyPatch, verdict: Verdict, strict: bool, code: int
) -> None:
    answer = corpus.ask(FIGURE)
    (statement,) = answer.statements
    doubtful = dataclasses.replace(answer, statements=(dataclasses.replace(statement, verdict=verdict),))
    monkeypatch.setattr(Corpus, "stream", lambda *_, **__: (event for event in [Finished(doubtful)]))
    outcome = ask(FIGURE, *(["--strict"] if strict else []))
    assert outcome.code == code
    assert ("unsupported: " in outcome.out) == (verdict is Verdict.UNSUPPORTED)


# ---- the other commands


@pytest.fixture
def small(tmp_path: Path) -> list[str]:
    """Options for a small corpus with an index of its own."""
    folder = write_papers(tmp_path / "corpus", {"cats": "Cats purr at night.", "dogs": "Dogs bark at strangers."})
    return ["--corpus", str(folder), "--index", str(tmp_path / "index")]


def test_index(ask: Ask, small: list[str]) -> None:
    assert ask("index", *small).out == "2 papers, 2 passages: 2 new, 0 as they were, 0 removed.\n"
    assert ask("index", *small).out == "2 papers, 2 passages: 0 new, 2 as they were, 0 removed.\n"
    assert ask("index", *small, "--rebuild").out == "2 papers, 2 passages: 2 new, 0 as they were, 0 removed.\n"


def test_index_of_paths(ask: Ask, small: list[str], tmp_path: Path) -> None:
    more = write_papers(tmp_path / "more", {"fish": "Fish swim in schools."})
    outcome = ask("index", small[1], more, "--index", tmp_path / "both")
    assert outcome.out.startswith("3 papers, 3 passages")


def test_index_as_json(ask: Ask, small: list[str], tmp_path: Path) -> None:
    found = ask("index", *small, "--json").json
    assert re.fullmatch(r"[0-9a-f]{8,}", found.pop("fingerprint"))
    assert found.pop("embedder")
    assert found == {
        "index": str(tmp_path / "index"),
        "papers": 2,
        "passages": 2,
        "added": 2,
        "kept": 0,
        "removed": 0,
        "mended": [],
        "remade": "",
        "warnings": [],
        "left_out": {"files": 0, "records": 0, "reasons": []},
    }


def test_papers(ask: Ask) -> None:
    lines = ask("papers").out.splitlines()
    assert len([line for line in lines if re.match(r"\d{4}\.\d{5} ", line)]) == 34
    assert any(re.fullmatch(r"2410\.21276 +2024 +GPT-4o System Card *", line) for line in lines)


def test_papers_are_chosen_and_sorted(ask: Ask) -> None:
    chosen = ask("papers", "--year", "2023..", "--sort", "newest", "--json").json["papers"]
    years = [paper["year"] for paper in chosen]
    assert years == sorted(years, reverse=True) and len(years) == 8 and years[-1] == 2023
    titles = [paper["title"] for paper in ask("papers", "--year", "2021", "--sort", "title", "--json").json["papers"]]
    assert titles == sorted(titles, key=str.casefold) and titles


def test_a_name_that_the_files_do_not_give_is_said_with_the_papers(ask: Ask) -> None:
    outcome = ask("papers", "--author", "Moss", "--json")
    assert outcome.json["papers"] == []
    assert "The files do not give authors (0 of 34 papers)." in outcome.err


@pytest.mark.parametrize("years", ["soon", "20..21", "..", "2022..2020", ""])
def test_what_is_no_year_is_refused(ask: Ask, years: str) -> None:
    outcome = ask("papers", "--year", years)
    assert outcome.code == 2
    assert len(outcome.err.splitlines()) == 2


def test_papers_as_json(ask: Ask, corpus: Corpus) -> None:
    papers = ask("papers", "--json").json["papers"]
    assert [paper["id"] for paper in papers] == [paper.id for paper in corpus.papers()]
    assert set(papers[0]) >= {"id", "title", "year", "authors", "url", "abstract", "sources", "venue", "tags"}
    assert papers[0]["sources"][0].keys() == {"file", "line"}


@pytest.mark.parametrize("name", ["2110.14168", "2110.14", "math word problems"])
def test_show(ask: Ask, corpus: Corpus, name: str) -> None:
    outcome = ask("show", name)
    (paper,) = corpus.index.papers.find("2110.14168")
    assert outcome.code == 0
    text = " ".join(outcome.out.split())
    assert text.startswith("Training Verifiers to Solve Math Word Problems (2021)")
    assert " ".join(paper.abstract.split()) in text
    for source in paper.sources:
        assert f"{Path(source.file).name}:{source.line}" in outcome.out.replace("\n", "")


def test_show_as_json(ask: Ask) -> None:
    paper = ask("show", "2110.14168", "--json").json
    assert (paper["id"], paper["year"]) == ("2110.14168", 2021)
    assert paper["sources"]


@pytest.mark.parametrize(("name", "what"), [("nobody", "No paper is called “nobody”"), ("2110.", "fits 2 papers")])
def test_show_of_no_one_or_several(ask: Ask, name: str, what: str) -> None:
    outcome = ask("show", name)
    assert (outcome.code, outcome.out) == (2, "")
    assert what in outcome.err


NAMES = ["corpus", "index", "embedder", "model", "background", "versions"]


def test_doctor(ask: Ask) -> None:
    outcome = ask("doctor")
    assert outcome.code == 0
    for name in NAMES:
        assert re.search(rf"^ok  {name}  ", outcome.out, re.MULTILINE)
    assert "34 papers" in outcome.out
    assert "(from ASK_CORPUS)" in outcome.out


def test_doctor_as_json(ask: Ask) -> None:
    checks = ask("doctor", "--json").json["checks"]
    assert [check["name"] for check in checks] == NAMES
    assert all(check["ok"] and check["found"] for check in checks)


def test_doctor_of_a_corpus_that_is_not_there(ask: Ask, tmp_path: Path) -> None:
    outcome = ask("doctor", "--corpus", tmp_path / "nowhere", "--index", tmp_path / "index")
    assert outcome.code == 1
    assert re.search(r"^no  corpus  There is no corpus at ", outcome.out, re.MULTILINE)
    assert not (tmp_path / "index").exists()
