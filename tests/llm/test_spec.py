"""The names of models."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.errors import UsageError
from askpapers.llm.spec import Kind, Spec, read_spec


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("none", None),
        ("openai/gpt-4o-mini", Spec(Kind.OPENAI, "gpt-4o-mini")),
        ("openai/org/model:tag", Spec(Kind.OPENAI, "org/model:tag")),
        ("ollama/llama3.2:3b", Spec(Kind.SERVER, "llama3.2:3b", "http://localhost:11434/v1")),
        ("http://127.0.0.1:8000/v1#m", Spec(Kind.SERVER, "m", "http://127.0.0.1:8000/v1")),
        ("http://127.0.0.1:8000/v1/#m", Spec(Kind.SERVER, "m", "http://127.0.0.1:8000/v1")),
        ("http://127.0.0.1:8000#m", Spec(Kind.SERVER, "m", "http://127.0.0.1:8000/v1")),
        ("https://host/api/v3#org/m:q4#x", Spec(Kind.SERVER, "org/m:q4#x", "https://host/api/v3")),
        ("http://[::1]:8000/v1#m", Spec(Kind.SERVER, "m", "http://[::1]:8000/v1")),
        ("gguf:/models/m.gguf", Spec(Kind.GGUF, "/models/m.gguf")),
        ("gguf:m.gguf", Spec(Kind.GGUF, "m.gguf")),
        (" openai/m ", Spec(Kind.OPENAI, "m")),
    ],
)
def test_names(text: str, spec: Spec | None) -> None:
    assert read_spec(text) == spec


def test_home_is_spelled_out() -> None:
    assert read_spec("gguf:~/m.gguf") == Spec(Kind.GGUF, str(Path.home() / "m.gguf"))


def test_openai_may_live_elsewhere() -> None:
    assert read_spec("openai/m", "http://proxy/v1") == Spec(Kind.OPENAI, "m", "http://proxy/v1")
    assert read_spec("ollama/m", "http://proxy/v1") == read_spec("ollama/m")


@pytest.mark.parametrize(
    "text",
    [
        *("", "gpt-4", "openai/", "ollama/", "openai", "gguf:", "NONE", "http://", "http://#m", "http://h:x/v1#m"),
        *("http://h\x7f/v1#m", "http://h /v1#m", "http://h/v\r1#m"),
        *("http://[h/v1#m", "http://h/v1", "http://h/v1#", "ftp://h/v1#m", "http://h/v1?k=1#m", "http://h:99999/v1#m"),
    ],
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_spec(text)
    assert caught.value.hint
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("127.0.0.1:8080#m", "Write the address in full: http://127.0.0.1:8080#m"),
        ("localhost:8080", "Write the address in full: http://localhost:8080"),
        ("localhost:8080/v1#m", "Write the address in full: http://localhost:8080/v1#m"),
        ("gguf", None),
        ("openai:gpt-5", None),
    ],
)
def test_an_address_without_its_beginning_is_told_with_it(text: str, hint: str | None) -> None:
    with pytest.raises(UsageError) as caught:
        read_spec(text)
    assert caught.value.hint == hint or (hint is None and caught.value.hint.startswith("Write none, "))


@pytest.mark.parametrize("address", ["foo", "http://", "http://[::1", "http://h:99999", "http://h\x01/v1", "//h/v1"])
def test_where_openai_is_said_to_live_is_an_address(address: str) -> None:
    with pytest.raises(UsageError, match="OPENAI_BASE_URL holds no address"):
        read_spec("openai/m", address)
    assert read_spec("ollama/m", address)


@pytest.mark.parametrize(
    "text", ["http://me:sk-secret-123@h/v1#m", "https://sk-secret-123@h#m", "http://h/v1?k=sk-secret-123#m"]
)
def test_a_key_in_an_address_is_refused_and_not_said_again(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_spec(text)
    assert "sk-secret-123" not in str(caught.value) + caught.value.hint


NAMES = st.text(alphabet="abcXYZ019.:-_/", min_size=1, max_size=20)


@given(st.one_of(NAMES.map("openai/{}".format), NAMES.map("ollama/{}".format), NAMES.map("http://h:1/v1#{}".format)))
def test_a_name_says_what_it_was_read_from(text: str) -> None:
    spec = read_spec(text)
    assert spec
    assert read_spec(str(spec)) == spec
    assert str(spec) == text
