"""The papers that a question names, by id, web address, DOI or title, and what it asks of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest

import numpy as np

from askpapers.answering.question_words import OVERVIEW_STEMS
from askpapers.answering.spelling import distance
from askpapers.answering.vocabulary import CorpusWords
from askpapers.corpus.titles import introduced_names
from askpapers.datatypes import Paper
from askpapers.identifiers import arxiv_of, dois_in
from askpapers.index.generation import Index
from askpapers.text import stem, terms, words

_ADDRESS = r"(?:(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/|(?:https?://)?(?:dx\.)?doi\.org/|doi: ?|arxiv(?: id)?[: ] ?)"
_ID = re.compile(
    rf"(?P<place>{_ADDRESS})?(?:10\.48550/arxiv\.)?(?P<id>\d{{4}}\.\d{{4,5}})(?:v\d+)?(?:\.pdf)?(?![\d.]*\d)",
    re.IGNORECASE,
)
# Other ids (smith2020, PMC123) may be any word or number: only one that is called a paper's, or stands alone, is one.
_OTHER_ID = re.compile(
    r"(?:\b(?:papers?|articles?|abstracts?|preprints?|pmid|id):? [\"']?|^[\"'(]?)(?P<id>[\w.:/-]++)", re.IGNORECASE
)
_FRAME = re.compile(
    r"\b(?:(?:in|of|from|for|by|about) )?(?:the |this |that )?(?:(?:arxiv )?(?:papers?|preprint|article|abstract|work|id|paper id)"
    r"(?: (?:called|titled|named|entitled|with (?:the )?id))?[:,]? )?[\"']?$",
    re.IGNORECASE,
)
_FEWEST_WORDS = 3  # of a title that is no phrase
_TRIED = 25  # papers whose titles are compared
_NEAREST = 3
_BEGINNING = 4  # letters of an id: year and month of arXiv's


@dataclass(frozen=True, slots=True)
class NamedPapers:
    """The papers named, the question without their names, and the ids that no paper has.

    `asked` is what is looked for in the papers: titles have words that a search can use, ids have none.
    """

    papers: tuple[Paper, ...]
    rest: str
    unknown: tuple[str, ...] = ()
    asked: str = ""

    @property
    def asks_overview(self) -> bool:
        """Whether nothing more is asked than what the papers say."""
        return bool(self.papers) and all(stem(word.casefold()) in OVERVIEW_STEMS for word, _, _ in words(self.rest))


def find_named(question: str, index: Index) -> NamedPapers:
    """Find the papers that a question names."""
    found, unknown, rest = list[Paper](), list[str](), question
    for name, start, end in sorted(_ids_in(question), key=lambda found: -found[1]):
        papers = index.papers.named(name) or [p for p in index.papers.find(name) if p.id.startswith(name)]
        found = papers[:1] + found
        if not papers:
            unknown.append(name)
        rest = _without(rest, start, end)
    for match in _OTHER_ID.finditer(question) if not found and not unknown else ():
        name = match["id"].rstrip(".:/-")
        if any(map(str.isdigit, name)) and (same := index.papers.named(name)):
            found, rest = same[:1], _without(question, match.start("id"), match.start("id") + len(name))
            break
    if not found and not unknown:
        for paper, start, end in _titled(question, index):
            return NamedPapers((paper,), _without(question, start, end), asked=question)
    rest = " ".join(rest.split())
    return NamedPapers(tuple(found), rest, tuple(unknown), asked=rest)


def find_subject(subject: str, index: Index) -> tuple[Paper, ...]:
    """The papers that the subject of a question names: by id or title, or by what one introduces ("the GLIDE paper")."""
    name = _ARTICLE.sub("", _NOUN.sub("", subject)).strip(" \"'") or subject
    return (
        find_named(subject, index).papers
        or find_named(f"the paper {name}", index).papers
        or find_named(f"the {name} paper", index).papers
        or _introducing(name, index)
        or _with_title(_ARTICLE.sub("", subject), index)
    )


def is_name(text: str, typed: str, index: Index) -> bool:
    """Whether each word was typed as names are, with a capital or a digit, or is written so by the corpus."""
    known = CorpusWords(index)
    return all(
        known.written(word) or any(sign.isupper() or sign.isdigit() for sign in typed[at : at + len(word)])
        for word in text.split()
        for at in [typed.casefold().find(word.casefold())]
    )


def _introducing(name: str, index: Index) -> tuple[Paper, ...]:
    """The only paper that introduces something by this name, or whose title begins with it."""
    wanted = {word.casefold() for word, _, _ in words(name)}
    rows = [{int(row) for row in index.words.documents_with(term)} for term in terms(name)]
    found = []
    for row in sorted(set.intersection(*rows)) if rows else ():
        paper = index.papers.at(row)
        names = [*introduced_names(paper.abstract), paper.title.partition(":")[0]]
        if any({word.casefold() for word, _, _ in words(introduced)} == wanted for introduced in names):
            found.append(paper)
    return tuple(found) if len(found) == 1 else ()


def _with_title(name: str, index: Index) -> tuple[Paper, ...]:
    """The only paper in whose title these words stand."""
    found = index.papers.find(name) if len(name.split()) >= _FEWEST_WORDS else []
    return tuple(found) if len(found) == 1 else ()


_ARTICLE = re.compile(r"^(?:the|this|that|a|an|your) ", re.IGNORECASE)
_NOUN = re.compile(
    r"^(?:the |this )?(?:papers?|articles?|work|study|abstract) (?:(?:called|titled|named|entitled) )?(?=[\"'A-Z0-9])"
    r"| (?:papers?|articles?|abstract|preprint|study|system card|data ?set|benchmark)$"
)


def _ids_in(question: str) -> Iterator[tuple[str, int, int]]:
    """The DOIs and arXiv ids in a question, and where they stand with the address before them."""
    dois = [(doi, start, end) for doi, start, end in dois_in(question) if not arxiv_of(doi)]
    for doi, start, end in dois:
        question = question[:start] + " " * (end - start) + question[end:]
        before = _DOI_ADDRESS.search(question[:start])
        yield doi, before.start() if before else start, end
    for match in _ID.finditer(question):
        yield match["id"], match.start(), match.end()


_DOI_ADDRESS = re.compile(r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|\bdoi: ?)$", re.IGNORECASE)


def _titled(question: str, index: Index) -> Iterator[tuple[Paper, int, int]]:
    """The paper with the longest title that stands in a question, and where."""
    asked = [(word.casefold(), start, end) for word, start, end in words(question)]
    scores = index.words.scores(terms(question))
    rows = np.argsort(-scores, kind="stable")[:_TRIED]
    names_a_paper = _PAPER_FOLLOWS.search(question) is not None  # else what abstracts introduce need not be looked for
    places = []
    for row in rows:
        paper = index.papers.at(int(row))
        for title in {paper.title, paper.title.partition(":")[0]}:
            wanted = [word.casefold() for word, _, _ in words(title)]
            for at in range(len(asked) - len(wanted) + 1) if wanted else ():
                if [word for word, _, _ in asked[at : at + len(wanted)]] == wanted:
                    start, end = asked[at][1], asked[at + len(wanted) - 1][2]
                    named = len(wanted) >= _FEWEST_WORDS and not (
                        title != paper.title and _is_defined(question, start, end)
                    )
                    if named or _is_called_a_paper(question, start, end):
                        places.append((len(wanted), paper, start, end))
        for name in introduced_names(paper.abstract) if names_a_paper else ():
            at = question.casefold().find(name.casefold())
            if at >= 0 and _PAPER_FOLLOWS.match(question, at + len(name)):
                places.append((1, paper, at, at + len(name)))
    if places:
        _, paper, start, end = max(places, key=lambda place: place[0])
        yield paper, start, end


_PAPER_FOLLOWS = re.compile(r"[\"']? paper\b", re.IGNORECASE)


def _is_defined(question: str, start: int, end: int) -> bool:
    """Whether a question asks what the thing is that a title begins with: "what is weak-to-strong generalization?"."""
    return bool(_WHAT_IS.fullmatch(question[:start])) and not question[end:].strip(" ?.!\"'")


_WHAT_IS = re.compile(r"\W*(?:what(?:'s| is| are)|define|explain) (?:an? |the )?[\"']?", re.IGNORECASE)


def _is_called_a_paper(question: str, start: int, end: int) -> bool:
    before, after = question[:start], question[end:]
    quoted = before[-1:] in ("'", '"') and after[:1] in ("'", '"')
    called = re.search(r"\b(?:papers?|titled|called|summar\w+(?: of)?|abstract of)[:,]? [\"']?$", before, re.IGNORECASE)
    return quoted or bool(called) or bool(re.match(r"[\"']? (?:paper|article)\b", after, re.IGNORECASE))


def _without(question: str, start: int, end: int) -> str:
    """The question without a paper's name and the words that lead to it."""
    before = _FRAME.sub("", question[:start])
    after = re.sub(r"^[\"']?(?: paper| article)?(?:[,:] ?)?", "", question[end:], flags=re.IGNORECASE)
    return " ".join(f"{before} {after}".split()).lstrip(" ,:;")


def nearest_ids(unknown: str, index: Index) -> list[Paper]:
    """The papers with the ids most like one that no paper has, of those that begin alike where there are some."""
    ids = [paper for paper, _ in index.papers.ids_and_years()]
    alike = [paper for paper in ids if paper[:_BEGINNING] == unknown[:_BEGINNING]] or ids[:_TRIED]

    def steps(paper: str) -> tuple[int, str]:
        return distance(unknown, paper[: len(unknown) + 2], 12), paper

    return [index.papers.by_id(paper) for paper in nsmallest(_NEAREST, alike, key=steps)]
