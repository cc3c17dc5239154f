"""A question that the process in the background answers: its output, sent to the client, and its interruption."""

from __future__ import annotations

import threading

from askpapers.background.protocol import Frames, Kind, Request


class Job:
    """A question under way, and the connection that its answer goes to."""

    def __init__(self, request: Request, frames: Frames) -> None:
        """Nothing is sent yet."""
        self.request = request
        self.cancelled = False
        self._frames = frames
        self._held: list[tuple[Kind, bytes]] = []
        self._sending = threading.Lock()
        self._owner: int | None = None
        self._interrupted = False
        self._deferred = False

    def write(self, number: int, content: bytes) -> None:
        """Write to the client's standard output (1) or error (2): a terminal gets it at once, a file at the end."""
        if not self.request.streams[number].terminal:
            self._held.append((Kind.HELD_OUT if number == 1 else Kind.HELD_ERR, content))
            return
        self.send(Kind.OUT if number == 1 else Kind.ERR, content)

    def send(self, kind: Kind, content: bytes = b"") -> None:
        """Send a frame as a whole. Raises OSError, and KeyboardInterrupt where the client cancelled meanwhile."""
        with self._sending:
            self._owner = threading.get_ident()
            try:
                self._frames.send(kind, content)
            finally:
                self._owner = None
        if self._deferred and threading.current_thread() is threading.main_thread():
            self._deferred = False
            raise KeyboardInterrupt

    def end(self, code: int) -> None:
        """Send what was held back, and the exit code. Raises OSError."""
        for kind, content in self._held:
            self.send(kind, content)
        self.send(Kind.END, str(code).encode())

    def interrupt(self) -> None:
        """Raise KeyboardInterrupt in the main thread, where this is called: once, and between two frames."""
        if not self.cancelled or self._interrupted:
            return
        self._interrupted = True
        if self._owner == threading.get_ident():
            self._deferred = True
        else:
            raise KeyboardInterrupt
