"""A server whose questions are small programs of the tests, and clients of it: nothing heavy is imported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from askpapers.background.client import status
from askpapers.background.server import Limits, Server, hold_place

VERSION = "1"
CLIENT = f"""
import sys
from askpapers.background.client import ask
attempt = ask(sys.argv[1:], {VERSION!r})
if attempt.code is None:
    print("HERE", attempt.why, attempt.printed, sys.stdin.read() if sys.stdin and not sys.stdin.isatty() else "")
sys.exit(attempt.code or 0)
"""


class Programs:
    """Answers a question by running it as a Python program."""

    def refusal(self) -> str:
        return os.environ.get("ASK_REFUSAL", "")

    def run(self) -> int:
        try:
            exec(sys.argv[1] if not sys.argv[1].startswith("-") else sys.stdin.read(), {})
        except SystemExit as stop:
            return int(stop.code or 0)
        return 0

    def tidy(self) -> bool:
        return True

    def close(self) -> None:
        pass

    def describe(self) -> Mapping[str, Any]:
        return {"corpora": 0}


def serve(file: Path, idle: float) -> None:
    held = hold_place(file)
    assert held
    Server(file, Programs(), VERSION, dict(os.environ), Limits(idle, 0.05)).serve()


class Running:
    """A server in a process of its own, with the environment of the tests."""

    def __init__(self, file: Path, environment: Mapping[str, str] = os.environ, idle: float = 60.0) -> None:
        program = (
            f"import sys; from pathlib import Path; sys.path.insert(0, {str(Path(__file__).parents[1])!r});"
            f" from background.stand_in import serve; serve(Path({str(file)!r}), {idle})"
        )
        self.process = subprocess.Popen([sys.executable, "-c", program], env={**os.environ, **environment})
        until = time.monotonic() + 30
        while not file.exists() or not status():
            assert self.process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.01)

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def crash(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def start_client(*arguments: str, version: str = VERSION, **options: Any) -> subprocess.Popen[str]:
    program = CLIENT.replace(repr(VERSION), repr(version))
    environment = {**os.environ, **options.pop("environment", {})}
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.Popen([sys.executable, "-c", program, *arguments], text=True, env=environment, **pipes)


def ask(*arguments: str, given: str | None = None, **options: Any) -> tuple[int, str, str]:
    """Exit code, output and errors of a client."""
    if given is not None:
        options["stdin"] = subprocess.PIPE
    client = start_client(*arguments, **options)
    out, err = client.communicate(given, timeout=60)
    return client.returncode, out, err
