"""What the columns of a table mean, by the names that exports and people give them.

Names are compared in small letters, with one space for blanks, underscores, hyphens, points and slashes. After the
documented headers of Scopus, Web of Science (whole names and its two-letter tags), Zotero, PubMed, Dimensions, Lens,
IEEE Xplore, EBSCO, ProQuest, Cochrane, Rayyan, Covidence, Publish or Perish, CORD-19 and OpenAlex.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split(", "))


# In order of preference where a row has several; the first one that holds something is taken.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "abstract": _names(
        "abstract, abstract note, abstract text, abstracttext, abstracts, ab, paper abstract, article abstract, "
        "abstract english, abstract en, english abstract, dc description abstract, description abstract, text, "
        "summary, resumen, resumo, résumé, resume, zusammenfassung, kurzfassung, riassunto, samenvatting, "
        "аннотация, реферат, 摘要, 抄録, 要旨, 초록, streszczenie, özet, sammanfattning, abstract de, "
        "abstract fr, abstract es, description, n2"
    ),
    "title": _names(
        "title, article title, document title, paper title, item title, primary title, ti, titel, titre, título, "
        "titulo, titolo, title english, display name, name of article, dc title, название, заглавие, 标题, 题名, "
        "题目, 標題, 題名, タイトル, 論文名, 제목, t1"
    ),
    "authors": _names(
        "author full names, authors full names, authors, author, author s, author names, author name, "
        "authors name, author list, af, au, creators, creator, dc creator, dc contributor author, autoren, "
        "autor, autores, auteurs, auteur, autori, autore, verfasser, authorships author display name, "
        "first author, авторы, автор, 作者, 著者, 저자, a1"
    ),
    "editors": _names("editors, editor, be, book editors"),
    "year": _names(
        "year, publication year, published year, pub year, pubyear, py, copyright year, jahr, erscheinungsjahr, "
        "année, annee, année de publication, año, ano, anno, jaar, rok, год, 年份, 年, 发表年份, 発行年, 연도, "
        "yr, year of publication, y1"
    ),
    "date": _names(
        "date, publication date, date published, published, published date, pub date, pubdate, publish time, "
        "published online, cover date, issue date, date issued, dc date issued, date of publication, issued, "
        "datum, fecha, data, created, update date, submitted date, submission date, entry date"
    ),
    "month": _names("month, published month, publication month, pub month"),
    "day": _names("day, published day"),
    "venue": _names(
        "source title, publication title, journal, journal title, journal name, journal book, "
        "journal conference, venue, container title, so, book title, booktitle, conference name, conference, "
        "conference title, pubtitle, publication, publication name, primary location source display name, "
        "host venue display name, host venue, zeitschrift, revue, revista, rivista, tijdschrift, журнал, 来源, "
        "期刊, 刊名, jo, jf, t2, journaltitle, series title, source"
    ),
    "publisher": _names("publisher, publisher name, pu, pb, verlag, éditeur, editorial"),
    "volume": _names("volume, vol, vl, journal volume, biblio volume, volumen, band"),
    "issue": _names("issue, issue number, number, no, is, journal issue, biblio issue, heft"),
    "pages": _names("pages, page, pagination, page range, pp, page numbers, seiten, páginas"),
    "first page": _names("page start, start page, startpage, first page, bp, begin page, sp, biblio first page"),
    "last page": _names("page end, end page, endpage, last page, ep, biblio last page"),
    "article number": _names("art no, article number, ar"),
    "doi": _names("doi, di, item doi, article doi, doi link, digital object identifier doi, doi url, do"),
    "arxiv": _names("arxiv id, arxiv, arxivid, eprint, arxiv url"),
    "pmid": _names("pmid, pubmed id, pubmedid, pubmed, medline pmid, pm, pubmed identifier"),
    "pmcid": _names("pmcid, pmc id, pmc"),
    "id": _names("id, paper id, record id, article id, document id, corpus id, cord uid, study id, ids, uid"),
    "key": _names("key, cite key, citekey, citation key, bibtexkey, bibtex key, identifier, citation label"),
    "url": _names(
        "url, link, links, article url, articleurl, documenturl, source url, external url, dimensions url, "
        "permalink, plink, full text url, paper url, landing page url, web page, "
        "primary location landing page url"
    ),
    "type": _names(
        "item type, document type, publication type, publication types, type of reference, reference type, "
        "doctype, article type, articletype, content type, entry type, entrytype, dt, pt, type, itemtype, "
        "document identifier"
    ),
    "language": _names("language, language of original document, languages, la, sprache, langue, idioma, lang"),
    "keywords": _names(
        "keywords, keyword, author keywords, de, manual tags, tags, tag, schlagwörter, schlagworte, mots clés, "
        "palabras clave, palavras chave, parole chiave, trefwoorden, ключевые слова, 关键词, キーワード, "
        "index keywords, keywords plus, ieee terms, mesh terms, mesh, subjects, subject, kw, automatic tags, "
        "descriptors, dc subject, id"
    ),
    "categories": _names(
        "categories, category, fields of study, research areas, wos categories, web of science categories, "
        "subject category, subject categories, wc, sc, concepts, topics, primary category, s2fieldsofstudy"
    ),
}
# Further columns of use when the record is written out again, by the name that they get in `Metadata.extra`.
EXTRA: Mapping[str, tuple[str, ...]] = {
    "issn": _names("issn, issns, sn, print issn"),
    "isbn": _names("isbn, isbns"),
    "eid": _names("eid"),
    "wos": _names("ut, ut unique wos id, unique wos id, accession number"),
    "lens": _names("lens id"),
    "note": _names("notes, note, extra, comments"),
    "place": _names("place, publisher city, pi, place of publication"),
    "affiliations": _names("affiliations, author affiliations, addresses"),
    "citations": _names("cited by, times cited, tc, cited by count, citing works count, cites, citations"),
}
_MEANING = {name: meaning for meaning, names in (*EXTRA.items(), *COLUMNS.items()) for name in names} | {"id": "id"}
_TAGS = re.compile(r"[A-Z][A-Z0-9]")
_FEWEST_TAGS = 5
_SHORT = {name for name in _MEANING if len(name) == 2 and name.isascii()}


def plain_name(name: str) -> str:
    """A column name as it is compared."""
    return " ".join(re.split(r"[\W_]+", name.casefold().strip())).strip()


def meanings(header: Sequence[str]) -> dict[str, list[int]]:
    """Which columns hold what, in order of preference; a name of two letters counts only among others of its kind."""
    tagged = sum(bool(_TAGS.fullmatch(name.strip())) for name in header) >= _FEWEST_TAGS
    found: dict[str, list[tuple[int, int]]] = {}
    for place, name in enumerate(map(plain_name, header)):
        meaning = "keywords" if tagged and name == "id" else _MEANING.get(name)
        if meaning and (tagged or name not in _SHORT or name in ("id", "no", "ab")):
            names = (COLUMNS.get(meaning) or EXTRA[meaning]) if meaning else ()
            found.setdefault(meaning, []).append((names.index(name), place))
    return {meaning: [place for _, place in sorted(places)] for meaning, places in found.items()}


def known_columns(header: Sequence[str]) -> int:
    """How many names of a header are known; the abstract counts most, but alone it may be a cell that says "text"."""
    found = meanings(header)
    return len(found) + 3 * ("abstract" in found and (len(found) > 1 or len(header) < 3))


def listed(header: Iterable[str], most: int = 12) -> str:
    """The column names in a sentence."""
    names = [" ".join(name.split())[:40] for name in header if name.strip()]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
