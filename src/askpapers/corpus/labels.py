"""The labels of notes: "Abstract:", "**Authors:** ...", "## Keywords", in whichever writing, and what they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass

LABELS = {
    "abstract": "abstract, abstracts, the abstract",
    "summary": "summary, zusammenfassung, kurzfassung, résumé, resumen, resumo, riassunto, samenvatting, аннотация, "
    "摘要, 要旨, 抄録",
    "title": "title, paper title, titel, titre, título, titolo, название, 标题, 题目, タイトル",
    "authors": "author, authors, author(s), by, autor, autoren, auteur, auteurs, autores, autori, авторы, 作者, 著者",
    "year": "year, publication year, jahr, année, año, ano, anno, год, 年份, 年",
    "date": "date, published, publication date, published on, datum, fecha",
    "venue": "journal, venue, conference, published in, source, booktitle, publication, zeitschrift, revue, revista",
    "doi": "doi",
    "arxiv": "arxiv, arxiv id, eprint",
    "pmid": "pmid, pubmed id",
    "url": "url, link, web",
    "id": "id, paper id, key, cite key, citekey, citation key, bibtex key",
    "keywords": "keywords, keyword, key words, author keywords, index terms, tags, subjects, schlagwörter, mots-clés,"
    " palabras clave, palavras-chave, ключевые слова, 关键词, 关键字, キーワード",
    "categories": "categories, category",
    "type": "type, document type, item type",
    "other": "introduction, 1 introduction, 1. introduction, i. introduction, notes, my notes, note, comment,"
    " comments, references, bibliography, highlights, funding, acknowledgements, acknowledgments,"
    " correspondence, affiliation, affiliations, author information, institution, volume, issue, pages,"
    " publisher, issn, language, status, rating, pdf, citation, cite as, related, see also, copyright,"
    " conflict of interest, conflicts of interest, supplementary material",
}
_MEANING = {name: meaning for meaning, names in LABELS.items() for name in names.split(", ")}
_WIDEST = max(map(len, _MEANING))
_MARK = r"(?:\*\*\*|\*\*|__|\*|_)?"
_INLINE = re.compile(
    rf"\s*(?:[-*+]\s+(?=[*_]))?{_MARK}(?P<name>[^\W\d_][^:：—*_#|]{{0,{_WIDEST}}}?)\s?{_MARK}\s*"
    rf"(?:(?P<sign>[:：])|(?P<dash>—))\s*{_MARK}(?:(?<=[*_])\s+)?"
)
# Emphasis may end a name only where it begins it.
_ALONE = re.compile(rf"\s*+(?:\*\*\*|\*\*|__|\*|_|(?![^*_]*[*_]))(?P<name>[^*_#|]{{1,{_WIDEST}}}?)\s?[:.]?{_MARK}\s*+$")
_HEADING = re.compile(r"\s{0,3}(?P<level>#{1,6})\s+(?P<text>.*?)\s*#*\s*$")
_UNDERLINE = re.compile(r"\s{0,3}(?:={3,}|-{3,})\s*$")
_BEGINS_SECTION = re.compile(
    r"\s*[*_]*(?:background|objectives?|introduction|purpose|aims?|goals?|methods?|methodology|materials|context|importance"
    r"|motivation|rationale|significance|results?|findings|conclusions?|hypothesis|problem|design|setting|participants"
    r"|patients|interventions?|measurements?|main outcomes?|outcomes?|limitations?|discussion|interpretation"
    r"|implications|registration|trial registration|funding|data|evidence|approach"
    r"|contributions?|availability|contact|originality)"
    r"\b[^:\n]{0,40}:",
    re.IGNORECASE,
)
PLAIN = 7
"""The level of a label that is no heading, below those of headings."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a line is the label of, what stands behind it, and at which level: 1 to 6 for headings, else `PLAIN`.

    `meaning` is "heading" for a heading with another text, which is `rest`.
    """

    meaning: str
    rest: str
    level: int = PLAIN


def label_of(line: str) -> Label | None:
    """The label that a line begins with or is; None for a line of text."""
    if heading := _HEADING.match(line):
        level, text = len(heading["level"]), heading["text"]
        inner = _INLINE.match(text)
        if inner and (meaning := _meaning(inner["name"])):
            return Label(meaning, text[inner.end() :], level)
        alone = _ALONE.match(text)
        meaning = _meaning(alone["name"]) if alone else None
        return Label(meaning, "", level) if meaning else Label("heading", text.strip("*_ "), level)
    if (inner := _INLINE.match(line)) and (meaning := _meaning(inner["name"])):
        if inner["sign"] or meaning in ("abstract", "summary", "keywords"):
            return Label(meaning, line[inner.end() :])
        return None
    if (alone := _ALONE.match(line)) and (meaning := _meaning(alone["name"])) in (
        "abstract",
        "summary",
        "keywords",
        "other",
    ):
        return Label(meaning or "", "")
    return None


def is_underline(line: str) -> bool:
    """Whether a line underlines the one before it as a heading, or is a rule."""
    return bool(_UNDERLINE.match(line))


def begins_section(line: str) -> bool:
    """Whether a line begins a section of a structured abstract ("METHODS: ...")."""
    return bool(_BEGINS_SECTION.match(line))


def _meaning(name: str) -> str | None:
    return _MEANING.get(" ".join(name.split()).casefold())
