"""Everything that goes wrong with a model, over real HTTP: what is tried again, what the user is told, what remains."""

from __future__ import annotations

import json
import logging
import random
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from askpapers import errors
from askpapers.contract import answer_dict
from askpapers.datatypes import Answer, Status, Verdict
from askpapers.engine import Corpus
from askpapers.errors import ModelError
from askpapers.events import Delta, Event, Finished, SentenceChecked, Withdrawn
from askpapers.index.embedder import MiniLM
from askpapers.llm.failures import _retry_after
from askpapers.settings import ModelSettings
from model_server import (
    MODEL,
    ModelServer,
    Step,
    closed_port,
    fails,
    fails_half_way,
    hangs,
    hangs_after,
    overflows_llama_cpp,
    overflows_llama_cpp_python,
    overflows_openai,
    overflows_silently,
    refuses_in_a_field,
    sends,
    slams_the_door,
    stops,
    writes,
    writes_for_ever,
    writes_json,
)

QUESTION = "how many problems are in GSM8K?"
GOOD = "GSM8K is a dataset of 8.5K math word problems [1]."
HALF = GOOD + " We find that even the largest transf"
KEY = "sk-secret-123"
TIMEOUT = 0.3


@dataclass(frozen=True)
class Fault:
    """A fault, and all that a user gets to see of it. `SERVER` in a text stands for the server's address."""

    script: Step | Sequence[Step]
    error: type[ModelError]
    says: str
    hint: str
    requests: int = 1
    waits: Sequence[float] = ()
    backs_off: bool = False
    server: Mapping[str, Any] = field(default_factory=dict)


LATER = "Ask again later, or use another model (--llm)."
CHECK = "See what `ask doctor` finds."
BROKEN = "SERVER sent what is no answer of a model."
STOPPED = "MODEL stopped half-way through its answer."

