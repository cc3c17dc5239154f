"""What a check of a draft comes to: the findings of its sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from askpapers.datatypes import Paper, Quote
from askpapers.drafts.draft import Draft
from askpapers.drafts.finding import Resolved


class Finding(StrEnum):
    """What became of a sentence, the worst first."""

    CONTRADICTED = "contradicted"
    CITATION_UNKNOWN = "citation_unknown"
    ELSEWHERE = "elsewhere"
    NOT_IN_CORPUS = "not_in_corpus"
    PARTLY = "partly"
    SUPPORTED = "supported"


_ORDER = {finding: number for number, finding in enumerate(Finding)}


@dataclass(frozen=True, slots=True)
class CheckedPart:
    """What a sentence says with one group of citations, and what the papers have for it.

    `missing` names what the cited papers do not have, by kind ("number", "name", "scope"); `quotes` are what
    supports or contradicts it, or the nearest there is. `support` runs from 0.0 to 1.0.
    """

    statement: str
    finding: Finding
    citations: tuple[Resolved, ...] = ()
    quotes: tuple[Quote, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    support: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence of a draft: its place in the text of its file, its line (from 1) there, and its parts.

    `file` is the name of the included file that it stands in, "" for the draft itself.
    """

    text: str
    start: int
    end: int
    line: int
    parts: tuple[CheckedPart, ...]
    file: str = ""

    @property
    def place(self) -> str:
        """Where it stands, to be shown: "line 3", "intro.tex, line 3"."""
        return f"{self.file}, line {self.line}" if self.file else f"line {self.line}"

    @property
    def finding(self) -> Finding:
        """The worst of its parts."""
        return min((part.finding for part in self.parts), key=_ORDER.__getitem__)

    @property
    def is_cited(self) -> bool:
        """Whether it cites anything."""
        return any(part.citations for part in self.parts)

    @property
    def is_problem(self) -> bool:
        """Whether what it cites does not support it, a reference is wrong or, without one, a paper says otherwise."""
        if not self.is_cited:
            return self.finding is Finding.CONTRADICTED
        return self.finding is not Finding.SUPPORTED or self.has_wrong_reference

    @property
    def has_wrong_reference(self) -> bool:
        """Whether a reference and the paper that it names disagree."""
        return any(citation.differs for part in self.parts for citation in part.citations)


@dataclass(frozen=True)
class DraftCheck:
    """A draft with every sentence that was checked, and how many were passed over, by reason."""

    draft: Draft
    sentences: tuple[CheckedSentence, ...]
    passed_over: Mapping[str, int]
    papers: Mapping[str, Paper]
    notes: tuple[str, ...] = ()

    @cached_property
    def counts(self) -> Mapping[Finding, int]:
        """The number of sentences of each finding."""
        found = Counter(sentence.finding for sentence in self.sentences)
        return {finding: found[finding] for finding in Finding}

    @property
    def is_contradicted(self) -> bool:
        """Whether a paper that a sentence cites says otherwise."""
        return any(one.is_cited and one.finding is Finding.CONTRADICTED for one in self.sentences)

    @property
    def problems(self) -> list[CheckedSentence]:
        """The sentences to look at, the worst first."""
        found = [sentence for sentence in self.sentences if sentence.is_problem]
        return sorted(found, key=lambda sentence: (_ORDER[sentence.finding], sentence.start))
