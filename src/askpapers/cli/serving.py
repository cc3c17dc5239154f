"""`ask chat`, `ask serve` and `ask mcp`: the page, its API and MCP, and MCP over standard input and output."""

from __future__ import annotations

import contextlib
import functools
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from askpapers import __version__
from askpapers.cli.background import begin, end
from askpapers.cli.building import building_beside
from askpapers.cli.options import print_notes, progress_display
from askpapers.cli.serving_options import ListenAt, listening, served_corpora
from askpapers.collections import load_collections
from askpapers.errors import OutputError, UsageError
from askpapers.settings import Settings

if TYPE_CHECKING:
    from askpapers.engine import Corpus
    from askpapers.progress import Progress
    from askpapers.service.corpus_service import CorpusService

_NO_SHARING = (
    "--share would send the page, every question and your abstracts through another company's server, open to"
    " anyone who has the address."
)
_OPEN_TO_ALL = (
    "ask: everyone who can reach {host} can read this corpus and ask it, at the cost of your model if there is one."
    "\n     Add --auth USER to ask for a password. Adding papers, screening and feedback are off without one."
)


@click.command("chat")
@served_corpora
@listening
@click.option("--share", count=True, help="Refused: it would publish your corpus.")
@click.option("--no-browser", is_flag=True, help="Open no browser.")
@click.option("--screen", "protocols", metavar="PROTOCOL", multiple=True, help="Screen by this protocol; repeatable.")
def chat_command(
    corpus: Sequence[str],
    collection: Sequence[str],
    index: str | None,
    llm: str | None,
    at: ListenAt,
    share: int,
    no_browser: bool,
    protocols: Sequence[str],
) -> None:
    """Open the chat page in a browser. Its JSON API and MCP tools are served beside it."""
    if share == 1:
        raise UsageError(_NO_SHARING, hint="Use --host with --auth in your own network; or mean it: --share --share")
    from askpapers.screening.protocol import load_protocol

    files = tuple(Path(load_protocol(Path(name)).file) for name in protocols)
    _serve(
        load_collections(collection, corpus, index, llm),
        at,
        page=True,
        share=share > 1,
        browser=not no_browser,
        protocols=files,
    )


@click.command("serve")
@served_corpora
@listening
@click.option("--background", is_flag=True, help="Leave a process behind that answers the questions at terminals.")
@click.option("--stop", is_flag=True, help="End the process in the background.")
def serve_command(
    corpus: Sequence[str],
    collection: Sequence[str],
    index: str | None,
    llm: str | None,
    at: ListenAt,
    background: bool,
    stop: bool,
) -> None:
    """Serve the JSON API and the MCP tools without the page.

    With --background, `ask QUESTION` is served instead: by a process that ends after half an hour without a question.
    """
    if background and stop:
        raise UsageError("--background and --stop exclude each other.", hint="Give one of them.")
    if stop:
        end()
        return
    if background:
        if collection:
            raise UsageError(
                "The process in the background answers for whichever corpus is asked.", hint="Leave --collection out."
            )
        begin(corpus, index)
        return
    collections = load_collections(collection, corpus, index, llm)
    _serve(collections, at, page=False, share=False, browser=False)


@click.command("mcp")
@served_corpora
def mcp_command(corpus: Sequence[str], collection: Sequence[str], index: str | None, llm: str | None) -> None:
    """Serve the MCP tools over standard input and output, for a program that starts this one."""
    from askpapers.mcp.tools import mcp_server

    collections = load_collections(collection, corpus, index, llm)
    with building_beside(_first(collections)):
        # What a library may print would break the protocol.
        with contextlib.redirect_stdout(sys.stderr):
            server = mcp_server(_services(collections), __version__)
        server.run("stdio")


def _first(collections: Mapping[str, Settings]) -> Settings:
    """The collection that is opened at once."""
    return next(iter(collections.values()))


def _services(collections: Mapping[str, Settings]) -> list[CorpusService]:
    """The services of collections: the first is opened, or indexed, at once, the others when they are first used."""
    first = _first(collections)
    for settings in collections.values():
        print_notes(settings)
    with progress_display() as progress:
        from askpapers.embedders import name_for
        from askpapers.engine import open_settings
        from askpapers.service.corpus_service import CorpusService

        opened = open_settings(first, progress)

        def open_beside(settings: Settings, progress: Progress) -> Corpus:
            """Open another one with the models of the first, where it has the same."""
            embedder = opened.embedder if name_for(settings) == name_for(first) else None
            return open_settings(settings, progress, embedder, reader=opened.reader)

        return [
            CorpusService(opened if settings is first else functools.partial(open_beside, settings), settings, name)
            for name, settings in collections.items()
        ]


def _serve(
    collections: Mapping[str, Settings],
    at: ListenAt,
    *,
    page: bool,
    share: bool,
    browser: bool,
    protocols: tuple[Path, ...] = (),
) -> None:
    from askpapers.server.app import Served, make_app
    from askpapers.server.listening import address, is_reachable, listen, open_browser, serve

    login = at.login()
    reachable = is_reachable(at.host) or share
    if share and login is None:
        raise UsageError("--share without a login would open the corpus to everyone.", hint="Add --auth USER.")
    if reachable and login is None:
        click.echo(_OPEN_TO_ALL.format(host=at.host), err=True)
    listener = listen(at.host, at.port)
    number = listener.getsockname()[1]
    served = Served(page, login, reachable, at.root, protocols)
    url = address(listener, at.root)

    def ready() -> None:
        place = f"{'The page' if page else 'The API'} is at {url if page else url + 'api'}  (Ctrl-C ends it)"
        try:
            click.echo(place)
        except OutputError:  # it serves all the same
            click.echo(place, err=True)
        if share:
            from askpapers.server.listening import share_page

            click.echo(f"It is shared at {share_page(number)}")
        threading.Thread(target=services[0].warm, name="warming", daemon=True).start()
        if browser:
            open_browser(url)

    with building_beside(_first(collections)):
        services = _services(collections)
        serve(make_app(services if len(services) > 1 else services[0], served, __version__), listener, ready)
