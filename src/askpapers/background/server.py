"""The process in the background: one question at a time, each answered as the client's own process would.

The main thread answers; a thread for each connection reads what its client sends.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import queue
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from askpapers.background.client import INTERRUPTED
from askpapers.background.impersonation import as_client
from askpapers.background.job import Job
from askpapers.background.place import installed, surroundings
from askpapers.background.protocol import LONGEST_REQUEST, Frames, Kind, Request, is_of_this_user, variables_of

IDLE = 1800.0
"""Seconds without a question after which the server ends."""
_TICK = 5.0  # seconds between two looks at whether it is still wanted
_WAIT = 1.0  # seconds that a question waits for the one before it
_READING = 5.0  # seconds that a client may take to send its request


class Answerer(Protocol):
    """What a server answers with."""

    def refusal(self) -> str:
        """Why the question whose folder and environment are set now is the client's own to answer; "" for no reason."""

    def run(self) -> int:
        """Run the command line of `sys.argv`; returns its exit code."""

    def tidy(self) -> bool:
        """Let go of what is out of date; returns whether the files that were answered from are still there."""

    def close(self) -> None:
        """Let go of everything."""

    def describe(self) -> Mapping[str, Any]:
        """What there is to say of what is open, for JSON."""


@dataclass(frozen=True, slots=True)
class Limits:
    """When a server ends, and how often it looks, in seconds."""

    idle: float = IDLE
    tick: float = _TICK


class Server:
    """Listens at a socket until it is stopped, idle for long, or its files are gone."""

    def __init__(
        self, file: Path, answerer: Answerer, version: str, environment: Mapping[str, str], limits: Limits
    ) -> None:
        """Answer at the socket `file`. `environment` is the one that the process was started with."""
        self._file = file
        self._answerer = answerer
        self._version = version
        self._installed = installed(version)
        self._surroundings = surroundings()
        self._variables = variables_of(environment)
        self._limits = limits
        self._jobs: queue.Queue[Job | None] = queue.Queue()
        self._free = threading.Lock()
        self._current: Job | None = None
        self._began, self._last, self._count = time.time(), time.monotonic(), 0
        self._main = threading.main_thread().ident
        self._ending: list[socket.socket] = []

    def serve(self) -> None:
        """Answer questions. Call it in the main thread, holding the lock of the place."""
        self._file.unlink(missing_ok=True)
        usual = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        signal.signal(signal.SIGINT, self._on_interrupt)
        signal.signal(signal.SIGTERM, lambda *_: self._jobs.put(None))
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            listener.bind(os.fspath(self._file))
            self._file.chmod(0o600)
            listener.listen(16)
            made = self._file.stat()
            threading.Thread(target=self._accept, args=(listener,), name="accepting", daemon=True).start()
            while self._is_wanted(made):
                try:
                    job = self._jobs.get(timeout=self._limits.tick)
                except queue.Empty:
                    continue
                if job is None:
                    break
                self._answer(job)
        finally:
            with suppress(OSError):
                self._file.unlink()
            listener.close()
            self._answerer.close()
            for number, handler in usual.items():
                signal.signal(number, handler)
            for connection in self._ending:
                connection.close()

    def _is_wanted(self, made: os.stat_result) -> bool:
        if time.monotonic() - self._last > self._limits.idle:
            return False
        try:
            found = self._file.stat()
            there = (found.st_dev, found.st_ino) == (made.st_dev, made.st_ino)
            return there and installed(self._version) == self._installed and self._answerer.tidy()
        except OSError:  # the socket or the program was removed
            return False

    def _on_interrupt(self, *_: object) -> None:
        if self._current:
            self._current.interrupt()

    def _answer(self, job: Job) -> None:
        """Answer one question; whatever becomes of it, the next one is taken."""
        self._last = time.monotonic()
        try:
            with as_client(job.request, job.write):
                if why := self._answerer.refusal():
                    job.send(Kind.DECLINED, why.encode())
                    return
                job.send(Kind.TAKEN)
                code = self._run(job)
            job.end(code)
        except OSError as error:  # the client is gone, or its folder is not to be found
            with suppress(OSError):
                job.send(Kind.DECLINED, str(error).encode())
        finally:
            self._count += 1
            self._last = time.monotonic()
            self._free.release()

    def _run(self, job: Job) -> int:
        try:
            self._current = job
            try:
                return INTERRUPTED if job.cancelled else self._answerer.run()
            finally:
                self._current = None
        except KeyboardInterrupt:
            return INTERRUPTED

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:  # it was closed
                return
            threading.Thread(target=self._converse, args=(connection,), name="connection", daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        try:
            if not is_of_this_user(connection):
                return
            connection.settimeout(_READING)
            frames = Frames(connection)
            kind, content = frames.receive(LONGEST_REQUEST)
            if kind is Kind.QUESTION:
                self._take(Request.decoded(content), frames, connection)
            elif kind in (Kind.STATUS, Kind.STOP):
                frames.send(Kind.STATUS, json.dumps(self._describe()).encode())
                if kind is Kind.STOP:
                    self._ending.append(connection)
                    self._jobs.put(None)
        except (OSError, ValueError):
            pass
        finally:
            if connection not in self._ending:
                connection.close()

    def _take(self, request: Request, frames: Frames, connection: socket.socket) -> None:
        if why := self._doubt(request):
            frames.send(Kind.DECLINED, why.encode())
            if request.installed != self._installed:
                self._jobs.put(None)  # one of the two is out of date, and it is not the client
            return
        if not self._free.acquire(timeout=_WAIT):
            frames.send(Kind.DECLINED, b"it is answering another question")
            return
        job = Job(request, frames)
        connection.settimeout(None)
        self._jobs.put(job)
        with suppress(OSError, ValueError):
            while frames.receive(0)[0] is not Kind.CANCEL:
                pass
        job.cancelled = True
        assert self._main
        signal.pthread_kill(self._main, signal.SIGINT)  # heard only while that question is answered
        with suppress(OSError, ValueError):
            frames.receive(0)  # the answer goes over this connection: it is closed when the client has closed it

    def _doubt(self, request: Request) -> str:
        """Why this process might not answer as the client's would; "" where nothing speaks against it."""
        if request.installed != self._installed:
            return "it was started from other files of the program"
        if request.surroundings != json.loads(json.dumps(self._surroundings)):
            return "it sees other files or networks"
        if len(request.streams) != 3:
            return "the request is incomplete"
        secrets = self._variables.digests(request.salt)
        for mine, theirs in ((self._variables.same, request.same), (secrets, request.secrets)):
            if names := sorted(name for name in {*mine, *theirs} if mine.get(name) != theirs.get(name)):
                return f"it was started with another {', '.join(names)}"
        return ""

    def _describe(self) -> dict[str, Any]:
        return {
            "pid": os.getpid(),
            "since": self._began,
            "questions": self._count,
            "idle": time.monotonic() - self._last,
            "ends_after": self._limits.idle,
            **self._answerer.describe(),
        }


def hold_place(file: Path) -> io.BufferedWriter | None:
    """Be the one server of a socket, until what this gives is closed; None where another is."""
    lock = file.with_suffix(".lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    return lock


def wait_for_place(file: Path, seconds: float, clock: Callable[[], float] = time.monotonic) -> Any:
    """`hold_place`, waiting for one that is about to end; None where it does not."""
    until = clock() + seconds
    while (held := hold_place(file)) is None and clock() < until:
        time.sleep(0.05)
    return held
