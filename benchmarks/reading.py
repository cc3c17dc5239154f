"""Measures reading: records a second and memory, by format, beside the bare library on the same file.

    python benchmarks/reading.py [--size MB] [--formats jsonl csv ...] [--whole]

Each file is made of invented records of about 1.5 kB and read in a process of its own, once by this program's reader
and once by the library that knows the format (left out where it is not installed), which turns it into its own records
and no more. Memory is the peak of the process above what it had before it began to read. `--whole` reads the file as a
corpus, too, with the copies of a paper made one: that holds all records in memory.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from askpapers.corpus import read_corpus
from askpapers.corpus.documents import document_of
from askpapers.corpus.recognition import recognise
from askpapers.corpus.records import Record

SYLLABLES = "ba co di fe gu la mo ne pi ro sa ti vo ka lu me".split()


def records(size: int) -> Iterator[dict[str, str]]:
    """Records of about 1.5 kB, together so many bytes."""
    rng = random.Random(0)
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4))) for _ in range(20_000)]
    often = [1 / (place + 10) for place in range(len(words))]  # as in a language, few words are most of the text
    bag = rng.choices(words, often, k=300_000)
    done = number = 0
    while done < size:
        number += 1
        abstract = " ".join(
            f"{' '.join(rng.choices(bag, k=14))} {rng.randrange(1000)}.".capitalize() for _ in range(14)
        )
        authors = [f"{rng.choice(bag).capitalize()}, {rng.choice(bag).capitalize()}" for _ in range(4)]
        title = " ".join(rng.choices(bag, k=9)).capitalize()
        yield {
            "id": f"p{number}",
            "title": f"{title} {number}",
            "abstract": abstract,
            "year": str(rng.randrange(1990, 2026)),
            "authors": "; ".join(authors),
            "doi": f"10.1000/x{number}",
        }
        done += len(abstract) + 250


def as_jsonl(record: dict[str, str]) -> str:
    """A line of JSON lines."""
    return json.dumps({**record, "authors": record["authors"].split("; ")}) + "\n"


def as_csv(record: dict[str, str]) -> str:
    """A row."""
    return ",".join(f'"{value}"' for value in record.values()) + "\n"


def as_bibtex(record: dict[str, str]) -> str:
    """An entry."""
    authors = record["authors"].replace("; ", " and ")
    return (
        f"@article{{{record['id']},\n  title = {{{record['title']}}},\n  author = {{{authors}}},\n"
        f"  year = {{{record['year']}}},\n  doi = {{{record['doi']}}},\n  abstract = {{{record['abstract']}}}\n}}\n\n"
    )


def as_ris(record: dict[str, str]) -> str:
    """A record of RIS."""
    authors = "".join(f"AU  - {name}\n" for name in record["authors"].split("; "))
    return (
        f"TY  - JOUR\nID  - {record['id']}\nTI  - {record['title']}\n{authors}PY  - {record['year']}\n"
        f"DO  - {record['doi']}\nAB  - {record['abstract']}\nER  - \n\n"
    )


def as_medline(record: dict[str, str]) -> str:
    """A record of MEDLINE."""
    authors = "".join(f"FAU - {name}\n" for name in record["authors"].split("; "))
    return (
        f"PMID- {record['id'][1:]}\nTI  - {record['title']}\n{authors}DP  - {record['year']} May\n"
        f"LID - {record['doi']} [doi]\nAB  - {record['abstract']}\n\n"
    )


FORMATS: dict[str, tuple[str, Callable[[dict[str, str]], str]]] = {
    "jsonl": ("", as_jsonl),
    "csv": ("id,title,abstract,year,authors,doi\n", as_csv),
    "bib": ("", as_bibtex),
    "ris": ("", as_ris),
    "nbib": ("", as_medline),
}


def ours(file: Path) -> int:
    """Read it by this program's reader; how many papers."""
    document = document_of(file)
    known = recognise(document)
    assert not isinstance(known, str), known
    return sum(isinstance(found, Record) for found in known.read(document))


def whole(file: Path) -> int:
    """Read it as a corpus; how many papers."""
    return len(read_corpus([file]).papers)


def bare_jsonl(file: Path) -> int:
    """Read it by json."""
    with file.open(encoding="utf-8") as lines:
        return sum(bool(json.loads(line)) for line in lines)


def bare_csv(file: Path) -> int:
    """Read it by csv."""
    with file.open(encoding="utf-8", newline="") as lines:
        return sum(bool(row) for row in csv.DictReader(lines))


def bare_ris(file: Path) -> int:
    """Read it by rispy."""
    import rispy

    with file.open(encoding="utf-8") as stream:
        return len(rispy.load(stream))


def bare_bib(file: Path) -> int:
    """Read it by pybtex."""
    from pybtex.database import parse_file

    return len(parse_file(str(file), bib_format="bibtex").entries)


def bare_nbib(file: Path) -> int:
    """Read it by nbib."""
    import nbib

    return len(nbib.read(file.read_text(encoding="utf-8")))


LIBRARIES: dict[str, tuple[str, Callable[[Path], int]]] = {
    "jsonl": ("json", bare_jsonl),
    "csv": ("csv", bare_csv),
    "bib": ("pybtex", bare_bib),
    "ris": ("rispy", bare_ris),
    "nbib": ("nbib", bare_nbib),
}


def measured(read: Callable[[Path], int], file: Path) -> tuple[float, float, int]:
    """Seconds, megabytes above what there was before, and records, in a new process."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(timed, (read, file))


def timed(read: Callable[[Path], int], file: Path) -> tuple[float, float, int]:
    """As `measured`, in this process."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    count = read(file)
    seconds = time.perf_counter() - begin
    return seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / unit, count


def main() -> None:
    """Make the files, measure, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=20, help="megabytes of each file")
    parser.add_argument("--formats", nargs="+", choices=list(FORMATS), default=list(FORMATS))
    parser.add_argument("--whole", action="store_true", help="read it as a corpus, too")
    arguments = parser.parse_args()
    print("| format | reader | records | records/s | MB of memory | time / library's |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.formats:
            first, write = FORMATS[name]
            file = Path(folder) / f"a.{name}"
            with file.open("w", encoding="utf-8") as stream:
                stream.write(first)
                stream.writelines(map(write, records(arguments.size * 1_000_000)))
            library, bare = LIBRARIES[name]
            rows = [("askpapers", ours), *([("a corpus", whole)] if arguments.whole else [])]
            base = None
            if importlib.util.find_spec(library):
                base, memory, count = measured(bare, file)
                print(f"| {name} | {library} | {count:,} | {count / base:,.0f} | {memory:,.0f} | 1 |")
            for reader, read in rows:
                seconds, memory, count = measured(read, file)
                ratio = f"{seconds / base:.1f}" if base else "-"
                print(
                    f"| {name} | {reader} | {count:,} | {count / seconds:,.0f} | {memory:,.0f} | {ratio} |", flush=True
                )


if __name__ == "__main__":
    main()