FAULTS: dict[str, Fault] = {
    "a wrong key": Fault(
        fails(401, "Incorrect API key provided: KEY.", code="invalid_api_key"),
        errors.ModelDeniedError,
        "SERVER does not accept the key (401).",
        "Set the right one in ASK_API_KEY.",
    ),
    "no permission": Fault(
        fails(403, "Project KEY does not have access."),
        errors.ModelDeniedError,
        "SERVER does not permit this (403): “Project *** does not have access.”.",
        "Ask its owner for access to scripted.",
    ),
    "no such model": Fault(
        fails(404, "The model `scripted` does not exist.", code="model_not_found"),
        errors.ModelUnknownError,
        "SERVER does not have scripted, or is not a model server (404): “The model `scripted` does not exist.”.",
        "`ask doctor` lists the models that it offers; the address usually ends with /v1.",
        requests=2,  # the second without a schema
    ),
    "busy, wait 7 s": Fault(
        fails(429, "Rate limit reached.", headers={"Retry-After": "7"}),
        errors.ModelBusyError,
        "SERVER limits how often it is asked (429).",
        LATER,
        requests=4,
        waits=(7, 7, 7),
    ),
    "busy, wait until a time that has passed": Fault(
        fails(429, "Rate limit reached.", headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}),
        errors.ModelBusyError,
        "SERVER limits how often it is asked (429).",
        LATER,
        requests=4,
        waits=(0, 0, 0),
    ),
    "busy, no word on how long": Fault(
        fails(429, "Rate limit reached."),
        errors.ModelBusyError,
        "SERVER limits how often it is asked (429).",
        LATER,
        requests=4,
        backs_off=True,
    ),
    "busy, wait an hour": Fault(
        fails(429, "Rate limit reached.", headers={"Retry-After": "3600"}),
        errors.ModelBusyError,
        "SERVER limits how often it is asked (429).",
        LATER,
    ),
    "busy, a wait that is no time": Fault(
        fails(429, "Rate limit reached.", headers={"Retry-After": "soon"}),
        errors.ModelBusyError,
        "SERVER limits how often it is asked (429).",
        LATER,
        requests=4,
        backs_off=True,
    ),
    "no credit": Fault(
        fails(429, "You exceeded your current quota.", type="insufficient_quota", code="insufficient_quota"),
        errors.ModelDeniedError,
        "The account at SERVER has no credit left (429).",
        "Top it up, or use another model.",
    ),
    "a server error": Fault(
        fails(500, "The server had an error."),
        errors.ModelBusyError,
        "SERVER fails or is overloaded (500): “The server had an error.”.",
        LATER,
        requests=5,  # the last without a schema
        backs_off=True,
    ),
    "overloaded, wait 2 s": Fault(
        fails(503, "Overloaded.", headers={"Retry-After": "2"}),
        errors.ModelBusyError,
        "SERVER fails or is overloaded (503): “Overloaded.”.",
        LATER,
        requests=4,
        waits=(2, 2, 2),
    ),
    "a request that it does not take": Fault(
        fails(400, "'max_tokens' is not supported."),
        errors.ModelRequestError,
        "SERVER does not take the request (400): “'max_tokens' is not supported.”.",
        "Use another model (--llm); `ask --debug` shows all that the server says.",
        requests=3,  # with the other name for it, and without a schema
    ),
    "an overflow, as OpenAI says it": Fault(
        overflows_openai(),
        errors.ContextOverflowError,
        "The sources do not fit into the context of scripted.",
        "Say how large it is: `context = TOKENS` in ask.toml; or use a model with a larger one.",
        requests=3,  # whole, half, and the best sentence
    ),
    "an overflow, as llama.cpp says it": Fault(
        overflows_llama_cpp(),
        errors.ContextOverflowError,
        "The sources do not fit into the context of scripted.",
        "Say how large it is: `context = TOKENS` in ask.toml; or use a model with a larger one.",
        requests=3,  # whole, half, and the best sentence
    ),
    "an overflow, as llama-cpp-python says it": Fault(
        overflows_llama_cpp_python(),
        errors.ContextOverflowError,
        "The sources do not fit into the context of scripted.",
        "Say how large it is: `context = TOKENS` in ask.toml; or use a model with a larger one.",
        requests=3,  # into the 512 tokens that it names only a few sentences go; then the best one
    ),
    "an overflow, told only where nothing is streamed": Fault(
        overflows_silently(),
        errors.ContextOverflowError,
        "The sources do not fit into the context of scripted.",
        "Say how large it is: `context = TOKENS` in ask.toml; or use a model with a larger one.",
        requests=6,
    ),
    "an overflow, told inside the stream": Fault(
        fails_half_way(GOOD, "context length exceeded", code="context_length_exceeded"),
        errors.ContextOverflowError,
        "The sources do not fit into the context of scripted.",
        "Say how large it is: `context = TOKENS` in ask.toml; or use a model with a larger one.",
        requests=3,  # whole, half, and the best sentence
    ),
    "taken, and never answered": Fault(
        hangs(),
        errors.ModelSilentError,
        f"SERVER accepted the question and then sent nothing for {TIMEOUT:g} s.",
        LATER,
        requests=2,
        backs_off=True,
    ),
    "begun, and then silence": Fault(
        hangs_after(GOOD),
        errors.ModelSilentError,
        f"SERVER accepted the question and then sent nothing for {TIMEOUT:g} s.",
        LATER,
        requests=2,
        backs_off=True,
    ),
    "taken, and hung up on": Fault(
        slams_the_door(),
        errors.ModelBrokenError,
        "SERVER closed the connection without an answer.",
        LATER,
        requests=2,
        backs_off=True,
    ),
    "a stream that just ends": Fault(
        stops(HALF), errors.ModelBrokenError, STOPPED, "Ask again later.", requests=2, backs_off=True
    ),
    "a stream that is cut off": Fault(
        stops(HALF, broken=True),
        errors.ModelBrokenError,
        "SERVER stopped in the middle of its answer.",
        LATER,
        requests=2,
        backs_off=True,
    ),
    "an error in the stream": Fault(
        fails_half_way(HALF, "Internal error."),
        errors.ModelBusyError,
        "SERVER reported an error in the middle of its answer: “Internal error.”.",
        LATER,
        requests=4,
        backs_off=True,
    ),
    "bytes that are no stream": Fault(
        sends(bytes(range(256)) * 20),
        errors.ModelBrokenError,
        BROKEN,
        CHECK,
        requests=2,
        backs_off=True,
    ),
    "lines that are no stream": Fault(
        sends(b"hello\nthis is\nnot a stream\n"),
        errors.ModelBrokenError,
        "MODEL wrote nothing.",
        "Ask again, or use another model (--llm).",
        requests=4,  # each time once more without streaming, to learn why
        backs_off=True,
    ),
    "a stream of broken JSON": Fault(
        sends(b'data: {"choices": [{"delta": {"con\n\ndata: [DONE]\n\n'),
        errors.ModelBrokenError,
        BROKEN,
        CHECK,
        requests=2,
        backs_off=True,
    ),
    "a stream of JSON that is no completion: an object": Fault(
        sends(b'data: {"hello": 1}\n\ndata: [DONE]\n\n'),
        errors.ModelBrokenError,
        "MODEL sent what is no completion.",
        CHECK,
        requests=2,
        backs_off=True,
    ),
    "a stream of JSON that is no completion: a list": Fault(
        sends(b"data: [1, 2]\n\n"),
        errors.ModelBrokenError,
        "MODEL sent what is no completion.",
        CHECK,
        requests=2,
        backs_off=True,
    ),
    "a stream of JSON that is no completion: a string": Fault(
        sends(b'data: "x"\n\n'),
        errors.ModelBrokenError,
        "MODEL sent what is no completion.",
        CHECK,
        requests=2,
        backs_off=True,
    ),
    "a stream of JSON that is no completion: null": Fault(
        sends(b"data: null\n\n"),
        errors.ModelBrokenError,
        "MODEL sent what is no completion.",
        CHECK,
        requests=2,
        backs_off=True,
    ),
    "a stream of JSON that is no completion: choices of another kind": Fault(
        sends(b'data: {"choices": [7]}\n\n'),
        errors.ModelBrokenError,
        "MODEL sent what is no completion.",
        CHECK,
        requests=2,
        backs_off=True,
    ),
    "a stream of JSON that is no completion: choices without a delta": Fault(
        sends(b'data: {"choices": [{"index": 0}]}\n\n'),
        errors.ModelBrokenError,
        "MODEL wrote nothing.",
        "Ask again, or use another model (--llm).",
        requests=2,
        backs_off=True,
    ),
    "a web page": Fault(
        sends(b"<!doctype html><title>Log in</title><p>Log in first.</p>", "text/html"),
        errors.ModelBrokenError,
        "MODEL wrote nothing.",
        "Ask again, or use another model (--llm).",
        requests=4,  # each time once more without streaming, to learn why
        backs_off=True,
    ),
    "an empty answer": Fault(
        writes(""),
        errors.ModelBrokenError,
        "MODEL wrote nothing.",
        "Ask again, or use another model (--llm).",
        requests=2,
        backs_off=True,
    ),
    "white space for an answer": Fault(
        writes(" \n\n \n"),
        errors.ModelBrokenError,
        "MODEL wrote what is neither prose nor the JSON that was asked for.",
        "Use another model (--llm).",
    ),
    "JSON of another shape": Fault(
        writes('{"score": 0.9, "labels": []}'),
        errors.ModelBrokenError,
        "MODEL wrote what is neither prose nor the JSON that was asked for.",
        "Use another model (--llm).",
    ),
    "cut by length in its first sentence": Fault(
        writes("GSM8K is a dataset of many, many, many, many, many, many,", finish="length"),
        errors.ModelCutShortError,
        "MODEL reached the longest answer before its first sentence ended.",
        "Use a model that does not think aloud so long, or ask a narrower question.",
    ),
    "cut by length while it thinks": Fault(
        writes("<think>Let me see. Source one says something. Source two says", finish="length"),
        errors.ModelCutShortError,
        "MODEL thought until it reached the longest answer (8,000 tokens).",
        "Give it more: `answer = TOKENS` in ask.toml; or use a model that does not think as long.",
        requests=2,
    ),
    "stopped by a filter": Fault(
        writes(GOOD, finish="content_filter"),
        errors.ModelRefusedError,
        "MODEL declined to answer.",
        "Ask in other words, or use another model.",
    ),
    "declined in its field": Fault(
        refuses_in_a_field(),
        errors.ModelRefusedError,
        "MODEL declined to answer.",
        "Ask in other words, or use another model.",
    ),
    "a certificate that nobody trusts": Fault(
        writes(GOOD),
        errors.ModelUnreachableError,
        "The secure connection to SERVER failed: its certificate or TLS is not right.",
        "Check the address (http or https) and the server's certificate.",
        requests=0,
        backs_off=True,
        server={"tls": True},
    ),
}


