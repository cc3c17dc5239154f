"""`ask` on a pseudo-terminal of its own, for tests of what a person sees there and presses.

What `ask` imports takes seconds: one process has imported it, and is forked for each terminal.
"""

from __future__ import annotations

import multiprocessing
import os
import pty
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import Self

_PATIENCE = 120.0  # seconds: opening a corpus on a busy machine
_PROCESSES = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["pytest", "askpapers.cli", "askpapers.engine.opening", "askpapers.engine.modelled"])


class Terminal:
    """A terminal in whose foreground `ask` runs: Ctrl-C goes there."""

    def __init__(
        self, *arguments: str | Path, folder: Path | None = None, environment: Mapping[str, str] = os.environ
    ) -> None:
        self.shown = b""
        self._seen = 0  # how many characters of it a test has waited for
        self._fd, self._theirs = pty.openpty()
        given = (os.ttyname(self._theirs), ["ask", *map(str, arguments)], folder or Path.cwd(), dict(environment))
        self._process = _PROCESSES.Process(target=_run, args=given)
        self._process.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.join()
        os.close(self._fd)
        os.close(self._theirs)

    def wait_for(self, text: str) -> str:
        """What is shown up to a text, from where the last wait ended."""
        end = time.monotonic() + _PATIENCE
        while text not in self._unseen:
            assert self._read(end - time.monotonic()), f"{text!r} is not in {self._unseen[-2_000:]!r}"
        before, found, _ = self._unseen.partition(text)
        self._seen += len(before + found)
        return before + found

    def press(self, keys: str) -> None:
        """Type at it."""
        os.write(self._fd, keys.encode())

    def end(self, seconds: float = _PATIENCE) -> int:
        """The exit code, when it has ended; what is still shown is read."""
        end = time.monotonic() + seconds
        while self._read(end - time.monotonic()):
            pass
        self._process.join(0)
        assert self._process.exitcode is not None, f"It has not ended after {seconds} seconds."
        return self._process.exitcode

    @property
    def _unseen(self) -> str:
        return self.shown.decode(errors="replace")[self._seen :]

    def _read(self, seconds: float) -> bool:
        """Read what it shows next; whether there was anything within these seconds and before its end."""
        ready = wait([self._fd, self._process.sentinel], max(0.0, seconds))
        if self._fd not in ready:
            return False
        self.shown += os.read(self._fd, 65_536)
        return True


def _run(terminal: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
    from askpapers.cli import main

    os.setsid()
    fd = os.open(terminal, os.O_RDWR)  # the first one that the leader of a session opens is its own
    for standard in range(3):
        os.dup2(fd, standard)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the process that it is forked from ignores it
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = list(command)
    main()
