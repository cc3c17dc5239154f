"""Streams as servers send them: any cut into pieces, any line ends, nothing lost and nothing made up."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.llm.streams import Chunk, chunks, encoded

TEXTS = st.lists(st.text(max_size=12), min_size=1, max_size=5)


def event(text: str, end: str, space: str) -> str:
    return f"data:{space}{json.dumps({'choices': [{'delta': {'content': text}}]}, ensure_ascii=False)}{end}{end}"


def written(parts: list[Chunk | str]) -> str:
    dicts: list[Any] = [part for part in parts if isinstance(part, dict)]
    return "".join(choice["delta"].get("content") or "" for part in dicts for choice in part["choices"])


@given(
    TEXTS,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["", " "]),
    st.sampled_from(["", "\ufeff", ": ping\n\n", "retry: 5\n\n", "event: ping\ndata: {}\n\n"]),
    st.lists(st.integers(0, 400), max_size=8),
)
def test_any_cut_gives_the_same_text(texts: list[str], end: str, space: str, first: str, cuts: list[int]) -> None:
    data = (first + "".join(event(text, end, space) for text in texts) + f"data: [DONE]{end}{end}").encode()
    places = [0, *sorted(place for place in cuts if place < len(data)), len(data)]
    pieces = [data[a:b] for a, b in itertools.pairwise(places)]
    parts = list(chunks(pieces))
    assert written(parts) == "".join(texts)
    endings = [c["finish_reason"] for p in parts if isinstance(p, dict) for c in p["choices"] if c["finish_reason"]]
    assert endings == (["stop"] if "".join(texts) else [])


@given(TEXTS)
def test_what_is_made_of_a_stream_is_read_as_the_same(texts: list[str]) -> None:
    once = list(chunks([event(text, "\n", " ").encode() for text in texts]))
    assert list(chunks([b"".join(map(encoded, once))])) == once


@given(st.binary(max_size=200))
def test_no_bytes_break_it(data: bytes) -> None:
    try:
        parts = list(chunks([data]))
    except UnicodeDecodeError:
        return
    assert all(isinstance(part, str | dict) for part in parts)


KEYS = "choices delta content message usage error text finish_reason done index".split()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.sampled_from(KEYS), values, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_no_json_breaks_it(value: Any) -> None:
    for part in chunks([f"data: {json.dumps(value)}\n\n".encode()]):
        assert encoded(part).startswith(b"data: ")


def test_a_chunk_that_is_no_completion_is_passed_on_only_where_there_is_no_other() -> None:
    assert list(chunks([b'data: {"hello": 1}\n\n'])) == ['{"hello": 1}']
    assert len(list(chunks([b'data: {"hello": 1}\n\n', event("x", "\n", "").encode()]))) == 1


ODD = {
    "[DONE] in small letters": [event("It is so.", "\n", " "), "data: [done]\n\n"],
    "[DONE] as JSON": [event("It is so.", "\n", " "), 'data: "[DONE]"\n\n'],
    "the whole message once more at the end": [
        event("It is so.", "\n", " "),
        'data: {"choices": [{"delta": {}, "message": {"content": "It is so."}, "finish_reason": "stop"}]}\n\n',
    ],
    "a text for a delta": ['data: {"choices": [{"delta": "It is so.", "finish_reason": "stop"}]}\n\n'],
    "wrapped in an output": [
        'data: {"output": {"choices": [{"message": {"content": "It is so."}, "finish_reason": "stop"}]}}\n\n'
    ],
}


@pytest.mark.parametrize("events", ODD.values(), ids=ODD)
@pytest.mark.parametrize("size", [1, 7, 1_000])
def test_odd_streams(events: list[str], size: int) -> None:
    data = "".join(events).encode()
    parts = list(chunks(data[at : at + size] for at in range(0, len(data), size)))
    assert written(parts) == "It is so."
    assert all(isinstance(part, dict) for part in parts)


@given(st.text(alphabet="a😀é", max_size=6), st.integers(1, 12))
def test_signs_whose_halves_come_in_two_chunks_are_whole(text: str, size: int) -> None:
    """Servers that cut between tokens escape each half by itself: the text could not be written to a terminal."""
    units = text.encode("utf-16-le")
    pieces = [units[at : at + 2 * size].decode("utf-16-le", "surrogatepass") for at in range(0, len(units), 2 * size)]
    data = "".join(f"data: {json.dumps({'choices': [{'delta': {'content': piece}}]})}\n\n" for piece in pieces)
    assert written(list(chunks([data.encode()]))) == text
