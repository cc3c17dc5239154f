"""`ask chat`, `ask serve`, `ask mcp`: what they refuse, what they say, and that they start."""

from __future__ import annotations

import base64
import logging
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from askpapers.cli import cli
from askpapers.errors import AskPapersError, UsageError
from askpapers.server.listening import show_only_warnings
from terminal import Terminal
from web.test_guard import send


def refused(*arguments: str) -> AskPapersError:
    result = CliRunner().invoke(cli, list(arguments))
    assert isinstance(result.exception, AskPapersError), result.output
    return result.exception


def test_sharing_is_refused_with_a_reason_and_needs_a_login_when_meant() -> None:
    once = refused("chat", "--share")
    assert "another company's server" in str(once)
    assert "--share --share" in once.hint
    assert "without a login" in str(refused("chat", "--share", "--share"))


@pytest.mark.parametrize("user", ["", "a:b"])
def test_a_user_has_a_name_without_a_colon(user: str) -> None:
    assert isinstance(refused("serve", "--auth", user), UsageError)


def test_what_libraries_log_for_themselves_is_not_on_the_terminal(caplog: pytest.LogCaptureFixture) -> None:
    library = logging.getLogger("some.library")
    library.setLevel(logging.DEBUG)  # as bm25s does
    level = caplog.handler.level
    try:
        show_only_warnings()
        library.debug("Building index from IDs")
        library.warning("something is wrong")
    finally:
        caplog.handler.setLevel(level)
    assert caplog.messages == ["something is wrong"]


def test_help_names_what_matters() -> None:
    for command in ("chat", "serve", "mcp"):
        shown = CliRunner().invoke(cli, [command, "--help"]).output
        assert "--corpus" in shown
        assert "--llm" in shown


class Started:
    """`ask` that serves in a terminal of its own, until the block ends."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self._terminal = Terminal(*arguments, environment={**os.environ, **environment})

    def __enter__(self) -> str:
        self._terminal.wait_for(" is at http")
        return "http" + self._terminal.wait_for("\n").split()[0]

    def __exit__(self, *error: object) -> None:
        with self._terminal:
            self._terminal.press("\x03")  # Ctrl-C, as whoever serves ends it
            self._terminal.end()

    @property
    def shown(self) -> str:
        """Everything on the terminal, without its line breaks."""
        return " ".join(self._terminal.shown.decode().split())


@pytest.fixture
def place(seeds: Path, seed_index_folder: Path) -> list[str]:
    return ["--corpus", str(seeds), "--index", str(seed_index_folder)]


def test_serving_asks_for_the_password_of_the_environment(place: list[str]) -> None:
    with Started("serve", "--auth", "ada", *place, ASK_PASSWORD="pass:word") as url:
        assert url.endswith("/api")
        base = url.removesuffix("/api")
        assert send(base, "GET", "/api")[0] == 401
        credentials = "Basic " + base64.b64encode(b"ada:pass:word").decode()
        assert send(base, "GET", "/api", authorization=credentials)[0] == 200
        assert send(base, "GET", "/", authorization=credentials)[0] == 404


def test_serving_to_a_network_without_a_login_warns(place: list[str]) -> None:
    started = Started("serve", "--host", "0.0.0.0", *place)
    with started as url:
        assert send(url.removesuffix("/api"), "GET", "/api", host="anything.example")[0] == 200
    assert "everyone who can reach 0.0.0.0" in started.shown
    assert "--auth USER" in started.shown


def test_the_page_behind_a_proxy_is_there_with_its_path_and_without(place: list[str]) -> None:
    with Started("chat", "--root-path", "/papers/", *place) as url:
        assert url.endswith("/papers/")
        base = url.removesuffix("/papers/")
        for path in ("/", "/papers/"):  # a proxy may strip the path or leave it
            status, _, body = send(base, "GET", path)
            assert status == 200, path
            assert b'src="page.js?' in body  # beside the page, wherever that is
            for name in ("page.js", "papers", "api"):
                assert send(base, "GET", path + name)[0] == 200, path + name
