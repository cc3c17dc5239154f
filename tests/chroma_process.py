"""A Chroma server of a test's own: `chroma run` on a port of loopback, in a folder that goes with it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest

_PATIENCE = 60.0  # seconds


@contextmanager
def chroma_server(folder: Path) -> Iterator[str]:
    """Run a server; gives its address. Skips where it cannot start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; sys.exit(app())"
    command = [sys.executable, "-c", program, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(folder)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(process, address, folder / "log")
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    with httpx.Client(verify=False) as client:  # one, for it is asked often, and without certificates to load
        while time.monotonic() < end and process.poll() is None:
            with suppress(httpx.TransportError):
                if client.get(f"{address}/api/v2/heartbeat").status_code == 200:
                    return
            time.sleep(0.05)
    pytest.skip(f"chroma run does not start: {log.read_text(errors='replace')[-500:]}")
