"""Judges what the record of a paper gives: its year, language, venue, and the kind of paper that it is. Exact."""

from __future__ import annotations

import re
from collections.abc import Callable

from askpapers.answering.language import foreign_language
from askpapers.answering.years import Years
from askpapers.datatypes import Filter, Paper, quote_of
from askpapers.index.papers import PaperStore
from askpapers.index.selection import select
from askpapers.metadata import Notice
from askpapers.screening.criteria import KindRule, LanguageRule, VenueRule, YearRule
from askpapers.screening.kinds import KINDS, RETRACTED, Sign, closed, signs_of
from askpapers.screening.languages import codes_of
from askpapers.screening.verdicts import Evidence, Finding, Holds
from askpapers.text import sentences

_CERTAIN, _UNTYPED = 0.95, ("", "document")
_TRANSLATED = re.compile(r"^\[.+\]\.?$")  # as PubMed shows the title of a paper in another language


def by_year(rule: YearRule, paper: Paper) -> Finding:
    """By the year of the record."""
    if paper.year is None:
        return Finding(Holds.NOT_SAID, "the record gives no year")
    holds = Holds.YES if paper.year in rule.years else Holds.NO
    return _exact(holds, f"published in {paper.year}, {_of(rule.years)}", _record(f"year: {paper.year}"))


def by_language(rule: LanguageRule, paper: Paper) -> Finding:
    """By the language of the record, else by that of the abstract."""
    given = paper.metadata.language
    if codes := codes_of(given):
        holds = Holds.YES if codes & set(rule.languages) else Holds.NO
        return _exact(holds, f"the record gives the language {given}", _record(f"language: {given}"))
    spans = sentences(paper.abstract)[:3]
    foreign = foreign_language(paper.abstract[: spans[-1][1]]) if spans else None
    if not spans or _TRANSLATED.match(paper.title):
        return Finding(Holds.NOT_SAID, "the record gives no language")
    found = codes_of(foreign) if foreign else frozenset({"en"})
    if not found:
        return Finding(Holds.NOT_SAID, "the record gives no language")
    holds = Holds.YES if found & set(rule.languages) else Holds.NO
    if holds is Holds.NO and not foreign:  # papers in other languages have English abstracts, too
        why = "the record gives no language; that the abstract is written in English decides nothing"
        return Finding(Holds.NOT_SAID, why)
    why = f"the record gives no language; the abstract is written in {foreign or 'English'}"
    if not foreign:
        return Finding(holds, why, chance=_CERTAIN if holds is Holds.YES else 1 - _CERTAIN)  # no sentence says so
    first = quote_of(paper, *spans[0])  # which is in that language
    return _exact(holds, why, Evidence("abstract", first.text, first))


def by_kind(rule: KindRule, paper: Paper) -> Finding:
    """By the type of the record for what is a type, by title, abstract and record for the design of a study."""
    findings = [_of_kind(kind, paper) for kind in rule.kinds]
    for holds in (Holds.YES, Holds.NOT_SAID):
        if found := next((one for one in findings if one.holds is holds), None):
            return found
    return findings[0]


def _of_kind(kind: str, paper: Paper) -> Finding:
    if kind == RETRACTED:
        return _by_notice(paper)
    return _by_type(kind, paper) if KINDS[kind].types else _by_design(kind, paper)


def _by_notice(paper: Paper) -> Finding:
    if paper.metadata.notice in (Notice.RETRACTED, Notice.WITHDRAWN):
        return _exact(Holds.YES, f"it was {paper.mark}", _record(f"notice: {paper.mark}"))
    return Finding(Holds.NOT_SAID, "the record has no notice of a retraction", chance=1 - _CERTAIN)


def _by_type(kind: str, paper: Paper) -> Finding:
    given = paper.metadata.type
    if given in _UNTYPED:
        return Finding(Holds.NOT_SAID, "the record gives no type")
    holds = Holds.YES if given in KINDS[kind].types else Holds.NO
    return _exact(holds, f"the record gives the type {given}", _record(f"type: {given}"))


def _by_design(kind: str, paper: Paper) -> Finding:
    signs = signs_of(paper)
    for sign in signs:
        if kind in closed(frozenset([sign.kind])):
            return _exact(Holds.YES, f"it is called a {KINDS[sign.kind].label}", _of_sign(sign, paper))
    families = {KINDS[sign.kind].family for sign in signs}
    if signs and KINDS[kind].family not in families:
        what = f"it is called a {KINDS[signs[0].kind].label}"
        return _exact(Holds.NO, what, _of_sign(signs[0], paper))
    return Finding(Holds.NOT_SAID, "neither title nor abstract names its design", chance=0.3)


def venue_check(rule: VenueRule, papers: PaperStore) -> Callable[[int], Finding] | None:
    """Judges the venue of the paper of a row; None where the words name no venue of the corpus and may mean another."""
    fitting = select(papers, Filter(venues=rule.names))
    if not fitting.rows and rule.otherwise:
        return None
    rows = frozenset(fitting.rows)

    def judge(row: int) -> Finding:
        venue = papers.at(row).metadata.venue
        if not venue:
            return Finding(Holds.NOT_SAID, "the record gives no venue")
        return _exact(Holds.YES if row in rows else Holds.NO, f"published in {venue}", _record(f"venue: {venue}"))

    return judge


def _of_sign(sign: Sign, paper: Paper) -> Evidence:
    if sign.where != "abstract":
        return Evidence(sign.where, sign.text if sign.where == "record" else paper.title)
    start, end = next((a, b) for a, b in sentences(paper.abstract) if b > sign.start)
    quote = quote_of(paper, start, max(end, sign.end))
    return Evidence("abstract", quote.text, quote)


def _exact(holds: Holds, why: str, evidence: Evidence) -> Finding:
    return Finding(holds, why, evidence, _CERTAIN if holds is Holds.YES else 1 - _CERTAIN)


def _record(text: str) -> Evidence:
    return Evidence("record", text)


def _of(years: Years) -> str:
    if years.first == years.last:
        return f"asked for is {years.first}"
    return f"asked for is {years.first or ''}–{years.last or ''}"
