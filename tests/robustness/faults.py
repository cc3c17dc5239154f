"""Damages every file of an index in every way, and asks, examines and mends after each.

python tests/robustness/faults.py [EVERY]     with EVERY, every fault in many places of each file; else one for each

Never may the process end, and never may an answer be another one without a word of the damage.
"""

# ruff: noqa: T201 - a program

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from unittest.mock import patch

from askpapers.doctor import Check, examine
from askpapers.engine import Corpus
from askpapers.errors import IndexUnusableError, UsageError
from askpapers.index import checksums
from askpapers.index.layout import current_generation
from askpapers.progress import no_progress
from askpapers.retrieval import search
from askpapers.settings import Settings
from fakes import WordHash, build, many_papers, write_papers

_QUESTIONS = ("Finding 1 of study 7", "w250", "study")
# What is in these decides nothing that is answered; without `current` there is no index yet, and it is made anew.
_NOT_HELD = {"checked.json", "lock", "current: gone"}


def faults(content: bytes, every: bool) -> Iterator[tuple[str, bytes | None]]:
    """What may become of a file's content, by name; None: the file is gone."""
    chance = random.Random(len(content))
    yield "gone", None
    if not content:
        yield "longer", b"\0"
        return
    yield "empty", b""
    if any(content):
        yield "zeroed", bytes(len(content))
    yield "halved", content[: len(content) // 2]
    yield "longer", content + b"\0"
    places = {0, len(content) - 1, *(chance.randrange(len(content)) for _ in range(12 if every else 2))}
    for place in sorted(places):
        yield f"flipped at {place:,}", _flipped(content, place)


def _flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 1 << place % 8
    return bytes(changed)


def answers(folder: Path) -> tuple[object, ...]:
    """What an index answers; it says what is wrong in `notes` or raises IndexUnusableError."""
    with closing(Corpus(folder, WordHash())) as corpus:
        index = corpus.index
        hits = tuple(
            tuple((hit.row, round(hit.score, 6)) for hit in search(question, index, WordHash(), 5))
            for question in _QUESTIONS
        )
        return hits, tuple(index.papers), index.notes


def doctor(folder: Path, root: Path, *, deep: bool) -> Check:
    """What `ask doctor` says of the index."""
    settings = Settings((root,), folder, "a test", "a test")
    with patch("askpapers.embedders.MiniLM", WordHash):
        return next(check for check in examine(settings, no_progress, deep=deep) if check.name == "index")


def try_fault(folder: Path, root: Path, name: str, sound: tuple[object, ...], harm: Callable[[], None]) -> None:
    """Do harm to an index, use it, and mend it. Raises AssertionError."""
    harm()
    try:
        found = answers(folder)
    except (IndexUnusableError, UsageError) as error:
        assert "ask index" in error.hint, (name, error, error.hint)
        found = ()
    if found:
        assert found == sound or found[2], f"{name}: another answer without a word"
    seen = [doctor(folder, root, deep=deep) for deep in (False, True)]
    held = not {name, name.split(": ")[0]} & _NOT_HELD
    assert not held or not seen[1].ok, f"{name}: not seen by doctor --deep"
    assert seen[0].ok == seen[1].ok, f"{name}: doctor sees {seen[0].found}, deep {seen[1].found}"
    done = build(folder, root, WordHash())
    assert bool(done.mended) == held, f"{name}: mended {done.mended}"
    assert answers(folder) == sound, f"{name}: not mended"
    assert doctor(folder, root, deep=True).ok, name


def _write(file: Path, content: bytes | None) -> None:
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)


def main(every: bool) -> None:
    """Try every fault on every file, of an index with small files and of one whose files count as large."""
    for small in (checksums.SMALL, 100) if every else (100,):
        with tempfile.TemporaryDirectory() as place, patch.object(checksums, "SMALL", small):
            root, folder, whole = Path(place) / "corpus", Path(place) / "index", Path(place) / "whole"
            write_papers(root, many_papers(40))
            build(folder, root, WordHash())
            sound = answers(folder)
            shutil.copytree(folder, whole, symlinks=True)
            generation = current_generation(whole)
            assert generation
            files = [p.relative_to(whole) for p in sorted(whole.rglob("*")) if p.is_file() and "leases" not in p.parts]
            count = 0
            for number, file in enumerate(files):
                kinds = list(faults((whole / file).read_bytes(), every))
                for kind, changed in kinds if every else [kinds[number % len(kinds)]]:
                    if file.name == "lock" and kind == "gone":
                        continue
                    shutil.rmtree(folder)
                    shutil.copytree(whole, folder)
                    name = f"{file.name}: {kind}"
                    print(name, flush=True)
                    try_fault(folder, root, name, sound, lambda f=folder / file, c=changed: _write(f, c))  # type: ignore[misc]
                    count += 1
            print(f"{count} faults in {len(files)} files: all were named and mended", flush=True)


if __name__ == "__main__":
    main("EVERY" in sys.argv[1:])
