"""Bad input at the command line: two lines that say what happened and what to do, the right exit code, nothing lost."""

from __future__ import annotations

import io
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from askpapers.index.embedder import MiniLM
from askpapers.index.layout import current_generation
from command_line import Ask, Outcome, hear_control_c
from fakes import WordHash, build, write_papers

QUESTION = "What do cats do at night?"
PAPERS = {
    "cats": "Cats purr at night because they are content. They sleep all day.",
    "dogs": "Dogs bark loudly at strangers. They fetch sticks for their owners.",
    "fish": "Fish swim in schools. Their fins move slowly.",
}
# All that a terminal acts on, but for the ends of lines.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def ask(run_ask: Ask) -> Ask:
    return run_ask


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLM) -> Path:
    """A folder with a corpus of three papers and its index, to copy."""
    place = tmp_path_factory.mktemp("made")
    write_papers(place / "corpus", PAPERS)
    build(place / "index", place / "corpus", embedder)
    return place


@pytest.fixture
def root(tmp_path: Path, made: Path, embedder: MiniLM, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The corpus of three papers, set in the environment with its index."""
    monkeypatch.setenv("ASK_CORPUS", str(shutil.copytree(made / "corpus", tmp_path / "corpus")))
    monkeypatch.setenv("ASK_INDEX", str(shutil.copytree(made / "index", tmp_path / "index")))
    build(tmp_path / "index", tmp_path / "corpus", embedder)  # the papers have moved; nothing is embedded
    return tmp_path / "corpus"


@pytest.fixture
def folder(root: Path) -> Path:
    """Its index."""
    return root.parent / "index"


@pytest.fixture
def still_answers(ask: Ask, root: Path) -> Iterator[None]:
    """After the test the index that was there before it answers."""
    yield
    outcome = ask(QUESTION)
    assert outcome.code == 0, outcome
    assert "Cats purr at night" in outcome.out


# ---- the corpus


def test_a_missing_corpus(ask: Ask, tmp_path: Path, still_answers: None) -> None:
    nowhere = tmp_path / "nowhere"
    ask("--corpus", nowhere, QUESTION).assert_refused(1, f"no corpus at {nowhere}", "--corpus FOLDER")


def test_an_empty_corpus(ask: Ask, tmp_path: Path, still_answers: None) -> None:
    (tmp_path / "empty").mkdir()
    ask("--corpus", tmp_path / "empty", "--index", tmp_path / "i", QUESTION).assert_refused(
        1, "No abstract found", "Put files with abstracts there"
    )


@pytest.mark.parametrize(
    ("name", "content", "what", "to_do"),
    [
        ("bad.jsonl", b'{"abstract"', r"bad\.jsonl, line 1, is not JSON", "each on a line"),
        ("bad.txt.gz", b"\x1f\x8b\x08\x00" + b"x" * 30, r"bad\.txt\.gz cannot be read", "Check the file"),
        ("bad.txt", b"x" * 1_000_001, r"bad\.txt, line 1, is longer than 1,000,000", "Move the file"),
    ],
)
def test_a_damaged_file_stops_the_reading_and_spoils_nothing(
    ask: Ask, root: Path, name: str, content: bytes, what: str, to_do: str
) -> None:
    file = root / name
    file.write_bytes(content)
    ask(QUESTION).assert_refused(1, what, to_do)
    ask("index").assert_refused(1, what, to_do)
    file.unlink()
    assert ask(QUESTION).code == 0


def test_a_file_that_is_no_text_is_left_out_and_holds_nothing_up(ask: Ask, root: Path) -> None:
    with (root / "bad.txt").open("wb") as stream:
        stream.truncate(400_000_000)  # a hole: it takes no room on the disk
    assert "left out: 1 file; ask papers --left-out lists them 1 file: no text" in " ".join(ask("index").out.split())
    assert ask(QUESTION).code == 0


def test_a_file_name_with_an_escape_in_it_is_shown_without(ask: Ask, root: Path) -> None:
    (root / "bad\x1b]0;gone\x07\n.txt").write_bytes(b"x" * 1_000_001)
    outcome = ask(QUESTION)
    outcome.assert_refused(1, "is longer than", "Move the file")
    assert not CONTROL.search(outcome.err)


def test_papers_without_a_single_word(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "robots").mkdir()
    (tmp_path / "robots" / "robots.txt").write_text("🤖🤖 !!!\n", encoding="utf-8")
    outcome = ask("--corpus", tmp_path / "robots", "--index", tmp_path / "i", QUESTION)
    outcome.assert_refused(1, "No abstract found", "Put files with abstracts there")


# ---- the question


@pytest.mark.parametrize("question", ["", "   ", "\t\n", "\u3000\u2003"])
def test_an_empty_question(ask: Ask, question: str, still_answers: None) -> None:
    ask(question).assert_refused(2, "The question is empty", 'Ask one: ask "')
    ask("--json", stdin=question.encode()).assert_refused(2, "The question is empty", 'Ask one: ask "')


@pytest.mark.parametrize("length", [100_000, 3_000_000])
def test_an_endless_question(ask: Ask, length: int, still_answers: None) -> None:
    for outcome in (ask("why " * (length // 4)), ask(stdin=b"why " * (length // 4))):
        outcome.assert_refused(2, r"The question has [\d,]+ characters, more than 4,000", "Ask a shorter one")
        assert len(outcome.err) < 400


def test_the_longest_question_is_answered(ask: Ask, root: Path) -> None:
    assert ask((QUESTION + " ") * 150).code in (0, 3)


@pytest.mark.parametrize(
    "question",
    [
        "哪些论文使用了强化学习？",
        "ما هي الأوراق التي تستخدم التعلم المعزز؟",
        "どの論文が強化学習を使いますか",
        "1234567890",
        "'; drop table papers; -- %s {} [] \\",
        "[bold]which[/bold] [/nope]",
        "\u202egnp.exe",
    ],
)
def test_a_question_that_no_paper_answers(ask: Ask, root: Path, question: str) -> None:
    for style in ([], ["--json"], ["--markdown"]):
        outcome = ask(*style, question)
        assert outcome.code == 3, outcome
        assert outcome.err == "", outcome
        assert not CONTROL.search(outcome.out), outcome
        if style == ["--json"]:
            answer = json.loads(outcome.out)
            assert (answer["status"], answer["statements"], answer["question"]) == ("not_in_corpus", [], question)


@pytest.mark.parametrize("question", ["😀😀😀", "?!?!", "x" * 3000])
def test_what_holds_no_word_gets_help(ask: Ask, root: Path, question: str) -> None:
    for style in ([], ["--json"], ["--markdown"]):
        outcome = ask(*style, question)
        assert (outcome.code, outcome.err) == (0, ""), outcome
        assert "summarise paper" in outcome.out, outcome
    answer = ask("--json", question).json
    assert (answer["status"], answer["intent"], answer["statements"]) == ("answered", "help", [])


def test_a_question_with_control_characters(ask: Ask, root: Path) -> None:
    outcome = ask(stdin=b"What do\x00 cats\x1b[31m do at night?")
    assert outcome.code in (0, 3), outcome
    assert outcome.err == ""
    assert not CONTROL.search(outcome.out)


def test_a_question_that_is_not_utf8(ask: Ask, still_answers: None) -> None:
    # An argument that is not UTF-8 comes from the system with half characters in it.
    ask(b"caf\xe9?".decode(errors="surrogateescape")).assert_refused(2, "not UTF-8", "iconv")
    ask(stdin=b"caf\xe9?").assert_refused(2, "not UTF-8", "iconv")


# ---- the request


@pytest.mark.parametrize(
    ("arguments", "what", "to_do"),
    [
        (["--frobnicate", QUESTION], "No such option", "--help"),
        (["index", "--frobnicate"], "No such option", "ask index --help"),
        (["--top", "0", QUESTION], "--top", "--help"),
        (["--top", "many", QUESTION], "--top", "--help"),
        (["--json", "--markdown", QUESTION], "exclude each other", "one of them"),
        (["--output", "x.doc", QUESTION], "not clear from its name", ".ris"),
        (["--output", "no/x.ris", QUESTION], "There is no folder", "Make it"),
        (["--output", ".", QUESTION], "not clear from its name", ".ris"),
        (["--ris", "--output", ".", QUESTION], "is a folder", "Name a file"),
        (["--corpus"], "--corpus", "--help"),
        (["show"], "Missing argument", "ask show --help"),
        (["show", "unicorns"], "No paper is called “unicorns”", "ask papers"),
        (["show", "\x1b[31municorns\n\n"], "No paper is called", "ask papers"),
        (["show", ""], "fits 3 papers", "whole id"),
        (["--json", "papers"], "is a command", "ask papers"),
        (["abuot"], "“abuot” is no command", "ask about - or, as a question: ask"),
        (["dcotor"], "“dcotor” is no command", "ask doctor"),
    ],
)
def test_a_wrong_request(ask: Ask, arguments: list[str], what: str, to_do: str, still_answers: None) -> None:
    outcome = ask(*arguments)
    outcome.assert_refused(2, what, to_do)
    assert not CONTROL.search(outcome.err)


def test_a_traceback_only_with_debug(ask: Ask, root: Path) -> None:
    from askpapers.errors import UsageError

    with pytest.raises(UsageError):
        ask("show", "--debug", "unicorns")


# ---- the index


def test_the_index_of_another_embedder(ask: Ask, root: Path, folder: Path) -> None:
    build(folder, root, WordHash("another"), rebuild=True)
    name = (folder / "current").read_text(encoding="utf-8")
    for arguments in ([QUESTION], ["papers"], ["show", "cats"]):
        ask(*arguments).assert_refused(1, "made by the embedder another, not by all-MiniLM", "ask index --rebuild")
    assert ask("doctor").code == 1
    assert (folder / "current").read_text(encoding="utf-8") == name
    assert ask("index", "--rebuild").code == 0
    assert ask(QUESTION).code == 0


def test_an_index_of_another_format(ask: Ask, folder: Path) -> None:
    generation = current_generation(folder)
    assert generation
    (generation / "manifest.json").write_text('{"format": 99}', encoding="utf-8")
    ask(QUESTION).assert_refused(1, "has format 99", "ask index --rebuild")
    ask("index").assert_refused(1, "has format 99", "ask index --rebuild")
    assert ask("doctor").code == 1
    assert ask("index", "--rebuild").code == 0
    assert ask(QUESTION).code == 0


@pytest.mark.parametrize(
    "part",
    [
        "manifest.json",
        "papers.db",
        "passages.npy",
        "vectors.f16",
        "lexicon.npz",
        "chroma/chroma.sqlite3",
        "words/vocab.index.json",
    ],
)
def test_a_damaged_index(ask: Ask, folder: Path, part: str) -> None:
    generation = current_generation(folder)
    assert generation
    (generation / part).write_bytes(b"\x00garbage\xff\n\n")
    ask(QUESTION).assert_refused(1, part, "ask index")
    doctor = ask("doctor", "--json")
    assert doctor.code == 1
    (check,) = (c for c in json.loads(doctor.out)["checks"] if c["name"] == "index")
    assert not check["ok"]
    assert part in check["found"]
    assert "ask index" in check["hint"]
    mended = ask("index", "--json")
    assert part in json.loads(mended.out)["mended"][0]
    assert ask(QUESTION).code == 0
    assert ask("doctor", "--deep").code == 0


def test_a_damaged_pointer(ask: Ask, folder: Path) -> None:
    (folder / "current").write_bytes(b"\x00garbage\xff\n\n")
    answered = ask(QUESTION)
    assert answered.code == 0
    assert "This answer is from the last good one" in " ".join(answered.out.split())
    assert ask("doctor").code == 1
    assert "mended: " in ask("index").out
    assert ask("doctor").code == 0
    assert "note" not in ask(QUESTION).out


def test_a_relative_path_of_an_index(ask: Ask, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert ask("--index", "index", QUESTION).code == 0
    assert ask("doctor", "--index", "index").code == 0


def test_a_file_in_the_place_of_an_index(ask: Ask, tmp_path: Path, still_answers: None) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    ask("--index", tmp_path / "file", QUESTION).assert_refused(1, "cannot be written", "Name a folder")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_folder_of_other_files_as_an_index(ask: Ask, root: Path, still_answers: None) -> None:
    ask("--index", root, QUESTION).assert_refused(1, "no index, and other files", "a new or an empty folder")
    assert [p.name for p in root.iterdir()] == ["papers.jsonl"]


def test_a_full_disk(ask: Ask, root: Path, still_answers: None) -> None:
    write_papers(root, {f"p{i}": f"Paper {i} is about w{i}." for i in range(40)}, "more.jsonl")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        outcome = ask("index")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    outcome.assert_refused(1, "No space left to write the index.*untouched", "Free some space")


# ---- what a terminal would act on

_ESCAPES = "\x1b[31mred\x1b]0;pwned\x07 \x9b2J \u202eback\u202c \x00\x08\x7f"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLM) -> Path:
    """A corpus that has escapes in all that a paper has, and in the names of its files; its index is beside it."""
    place = tmp_path_factory.mktemp("made") / "hostile"
    place.mkdir()
    fields = {
        "id": f"cats{_ESCAPES}",
        "title": f"Cats{_ESCAPES} at night",
        "abstract": f"Cats purr{_ESCAPES} at night because they are content. They sleep {_ESCAPES} all day.",
        "url": f"https://example.org/{_ESCAPES}",
        "authors": [f"Ann {_ESCAPES}"],
        "year": 2020,
    }
    (place / "a\x1b[31m.jsonl").write_text(json.dumps(fields) + "\n", encoding="utf-8")
    (place / "left\x1b[31m.out").write_text("?", encoding="utf-8")
    build(place.parent / "index", place, embedder)
    return place


@pytest.fixture
def at_hostile(hostile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That corpus, set in the environment with its index."""
    monkeypatch.setenv("ASK_CORPUS", str(hostile))
    monkeypatch.setenv("ASK_INDEX", str(hostile.parent / "index"))


WAYS_OUT = [
    [QUESTION],
    ["--markdown", QUESTION],
    ["--bibtex", QUESTION],
    ["which papers are about cats?"],
    ["--markdown", "which papers are about cats?"],
    ["what is the price of steel?"],
    ["--markdown", "what is the price of steel?"],
    ["papers"],
    ["show", "cats"],
    ["--json", QUESTION],
    ["--csv", "which papers are about cats?"],
    ["--ris", "which papers are about cats?"],
    ["--csl", QUESTION],
    ["papers", "--ris"],
    ["papers", "--markdown"],
    ["show", "cats", "--bibtex"],
    ["papers", "--json"],
    ["show", "cats", "--json"],
    ["index", "--rebuild"],
    ["index", "--rebuild", "--json"],
    ["doctor"],
    ["doctor", "--json"],
]


@pytest.mark.parametrize("arguments", WAYS_OUT, ids=" ".join)
def test_escapes_never_reach_the_terminal(ask: Ask, at_hostile: None, arguments: list[str]) -> None:
    outcome = ask(*arguments)
    assert outcome.code in (0, 3), outcome
    assert outcome.out
    assert not CONTROL.search(outcome.out + outcome.err), outcome
    if "--json" in arguments:
        json.loads(outcome.out)


def test_json_has_the_abstract_without_its_control_characters(ask: Ask, at_hostile: None) -> None:
    abstract = json.loads(ask("show", "cats", "--json").out)["abstract"]
    assert "\u202eback\u202c" in abstract
    assert not set("\x00\x07\x08\x1b\x7f") & set(abstract)


# ---- as a program


def _program(*arguments: str | Path, without_privilege: bool = False) -> subprocess.Popen[str]:
    command = [str(Path(sys.executable).with_name("ask")), *map(str, arguments)]
    if without_privilege and not os.geteuid():
        # root may write what it has no permission to, unless this is taken from it.
        if not shutil.which("setpriv"):
            pytest.skip("root writes anywhere, and there is no setpriv to stop it")
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all", *command]
    # Whoever runs the tests in the background has them ignore Ctrl-C, and a child inherits that.
    return subprocess.Popen(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=hear_control_c
    )


def _outcome(process: subprocess.Popen[str]) -> Outcome:
    out, err = process.communicate(timeout=120)
    return Outcome(process.returncode, out, err)


@pytest.fixture
def locked() -> Iterator[Callable[[Path, int], None]]:
    """Takes permissions away from a folder and all in it, and gives them back after the test."""
    changed: list[tuple[Path, int]] = []

    def change(place: Path, mode: int) -> None:
        for path in [*place.rglob("*"), place]:
            changed.append((path, path.stat().st_mode))
            path.chmod(mode if path.is_dir() else mode & 0o444)

    yield change
    for path, mode in reversed(changed):
        path.chmod(mode)


def test_a_folder_that_cannot_be_written(
    root: Path, folder: Path, locked: Callable[[Path, int], None], still_answers: None
) -> None:
    locked(folder, 0o555)
    outcome = _outcome(_program("index", "--rebuild", without_privilege=True))
    outcome.assert_refused(1, "cannot be written", "Name a folder that you can write")


def test_a_folder_that_cannot_be_read_is_left_out_and_said_to_be(
    root: Path, locked: Callable[[Path, int], None], still_answers: None
) -> None:
    (root / "sub").mkdir()
    locked(root / "sub", 0o000)
    outcome = _outcome(_program("index", without_privilege=True))
    assert outcome.code == 0, outcome
    assert "left out: 1 file" in outcome.out
    assert "Permission denied" in outcome.out


def test_a_reader_that_goes_away(root: Path) -> None:
    # More than a pipe holds, in a field that is not embedded.
    paper = {"id": "all", "abstract": "All of us.", "authors": [f"Author {i}" for i in range(10_000)]}
    (root / "more.jsonl").write_text(json.dumps(paper) + "\n", encoding="utf-8")
    process = _program("papers", "--json")
    assert process.stdout
    assert process.stdout.readline() == "{\n"
    process.stdout.close()
    assert process.stderr
    assert process.stderr.read() == ""
    process.stderr.close()
    assert process.wait(timeout=60) in (0, 1, -signal.SIGPIPE)


def test_control_c(seeds: Path, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    process = _program("--corpus", seeds, "--index", folder, QUESTION)
    while not list(folder.glob("*-*/vectors.f16")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    outcome = _outcome(process)
    assert outcome.code == 130, outcome
    assert outcome.out.strip() == outcome.err.strip() == "", outcome
    assert not (folder / "current").exists()


def test_a_terminal_that_has_few_characters(run_ask: Ask, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", terminal)
    assert run_ask(QUESTION).code == 0
    terminal.seek(0)
    assert "Cats purr at night" in terminal.read()
