"""The command line with a model: on a pipe, on a terminal, stopped, recorded, replayed, attacked."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from askpapers import cli
from askpapers.engine.models import LOCAL_EVIDENCE
from askpapers.index.embedder import MiniLM
from model_server import Asked, ModelServer, closed_port, fails, hangs, stops, writes, writes_for_ever
from terminal import Terminal

QUESTION = "how many problems are in GSM8K?"
SOUND = "GSM8K is a dataset of 8.5K math word problems."
KEY = "sk-secret-123"
ESCAPES = "\x1b]0;owned\x07\x1b[2J\x1b[31m\x9b1m\u202egnp.exe\u2066\u200f\x00\x08\x7f\r"
# What a terminal may act on; the line feed and, on a terminal, colours of our own are not among them.
ACTED_ON = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
OUR_COLOURS = re.compile(r"\x1b\[[\d;]*m")


@dataclass(frozen=True, slots=True)
class Run:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Place:
    """The environment that `ask` is run in: here, in this process, or in a terminal."""

    environment: dict[str, str]
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def ask(self, *arguments: str | Path, **environment: str) -> Run:
        """Run it in this process, its output in a pipe."""
        with self.monkeypatch.context() as patch:
            for name, value in {**self.environment, **environment}.items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            patch.setattr(sys, "argv", ["ask", *map(str, arguments)])
            self.capsys.readouterr()
            with pytest.raises(SystemExit) as stopped:
                cli.main()
        out, err = self.capsys.readouterr()
        code = stopped.value.code
        assert isinstance(code, int)
        return Run(code, out, err)

    def terminal(self, *arguments: str | Path) -> Terminal:
        """Run it in a terminal."""
        return Terminal(*arguments, folder=self.folder, environment=self.environment)


@pytest.fixture
def place(
    seeds: Path,
    seed_index_folder: Path,
    embedder: MiniLM,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Place:
    monkeypatch.setattr("askpapers.embedders.MiniLM", lambda: embedder)
    environment = {
        **os.environ,
        "ASK_CORPUS": str(seeds),
        "ASK_INDEX": str(seed_index_folder),
        "ASK_API_KEY": KEY,
    }
    return Place(environment, tmp_path, monkeypatch, capsys)


# ---- on a pipe


def test_an_answer_by_a_model(place: Place) -> None:
    with ModelServer(writes(f"{SOUND[:-1]} [1]. It is by cats [2].")) as server:
        run = place.ask("--llm", server.spec, QUESTION)
    assert (run.code, run.err) == (0, "")
    assert f"{SOUND} [1]" in " ".join(run.out.split())
    assert "“To diagnose the failures" in run.out
    assert "unsupported" in run.out
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in run.out + run.err


def test_json_says_what_made_it_and_what_it_cost(place: Place) -> None:
    with ModelServer(writes(f"{SOUND[:-1]} [1].")) as server:
        answer = place.ask("--llm", server.spec, "--json", QUESTION).json
    assert answer["schema"] == 1
    assert answer["engine"]["llm"] == server.spec
    assert re.fullmatch(r"[0-9a-f]{64}", answer["engine"]["prompts"])
    usage = answer["usage"]
    assert 0 < usage.pop("evidence_tokens") <= LOCAL_EVIDENCE
    assert usage == {"prompt_tokens": 321, "completion_tokens": 12, "cost_usd": None, "estimated": False}


def test_a_model_that_fails_leaves_an_answer_and_a_note(place: Place) -> None:
    url = f"http://127.0.0.1:{closed_port()}/v1"
    run = place.ask("--llm", f"{url}#m", QUESTION)
    assert run.code == 0
    assert "8.5K" in run.out
    said = " ".join((run.out + run.err).split())
    assert f"Nothing listens at {url}." in said
    assert "Traceback" not in said


def test_without_a_fallback_a_failure_is_two_lines(place: Place) -> None:
    with ModelServer(fails(401, "Incorrect API key provided: KEY.")) as server:
        run = place.ask("--llm", server.spec, "--no-fallback", QUESTION)
    assert (run.code, run.out) == (1, "")
    assert run.err.splitlines() == [
        f"ask: {server.url} does not accept the key (401).",
        "     Set the right one in ASK_API_KEY.",
    ]


def test_a_key_in_the_address_is_refused_and_not_said_again(place: Place) -> None:
    run = place.ask("--llm", f"http://me:{KEY}@127.0.0.1:1/v1#m", QUESTION)
    assert run.code == 2
    assert KEY not in run.out + run.err
    assert "ASK_API_KEY" in run.err


@pytest.mark.parametrize("spec", ["gpt-4", "openai/", "http://127.0.0.1:1/v1", "gguf:", "ftp://x#m", "http://[x#m"])
def test_a_name_that_is_no_model_is_wrong_usage(place: Place, spec: str) -> None:
    run = place.ask("--llm", spec, QUESTION)
    assert (run.code, run.out) == (2, "")
    assert len(run.err.splitlines()) == 2


# ---- recorded and replayed


def test_a_recording_is_replayed_without_the_server(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    with ModelServer(writes(f"{SOUND[:-1]} [1].")) as server:
        recorded = place.ask("--llm", server.spec, "--record", file, "--json", QUESTION).json
    run = place.ask("--llm", server.spec, "--replay", file, "--no-fallback", "--json", QUESTION)
    assert run.code == 0
    replayed = run.json
    assert {**replayed, "timings_ms": None} == {**recorded, "timings_ms": None}
    assert KEY not in file.read_text(encoding="utf-8")


def test_a_recording_knows_its_model(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    with ModelServer(writes(f"{SOUND[:-1]} [1].")) as server:
        recorded = place.ask("--llm", server.spec, "--record", file, "--json", QUESTION).json
    replayed = place.ask("--replay", file, "--json", QUESTION).json
    assert replayed["engine"]["llm"] == recorded["engine"]["llm"] == server.spec
    assert replayed["text"] == recorded["text"]


def test_without_a_model_nothing_is_recorded(place: Place, tmp_path: Path) -> None:
    run = place.ask("--record", tmp_path / "r.jsonl", QUESTION)
    assert run.code == 2
    assert "no model" in run.err
    assert not (tmp_path / "r.jsonl").exists()


def test_changed_prompts_fail_a_replay_with_1(place: Place, tmp_path: Path) -> None:
    file, prompts = tmp_path / "r.jsonl", tmp_path / "prompts"
    with ModelServer(writes(f"{SOUND[:-1]} [1].")) as server:
        place.ask("--llm", server.spec, "--record", file, QUESTION)
    shutil.copytree(Path(__file__).resolve().parents[1] / "prompts", prompts)
    answer = prompts / "answer.md"
    answer.write_text(answer.read_text(encoding="utf-8").replace("full sentences", "sentences"), encoding="utf-8")
    run = place.ask("--llm", server.spec, "--replay", file, QUESTION, ASK_PROMPTS=str(prompts))
    assert (run.code, run.out) == (1, "")
    assert "prompts/answer.md changed from" in run.err
    assert "--record" in run.err


def test_a_recording_that_is_none_is_said_so(place: Place, tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text("{}\n", encoding="utf-8")
    run = place.ask("--llm", "http://127.0.0.1:1/v1#m", "--replay", tmp_path / "r.jsonl", QUESTION)
    assert run.code == 1
    assert "cannot be replayed" in run.err
    both = place.ask("--llm", "http://127.0.0.1:1/v1#m", "--record", "a", "--replay", "b", QUESTION)
    assert both.code == 2


# ---- on a terminal


def text_on(shown: bytes) -> str:
    return shown.decode(errors="replace").replace("\r\n", "\n")


def check_terminal(shown: bytes) -> None:
    """The terminal is as it was: the cursor shown, no colour left on, no other screen."""
    assert shown.count(b"\x1b[?25l") <= shown.count(b"\x1b[?25h")
    assert shown.rfind(b"\x1b[?25l") <= shown.rfind(b"\x1b[?25h")
    assert b"\x1b[?1049h" not in shown
    colours = re.findall(rb"\x1b\[([\d;]*)m", shown)
    assert not colours or colours[-1] in (b"", b"0")


def test_an_answer_is_shown_while_it_is_written_and_taken_back_when_it_breaks_off(place: Place) -> None:
    void = "GSM8K was baked in an oven by a dozen of hungry cats [1]. And it was done so"
    text = f"{SOUND[:-1]} [1]. It was made by cats in 1850 [2]."
    with (
        ModelServer([stops(void), writes(text, size=9, pause=0.05)]) as server,
        place.terminal("--llm", server.spec, QUESTION) as run,
    ):
        run.wait_for("GSM8K is a")
        assert b"1850" not in run.shown
        assert run.end() == 0
    shown = " ".join(OUR_COLOURS.sub("", text_on(run.shown)).split())
    void_at, taken_back, good = (
        shown.index(x) for x in ("hungry cats", "begins again", "8.5K math word problems. [1]")
    )
    assert void_at < taken_back < good
    assert shown.count("It was made by cats in 1850.") == 1
    assert "“To diagnose the failures" in shown
    check_terminal(run.shown)


@pytest.mark.parametrize(
    ("script", "begun"),
    [
        (writes_for_ever(f"{SOUND[:-1]} [1]. ", pause=0.05), "GSM8K is"),
        (hangs(), "The model is reading"),
    ],
    ids=["while it writes", "while it is silent"],
)
def test_ctrl_c_stops_at_once_and_leaves_the_terminal_sane(place: Place, script: Any, begun: str) -> None:
    with ModelServer(script) as server, place.terminal("--llm", server.spec, QUESTION) as run:
        run.wait_for(begun)
        run.press("\x03")
        assert run.end(30) == 130  # it would wait for the server for longer
    assert b"Traceback" not in run.shown
    assert b"Error" not in run.shown
    check_terminal(run.shown)


# ---- what is not for a terminal does not reach it


def ill(asked: Asked) -> str:
    return (
        f"Yes {ESCAPES} and <b>so</b> on [1]. {SOUND[:-1]} {ESCAPES} [1, 99]. "
        f"\x1b[?25l\x1b[8mHidden\x1b]8;;http://evil\x07link\x1b]8;;\x07 [2]."
    )


@pytest.fixture
def ill_place(place: Place, tmp_path: Path) -> Place:
    """A corpus whose titles, ids, names and abstracts hold escapes."""
    paper = {
        "id": f"gsm{ESCAPES}",
        "title": f"On GSM8K {ESCAPES}",
        "authors": [f"A {ESCAPES} B"],
        "url": f"https://example.org/{ESCAPES}",
        "abstract": f"We introduce {ESCAPES} GSM8K, a dataset of 8.5K math word problems {ESCAPES}. It is large.",
    }
    (tmp_path / "papers.jsonl").write_text(json.dumps(paper), encoding="utf-8")
    corpus = {"ASK_CORPUS": str(tmp_path / "papers.jsonl"), "ASK_INDEX": str(tmp_path / "index")}
    return dataclasses.replace(place, environment={**place.environment, **corpus})


@pytest.mark.parametrize(
    "form", [[], ["--json"], ["--markdown"], ["--bibtex"], ["--csv"], ["--strict"], ["--no-color"]], ids=str
)
def test_no_control_character_of_a_model_or_a_paper_comes_out(ill_place: Place, form: list[str]) -> None:
    with ModelServer(writes(ill, size=3)) as server:
        run = ill_place.ask("--llm", server.spec, *form, QUESTION)
    assert run.code in (0, 3, 4), run.err
    assert run.out.strip()
    assert not ACTED_ON.findall(run.out + run.err)
    if form == ["--json"]:
        answer = run.json
        for citation in answer["citations"]:
            (paper,) = (p for p in answer["papers"] if p["id"] == citation["paper"])
            assert paper["abstract"][citation["start"] : citation["end"]] == citation["quote"]


def test_on_a_terminal_too(ill_place: Place) -> None:
    with ModelServer(writes(ill, size=3)) as server, ill_place.terminal("--llm", server.spec, QUESTION) as run:
        run.end()
    # The progress display before it moves the cursor; the answer begins where that is gone.
    answer = OUR_COLOURS.sub("", text_on(run.shown.rpartition(b"\x1b[?25h")[2]))
    assert "8.5K math word problems" in " ".join(answer.split())
    assert not ACTED_ON.findall(re.sub(r"^(?:\x1b\[\d*[A-K]|\r)+", "", answer)), answer
    check_terminal(run.shown.replace(b"\x1b[?25l\x1b[8mHidden", b""))


def test_an_error_that_a_server_fills_with_escapes(ill_place: Place) -> None:
    with ModelServer(fails(400, ESCAPES)) as server:
        run = ill_place.ask("--llm", server.spec, "--no-fallback", QUESTION)
    assert run.code == 1
    assert not ACTED_ON.findall(run.err)
