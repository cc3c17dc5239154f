"""The JSON API: the contract of `ask --json`, and errors that are JSON."""

from __future__ import annotations

import http.client
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from askpapers.contract import answer_dict
from askpapers.events import Event
from askpapers.service.corpus_service import WAITING, CorpusService
from web.conftest import Serve
from web.test_guard import send
from web.test_workers import wait_until

GSM8K = "2110.14168"


@pytest.fixture(scope="module")
def api(service: CorpusService) -> Iterator[str]:
    from askpapers.server.app import Served
    from web.conftest import serving

    with serving(service, Served(page=False)) as url:
        yield url


def call(api: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    status, headers, answer = send(api, method, path, body)
    assert headers["content-type"].startswith("application/json")
    return status, json.loads(answer)


def without_timings(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def test_asking_gives_the_contract_with_files_below_the_corpus(api: str, service: CorpusService) -> None:
    status, answer = call(api, "POST", "/api/ask", {"question": "how many problems are in GSM8K?"})
    assert status == 200
    expected = answer_dict(service.corpus.ask("how many problems are in GSM8K?"))
    assert answer["citations"][0]["source"]["file"].startswith("seeds/")
    for citation in (*answer["citations"], *expected["citations"]):
        del citation["source"]["file"]
    assert without_timings(answer) == without_timings(expected)


def test_asking_with_a_way_years_papers_and_a_history(api: str) -> None:
    _, answer = call(api, "POST", "/api/ask", {"question": "reinforcement learning", "way": "survey", "since": 2022})
    assert answer["papers"]
    assert all(paper["year"] >= 2022 for paper in answer["papers"])
    _, answer = call(api, "POST", "/api/ask", {"question": "what is it about?", "papers": [GSM8K]})
    assert {p["id"] for p in answer["papers"]} <= {GSM8K}
    history = [{"question": "what is GSM8K?", "answer": "GSM8K is a dataset."}]
    _, answer = call(api, "POST", "/api/ask", {"question": "how many problems are in it?", "history": history})
    assert "GSM8K" in answer["searched"]


def test_names_restrict_questions_and_lists(api: str) -> None:
    for field, what in (("authors", "authors"), ("venues", "venues"), ("tags", "tags or categories")):
        _, answer = call(api, "POST", "/api/ask", {"question": "which papers use RLHF?", field: ["Moss", " "]})
        assert (answer["status"], answer["text"]) == (
            "not_in_corpus",
            f"The files do not give {what} (0 of 34 papers).",
        )
        assert call(api, "POST", "/api/search", {"query": "RLHF", field: ["Moss"]})[1]["papers"] == []
        assert call(api, "GET", f"/api/papers?{field.removesuffix('s')}=Moss")[1]["papers"] == []
    _, answer = call(api, "POST", "/api/ask", {"question": "how many papers are from 2021?", "authors": [" "]})
    assert (len(answer["papers"]), answer["coverage"]["left_out"]["older"]) == (9, 11)


def test_answers_and_papers_leave_as_files(api: str) -> None:
    asked = {"question": "how many problems are in GSM8K?", "format": "ris"}
    status, headers, content = send(api, "POST", "/api/ask", asked)
    assert status == 200
    assert headers["content-disposition"] == 'attachment; filename="how-many-problems-are-in-gsm8k.ris"'
    assert "8.5K" in content if isinstance(content, str) else b"8.5K" in content
    for path, name in ((f"/api/papers/{GSM8K}?format=bibtex", "paper.bib"), ("/api/papers?format=csv", "papers.csv")):
        status, headers, content = send(api, "GET", path)
        assert (status, headers["content-disposition"]) == (200, f'attachment; filename="{name}"')
        assert GSM8K in str(content)
    assert call(api, "GET", "/api/papers?format=pdf")[0] == 422


def test_the_overview_and_similar_papers(api: str, service: CorpusService) -> None:
    status, overview = call(api, "GET", "/api/overview")
    assert (status, overview["papers"]) == (200, 34)
    assert overview["topics"][0]["question"].startswith("Which papers are about ")
    assert call(api, "GET", "/api/overview?since=2021&until=2021")[1]["papers"] == 9
    status, similar = call(api, "GET", f"/api/similar/{GSM8K}?top=4")
    assert (status, len(similar["papers"])) == (200, 4)
    for paper in similar["papers"]:
        assert paper["abstract"][paper["start"] : paper["end"]] == paper["quote"]
        assert paper["source"]["file"].startswith("seeds/")
    assert call(api, "GET", "/api/similar/nothing")[0] == 400
    assert call(api, "POST", "/api/overview")[0] == 405


def test_a_follow_up_refers_to_what_was_listed_and_shown(api: str) -> None:
    listed = {"question": "papers about code?", "answer": "", "papers": ["2107.03374", GSM8K], "survey": True}
    _, answer = call(api, "POST", "/api/ask", {"question": "what does the second one propose?", "history": [listed]})
    assert [paper["id"] for paper in answer["papers"]] == [GSM8K]
    turn = {
        "question": answer["question"],
        "answer": answer["text"],
        "searched": answer["searched"],
        "papers": [paper["id"] for paper in answer["papers"]],
        "shown": [{name: quote[name] for name in ("paper", "start", "end")} for quote in answer["citations"]],
    }
    _, more = call(api, "POST", "/api/ask", {"question": "tell me more", "history": [listed, turn]})
    assert {paper["id"] for paper in more["papers"]} == {GSM8K}
    assert not {quote["start"] for quote in more["citations"]} & {quote["start"] for quote in answer["citations"]}


def test_a_question_that_refers_to_nothing_is_asked_back(api: str) -> None:
    _, answer = call(api, "POST", "/api/ask", {"question": "how large is it?"})
    assert (answer["status"], answer["statements"]) == ("not_in_corpus", [])
    assert answer["text"].startswith("What does “it” refer to?")
    _, answer = call(api, "POST", "/api/ask", {"question": "how many problems does it have?", "papers": [GSM8K]})
    assert "8.5K" in answer["text"]


def test_searching_gives_papers_best_first_with_their_nearest_passage(api: str) -> None:
    status, answer = call(api, "POST", "/api/search", {"query": "grade school math", "top": 3})
    assert status == 200
    assert answer["papers"][0]["id"] == GSM8K
    assert len(answer["papers"]) == 3
    scores = [paper["score"] for paper in answer["papers"]]
    assert scores == sorted(scores, reverse=True)
    for paper in answer["papers"]:
        assert paper["abstract"][paper["start"] : paper["end"]] == paper["quote"]


def test_papers_are_listed_in_pages_and_given_one_by_one(api: str) -> None:
    _, everything = call(api, "GET", "/api/papers")
    assert (len(everything["papers"]), everything["more"]) == (34, False)
    _, page = call(api, "GET", "/api/papers?first=10&count=5")
    assert (page["papers"], page["more"]) == (everything["papers"][10:15], True)
    _, found = call(api, "GET", "/api/papers?words=math+word+problems&until=2021")
    assert [paper["id"] for paper in found["papers"]] == [GSM8K]
    status, paper = call(api, "GET", f"/api/papers/{GSM8K}")
    assert (status, paper["id"]) == (200, GSM8K)
    assert all(source["file"].startswith("seeds/") for source in paper["sources"])


def test_what_is_served_says_so(api: str) -> None:
    _, about = call(api, "GET", "/api")
    assert (about["papers"], about["models"]) == (34, ["none"])
    assert "/api/ask" in call(api, "GET", "/api/openapi.json")[1]["paths"]


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "says"),
    [
        ("POST", "/api/ask", {"question": "  "}, 400, "empty"),
        ("POST", "/api/ask", {"question": "a" * 9_000}, 400, "4,000"),
        ("POST", "/api/ask", {"question": "a" * 20_000}, 422, "question"),
        ("POST", "/api/ask", {}, 422, "question"),
        ("POST", "/api/ask", {"question": "x", "way": "guess"}, 422, "way"),
        ("POST", "/api/ask", {"question": "x", "unknown": 1}, 422, "unknown"),
        ("POST", "/api/ask", {"question": "x", "since": 2020, "until": 2010}, 400, "2020"),
        ("POST", "/api/ask", {"question": "x", "llm": "http://127.0.0.1:9#x"}, 400, "not offered"),
        ("POST", "/api/ask", b"{", 422, "JSON"),
        ("POST", "/api/ask", b"[" * 100_000, 400, ""),
        ("POST", "/api/ask", b'{"question": "\\ud800?"}', 422, "question"),
        ("GET", "/api/ask", None, 405, "does not take GET"),
        ("POST", "/api/search", {"query": ""}, 400, "empty"),
        ("POST", "/api/search", {"query": "x", "top": 0}, 422, "top"),
        ("GET", "/api/papers/nothing", None, 404, "nothing"),
        ("GET", "/api/papers/..%2f..%2fetc%2fpasswd", None, 404, "No paper"),
        ("GET", "/api/papers?count=0", None, 422, "count"),
        ("GET", "/api/nothing", None, 404, "There is nothing at"),
        ("GET", "/", None, 404, ""),
    ],
)
def test_errors_are_json_with_a_hint(api: str, method: str, path: str, body: Any, status: int, says: str) -> None:
    got, answer = call(api, method, path, body)
    assert got == status
    assert set(answer) == {"error", "hint"}
    assert says in answer["error"]