Open = Callable[..., Corpus]


@pytest.fixture
def open_corpus(seed_index_folder: Path, embedder: MiniLM) -> Iterator[Open]:
    """Open the seeds with a model, closed at the end."""
    opened: list[Corpus] = []

    def open_one(spec: str, **changes: Any) -> Corpus:
        settings = ModelSettings(
            **{"spec": spec, "keys": {"server": KEY}, "timeout": TIMEOUT, "schema": True, **changes}
        )
        opened.append(Corpus(seed_index_folder, embedder, settings))
        return opened[-1]

    yield open_one
    for corpus in opened:
        corpus.close()


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that were to be waited before each new try; nobody waits them."""
    noted: list[float] = []
    monkeypatch.setattr("askpapers.llm.model.time", SimpleNamespace(sleep=noted.append))
    return noted


@contextmanager
def serving(fault: Fault) -> Iterator[ModelServer]:
    with ModelServer(fault.script, **fault.server) as server:
        yield server


def put(text: str, server: ModelServer) -> str:
    return text.replace("MODEL", MODEL).replace("SERVER", server.url)


@pytest.mark.parametrize("name", FAULTS)
def test_without_a_fallback_the_user_gets_one_clear_error(
    name: str, open_corpus: Open, waits: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fault = FAULTS[name]
    with serving(fault) as server, pytest.raises(ModelError) as caught:
        open_corpus(server.spec, fallback=False).ask(QUESTION)
    error = caught.value
    assert type(error) is fault.error
    assert str(error) == put(fault.says, server)
    assert error.hint == fault.hint
    assert error.exit_code == 1
    assert len(server.asked) == fault.requests
    assert KEY not in repr((error, error.args, vars(error)))
    assert KEY not in caplog.text
    if fault.backs_off:
        assert len(waits) == fault.error.attempts - 1
        assert all(0.37 <= wait / 2**n <= 0.63 for n, wait in enumerate(waits))
    else:
        assert waits == list(fault.waits)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "a wrong key",
            "no credit",
            "busy, wait 7 s",
            "an overflow, told inside the stream",
            "taken, and never answered",
        ),
        *("begun, and then silence", "a stream that just ends", "a stream that is cut off", "an error in the stream"),
        *("a stream of broken JSON", "an empty answer", "JSON of another shape", "stopped by a filter"),
        *("cut by length in its first sentence", "a certificate that nobody trusts"),
    ],
)
def test_with_a_fallback_the_user_gets_the_papers_own_sentences_and_is_told_so(
    name: str, open_corpus: Open, corpus: Corpus, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fault = FAULTS[name]
    with serving(fault) as server:
        events = list(open_corpus(server.spec).stream(QUESTION))
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    without = corpus.ask(QUESTION)
    assert (answer.text, answer.statements, answer.citations) == (without.text, without.statements, without.citations)
    assert answer.status is Status.ANSWERED
    told = put(f"{fault.says} This answer was made without the model. {fault.hint}", server)
    assert answer.notes == (told,)
    assert (answer.engine.synthesizer, answer.engine.llm, answer.engine.prompts) == ("extractive", None, None)
    # What was shown of the model's is taken back before anything else is said.
    assert shown_in_the_end(events) == [s.text for s in without.statements]
    assert KEY not in json.dumps(answer_dict(answer)) + repr(answer) + repr(events)
    assert KEY not in caplog.text


def shown_in_the_end(events: Sequence[Event]) -> list[str]:
    """The sentences that a display shows that follows the rules of `events`."""
    shown: list[str] = []
    for event in events:
        if isinstance(event, Withdrawn):
            shown = []
        elif isinstance(event, SentenceChecked):
            shown.append(event.statement.text)
    return shown


def test_nothing_listens(open_corpus: Open, waits: list[float]) -> None:
    url = f"http://127.0.0.1:{closed_port()}/v1"
    with pytest.raises(errors.ModelUnreachableError) as caught:
        open_corpus(f"{url}#m", fallback=False).ask(QUESTION)
    assert str(caught.value) == f"Nothing listens at {url}."
    assert caught.value.hint == "Start the server, or check the address."
    assert len(waits) == 2
    (note,) = open_corpus(f"{url}#m").ask(QUESTION).notes
    assert note == f"Nothing listens at {url}. This answer was made without the model. {caught.value.hint}"


@pytest.mark.parametrize(
    "error",
    [
        socket.gaierror(-2, "Name or service not known"),
        socket.gaierror(-3, "Temporary failure in name resolution"),
        socket.gaierror(-5, "No address associated with hostname"),
        socket.gaierror(8, "nodename nor servname provided, or not known"),
        socket.gaierror(11001, "getaddrinfo failed"),
    ],
    ids=str,
)
def test_a_name_that_is_not_known(open_corpus: Open, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def look_up(*_: Any, **__: Any) -> Any:
        raise error

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with pytest.raises(errors.ModelUnreachableError) as caught:
        open_corpus("http://models.invalid/v1#m", fallback=False).ask(QUESTION)
    assert str(caught.value) == "The name in http://models.invalid/v1 is not known."
    assert caught.value.hint == "Check the address and the network."


def test_https_to_a_server_that_speaks_http(open_corpus: Open) -> None:
    with ModelServer(writes(GOOD)) as server, pytest.raises(errors.ModelUnreachableError) as caught:
        open_corpus(server.spec.replace("http:", "https:"), fallback=False).ask(QUESTION)
    assert "certificate or TLS is not right" in str(caught.value)
    assert server.asked == []


def test_a_server_that_does_not_take_the_connection(open_corpus: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("askpapers.llm.server._CONNECT_TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)), pytest.raises(errors.ModelUnreachableError) as caught:
            open_corpus(f"http://127.0.0.1:{port}/v1#m", fallback=False).ask(QUESTION)
    assert str(caught.value) == f"http://127.0.0.1:{port}/v1 does not answer the call."


def test_an_address_that_is_no_model_server(open_corpus: Open) -> None:
    with ModelServer() as server, pytest.raises(errors.ModelUnknownError) as caught:
        open_corpus(f"{server.url.removesuffix('/v1')}/elsewhere#m", fallback=False).ask(QUESTION)
    assert "is not a model server (404): “Not Found”" in str(caught.value)


def test_openai_without_a_key(open_corpus: Open) -> None:
    with pytest.raises(errors.ModelDeniedError) as caught:
        open_corpus("openai/gpt-4o-mini", fallback=False).ask(QUESTION)
    assert str(caught.value) == "No OpenAI key is set."
    assert "OPENAI_API_KEY" in caught.value.hint
    answer = open_corpus("openai/gpt-4o-mini").ask(QUESTION)
    assert (answer.status, answer.engine.llm) == (Status.ANSWERED, None)
    assert answer.notes[0].startswith("No OpenAI key is set. This answer was made without the model.")


@pytest.mark.parametrize(
    ("first", "wait"),
    [
        (fails(429, headers={"Retry-After": "3"}), 3),
        (fails(503, headers={"Retry-After": "0"}), 0),
        (fails(500), None),
        (hangs(), None),
        (slams_the_door(), None),
        (writes(""), None),
        (stops(HALF), None),
        (stops(HALF, broken=True), None),
        (fails_half_way(HALF), None),
        (sends(b"data: {\n\n"), None),
    ],
)
def test_what_passes_is_tried_again_and_then_answered(
    open_corpus: Open, waits: list[float], first: Step, wait: float | None
) -> None:
    said: list[str] = []
    with ModelServer([first, writes(GOOD)]) as server:
        answer = open_corpus(server.spec, fallback=False).ask(QUESTION, progress=lambda *told: said.append(told[0]))
    assert [s.text for s in answer.statements] == ["GSM8K is a dataset of 8.5K math word problems."]
    assert (answer.status, answer.notes, len(server.asked)) == (Status.ANSWERED, (), 2)
    assert server.asked[0].body == server.asked[1].body
    assert len(waits) == 1
    assert wait is None or waits == [wait]
    (told,) = (line for line in said if "trying again" in line)
    assert told.startswith("The model ")
    assert told.endswith(f"trying again in {max(1, round(waits[0]))} s")


def test_a_date_to_wait_for_is_a_number_of_seconds(open_corpus: Open, waits: list[float]) -> None:
    # At the time of the answer, not of the script: a slow machine may take seconds to come here.
    def busy_until(exchange: Any) -> None:
        moment = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
        fails(429, headers={"Retry-After": moment})(exchange)

    with ModelServer([busy_until, writes(GOOD)]) as server:
        open_corpus(server.spec, fallback=False).ask(QUESTION)
    assert len(waits) == 1
    assert 20 < waits[0] <= 30


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("5", 5.0),
        ("1.5", 1.5),
        ("-3", 0.0),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2015 07:28:00", None),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
    ],
)
def test_retry_after(value: str | None, seconds: float | None) -> None:
    assert _retry_after(value) == seconds


def test_an_interrupted_answer_is_taken_back_and_begun_again(open_corpus: Open) -> None:
    wrong = "GSM8K has one million problems [1]. And it was made by [99] a baker [1]. And"
    with ModelServer([stops(wrong), writes(GOOD)]) as server:
        events = list(open_corpus(server.spec, fallback=False).stream(QUESTION))
    assert shown_in_the_end(events) == ["GSM8K is a dataset of 8.5K math word problems."]
    assert [type(e) for e in events if isinstance(e, Withdrawn | Finished)] == [Withdrawn, Finished]
    assert isinstance(events[-1], Finished)
    answer = events[-1].answer
    assert answer.notes == ()  # [99] was of the part that is void
    assert "million" not in json.dumps(answer_dict(answer))


def test_a_cut_answer_keeps_its_whole_sentences_and_says_so(open_corpus: Open) -> None:
    with ModelServer(writes(f"{GOOD} We find that even the largest tr", finish="length")) as server:
        answer = open_corpus(server.spec, fallback=False).ask(QUESTION)
    assert [s.text for s in answer.statements] == ["GSM8K is a dataset of 8.5K math word problems."]
    assert answer.notes == ("The model reached its longest answer; the sentence that it was writing is left out.",)


def test_a_cut_answer_in_json_keeps_its_whole_sentences_too(open_corpus: Open) -> None:
    whole = json.dumps(
        {
            "answered": True,
            "sentences": [
                {"text": "GSM8K is a dataset of 8.5K math word problems.", "sources": [1]},
                {"text": "We find that even the largest transformer models fail.", "sources": [1]},
            ],
        }
    )
    for end in range(whole.index("We find"), len(whole) - 3, 14):
        with ModelServer(writes(whole[:end], finish="length", size=50)) as server:
            answer = open_corpus(server.spec, fallback=False).ask(QUESTION)
        assert [s.text for s in answer.statements] == ["GSM8K is a dataset of 8.5K math word problems."]
        assert len(answer.notes) == 1


def test_an_overflow_is_met_with_less_of_the_sources(open_corpus: Open) -> None:
    with ModelServer([overflows_openai(), overflows_openai(), writes(GOOD)]) as server:
        answer = open_corpus(server.spec, fallback=False, context=100_000).ask(QUESTION)
    sizes = [len(asked.text) for asked in server.asked]
    assert len(sizes) == 3
    assert sizes == sorted(set(sizes), reverse=True)
    assert all("[1] Training Verifiers" in asked.text for asked in server.asked)
    assert (answer.status, answer.statements[0].verdict) == (Status.ANSWERED, Verdict.SUPPORTED)


@pytest.mark.parametrize("context", [1, 300, 800, 1500, 4096, 32_000])
def test_sources_fit_into_the_context_as_far_as_they_can(open_corpus: Open, context: int) -> None:
    with ModelServer(writes(GOOD)) as server:
        open_corpus(server.spec, fallback=False, context=context, evidence=10_000).ask(QUESTION)
    (asked,) = server.asked
    assert "[1] Training Verifiers" in asked.text
    sources = asked.text.count("\n\n[")
    assert 1 <= sources <= 8
    assert sources == (1 if context <= 300 else 8) or 300 < context < 4096
    if context > 600:
        assert len(asked.text) / 3.5 < context - asked.body["max_tokens"] / 2


def test_a_model_that_fails_to_condense_is_not_asked_again(open_corpus: Open) -> None:
    from askpapers.datatypes import Turn

    history = [Turn("what is GSM8K?", "GSM8K is a dataset of math word problems [1].")]
    with ModelServer(fails(401)) as server:
        answer = open_corpus(server.spec).ask("and how many problems does it have?", history=history)
        assert len(server.asked) == 1
    assert answer.engine.synthesizer == "extractive"
    assert len(answer.notes) == 1
    assert "GSM8K" in (answer.searched or "")


def test_surveys_and_comparisons_do_not_reach_a_model_that_fails_at_nothing(open_corpus: Open) -> None:
    with ModelServer(fails(500)) as server:
        answer = open_corpus(server.spec, fallback=False).ask("compare Whisper and CLIP")
    assert answer.engine.synthesizer == "comparison"
    assert server.asked == []


def test_programming_errors_are_not_translated(open_corpus: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: Any, **__: Any) -> Any:
        raise TypeError("a bug")

    monkeypatch.setattr("askpapers.replies.writing.AnswerReader.feed", bug)
    with ModelServer(writes(GOOD)) as server, pytest.raises(TypeError, match="a bug"):
        open_corpus(server.spec).ask(QUESTION)


def test_stopping_a_stream_hangs_up(open_corpus: Open) -> None:
    with ModelServer(writes_for_ever(GOOD + " ", pause=0.01)) as server:
        events = open_corpus(server.spec).stream(QUESTION)
        assert isinstance(next(e for e in events if isinstance(e, Delta | SentenceChecked)), Delta | SentenceChecked)
        events.close()
        assert server.hung_up.wait(5)


BLAH = "".join(f"blah{number} " for number in range(260))  # no phrase that is said again


def test_an_answer_that_never_ends_is_cut(open_corpus: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not keep to max_tokens."""
    monkeypatch.setattr("askpapers.llm.model.LONGEST_ANSWER", 300)  # no later than it has to be
    endless = "".join(f"Nonsense {number} it is, " + BLAH + "yes [1]. " for number in range(400))
    with ModelServer(writes(endless, size=2000, pause=0.001)) as server:
        answer = open_corpus(server.spec, fallback=False, answer=300).ask(QUESTION)
        assert server.hung_up.wait(5)
    assert len(json.dumps(answer_dict(answer))) < 60_000
    assert answer.notes[0].startswith("The model reached its longest answer")


