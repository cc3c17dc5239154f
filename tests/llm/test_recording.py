"""Forty questions answered from the recorded traffic of a real small model, so that a change of a parser shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from askpapers.contract import answer_dict
from askpapers.corpus import read_corpus
from askpapers.engine import Corpus
from askpapers.errors import ReplayError
from askpapers.evaluation.gates import judge, read_gates
from askpapers.evaluation.runs import Run, corpus_system, run_suite
from askpapers.evaluation.suites import read_suite
from askpapers.grounding.checks import open_check
from askpapers.index.embedder import MiniLM
from askpapers.settings import ModelSettings, Traffic

FOLDER = Path(__file__).parents[2] / "eval" / "recordings"
RECORDING = FOLDER / "qwen2.5-coder-1.5b-instruct.jsonl"
RECORDINGS = {"twenty": RECORDING, "more": FOLDER / "more-qwen2.5-coder-1.5b-instruct.jsonl"}
SPEC = "http://127.0.0.1:8391/v1#qwen2.5-coder-1.5b-instruct"
Replay = Callable[..., Run]
# The sentences that a model is shown are chosen by cosines, whose last digits differ between kinds of processor.
RECORDED_DIGITS = "09e4d27d03b8683c"


def quiet(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


@pytest.fixture
def replay(seed_index_folder: Path, embedder: MiniLM) -> Iterator[Replay]:
    opened: list[Corpus] = []

    def run(name: str, prompts: Path | None = None) -> Run:
        settings = ModelSettings(SPEC, prompts=prompts, traffic=Traffic(replay=RECORDINGS[name]), fallback=False)
        opened.append(corpus := Corpus(seed_index_folder, embedder, settings))
        system = corpus_system(lambda question, before: answer_dict(corpus.ask(question, history=before)), None)
        papers = {paper.id: paper for paper in corpus.papers()}
        return run_suite(read_suite(FOLDER / f"{name}.jsonl"), system, papers, open_check("fitted", embedder), quiet)

    yield run
    for corpus in opened:
        corpus.close()


def digits(embedder: MiniLM) -> str:
    """What tells one kind of processor from another: the embedder's digits on a few sentences."""
    vectors = embedder.embed(["Cats sleep.", "We train a model of 1.3B parameters.", "Which papers use RLHF?"])
    return hashlib.sha256(vectors.tobytes()).hexdigest()[:16]


@pytest.fixture(autouse=True)
def same_digits(embedder: MiniLM) -> None:
    if digits(embedder) != RECORDED_DIGITS:
        pytest.skip("the recording is of a processor whose last digits differ")


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_recorded_replies_give_answers_that_reach_their_gates(replay: Replay, name: str) -> None:
    run = replay(name)
    assert len(run.outcomes) == 20
    gates = read_gates(FOLDER / "gates.toml")[name]
    assert gates
    assert judge(run, gates, None).failed == ()


def test_a_changed_prompt_is_told_with_the_command_that_records_again(replay: Replay, tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[2] / "prompts" / "answer.md").read_text(encoding="utf-8")
    (tmp_path / "answer.md").write_text(shipped.replace("full sentences", "sentences"), encoding="utf-8")
    with pytest.raises(ReplayError) as caught:
        replay("twenty", tmp_path)
    assert "Question 1 of twenty (d088)" in str(caught.value)
    assert "prompts/answer.md changed from" in str(caught.value)
    assert caught.value.hint == f"Record it again: the same command with --llm {SPEC} --record {RECORDING}"


@pytest.mark.parametrize(
    ("file", "least", "of"),
    [
        ("sentences.jsonl", 150, None),
        ("held-back-sentences.jsonl", 40, None),
        ("held-back-second-sentences.jsonl", 10, None),
        ("held-back-medicine-sentences.jsonl", 10, "../medicine/papers.jsonl"),
        ("other-fields-sentences.jsonl", 30, "other-fields-papers.jsonl"),
        ("other-fields-held-back.jsonl", 30, "other-fields-papers.jsonl"),
    ],
)
def test_the_judged_sentences_are_sound(file: str, least: int, of: str | None, seeds: Path) -> None:
    """What benchmarks/written_sentences.py reads: papers of the corpus, and a judgement for each sentence."""
    papers = {paper.id for paper in read_corpus([FOLDER / of if of else seeds]).papers}
    questions = [json.loads(line) for line in (FOLDER / file).read_text(encoding="utf-8").splitlines()]
    sentences = [(question, sentence) for question in questions for sentence in question["sentences"]]
    assert len({question["id"] for question in questions}) == len(questions)
    assert len(sentences) >= least
    for question, sentence in sentences:
        assert sentence["true"] in ("yes", "partly", "no")
        assert sentence["text"]
        assert {*question["pool"], *sentence["cites"]} <= papers
        assert {*sentence["cites"]} <= {*question["pool"]}
