"""Finds the reply to what is no question about what papers say: help, another language, a year, an unknown id."""

from __future__ import annotations

import re
from collections import Counter

from askpapers.answering.guidance import Guidance
from askpapers.answering.language import foreign_language
from askpapers.answering.named_papers import find_named, nearest_ids
from askpapers.answering.query import Query
from askpapers.corpus.titles import introduced_names
from askpapers.datatypes import Paper
from askpapers.index.generation import Index
from askpapers.text import plain, words

_HELP = re.compile(
    r"\W*(?:(?:hi|hello|hey|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|thanks|thank you|thx|cheers|bye|goodbye"
    r"|ok(?:ay)?|cool|great|nice|wow|perfect|awesome|test(?:ing)?|hello world|foo|help(?: me)?(?: please)?|please|usage|start|there"
    r"|how are you(?: doing)?|(?:and )?(?:what|how) can (?:you|i|this|it|we|one)(?: \w+)? (?:do|ask|use)(?: here| you| this| it)?(?: for me)?"
    r"|what (?:do|are) you(?: do)?|who (?:are|made|built) you|what is this(?: tool| page)?|how (?:do i|to|does) (?:use )?(?:this|it|you)(?: works?)?"
    r"|what (?:questions|kinds? of questions)? ?(?:can|should|could) i ask(?: you)?|what can i ask(?: you)?|are you (?:there|a bot|an ai|human|chatgpt)"
    r"|so much|very much|a lot|again|in advance|that helps?|!|\?)\W*)*",
    re.IGNORECASE,
)
_KEYS = re.compile(
    r"(?:asdf|sdfg|dfgh|fghj|ghjk|hjkl|jkl|qwer|wert|rtyu|tyui|uiop|zxcv|xcvb|cvbn|vbnm|(.)\1{3,}|[bcdfghjklmnpqrstvwxz]{6,})",
    re.I,
)
_PUBLISHED = re.compile(
    r"^(?:when (?:was|were|did|is)|(?:in )?(?:what|which) year (?:was|is|did|were|does)|how old is|what is the (?:year|publication (?:date|year)|date) of"
    r"|(?:year|date|publication (?:date|year)) of)\b(?P<rest>.*?)"
    r"(?:\b(?:published|released|written|from|come out|came out|appear|out|introduced|made|announced|put out|posted|date)\b.*)?$",
    re.IGNORECASE,
)
_ONLY_PAPERS = re.compile(
    r"\W*(?:(?:what|which|show|list|is|are|me|the|find|give|of|all|in|this|corpus|here|you|have|do|papers?|articles?|works?|s|one|my|collection|published)\W+)*",
    re.I,
)
_LISTED = 5
_SAMPLE = 100  # papers that are looked at for examples


def guide(query: Query, index: Index) -> Guidance | None:
    """The reply to what is no question about what papers say; None where it is one."""
    if _HELP.fullmatch(query.typed) or _is_noise(query.typed):
        return Guidance(_help(index), "help", answered=True)
    if language := foreign_language(query.typed):
        return Guidance(
            f"This question seems to be in {language}. Only English is read here: ask it in English.",
            "language",
            answered=False,
        )
    if query.named.unknown and not query.named.papers:
        return _unknown(query.named.unknown[0], index)
    return _published(query, index) or _extreme(query, index)


def _is_noise(text: str) -> bool:
    """Whether it is keys struck at random."""
    found = [word for word, _, _ in words(text) if word.isalpha()]
    return bool(found) and all(word.islower() and _KEYS.match(word) for word in found)


def _unknown(paper: str, index: Index) -> Guidance:
    nearest = nearest_ids(paper, index)
    lines = [f"No paper here has the id {paper}.", "The nearest ids:", *(f"  {_listed(p)}" for p in nearest)]
    return Guidance("\n".join(lines), "metadata", answered=False)


def _published(query: Query, index: Index) -> Guidance | None:
    """The year of a paper that the question names, or that introduces what it names."""
    match = _PUBLISHED.match(query.text.rstrip("?")) or _PUBLISHED.match(query.typed.rstrip("?"))
    if match is None:
        return None
    papers = (
        query.named.papers
        or find_named(f"the paper {match['rest'].strip()}", index).papers
        or _introducing(match["rest"], index)
    )
    if not papers:
        return None
    paper = papers[0]
    year = f"is from {paper.year}" if paper.year else "has no year in this corpus"
    return Guidance(f"“{plain(paper.title)}” ({paper.id}) {year}.", "metadata", answered=True, papers=(paper,))


def _introducing(name: str, index: Index) -> tuple[Paper, ...]:
    wanted = {word for word, _, _ in words(name.casefold())} - {"the", "paper", "a", "an", "it", "first"}
    if not wanted:
        return ()
    found = [
        paper
        for paper in index.papers
        if any({w for w, _, _ in words(n.casefold())} == wanted for n in introduced_names(paper.abstract))
        or wanted == {w for w, _, _ in words(paper.title.partition(":")[0].casefold())}
    ]
    return tuple(found[:1]) if len(found) == 1 else ()


def _extreme(query: Query, index: Index) -> Guidance | None:
    """The newest or oldest papers of the corpus, where no topic is named."""
    if query.newest is None or not _ONLY_PAPERS.fullmatch(f"{query.text} "):
        return None
    dated = sorted((p for p in index.papers if p.year), key=lambda p: -(p.year or 0) if query.newest else (p.year or 0))
    if not dated:
        return Guidance("No paper here has a year.", "metadata", answered=False)
    papers = [paper for paper in dated if paper.year == dated[0].year]
    kind = "newest" if query.newest else "oldest"
    more = [f"  and {len(papers) - _LISTED:,} more"] if len(papers) > _LISTED else []
    lines = [f"The {kind} of this corpus, from {dated[0].year}:", *(f"  {_listed(p)}" for p in papers[:_LISTED]), *more]
    if missing := len(index.papers) - len(dated):
        lines.append(f"{missing:,} of {len(index.papers):,} papers have no year.")
    return Guidance("\n".join(lines), "metadata", answered=True, papers=tuple(papers[:_LISTED]))


def _listed(paper: Paper) -> str:
    return f"{paper.id}  {plain(paper.title)}" + (f" ({paper.year})" if paper.year else "")


def _help(index: Index) -> str:
    """What can be asked, with examples of this corpus."""
    papers = [index.papers.at(row) for row in range(min(len(index.papers), _SAMPLE))]
    pairs = Counter(pair for paper in papers for pair in set(_pairs(paper.abstract)))
    often = [pair for pair, count in pairs.most_common(50) if 1 < count <= max(2, len(papers) // 3)]
    names = [name for paper in papers for name in introduced_names(paper.abstract)[:1] if len(name.split()) == 1]
    examples = [f"which papers study {often[0]}?"] if often else []
    examples += [f"what is {names[0]}?"] if names else []
    if papers:
        examples += [f"summarise paper {papers[0].id}", "what is the newest paper?"]
    return "\n".join(
        [
            f"Ask about the {len(index.papers):,} papers of this corpus; every sentence of an answer has its quote. For example:",
            *(f"  {example}" for example in examples),
        ]
    )


def _pairs(text: str) -> list[str]:
    return [f"{one} {other}" for one, other in re.findall(r"\b(?=([a-z]{7,}) ([a-z]{6,})\b)", text)]
