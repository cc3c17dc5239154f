"""What a run of `ask` comes to, for the tests of the command line; the fixture `run_ask` runs it."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """The exit code of a run and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    def assert_refused(self, code: int, what: str, to_do: str) -> None:
        """Exactly two lines: what happened, what to do."""
        assert self.code == code, self
        assert self.out == "", self
        assert "Traceback" not in self.err, self
        lines = self.err.splitlines()
        assert len(lines) == 2, self
        assert lines[0].startswith("ask: "), self
        assert lines[1].startswith("     "), self
        assert re.search(what, lines[0]), self
        assert re.search(to_do, lines[1]), self


Ask = Callable[..., Outcome]


def hear_control_c() -> None:
    """In a new process: let Ctrl-C interrupt it. Tests that run in the background have inherited that it is ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
