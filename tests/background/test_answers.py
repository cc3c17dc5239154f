"""The command line in the process in the background: the same bytes as in a process of its own, from an open corpus."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from askpapers.background.impersonation import as_client
from askpapers.background.protocol import Request, Stream
from askpapers.cli.answerer import CommandLine, OpenCorpora
from askpapers.engine import Corpus
from askpapers.errors import UsageError
from askpapers.index.build import refresh
from askpapers.index.embedder import MiniLM
from askpapers.progress import no_progress
from askpapers.settings import ModelSettings, Settings, load_settings
from command_line import Ask, Outcome
from model_server import ModelServer, writes

SURVEY, FACT, REFUSAL = (
    "which papers use RLHF?",
    "how many problems are in GSM8K?",
    "what BLEU on WMT14 English-German?",
)


@pytest.fixture
def restored(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `as_client` changes of the process is put back."""
    monkeypatch.chdir(Path.cwd())
    monkeypatch.setattr(os, "environ", os.environ)
    for name in ("ASK_LLM", "COLUMNS", "TERM"):
        monkeypatch.setenv(name, os.environ.get(name, ""))


Warm = Callable[..., Outcome]


@pytest.fixture
def answerer() -> Iterator[CommandLine]:
    found = CommandLine()
    yield found
    found.close()


@pytest.fixture
def warm(run_ask: Ask, answerer: CommandLine, restored: None) -> Warm:
    """Run a command line as the process in the background does, from this folder."""

    def run(*arguments: str | Path, stdin: str = "", at_terminal: bool = False) -> Outcome:
        written: dict[int, list[bytes]] = {1: [], 2: []}
        folder = str(Path.cwd())
        here = Path(folder).stat()
        streams = [Stream(False, "utf-8", "strict"), Stream(at_terminal, "utf-8", "strict", at_terminal)]
        streams.append(Stream(False, "utf-8", "backslashreplace", True))
        sent = {name: os.environ[name] for name in os.environ if name.startswith(("ASK_", "XDG_", "TERM", "COLUMNS"))}
        sent |= {"HOME": os.environ["HOME"], "LINES": "24"}
        request = Request(
            *("", [], [str(argument) for argument in arguments], folder, [here.st_dev, here.st_ino], 0o22),
            *(sent, {}, "", {}, stdin, streams),
        )
        with as_client(request, lambda number, content: written[number].append(content)):
            code = answerer.run()
        os.chdir(folder)
        out, err = (b"".join(written[number]).decode() for number in (1, 2))
        return Outcome(code, out, err)

    return run


def without_timings(outcome: Outcome) -> Outcome:
    return Outcome(outcome.code, re.sub(r'"timings_ms": \{[^}]*\}', '"timings_ms": {}', outcome.out), outcome.err)


def test_both_ways_give_the_same_bytes(run_ask: Ask, warm: Warm, seeds: Path, seed_index_folder: Path) -> None:
    place = ("--corpus", seeds, "--index", seed_index_folder)
    command_lines: list[tuple[str | Path, ...]] = [
        *(("--json", question, *place) for question in (SURVEY, FACT, REFUSAL)),
        ("--markdown", SURVEY, "--top", "2", "--year", "2022..", *place),
        ("--strict", FACT, *place),
        (REFUSAL, *place),
        ("what is this corpus about?", *place),
        ("--bibtex", FACT, *place),
        ("--json", "   ", *place),
        ("search", *place),
        (FACT, "--top", "x", *place),
        (FACT, "--as", "table"),
        (FACT, "--corpus", "nowhere"),
        ("--json", FACT, "--llm", "nonsense", *place),
        ("--json", "--corpus", seeds, "papers"),
    ]
    for arguments in command_lines:
        assert without_timings(warm(*arguments)) == without_timings(run_ask(*arguments)), arguments
    assert without_timings(warm("--json", *place, stdin=FACT)) == without_timings(run_ask("--json", *place, stdin=FACT))


def test_a_conversation_goes_on_from_one_way_to_the_other(
    run_ask: Ask, warm: Warm, seeds: Path, seed_index_folder: Path
) -> None:
    place = ("--corpus", seeds, "--index", seed_index_folder)
    seen = []
    for first, second in ((warm, run_ask), (run_ask, warm)):
        first(FACT, *place)
        seen.append(second("-c", "how large is it?", *place))
    assert seen[0] == seen[1]
    assert "Continues after" in seen[0].err


def test_a_models_words_are_written_as_they_come(warm: Warm, seeds: Path, seed_index_folder: Path) -> None:
    place = ("--corpus", seeds, "--index", seed_index_folder)
    with ModelServer(writes("GSM8K has 8.5K problems [1].")) as server:
        shown = warm(FACT, *place, "--llm", server.spec, at_terminal=True)
        assert (shown.code, len(server.asked)) == (0, 1)
        assert "GSM8K has 8.5K problems" in shown.out
        assert warm(FACT, *place, at_terminal=True).out != shown.out


