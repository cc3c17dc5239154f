"""Finds citations by names and years: "(Moss & Ng, 2020a)", "Moss et al. (2020)", "Moss et al., 2020". Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from askpapers.drafts.draft import Bibliography
from askpapers.drafts.marks import Cited, Mark

_PARTICLE = r"(?:(?:van|von|de|der|den|del|della|di|da|la|le|ten|ter|dos|el|al|bin)\s)"
_NAME = rf"(?<![\w'’\-]){_PARTICLE}{{0,3}}(?:d['’])?[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’\-]+"
_AUTHORS = (
    rf"{_NAME}(?:(?:,\s(?:and\s|&\s)?|\s(?:and|&|und|y|et)\s){_NAME}){{0,6}}"
    r"(?:,?\set\sal\.?|,?\sand\s(?:colleagues|co-?workers|others)|,?\su\.\s?a\.)?"
)
_AND_OTHERS = r"(?:,?\set\sal\.?|,?\sand\s(?:colleagues|co-?workers|others))"
SUBJECT = rf"{_NAME}(?:{_AND_OTHERS}|(?:,\s{_NAME}){{0,6}},?\s(?:and|&|und|y|et)\s{_NAME})?"
_YEARS = r"(?:19|20)\d\d[a-z]?(?:,\s?(?:(?:19|20)\d\d[a-z]?|[a-z](?=[,;)\]])))*"
_PAGES = r"(?:,\s?(?:pp?\.|ch\.|chap\.|sec\.|§)\s?[\w–-]+)?"
_LEAD = r"(?:(?:see|e\.g\.|cf\.|i\.e\.|also|for example|for instance|reviewed in|but see|and)[,\s]+){0,3}"
_ONE = rf"{_LEAD}{_AUTHORS}(?:,\s?|\s){_YEARS}{_PAGES}"
_NO_NAME = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Spring|Summer|Autumn|Fall"
    r"|Winter|Figure|Fig|Table|Section|Version|Chapter|Since|In|Early|Late|Until|Before|After|From|[A-Z]{2,}[\d-]*)$"
)
_OPENING = re.compile(
    r"(?:However|Moreover|Furthermore|Recently|Similarly|Finally|Later|Earlier|Also|Additionally|Then|Thus|Hence|Therefore"
    r"|First|Second|Third|Likewise|Conversely|Specifically|Notably|Instead|Indeed|Previously|Subsequently|Nevertheless"
    r"|Nonetheless|Meanwhile|Interestingly|Importantly|Yet|Still|Here|Consequently|Accordingly|Besides|Further|Next),\s"
)
_IN_BRACKETS = re.compile(rf"[(\[](?P<inner>{_ONE}(?:;\s?{_ONE})*+)(?:[;,]\s[^()\[\];]{{1,60}})?[)\]]")
_PART = re.compile(rf"{_LEAD}(?P<authors>{_AUTHORS})(?:,\s?|\s)(?P<years>{_YEARS}){_PAGES}")
_IN_TEXT = re.compile(rf"(?P<authors>{SUBJECT})(?:'s|’s)?\s[(\[](?P<years>{_YEARS}){_PAGES}[)\]]")
_BARE = re.compile(
    rf"(?P<authors>{_NAME}(?:{_AND_OTHERS}|\s(?:and|&)\s{_NAME})),?\s(?P<years>(?:19|20)\d\d[a-z]?)(?![\w–-]|[.,]\d)"
)
BEFORE = re.compile(rf"(?P<authors>{_NAME}(?:,?\set\sal\.?|\s(?:and|&)\s{_NAME}|\sand\scolleagues))\s?$")


def find_author_years(text: str, bibliography: Bibliography, _: Callable[[str], bool]) -> Iterator[Mark]:
    """The citations by names and years in a text."""
    for match in _IN_BRACKETS.finditer(text):
        parts = [part for part in _PART.finditer(match["inner"]) if is_name(part["authors"])]
        if parts:
            yield Mark(*match.span(), tuple(cited for part in parts for cited in _by_names(part)))
    for match in _IN_TEXT.finditer(text):
        opening = _OPENING.match(match["authors"])
        if is_name(match["authors"]):
            start = match.start() + (len(opening.group()) if opening else 0)
            yield Mark(start, match.end(), tuple(_by_names(match)), is_subject=True)
    for match in _BARE.finditer(text):
        cited = tuple(_by_names(match))
        is_sure = bool(re.search(_AND_OTHERS, match["authors"])) or any(
            bibliography.by_authors(one.families, one.year) for one in cited
        )
        if is_name(match["authors"]) and is_sure:
            yield Mark(*match.span(), cited, is_subject=True)


def is_name(authors: str) -> bool:
    """Whether a capitalised word before a year may be the name of a person."""
    return not _NO_NAME.match(authors)


def _by_names(match: re.Match[str]) -> Iterator[Cited]:
    authors = re.sub(r",?\s(?:et\sal\.?|and\s(?:colleagues|co-?workers|others)|u\.\s?a\.)$", "", match["authors"])
    authors = re.sub(r"['’]s$", "", _OPENING.sub("", authors))
    families = tuple(re.split(r",\s(?:and\s|&\s)?|\s(?:and|&|und|y|et)\s", authors))
    year = ""
    for digits, letter in re.findall(r"((?:19|20)\d\d|\b(?=[a-z]\b))([a-z]?)", match["years"]):
        year = digits or year
        yield Cited(f"{_OPENING.sub('', match['authors'])} ({year}{letter})", families=families, year=year + letter)
