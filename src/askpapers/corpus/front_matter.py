"""Reads the YAML at the top of a Markdown note, as Obsidian, Zettlr, Hugo, Jekyll and Pandoc have it."""

from __future__ import annotations

from itertools import islice
from typing import Any

import yaml

from askpapers.corpus.documents import Document
from askpapers.corpus.labels import LABELS
from askpapers.corpus.notes import Fields

_LONGEST = 400  # lines
_NAMES = {name: meaning for meaning, names in LABELS.items() for name in names.split(", ")}
_NAMES |= {"description": "summary", "journal title": "venue", "container title": "venue", "citation key": "id"}


def read_front_matter(document: Document) -> tuple[Fields | None, int]:
    """The fields at the top of a document, or None, and the line from which its text goes on."""
    lines = [(number, line) for number, line in islice(document.lines(), _LONGEST)]
    if not lines or lines[0][1].strip() != "---":
        return None, 1
    end = next((number for number, line in lines[1:] if line.strip() in ("---", "...")), 0)
    if not end:
        return None, 1
    try:
        # The loader of strings only: no objects, no numbers, no dates.
        found = yaml.load("".join(line for _, line in lines[1 : end - 1]), Loader=yaml.BaseLoader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None, 1
    if not isinstance(found, dict):
        return None, 1
    fields = Fields()
    for name, value in found.items():
        meaning = _NAMES.get(" ".join(str(name).replace("_", " ").replace("-", " ").split()).casefold(), "")
        if meaning in ("abstract", "summary") and isinstance(value, str):
            if not fields.text or meaning == "abstract":
                fields.text, fields.line = [value], _line_of(lines, str(name), value)
        elif meaning:
            fields.set(meaning, value)
    return fields, end + 1


def _line_of(lines: list[tuple[int, str]], name: str, value: Any) -> int:
    """The line on which the value of a field begins."""
    begin = value.strip().partition("\n")[0][:20]
    label = next((number for number, line in lines if line.startswith(f"{name}:")), 1)
    return next((number for number, line in lines[label - 1 :] if begin and begin in line), label)
