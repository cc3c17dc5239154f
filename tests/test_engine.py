"""The one path that every question takes, from Python: opening, asking, the contract, LlamaIndex, a rebuilt index."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer

from askpapers import Answer, open_corpus
from askpapers.contract import answer_dict
from askpapers.coverage import Coverage, LeftOut
from askpapers.datatypes import Filter, Status
from askpapers.engine import LONGEST_QUESTION, Corpus
from askpapers.errors import IndexMismatchError, UsageError
from askpapers.events import Finished, SentenceChecked
from askpapers.index.embedder import MiniLM
from fakes import WordHash, build, write_papers

ASKED = {
    "survey": "which papers use RLHF?",
    "count": "how many papers use reinforcement learning?",
    "extractive": "how many problems are in GSM8K?",
    "comparison": "compare Performers and BERT",
    "refusal": "what is the capital of France?",
    "refused survey": "papers on quantum computing",
    "help": "help",
}


@pytest.fixture(scope="module")
def answers(corpus: Corpus) -> dict[str, Answer]:
    return {kind: corpus.ask(question) for kind, question in ASKED.items()}


# ---- the contract of DESIGN.md


NUMBER = (int, float)
SOURCE = {"file": str, "line": int}
QUOTE = {"paper": str, "quote": str, "start": int, "end": int, "source": SOURCE}
CONTRACT: dict[str, Any] = {
    "schema": {1},
    "question": str,
    "searched": (str, None),
    "intent": {"survey", "count", "comparison", "definition", "quantity", "yes_no", "open", "help"},
    "status": {"answered", "not_in_corpus"},
    "text": str,
    "statements": [
        {
            "text": str,
            "citations": [int],
            "verdict": {"supported", "partial", "unsupported"},
            "support": NUMBER,
            "missing": [str],
            "repaired": bool,
        }
    ],
    "withheld": [{"text": str}],
    "citations": [{"number": int, **QUOTE}],
    "papers": [
        {
            "id": str,
            "title": str,
            "year": (int, None),
            "authors": [str],
            "url": (str, None),
            "abstract": str,
            **dict.fromkeys(("type", "venue", "publisher", "volume", "issue", "pages", "date", "doi"), (str, None)),
            **dict.fromkeys(("arxiv", "pmid", "key", "language", "notice", "notice_details"), (str, None)),
            **{name: [str] for name in ("aliases", "categories", "tags")},
            "people": [{"family": str, "given": str}],
            "editors": [{"family": str, "given": str}],
            "extra": [[str]],
            "verdict": {"match", "mention", None},
            "stance": {"yes", "no", "mixed", None},
            "confidence": (NUMBER, None),
            "citations": [int],
        }
    ],
    "coverage": (
        {
            "checked": int,
            "total": int,
            "left_out": {field.name: int for field in fields(LeftOut)},
            "since": (int, None),
            "until": (int, None),
            "named": str,
            "text": str,
            "read_by_model": (int, None),
        },
        None,
    ),
    "comparison": (
        {
            "sides": [str],
            "missing": [str],
            "rows": [{"tells": {"asked", "what", "how", "result"}, "citations": [(int, None)]}],
            "shared": [str],
        },
        None,
    ),
    "closest": [{**QUOTE, "title": str, "why": str}],
    "notes": [str],
    "suggestions": [str],
    "engine": {"synthesizer": str, "llm": (str, None), "embedder": str, "prompts": (str, None), "index": str},
    "usage": {
        "prompt_tokens": int,
        "completion_tokens": int,
        "cost_usd": (int, float, None),
        "estimated": bool,
        "evidence_tokens": int,
    },
}


def assert_fits(value: Any, shape: Any, place: str = "") -> None:
    """Whether a value has a shape: a type, None, a set of values, a tuple of shapes, a list of one, or keys."""
    match shape:
        case tuple():
            fits = [s for s in shape if (value is None) == (s is None) and (not isinstance(s, dict) or value)]
            assert fits, (place, value)
            if value is not None and isinstance(fits[0], type):
                assert type(value) in fits, (place, value)
            elif value is not None:
                assert_fits(value, fits[0], place)
        case set():
            assert value in shape, (place, value)
        case [inner]:
            assert isinstance(value, list), (place, value)
            for position, element in enumerate(value):
                assert_fits(element, inner, f"{place}[{position}]")
        case dict():
            assert isinstance(value, dict), (place, value)
            assert set(value) == set(shape), place
            for key, inner in shape.items():
                assert_fits(value[key], inner, f"{place}.{key}")
        case _:
            assert type(value) is shape, (place, value)


@pytest.mark.parametrize("kind", ASKED)
def test_the_json_object_is_that_of_the_contract(answers: Mapping[str, Answer], kind: str) -> None:
    found = answer_dict(answers[kind])
    assert json.loads(json.dumps(found)) == found
    timings = found.pop("timings_ms")
    assert_fits(found, CONTRACT)
    assert timings or kind == "help"
    assert all(isinstance(name, str) and isinstance(ms, float) and ms >= 0 for name, ms in timings.items())


@pytest.mark.parametrize("kind", ASKED)
def test_what_stands_in_it(answers: Mapping[str, Answer], kind: str) -> None:
    found = answer_dict(answers[kind])
    assert found["question"] == ASKED[kind]
    abstract_of = {paper["id"]: paper["abstract"] for paper in found["papers"]}
    for citation in found["citations"]:
        assert abstract_of[citation["paper"]][citation["start"] : citation["end"]] == citation["quote"]
    assert all(0 <= statement["support"] <= 1 for statement in found["statements"])
    assert found["engine"]["llm"] is found["engine"]["prompts"] is None
    assert found["usage"] == {
        "prompt_tokens": 0,
        "completion_tokens": 0,
        "cost_usd": None,
        "estimated": False,
        "evidence_tokens": 0,
    }


def test_each_kind_takes_its_way(answers: Mapping[str, Answer]) -> None:
    assert {kind: a.engine.synthesizer for kind, a in answers.items()} == {
        "survey": "survey",
        "count": "survey",
        "extractive": "extractive",
        "comparison": "comparison",
        "refusal": "extractive",
        "refused survey": "survey",
        "help": "guidance",
    }
    assert set(answers["extractive"].timings_ms) == {"retrieval", "synthesis", "grounding"}
    assert set(answers["survey"].timings_ms) == {"survey", "grounding"}
    assert set(answers["comparison"].timings_ms) == {"comparison", "grounding"}


def test_an_answer_says_what_made_it(corpus: Corpus, answers: Mapping[str, Answer]) -> None:
    for answer in answers.values():
        assert answer.engine.index == corpus.index.manifest.index
        assert answer.engine.embedder == corpus.embedder.name


def test_the_same_question_has_the_same_answer(corpus: Corpus, answers: Mapping[str, Answer]) -> None:
    for kind, question in ASKED.items():
        again, before = answer_dict(corpus.ask(question)), answer_dict(answers[kind])
        del again["timings_ms"], before["timings_ms"]
        assert again == before


# ---- asking


@pytest.mark.parametrize("question", ["", "  ", "\n\t", "\u3000"])
def test_an_empty_question(corpus: Corpus, question: str) -> None:
    with pytest.raises(UsageError, match="question is empty") as error:
        corpus.ask(question)
    assert error.value.hint


def test_an_endless_question(corpus: Corpus) -> None:
    with pytest.raises(UsageError, match=r"4,001 characters, more than 4,000"):
        corpus.ask("x" * (LONGEST_QUESTION + 1))
    assert corpus.ask("x" * LONGEST_QUESTION).statements == ()


def test_white_space_around_a_question_says_nothing(corpus: Corpus, answers: Mapping[str, Answer]) -> None:
    answer = corpus.ask("  which  papers\n use RLHF? ")
    assert answer.question == ASKED["survey"]
    assert answer.papers == answers["survey"].papers


@pytest.mark.parametrize(("way", "synthesizer"), [("answer", "extractive"), ("survey", "survey")])
def test_the_way_can_be_given(corpus: Corpus, way: str, synthesizer: str) -> None:
    answer = corpus.ask("human feedback", way)
    assert answer.engine.synthesizer == synthesizer
    assert bool(answer.coverage) == (way == "survey")


def test_a_comparison_can_be_asked_for(corpus: Corpus) -> None:
    assert corpus.ask("Performers versus area attention", "compare").comparison
    assert corpus.ask("Performers versus area attention", "answer").comparison is None
    with pytest.raises(ValueError, match="guess"):
        corpus.ask("Performers", "guess")


def test_progress_of_a_survey_is_told(corpus: Corpus) -> None:
    told: list[tuple[str, int, int | None]] = []
    corpus.ask("which papers use RLHF?", progress=lambda *so_far: told.append(so_far))
    assert {stage for stage, _, _ in told} == {"Comparing sentences", "Looking at papers", "Reading papers"}


# ---- opening


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return write_papers(tmp_path / "corpus", {"cats": "Cats purr at night.", "dogs": "Dogs bark at strangers."})


@pytest.fixture
def _one_embedder(monkeypatch: pytest.MonkeyPatch, embedder: MiniLM) -> None:
    monkeypatch.setattr("askpapers.embedders.MiniLM", lambda: embedder)


@pytest.mark.usefixtures("_one_embedder")
def test_open_corpus_builds_and_then_follows_the_files(small: Path, tmp_path: Path) -> None:
    stages: list[str] = []
    opened = open_corpus(small, index=tmp_path / "index", progress=lambda stage, done, total: stages.append(stage))
    assert [paper.id for paper in opened.papers()] == ["cats", "dogs"]
    assert stages
    opened.close()
    stages.clear()
    open_corpus(small, index=tmp_path / "index", progress=lambda stage, done, total: stages.append(stage)).close()
    assert stages == []  # it was fresh
    write_papers(small, {"fish": "Fish swim in schools."}, "more.jsonl")
    opened = open_corpus(str(small), index=str(tmp_path / "index"))
    assert {paper.id for paper in opened.papers()} == {"cats", "dogs", "fish"}
    opened.close()


@pytest.mark.usefixtures("_one_embedder")
def test_open_corpus_finds_the_corpus_as_the_command_line_does(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASK_CORPUS", str(small))
    opened = open_corpus()
    assert len(opened.papers()) == 2
    opened.close()
    assert not (tmp_path / "index").exists()


def test_a_folder_without_an_index(tmp_path: Path, embedder: MiniLM) -> None:
    with pytest.raises(UsageError, match="no index") as error:
        Corpus(tmp_path, embedder)
    assert "ask index" in error.value.hint


def test_the_index_of_another_embedder(seed_index_folder: Path) -> None:
    with pytest.raises(IndexMismatchError):
        Corpus(seed_index_folder, WordHash())


# ---- an index that is rebuilt meanwhile


@pytest.fixture
def rebuilt(small: Path, tmp_path: Path, embedder: MiniLM) -> Iterator[Corpus]:
    build(tmp_path / "index", small, embedder)
    opened = Corpus(tmp_path / "index", embedder)
    yield opened
    opened.close()


REBUILD = """
import sys
from pathlib import Path
from askpapers.index.build import refresh
from askpapers.index.embedder import MiniLM
refresh(Path(sys.argv[1]), [Path(sys.argv[2])], MiniLM(), lambda stage, done, total: None)
"""


def test_an_index_that_was_rebuilt_by_another_embedder_asks_for_a_new_start(
    rebuilt: Corpus, small: Path, tmp_path: Path
) -> None:
    build(tmp_path / "index", small, WordHash(), rebuild=True)
    for _ in range(2):
        with pytest.raises(IndexMismatchError, match="made by the embedder word-hash") as error:
            rebuilt.ask("which papers are about penguins?")
        assert "start this program anew" in error.value.hint


def test_an_index_that_another_process_rebuilt_is_noticed(rebuilt: Corpus, small: Path, tmp_path: Path) -> None:
    before = rebuilt.ask("which papers are about penguins?")
    write_papers(small, {"birds": "Penguins huddle in the cold."}, "more.jsonl")
    subprocess.run([sys.executable, "-c", REBUILD, tmp_path / "index", small], check=True)
    retriever = rebuilt.retriever()
    after = rebuilt.ask("which papers are about penguins?")
    assert (before.status, after.status) == ("not_in_corpus", "answered")
    assert [p.paper.id for p in after.papers] == ["birds"]
    assert before.engine.index != after.engine.index
    assert "birds" in {node.metadata["paper"] for node in retriever.retrieve("penguins")}


def test_every_new_generation_is_opened_and_old_ones_are_let_go(
    rebuilt: Corpus, small: Path, tmp_path: Path, embedder: MiniLM
) -> None:
    seen = [rebuilt.index]
    for number in range(3):
        write_papers(small, {f"n{number}": f"A study of number {number}."}, f"{number}.jsonl")
        build(tmp_path / "index", small, embedder)
        assert len(rebuilt.papers()) == 3 + number
        seen.append(rebuilt.index)
    assert len(set(map(id, seen))) == 4
    assert rebuilt.index is seen[-1]
    assert len(seen[-2].papers) == 4  # a question that is under way may still read it


def test_an_index_that_is_gone_is_said_so(rebuilt: Corpus, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "index")
    with pytest.raises(UsageError, match="no index"):
        rebuilt.ask("what do cats do?")


# ---- LlamaIndex


def test_the_query_engine(corpus: Corpus, answers: Mapping[str, Answer]) -> None:
    engine = corpus.query_engine()
    assert isinstance(engine, BaseQueryEngine)
    for kind, question in ASKED.items():
        response = engine.query(question)
        assert isinstance(response, Response)
        assert response.metadata is not None
        found, expected = response.metadata["answer"], answer_dict(answers[kind])
        del found["timings_ms"], expected["timings_ms"]
        assert found == expected
        assert response.response == (answers[kind].text or "Not in this corpus.")
        assert [node.text for node in response.source_nodes] == [c.quote.text for c in answers[kind].citations]


def test_the_query_engine_without_waiting(corpus: Corpus, answers: Mapping[str, Answer]) -> None:
    response = asyncio.run(corpus.query_engine().aquery(ASKED["extractive"]))
    assert str(response) == answers["extractive"].text


def test_the_engine_refuses_an_empty_question(corpus: Corpus) -> None:
    with pytest.raises(UsageError):
        corpus.query_engine().query(" ")


def test_the_retriever_in_an_engine_of_llama_index(corpus: Corpus) -> None:
    synthesizer = get_response_synthesizer(llm=MockLLM(max_tokens=5), response_mode=ResponseMode.COMPACT)
    engine = RetrieverQueryEngine(corpus.retriever(), synthesizer)
    response = engine.query("how many problems are in GSM8K?")
    assert str(response).split() == ["text"] * 5  # what the mock model says
    assert response.source_nodes[0].metadata["paper"] == "2110.14168"


def test_a_stream_says_each_statement_and_ends_with_the_answer(corpus: Corpus) -> None:
    events = list(corpus.stream("which papers use RLHF?"))
    finished = events[-1]
    assert isinstance(finished, Finished)
    said = [event for event in events[:-1] if isinstance(event, SentenceChecked)]
    assert len(said) == len(events) - 1
    assert tuple(s.statement for s in said) == finished.answer.statements
    assert all(s.citations and {c.quote.paper for c in s.citations} == {p.id for p in s.papers} for s in said)


@pytest.mark.parametrize("question", ["which papers use RLHF?", "how many problems are in GSM8K?"])
def test_a_filter_restricts_what_is_looked_at(corpus: Corpus, question: str) -> None:
    everything = corpus.ask(question)
    first = everything.papers[0].paper
    others = frozenset(p.id for p in corpus.papers() if p.id != first.id)
    without = corpus.ask(question, within=Filter(others))
    assert first.id not in {p.paper.id for p in without.papers} | {m.quote.paper for m in without.closest}
    alone = corpus.ask(question, within=Filter(frozenset({first.id})))
    assert [p.paper.id for p in alone.papers] == [first.id]
    if alone.coverage:
        assert alone.coverage == Coverage(1, 34, LeftOut(not_chosen=33))


def test_a_question_of_fact_says_what_a_filter_leaves_out(corpus: Corpus) -> None:
    refused = corpus.ask("how many problems are in GSM8K?", within=Filter(since=2023))
    assert refused.status is Status.NOT_IN_CORPUS
    assert any(note.startswith("Looked for in ") and note.endswith(" older left out.") for note in refused.notes)


@pytest.mark.parametrize("question", ["how many problems are in GSM8K {}?", "{}, what is GSM8K and how large is it?"])
def test_the_years_of_a_question_of_fact_bound_it_as_a_filter_does(corpus: Corpus, question: str) -> None:
    found = corpus.ask(question.format("in 2021"))
    assert found.status is Status.ANSWERED
    assert {p.paper.year for p in found.papers} == {2021}
    assert found.notes[-1].startswith("Looked for in 9 papers of 2021: ")
    refused = corpus.ask(question.format("since 2023"))
    assert refused.status is Status.NOT_IN_CORPUS
    assert refused.notes[-1].startswith("Looked for in 8 papers since 2023: ")
    assert not any("2023" in miss.why for miss in refused.closest)


def test_a_refusal_for_the_years_names_what_other_years_say(corpus: Corpus) -> None:
    refused = corpus.ask("how many problems are in GSM8K since 2023?")
    assert (refused.closest[0].quote.paper, refused.closest[0].why) == (
        "2110.14168",
        "this paper is of 2021, outside of the years asked for",
    )


def test_a_filter_that_admits_no_paper_answers_nothing(corpus: Corpus) -> None:
    for question in ("which papers use RLHF?", "how many hours of audio?", "compare CLIP and Whisper"):
        assert corpus.ask(question, within=Filter(since=2990)).status is Status.NOT_IN_CORPUS
