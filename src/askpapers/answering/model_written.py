"""Answers by a language model: it is shown numbered abstracts and writes; what it writes is checked elsewhere."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

from llama_index.core.schema import NodeWithScore

from askpapers.answering.draft import WrittenStatement
from askpapers.answering.evidence import PaperText, read_nodes
from askpapers.answering.thoughts import Void
from askpapers.answering.writing import SHAPE, AnswerReader, Refused, Written
from askpapers.errors import ContextOverflowError, ModelBrokenError, ModelCutShortError
from askpapers.llm.model import Mark, Model, Told
from askpapers.llm.usage import Meter, tokens
from askpapers.prompts import Prompts

_LEAST = 120  # tokens of an abstract that are shown, however small the context

Piece = str | WrittenStatement | Refused | Mark


class ModelSynthesizer:
    """Lets a model write from the nodes of `PaperRetriever`."""

    def __init__(self, model: Model, prompts: Prompts, meter: Meter, told: Told) -> None:
        """Write with a model; `meter` counts its tokens and `told` hears of waits."""
        self._model = model
        self._prompts = prompts
        self._meter = meter
        self._told = told

    def write(self, question: str, nodes: Sequence[NodeWithScore]) -> Generator[Piece, None, None]:
        """What the model writes: words as they come, each sentence when it ends, a refusal, a restart, a cut.

        Where the sources overflow the model's context, half of them are left out and it begins again. Raises
        ModelError.
        """
        papers = list({s.paper.id: s.paper for s in read_nodes(nodes)}.values())
        whole = len(papers)
        while True:
            shown = self._fitting(question, papers)
            given = False
            try:
                for piece in self._write(question, shown):
                    given = True
                    yield piece
                if len(papers) < whole:
                    spec = self._model.spec
                    self._meter.note(
                        f"{len(shown)} of {whole} sources fit into the context of {spec}; it read no others."
                    )
                return
            except ContextOverflowError:
                if len(shown) < 2:
                    raise
                papers = shown[: len(shown) // 2]
                if given:
                    yield Mark.RESTART

    def _write(self, question: str, papers: Sequence[PaperText]) -> Iterator[Piece]:
        messages = self._messages(question, papers)
        reader, cut, wrote, read = AnswerReader(), False, False, False
        for piece in self._model.write(messages, self._meter, self._told, SHAPE):
            if piece is Mark.RESTART:
                reader, wrote, read = AnswerReader(), False, False
                yield piece
            elif piece is Mark.CUT:
                cut = True
            elif isinstance(piece, str):
                wrote = True
                for part in reader.feed(piece):
                    read = not isinstance(part, Void) and (read or not isinstance(part, str))
                    yield _resolved(part, papers)
        for part in reader.finish(cut=cut):
            read = not isinstance(part, Void) and (read or not isinstance(part, str))
            yield _resolved(part, papers)
        if cut and not read:
            raise ModelCutShortError(
                f"{self._model.spec} reached the longest answer before its first sentence ended.",
                hint="Use a model that does not think aloud so long, or ask a narrower question.",
            )
        if wrote and not read:
            raise ModelBrokenError(
                f"{self._model.spec} wrote what is neither prose nor the JSON that was asked for.",
                hint="Use another model (--llm).",
            )
        if cut:
            yield Mark.CUT

    def _messages(self, question: str, papers: Sequence[PaperText]) -> list[tuple[str, str]]:
        sources = "\n\n".join(f"[{n}] {_shown(paper)}" for n, paper in enumerate(papers, start=1))
        return self._prompts["answer"].fill({"question": question, "sources": sources})

    def _fitting(self, question: str, papers: Sequence[PaperText]) -> list[PaperText]:
        """The first papers, as many as fit into the model's context; of a single one that does not, the beginning."""
        room = self._model.room(self._messages(question, []))
        fitting: list[PaperText] = []
        for paper in papers:
            size = tokens(_shown(paper))
            if size > room:
                return fitting or [_cut(paper, max(room, _LEAST) / size)]
            fitting.append(paper)
            room -= size + 8
        return fitting


def _cut(paper: PaperText, share: float) -> PaperText:
    return PaperText(paper.id, paper.title, paper.text[: int(len(paper.text) * share)], paper.score)


def _shown(paper: PaperText) -> str:
    """A paper as the model sees it, on two lines, so that no text of it begins a line with a number of its own."""
    return f"{' '.join(paper.title.split())}\n{' '.join(paper.text.split())}"


def _resolved(part: str | Written | Refused | Void, papers: Sequence[PaperText]) -> Piece:
    if isinstance(part, Void):
        return Mark.RESTART
    if not isinstance(part, Written):
        return part
    known = [n for n in part.sources if 1 <= n <= len(papers)]
    unknown = tuple(n for n in part.sources if n not in known)
    return WrittenStatement(part.text, tuple(papers[n - 1].id for n in known), unknown)
