"""Runs the server: a port, an address, a browser on a desktop, an end by Ctrl-C."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Mapping

import uvicorn
from starlette.types import ASGIApp

from askpapers.errors import AskPapersError
from askpapers.server.guard import is_this_machine

DEFAULT_PORT = 7860
_PORTS = 100  # tried one after the other when none is asked for


def listen(host: str, port: int | None) -> socket.socket:
    """A socket that listens at a port, or at the first free one from 7860 on.

    Raises AskPapersError when the port that was asked for is taken, none is free, or the host is not here.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for candidate in [port] if port is not None else range(DEFAULT_PORT, DEFAULT_PORT + _PORTS):
        listener = socket.socket(family, socket.SOCK_STREAM)
        if sys.platform != "win32":  # there it would let two servers share a port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(128)
        except OSError as error:
            listener.close()
            if isinstance(error, socket.gaierror) or error.errno in _NOT_HERE:
                raise AskPapersError(
                    f"This machine has no address {host}.", hint="Give one of its own, or 0.0.0.0 for all of them."
                ) from error
            if port is not None:
                raise AskPapersError(
                    f"Port {port} cannot be used: {error.strerror}.", hint="Give another --port, or none."
                ) from error
        else:
            return listener
    raise AskPapersError("No port is free.", hint="Give one: --port NUMBER")


_NOT_HERE = frozenset({99, 49, 10049})  # EADDRNOTAVAIL on Linux, macOS and Windows


def address(listener: socket.socket, root_path: str = "") -> str:
    """The address to open in a browser."""
    host, port = listener.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "127.0.0.1"
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}{root_path}/"


def serve(app: ASGIApp, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C; `ready` is called once requests are answered."""
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    show_only_warnings()
    config = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)

    def tell() -> None:
        while not server.started and not server.should_exit:
            threading.Event().wait(0.02)
        if server.started:
            ready()

    threading.Thread(target=tell, name="ready", daemon=True).start()
    server.run(sockets=[listener])


def show_only_warnings() -> None:
    """Let the log on the terminal have warnings and errors only: mcp shows there what any library logs for itself."""
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.WARNING)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether a line of the log tells of more than pages that were open when the server ended."""
    cut_off = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not cut_off and "graceful shutdown exceeded" not in record.getMessage()


def open_browser(url: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Open a browser where someone sits at a desktop: a terminal, and a screen beside it."""
    screen = sys.platform in ("darwin", "win32") or environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")
    remote = environment.get("SSH_CONNECTION")
    if not screen or remote or not sys.stdout.isatty():
        return False
    return webbrowser.open(url)


def is_reachable(host: str) -> bool:
    """Whether other machines can reach what is served at a host."""
    return not is_this_machine(host)


def share_page(port: int) -> str:
    """Publish what is served at a port through gradio's servers; the address there. Raises AskPapersError."""
    from gradio.networking import setup_tunnel

    try:
        return setup_tunnel("127.0.0.1", port, secrets.token_urlsafe(32), None, None)
    except Exception as error:  # it downloads a program and runs it: anything can go wrong
        raise AskPapersError(f"The page cannot be shared: {error}.", hint="Serve it with --host and --auth.") from error
