"""What is known of a paper beside its abstract: facts from `papers.csv`, or a label made from the text."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from askpapers.corpus.dates import read_date, year_of
from askpapers.corpus.documents import Document
from askpapers.corpus.tables import csv_columns, csv_rows
from askpapers.text import plain, same_text_key

FACTS_COLUMN = "abstract_starts_with"
"""A CSV file with this column holds facts about papers; it is no paper itself."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One row of a facts file: what is known of the paper whose abstract begins so."""

    starts_with: str
    where: str
    title: str | None
    year: int | None
    authors: tuple[str, ...]
    id: str | None
    url: str | None


def is_facts(document: Document) -> bool:
    """Whether it is a facts file: a CSV file with the column `FACTS_COLUMN`."""
    return document.suffix == ".csv" and FACTS_COLUMN in csv_columns(document)


def read_facts(document: Document) -> list[Facts]:
    """Read a facts file: `abstract_starts_with`, and any of title, year, authors, arxiv_id, id, url."""
    rows = []
    for line, row in csv_rows(document):
        cell = {name: (value or "").strip() for name, value in row.items()}
        arxiv = cell.get("arxiv_id", "")
        rows.append(
            Facts(
                starts_with=cell.get(FACTS_COLUMN, ""),
                where=f"{document.name}:{line}",
                title=cell.get("title") or None,
                year=year_of(read_date(cell.get("year"))),
                authors=tuple(a.strip() for a in cell.get("authors", "").split(";") if a.strip()),
                id=cell.get("id") or arxiv or None,
                url=cell.get("url") or (f"https://arxiv.org/abs/{arxiv}" if arxiv else None),
            )
        )
    return rows


def match_facts(
    facts: Sequence[Facts], keys: Sequence[str], papers: Sequence[int]
) -> tuple[dict[int, Facts], list[str]]:
    """Match facts to papers by how their abstracts begin.

    `keys` are the abstracts' `same_text_key`s, `papers` the number of the paper of each. Returns the facts by the
    paper's number, and a warning for each row that fits none or more than one. Of two rows that fit, the longer
    beginning counts.
    """
    order = sorted(range(len(keys)), key=keys.__getitem__)
    in_order = [keys[i] for i in order]
    matched: dict[int, Facts] = {}
    warnings: list[str] = []
    for row in sorted(facts, key=lambda f: len(same_text_key(f.starts_with))):
        prefix = same_text_key(row.starts_with)
        first = bisect.bisect_left(in_order, prefix)
        hits: set[int] = set()
        while prefix and first < len(in_order) and in_order[first].startswith(prefix) and len(hits) < 2:
            hits.add(papers[order[first]])
            first += 1
        if len(hits) == 1:
            matched[hits.pop()] = row
        else:
            what = "fits more than one abstract" if hits else "fits no abstract"
            warnings.append(f'{row.where}: "{row.starts_with[:60]}" {what}')
    return matched, warnings


_NAME = r"[A-Z][\w+-]*+"
_INTRODUCE = r"(?:introduc|present|propos|describ|releas|develop|demonstrat)"
_BY_WHOM = r"(?i:we|i|our|authors?|paper|article|work|study|report|research|here)"
_INTRODUCED = re.compile(
    # The authors do so: "we also release X", "and propose X", "the proposed X"; no patient who "developed an MI".
    rf"(?:\b{_BY_WHOM}\b(?:,? \w+){{0,2}},? {_INTRODUCE}\w*|\b(?:and|to|then) {_INTRODUCE}e?"
    rf"|(?:^|[.:;] )(?i:{_INTRODUCE}ing)|\b(?:(?i:the|our) (?:proposed|developed|presented)|named?|dubbed|call(?:ed)?"
    r"|termed?))\s+(?:the\s+resulting\s+\w+\s+|(?:it|this|our|the|a|an)\s+(?:\w+\s+){0,2}?)?"
    rf"(?P<name>{_NAME}(?:\s+{_NAME}){{0,4}}(?:\s*\([A-Z][\w-]+\))?)"
)
# "We train GPT-3, an autoregressive language model": what is explained was not known before.
_MADE = re.compile(rf"\b(?i:we) (?:train|build|create|construct)(?:ed)? (?P<name>{_NAME}), an? ")
_OPENS_WITH = re.compile(rf"(?P<name>{_NAME}) is an? ")
_LABEL_WORDS = 9
_LONGEST_LABEL = 120  # characters


def label_for(abstract: str) -> str:
    """A short label for an abstract without a title: a name that it introduces, else its first words."""
    if names := introduced_names(abstract):
        return names[0]
    first = plain(abstract).split()
    label = " ".join(first[:_LABEL_WORDS])[:_LONGEST_LABEL].rstrip(".,;:")
    return label + ("…" if len(first) > _LABEL_WORDS or not label else "")


def introduced_names(abstract: str) -> list[str]:
    """The names that an abstract introduces as its own ("We introduce Codex", "GPT-4o is a ...")."""
    text = plain(abstract)
    opening = _OPENS_WITH.match(text)
    first = [opening["name"]] if opening and _is_always_capital(opening["name"], text[opening.end() :]) else []
    made = [m["name"] for m in _MADE.finditer(text)]
    found = [*first, *(m["name"] for m in _INTRODUCED.finditer(text)), *made]
    return [name for name in dict.fromkeys(found) if _looks_like_name(name)]


def is_label(title: str) -> bool:
    """Whether a title is only the first words of its abstract, cut off: it says nothing that they do not."""
    return title.endswith("…")


def _is_always_capital(word: str, rest: str) -> bool:
    """Whether the first word of a text is a name: its capital is not only that of the beginning ("There is a ...")."""
    return _looks_like_name(word) and (
        sum(c.isupper() or c.isdigit() for c in word) >= 2 or bool(re.search(rf"[\w,;] {re.escape(word)}\b", rest))
    )


def _looks_like_name(name: str) -> bool:
    word = name.split()[0]
    return sum(c.isupper() or c.isdigit() for c in name) >= 2 or (len(word) > 3 and word[0].isupper())
