"""The parts behind the page: kept answers, exports, feedback, examples, places, work on a thread, the port."""

from __future__ import annotations

import base64
import csv
import dataclasses
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.answering.confidence import confidence_word
from askpapers.contract import answer_dict, read_turn, turn_of
from askpapers.datatypes import Answer, Paper, Relevance, Source
from askpapers.errors import AskPapersError, UsageError
from askpapers.evaluation.feedback import cases_of_feedback
from askpapers.export import KINDS, content_of
from askpapers.server.listening import address, listen, open_browser
from askpapers.service.corpus_service import BROKEN, CorpusService
from askpapers.service.feedback import feedback_file, store_feedback
from askpapers.service.public_paths import PublicPaths
from askpapers.service.questions import within
from askpapers.service.work import Progressed
from askpapers.service.workers import Workers
from askpapers.web.answers import turn
from askpapers.web.calls import PageCalls
from askpapers.web.messages import NOT_READ
from askpapers.web.papers import example_questions
from askpapers.web.rendering import verbatim
from askpapers.web.stored_turns import StoredTurn, parse_turn, serialize_turn, without_papers

QUESTIONS = {
    "answer": "how many problems are in GSM8K?",
    "survey": "which papers use RLHF?",
    "comparison": "compare GPT-4o and Codex",
    "refusal": "what BLEU on WMT14 English-German?",
    "overview": "what is this corpus about?",
    "records": "which papers are from 2021?",
}


@pytest.fixture(scope="module", params=QUESTIONS)
def answer(request: pytest.FixtureRequest, service: CorpusService) -> Answer:
    return service.paths.answer(service.corpus.ask(QUESTIONS[request.param]))


def test_a_stored_answer_comes_back_as_it_was(answer: Answer, service: CorpusService) -> None:
    sent = json.loads(json.dumps(serialize_turn(StoredTurn("t1", answer))))
    assert not any("abstract" in one["paper"] for one in sent["answer"]["papers"])
    assert read_turn(sent["turn"]) == turn_of(answer)
    back = parse_turn(sent, service.find)
    assert back.answer == answer


def test_a_stored_answer_outlives_its_papers(answer: Answer) -> None:
    back = parse_turn(json.loads(json.dumps(serialize_turn(StoredTurn("t1", answer)))), lambda paper: None).answer
    assert [p.paper.title for p in back.papers] == [p.paper.title for p in answer.papers]


def test_a_rejected_paper_leaves_what_is_counted_saved_and_asked_next_but_not_what_is_stored(
    answer: Answer, service: CorpusService
) -> None:
    calls = PageCalls(service, writable=False)
    record = json.loads(json.dumps(serialize_turn(StoredTurn("t1", answer))))
    assert record["rejected"] == []
    papers = [one["paper"]["id"] for one in record["answer"]["papers"]]
    for rejected in ([], papers[:1], papers[1:], papers):
        reviewed = calls.review({"turn": {**record, "rejected": rejected}})
        back = parse_turn(json.loads(json.dumps(reviewed["record"])), service.find)
        assert back.answer == answer
        if not answer.coverage or answer.is_guidance:  # no survey: nothing can be rejected
            assert back.reviewed == answer
            continue
        assert [p.paper.id for p in back.reviewed.papers] == [p for p in papers if p not in rejected]
        assert not set(reviewed["record"]["turn"]["papers"]) & set(rejected)
        assert ("rejected by you" in reviewed["html"]) == bool(rejected)
        assert reviewed["html"].count('class="rejected"') == len(rejected)
        for kind in KINDS.values():
            content = kind.bytes_of(content_of([back.reviewed]))
            assert kind.binary or all(paper.encode() not in content for paper in rejected)
        file = calls.export({"kind": "csv", "turns": [reviewed["record"]]})
        assert len([*csv.reader(io.StringIO(file["text"]))]) == 1 + len(papers) - len(rejected)


