"""Damaged files: a reader gives papers, or says in two lines what is wrong, and never anything else.

Seeded mutations of a small file of each kind. That the work is linear is held by the tests of the text rules and by
the bound on a line; no time is asserted here.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from askpapers.corpus import Corpus, read_corpus
from askpapers.errors import CorpusError

TEXT = "Title: Lichens\nAbstract: We study 31 lichens of caf\u00e9s.\n\nTitle: Kilns\nAbstract: We fire 17 pots.\n"
LINES = (
    '{"_id": "1", "title": "Lichens", "abstract": "We study 31 lichens \\u00e9.", "year": 2021, "authors": ["A B"]}\n'
    '{"_id": "2", "text": "We fire 17 pots.", "metadata": {"authors": [{"name": "C"}], "date": "2020-01-02"}}\n'
)
TABLE = (
    'id,title,abstract,authors,year\n1,Lichens,"We study 31, ""old"" lichens.",A B; C,2021\n2,Kilns,We fire.,D,2020\n'
)
FACTS = "abstract_starts_with,title,year,authors,arxiv_id\nWe study 31,Lichens,2021,A B,2101.00001\n"
SAMPLES = {
    "a.txt": TEXT,
    "b.md": "Lichens\n\nWe study lichens.\nThey grow well in towns.\n\nWe fire pots.",
    "a.jsonl": LINES,
    "a.csv": TABLE,
    "facts.csv": FACTS,
    "a.jsonl.gz": LINES,
}
RUNS = [
    "[",
    "{",
    '{"a":',
    '"',
    '""',
    ",",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "9",
    "-",
    "\\",
    "\\ud800",
    "\ufeff",
    "\u2028",
    " ",
    "\x85",
]
RUNS += ["\x1c", ".", "$", "(", "NaN,", "1e999,", "\ud7ff", "Abstract:", "Title:\n", "A", "a. ", "\t", ";", " and "]


def truncate(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def flip(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def repeat(data: bytes, rng: random.Random) -> bytes:
    place, run = rng.randrange(len(data) + 1), rng.choice(RUNS).encode()
    return data[:place] + run * rng.choice([1, 2, 50, 5_000]) + data[place:]


def swap_ends(data: bytes, rng: random.Random) -> bytes:
    ends = [b"\n", b"\r", b"\r\n", b"\n\r", b"\x0b", b""]
    return b"".join(line + rng.choice(ends) for line in data.split(b"\n"))


def swap_values(data: bytes, rng: random.Random) -> bytes:
    values = [b"9" * 5_000, b"NaN", b"-Infinity", b"1e999", b"true", b"null", b"[" * 990 + b"]" * 990, b'{"a":' * 900]
    values += [b'"\\ud800"', b'"\\udc00\\ud800"', b"[[]]", b"{}", b'""', b"x" * 200_000]
    return data.replace(rng.choice([b"2021", b"31", b'"A B"', b"A B", b"1"]), rng.choice(values))


def shuffle(data: bytes, rng: random.Random) -> bytes:
    parts = [data[i : i + 9] for i in range(0, len(data), 9)]
    rng.shuffle(parts)
    return b"".join(parts)


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    truncate, flip, repeat, swap_ends, swap_values, shuffle,
)  # fmt: skip


def read(folder: Path, name: str, data: bytes) -> Corpus | None:
    """What is read of a file with these bytes; None where it is refused as it should be."""
    file = folder / name
    file.write_bytes(data)
    try:
        return read_corpus([file])
    except CorpusError as error:
        assert str(error).strip()
        assert "\n" not in str(error)
        assert error.hint
        assert "\n" not in error.hint
        return None
    finally:
        file.unlink()


@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_file_is_read_or_refused(tmp_path: Path, name: str) -> None:
    rng = random.Random(name)
    zipped = name.endswith(".gz")
    sample = SAMPLES[name].encode()
    for _ in range(150):
        data = rng.choice(MUTATIONS)(sample, rng)
        if rng.random() < 0.3 and data:
            data = rng.choice(MUTATIONS)(data, rng)
        if zipped:
            data = gzip.compress(data, mtime=0)
            data = rng.choice([data, truncate(data, rng), flip(data, rng)])
        corpus = read(tmp_path, name, data)
        for paper in corpus.papers if corpus else ():
            assert paper.id
            assert paper.title
            assert paper.abstract.strip()
            assert all(isinstance(name, str) and name for name in paper.authors)
            assert paper.year is None or 1500 <= paper.year < 2100


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_every_line_end_is_one(tmp_path: Path, name: str, end: str) -> None:
    corpus = read(tmp_path, name, SAMPLES[name].replace("\n", end).encode())
    assert corpus is not None
    assert len(corpus.papers) == 2
    lines = SAMPLES[name].splitlines()
    for paper in corpus.papers:
        assert paper.abstract.split()[1] in lines[paper.sources[0].line - 1]


@pytest.mark.parametrize("size", [131_072, 131_073, 400_000])
def test_a_long_cell_of_a_first_line_is_read(tmp_path: Path, size: int) -> None:
    corpus = read(tmp_path, "a.csv", f"id,{'x' * size},abstract\n1,,We fire pots.\n".encode())
    assert corpus is not None
    assert [paper.abstract for paper in corpus.papers] == ["We fire pots."]


def test_a_line_that_no_abstract_has_is_refused(tmp_path: Path) -> None:
    for name in ("a.txt", "a.jsonl", "a.csv", "facts.csv"):
        assert read(tmp_path, name, b"x" * 1_000_001) is None
