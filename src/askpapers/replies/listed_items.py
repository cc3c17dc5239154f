"""The list in a JSON reply that a model was asked for by a schema, as far as it was written."""

from __future__ import annotations

import json
from typing import Any

from pydantic_core import from_json

from askpapers.replies.thoughts import without_thoughts


def read_items(text: str, name: str) -> list[Any] | None:
    """The list under a name in the first JSON object of a reply; None where there is no such list."""
    text = without_thoughts(text)
    begin = text.find("{")
    if begin < 0:
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(text, begin)
    except (ValueError, RecursionError):
        try:
            value = from_json(text[begin:], allow_partial=True)  # cut by its length: what is whole counts
        except ValueError:
            return None
    items = value.get(name) if isinstance(value, dict) else None
    return items if isinstance(items, list) else None
