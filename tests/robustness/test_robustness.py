"""The attempts to break an index, in a short form; LONG_TESTS=1 runs them as long as docs/security.md says.

Each is a program of its own: native code that ends the process, and kills, must not end the tests.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LONG = bool(os.environ.get("LONG_TESTS"))

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")


def _run(script: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(HERE / script), *map(str, arguments)], capture_output=True, text=True
    )
    last = "\n".join(done.stdout.splitlines()[-3:])
    assert done.returncode == 0, f"ended with {done.returncode}\n{last}\n{done.stderr[-3000:]}"
    return done.stdout


def test_whatever_writes_is_killed_and_nothing_is_lost() -> None:
    count = 200 if LONG else 2
    out = _run("kills.py", count)
    for victim in ("first build", "refresh", "addition", "accept", "feedback"):
        assert re.search(rf"^{victim}: \d+ of {count} were at work", out, re.MULTILINE)


def test_two_writers_and_four_readers() -> None:
    out = _run("together.py", 300 if LONG else 2)
    assert out.count("refreshes") == 2
    assert out.count("questions") == 4


def test_damage_of_every_file_is_named_and_mended() -> None:
    out = _run("faults.py", "EVERY" if LONG else "SOME")
    assert "all were named and mended" in out
