"""Values in a file by their keys: read again as they were written, whatever else stands in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.keyed_lines import KeyedLines, key_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(st.none() | st.booleans() | st.integers() | TEXTS, lambda inner: st.lists(inner, max_size=3))


@given(values=st.dictionaries(TEXTS, VALUES, max_size=5), damage=TEXTS)
@settings(max_examples=40)
def test_what_was_added_is_there_in_the_next_run(
    tmp_path_factory: pytest.TempPathFactory, values: dict[str, Any], damage: str
) -> None:
    file = tmp_path_factory.mktemp("lines") / "values.jsonl"
    file.write_text(f"{damage}\n", encoding="utf-8")
    KeyedLines(file, "value").add(values)
    again = KeyedLines(file, "value")
    assert {key: again.get(key) for key in values if key in again} == values


def test_a_file_that_cannot_be_written_is_told_and_the_values_are_there(tmp_path: Path) -> None:
    lines = KeyedLines(tmp_path, "value")
    assert lines.failure
    lines.add({"a": 1})
    assert lines.get("a") == 1
    assert lines.get("b") is None


def test_a_key_depends_on_each_part_and_their_order() -> None:
    assert len({key_of(parts) for parts in (("a", "b"), ("b", "a"), ("ab",), ("a", "b", ""))}) == 4
