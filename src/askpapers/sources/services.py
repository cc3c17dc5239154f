"""What each service is asked and how its replies are paged: arXiv, Crossref, DataCite, PubMed and OpenAlex."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as Xml

from askpapers.counts import counted
from askpapers.errors import SourceError
from askpapers.identifiers import arxiv_of
from askpapers.sources.client import Client, Service

ARXIV = Service("arXiv", "https://export.arxiv.org/", 3.0)
CROSSREF = Service("Crossref", "https://api.crossref.org/", 0.2)
DATACITE = Service("DataCite", "https://api.datacite.org/", 0.2)
PUBMED = Service("PubMed", "https://eutils.ncbi.nlm.nih.gov/", 0.34)
OPENALEX = Service("OpenAlex", "https://api.openalex.org/", 0.2)

Parameters = dict[str, str | int]

_PAGE = 100  # papers
_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_ARXIV_FIELD = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all|submittedDate):")


@dataclass(frozen=True, slots=True)
class Content:
    """A reply as the service gave it, and how the name of a file of it ends."""

    data: bytes
    ending: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply and what a file of it may be called, without its ending."""

    name: str
    content: Content


@dataclass(frozen=True, slots=True)
class Page:
    """A page of what a search finds: how many papers are in it, and how many there are in all."""

    content: Content
    papers: int
    total: int


def arxiv(client: Client, ids: Sequence[str]) -> tuple[Content, Collection[str]]:
    """The feed of papers by their arXiv ids, and which of them are in it. Raises SourceError."""
    body = client.get(ARXIV, "api/query", {"id_list": ",".join(ids), "max_results": len(ids)})
    feed = _xml(ARXIV, body)
    return Content(body or b"", ".xml"), {arxiv_of(_text(entry, f"{_ATOM}id")) for entry in _entries(feed)}


def search_arxiv(client: Client, words: str, top: int) -> Iterator[Page]:
    """The papers that have all words, the most relevant first; fields as "ti:" are taken as they are."""
    query = words if _ARXIV_FIELD.search(words) else " AND ".join(f"all:{word}" for word in re.findall(r"\w+", words))
    start = 0
    while start < top:
        size = min(_PAGE, top - start)
        parameters: Parameters = {"search_query": query, "start": start, "max_results": size, "sortBy": "relevance"}
        body = client.get(ARXIV, "api/query", parameters)
        feed = _xml(ARXIV, body)
        count, total = len(_entries(feed)), int(_text(feed, _TOTAL) or 0)
        if not count and start < total:  # arXiv does so now and then
            raise SourceError(
                f"arXiv gives an empty page after {start:,} of {counted(total, 'paper')}.",
                hint="Try again, or take fewer: --top",
            )
        if count:
            yield Page(Content(body or b"", ".xml"), count, total)
        start += size
        if start >= total:
            return


def doi(client: Client, name: str) -> bytes | None:
    """The record of a DOI at Crossref, else at DataCite; None where neither has it. Raises SourceError."""
    for service, path, parameters in (
        (CROSSREF, "works/", _mailto(client)),
        (DATACITE, "dois/", {}),
    ):
        if (body := client.get(service, path + quote(name, safe=""), parameters)) is not None:
            _json(service, body)
            return body
    return None


def search_crossref(client: Client, words: str, top: int) -> Iterator[Page]:
    """The papers with abstracts at Crossref that fit the words, the most relevant first."""
    cursor, done = "*", 0
    while done < top and cursor:
        size = min(_PAGE, top - done)
        parameters: Parameters = {
            "query.bibliographic": words, "filter": "has-abstract:true", "rows": size, "cursor": cursor,
        }  # fmt: skip
        body = client.get(CROSSREF, "works", {**parameters, **_mailto(client)}) or b""
        message = _inner(CROSSREF, _json(CROSSREF, body), "message", dict)
        count = len(_inner(CROSSREF, message, "items", list))
        if not count:
            return
        yield Page(Content(body, ".json"), count, int(message.get("total-results") or 0))
        done += count
        cursor = message.get("next-cursor") or ""


def search_openalex(client: Client, words: str, top: int) -> Iterator[Page]:
    """The works with abstracts at OpenAlex that fit the words, the most relevant first."""
    cursor, done = "*", 0
    while done < top and cursor:
        size = min(_PAGE, top - done)
        parameters: Parameters = {"search": words, "filter": "has_abstract:true", "per_page": size, "cursor": cursor}
        body = client.get(OPENALEX, "works", {**parameters, **_mailto(client)}) or b""
        value = _json(OPENALEX, body)
        count, meta = len(_inner(OPENALEX, value, "results", list)), _inner(OPENALEX, value, "meta", dict)
        if not count:
            return
        yield Page(Content(body, ".json"), count, int(meta.get("count") or 0))
        done += count
        cursor = meta.get("next_cursor") or ""


def pubmed(client: Client, ids: Sequence[str]) -> tuple[Content, Collection[str]]:
    """The records of papers by their PubMed ids, and which of them are in it. Raises SourceError."""
    body = client.get(
        PUBMED,
        "entrez/eutils/efetch.fcgi",
        {"db": "pubmed", "id": ",".join(ids), "retmode": "xml", **_tool(client)},
    )
    found = _xml(PUBMED, body)
    records = [*found.iter("MedlineCitation"), *found.iter("BookDocument")]
    return Content(body or b"", ".xml"), {_text(record, "PMID") for record in records}


def search_pubmed(client: Client, words: str, top: int) -> Iterator[Page]:
    """The papers that a search of PubMed finds, the most relevant first; its own language is understood."""
    parameters: Parameters = {"db": "pubmed", "term": words, "retmax": top, "retmode": "json", "sort": "relevance"}
    body = client.get(PUBMED, "entrez/eutils/esearch.fcgi", {**parameters, **_tool(client)}) or b""
    result = _inner(PUBMED, _json(PUBMED, body), "esearchresult", dict)
    ids = _inner(PUBMED, result, "idlist", list) if "ERROR" not in result else []
    for start in range(0, len(ids), _PAGE):
        content, there = pubmed(client, [str(one) for one in ids[start : start + _PAGE]])
        if there:
            yield Page(content, len(there), int(result.get("count") or 0))


def _mailto(client: Client) -> Parameters:
    return {"mailto": client.mailto} if client.mailto else {}


def _tool(client: Client) -> Parameters:
    return {"tool": "askpapers", **({"email": client.mailto} if client.mailto else {})}


def _xml(service: Service, body: bytes | None) -> Xml.Element:
    try:
        return Xml.fromstring(body or b"")
    except Xml.ParseError as error:
        raise _damaged(service) from error


def _json(service: Service, body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except ValueError as error:
        raise _damaged(service) from error
    if not isinstance(value, dict):
        raise _damaged(service)
    return value


def _inner(service: Service, value: dict[str, Any], name: str, kind: type) -> Any:
    inner = value.get(name)
    if not isinstance(inner, kind):
        raise _damaged(service)
    return inner


def _damaged(service: Service) -> SourceError:
    return SourceError(
        f"The reply of {service.name} is damaged or of another kind.", hint="Try again later. Nothing was added."
    )


def _entries(feed: Xml.Element) -> list[Xml.Element]:
    """The papers of a feed; arXiv tells of an error in an entry of its own."""
    return [entry for entry in feed.iter(f"{_ATOM}entry") if "api/errors" not in _text(entry, f"{_ATOM}id")]


def _text(element: Xml.Element, name: str) -> str:
    return (element.findtext(name) or "").strip()