def test_a_program_fault_is_a_traceback_for_the_client(warm: Warm, monkeypatch: pytest.MonkeyPatch) -> None:
    module = sys.modules["askpapers.cli.question"]  # the package has the command under this name
    monkeypatch.setattr(module, "load_settings", lambda *_, **__: 1 / 0)
    got = warm(FACT)
    assert got.code == 1
    assert got.err.startswith("Traceback")
    assert "ZeroDivisionError" in got.err


def test_it_is_not_wanted_where_a_file_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert CommandLine().refusal() == ""
    Path("ask.toml").write_text("server = false")
    assert CommandLine().refusal()
    Path("ask.toml").write_text("server = 1")  # the question says what is wrong
    assert CommandLine().refusal() == ""


class Opened:
    """A small corpus, and its openings."""

    def __init__(self, folder: Path, embedder: MiniLM) -> None:
        self.files, self.index, self.embedder = folder / "papers", folder / "index", embedder
        self.files.mkdir()
        self.write("a.txt", "Kilns are hot. We fire pots in them.")
        self.build()
        self.corpora = OpenCorpora(most=2)

    def write(self, name: str, text: str) -> None:
        (self.files / name).write_text(text)

    def build(self) -> None:
        refresh(self.index, [self.files], self.embedder, no_progress)

    def settings(self, **model: str) -> Settings:
        return Settings((self.files,), self.index, "a test", "a test", ModelSettings(**model))  # type: ignore[arg-type]

    def open(self, settings: Settings | None = None) -> Corpus:
        with self.corpora.open(settings or self.settings(), no_progress) as corpus:
            assert corpus.ask("are kilns hot?", llm="none").text
            self.papers = len(corpus.papers())
            return corpus


@pytest.fixture
def opened(tmp_path: Path, embedder: MiniLM, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setattr("askpapers.embedders.MiniLM", lambda: embedder)
    made = Opened(tmp_path, embedder)
    yield made
    made.corpora.close()


def test_a_corpus_stays_open_for_the_same_settings(opened: Opened) -> None:
    first = opened.open()
    assert opened.open() is first
    assert opened.open(opened.settings(spec="ollama/m", spec_from="--llm")) is not first
    assert opened.open() is first
    with pytest.raises(UsageError), opened.corpora.open(opened.settings(), no_progress):
        raise UsageError("wrong", hint="right")
    assert opened.open() is first
    assert len(opened.corpora) == 2


def test_changed_files_and_a_new_index_are_opened_anew(opened: Opened) -> None:
    first = opened.open()
    opened.write("b.txt", "Glazes are of glass.")
    assert (opened.open() is not first, opened.papers) == (True, 2)
    second = opened.open()
    opened.write("c.txt", "Clay is dug from rivers.")
    opened.build()
    assert (opened.open() is not second, opened.papers) == (True, 3)


def test_a_question_that_was_interrupted_leaves_nothing_open(opened: Opened) -> None:
    first = opened.open()
    with pytest.raises(KeyboardInterrupt), opened.corpora.open(opened.settings(), no_progress):
        raise KeyboardInterrupt
    assert len(opened.corpora) == 0
    assert opened.open() is not first


def test_no_more_are_open_than_there_may_be(opened: Opened) -> None:
    for name in ("ollama/a", "ollama/b", "ollama/c"):
        opened.open(opened.settings(spec=name))
    assert len(opened.corpora) == 2


def test_an_index_that_was_replaced_or_removed_is_let_go(opened: Opened) -> None:
    opened.open()
    assert opened.corpora.drop_outdated()
    assert len(opened.corpora) == 1
    opened.write("b.txt", "Glazes are of glass.")
    opened.build()
    assert opened.corpora.drop_outdated()
    assert len(opened.corpora) == 0
    opened.open()
    shutil.rmtree(opened.index)
    assert not opened.corpora.drop_outdated()
    assert len(opened.corpora) == 0


def test_the_same_relative_path_in_two_folders_is_two_corpora(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    for name in ("one", "two"):
        (tmp_path / name / "papers").mkdir(parents=True)
        (tmp_path / name / "papers" / "a.txt").write_text(f"Kilns are hot in place {name}.")
        monkeypatch.chdir(tmp_path / name)
        for _ in range(2):
            with opened.corpora.open(load_settings(["papers"], "index"), no_progress) as corpus:
                seen.append(corpus.papers()[0].abstract)
    assert [text.split()[-1] for text in seen] == ["one.", "one.", "two.", "two."]


def test_edited_prompts_are_read(opened: Opened, tmp_path: Path) -> None:
    prompts = tmp_path / "prompts"
    shutil.copytree(Path(__file__).parents[2] / "prompts", prompts)
    settings = Settings((opened.files,), opened.index, "a test", "a test", ModelSettings(prompts=prompts))
    first = opened.open(settings)
    assert opened.open(settings) is first
    changed = prompts / "answer.md"
    changed.write_text(changed.read_text() + "\nAnswer briefly.")
    assert opened.open(settings) is not first
