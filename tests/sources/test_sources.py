"""What services are asked, how their replies are paged, and what is said of those that give none."""

from __future__ import annotations

import email.utils
import json
import socket
import time
from collections.abc import Iterator

import pytest

from askpapers.errors import SourceError, UsageError
from askpapers.sources import Client, Fetched, fetch, search, wanted
from service_server import FORMATS, ServiceServer, service_server

ARXIV = "arxiv/api/query"
FETCH, SEARCH = "pubmed/entrez/eutils/efetch.fcgi", "pubmed/entrez/eutils/esearch.fcgi"


class Clock:
    """Time that passes only when someone sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def server() -> Iterator[ServiceServer]:
    with service_server() as running:
        yield running


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(server: ServiceServer, clock: Clock) -> Iterator[Client]:
    with Client("me@example.org", server.address, "1.0", clock.sleep, clock) as opened:
        yield opened


def get(client: Client, *sources: str) -> Fetched:
    papers = [paper for source in sources if (paper := wanted(source))]
    assert len(papers) == len(sources)
    return fetch(client, papers, lambda done: None)


def found(client: Client, query: str, top: int = 200) -> Fetched:
    return search(client, query, top, lambda done: None)


def feed(ids: list[str], total: int) -> str:
    entries = "".join(
        f"<entry><id>http://arxiv.org/abs/{one}v1</id><title>T</title><summary>About {one}.</summary></entry>"
        for one in ids
    )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:o="http://a9.com/-/spec/opensearch/1.1/">'
        f"<o:totalResults>{total}</o:totalResults>{entries}</feed>"
    )


@pytest.mark.parametrize(
    ("source", "kind", "id_"),
    [
        ("arxiv:2203.02155v2", "arxiv", "2203.02155"),
        ("arXiv: hep-th/9901001", "arxiv", "hep-th/9901001"),
        ("doi:10.1000/ABC", "doi", "10.1000/abc"),
        ("doi:https://doi.org/10.1000/abc", "doi", "10.1000/abc"),
        ("PMID:33012345", "pmid", "33012345"),
    ],
)
def test_a_paper_is_named_by_its_id(source: str, kind: str, id_: str) -> None:
    paper = wanted(source)
    assert paper
    assert (paper.kind, paper.id, paper.written) == (kind, id_, source)


@pytest.mark.parametrize("source", ["export.ris", "folder/a.bib", "C:\\a.bib", "https://example.org/a.bib"])
def test_what_has_no_prefix_is_a_file(source: str) -> None:
    assert wanted(source) is None


@pytest.mark.parametrize("source", ["arxiv:banana", "doi:11.1/x", "pmid:x1", "doi: x"])
def test_an_id_that_is_none_is_refused(source: str) -> None:
    with pytest.raises(UsageError, match="is no id of its kind"):
        wanted(source)


def test_arxiv_papers_are_fetched_in_one_request_and_kept_as_they_came(client: Client, server: ServiceServer) -> None:
    body = feed(["2203.02155", "hep-th/9901001"], 2)
    server.reply(ARXIV, body)
    done = get(client, "arxiv:2203.02155v3", "arxiv:hep-th/9901001", "arxiv:2203.99999")
    (reply,) = done.replies
    assert (reply.name, reply.content.data, reply.content.ending) == (
        "arxiv-2203.02155-and-2-more",
        body.encode(),
        ".xml",
    )
    assert done.unknown == ("arxiv:2203.99999",)
    (asked,) = server.asked
    assert asked.parameters["id_list"] == "2203.02155,hep-th/9901001,2203.99999"
    assert asked.agent == "askpapers/1.0 (mailto:me@example.org)"


def test_a_feed_of_nothing_but_an_error_has_no_paper(client: Client, server: ServiceServer) -> None:
    server.reply(
        ARXIV,
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>http://arxiv.org/api/errors#incorrect_id</id>'
        "<title>Error</title><summary>incorrect id</summary></entry></feed>",
    )
    done = get(client, "arxiv:2203.02155")
    assert (done.replies, done.unknown) == ((), ("arxiv:2203.02155",))


def test_a_doi_that_crossref_has_not_is_asked_of_datacite(client: Client, server: ServiceServer) -> None:
    server.reply("crossref/works/10.1000/a(1)", FORMATS / "crossref-work.json")
    server.reply("datacite/dois/10.1000/b", FORMATS / "datacite.json")
    done = get(client, "doi:10.1000/a(1)", "doi:10.1000/b", "doi:10.1000/c")
    assert [reply.name for reply in done.replies] == ["doi-10.1000-a-1", "doi-10.1000-b"]
    assert done.unknown == ("doi:10.1000/c",)
    assert [(asked.path.partition("/")[0], asked.parameters) for asked in server.asked] == [
        ("crossref", {"mailto": "me@example.org"}),
        ("crossref", {"mailto": "me@example.org"}),
        ("datacite", {}),
        ("crossref", {"mailto": "me@example.org"}),
        ("datacite", {}),
    ]


def test_pubmed_papers_are_fetched_in_one_request(client: Client, server: ServiceServer) -> None:
    server.reply(
        FETCH,
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID></MedlineCitation></PubmedArticle>"
        "<PubmedBookArticle><BookDocument><PMID>2</PMID></BookDocument></PubmedBookArticle></PubmedArticleSet>",
    )
    done = get(client, "pmid:1", "pmid:2", "pmid:3", "pmid:1")
    assert done.unknown == ("pmid:3",)
    assert len(done.replies) == 1
    parameters = server.asked[0].parameters
    assert (parameters["id"], parameters["tool"], parameters["email"]) == ("1,2,3", "askpapers", "me@example.org")


def test_a_search_at_arxiv_is_paged_three_seconds_apart(client: Client, server: ServiceServer, clock: Clock) -> None:
    server.reply(ARXIV, feed([f"2203.{n:05}" for n in range(100)], 150))
    server.reply(ARXIV, feed([f"2203.{n:05}" for n in range(100, 150)], 150))
    done = found(client, "arxiv:lichens on walls", 400)
    assert (len(done.replies), done.total) == (2, 150)
    assert [asked.parameters["start"] for asked in server.asked] == ["0", "100"]
    assert server.asked[0].parameters["search_query"] == "all:lichens AND all:on AND all:walls"
    assert clock.slept == [3.0]


def test_fields_of_arxiv_are_taken_as_they_are(client: Client, server: ServiceServer) -> None:
    server.reply(ARXIV, feed([], 0))
    assert found(client, "arxiv:ti:lichens AND cat:q-bio.PE") == Fetched((), (), 0)
    assert server.asked[0].parameters["search_query"] == "ti:lichens AND cat:q-bio.PE"


@pytest.mark.parametrize("first", [0, 100])
def test_an_empty_page_where_papers_are_due_is_an_error(client: Client, server: ServiceServer, first: int) -> None:
    if first:
        server.reply(ARXIV, feed([f"2203.{n:05}" for n in range(first)], 150))
    server.reply(ARXIV, feed([], 150))
    with pytest.raises(SourceError, match=f"an empty page after {first} of 150"):
        found(client, "arxiv:lichens")


@pytest.mark.parametrize("service", ["crossref", "openalex"])
def test_a_search_is_paged_by_cursor_and_ends_at_the_number_wanted(
    service: str, client: Client, server: ServiceServer
) -> None:
    def page(count: int, cursor: str | None) -> str:
        if service == "crossref":
            return json.dumps({"message": {"total-results": 9000, "next-cursor": cursor, "items": [{}] * count}})
        return json.dumps({"meta": {"count": 9000, "next_cursor": cursor}, "results": [{}] * count})

    server.reply(f"{service}/works", page(100, "second"))
    server.reply(f"{service}/works", page(50, "third"))
    done = found(client, f"{service}:lichens", 150)
    assert (len(done.replies), done.total) == (2, 9000)
    assert [asked.parameters["cursor"] for asked in server.asked] == ["*", "second"]
    assert {asked.parameters["mailto"] for asked in server.asked} == {"me@example.org"}
    assert [reply.name for reply in done.replies] == [f"{service}-lichens-1", f"{service}-lichens-2"]


@pytest.mark.parametrize("service", ["crossref", "openalex"])
def test_a_search_ends_with_an_empty_page(service: str, client: Client, server: ServiceServer) -> None:
    empty = {"message": {"total-results": 0, "next-cursor": "x", "items": []}, "meta": {"count": 0}, "results": []}
    server.reply(f"{service}/works", json.dumps(empty))
    assert found(client, f"{service}:lichens").replies == ()
    assert len(server.asked) == 1


def test_a_search_of_pubmed_fetches_what_it_finds(client: Client, server: ServiceServer) -> None:
    ids = [str(n) for n in range(1, 151)]
    server.reply(SEARCH, json.dumps({"esearchresult": {"count": "812", "idlist": ids}}))
    for some in (ids[:100], ids[100:]):
        records = "".join(f"<MedlineCitation><PMID>{one}</PMID></MedlineCitation>" for one in some)
        server.reply(FETCH, f"<PubmedArticleSet>{records}</PubmedArticleSet>")
    done = found(client, "pubmed:lichens[tiab]", 150)
    assert (len(done.replies), done.total) == (2, 812)
    assert server.asked[0].parameters["term"] == "lichens[tiab]"
    assert [asked.parameters["id"].count(",") + 1 for asked in server.asked[1:]] == [100, 50]


@pytest.mark.parametrize("query", ["lichens", "scholar:lichens", "openalex:", ":lichens", "openalex: "])
def test_a_search_that_names_no_service_or_nothing_is_refused(query: str, client: Client) -> None:
    with pytest.raises(UsageError, match="is no search"):
        found(client, query)


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("arxiv:x", ARXIV),
        ("pubmed:x", SEARCH),
        ("crossref:x", "crossref/works"),
        ("openalex:x", "openalex/works"),
    ],
)
@pytest.mark.parametrize(
    "body", [b"", b"<html>Sorry<br></html>", b"\xff\xfe\x00", b"[]", b'{"message": 3}', b'{"meta": {}, "results']
)
def test_a_damaged_reply_is_one_error(
    query: str, path: str, body: bytes, client: Client, server: ServiceServer
) -> None:
    server.reply(path, body)
    with pytest.raises(SourceError, match="is damaged or of another kind"):
        found(client, query)


def test_a_busy_service_is_asked_again_when_it_says(client: Client, server: ServiceServer, clock: Clock) -> None:
    server.reply("crossref/works/10.1000/a", "slow down", 429, Retry_After="17")
    server.reply("crossref/works/10.1000/a", "oh", 503)
    server.reply("crossref/works/10.1000/a", '{"message": {}}')
    assert len(get(client, "doi:10.1000/a").replies) == 1
    assert clock.slept == [17.0, 4.0]


def test_a_service_that_stays_busy_is_said(client: Client, server: ServiceServer, clock: Clock) -> None:
    server.reply("crossref/works/10.1000/a", "slow down", 429)
    with pytest.raises(SourceError, match="Crossref does not answer as it should: status 429, 4 times"):
        get(client, "doi:10.1000/a")
    assert len(server.asked) == 4
    assert clock.slept == [2.0, 4.0, 8.0]


@pytest.mark.parametrize(
    "value", ["86400", email.utils.formatdate(time.time() + 90_000, usegmt=True)], ids=["seconds", "a date"]
)
def test_nobody_waits_for_a_day(value: str, client: Client, server: ServiceServer, clock: Clock) -> None:
    server.reply("crossref/works/10.1000/a", "slow down", 429, Retry_After=value)
    with pytest.raises(SourceError, match=r"asks to be left alone for \d\d,\d{3} seconds"):
        get(client, "doi:10.1000/a")
    assert (len(server.asked), clock.slept) == (1, [])


def test_a_request_that_is_not_taken_is_not_made_again(client: Client, server: ServiceServer) -> None:
    server.reply(ARXIV, "bad request", 400)
    with pytest.raises(SourceError, match="arXiv does not take the request: status 400"):
        found(client, "arxiv:lichens")
    assert len(server.asked) == 1


def test_without_a_network_it_is_said_what_was_not_reached(clock: Clock) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(SourceError, match=r"OpenAlex cannot be reached \(127\.0\.0\.1:\d+\)") as caught:
        found(Client(base=address, sleep=clock.sleep), "openalex:lichens")
    assert "HTTPS_PROXY" in caught.value.hint
    assert clock.slept == []


def test_no_address_is_sent_where_none_is_set(server: ServiceServer, clock: Clock) -> None:
    get(Client(base=server.address, sleep=clock.sleep), "doi:10.1000/a")
    assert {(tuple(asked.parameters), asked.agent) for asked in server.asked} == {((), "askpapers/0")}
