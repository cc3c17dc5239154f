"""`ask add`: what is fetched becomes papers of the corpus, and what does not is said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import Ask
from service_server import FORMATS, ServiceServer, service_server

ABSTRACT = "Frogs sing in the reeds at night, as we observed on 12 ponds."


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ServiceServer]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ASK_CORPUS", raising=False)
    monkeypatch.setenv("ASK_INDEX", str(tmp_path / "index"))
    with service_server() as running:
        monkeypatch.setenv("ASK_SOURCES_URL", running.address)
        yield running


def work(doi: str, abstract: str | None = ABSTRACT) -> str:
    inner = {"DOI": doi, "title": ["Songs of frogs"], "type": "journal-article"}
    return json.dumps({"message-type": "work", "message": {**inner, **({"abstract": abstract} if abstract else {})}})


def test_papers_of_each_service_make_a_corpus_and_answer(server: ServiceServer, run_ask: Ask, tmp_path: Path) -> None:
    server.reply("arxiv/api/query", FORMATS / "arxiv-atom.xml")
    server.reply("openalex/works", FORMATS / "openalex-works.json")
    server.reply("pubmed/entrez/eutils/esearch.fcgi", '{"esearchresult": {"count": "2", "idlist": ["1"]}}')
    server.reply("pubmed/entrez/eutils/efetch.fcgi", FORMATS / "pubmed.xml")
    server.reply("crossref/works", FORMATS / "crossref-works.json")
    searches = [f"{service}:lichens" for service in ("arxiv", "openalex", "pubmed", "crossref")]
    done = run_ask("add", "--top", "1", "--json", *(part for query in searches for part in ("--search", query)))
    assert done.code == 0, done
    assert all(one["new"] or one["there"] for one in done.json["added"]), done.json
    assert set(done.json["found"]) == set(searches)
    stored = sorted(path.name for path in (tmp_path / "papers" / "added").iterdir())
    assert (tmp_path / "papers/added/added-pubmed-lichens-1.xml").read_bytes() == (FORMATS / "pubmed.xml").read_bytes()
    assert len(stored) == sum(one["new"] > 0 for one in done.json["added"])
    listed = run_ask("papers", "--corpus", "papers", "--json")
    assert len(listed.json["papers"]) == done.json["papers"] > 2


def test_what_has_no_abstract_is_there_or_unknown_is_said(server: ServiceServer, run_ask: Ask, tmp_path: Path) -> None:
    server.reply("crossref/works/10.1000/a", work("10.1000/a"))
    server.reply("crossref/works/10.1000/b", work("10.1000/b", None))
    first = run_ask("add", "--to", "ponds", "doi:10.1000/a")
    assert first.code == 0, first
    assert "1 paper in ponds." in first.out
    again = run_ask("add", "--to", "ponds", "doi:10.1000/a", "doi:10.1000/b", "doi:10.1000/c")
    assert again.code == 1
    assert "0 new, 1 there already" in again.out
    assert "doi-10.1000-b.json: No abstract found" in again.out
    assert "doi:10.1000/c: no paper has this id" in again.out
    assert [path.name for path in (tmp_path / "ponds" / "added").iterdir()] == ["added-doi-10-1000-a.json"]


def test_a_file_is_added_to_the_corpus_of_ask_toml(server: ServiceServer, run_ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "ask.toml").write_text('corpus = "mine"\nmailto = "me@example.org"\n')
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text(f"Abstract: {ABSTRACT}")
    (tmp_path / "new.jsonl").write_text('{"title": "Toads", "abstract": "Toads are silent by day, we find."}\n')
    server.reply("crossref/works/10.1000/a", work("10.1000/a"))
    done = run_ask("add", "new.jsonl", "doi:10.1000/a", "--json")
    assert done.code == 0, done
    assert (done.json["new"], done.json["there"], done.json["papers"]) == (1, 1, 2)
    assert (tmp_path / "mine" / "added" / "added-new.jsonl").is_file()
    assert server.asked[0].parameters == {"mailto": "me@example.org"}


def test_nothing_is_made_where_a_service_fails(server: ServiceServer, run_ask: Ask, tmp_path: Path) -> None:
    server.reply("crossref/works/10.1000/a", work("10.1000/a"))
    server.reply("openalex/works", "forbidden", 403)
    run = run_ask("add", "doi:10.1000/a", "--search", "openalex:frogs")
    run.assert_refused(1, "OpenAlex does not take the request: status 403", "Nothing was added")
    assert not (tmp_path / "papers").exists()


@pytest.mark.parametrize(
    ("arguments", "what", "to_do"),
    [
        ([], "What is to be added is missing", "ask add arxiv:"),
        (["nothing.ris"], "There is no file nothing.ris", "doi:"),
        (["doi:banana"], "no id of its kind", "doi:10"),
        (["--search", "frogs"], "is no search", "openalex, arxiv, pubmed, crossref"),
        (["a.txt", "--to", "a", "--corpus", "b"], "name a folder each", "one of them"),
        (["a.txt", "--to", "a.txt"], "is a single file", "--to FOLDER"),
    ],
)
def test_what_cannot_be_added_is_refused(
    arguments: list[str], what: str, to_do: str, server: ServiceServer, run_ask: Ask, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(ABSTRACT)
    run_ask("add", *arguments).assert_refused(2, what, to_do)
    assert server.asked == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt"]
