"""`ask screen`: a protocol, a corpus of invented trials, and every way to ask for something."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from rich.console import Console
from samples_of import SAMPLES, ScriptedJudge, paper, screening

from askpapers.cli.screening_keys import screen_by_keys
from askpapers.corpus import read_corpus
from askpapers.export.screening import screening_ris
from askpapers.index.embedder import MiniLM
from askpapers.screening.verdicts import Holds, Label
from command_line import Ask, Outcome
from fakes import build

Screen = Callable[..., Outcome]


@pytest.fixture(scope="module")
def sample_index(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLM) -> Path:
    """The index of the invented trials; what was judged once is remembered in it."""
    folder = tmp_path_factory.mktemp("trials")
    build(folder, SAMPLES / "exercise.ris", embedder)
    return folder


@pytest.fixture
def screen(run_ask: Ask, sample_index: Path, tmp_path: Path) -> Iterator[Screen]:
    """Run `ask screen` on a copy of the sample protocol."""
    protocol = tmp_path / "review.md"
    shutil.copy(SAMPLES / "exercise.md", protocol)

    def run(*options: object, **others: object) -> Outcome:
        place = ("--corpus", SAMPLES / "exercise.ris", "--index", sample_index)
        return run_ask("screen", protocol, *options, *place, **others)

    yield run


LABELS = {
    **dict.fromkeys(("t01", "t07", "t08"), "include"),
    **dict.fromkeys(("t03", "t04", "t05", "t10", "t11", "t14"), "exclude"),
}


def test_every_paper_has_a_label_and_each_quote_stands_where_it_says(screen: Screen) -> None:
    made = screen("--json").json
    assert made["schema"] == 1
    papers = {one["paper"]: one for one in made["papers"]}
    assert len(papers) == 14
    labels = {name: one["label"] for name, one in papers.items()}
    assert {name: labels[name] for name in LABELS} | {"t07": "include"} == LABELS
    assert papers["t01"]["by"] == papers["t07"]["by"] == "seed"
    reasons = {name: one["reason"]["number"] for name, one in papers.items() if one["reason"]}
    assert {name: reasons[name] for name in ("t03", "t04", "t05", "t10", "t11")} == {
        "t03": 5, "t04": 5, "t05": 4, "t10": 5, "t11": 1,
    }  # fmt: skip
    abstracts = {one.id: one.abstract for one in read_corpus([SAMPLES / "exercise.ris"]).papers}
    quotes = [(name, c) for name, one in papers.items() for c in one["machine"]["criteria"] if c["from"] == "abstract"]
    assert len(quotes) > 20
    assert all(abstracts[name][c["start"] : c["end"]] == c["quote"] for name, c in quotes)
    assert all(c["quote"] for one in papers.values() for c in one["machine"]["criteria"] if c["verdict"] == "failed")
    assert made["protocol"]["criteria"][2]["read_as"] == ["year 2010–"]


def test_decide_undo_and_next_on_the_command_line(screen: Screen, tmp_path: Path) -> None:
    first = screen("--next", 1, "--json").json["papers"][0]["paper"]
    assert first not in ("t01", "t07")
    done = screen("--decide", first, "exclude", "--reason", 2)
    assert (done.code, done.out) == (0, f"Decided: {first}: exclude (population: people with type 2 diabetes).\n")
    assert screen("--next", 1, "--json").json["papers"][0]["paper"] != first
    undone = screen("--undo", "--json").json
    assert undone["decision"]["paper"] == first
    assert screen("--next", 1, "--json").json["papers"][0]["paper"] == first
    assert len((tmp_path / "review.decisions.jsonl").read_text().splitlines()) == 2
    screen("--undo").assert_refused(2, "no decision to take back", "--decide")


def test_keys_from_a_pipe_decide_one_paper_after_the_other(screen: Screen, tmp_path: Path) -> None:
    done = screen(stdin="i\n2 zue?\n9q i")
    assert done.code == 0
    decided = [json.loads(line) for line in (tmp_path / "review.decisions.jsonl").read_text().splitlines()]
    assert [one.get("label", "undo") for one in decided] == ["include", "exclude", "undo", "unclear", "exclude"]
    assert decided[1]["reason"] == {"number": 2, "text": "population: people with type 2 diabetes"}
    assert decided[1]["paper"] == decided[2]["undo"] == decided[3]["paper"]
    assert decided[0]["machine"]["label"]
    assert "“?” is no key" in done.err
    assert "no criterion 9" in done.err
    ended = screen(stdin="")
    assert (ended.code, "The machine:" in ended.out) == (0, True)


def test_a_recheck_is_blind_and_the_report_has_its_agreement(screen: Screen) -> None:
    screen(stdin="ieu")
    again = screen("--recheck", 3, stdin="iii")
    assert again.code == 0
    assert "The machine:" not in again.out
    assert "All papers of the re-check are decided." in again.out
    found = screen("--report", "--json").json["report"]
    assert found["recheck"]["papers"] == 3
    assert found["recheck"]["only_second_keeps"] == 1
    shown = screen("--report")
    assert "agreement 67%" in shown.out
    assert "go on" in shown.out
    assert "14 papers screened" in shown.out
    screen("--recheck", 1, stdin="").assert_refused(2, "no decision that was not checked", "Decide")


@pytest.mark.parametrize("name", ["out.csv", "out.ris", "out.xlsx", "out.json"])
def test_all_papers_leave_with_labels_and_reasons(screen: Screen, tmp_path: Path, name: str) -> None:
    screen("--decide", "t02", "exclude", "--reason", "children")
    file = tmp_path / name
    done = screen("--export", file)
    assert (done.code, f"{name}: 14 papers" in done.err) == (0, True)
    if name.endswith(".csv"):
        rows = {row["id"]: row for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))}
        row = rows["t02"]
        assert (row["label"], row["included"], row["by"], row["reason"]) == ("exclude", "0", "person", "children")
        assert rows["t01"]["included"] == "1"
        assert {row["included"] for row in rows.values() if row["label"] == "unclear"} <= {""}
    if name.endswith(".ris"):
        text = file.read_text(encoding="utf-8")
        assert text.count("TY  - ") == 14
        assert "KW  - askpapers: excluded: children\n" in text
        assert text.count("N1  - ASReview_irrelevant\n") == 1
        assert "N1  - Paper t02.\n" in text
    screen("--export", file).assert_refused(2, "is there already", "--force")
    assert screen("--export", file, "--force").code == 0


def test_a_seed_that_the_corpus_lacks_stops_with_its_line(screen: Screen, tmp_path: Path) -> None:
    protocol = tmp_path / "review.md"
    protocol.write_text(protocol.read_text() + "- 10.1234/none\n")
    line = len(protocol.read_text().splitlines())
    screen("--next", 1).assert_refused(1, rf"review.md:{line}: the seed “10.1234/none” is not in the corpus", "ask add")


def test_what_is_refused(screen: Screen, run_ask: Ask, tmp_path: Path) -> None:
    screen("--next", 1, "--undo").assert_refused(2, "exclude each other", "one of them")
    screen("--reason", 1).assert_refused(2, "--reason", "--decide")
    screen("--decide", "t02", "include", "--reason", 1).assert_refused(2, "--reason", "--decide")
    screen("--decide", "nobody", "include").assert_refused(2, "No paper is called", "ask papers")
    screen("--export", tmp_path / "out.doc").assert_refused(2, "not clear from its name", ".ris")
    run_ask("screen", tmp_path / "none.md").assert_refused(2, "cannot be read", "ask screen PROTOCOL.md")
    (tmp_path / "review.decisions.jsonl").write_text("{}\n")
    screen("--report").assert_refused(1, "decisions.jsonl:1: this is no decision", "Mend")


def test_at_a_terminal_a_paper_stays_until_a_key_decides_it(tmp_path: Path) -> None:
    out = io.StringIO()
    one = screening(tmp_path, ScriptedJudge({"p0": Holds.YES}), [paper(f"p{n}", f"Pot {n}") for n in range(2)])
    keys = iter("xxi1")
    screen_by_keys(one, Console(file=out, width=80, force_terminal=True), None, lambda: next(keys))
    assert [d.label for d in one.log.made] == [Label.INCLUDE, Label.EXCLUDE]
    assert out.getvalue().count("Pot 0") == 1


def test_ris_is_read_again_with_its_labels_as_keywords(tmp_path: Path) -> None:
    one = screening(tmp_path, ScriptedJudge({"p0": Holds.NO}), [paper(f"p{n}", f"Pot {n}") for n in range(2)])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "papers.ris").write_text(screening_ris(one.papers()), encoding="utf-8")
    again = read_corpus([tmp_path / "out"]).papers
    tags = {tag for found in again for tag in found.metadata.tags}
    assert {"askpapers: exclude", "askpapers: excluded: about kilns", "askpapers: unclear"} <= tags


def test_decisions_of_another_program_are_taken_over(screen: Screen, tmp_path: Path) -> None:
    first, second, third = list(read_corpus([SAMPLES / "exercise.ris"]).papers)[:3]
    table = tmp_path / "export.csv"
    rows = [(first.title, 1), (second.title, 0), (third.title, ""), ("A title of no paper", 1)]
    with table.open("w", newline="") as out:
        csv.writer(out).writerows([("title", "included"), *rows])
    shown = screen("--import", table)
    assert shown.code == 0
    assert "Imported: 1 include, 1 exclude, 0 unclear." in shown.out
    assert "1 without a decision in the file" in shown.out
    assert "not in the corpus: A title of no paper" in shown.out
    again = screen("--import", table, "--json").json["imported"]
    assert (again["decided_before"], again["missing"]) == (2, ["A title of no paper"])
    assert screen("--as", "include").code == 2
    screen("--import", "bo.decisions.jsonl", "--as", "include").assert_refused(2, "labels of its own", "--as")
    assert screen("--import", table, "--report").code == 2


def test_two_reviewers_at_the_terminal(screen: Screen, tmp_path: Path) -> None:
    """A whole day: each decides alone, disagreements are settled, full texts follow, the report has it all."""
    for name, keys in (("Ana", "iie"), ("Bo", "")):
        shown = screen("--reviewer", name, stdin=keys)
        assert shown.code == 0
    ana = [json.loads(line) for line in (tmp_path / "review.decisions.jsonl").read_text().splitlines()]
    first, second, third = (one["paper"] for one in ana)
    assert {one["reviewer"] for one in ana} == {"Ana"}
    screen("--decide", first, "include").assert_refused(2, "Whose decisions", "--reviewer")
    for paper_id, label in ((first, "include"), (second, "exclude"), (third, "exclude")):
        assert screen("--reviewer", "bo", "--decide", paper_id, label).code == 0
    left = screen("--consensus", "--reviewer", "Bo", "--next", 9)
    assert ("Ana: include" in left.out, "bo: exclude" in left.out) == (True, True)
    settled = screen("--consensus", "--reviewer", "Bo", stdin="i")
    assert f"{second}: include, consensus, by bo" in settled.out
    assert "Reviewers disagree on no paper." in settled.out
    found = screen("--report", "--json").json["report"]
    assert (found["prisma"]["conflicts"], found["reviewers"][0]["reviewers"]) == (0, ["Ana", "bo"])
    assert (found["reviewers"][0]["papers"], found["reviewers"][0]["only_first_keeps"]) == (3, 1)
    sought = found["prisma"]["sought_for_retrieval"]
    texts = screen("--full-text", "--reviewer", "Ana", stdin="ni2e")
    assert "excluded for a reason" in texts.err
    found = screen("--report", "--json").json["report"]["prisma"]
    assert found["full_texts"]["not_retrieved"] == 1
    assert sought == sum(found["full_texts"][name] for name in ("not_retrieved", "assessed", "undecided"))
    assert "1 not retrieved" in screen("--report").out
    file = tmp_path / "out.csv"
    assert screen("--export", file).code == 0
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8")))}
    row = rows[second]
    assert (row["label"], row["status"], row["consensus"]) == ("include", "consensus", "include")
    assert (row["label Ana"], row["label bo"]) == ("include", "exclude")
    undone = screen("--undo", "--reviewer", "Bo", "--json").json["decision"]
    assert (undone["consensus"], undone["reviewer"]) == (True, "bo")


def test_blind_is_the_default_and_unblind_shows(screen: Screen) -> None:
    paper_id = screen("--next", 1, "--json").json["papers"][0]["paper"]
    screen("--reviewer", "Ana", "--decide", paper_id, "exclude", "--reason", 1)

    def of_bo(*options: str) -> dict[str, object]:
        papers = screen("--reviewer", "Bo", "--json", *options).json["papers"]
        return next(one for one in papers if one["paper"] == paper_id)

    assert (of_bo()["decisions"], of_bo()["status"]) == ([], None)
    shown = of_bo("--unblind")["decisions"]
    assert isinstance(shown, list)
    assert (shown[0]["reviewer"], shown[0]["label"]) == ("Ana", "exclude")


def test_no_name_in_a_file_of_decisions_reaches_the_terminal_as_it_is(screen: Screen, tmp_path: Path) -> None:
    line = {"schema": 1, "paper": "t01", "label": "include", "reviewer": "An\x1b[2Ja", "at": ""}
    (tmp_path / "review.decisions.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    shown = screen("--reviewer", "Bo", "--next", 1)
    assert "is new here, beside An" in shown.err
    assert "\x1b" not in shown.err + shown.out


def test_duplicates_by_name_and_what_is_refused(screen: Screen) -> None:
    assert screen("--duplicates", "--json").json["pairs"] == []
    assert "No papers are left" in screen("--duplicates", stdin="").out
    made = screen("--decide", "t12", "duplicate", "--of", "t13")
    assert made.out == "Decided: t12: a duplicate of t13.\n"
    found = screen("--json").json
    assert {one["paper"]: one["duplicate_of"] for one in found["papers"]}["t12"] == "t13"
    prisma = found["report"]["prisma"]
    assert (prisma["duplicates_removed_by_person"], prisma["screened"]) == (1, 13)
    screen("--decide", "t12", "duplicate").assert_refused(2, "--of", "Give both")
    screen("--decide", "t12", "include", "--of", "t13").assert_refused(2, "--of", "Give both")
    screen("--duplicates", "--consensus").assert_refused(2, "go with neither", "one of them")
    screen("--decide", "t02", "not-retrieved").assert_refused(2, "not retrieved", "include, exclude")
