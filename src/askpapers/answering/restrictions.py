"""The authors, venues, tags and notices that a question restricts itself to: "papers by Ouyang in Nature tagged rlhf".

A name counts where the corpus has it, or where the wording leaves no other reading ("papers by Qqq"): the words of a topic
stay words of the topic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from askpapers.answering.facet_names import (
    WORD,
    filter_of,
    filter_of_names,
    is_exactly,
    is_known,
    looks_like_name,
    name_end,
    unknown_name_end,
)
from askpapers.answering.metadata_words import is_only_frame
from askpapers.answering.question_words import WRITINGS
from askpapers.datatypes import NO_FILTER, Filter
from askpapers.index.facets import Facet
from askpapers.index.generation import Index
from askpapers.metadata import Notice

_PAPERS = rf"(?:{WRITINGS}|records?|everything|anything|something|all|those|ones?|what)"
_BE = r"(?:(?:that|which) )?(?:(?:is|are|was|were|'s|has been|have been) )?"
_BY = re.compile(
    rf"(?:(?P<papers>\b{_PAPERS})\s+{_BE}(?:written |(?:co-?)?authored |published )?|(?P<are>\b(?:is|are|was|were))\s+"
    r"|\b(?:written|(?:co-?)?authored)\s+)\bby\s+(?:the authors? )?(?=[\"\w])",
    re.IGNORECASE,
)
_PHRASE = re.compile(r"(?:\b(?:written|(?:co-?)?authored|published) )?\bby\s+(?:the authors? )?$", re.IGNORECASE)
_ANY_BY = re.compile(r"(?<!ed )(?<!en )(?<!ne )(?<!wn )(?<!ht )(?<!un )(?<!ing )\bby\s+(?=[A-Z])")
_WROTE = re.compile(
    r"^(?:so )?(?:what|which (?:\w+ )?papers?|how many (?:\w+ )?papers?)(?P<did> (?:did|has|have) )(?P<name>[^?]+?) "
    r"(?:wr(?:i|o)tt?e(?:n)?|publish(?:ed)?|(?:co-?)?author(?:ed)?)\b"
    r"|^(?:did|has|have) (?P<other>[^?]+?) (?:writ(?:e|ten)|publish(?:ed)?|(?:co-?)?author(?:ed)?) "
    rf"(?:any(?:thing|{_PAPERS})?|something|an?)(?: {_PAPERS})?\b",
    re.IGNORECASE,
)
_OWN = re.compile(rf"\b(?P<name>[A-Z][\w.'-]*?(?: [A-Z][\w.-]*?){{0,3}})(?:'s|s') (?=(?:[\w-]+ ){{0,3}}?{WRITINGS}\b)")
_IN = re.compile(
    r"(?P<sure>\b(?:published|appear(?:ed|ing|s)?|printed|presented|came out)\s+)?\b(?:in|at)\s+(?P<kind>(?:the )?(?:journal|conference"
    r"|proceedings|magazine|venue)(?: of(?: the)?)? )?(?P<the>the )?(?=[\"\w])",
    re.IGNORECASE,
)
_OF_VENUE = re.compile(rf"\b(?P<name>[A-Z][\w.-]*(?: [A-Z][\w.-]*)*) (?={_PAPERS}\b)")
_TAGGED = re.compile(
    rf"(?:\b{_PAPERS}\s+{_BE}|\b(?:is|are|was|were)\s+|^)tagged\s+(?:(?:as|with|by)\s+)?(?=[\"\w])"
    r"|(?P<any>(?<!-)\btagged\s+(?:(?:as|with|by)\s+)?(?=[\"\w]))"
    r"|\b(?:with|under|having|has|have) (?:the )?(?:tags?|keywords?|category|categories|label)\s+(?=[\"\w])"
    r"|\b(?:in|of|from) (?:the )?(?:arxiv )?(?:category|categories)\s+(?=[\"\w])",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:\b(?:in|from|of|on|under|within) )?(?:\bthe )?(?P<code>\b(?:astro-ph|cond-mat|cs|econ|eess|gr-qc|hep-(?:ex|lat|ph|th)|math"
    r"|math-ph|nlin|nucl-(?:ex|th)|physics|q-bio|q-fin|quant-ph|stat)(?:\.[A-Za-z-]{2,17})?)(?![\w.-]*\w)",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    rf"^(?P<ask>(?:(?:which|what|how many|are there|is there|list|show|find|give|me|all|any|the|of|many) )*)(?P<first>retracted|withdrawn)"
    rf" (?={_PAPERS}\b)|\b(?P<noun>{_PAPERS}|them|these) (?:(?:that|which) )?(?:(?:are|is|was|were|been|have|has|got|get|had) )*(?P<last>retracted|withdrawn)\b",
    re.IGNORECASE,
)
_FIELD = re.compile(
    r"\b(?P<field>author|venue|journal|tag|category|keyword):\s?(?P<name>\"[^\"]+\"|[^\s?,;]+)", re.IGNORECASE
)
_FACETS = {"author": Facet.AUTHOR, "venue": Facet.VENUE, "journal": Facet.VENUE}


@dataclass(frozen=True, slots=True)
class _Found:
    """A restriction, and the span of the question that says it with what stands in its place."""

    start: int
    end: int
    only: Filter
    instead: str = ""


def read_restrictions(question: str, index: Index) -> tuple[Filter, str]:
    """The filter that a question asks for, and the question without it."""
    only, rest = NO_FILTER, question
    for rule in _RULES:
        while found := next(rule(rest, index), None):
            only = only.both(found.only)
            rest = " ".join(f"{rest[: found.start]} {found.instead} {rest[found.end :]}".split())
            rest = re.sub(r" (?=[?,.!;:])", "", rest).strip(" ,")
    return only, rest


def _fields(question: str, index: Index) -> Iterator[_Found]:
    for match in _FIELD.finditer(question):
        kind = _FACETS.get(match["field"].casefold(), Facet.TAG)
        yield _Found(*match.span(), filter_of(kind, (match["name"].strip('"'),)))


def _written(question: str, index: Index) -> Iterator[_Found]:
    """Read "what did Ouyang write about X" as "which papers about X"."""
    match = _WROTE.search(question)
    name = (match["name"] or match["other"]) if match else ""
    if match and (is_known(Facet.AUTHOR, name, index) or looks_like_name(name, index)):
        ask = "how many papers" if match.group().casefold().startswith("how many") else "which papers"
        yield _Found(*match.span(), filter_of_names(Facet.AUTHOR, name, index), ask)


def _by(question: str, index: Index) -> Iterator[_Found]:
    for rule in (_BY, _ANY_BY):
        for match in rule.finditer(question):
            end = name_end(question, match.end(), Facet.AUTHOR, index)
            if end is None and rule is _BY and _asks_for_papers_by(match, question):
                end = unknown_name_end(question, match.end(), index)
            if end is not None:
                by = _PHRASE.search(match.group())
                assert by
                yield _Found(
                    match.start() + by.start(), end, filter_of_names(Facet.AUTHOR, question[match.end() : end], index)
                )


def _asks_for_papers_by(match: re.Match[str], question: str) -> bool:
    """Whether what stands before "by" asks for papers: not "tell news articles written by GPT-3"."""
    return bool(match["are"] or (match["papers"] and is_only_frame(question[: match.start()])))


def _own(question: str, index: Index) -> Iterator[_Found]:
    for match in _OWN.finditer(question):
        if is_known(Facet.AUTHOR, match["name"], index):
            yield _Found(*match.span(), filter_of_names(Facet.AUTHOR, match["name"], index))


def _published_in(question: str, index: Index) -> Iterator[_Found]:
    for match in _IN.finditer(question):
        sure, end = bool(match["sure"] or match["kind"]), None
        if not question[match.end() : match.end() + 4].isdigit():
            end = name_end(question, match.end(), Facet.VENUE, index, exact=not sure)
            if end is None and match["the"]:
                end = name_end(question, match.start("the"), Facet.VENUE, index, exact=not sure)
            if end is None and sure:
                end = unknown_name_end(question, match.end(), index)
        if end is not None:
            yield _Found(match.start(), end, Filter(venues=(question[match.end() : end].strip('" '),)))
    for match in _OF_VENUE.finditer(question):
        if is_exactly(Facet.VENUE, match["name"], index):
            yield _Found(*match.span(), Filter(venues=(match["name"],)))


def _tagged(question: str, index: Index) -> Iterator[_Found]:
    for match in _TAGGED.finditer(question):
        end = name_end(question, match.end(), Facet.TAG, index)
        words = list(WORD.finditer(question, match.end()))
        if end is None and question[match.end()] == '"':
            end = question.find('"', match.end() + 1) + 1 or None
        if end is None and words and not match["any"]:
            end = words[0].end()
        if end is not None:
            tagged = re.search(r"tagged|with|under|having|has|have|in |of |from ", match.group(), re.IGNORECASE)
            yield _Found(
                match.start() + (tagged.start() if tagged else 0),
                end,
                filter_of_names(Facet.TAG, question[match.end() : end], index),
            )


def _codes(question: str, index: Index) -> Iterator[_Found]:
    for match in _CODE.finditer(question):
        of_papers = re.match(rf" {_PAPERS}\b", question[match.end() :], re.IGNORECASE)
        dotted, known = "." in match["code"], is_known(Facet.TAG, match["code"], index)
        led = question[match.start() :].casefold().startswith(("in ", "from ", "under ", "within "))
        if (dotted and (known or of_papers)) or (known and not dotted and (of_papers or led)):
            archive, dot, subject = match["code"].partition(".")
            code = f"{archive.lower()}{dot}{subject.upper() if len(subject) == 2 else subject}"
            yield _Found(*match.span(), Filter(tags=(code,)))


def _notices(question: str, index: Index) -> Iterator[_Found]:
    if match := _NOTICE.search(question):
        notice = Notice((match["first"] or match["last"]).casefold())
        yield _Found(*match.span(), Filter(notices=frozenset({notice})), match["ask"] or match["noun"] or "")


_RULES: tuple[Callable[[str, Index], Iterator[_Found]], ...] = (
    _fields,
    _written,
    _notices,
    _by,
    _own,
    _tagged,
    _codes,
    _published_in,
)
