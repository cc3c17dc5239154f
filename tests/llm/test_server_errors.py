"""What servers say of a request that is too long or has a parameter that they do not take: `behaviours/errors.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from askpapers.llm.refusals import rewrite_for
from askpapers.llm.wording import context_size, is_overflow

FILE = Path(__file__).parent / "behaviours" / "errors.yaml"
ROWS: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
BODY: dict[str, Any] = {
    "model": "m",
    "messages": [{"role": "system", "content": "x"}, {"role": "user", "content": "y"}],
    "temperature": 0,
    "max_tokens": 700,
    "stream": True,
    "stream_options": {"include_usage": True},
    "response_format": {"type": "json_schema"},
}


@pytest.mark.parametrize("row", [row for row in ROWS if "says" in row], ids=lambda row: row["from"])
def test_a_message_on_the_length_of_a_request(row: dict[str, Any]) -> None:
    assert is_overflow(row["says"]) is not row.get("other", False)
    if not row.get("other"):
        assert context_size(row["says"]) == row["size"]


@pytest.mark.parametrize("row", [row for row in ROWS if "drops" in row], ids=lambda row: row["from"])
def test_the_parameter_that_a_refusal_is_about(row: dict[str, Any]) -> None:
    rewrite = rewrite_for(dict(BODY), row["status"], row["error"], [])
    assert rewrite
    assert (rewrite.parameter, rewrite.is_guess) == (row["drops"], False)
    assert rewrite.apply(dict(BODY)) != BODY


def test_the_table_is_sound() -> None:
    assert len({row["from"] + str("drops" in row) for row in ROWS}) == len(ROWS) >= 70
