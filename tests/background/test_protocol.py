"""Frames and requests arrive as they were sent; no secret is among what is sent."""

from __future__ import annotations

import os
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.background.protocol import SAME, SECRET, SENT, Frames, Kind, Request, Stream, variables_of

TEXTS = st.text(max_size=20) | st.binary(max_size=20).map(os.fsdecode)
NAMES = st.sampled_from(
    (
        "ASK_LLM ASK_API_KEY ASK_PASSWORD OPENAI_API_KEY OPENAI_BASE_URL HTTPS_PROXY no_proxy HOME LANG LC_ALL"
        " PYTHONPATH COLUMNS TERM XDG_CACHE_HOME PATH SHLVL AWS_SECRET_ACCESS_KEY"
    ).split()
)
VALUES = TEXTS | st.sampled_from(["sk-secret", "http://me:secret@host/v1#m"])


@given(st.lists(st.tuples(st.sampled_from(Kind), st.binary(max_size=300)), max_size=8), st.integers(1, 40))
def test_frames_arrive_whatever_pieces_they_come_in(sent: list[tuple[Kind, bytes]], size: int) -> None:
    class Pieces:
        def __init__(self) -> None:
            self.content = bytearray()

        def sendall(self, content: bytes) -> None:
            self.content += content

        def recv(self, count: int) -> bytes:
            piece = bytes(self.content[: min(size, count)])
            del self.content[: len(piece)]
            return piece

    frames = Frames(Pieces())  # type: ignore[arg-type]
    for kind, content in sent:
        frames.send(kind, content)
    assert [frames.receive() for _ in sent] == sent
    with pytest.raises(ConnectionError):
        frames.receive()


def test_a_frame_that_is_too_long_or_of_no_kind_is_refused() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        Frames(ours).send(Kind.OUT, b"12345")
        with pytest.raises(ValueError, match="5 bytes"):
            Frames(theirs).receive(4)
        ours.sendall(b"\xfe\0\0\0\0")
        with pytest.raises(ValueError, match="254"):
            Frames(theirs).receive()


@given(st.lists(TEXTS), TEXTS, st.dictionaries(NAMES, VALUES), st.none() | st.binary(max_size=20))
def test_requests_arrive_as_they_were_sent(
    arguments: list[str], folder: str, environment: dict[str, str], content: bytes | None
) -> None:
    found = variables_of(environment)
    stdin = None if content is None else content.decode("latin-1")
    streams = [Stream(True, "utf-8", "strict"), Stream(False, "ascii", "replace", True, True)]
    request = Request(
        "1", [1, None], arguments, folder, [1, 2], 0o22, found.sent, found.same, "s", found.digests("s"), stdin, streams
    )
    assert Request.decoded(request.encoded()) == request


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"streams": []}', b'{"streams": [1]}', b"\xff"])
def test_what_is_no_request_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError):
        Request.decoded(content)


@given(st.dictionaries(NAMES, VALUES))
def test_each_variable_is_in_one_group_and_no_secret_is_sent(environment: dict[str, str]) -> None:
    found = variables_of(environment)
    assert sum(map(len, found)) == len({*found.sent, *found.same, *found.secret})
    in_clear = {**found.sent, **found.same}
    assert not {"ASK_API_KEY", "ASK_PASSWORD", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "PATH"} & set(in_clear)
    assert not [value for value in found.sent.values() if "secret@" in value]
    assert found.secret.keys() == found.digests("salt").keys()
    assert not set(found.digests("salt").values()) & set(found.digests("other").values())


def test_digests_agree_where_the_values_do() -> None:
    def digests(value: str) -> dict[str, str]:
        return variables_of({"OPENAI_API_KEY": value}).digests("salt")

    assert digests("a") == digests("a") != digests("b")


def test_the_groups_name_each_pattern_once() -> None:
    assert len({*SENT, *SAME, *SECRET}) == len(SENT) + len(SAME) + len(SECRET)
