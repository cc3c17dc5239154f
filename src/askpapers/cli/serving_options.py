"""The options of the commands that serve: which corpora, and where they listen."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from askpapers.cli.options import corpus_option, debug_option, index_option
from askpapers.cli.shards import shards_option
from askpapers.errors import UsageError

if TYPE_CHECKING:
    from askpapers.server.guard import Login

PASSWORD = "ASK_PASSWORD"


@dataclass(frozen=True, slots=True)
class ListenAt:
    """Where a server listens, who may log in (None: everyone may ask), and the path that a proxy serves it under."""

    host: str
    port: int | None
    user: str | None
    root_path: str

    @property
    def root(self) -> str:
        """The path of the proxy as it is put before others: "/papers", or nothing."""
        path = self.root_path.strip("/")
        return f"/{path}" if path else ""

    def login(self) -> Login | None:
        """The user with the password, which is asked for where the environment has none.

        Raises UsageError for a name that no login can have.
        """
        from askpapers.server.guard import Login

        if self.user is None:
            return None
        if not self.user or ":" in self.user:
            raise UsageError("A user's name has at least one letter and no colon.", hint="Give another: --auth NAME")
        password = os.environ.get(PASSWORD) or click.prompt("Password", hide_input=True, err=True)
        return Login(self.user, password)


def served_corpora(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that serves."""
    for option in (
        debug_option,
        click.option(
            "--llm", metavar="SPEC", help="A model that writes: openai/M, ollama/M, URL#M, gguf:PATH, or none."
        ),
        index_option,
        click.option(
            "--collection",
            metavar="NAME=PATH",
            multiple=True,
            help="One of several corpora that are served under names; repeatable.",
        ),
        shards_option,
        corpus_option,
    ):
        command = option(command)
    return command


def listening(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that listens; the command takes them as `at`."""

    @functools.wraps(command)
    def listens(*args: Any, host: str, port: int | None, auth: str | None, root_path: str, **others: Any) -> Any:
        return command(*args, at=ListenAt(host, port, auth, root_path), **others)

    found: Callable[..., Any] = listens
    for option in (
        click.option("--root-path", metavar="PATH", default="", help="The path that a proxy serves this under."),
        click.option(
            "--auth", metavar="USER", help=f"Ask for this user's password, which is in {PASSWORD} or prompted."
        ),
        click.option(
            "--port", type=click.IntRange(1, 65535), help="The port (default: 7860, or the next one that is free)."
        ),
        click.option(
            "--host", default="127.0.0.1", show_default=True, help="The address to serve at; give --auth with another."
        ),
    ):
        found = option(found)
    return found