def test_an_answer_that_goes_round_in_a_circle_is_stopped(open_corpus: Open) -> None:
    with ModelServer(writes_for_ever(GOOD + " ", pause=0.001)) as server:
        answer = open_corpus(server.spec, fallback=False).ask(QUESTION)
        assert server.hung_up.wait(5)
    assert [s.text for s in answer.statements] == ["GSM8K is a dataset of 8.5K math word problems."]
    assert answer.notes == ("The model began to repeat itself and was stopped.",)
    assert answer.usage.prompt_tokens > 300
    assert answer.usage.completion_tokens > 10
    assert answer.usage.estimated  # LlamaIndex tells of whole answers only


def test_the_backoff_is_not_the_same_for_everyone(open_corpus: Open, waits: list[float]) -> None:
    random.seed(5)
    with ModelServer(fails(500)) as server:
        open_corpus(server.spec).ask(QUESTION)
        open_corpus(server.spec).ask(QUESTION)
    assert len(set(waits)) == 6


def check_answer(answer: Answer) -> None:
    assert answer.status is Status.ANSWERED


def test_good_answers_stay_good_after_a_failure(open_corpus: Open) -> None:
    """One failed question spoils nothing for the next."""
    with ModelServer([fails(401), writes_json((GOOD.removesuffix(" [1].") + ".", [1]))]) as server:
        corpus = open_corpus(server.spec)
        assert corpus.ask(QUESTION).engine.llm is None
        answer = corpus.ask(QUESTION)
    assert (answer.engine.llm, answer.notes) == (server.spec, ())
    check_answer(answer)