def test_what_breaks_says_nothing_of_this_machine(
    serve: Serve, service: CorpusService, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = serve(service, page=False)

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"broken in {service.settings.index.absolute()}")

    monkeypatch.setattr(service, "search", broken)
    status, answer = call(url, "POST", "/api/search", {"query": "x"})
    assert status == 500
    assert str(service.settings.index) not in str(answer)


class Endless:
    """A corpus that never comes to an answer; `asked` counts the questions, `stopped` those that were stopped."""

    def __init__(self, corpus: Any) -> None:
        self._corpus = corpus
        self.asked = 0
        self.stopped = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._corpus, name)

    def stream(self, question: str, way: str | None, progress: Any, **_: Any) -> Iterator[Event]:
        self.asked += 1
        try:
            while True:
                progress("Thinking", 0, None)
                time.sleep(0.005)
            yield
        finally:
            self.stopped += 1


@pytest.fixture
def endless(service: CorpusService) -> CorpusService:
    return CorpusService(Endless(service.corpus), service.settings)  # type: ignore[arg-type]


def begin(url: str, path: str, body: Any, **headers: str) -> http.client.HTTPConnection:
    """Send a request and read nothing."""
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(url).port, timeout=20)
    connection.request("POST", path, json.dumps(body), {"content-type": "application/json", **headers})
    return connection