def test_a_survey_that_counts_says_the_count_without_what_was_rejected(service: CorpusService) -> None:
    answer = service.corpus.ask("how many papers use RLHF?")
    gone = [p.paper.id for p in answer.papers if p.relevance is Relevance.MATCH][:2]
    left = without_papers(answer, gone)
    matches = sum(p.relevance is Relevance.MATCH for p in left.papers)
    assert answer.text.startswith(f"{matches + 2} of 34 papers match")
    assert left.text.startswith(f"34 of 34 papers checked: {matches} match")
    assert "left out" in left.notes[-1]


def test_a_survey_says_how_sure_it_is_of_each_paper(service: CorpusService) -> None:
    answer = service.corpus.ask(QUESTIONS["survey"])
    shown = turn(StoredTurn("t1", answer))
    for found in answer.papers:
        assert found.confidence is not None
        word = confidence_word(found.confidence)
        assert (f">{word}<" in shown) == (word != "doubtful")  # that is said by "mention"
    matches = [p.confidence or 0.0 for p in answer.papers if p.relevance is Relevance.MATCH]
    assert matches == sorted(matches, reverse=True)
    decided = dataclasses.replace(answer, papers=tuple(dataclasses.replace(p, confidence=None) for p in answer.papers))
    assert "sureness" not in turn(StoredTurn("t1", decided))


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_chance_is_never_called_less_sure(one: float, other: float) -> None:
    words = ["doubtful", "unsure", "likely", "sure"]
    low, high = sorted((one, other))
    assert words.index(confidence_word(low)) <= words.index(confidence_word(high))


@pytest.mark.parametrize(
    ("call", "sent"),
    [
        ("source", None),
        ("source", {"paper": 3}),
        ("export", {"kind": "csv"}),
        ("cite", []),
        ("feedback", {"turn": {}}),
        ("table_file", {"papers": "all", "kind": "csv"}),
        ("similar", {}),
        ("remove_added", "x"),
    ],
)
def test_what_no_page_sends_is_refused_in_two_lines(call: str, sent: Any, service: CorpusService) -> None:
    told = getattr(PageCalls(service, writable=False), call)(sent)
    assert (told["error"], told["hint"]) == NOT_READ


