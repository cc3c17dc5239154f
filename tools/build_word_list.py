"""Builds the list of English words that no spelling is corrected to another: `assets/words/science.txt.gz`.

python tools/build_word_list.py ABSTRACTS.jsonl[.gz]...   one record a line, with its abstract in "text"

The words are those of arXiv abstracts (ArXiV Archive, Zenodo 10.5281/zenodo.1463242, metadata CC0 1.0) that stand in at
least four of them, and of medical ones (SciFact, ODC-By 1.0; PubMedQA, MIT) that stand in two. Those in the vocabulary
of the embedded model, which has the common words of English, are left out, and so is a rare word one letter away from
one that is far more frequent in the same file: it is a misspelling.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from askpapers.answering.commonness import is_common
from askpapers.answering.spelling import distance

_LEAST, _MANY = 4, 100_000  # abstracts that have a word, of so many
_LEAST_OF_FEW = 2
_RARE, _TIMES = 200, 100
_OUT = Path(__file__).parents[1] / "src" / "askpapers" / "assets" / "words" / "science.txt.gz"


def main(files: Sequence[str]) -> None:
    """Count, choose and write."""
    words = sorted(set().union(*map(words_of, files)))
    _OUT.parent.mkdir(exist_ok=True)
    _OUT.write_bytes(gzip.compress("\n".join(words).encode(), 9, mtime=0))
    print(f"{len(words):,} words, {_OUT.stat().st_size:,} bytes")


def words_of(file: str) -> set[str]:
    """The words of one file that are no misspellings, as far as its own counts tell: each field has its own words."""
    found: Counter[str] = Counter()
    abstracts = 0
    read = gzip.open if file.endswith(".gz") else open
    with read(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            abstracts += 1
            found.update(set(re.findall(r"(?<![\w\\])[a-z]{5,24}(?!\w)", json.loads(line)["text"])))
    least = _LEAST if abstracts >= _MANY else _LEAST_OF_FEW
    by_start: dict[str, list[str]] = {}
    for word, count in found.items():
        if count >= least * _TIMES:
            by_start.setdefault(word[:2], []).append(word)
    return {
        word
        for word, count in found.items()
        if count >= least and not is_common(word) and not _misspelt(word, found, by_start)
    }


def _misspelt(word: str, found: Counter[str], by_start: dict[str, list[str]]) -> bool:
    return found[word] < _RARE and any(
        found[other] >= _TIMES * found[word] and not _inflected(word, other) and distance(word, other, 1) == 1
        for other in by_start.get(word[:2], ())
    )


def _inflected(word: str, other: str) -> bool:
    return word.rstrip("sdry") == other.rstrip("sdry")


if __name__ == "__main__":
    main(sys.argv[1:])
