"""Surveys judged by a model: batches of abstracts, and a verdict counts only with a quote that is found in them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic_core import from_json

from askpapers.answering.judgement import Judgement, ModelVerdict
from askpapers.answering.thoughts import without_thoughts
from askpapers.datatypes import Paper, Passage, Relevance
from askpapers.errors import ContextOverflowError, ModelBrokenError
from askpapers.llm.model import Model, Told
from askpapers.llm.usage import Meter, tokens
from askpapers.prompts import Prompts

MOST_JUDGED = 120
"""Papers that a model is asked about in one survey, the likeliest first; the scores decide on the rest."""

_BATCH = 8
_SHORTEST_QUOTE = 3  # words; fewer are found anywhere
_VERDICTS = ("match", "mention", "no", "unclear")

SHAPE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "papers": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer"},
                    "verdict": {"type": "string", "enum": list(_VERDICTS)},
                    "quote": {"type": "string"},
                },
                "required": ["number", "verdict", "quote"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["papers"],
    "additionalProperties": False,
}
"""The JSON schema of the verdicts on a batch."""


class ModelJudge:
    """Asks a model about papers, a batch at a time."""

    def __init__(self, model: Model, prompts: Prompts, meter: Meter, told: Told) -> None:
        """Judge with a model; `meter` counts its tokens, `told` hears how far it is."""
        self._model = model
        self._prompts = prompts
        self._meter = meter
        self._told = told
        self._has_read = False  # a reply

    def judge(self, question: str, judgements: Sequence[Judgement]) -> Iterator[ModelVerdict]:
        """A verdict for each of the papers, in order. Raises ModelError, also where no reply can be read."""
        done = 0
        while done < len(judgements):
            self._told("The model is judging papers", done, len(judgements))
            batch = self._batch(question, judgements[done : done + _BATCH])
            yield from self._judged(question, batch)
            done += len(batch)
        if judgements and not self._has_read:
            raise ModelBrokenError(
                f"{self._model.spec} wrote no verdicts that can be read.", hint="Use another model (--llm)."
            )

    def _batch(self, question: str, judgements: Sequence[Judgement]) -> Sequence[Judgement]:
        """As many of the papers as fit into the model's context, at least one."""
        room = self._model.room(self._prompts["judge"].fill({"question": question, "papers": ""}))
        fitting = 0
        for judgement in judgements:
            room -= tokens(_shown(judgement.paper)) + 8
            if room < 0 and fitting:
                break
            fitting += 1
        return judgements[:fitting]

    def _judged(self, question: str, batch: Sequence[Judgement]) -> Iterator[ModelVerdict]:
        papers = "\n\n".join(f"[{n}] {_shown(j.paper)}" for n, j in enumerate(batch, start=1))
        messages = self._prompts["judge"].fill({"question": question, "papers": papers})
        try:
            written = self._model.say(messages, self._meter, self._told, SHAPE)
        except ContextOverflowError:
            if len(batch) == 1:
                raise
            middle = len(batch) // 2
            yield from self._judged(question, batch[:middle])
            yield from self._judged(question, batch[middle:])
            return
        told = read_verdicts(written)
        self._has_read |= told is not None
        for number, judgement in enumerate(batch, start=1):
            yield _verdict(judgement, *(told or {}).get(number, ("unclear", "")))


def read_verdicts(text: str) -> dict[int, tuple[str, str]] | None:
    """Verdict and quote by number from what a model wrote; None where that is no JSON of the kind asked for."""
    text = without_thoughts(text)
    begin = text.find("{")
    if begin < 0:
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(text, begin)  # and what follows it does not matter
    except ValueError:
        try:
            value = from_json(text[begin:], allow_partial=True)  # cut by its length: what is whole counts
        except ValueError:
            return None
    items = value.get("papers") if isinstance(value, dict) else None
    if not isinstance(items, list):
        return None
    verdicts: dict[int, tuple[str, str]] = {}
    for item in items:
        if isinstance(item, dict) and type(item.get("number")) is int and item.get("verdict") in _VERDICTS:
            verdicts.setdefault(item["number"], (item["verdict"], str(item.get("quote", ""))))
    return verdicts


def find_quote(quote: str, paper: Paper) -> Passage | None:
    """Where a quote stands in an abstract; only white space and the signs around it may differ."""
    words = quote.strip(" \t\r\n\"'“”‘’.…").split()
    if len(words) < _SHORTEST_QUOTE:
        return None
    match = re.search(r"\s+".join(map(re.escape, words)), paper.abstract)
    return Passage(paper.id, match.start(), match.end()) if match else None


def _verdict(judgement: Judgement, verdict: str, quote: str) -> ModelVerdict:
    if verdict == "no":
        return ModelVerdict(judgement)
    passage = find_quote(quote, judgement.paper) if verdict != "unclear" else None
    if passage is None:
        return ModelVerdict(judgement, unclear=True)
    return ModelVerdict(judgement, Relevance(verdict), passage)


def _shown(paper: Paper) -> str:
    return f"{' '.join(paper.title.split())}\n{' '.join(paper.abstract.split())}"
