"""Several collections served together: each opened when first used, named by a parameter or an address."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from mcp.client import Client

from askpapers.corpus_paths import data_folder
from askpapers.engine import Corpus
from askpapers.errors import AskPapersError
from askpapers.index.embedder import MiniLM
from askpapers.mcp.tools import mcp_server
from askpapers.progress import Progress
from askpapers.server.guard import Login
from askpapers.service.corpus_service import CorpusService
from askpapers.service.feedback import feedback_file
from askpapers.settings import Settings
from web.conftest import Serve, make_service, write_json_lines
from web.test_guard import send

FROGS = {
    "id": "frogs",
    "title": "Glass frogs",
    "abstract": "Glass frogs hide their blood in the liver while they sleep, which makes them transparent.",
    "year": 2022,
}


@pytest.fixture
def opened() -> list[str]:
    """What was opened, each time that it was."""
    return []


@pytest.fixture
def services(service: CorpusService, tmp_path: Path, embedder: MiniLM, opened: list[str]) -> list[CorpusService]:
    folder = tmp_path / "amphibians"
    write_json_lines(folder / "one.jsonl", [FROGS])
    made = make_service(folder, tmp_path / "index", embedder)

    def open_frogs(progress: Progress) -> Corpus:
        opened.append("frogs")
        progress("Opening", 0, None)
        return made.corpus

    return [CorpusService(service.corpus, service.settings, "seeds"), CorpusService(open_frogs, made.settings, "frogs")]


def got(url: str, method: str, path: str, body: Any = None) -> Any:
    status, _, content = send(url, method, path, body)
    assert status == 200, content
    return json.loads(content)


def test_the_api_names_a_collection_and_opens_it_with_its_first_question(
    serve: Serve, services: list[CorpusService], opened: list[str]
) -> None:
    url = serve(services, page=False)
    about = got(url, "GET", "/api")
    assert (about["papers"], about["collections"]) == (34, ["seeds", "frogs"])
    assert opened == []
    asked = {"question": "where do glass frogs hide their blood?"}
    assert got(url, "POST", "/api/ask?collection=frogs", asked)["papers"][0]["id"] == "frogs"
    assert got(url, "POST", "/c/frogs/api/ask", asked)["papers"][0]["id"] == "frogs"
    assert opened == ["frogs"]
    assert got(url, "POST", "/api/ask", asked)["status"] == "not_in_corpus"
    assert got(url, "GET", "/api?collection=frogs")["papers"] == 1
    assert got(url, "GET", "/c/frogs/api?collection=seeds")["papers"] == 34
    for path in ("/api?collection=birds", "/api/papers?collection=birds", "/c/frogs/api?collection=birds"):
        status, _, content = send(url, "GET", path)
        told = json.loads(content)
        assert (status, told["error"]) == (400, "There is no collection “birds”.")
        assert told["hint"] == "There are: seeds, frogs."
    for path in ("/c/birds/api", "/c/birds/", "/c/frogs/nothing", "/c/"):
        assert send(url, "GET", path)[0] == 404, path


def test_the_address_of_a_collection_without_its_slash_leads_to_the_page(
    serve: Serve, services: list[CorpusService]
) -> None:
    url = serve(services, page=False)
    for path, place in (("/c/frogs", "/c/frogs/"), ("/c/frogs?q=a%20b", "/c/frogs/?q=a%20b")):
        status, headers, _ = send(url, "GET", path)
        assert (status, headers["location"]) == (307, place)
    assert send(url, "POST", "/c/frogs", {})[0] == 404
    assert send(url, "GET", "/c/birds")[0] == 404


def test_one_collection_is_served_as_before(serve: Serve, service: CorpusService) -> None:
    url = serve(service, page=False)
    assert "collections" not in got(url, "GET", "/api")
    assert "collection" not in send(url, "GET", "/api/openapi.json")[2].decode()
    assert send(url, "GET", "/c/seeds/api")[0] == 404


def test_one_login_is_asked_for_before_every_collection(serve: Serve, services: list[CorpusService]) -> None:
    url = serve(services, page=False, login=Login("ada", "pass"))
    for path in ("/api", "/api?collection=frogs", "/api?collection=birds", "/c/frogs/api", "/c/frogs/mcp", "/c/frogs"):
        assert send(url, "GET", path)[0] == 401, path


def test_the_tools_take_the_name_of_a_collection(services: list[CorpusService], service: CorpusService) -> None:
    async def called() -> None:
        async with Client(mcp_server(services, "0.0.test")) as client:
            for tool in (await client.list_tools()).tools:
                assert tool.input_schema["properties"]["collection"]["enum"] == ["seeds", "frogs"]
                assert "collection" not in tool.input_schema.get("required", [])
            found = await client.call_tool("paper", {"id": "frogs", "collection": "frogs"})
            assert found.structured_content["title"] == "Glass frogs"
            assert (await client.call_tool("paper", {"id": "frogs"})).is_error
            assert not (await client.call_tool("paper", {"id": "2110.14168", "collection": "seeds"})).is_error
            refused = await client.call_tool("paper", {"id": "frogs", "collection": "birds"})
            assert refused.structured_content["hint"] == "There are: seeds, frogs."
        async with Client(mcp_server([service], "0.0.test")) as client:
            for tool in (await client.list_tools()).tools:
                assert "collection" not in tool.input_schema["properties"]

    asyncio.run(called())


def test_what_is_made_on_the_page_is_kept_by_the_name_of_a_collection() -> None:
    folders = [Path("/one/papers")], [Path("/two/papers")]
    assert feedback_file(folders[0]) == feedback_file(folders[1])
    assert feedback_file(folders[0], "one") != feedback_file(folders[1], "two")
    assert data_folder(folders[0], "screenings", "one") != data_folder(folders[1], "screenings", "two")


def test_a_collection_that_cannot_be_opened_says_so_and_is_tried_again(
    service: CorpusService, services: list[CorpusService], opened: list[str]
) -> None:
    def fail(progress: Progress) -> Corpus:
        if not opened:
            opened.append("failed")
            raise AskPapersError("There is no folder.", hint="Make one.")
        return service.corpus

    late = CorpusService(fail, Settings((Path("nowhere"),), Path("index"), "--collection", "the cache folder"), "late")
    assert late.models() == ["none"]
    with pytest.raises(AskPapersError, match="no folder"):
        late.search("x", 1)
    assert late.search("math word problems", 1)
    assert late.corpus is late.corpus