def test_a_fault_of_ours_is_logged_and_told_as_one(
    service: CorpusService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(paper: str) -> Paper:
        raise RuntimeError("the fault")

    monkeypatch.setattr(service, "find", broken)
    answer = PageCalls(service, writable=False).answer("source", b'{"paper": "a"}')
    assert answer == {"error": BROKEN[0], "hint": BROKEN[1]}
    assert "RuntimeError: the fault" in caplog.text


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@pytest.fixture(scope="module")
def stored(service: CorpusService) -> str:
    """A stored turn as a browser has it."""
    return json.dumps(serialize_turn(StoredTurn("t1", service.corpus.ask(QUESTIONS["answer"]))))


@settings(max_examples=50)
@given(data=st.data())
def test_what_is_no_stored_answer_is_refused_and_nothing_else_happens(
    data: st.DataObject, stored: str, service: CorpusService
) -> None:
    sent: Any = json.loads(stored)
    parent, key = sent, "answer"
    for _ in range(data.draw(st.integers(0, 3))):
        inner = parent[key]
        if not isinstance(inner, dict | list) or not inner:
            break
        parent, key = inner, data.draw(st.sampled_from(list(inner) if isinstance(inner, dict) else range(len(inner))))
    parent[key] = data.draw(json_values)
    try:
        parse_turn(sent, service.find)
    except UsageError as error:
        assert error.hint


def test_exports_hold_what_is_cited_and_nothing_else(answer: Answer) -> None:
    text = str(KINDS["text"].write(content_of([answer])))
    assert answer.question in text
    for citation in answer.citations:
        assert " ".join(citation.quote.text.split()) in text
    twice = content_of([answer, answer])
    papers = {p.paper.id for p in answer.papers}
    assert str(KINDS["bibtex"].write(twice)).count("\n  title = ") == len(papers)
    assert str(KINDS["ris"].write(twice)).count("ER  - \n") == len(papers)
    assert str(KINDS["markdown"].write(twice)).count("\n---\n") == 1


def test_the_page_exports_every_kind_of_what_a_browser_kept(answer: Answer, service: CorpusService) -> None:
    calls = PageCalls(service, writable=False)
    turns = [json.loads(json.dumps(serialize_turn(StoredTurn("t1", answer))))]
    for name, kind in KINDS.items():
        file = calls.export({"kind": name, "turns": turns})
        assert file["name"].endswith(kind.endings[0])
        content = base64.b64decode(file["base64"]) if kind.binary else file["text"].encode()
        assert kind.binary or content == kind.bytes_of(content_of([parse_turn(turns[0], service.find).answer]))
    assert "no kind of export" in calls.export({"kind": "pdf", "turns": turns})["error"]
    assert "nothing to export" in calls.export({"kind": "ris", "turns": []})["error"]


def test_the_page_exports_a_paper(service: CorpusService) -> None:
    calls, paper = PageCalls(service, writable=False), next(iter(service.corpus.papers()))
    assert calls.cite({"kind": "ris", "paper": verbatim(paper.id)})["text"].count("TY  - ") == 1
    assert calls.cite({"kind": "bibtex", "paper": verbatim(paper.id)})["name"] == "paper.bib"
    assert "no longer" in calls.cite({"kind": "ris", "paper": "gone"})["error"]


def test_feedback_is_a_line_for_each_thumb(answer: Answer, tmp_path: Path) -> None:
    file = tmp_path / "data" / "seeds.jsonl"
    store_feedback(file, answer, "up", "")
    store_feedback(file, answer, "down", "No.\nReally \u202eno")
    first, second = (json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
    assert first["answer"] == answer_dict(answer)
    assert (second["thumb"], second["comment"]) == ("down", "No.\nReally \u202eno")
    for thumb, comment in (("sideways", ""), ("up", "a" * 3_000)):
        with pytest.raises(UsageError):
            store_feedback(file, answer, thumb, comment)
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


def test_a_comment_comes_after_its_thumb_and_is_the_same_judgement(answer: Answer, tmp_path: Path) -> None:
    file = tmp_path / "seeds.jsonl"
    for thumb, comment, name in (("up", "", "a"), ("down", "", "b"), ("down", "One is missing.", "b")):
        store_feedback(file, dataclasses.replace(answer, question=f"Question {name}?"), thumb, comment, name)
    cases, repeated = cases_of_feedback(file, [])
    assert repeated == 0
    assert [case.note for case in cases] == ["", "feedback: One is missing."]


def test_feedback_that_cannot_be_written_says_so(answer: Answer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AskPapersError, match="cannot be written"):
        store_feedback(tmp_path / "file" / "x.jsonl", answer, "up", "")


def test_feedback_lies_in_the_users_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert feedback_file([Path("my abstracts")]).name == "my-abstracts.jsonl"


def test_examples_are_questions_that_the_corpus_answers(service: CorpusService) -> None:
    questions = example_questions(service.overview(), service.find)
    assert len(questions) == 3
    for question in questions:
        assert service.corpus.ask(question).statements


def test_what_no_paper_has_in_its_words_is_looked_up_by_meaning(service: CorpusService) -> None:
    def found(**boxes: str) -> tuple[str, bool]:
        answer = PageCalls(service, writable=False).browse(boxes)
        return answer["html"], answer["more"]

    assert "nearest in meaning" not in found(words="math word problems")[0]
    near, more = found(words="sums that pupils learn at school")
    assert ("nearest in meaning" in near, more) == (True, False)
    assert "Training Verifiers" in near
    assert "No paper fits" in found(words="sums that pupils learn at school", tag="no such tag")[0]
    assert PageCalls(service, writable=False).browse({"since": "last year"})["error"] == "“last year” is no year."


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"paper": NaN}', b'"\\ud800"'])
def test_a_call_with_a_body_that_cannot_be_read_is_refused(body: bytes, service: CorpusService) -> None:
    calls = PageCalls(service, writable=False)
    told = calls.answer("source", body)
    assert told == {"error": NOT_READ[0], "hint": NOT_READ[1]}
    for name in ("_parsed", "service", "__init__", "nothing"):
        assert calls.answer(name, b"{}") is None


def test_places_hide_where_the_corpus_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    paths = PublicPaths([Path("a/corpus"), tmp_path / "b" / "one.txt"], tmp_path / "index-1")
    assert paths.name_of("a/corpus/sub/x.txt") == "corpus/sub/x.txt"
    assert paths.name_of(str(tmp_path / "a/corpus/x.txt")) == "corpus/x.txt"
    assert paths.name_of(str(tmp_path / "b/one.txt")) == "one.txt"
    assert paths.name_of("/somewhere/else/y.txt") == "y.txt"
    told = paths.redacted(f"{tmp_path}/a/corpus/x.txt, line 3; the index in {tmp_path}/index-1 is damaged.")
    assert told == "corpus/x.txt, line 3; the index in index-1 is damaged."
    paper = paths.shown(Paper("p", "t", "a", (Source(str(tmp_path / "a/corpus/x.txt"), 1),)))
    assert paper.sources == (Source("corpus/x.txt", 1),)


def test_years_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(UsageError, match="2020"):
        within((), 2020, 2010)


def test_work_tells_what_happens_and_how_it_ends() -> None:
    def stream(progress: Any) -> Iterator[int]:
        progress("Counting", 1, 2)
        yield 1
        raise UsageError("No more.", hint="Stop.")

    seen: list[Any] = []
    with pytest.raises(UsageError, match="No more"):
        for happened in Workers(1, 1).start(stream, "x"):
            seen += happened
    assert seen == [Progressed("Counting", 1, 2), 1]


@pytest.mark.parametrize("way", ["yields", "progress"])
def test_work_ends_when_it_is_closed(way: str) -> None:
    ended = threading.Event()

    def stream(progress: Any) -> Iterator[int]:
        try:
            while True:
                if way == "yields":
                    yield 1
                else:
                    progress("On", 0, None)
                time.sleep(0.001)
        finally:
            ended.set()

    work = Workers(1, 1).start(stream, "x")
    assert work.next()
    work.close()
    assert ended.wait(2)


def test_the_next_free_port_is_taken_unless_one_is_asked_for() -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AskPapersError, match=str(port)):
            listen("127.0.0.1", port)
    with listen("127.0.0.1", None) as first, listen("127.0.0.1", None) as second:
        assert second.getsockname()[1] > first.getsockname()[1] >= 7860
        assert address(first, "/ask") == f"http://127.0.0.1:{first.getsockname()[1]}/ask/"


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(AskPapersError, match="no address"):
        listen("192.0.2.1", None)


def test_ipv6_is_served_too() -> None:
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        listener = listen("::1", 0)
    except AskPapersError:
        pytest.skip("no IPv6 here")
    with listener:
        assert address(listener).startswith("http://[::1]:")


def test_a_browser_opens_on_a_desktop_only(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def open_in_browser(url: str) -> bool:
        opened.append(url)
        return True

    monkeypatch.setattr("webbrowser.open", open_in_browser)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert not open_browser("x", {})
    assert not open_browser("x", {"DISPLAY": ":0", "SSH_CONNECTION": "1"})
    assert open_browser("x", {"DISPLAY": ":0"})
    monkeypatch.setattr("sys.stdout.isatty", lambda: False, raising=False)
    assert not open_browser("x", {"DISPLAY": ":0"})
    assert opened == ["x"]
