"""Surveys judged by a model: batches of abstracts, and a verdict counts only with a quote that is found in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from askpapers.answering.judgement import Judgement, ModelVerdict
from askpapers.datatypes import Paper, Passage, Relevance
from askpapers.errors import ContextOverflowError, ModelBrokenError
from askpapers.llm.model import Model
from askpapers.llm.usage import Meter, tokens
from askpapers.progress import Progress
from askpapers.prompts import Prompts
from askpapers.replies.shown import GAP, ShownPapers, Source, show
from askpapers.replies.verdicts import VERDICTS, read_verdicts
from askpapers.text import sentences

MOST_JUDGED = 120
"""Papers that a model is asked about in one survey, the likeliest first; the scores decide on the rest."""

_BATCH = 8
_ENOUGH = 100  # tokens: with less of each paper, fewer are shown at a time
_SHORTEST_QUOTE = 3  # words; fewer are found anywhere

REPLY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "papers": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "number": {"type": "integer"},
                    "verdict": {"type": "string", "enum": list(VERDICTS)},
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

    def __init__(
        self, model: Model, prompts: Prompts, meter: Meter, progress: Progress, evidence: int | None = None
    ) -> None:
        """Judge with a model; `meter` counts its tokens, `progress` is called with how far it is.

        `evidence` is how many tokens of papers it is shown at a time at most, None for as many as fit into its context.
        """
        self._evidence = evidence
        self._model = model
        self._prompts = prompts
        self._meter = meter
        self._progress = progress
        self._has_read = False  # a reply

    def judge(self, question: str, judgements: Sequence[Judgement]) -> Iterator[ModelVerdict]:
        """A verdict for each of the papers, in order. Raises ModelError, also where no reply can be read."""
        yield from self._in_batches(question, judgements)
        if judgements and not self._has_read:
            raise ModelBrokenError(
                f"{self._model.name} wrote no verdicts that can be read.", hint="Use another model (--llm)."
            )

    def _in_batches(
        self, question: str, judgements: Sequence[Judgement], most: int | None = None
    ) -> Iterator[ModelVerdict]:
        done = 0
        while done < len(judgements):
            self._progress("The model is judging papers", done, len(judgements))
            shown = self._shown(question, judgements[done : done + _BATCH], most)
            batch = judgements[done : done + len(shown.papers)]
            try:
                yield from self._judged(question, batch, shown, _at(self._progress, done, len(judgements)))
            except ContextOverflowError:
                if len(batch) == 1:
                    raise
                yield from self._in_batches(question, batch, shown.tokens // 2)
            done += len(batch)

    def _shown(self, question: str, judgements: Sequence[Judgement], most: int | None = None) -> ShownPapers:
        """As many of the papers as fit into the model's context with enough of each, at least one."""
        room = self._model.room(self._prompts["judge"].fill({"question": question, "papers": ""}))
        budget = min(value for value in (room, self._evidence, most) if value is not None)
        count = max(1, budget // _ENOUGH)
        return show([_source(judgement) for judgement in judgements[:count]], budget, tokens, each=True)

    def _judged(
        self, question: str, batch: Sequence[Judgement], shown: ShownPapers, progress: Progress
    ) -> Iterator[ModelVerdict]:
        given = self._asked(question, batch, shown, progress)
        self._has_read |= bool(given)
        missing = [n for n in range(len(batch)) if n not in given or _lacks_quote(given[n])]
        if given and missing:  # asked once more
            some = [batch[n] for n in missing]
            again = self._shown(question, some)
            verdicts = self._asked(question, some[: len(again.papers)], again, progress)
            given |= {missing[n]: verdict for n, verdict in verdicts.items()}
        for number, judgement in enumerate(batch):
            yield _verdict(judgement, *given.get(number, ("unclear", "")))

    def _asked(
        self, question: str, batch: Sequence[Judgement], shown: ShownPapers, progress: Progress
    ) -> dict[int, tuple[str, str]]:
        """What the model says of the papers of a batch, by their places in it."""
        messages = self._prompts["judge"].fill({"question": question, "papers": shown.text})
        self._meter.count_evidence(shown.tokens)
        written = self._model.say(messages, self._meter, progress, REPLY_SCHEMA)
        given = read_verdicts(written, [j.paper.title for j in batch])
        return {number - 1: verdict for number, verdict in given.items() if 1 <= number <= len(batch)}


def _at(progress: Progress, done: int, total: int) -> Progress:
    """The progress of a model, with how many papers are judged."""
    return lambda stage, _, __: progress(stage, done, total)


def find_quote(quote: str, paper: Paper) -> Passage | None:
    """Where a quote stands in an abstract; only white space and the signs around it may differ.

    Of a quote that goes over a gap in what was shown, the longest part.
    """
    words = max(quote.split(GAP), key=len).strip(" \t\r\n\"'“”‘’.…").split()
    if len(words) < _SHORTEST_QUOTE:
        return None
    match = re.search(r"\s+".join(map(re.escape, words)), paper.abstract)
    return Passage(paper.id, match.start(), match.end()) if match else None


def _lacks_quote(given: tuple[str, str]) -> bool:
    verdict, quote = given
    return verdict in ("match", "mention") and not quote.strip()


def _verdict(judgement: Judgement, verdict: str, quote: str) -> ModelVerdict:
    """What a verdict comes to; for a quote that is none, or the title, the passage of the scores stands in."""
    if verdict == "no":
        return ModelVerdict(judgement)
    if _words(re.sub(r"^\W*\d+\W", "", quote)) == _words(judgement.paper.title):
        quote = ""
    passage = find_quote(quote, judgement.paper) if verdict != "unclear" else None
    if _lacks_quote((verdict, quote)):
        return ModelVerdict(judgement, Relevance(verdict), judgement.passage)
    if passage is None:
        return ModelVerdict(judgement, unclear=True)
    return ModelVerdict(judgement, Relevance(verdict), passage, is_quoted=True)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _source(judgement: Judgement) -> Source:
    """A paper with its sentences; the likeliest evidence is the decisive passage, then those nearest to the topic."""
    abstract = judgement.paper.abstract
    spans = sentences(abstract)
    likely = (judgement.passage, *judgement.nearest)

    def score(start: int, end: int) -> float:
        overlaps = (n for n, p in enumerate(likely) if p.start < end and start < p.end)
        return float(len(likely) - next(overlaps, len(likely)))

    texts = tuple(abstract[start:end] for start, end in spans)
    return Source(judgement.paper.id, judgement.paper.title, texts, tuple(score(*span) for span in spans))
