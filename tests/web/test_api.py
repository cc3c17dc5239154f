"""The JSON API: the contract of `ask --json`, and errors that are JSON."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from askpapers.contract import answer_dict
from askpapers.events import Event
from askpapers.web.desk import Desk
from web.conftest import Serve
from web.test_gate import send

GSM8K = "2110.14168"


@pytest.fixture(scope="module")
def api(desk: Desk) -> Iterator[str]:
    from askpapers.web.app import Served
    from web.conftest import serving

    with serving(desk, Served(page=False)) as url:
        yield url


def call(api: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    status, headers, answer = send(api, method, path, body)
    assert headers["content-type"].startswith("application/json")
    return status, json.loads(answer)


def without_timings(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def test_asking_gives_the_contract_with_files_below_the_corpus(api: str, desk: Desk) -> None:
    status, answer = call(api, "POST", "/api/ask", {"question": "how many problems are in GSM8K?"})
    assert status == 200
    expected = answer_dict(desk.corpus.ask("how many problems are in GSM8K?"))
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


def test_what_breaks_says_nothing_of_this_machine(serve: Serve, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    url = serve(desk, page=False)

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError(f"broken in {desk.settings.index.absolute()}")

    monkeypatch.setattr(desk, "search", broken)
    status, answer = call(url, "POST", "/api/search", {"query": "x"})
    assert status == 500
    assert str(desk.settings.index) not in str(answer)


def test_work_ends_when_the_client_hangs_up(serve: Serve, desk: Desk) -> None:
    closed = threading.Event()

    class Endless:
        def __getattr__(self, name: str) -> Any:
            return getattr(desk.corpus, name)

        def stream(self, question: str, way: str | None, progress: Any, **_: Any) -> Iterator[Event]:
            try:
                while True:
                    progress("Thinking", 0, None)
                    closed.wait(0.02)
                yield
            finally:
                closed.set()

    beside = Desk(desk.corpus, desk.settings)
    beside.corpus = Endless()  # type: ignore[assignment]
    url = serve(beside, page=False)
    import http.client
    from urllib.parse import urlsplit

    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(url).port)
    connection.request("POST", "/api/ask", json.dumps({"question": "x"}), {"content-type": "application/json"})
    assert not closed.wait(0.3)
    connection.close()
    assert closed.wait(5)
