"""What is fetched: papers by their ids, or the first that a search finds. Replies stay as the services gave them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from askpapers.errors import UsageError
from askpapers.identifiers import arxiv_of, doi_of, pmid_of
from askpapers.sources import services
from askpapers.sources.client import Client
from askpapers.sources.services import Page, Reply

_AT_ONCE = 100
_LONGEST_NAME = 40
_PREFIX = re.compile(r"(arxiv|doi|pmid):\s*(.+)", re.I | re.S)
_READ: dict[str, Callable[[str], str]] = {
    "arxiv": arxiv_of,
    "doi": doi_of,
    "pmid": lambda text: pmid_of(f"PMID: {text}"),
}
_SEARCHES: dict[str, Callable[[Client, str, int], Iterator[Page]]] = {
    "openalex": services.search_openalex,
    "arxiv": services.search_arxiv,
    "pubmed": services.search_pubmed,
    "crossref": services.search_crossref,
}


@dataclass(frozen=True, slots=True)
class RequestedPaper:
    """A paper by its id: of what kind ("arxiv", "doi", "pmid"), the id, and how it was written."""

    kind: str
    id: str
    written: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """The replies, which papers no service has (as they were written), and how many papers a search finds in all."""

    replies: tuple[Reply, ...]
    unknown: tuple[str, ...] = ()
    total: int = 0


def wanted(source: str) -> RequestedPaper | None:
    """The paper that "arxiv:2203.02155", "doi:10.1000/x1" or "pmid:1" names; None for what has no such prefix.

    Raises UsageError for an id that is none of its kind.
    """
    match = _PREFIX.fullmatch(source.strip())
    if not match:
        return None
    kind, written = match[1].lower(), match[2].strip()
    found = _READ[kind](written)
    if not found:
        example = {"arxiv": "arxiv:2203.02155", "doi": "doi:10.1000/x1", "pmid": "pmid:33012345"}[kind]
        raise UsageError(f"“{source}” is no id of its kind.", hint=f"Write it so: {example}")
    return RequestedPaper(kind, found, source)


def fetch(client: Client, papers: Sequence[RequestedPaper], progress: Callable[[int], None]) -> Fetched:
    """Fetch papers by their ids; `progress` is told how many are done. Raises SourceError."""
    replies: list[Reply] = []
    unknown: list[str] = []
    done = 0
    for kind, asked in (("arxiv", services.arxiv), ("pmid", services.pubmed)):
        some = {paper.id: paper.written for paper in papers if paper.kind == kind}
        for start in range(0, len(some), _AT_ONCE):
            ids = list(some)[start : start + _AT_ONCE]
            progress(done)
            page, there = asked(client, ids)
            if there:
                replies.append(Reply(f"{kind}-{_name(ids)}", page))
            unknown += [some[one] for one in ids if one not in there]
            done += len(ids)
    for doi, written in {paper.id: paper.written for paper in papers if paper.kind == "doi"}.items():
        progress(done)
        content = services.doi(client, doi)
        if content is None:
            unknown.append(written)
        else:
            replies.append(Reply(f"doi-{_name([doi])}", services.Content(content, ".json")))
        done += 1
    return Fetched(tuple(replies), tuple(unknown))


def search(client: Client, query: str, top: int, progress: Callable[[int], None]) -> Fetched:
    """Fetch the first papers that a search finds, such as "openalex:lichens on walls".

    Raises UsageError for a service that is not known or nothing to look for, and SourceError.
    """
    name, _, words = query.partition(":")
    name, words = name.strip().lower(), words.strip()
    if name not in _SEARCHES or not words:
        raise UsageError(
            f"“{query}” is no search.", hint=f"Write SERVICE:WORDS; the services are {', '.join(_SEARCHES)}."
        )
    replies: list[Reply] = []
    done = total = 0
    progress(0)
    for page in _SEARCHES[name](client, words, top):
        replies.append(Reply(f"{name}-{_name([words])}-{len(replies) + 1}", page.content))
        done, total = done + page.papers, page.total
        progress(done)
    return Fetched(tuple(replies), (), total)


def _name(parts: Sequence[str]) -> str:
    more = f"-and-{len(parts) - 1}-more" if len(parts) > 1 else ""
    return re.sub(r"[^\w.]+", "-", parts[0]).strip("-.")[:_LONGEST_NAME] + more
