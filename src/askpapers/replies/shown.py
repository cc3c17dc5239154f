"""Which sentences of papers a model is shown: all while there is room, else the likeliest evidence. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

GAP = "[...]"
"""Stands where sentences of an abstract are left out."""

_BESIDE = 8  # tokens that a paper takes besides its text: its number, line ends
_BETWEEN = 3  # tokens that a sentence may take besides its text: a gap before it
_LEAST = 120  # tokens, of a single sentence that is longer than there is room


@dataclass(frozen=True, slots=True)
class Source:
    """A paper that may be shown: its sentences in order, and for each a score, the higher the likelier evidence."""

    id: str
    title: str
    sentences: tuple[str, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ShownPaper:
    """A paper as a model sees it, on two lines, so that no text of it begins a line with a number of its own."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class ShownPapers:
    """The papers that are shown, in order, and about how many tokens they take."""

    papers: tuple[ShownPaper, ...]
    tokens: int

    @property
    def text(self) -> str:
        """The papers with their numbers, as they stand in a prompt."""
        return "\n\n".join(f"[{number}] {paper.text}" for number, paper in enumerate(self.papers, start=1))


def show(sources: Sequence[Source], budget: int, size: Callable[[str], int], *, each: bool = False) -> ShownPapers:
    """Show papers within a budget of tokens, `size` giving those of a text.

    Where not everything fits, sentences are taken by their scores, whatever paper they are of, until one does not fit;
    with `each` only after the best sentence of each paper, in the order of the papers. So more budget only adds
    sentences. At least the best sentence of the first paper is shown, or its beginning.
    """
    whole = {place: set(range(len(source.sentences))) for place, source in enumerate(sources)}
    everything = _shown(sources, whole, size)
    if everything.tokens <= budget:
        return everything
    chosen: dict[int, set[int]] = {}
    left = budget
    for place, sentence in _by_value(sources, each=each):
        source = sources[place]
        cost = size(_line(source.sentences[sentence])) + _BETWEEN
        if place not in chosen:
            cost += size(_line(source.title)) + _BESIDE
        if cost > left:
            break
        left -= cost
        chosen.setdefault(place, set()).add(sentence)
    return _shown(sources, chosen, size) if chosen else _beginning(sources[0], budget, size)


def _by_value(sources: Sequence[Source], *, each: bool) -> list[tuple[int, int]]:
    """The sentences as (paper, sentence), in the order in which they are worth showing."""
    best = [(place, max(range(len(s.scores)), key=lambda n: s.scores[n])) for place, s in enumerate(sources)]
    first = best if each else best[:1]
    others = [(p, n) for p, s in enumerate(sources) for n in range(len(s.sentences)) if (p, n) not in first]
    return first + sorted(others, key=lambda at: -sources[at[0]].scores[at[1]])


def _shown(sources: Sequence[Source], chosen: Mapping[int, set[int]], size: Callable[[str], int]) -> ShownPapers:
    papers = tuple(_paper(source, chosen[place]) for place, source in enumerate(sources) if place in chosen)
    return ShownPapers(papers, sum(size(paper.text) + _BESIDE for paper in papers))


def _paper(source: Source, chosen: set[int]) -> ShownPaper:
    parts: list[str] = []
    last = -1
    for sentence in sorted(chosen):
        parts += [GAP] if sentence > last + 1 else []
        parts.append(_line(source.sentences[sentence]))
        last = sentence
    parts += [GAP] if last + 1 < len(source.sentences) else []
    return ShownPaper(source.id, source.title, f"{_line(source.title)}\n{' '.join(parts)}")


def _beginning(source: Source, budget: int, size: Callable[[str], int]) -> ShownPapers:
    """The beginning of the best sentence of a paper, where not even that fits."""
    best = max(range(len(source.scores)), key=lambda n: source.scores[n])
    paper = _paper(source, {best})
    share = max(budget, _LEAST) / max(size(paper.text), 1)
    cut = replace(paper, text=paper.text[: int(len(paper.text) * share)])
    return ShownPapers((cut,), size(cut.text) + _BESIDE)


def _line(text: str) -> str:
    return " ".join(text.split())
