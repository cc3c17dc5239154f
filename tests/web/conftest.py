"""The real server with the real engine on a free port of loopback, and a browser where there is one."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from askpapers.engine import Corpus
from askpapers.index.build import refresh
from askpapers.index.embedder import MiniLM
from askpapers.server.app import Served, make_app
from askpapers.server.listening import address, listen
from askpapers.service.corpus_service import CorpusService
from askpapers.service.protocols import Protocols
from askpapers.settings import Settings
from askpapers.web.screenings import Screenings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

Serve = Callable[..., str]
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def browser_here() -> str | None:
    """Debian's Chromium, or the one that `ASK_BROWSER` names."""
    named = os.environ.get("ASK_BROWSER") or shutil.which("chromium") or shutil.which("chromium-browser")
    return named if named and importlib.util.find_spec("playwright") else None


BROWSER = browser_here()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Without a browser its tests are not collected; `test_browser.py` says so in one line."""
    alone = collection_path.name.startswith("test_browser_") and BROWSER is None
    return True if alone else None


@pytest.fixture
def protocols(tmp_path: Path) -> Protocols:
    """No protocol yet."""
    return Protocols(tmp_path / "screenings")


@pytest.fixture
def screens(walks: CorpusService, protocols: Protocols) -> Screenings:
    """The screenings of the papers that a test module gives as `walks`."""
    return Screenings(walks, protocols, writable=True)


def make_service(folder: Path, index: Path, embedder: MiniLM, *, build: bool = True) -> CorpusService:
    """A service over a folder of abstracts, indexed first."""
    if build:
        refresh(index, [folder], embedder, lambda stage, done, total: None)
    return CorpusService(Corpus(index, embedder), Settings((folder,), index, "--corpus", "--index"))


@contextmanager
def serving(service: CorpusService | Sequence[CorpusService], served: Served) -> Iterator[str]:
    """A running server; its address without the last slash."""
    listener = listen("127.0.0.1", 0)
    app = make_app(service, served, "0.0.test")
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    try:
        yield address(listener).rstrip("/")
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session")
def service(seeds: Path, seed_index_folder: Path, embedder: MiniLM) -> CorpusService:
    """A service over the seeds."""
    return make_service(seeds, seed_index_folder, embedder, build=False)


@pytest.fixture(scope="session")
def page_url(service: CorpusService) -> Iterator[str]:
    """The page over the seeds, served for the whole session."""
    with serving(service, Served()) as url:
        yield url


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts servers that end with the test."""
    with ExitStack() as servers:
        yield lambda service, **served: servers.enter_context(serving(service, Served(**served)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. For one module: while it is there, no other test can run an event loop on this thread."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)  # a processor that others use is no fault of the page
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


class Watched:
    """What a page did that it should not: requests to other hosts, dialogs, errors of scripts."""

    def __init__(self, context: BrowserContext) -> None:
        self.elsewhere: list[str] = []
        self.dialogs: list[str] = []
        self.errors: list[str] = []
        context.on("request", self._request)
        context.on("page", self._page)

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.elsewhere.append(request.url)

    def _page(self, page: Page) -> None:
        def dialog(shown: Any) -> None:
            self.dialogs.append(shown.message)
            shown.dismiss()

        page.on("dialog", dialog)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._console)

    def _console(self, said: Any) -> None:
        if "Content Security Policy" in said.text:
            self.errors.append(said.text)

    def assert_quiet(self) -> None:
        assert (self.elsewhere, self.dialogs, self.errors) == ([], [], [])


Open = Callable[..., "Page"]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Opens pages, each in a browser profile of its own unless one is given; none may reach another host."""
    contexts: list[tuple[BrowserContext, Watched]] = []

    def opened(url: str, context: BrowserContext | None = None, **options: Any) -> Page:
        if context is None:
            context = browser.new_context(**{"viewport": {"width": 1280, "height": 850}, **options})
            contexts.append((context, Watched(context)))
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.goto(url)
        page.wait_for_selector("body.ready")
        return page

    yield opened
    for context, watched in contexts:
        context.close()
        watched.assert_quiet()


def ask(page: Page, question: str) -> Any:
    """Ask on the page and wait for the answer; its turn."""
    before = page.locator("#turns .turn").count()
    page.fill("#question", question)
    page.press("#question", "Enter")
    turn = page.locator("#turns .turn").nth(before)
    turn.wait_for()
    return turn


def write_json_lines(file: Path, records: Sequence[Mapping[str, Any]]) -> Path:
    """Write records as JSON lines; returns the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return file
