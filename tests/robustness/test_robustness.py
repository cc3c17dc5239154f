"""The attempts to break an index, in a short form; LONG_TESTS=1 runs them as long as docs/security.md says.

They run in a program of their own: native code that ends the process, and kills, must not end the tests.
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


# The imports are most of what a short form costs: one program pays for them once. What forks has to come first.
PROGRAM = """
import kills, together, faults
kills.main({count}, 1, ())
together.main({seconds})
faults.main({every})
"""


def test_kills_writers_readers_and_damage_lose_nothing() -> None:
    count, seconds = (200, 300) if LONG else (2, 2)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PROGRAM.format(count=count, seconds=seconds, every=LONG)],
        capture_output=True,
        text=True,
        cwd=HERE,
    )
    last = "\n".join(done.stdout.splitlines()[-3:])
    assert done.returncode == 0, f"ended with {done.returncode}\n{last}\n{done.stderr[-3000:]}"
    for victim in ("first build", "refresh", "addition", "accept", "feedback"):
        assert re.search(rf"^{victim}: \d+ of {count} were at work", done.stdout, re.MULTILINE)
    assert done.stdout.count("refreshes") == 2
    assert done.stdout.count("questions") == 4
    assert "all were named and mended" in done.stdout
