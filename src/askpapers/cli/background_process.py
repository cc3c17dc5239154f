"""The process in the background: `python -m askpapers.cli.background_process`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from askpapers import __version__
from askpapers.background.place import socket_file

_ENDING = 10.0  # seconds that another one, which is about to end, is waited for


@click.command()
@click.option("--corpus", multiple=True)
@click.option("--index")
def background_process(corpus: Sequence[str], index: str | None) -> None:
    """Answer questions until nobody asks any more."""
    environment = dict(os.environ)  # before a library changes it
    from askpapers.background.server import Limits, Server, wait_for_place
    from askpapers.cli.answerer import CommandLine

    file = Path(socket_file(environment))
    lock = wait_for_place(file, _ENDING)
    if lock is None:  # another one is there
        return
    with lock:
        command_line = CommandLine()
        server = Server(file, command_line, __version__, environment, Limits())
        command_line.warm(corpus, index)
        os.chdir("/")
        server.serve()


if __name__ == "__main__":
    background_process()