MCP_CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "ask", "arguments": {"question": "x"}},
}
MCP_ACCEPTED = {"accept": "application/json, text/event-stream"}


@pytest.mark.parametrize("by", ["api", "mcp", "mcp 2026-07-28"])
def test_work_ends_when_the_client_hangs_up(serve: Serve, endless: CorpusService, by: str) -> None:
    url = serve(endless, page=False)
    corpus: Any = endless.corpus
    if by == "api":
        connection = begin(url, "/api/ask", {"question": "x"})
    elif by == "mcp":
        connection = begin(url, "/mcp", MCP_CALL, **MCP_ACCEPTED)
    else:
        version = "2026-07-28"
        meta = {
            "io.modelcontextprotocol/protocolVersion": version,
            "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
            "io.modelcontextprotocol/clientCapabilities": {},
        }
        asked = {**MCP_CALL, "params": {**MCP_CALL["params"], "_meta": meta}}  # type: ignore[dict-item]
        named = {"mcp-protocol-version": version, "mcp-method": "tools/call", "mcp-name": "ask"}
        connection = begin(url, "/mcp", asked, **MCP_ACCEPTED, **named)
    wait_until(lambda: corpus.asked == 1)
    assert corpus.stopped == 0
    connection.close()
    wait_until(lambda: corpus.stopped == 1)


def test_a_full_queue_says_so_everywhere_and_is_free_again(serve: Serve, endless: CorpusService) -> None:
    url = serve(endless, page=False)
    flood = [begin(url, "/api/ask", {"question": "x"}) for _ in range(WAITING + 3)]
    wait_until(lambda: endless.answering.counts() == (3, WAITING))
    status, headers, body = send(url, "POST", "/api/ask", {"question": "x"})
    assert status == 429
    assert 1 <= int(headers["retry-after"]) <= 60
    assert set(json.loads(body)) == {"error", "hint"}
    assert call(url, "GET", "/api/health") == (200, {"status": "ok", "answering": 3, "waiting": WAITING})
    assert call(url, "POST", "/api/search", {"query": "math"})[0] == 200  # what is cheap does not wait
    by_mcp = begin(url, "/mcp", MCP_CALL, **MCP_ACCEPTED)  # another line has room, and a thread of its own
    wait_until(lambda: endless.answering.counts() == (4, WAITING))
    for connection in (*flood, by_mcp):
        connection.close()
    wait_until(lambda: endless.answering.counts() == (0, 0))
    corpus: Any = endless.corpus
    # A place that is free for a moment is taken by one whose leaving is not yet seen; most were never begun.
    assert corpus.asked == corpus.stopped
    assert 4 <= corpus.asked < WAITING


def test_a_full_queue_is_an_error_of_the_tool(serve: Serve, endless: CorpusService) -> None:
    url = serve(endless, page=False)
    flood = [begin(url, "/mcp", MCP_CALL, **MCP_ACCEPTED) for _ in range(WAITING + 3)]
    wait_until(lambda: endless.answering.counts() == (3, WAITING))
    answer = json.loads(send(url, "POST", "/mcp", MCP_CALL, **MCP_ACCEPTED)[2])["result"]
    assert answer["isError"] is True
    assert "Ask again in" in answer["content"][0]["text"]
    for connection in flood:
        connection.close()
    wait_until(lambda: endless.answering.counts() == (0, 0))


@pytest.mark.parametrize("question", ["how many problems are in GSM8K?", "what BLEU on WMT14 English-German?"])
def test_an_answer_from_some_papers_says_so(api: str, question: str) -> None:
    note = call(api, "POST", "/api/ask", {"question": question, "since": 2021})[1]["notes"][-1]
    found = re.fullmatch(r"Looked for in (\d+) papers since 2021: (\d+) older left out\.", note)
    assert found
    assert int(found[1]) + int(found[2]) == 34
    chosen = call(api, "POST", "/api/ask", {"question": question, "papers": [GSM8K]})[1]["notes"][-1]
    assert chosen == "Looked for in 1 chosen paper: 33 others left out."
    assert call(api, "POST", "/api/ask", {"question": question})[1]["notes"] == []
