"""Where the fields of a paper stand in the JSON of each source: names in the order in which they are looked for.

Names are written as `json_values.normal` makes them; "journal.title" is a field of a field. What all sources share
is in `COMMON`, which holds for a record of an unknown source, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from askpapers.corpus.json_values import ABSTRACTS, TITLES

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Flavour:
    """The JSON of one source: a field that only it has, and what stands elsewhere in it than in others."""

    name: str
    marks: tuple[str, ...]
    fields: Names = field(default_factory=dict)
    preprints: bool = False
    title_ends: bool = False
    """Whether titles end with a full stop."""


COMMON: Names = {
    "id": ("citationkey", "citekey", "id", "paperid", "articleid", "recordid", "lensid", "corpusid", "uid", "bibcode"),
    "title": TITLES,
    "abstract": (*ABSTRACTS, "summary", "text", "contents"),
    "people": (
        "people", "authorsparsed", "author", "authors", "creators", "creator", "authorships", "authorlist",
        "authorstring", "authornames", "authorfullnames", "authfullnames", "relauthors", "contributors",
    ),
    "editors": ("editor", "editors"),
    "year": ("year", "publicationyear", "pubyear", "yearpublished", "publishedyear", "producedateys"),
    "date": (
        "issued", "publishedprint", "published", "publishedonline", "publicationdate", "publisheddate",
        "datepublished", "coverdate", "date", "firstpublicationdate", "electronicpublicationdate", "pubdate",
        "onlinedate", "reldate", "earliestdate", "produceddates", "created", "createddate", "pdate", "cdate",
        "updatedate", "datereceived", "dates",
    ),
    "venue": (
        "containertitle", "publicationtitle", "publicationname", "journaltitle", "journaltitles",
        "journalinfo.journal.title", "primarylocation.source.displayname", "hostvenue.displayname",
        "booktitle", "proceedingstitle", "proceedingsname", "conferencename", "bibjson.journal.title",
        "publicationinfo.journaltitle", "source.title", "venue", "publicationvenue.name", "journal", "journals",
        "journalname", "pub", "container.title", "ispartof", "journalref",
    ),
    "publisher": (
        "publisher", "publishername", "primarylocation.source.hostorganizationname", "university", "institution",
        "hostvenue.publisher", "source.publisher",
    ),
    "volume": (
        "volume", "biblio.volume", "journalinfo.volume", "journal.volume", "journalvolume",
        "publicationinfo.journalvolume",
    ),
    "issue": ("issue", "biblio.issue", "journalinfo.issue", "journal.number", "journalissue", "issueidentifier",
              "publicationinfo.journalissue"),
    "pages": ("page", "pages", "pageinfo", "pagination", "pagerange", "journal.pages"),
    "article": ("articlenumber", "elocationid"),
    "firstpage": ("biblio.firstpage", "firstpage", "startpage", "startingpage", "publicationinfo.pagestart"),
    "lastpage": ("biblio.lastpage", "lastpage", "endpage", "endingpage", "publicationinfo.pageend"),
    "doi": ("doi", "externalids.doi", "ids.doi", "dois", "doiids", "articledoi", "reldoi", "documentdoi"),
    "arxiv": ("arxivid", "arxiv", "externalids.arxiv", "arxiveprints.value", "eprint", "arxivids", "identifier"),
    "pmid": ("pmid", "externalids.pubmed", "ids.pmid", "pubmedid", "pubmed", "pubmedids"),
    "type": (
        "itemtype", "type", "publicationtypes", "publicationtype", "pubtypelist.pubtype", "documenttype", "doctype",
        "subtypedescription", "types.citeproc", "resourcetype", "contenttype", "articletype",
    ),
    "language": ("language.code", "language", "lang", "languages", "languagecode"),
    "tags": ("tags", "keywords", "keyword", "authkeywords", "keywordlist.keyword", "indexterms", "subjects"),
    "categories": (
        "categories", "category", "fieldsofstudy", "s2fieldsofstudy", "fieldofstudy", "topics", "subject",
        "arxiveprints.categories", "primarycategory", "meshheadinglist.meshheading", "relsite",
    ),
    "url": (
        "url", "link", "primarylocation.landingpageurl", "openurl", "paperurl", "ee", "fulltexturl", "htmlurl",
        "pdfurl", "downloadurl", "links", "fulltexturllist.fulltexturl", "rellink", "uris",
    ),
    "notice": ("notice",),
}  # fmt: skip

FLAVOURS = (
    Flavour(
        "arXiv metadata",
        ("authorsparsed",),
        {"date": ("versions.created", "updatedate"), "arxiv": ("id",), "venue": ("journalref",)},
        preprints=True,
    ),
    Flavour("OpenAlex", ("abstractinvertedindex",), {"tags": ("keywords",), "categories": ("topics", "concepts")}),
    Flavour("OpenAlex", ("authorships",), {"tags": ("keywords",), "categories": ("topics", "concepts")}),
    Flavour("Zotero", ("itemtype",), {"date": ("date",), "people": ("creators",)}),
    Flavour("Semantic Scholar", ("externalids",), {"id": ("paperid", "corpusid")}),
    Flavour("Europe PMC", ("authorstring", "pubyear"), title_ends=True),
    Flavour("bioRxiv", ("server", "category"), preprints=True),
    Flavour("DataCite", ("publicationyear", "descriptions"), {"abstract": ("descriptions",), "people": ("creators",)}),
    Flavour("Zenodo", ("creators", "description"), {"abstract": ("abstract", "description")}),
    Flavour("Scopus", ("description", "coverdate"), {"abstract": ("description",), "id": ("identifier", "eid")}),
    Flavour("arXiv feed", ("summary", "authors"), {"date": ("published",), "venue": ("journalref",)}),
    Flavour("JSON-LD", ("context",), {"title": ("headline", "name", *TITLES)}),
)
"""The first whose marks a record all has counts; none of them for most records."""

EXTRA: Mapping[str, tuple[str, ...]] = {
    "csl:ISSN": ("issn", "journalissn"),
    "csl:ISBN": ("isbn",),
    "csl:number": ("reportnumber", "reportno"),
    "csl:edition": ("edition",),
    "csl:genre": ("genre", "thesistype", "reporttype"),
    "csl:collection-title": ("collectiontitle", "series", "seriestitle"),
    "csl:publisher-place": ("publisherplace", "place", "publisherlocation"),
    "csl:event-title": ("eventtitle", "conferencename", "event"),
    "csl:container-title-short": ("containertitleshort", "shortcontainertitle", "journalabbreviation"),
    "csl:title-short": ("titleshort", "shorttitle"),
    "csl:PMCID": ("pmcid", "ids.pmcid", "externalids.pubmedcentral"),
    "csl:license": ("license.url", "license", "rights"),
}
"""Fields of CSL that `Metadata` has no place for, and where they stand."""


@lru_cache(maxsize=1024)
def names_of(present: frozenset[str]) -> tuple[Flavour | None, Names]:
    """The flavour of a record with these normal names, and where its fields may stand, of what it has at all."""
    flavour = next((known for known in FLAVOURS if present.issuperset(known.marks)), None)
    names = {**COMMON, **(flavour.fields if flavour else {}), **EXTRA}
    return flavour, {
        name: tuple(path for path in paths if path.partition(".")[0] in present) for name, paths in names.items()
    }
