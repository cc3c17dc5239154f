"""A byte order mark, as Windows writes it, before anything that a person may hand in: it changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from askpapers.evaluation.accepted import read_accepted
from askpapers.evaluation.beir import _read_queries, read_judgements
from askpapers.evaluation.feedback import cases_of_feedback
from askpapers.evaluation.gates import read_gates
from askpapers.evaluation.grounding import read_pairs
from askpapers.evaluation.replies import read_replies
from askpapers.evaluation.suites import read_suite
from askpapers.llm.traffic import read_recording
from askpapers.prompts import load_prompts
from askpapers.settings import load_settings
from command_line import Ask
from made_answers import answer

CASE = {"id": "a", "question": "?", "intent": "open", "answerable": True, "must": ["p"]}
PAIRS = [{"source_text": "Cats purr.", "claim": "Cats purr.", "label": label} for label in (1, 0)]
ROOT = Path(__file__).resolve().parents[1]
FILES: dict[str, tuple[str, str, Callable[[Path], Any]]] = {
    "settings": ("ask.toml", 'corpus = "papers"\n', lambda file: load_settings(folder=file.parent, environment={})),
    "suite": ("s.jsonl", json.dumps(CASE) + "\n", lambda file: read_suite(file).cases),
    "gates": ("gates.toml", "[s]\nfacts = { floor = 0.5 }\n", read_gates),
    "accepted": ("accepted.json", '{"schema": 1, "suites": {}}', read_accepted),
    "answers": ("answers.jsonl", json.dumps({**answer(), "id": "a"}) + "\n", read_replies),
    "feedback": (
        "feedback.jsonl",
        json.dumps({"question": "what?", "thumb": "down", "answer": answer()}) + "\n",
        lambda file: cases_of_feedback(file, ()),
    ),
    "pairs": ("pairs.jsonl", "".join(json.dumps(pair) + "\n" for pair in PAIRS), read_pairs),
    "judgements": ("qrels.tsv", "query-id\tcorpus-id\tscore\n1\tp\t1\n", read_judgements),
    "queries": ("queries.jsonl", '{"_id": "1", "text": "cats"}\n', _read_queries),
    "recording": ("r.jsonl", '{"recording": 1}\n', read_recording),
    "prompt": (
        "answer.md",
        (ROOT / "prompts" / "answer.md").read_text(encoding="utf-8"),
        lambda file: load_prompts(file.parent).sha256,
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_byte_order_mark_changes_nothing(name: str, tmp_path: Path) -> None:
    file, content, read = FILES[name]
    place = tmp_path / file
    place.write_text(content, encoding="utf-8")
    plain = read(place)
    place.write_text(content, encoding="utf-8-sig")
    assert place.read_bytes().startswith(b"\xef\xbb\xbf")
    assert read(place) == plain


def test_a_question_from_standard_input_may_begin_with_one(run_ask: Ask) -> None:
    run_ask(stdin="\ufeff \n").assert_refused(2, "The question is empty", "Ask one")
