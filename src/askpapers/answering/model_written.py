"""Answers by a language model: it is shown numbered abstracts and writes; what it writes is checked elsewhere."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from llama_index.core.schema import NodeWithScore

from askpapers.answering.draft import WrittenStatement
from askpapers.answering.evidence import Sentence, read_nodes
from askpapers.errors import ContextOverflowError, ModelBrokenError, ModelCutShortError
from askpapers.llm.model import Mark, Model
from askpapers.llm.usage import Meter, tokens
from askpapers.progress import Progress
from askpapers.prompts import Prompts
from askpapers.replies.cited_sources import Sources
from askpapers.replies.prose import CitedSentence, Discarded
from askpapers.replies.shown import ShownPaper, ShownPapers, Source, show
from askpapers.replies.thoughts import Void
from askpapers.replies.writing import REPLY_SCHEMA, AnswerReader, Part, Refused

_MOST_REQUESTS = 4  # until an overflow is given up

Piece = str | WrittenStatement | Refused | Discarded | Mark


class ModelSynthesizer:
    """Lets a model write from the nodes of `PaperRetriever`."""

    def __init__(
        self,
        model: Model,
        prompts: Prompts,
        meter: Meter,
        progress: Progress,
        evidence: int | None = None,
        *,
        schema: bool = True,
    ) -> None:
        """Write with a model; `meter` counts its tokens and `progress` is called while it waits.

        `evidence` is how many tokens of papers it is shown at most, None for as many as fit into its context.
        `schema`: whether it is asked for JSON, where its server offers that.
        """
        self._schema = REPLY_SCHEMA if schema else None
        self._evidence = evidence
        self._model = model
        self._prompts = prompts
        self._meter = meter
        self._progress = progress

    def write(self, question: str, nodes: Sequence[NodeWithScore]) -> Generator[Piece, None, None]:
        """What the model writes: words as they come, each sentence when it ends, a refusal, a restart, a cut.

        Where the sources overflow the model's context, it begins again with what fits into the context as the server
        tells it, and with half of them at most. Raises ModelError.
        """
        papers = _sources_of(read_nodes(nodes))
        if not papers:
            return
        shown = self._shown(papers, question)
        for left in reversed(range(_MOST_REQUESTS)):
            given = False
            try:
                for piece in self._write(question, shown):
                    given = True
                    yield piece
            except ContextOverflowError:
                fewer = self._shown(papers, question, shown.tokens // 2)  # in the context that is known now
                if not left or fewer == shown:
                    raise
                shown = fewer
                if given:
                    yield Mark.RESTART
                continue
            if left < _MOST_REQUESTS - 1 and len(shown.papers) < len(papers):
                self._meter.note(
                    f"{len(shown.papers)} of {len(papers)} sources fit into the context of {self._model.name};"
                    " it read no others."
                )
            return

    def _shown(self, papers: Sequence[Source], question: str, most: int | None = None) -> ShownPapers:
        """What of the papers fits into the model's context, and into what it is to be shown at most."""
        room = self._model.room(self._messages(question, ""))
        return show(papers, min(size for size in (room, self._evidence, most) if size is not None), tokens)

    def _write(self, question: str, shown: ShownPapers) -> Iterator[Piece]:
        messages, papers = self._messages(question, shown.text), shown.papers
        self._meter.count_evidence(shown.tokens)
        sources = _sources(papers)
        reader, wrote, read = AnswerReader(sources), False, False
        cut: Mark | None = None
        for piece in self._model.write(messages, self._meter, self._progress, self._schema):
            if piece is Mark.RESTART:
                reader, wrote, read = AnswerReader(sources), False, False
                yield piece
            elif isinstance(piece, Mark):
                cut = piece
            elif isinstance(piece, str):
                wrote = True
                for part in reader.feed(piece):
                    read |= isinstance(part, CitedSentence | Refused)
                    yield _resolved(part, papers)
        for part in reader.finish(cut=cut is not None):
            read |= isinstance(part, CitedSentence | Refused)
            yield _resolved(part, papers)
        if cut is Mark.CUT and not read:
            raise ModelCutShortError(
                f"{self._model.name} reached the longest answer before its first sentence ended.",
                hint="Use a model that does not think aloud so long, or ask a narrower question.",
            )
        if wrote and not read:
            neither = "wrote what is neither prose nor the JSON that was asked for"
            did = "repeated itself and was stopped" if cut is Mark.REPEATS else neither
            raise ModelBrokenError(f"{self._model.name} {did}.", hint="Use another model (--llm).")
        if cut:
            yield cut

    def _messages(self, question: str, sources: str) -> list[tuple[str, str]]:
        return self._prompts["answer"].fill({"question": question, "sources": sources})


def _sources_of(sentences: Sequence[Sentence]) -> list[Source]:
    """The papers of retrieved sentences, best first; a sentence is the likelier evidence the nearer it is."""
    by_paper: dict[str, list[Sentence]] = {}
    for sentence in sentences:
        by_paper.setdefault(sentence.paper.id, []).append(sentence)
    found = []
    for paper, mine in by_paper.items():
        mine.sort(key=lambda s: s.passage.start)
        title, score = mine[0].paper.title, mine[0].paper.score
        found.append(Source(paper, title, tuple(s.text for s in mine), tuple(score + s.cosine for s in mine)))
    return found


def _sources(papers: Sequence[ShownPaper]) -> Sources:
    """What a model may cite where it was shown these papers: their numbers, ids and titles."""
    names: dict[str, int] = {}
    titles = [" ".join(paper.title.split()).rstrip(".").casefold() for paper in papers]
    for number, (paper, title) in enumerate(zip(papers, titles, strict=True), start=1):
        for name in (paper.id.casefold(), title, title.partition(":")[0]):
            if name and not name.isdecimal():
                names.setdefault(name, number)
    return Sources(len(papers), names, frozenset(filter(None, titles)))


def _resolved(part: Part, papers: Sequence[ShownPaper]) -> Piece:
    if isinstance(part, Void):
        return Mark.RESTART
    if not isinstance(part, CitedSentence):
        return part
    known = [n for n in part.sources if 1 <= n <= len(papers)]
    unknown = tuple(n for n in part.sources if n not in known)
    return WrittenStatement(part.text, tuple(papers[n - 1].id for n in known), unknown)
