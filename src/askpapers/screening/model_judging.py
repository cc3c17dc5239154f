"""Judges papers by a language model: one request for each, and a verdict counts only with a quote that is found.

What the record decides is not asked for: years, languages, kinds and venues are judged as without a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from askpapers.answering.model_judged import find_quote
from askpapers.datatypes import Paper, quote_of
from askpapers.errors import ContextOverflowError, ModelBrokenError
from askpapers.llm.protocol import TextModel
from askpapers.llm.usage import Meter
from askpapers.prompts import Prompt
from askpapers.replies.listed_items import read_items
from askpapers.screening.judging import EXACT, RuleJudge
from askpapers.screening.protocol import Criterion, Protocol
from askpapers.screening.verdicts import CriterionVerdict, Evidence, Finding, Holds, PaperJudgement, Verdict, verdict_on

REPLY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "criteria": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer"},
                    "verdict": {"type": "string", "enum": [str(holds) for holds in Holds]},
                    "quote": {"type": "string"},
                },
                "required": ["number", "verdict", "quote"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["criteria"],
    "additionalProperties": False,
}
"""The JSON schema of a reply."""
_MOST_UNREADABLE = 3  # replies one after the other
_CHANCES = {Holds.YES: 0.95, Holds.NO: 0.05, Holds.NOT_SAID: 0.5}
Reply = Mapping[int, tuple[Holds, str]]


class ModelJudge:
    """Judges by a model; a paper that the record excludes before is not sent to it."""

    def __init__(self, protocol: Protocol, rules: RuleJudge, model: TextModel, prompt: Prompt, meter: Meter) -> None:
        """Ask a model by a prompt; `rules` judges what is exact, `meter` counts tokens."""
        self._protocol = protocol
        self._rules = rules
        self._model = model
        self._prompt = prompt
        self._meter = meter
        self._unreadable = 0

    def judge(self, row: int, paper: Paper) -> PaperJudgement:
        """Judge the paper of a row. Raises ModelError, also where one reply after the other cannot be read."""
        exact: dict[int, CriterionVerdict] = {}
        for criterion in self._protocol.criteria:
            if is_exact(criterion):
                exact[criterion.number] = verdict_on(criterion, self._rules.finding(criterion, row, paper))
                if exact[criterion.number].verdict is Verdict.FAILED:
                    break
        asked = [criterion for criterion in self._protocol.criteria if not is_exact(criterion)]
        failed = next((number for number, one in exact.items() if one.verdict is Verdict.FAILED), None)
        if failed is not None:  # one before it may be the first that fails, and is not asked for
            return PaperJudgement(paper.id, tuple(exact.values()))
        found = self._ask(paper, asked) if asked else {}
        verdicts = list[CriterionVerdict]()
        for criterion in self._protocol.criteria:
            known = exact.get(criterion.number)
            verdicts.append(known or verdict_on(criterion, _finding(paper, found.get(criterion.number))))
            if verdicts[-1].verdict is Verdict.FAILED:
                break
        return PaperJudgement(paper.id, tuple(verdicts))

    def _ask(self, paper: Paper, criteria: Sequence[Criterion]) -> Reply:
        listed = "\n".join(f"{criterion.number}. {criterion.text}" for criterion in criteria)
        text = f"{' '.join(paper.title.split())}\n{' '.join(paper.abstract.split())}"
        messages = self._prompt.fill({"criteria": listed, "paper": text})
        try:
            found = read_reply(self._model.say(messages, self._meter, lambda stage, done, total: None, REPLY_SCHEMA))
        except ContextOverflowError:
            return {}
        self._unreadable = 0 if found is not None else self._unreadable + 1
        if self._unreadable >= _MOST_UNREADABLE:
            raise ModelBrokenError(
                f"{self._model.name} wrote no verdicts that can be read.", hint="Use another model (--llm)."
            )
        return found or {}


def is_exact(criterion: Criterion) -> bool:
    """Whether the record, or words that name a design, decide a criterion alone."""
    return all(isinstance(rule, EXACT) for rule in criterion.condition.rules)


def read_reply(text: str) -> Reply | None:
    """The verdict and the quote on each criterion, by its number; None where the text is no such JSON."""
    items = read_items(text, "criteria")
    if items is None:
        return None
    found: dict[int, tuple[Holds, str]] = {}
    for item in items:
        if isinstance(item, dict) and type(item.get("number")) is int and item.get("verdict") in list(Holds):
            quote = item.get("quote")
            found.setdefault(item["number"], (Holds(item["verdict"]), quote if isinstance(quote, str) else ""))
    return found


def _finding(paper: Paper, given: tuple[Holds, str] | None) -> Finding:
    """What a model's verdict comes to: nothing without a quote that stands in the abstract."""
    if given is None:
        return Finding(Holds.NOT_SAID, "the model gave no verdict")
    holds, words = given
    if holds is Holds.NOT_SAID:
        return Finding(holds, "the model finds nothing said of it")
    passage = find_quote(words, paper)
    if passage is None:
        return Finding(Holds.NOT_SAID, "the model's quote is not in the abstract")
    quote = quote_of(paper, passage.start, passage.end)
    return Finding(holds, f"the model says {holds}", Evidence("abstract", quote.text, quote), _CHANCES[holds])
