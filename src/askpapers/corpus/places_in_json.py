"""On which line of a file a text within an object of JSON begins."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import Any

from askpapers.corpus.json_stream import Element
from askpapers.corpus.json_values import abstract_of, normal

_NAME = re.compile(r'"((?:[^"\\\n]|\\.)+)"\s*:\s*(?=["\[{])')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_DECODER = JSONDecoder(strict=False)


def line_of(element: Element, name: str, value: Any) -> int:
    """The line on which the text of a field begins; that of its object where it is all on one line or not found.

    `name` is the field's as `normal` writes it.
    """
    json = element.json
    if "\n" not in json and "\r" not in json:
        return element.line
    beginning = abstract_of(value).strip()[:120]
    for match in _NAME.finditer(json):
        if normal(match[1]) == name:
            try:
                _, end = _DECODER.raw_decode(json, match.end())
            except (JSONDecodeError, RecursionError):
                continue
            for text in _STRING.finditer(json, match.end(), end):
                first = _DECODER.decode(text.group()).strip()
                if first and (beginning.startswith(first[:40]) or f": {first[:40]}" in beginning):
                    return element.line + len(re.findall(r"\r\n?|\n", json[: text.start()]))
    return element.line
