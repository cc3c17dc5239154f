"""Where the fields of a paper stand in the XML of each source: paths, in the order in which they are looked for.

A path is one of ElementPath, in which names stand for themselves in any namespace; "/@name" at its end is an attribute.
The names of the fields are those of `json_flavours.COMMON`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class XmlFlavour:
    """The XML of one source: the elements that are its records, in which root, and where their fields stand.

    `lists` are the fields of which every value counts; `type` is that of all of its records. `title_ends` says that its
    titles end with a full stop.
    """

    name: str
    tags: tuple[str, ...]
    roots: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, tuple[str, ...]]
    people: tuple[str, ...]
    editors: tuple[str, ...] = ()
    title_ends: bool = False
    type: str = ""


_ID = "PubmedData/ArticleIdList/ArticleId[@IdType='{}']"
_ARTICLE = "MedlineCitation/Article"
_ISSUE = f"{_ARTICLE}/Journal/JournalIssue"
_BOOK = "BookDocument"
_META = "front/article-meta"
_JATS_ID = f"{_META}/article-id[@pub-id-type='{{}}']"

XML_FLAVOURS = (
    XmlFlavour(
        "PubMed",
        ("PubmedArticle", "PubmedBookArticle"),
        ("PubmedArticleSet", "PubmedBookArticleSet", "PubmedArticle", "PubmedBookArticle"),
        {
            "id": ("MedlineCitation/PMID", f"{_BOOK}/PMID"),
            "pmid": ("MedlineCitation/PMID", f"{_BOOK}/PMID"),
            "title": (f"{_ARTICLE}/ArticleTitle", f"{_BOOK}/ArticleTitle", f"{_BOOK}/Book/BookTitle",
                      f"{_ARTICLE}/VernacularTitle"),
            "abstract": (f"{_ARTICLE}/Abstract", "MedlineCitation/OtherAbstract", f"{_BOOK}/Abstract"),
            "date": (f"{_ISSUE}/PubDate", f"{_ARTICLE}/ArticleDate",
                     f"{_BOOK}/Book/PubDate", f"{_BOOK}/ContributionDate"),
            "venue": (f"{_ARTICLE}/Journal/Title", f"{_BOOK}/Book/BookTitle",
                      "MedlineCitation/MedlineJournalInfo/MedlineTA"),
            "containertitleshort": (f"{_ARTICLE}/Journal/ISOAbbreviation",
                                    "MedlineCitation/MedlineJournalInfo/MedlineTA"),
            "publisher": (f"{_BOOK}/Book/Publisher/PublisherName",),
            "volume": (f"{_ISSUE}/Volume",),
            "issue": (f"{_ISSUE}/Issue",),
            "pages": (f"{_ARTICLE}/Pagination/MedlinePgn", f"{_ARTICLE}/Pagination/StartPage",
                      f"{_ARTICLE}/ELocationID[@EIdType='pii']"),
            "doi": (_ID.format("doi"), f"{_ARTICLE}/ELocationID[@EIdType='doi']",
                    "PubmedBookData/ArticleIdList/ArticleId[@IdType='doi']"),
            "pmcid": (_ID.format("pmc"),),
            "issn": (f"{_ARTICLE}/Journal/ISSN", "MedlineCitation/MedlineJournalInfo/ISSNLinking"),
            "isbn": (f"{_BOOK}/Book/Isbn",),
            "language": (f"{_ARTICLE}/Language", f"{_BOOK}/Language"),
        },
        {
            "type": (f"{_ARTICLE}/PublicationTypeList/PublicationType", f"{_BOOK}/PublicationType"),
            "keywords": ("MedlineCitation/KeywordList/Keyword", f"{_BOOK}/KeywordList/Keyword"),
            "categories": ("MedlineCitation/MeshHeadingList/MeshHeading/DescriptorName",),
            "corrections": ("MedlineCitation/CommentsCorrectionsList/CommentsCorrections/@RefType",),
        },
        (f"{_ARTICLE}/AuthorList/Author", f"{_BOOK}/AuthorList[@Type='authors']/Author", f"{_BOOK}/AuthorList/Author"),
        (f"{_BOOK}/Book/AuthorList[@Type='editors']/Author",),
        title_ends=True,
    ),
    XmlFlavour(
        "JATS",
        ("article",),
        ("article", "pmc-articleset", "articles"),
        {
            "doi": (_JATS_ID.format("doi"),),
            "pmid": (_JATS_ID.format("pmid"),),
            "pmcid": (_JATS_ID.format("pmc"), _JATS_ID.format("pmcid")),
            "arxivid": (_JATS_ID.format("arxiv"),),
            "title": (f"{_META}/title-group/article-title",),
            "abstract": (f"{_META}/abstract", f"{_META}/trans-abstract"),
            "date": (
                f"{_META}/pub-date[@pub-type='ppub']", f"{_META}/pub-date[@date-type='pub']",
                f"{_META}/pub-date[@pub-type='epub']", f"{_META}/pub-date",
            ),
            "venue": ("front/journal-meta/journal-title-group/journal-title", "front/journal-meta/journal-title"),
            "containertitleshort": ("front/journal-meta/journal-title-group/abbrev-journal-title",),
            "publisher": ("front/journal-meta/publisher/publisher-name",),
            "issn": ("front/journal-meta/issn",),
            "volume": (f"{_META}/volume",),
            "issue": (f"{_META}/issue",),
            "startpage": (f"{_META}/fpage",),
            "endpage": (f"{_META}/lpage",),
            "elocationid": (f"{_META}/elocation-id",),
            "language": ("@{http://www.w3.org/XML/1998/namespace}lang",),
            "url": (f"{_META}/self-uri/@{{http://www.w3.org/1999/xlink}}href",),
        },
        {
            "type": ("@article-type",),
            "keywords": (f"{_META}/kwd-group/kwd",),
            "categories": (f"{_META}/article-categories/subj-group/subject",),
            "corrections": (f"{_META}/related-article/@related-article-type",),
        },
        (f"{_META}/contrib-group/contrib[@contrib-type='author']", f"{_META}/contrib-group/contrib"),
        (f"{_META}/contrib-group/contrib[@contrib-type='editor']",),
    ),
    XmlFlavour(
        "Atom",
        ("entry",),
        ("feed",),
        {
            "id": ("id",),
            "arxivid": ("id",),
            "title": ("title",),
            "abstract": ("summary", "content"),
            "date": ("published", "issued", "updated"),
            "doi": ("doi", "link[@title='doi']/@href"),
            "journalref": ("journal_ref",),
            "comments": ("comment",),
            "url": ("link[@rel='alternate']/@href", "link/@href", "id"),
        },
        {"categories": ("category/@term",)},
        ("author/name", "creator"),
    ),
    XmlFlavour(
        "OAI-PMH",
        ("record",),
        ("OAI-PMH", "ListRecords", "GetRecord"),
        {
            "id": ("metadata/arXivRaw/id", "metadata/arXiv/id", "header/identifier"),
            "arxivid": ("metadata/arXivRaw/id", "metadata/arXiv/id", "header/identifier"),
            "title": ("metadata/*/title",),
            "abstract": ("metadata/*/abstract", "metadata/*/description"),
            "date": ("metadata/arXivRaw/version/date", "metadata/arXiv/created", "metadata/*/date"),
            "doi": ("metadata/*/doi",),
            "journalref": ("metadata/*/journal-ref", "metadata/*/source"),
            "comments": ("metadata/*/comments",),
            "number": ("metadata/*/report-no",),
            "license": ("metadata/*/license",),
            "publisher": ("metadata/*/publisher",),
            "language": ("metadata/*/language",),
            "authors": ("metadata/arXivRaw/authors",),
        },
        {
            "categories": ("metadata/*/categories", "metadata/*/subject"),
            "type": ("metadata/*/type",),
            "links": ("metadata/dc/identifier",),
        },
        ("metadata/arXiv/authors/author", "metadata/*/creator"),
    ),
    XmlFlavour(
        "EndNote XML",
        ("record",),
        ("xml", "records"),
        {
            "id": ("label",),
            "title": ("titles/title",),
            "abstract": ("abstract",),
            "year": ("dates/year",),
            "date": ("dates/pub-dates/date",),
            "venue": ("periodical/full-title", "titles/secondary-title", "alt-periodical/full-title"),
            "containertitleshort": ("periodical/abbr-1", "titles/alt-title"),
            "volume": ("volume",),
            "issue": ("number",),
            "pages": ("pages",),
            "doi": ("electronic-resource-num",),
            "issn": ("isbn",),
            "publisher": ("publisher",),
            "place": ("pub-location",),
            "edition": ("edition",),
            "language": ("language",),
            "note": ("notes", "research-notes"),
            "url": ("urls/related-urls/url", "urls/web-urls/url"),
        },
        {"type": ("ref-type/@name",), "keywords": ("keywords/keyword",)},
        ("contributors/authors/author",),
        ("contributors/secondary-authors/author",),
    ),
    XmlFlavour(
        "DBLP",
        ("article", "inproceedings", "incollection", "book", "phdthesis", "mastersthesis", "proceedings"),
        ("dblp",),
        {
            "id": ("@key",),
            "title": ("title",),
            "abstract": ("abstract",),
            "year": ("year",),
            "venue": ("journal", "booktitle"),
            "volume": ("volume",),
            "issue": ("number",),
            "pages": ("pages",),
            "publisher": ("publisher", "school"),
            "doi": ("doi", "ee"),
            "url": ("ee",),
        },
        {"type": (".",)},
        ("author",),
        ("editor",),
        title_ends=True,
    ),
    XmlFlavour(
        "RSS",
        ("item",),
        ("rss", "RDF"),
        {
            "title": ("title",),
            "abstract": ("encoded", "description", "abstract"),
            "date": ("publicationDate", "coverDate", "date", "pubDate"),
            "venue": ("publicationName",),
            "volume": ("volume",),
            "issue": ("number",),
            "startpage": ("startingPage",),
            "endpage": ("endingPage",),
            "doi": ("doi", "identifier", "guid", "link"),
            "url": ("link", "url"),
        },
        {"categories": ("category", "subject")},
        ("creator", "author"),
    ),
    XmlFlavour(
        "ACL Anthology",
        ("paper",),
        ("collection", "volume"),
        {
            "id": ("url", "bibkey"),
            "title": ("title",),
            "abstract": ("abstract",),
            "doi": ("doi",),
            "pages": ("pages",),
            "venue": ("../meta/booktitle",),
            "year": ("../meta/year",),
            "publisher": ("../meta/publisher",),
        },
        {},
        ("author",),
        ("../meta/editor",),
        type="paper-conference",
    ),
)  # fmt: skip
