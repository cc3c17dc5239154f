"""What of the corpus a generation leaves out: a file of it, read when it is asked for."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from askpapers.corpus.left_out import LeftOutList
from askpapers.errors import IndexDamagedError
from askpapers.index.manifest import MEND_HINT


def write_left_out(generation: Path, left_out: LeftOutList) -> str:
    """Write it into a generation, and return the file's name.

    A file with the same name holds the same, so that a generation in use is given another list by naming another file.
    """
    lines = [json.dumps({"file": f, "reason": r, "lines": numbers}) for f, r, numbers in left_out.groups()]
    data = "".join(f"{line}\n" for line in lines).encode()
    name = f"left_out-{hashlib.sha256(data).hexdigest()[:12]}.jsonl"
    if not (generation / name).exists():
        temporary = generation / "left_out.tmp"
        temporary.write_bytes(data)
        temporary.replace(generation / name)
    return name


def read_left_out(generation: Path, name: str) -> LeftOutList:
    """Read it. Raises IndexDamagedError."""
    left_out = LeftOutList()
    try:
        with (generation / name).open(encoding="utf-8") as lines:
            for line in lines:
                group = json.loads(line)
                for number in group["lines"]:
                    left_out.add(group["file"], number, group["reason"])
    except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
        raise IndexDamagedError(f"What was left out cannot be read: {error}.", hint=MEND_HINT) from error
    return left_out
