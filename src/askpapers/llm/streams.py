"""The stream of a chat completion as servers really send it, made into OpenAI's own chunks. Pure.

Read as other clients read it: comments, pings, `retry:`, events in any pieces, CR and CRLF, lines without a space or
without "data:", no [DONE] or no finish_reason, one whole JSON body, content in parts, a byte order mark.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from askpapers.llm.endings import in_openai_words

_LINE_END = re.compile(r"\r\n|\n|\r(?=.)", re.DOTALL)  # a CR at the end of a piece may be half of a CRLF
_DONE = "[DONE]"
_THOUGHTS = ("reasoning_content", "reasoning", "thinking", "thought")
Chunk = dict[str, Any]
"""A chunk of a completion, or {"error": ...}."""


def chunks(data: Iterable[bytes]) -> Iterator[Chunk | str]:
    """The chunks of a completion; text as it came where it is no JSON, or where none of it was a completion.

    Raises UnicodeDecodeError where it is not UTF-8.
    """
    done = has_content = has_ended = recognised = False
    unknown = half = ""
    for name, text in _events(data):
        if text.strip(' \t\r\n"').upper().startswith(_DONE):
            done = True
            break
        for value in _values(text):
            chunk = value if isinstance(value, str) else _chunk(name, value)
            if chunk is None:
                unknown = json.dumps(value)
                continue
            recognised = True
            if isinstance(chunk, dict) and "error" not in chunk:
                choice = chunk["choices"][0] if chunk["choices"] else None
                if choice:
                    choice["delta"]["content"], half = _join_surrogates(half + choice["delta"]["content"])
                has_content |= bool(choice and choice["delta"].get("content"))
                has_ended |= bool(choice and choice["finish_reason"])
                done = choice is None and bool(chunk.get("usage"))  # counted when all is said, where it is the last
            yield chunk
    if unknown and not recognised:
        yield unknown
    if done and has_content and not has_ended:
        yield {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}


def _join_surrogates(text: str) -> tuple[str, str]:
    """A text with its surrogate pairs joined, which escapes may split; and a high surrogate left at its end."""
    half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
    whole = text[:-1] if half else text
    return whole.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"), half


def encoded(chunk: Chunk | str) -> bytes:
    """A chunk as a server-sent event."""
    text = chunk if isinstance(chunk, str) else json.dumps(chunk)
    return "".join(f"data: {line}\n" for line in text.split("\n")).encode() + b"\n"


END = f"data: {_DONE}\n\n".encode()
"""The event that ends a stream."""


def says_something(chunk: Chunk | str) -> bool:
    """Whether there is more in it than the announcement of an answer."""
    if isinstance(chunk, str) or "error" in chunk:
        return True
    return any(
        choice["finish_reason"] or any(value for key, value in choice["delta"].items() if key != "role")
        for choice in chunk["choices"]
    )


def _events(data: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """The name and the data of each event; lines of JSON, or one JSON body, count as events too."""
    name, lines, bare = "", list[str](), list[str]()
    for line in _lines(data):
        field, _, value = line.partition(":")
        if not line:
            if lines:
                yield name, "\n".join(lines)
            name, lines = "", []
        elif field == "data":
            lines.append(value.removeprefix(" "))
        elif field == "event":
            name = value.strip()
        elif not bare and line.startswith("{") and _is_json(line):
            yield "", line
        elif field not in ("", "id", "retry"):
            bare.append(line)
    if lines:
        yield name, "\n".join(lines)
    if bare and _is_json(whole := "\n".join(bare)):
        yield "", whole


def _lines(data: Iterable[bytes]) -> Iterator[str]:
    decoder, rest = codecs.getincrementaldecoder("utf-8-sig")(), ""
    for piece in data:
        *whole, rest = _LINE_END.split(rest + decoder.decode(piece))
        yield from whole
    rest += decoder.decode(b"", final=True)
    yield from re.split(r"\r|\n", rest)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _values(text: str) -> Iterator[Any]:
    """The JSON values of an event's data: usually one, of some servers one a line; the text itself where it is none."""
    for part in [text] if _is_json(text) else text.split("\n"):
        try:
            value = json.loads(part)
        except (ValueError, RecursionError):
            if part.strip():
                yield part
            continue
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            yield from value
        else:
            yield value if not isinstance(value, str) else [value]


def _chunk(name: str, value: Any) -> Chunk | None:
    """A value as a chunk; None where it is no part of a completion."""
    if not isinstance(value, dict):
        return None
    if error := value.get("error"):
        return {"error": error if isinstance(error, dict) else {"message": str(error)}}
    if name == "error" or "error" in (value.get("object"), value.get("type")):
        return {"error": value}
    inner = (value[key] for key in ("output", "result", "data") if isinstance(value.get(key), dict))
    value = next((one for one in inner if "choices" in one), value)  # DashScope, Cloudflare
    choices = value.get("choices")
    if isinstance(message := value.get("message"), dict) and "done" in value:  # Ollama's own protocol
        choices = [{"message": message, "finish_reason": value.get("done_reason") if value["done"] else None}]
    if not choices:
        has_usage = isinstance(value.get("usage"), dict)
        return _made(value, []) if has_usage or "choices" in value else None
    if not isinstance(choices, list) or not all(isinstance(choice, dict) for choice in choices):
        return None
    if in_openai_words(choices[0].get("finish_reason")) == "error":
        return {"error": {"message": "finish_reason: error"}}
    return _made(value, [_choice(choice) for choice in choices])


def _made(value: dict[str, Any], choices: list[dict[str, Any]]) -> Chunk:
    usage = value.get("usage")
    return {
        "id": str(value.get("id") or ""),
        "object": "chat.completion.chunk",
        "created": 0,
        "model": str(value.get("model") or ""),
        "choices": choices,
        **({"usage": usage} if isinstance(usage, dict) else {}),
    }


def _choice(choice: dict[str, Any]) -> dict[str, Any]:
    said = choice.get("delta")
    said = {"content": said} if isinstance(said, str) else said
    said = said if isinstance(said, dict) else choice.get("message")  # beside a delta it is all of it, once more
    said = said if isinstance(said, dict) else {"content": choice.get("text")}
    content, thought = _texts(said.get("content"))
    thought = next((text for key in _THOUGHTS if (text := _texts(said.get(key))[0])), thought)
    delta: dict[str, Any] = {"role": "assistant", "content": content}
    if thought:
        delta["reasoning_content"] = thought
    if isinstance(refusal := said.get("refusal"), str) and refusal:
        delta["refusal"] = refusal
    index = choice.get("index")
    return {
        "index": index if isinstance(index, int) else 0,
        "delta": delta,
        "finish_reason": in_openai_words(choice.get("finish_reason")),
    }


def _texts(content: Any) -> tuple[str, str]:
    """The text of a content, which may come in parts, and the thoughts among its parts."""
    if isinstance(content, str):
        return content, ""
    text = thought = ""
    for part in content if isinstance(content, list) else []:
        if isinstance(part, str):
            text += part
        elif isinstance(part, dict) and part.get("type") in ("thinking", "reasoning"):
            thought += next((_texts(part[key])[0] for key in ("thinking", "text", "reasoning") if key in part), "")
        elif isinstance(part, dict):
            text += _texts(part.get("text"))[0]
    return text, thought
