"""What is exported: papers under keys of their own, each with what an answer quotes of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from askpapers.corpus.names import read_name
from askpapers.datatypes import Answer, CitedPaper, Paper, Quote, Verdict
from askpapers.export.values import authors_of, date_of, one_line, value
from askpapers.text import folded, terms

_LONGEST_PART = 30  # characters of the author, or of the word of the title, in a key that is made
_WORDS = {Verdict.SUPPORTED: "supported", Verdict.PARTIAL: "partly supported", Verdict.UNSUPPORTED: "unsupported"}


def place_of(quote: Quote) -> str:
    """Where a quote stands: the file, the line on which the abstract begins, the characters of the abstract."""
    return f"{one_line(quote.source.file)}:{quote.source.line}, characters {quote.start}–{quote.end}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A quote of a paper, the question that it was quoted for, and the verdict.

    Of a survey the verdict is on the paper ("match", "mention"; of a yes/no question "yes", "no", "mixed"), of another
    answer on the statement that cites the quote ("supported", "partly supported; not in the source: 44%"). `statement`
    is empty where the quote is all that is stated. `confidence` is that of a survey in the paper, 0.0 to 1.0.
    """

    question: str
    verdict: str
    statement: str
    quote: Quote
    confidence: float | None = None

    @property
    def note(self) -> str:
        """All of it on one line, for the note of a reference manager."""
        verdict = f"{self.verdict}: " if self.verdict else ""
        statement = f"{one_line(self.statement)} " if self.statement else ""
        return f"{one_line(self.question)} – {verdict}{statement}“{one_line(self.quote.text)}” ({place_of(self.quote)})"


@dataclass(frozen=True, slots=True)
class Entry:
    """A paper as an entry of a bibliography. No other entry has its key, whatever the case of letters.

    `labels` are further tags, and `remarks` further notes.
    """

    key: str
    paper: Paper
    evidence: tuple[Evidence, ...] = ()
    labels: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be read beside the paper: a notice of retraction, then a line for each quote."""
        details = self.paper.metadata.notice_details
        told = f"{self.paper.mark.capitalize()}{f' ({details})' if details else ''}."
        marked = (one_line(told),) if self.paper.mark else ()
        return (*marked, *(evidence.note for evidence in self.evidence), *self.remarks)

    @property
    def tags(self) -> tuple[str, ...]:
        """The paper's categories and tags, its notice, and the verdicts on it as "askpapers: match"."""
        metadata = self.paper.metadata
        verdicts = (f"askpapers: {e.verdict.partition(';')[0]}" for e in self.evidence if e.verdict)
        tags = (
            one_line(tag) for tag in (*metadata.categories, *metadata.tags, self.paper.mark, *verdicts, *self.labels)
        )
        return tuple(dict.fromkeys(tag for tag in tags if tag))


def entries_of_papers(papers: Iterable[Paper]) -> tuple[Entry, ...]:
    """An entry for each paper, in order."""
    return _entries((paper, ()) for paper in papers)


def entries_of_answers(answers: Sequence[Answer]) -> tuple[Entry, ...]:
    """An entry for each paper that an answer cites, once however many do, with all that they quote of it."""
    papers: dict[str, Paper] = {}
    evidence: dict[str, list[Evidence]] = {}
    for answer in answers:
        quotes = {citation.number: citation.quote for citation in answer.citations}
        for found in answer.papers:
            papers.setdefault(found.paper.id, found.paper)
            cited = evidence.setdefault(found.paper.id, [])
            cited += (e for number in found.citations for e in _evidence(answer, found, number, quotes[number]))
    return _entries((paper, tuple(dict.fromkeys(evidence[key]))) for key, paper in papers.items())


def _evidence(answer: Answer, found: CitedPaper, number: int, quote: Quote) -> Iterator[Evidence]:
    statements = [statement for statement in answer.statements if number in statement.citations]
    if found.relevance or not statements:
        yield Evidence(answer.question, str(found.stance or found.relevance or ""), "", quote, found.confidence)
        return
    for statement in statements:
        missing = f"; not in the source: {', '.join(statement.missing)}" if statement.missing else ""
        said = "" if one_line(statement.text) == one_line(quote.text) else statement.text
        yield Evidence(answer.question, one_line(_WORDS[statement.verdict] + missing), said, quote)


def _entries(papers: Iterable[tuple[Paper, tuple[Evidence, ...]]]) -> tuple[Entry, ...]:
    papers = list(papers)
    keys = unique_keys([cite_key(paper) for paper, _ in papers])
    return tuple(Entry(key, paper, found) for key, (paper, found) in zip(keys, papers, strict=True))


def cite_key(paper: Paper) -> str:
    """The record's own key; else one of first author, year and title, "moss2022glass"; where there are none, its id."""
    if paper.metadata.key:
        return paper.metadata.key
    authors = authors_of(paper)[:1]
    people = authors if any(author.given for author in authors) else [p for a in authors for p in read_name(a.family)]
    title = [word for word in _key_words(paper.title) if terms(word)]
    first = "".join(_key_words(people[0].family)) if people else ""
    first = first or (title.pop(0) if title else "")
    parts = (first, *date_of(paper)[:1], *title[:1])
    return "".join(part[:_LONGEST_PART] for part in parts) if first else paper.id


def _key_words(text: str) -> list[str]:
    """The words of a text as a key has them: small letters and digits of ASCII."""
    words = (re.sub(r"[^a-z0-9]", "", word) for word in folded(text).casefold().split())
    return [word for word in words if word]


def unique_keys(wanted: Sequence[str]) -> list[str]:
    """Legal cite keys, as near to those that are wanted as can be; of two that are alike the second gets a letter.

    Keys that differ in the case of letters only are alike: BibTeX takes them for one.
    """
    legal = [_legal(key) for key in wanted]
    reserved = {key.casefold() for key in legal}
    used: set[str] = set()
    keys = []
    next_suffix: dict[str, int] = {}
    for key in legal:
        own = key
        if key.casefold() in used:
            number = next_suffix.get(key.casefold(), 0)
            while (own := key + _letters(number)).casefold() in reserved:
                number += 1
            next_suffix[key.casefold()] = number + 1
        used.add(own.casefold())
        reserved.add(own.casefold())
        keys.append(own)
    return keys


def _legal(key: str) -> str:
    """The key without what BibTeX, LaTeX and RIS take for something else: blanks, braces, commas, quotes."""
    return re.sub(r"[^\w.:/+*!?-]", "-", value(key)) or "paper"


def _letters(number: int) -> str:
    """A, b, ..., z, aa, ab and so on."""
    letters = ""
    number += 1
    while number:
        number, letter = divmod(number - 1, 26)
        letters = chr(ord("a") + letter) + letters
    return letters
