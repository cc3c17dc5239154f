"""Checks what a draft says against the corpus: each sentence with its citations, and what papers say of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from askpapers.answering.draft import WrittenStatement
from askpapers.answering.language import foreign_language
from askpapers.datatypes import Paper, Quote, Verdict, quote_of
from askpapers.drafts.citations import find_marks
from askpapers.drafts.claims import DraftSentence, Part, read_sentences
from askpapers.drafts.contradiction import contradicts, opposing_sentence, shared_terms
from askpapers.drafts.decimal_commas import has_decimal_commas, with_decimal_points
from askpapers.drafts.draft import Draft, DraftFile, Kind
from askpapers.drafts.finding import PaperFinder, Resolved
from askpapers.drafts.findings import CheckedPart, CheckedSentence, DraftCheck, Finding
from askpapers.drafts.marks import Cited, Mark
from askpapers.drafts.repeats import cited_last, follow, notes_that_cite
from askpapers.grounding.decisive import find_grounds
from askpapers.grounding.names import missing_names
from askpapers.grounding.read_check import ReadingCheck
from askpapers.grounding.support import Support, find_faults, nearest
from askpapers.index.acronyms import with_acronyms
from askpapers.index.embedder import Embedder
from askpapers.index.generation import Index
from askpapers.progress import Progress
from askpapers.retrieval import search
from askpapers.text import folded
from askpapers.text.aims import is_aim

_OF_THE_SAME = 0.5  # of the terms of a statement, by the whole of a cited paper
_PARTLY = 0.6  # of a statement's terms in one sentence
_NEAR = 0.4  # of them: less is not worth showing
_LOOKED_INTO = 8  # papers that may say what the cited one does not
_MAY_CONTRADICT = 3  # papers that may say the opposite of what cites nothing
_PART_FOREIGN = 0.5  # of the sentences
_SAMPLE = 40  # sentences whose language is looked at
_STAGE = "Checking"


def check_draft(
    draft: Draft,
    index: Index,
    embedder: Embedder,
    check: ReadingCheck,
    progress: Progress,
) -> DraftCheck:
    """Check every sentence of a draft that claims something; `progress` is told of each."""
    finder = PaperFinder(index, draft.bibliography)
    checker = _Checker(index, embedder, check, finder)
    found = list[tuple[DraftFile, DraftSentence]]()
    for file in draft.files:
        prose = [block for block in file.blocks if block.kind is Kind.PROSE]
        marked = [(block, find_marks(block, draft.bibliography, finder.is_known)) for block in prose]
        notes, last = dict(notes_that_cite(marked)), tuple[Cited, ...]()
        for block, marks in marked:
            marks = follow(marks, block, notes, last)
            last = cited_last(marks, last)
            if block.label in notes:
                continue
            own = [mark for mark in marks if not mark.cited or checker.is_citation(mark)]
            found += [(file, sentence) for sentence in read_sentences(block, own)]
    passed_over = Counter(sentence.passed_over for _, sentence in found if sentence.passed_over)
    passed_over.update(draft.left_out)
    claims = [(file, sentence) for file, sentence in found if not sentence.passed_over]
    checker.learn_names([sentence for _, sentence in claims])
    commas = has_decimal_commas(part.statement for _, sentence in claims for part in sentence.parts)
    checked = []
    for number, (file, sentence) in enumerate(claims):
        progress(_STAGE, number, len(claims))
        parts = tuple(
            checker.check(replace(part, statement=with_decimal_points(part.statement)) if commas else part)
            for part in sentence.parts
        )
        places = sentence.block.places
        start, end = places[sentence.start], places[sentence.end]
        end = start + len(file.text[start:end].rstrip())
        name = "" if file is draft.files[0] else file.name
        checked.append(CheckedSentence(file.text[start:end], start, end, file.line(start), parts, name))
    progress(_STAGE, len(claims), len(claims))
    remarks = (*draft.notes, *index.notes, *_notes(draft, [sentence for _, sentence in found], len(claims)))
    return DraftCheck(draft, tuple(checked), dict(passed_over), checker.papers, remarks)


def _notes(draft: Draft, found: Sequence[DraftSentence], claims: int) -> Iterator[str]:
    if not claims:
        yield "No sentence of the draft claims something that papers could support."
    texts = [sentence.block.text[sentence.start : sentence.end] for sentence in found[:_SAMPLE]]
    languages = Counter(filter(None, map(foreign_language, texts)))
    if texts and languages.total() > _PART_FOREIGN * len(texts):
        language = languages.most_common(1)[0][0]
        yield f"The draft is in {language}: the check reads English, and what it finds here is not to be relied on."


class _Checker:
    """Checks parts of sentences, and remembers the papers and what the draft calls them."""

    def __init__(self, index: Index, embedder: Embedder, check: ReadingCheck, finder: PaperFinder) -> None:
        self._index = index
        self._embedder = embedder
        self._check = check
        self._finder = finder
        self._names: dict[str, set[str]] = {}
        self._found: dict[Cited, Resolved | None] = {}
        self.papers: dict[str, Paper] = {}

    def learn_names(self, sentences: Sequence[DraftSentence]) -> None:
        """Learn what the draft calls the works that it cites: "Whisper [12]"."""
        for part in (part for sentence in sentences for part in sentence.parts if part.name):
            for resolved in self._resolved(part)[:1]:
                if resolved.paper:
                    self._names.setdefault(resolved.paper.id, set()).add(part.name)

    def is_citation(self, mark: Mark) -> bool:
        """Whether a mark cites something: a link to a page that no paper has does not, nor does a footnote."""
        return any(self._resolve(cited) for cited in mark.cited)

    def check(self, part: Part) -> CheckedPart:
        """Check one part."""
        citations = self._resolved(part)
        cited = list(dict.fromkeys(citation.paper.id for citation in citations if citation.paper))
        if citations and not cited:
            return self._elsewhere(part.statement, citations, cited) or self._unknown(part.statement, citations)
        if not cited:
            return self._elsewhere(part.statement, (), ()) or self._nowhere(part.statement, ())
        best = self._against_cited(part.statement, citations, cited)
        if best.finding is Finding.SUPPORTED and self._are_of_something_else(part.statement, cited):
            return self._elsewhere(part.statement, citations, cited) or best
        if best.finding in (Finding.SUPPORTED, Finding.CONTRADICTED):
            unknown = [citation for citation in citations if not citation.paper]
            return (
                replace(best, finding=Finding.CITATION_UNKNOWN)
                if unknown and best.finding is Finding.SUPPORTED
                else best
            )
        return self._elsewhere(part.statement, citations, cited) or best

    def _resolved(self, part: Part) -> tuple[Resolved, ...]:
        every = (self._resolve(cited) for mark in part.marks for cited in mark.cited)
        return tuple(dict.fromkeys(resolved for resolved in every if resolved))

    def _resolve(self, cited: Cited) -> Resolved | None:
        if cited not in self._found:
            self._found[cited] = self._finder.find(cited)
        return self._found[cited]

    def _paper(self, paper: str) -> Paper:
        if paper not in self.papers:
            self.papers[paper] = self._index.papers.by_id(paper)
        return self.papers[paper]

    def _against_cited(self, statement: str, citations: tuple[Resolved, ...], cited: list[str]) -> CheckedPart:
        said = self._in_their_words(statement, cited)
        grounds = find_grounds(WrittenStatement(said, tuple(cited)), (), self._paper, self._check)
        quotes = tuple(quote_of(self._paper(p.paper), p.start, p.end) for p in grounds.passages)
        support = grounds.support
        if support.verdict is Verdict.SUPPORTED and not self._only_aimed_at(said, quotes):
            return CheckedPart(statement, Finding.SUPPORTED, citations, quotes, support=support.score)
        for paper in map(self._paper, cited):
            if contradicts(said, paper, self._check):
                against = _quotes_of(opposing_sentence(said, paper), paper)
                missing = _missing(said, [paper], support)
                return CheckedPart(statement, Finding.CONTRADICTED, citations, against, missing, support.score)
        papers = [self._paper(paper) for paper in cited]
        near = max(shared_terms(said, quote.text) for paper in papers for quote in _nearest_quote(said, paper))
        is_partly = support.verdict is Verdict.PARTIAL or near >= _PARTLY
        finding = Finding.PARTLY if is_partly else Finding.NOT_IN_CORPUS
        missing = _missing(said, papers, support)
        return CheckedPart(
            statement, finding, citations, quotes or _nearest_quote(said, papers[0]), missing, support.score
        )

    def _only_aimed_at(self, statement: str, quotes: Sequence[Quote]) -> bool:
        """Whether a statement stands on what a paper set out to find out, and what that found is the contrary."""
        aims = (self._paper(quote.paper) for quote in quotes if is_aim(quote.text))
        return any(contradicts(statement, paper, self._check) for paper in aims)

    def _are_of_something_else(self, statement: str, cited: Sequence[str]) -> bool:
        """Whether papers do not even have most words of a statement: a reader takes one finding for another then."""
        said = self._in_their_words(statement, cited)
        papers = (self._paper(paper) for paper in cited)
        return max(shared_terms(said, f"{paper.title}. {paper.abstract}") for paper in papers) < _OF_THE_SAME

    def _in_their_words(self, statement: str, cited: Sequence[str]) -> str:
        """The statement with the acronyms of the cited works, and "the model" for a name that only the draft gives one.

        A paper spells its acronyms out once: its findings have the short forms.
        """
        for paper in map(self._paper, cited):
            statement = with_acronyms(statement, paper.abstract)
            there = folded(f"{paper.title} {paper.abstract}").casefold()
            for name in sorted(self._names.get(paper.id, ()), key=len, reverse=True):
                if folded(name).casefold() not in there:
                    begins = statement.startswith(name)
                    statement = statement.replace(name, "the model")
                    statement = "T" + statement[1:] if begins else statement
        return statement

    def _elsewhere(self, statement: str, citations: tuple[Resolved, ...], cited: Sequence[str]) -> CheckedPart | None:
        """What another paper has for a statement, where it supports it as a whole."""
        hits = search(statement, self._index, self._embedder, _LOOKED_INTO)
        pool = [paper.id for paper in (self._index.papers.at(hit.row) for hit in hits) if paper.id not in cited]
        grounds = find_grounds(WrittenStatement(statement, ()), pool, self._paper, self._check)
        if not grounds.repaired:
            return None
        quotes = tuple(quote_of(self._paper(p.paper), p.start, p.end) for p in grounds.passages)
        if self._only_aimed_at(self._in_their_words(statement, [quote.paper for quote in quotes]), quotes):
            return None
        finding = Finding.ELSEWHERE if cited else Finding.CITATION_UNKNOWN if citations else Finding.SUPPORTED
        return CheckedPart(statement, finding, citations, quotes, support=grounds.support.score)

    def _unknown(self, statement: str, citations: tuple[Resolved, ...]) -> CheckedPart:
        return replace(self._nowhere(statement, citations), finding=Finding.CITATION_UNKNOWN)

    def _nowhere(self, statement: str, citations: tuple[Resolved, ...]) -> CheckedPart:
        """What comes nearest to a statement that no paper supports; without citations, what says otherwise."""
        hits = search(statement, self._index, self._embedder, _MAY_CONTRADICT)
        papers = [self._paper(self._index.papers.at(hit.row).id) for hit in hits]
        near: tuple[Quote, ...] = ()
        for paper in papers:
            said = with_acronyms(statement, paper.abstract)
            quotes = _nearest_quote(said, paper)
            share = max((shared_terms(said, quote.text) for quote in quotes), default=0.0)
            if share >= _PARTLY and not citations and self._says_otherwise(said, paper):
                missing = _missing(said, [paper], Support(Verdict.UNSUPPORTED, 0.0))
                against = _quotes_of(opposing_sentence(said, paper), paper)
                return CheckedPart(statement, Finding.CONTRADICTED, (), against, missing)
            near = quotes if paper is papers[0] and share >= _NEAR else near
        return CheckedPart(statement, Finding.NOT_IN_CORPUS, citations, near)

    def _says_otherwise(self, statement: str, paper: Paper) -> bool:
        """Whether a paper that is not cited says the opposite: it has every name, so it speaks of the same."""
        names = missing_names(statement, f"{paper.title}. {paper.abstract}")
        return not names and contradicts(statement, paper, self._check)


def _nearest_quote(statement: str, paper: Paper) -> tuple[Quote, ...]:
    return _quotes_of("".join(nearest(statement, paper.abstract, 1)), paper)


def _quotes_of(sentence: str, paper: Paper) -> tuple[Quote, ...]:
    """A sentence of a paper as its quote; none for ""."""
    start = paper.abstract.find(sentence)
    return (quote_of(paper, start, start + len(sentence)),) if sentence else ()


def _missing(statement: str, papers: Sequence[Paper], support: Support) -> tuple[tuple[str, str], ...]:
    """What the papers do not have, by kind; what the check names beside the exact checks is a matter of scope."""
    faults = find_faults(statement, " ".join(f"{paper.title}. {paper.abstract}" for paper in papers))
    kinds = dict.fromkeys((*faults.numbers, *faults.displaced), "number")
    kinds |= dict.fromkeys(faults.names, "name")
    return tuple((kinds.get(word, "scope"), word) for word in dict.fromkeys((*support.missing, *kinds)))
