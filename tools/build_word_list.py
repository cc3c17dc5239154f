"""Builds the list of English words that no spelling is corrected to another: `assets/words/science.txt.gz`.

python tools/build_word_list.py ABSTRACTS.jsonl.gz   one record a line, with its abstract in "text"

The words are those of arXiv abstracts (ArXiV Archive, Zenodo 10.5281/zenodo.1463242, metadata CC0 1.0) that stand in at
least four of them and are not in the vocabulary of the embedded model, which has the common words of English. A rare
word one letter away from one that is far more frequent is left out: it is a misspelling.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from pathlib import Path

from askpapers.answering.commonness import is_common
from askpapers.answering.spelling import distance

_LEAST = 4  # abstracts
_RARE, _TIMES = 200, 100
_OUT = Path(__file__).parents[1] / "src" / "askpapers" / "assets" / "words" / "science.txt.gz"


def main(file: str) -> None:
    """Count, choose and write."""
    found: Counter[str] = Counter()
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            found.update(set(re.findall(r"(?<![\w\\])[a-z]{5,24}(?!\w)", json.loads(line)["text"])))
    frequent = {word for word, count in found.items() if count >= _LEAST * _TIMES}
    by_start: dict[str, list[str]] = {}
    for word in frequent:
        by_start.setdefault(word[:2], []).append(word)
    words = sorted(
        word
        for word, count in found.items()
        if count >= _LEAST and not is_common(word) and not _misspelt(word, found, by_start)
    )
    _OUT.parent.mkdir(exist_ok=True)
    _OUT.write_bytes(gzip.compress("\n".join(words).encode(), 9, mtime=0))
    print(f"{len(words):,} words, {_OUT.stat().st_size:,} bytes")


def _misspelt(word: str, found: Counter[str], by_start: dict[str, list[str]]) -> bool:
    return found[word] < _RARE and any(
        found[other] >= _TIMES * found[word] and not _inflected(word, other) and distance(word, other, 1) == 1
        for other in by_start.get(word[:2], ())
    )


def _inflected(word: str, other: str) -> bool:
    return word.rstrip("sdry") == other.rstrip("sdry")


if __name__ == "__main__":
    main(sys.argv[1])
