"""What a generation was made of, with a checksum over each of its files and one over itself."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from askpapers.corpus import FileStamp
from askpapers.corpus.left_out import LeftOutCount
from askpapers.errors import IndexDamagedError, IndexMismatchError
from askpapers.index.checksums import FileSum

FORMAT = 6
"""The version of the layout that `generation.py` draws. An older one is made anew, a newer one refused."""

CONTENT = 3
"""The version of what an index holds of its papers: how they are read, cut into sentences, and which words they have.

It is part of the fingerprint. An index of another version is made anew, but for the vectors of texts that stayed.
"""

REBUILD_HINT = "Rebuild it from the corpus: ask index --rebuild"
MEND_HINT = "Mend it from the corpus: ask index"
NAME = "manifest.json"
GROWING = "growing.json"
"""The manifest of a generation that is being made, of what it has but for vectors."""


class OlderFormatError(IndexMismatchError):
    """The index was made by an older version; bringing it in step makes it anew."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of. `index` is the fingerprint that answers carry; `files` are checksums by name.

    `stamps` are those of the files that it was made of, see `is_part`. `left_out` is the name of the file that lists
    what of the corpus is no paper. There, in `warnings` and in the papers' sources, places are written as the number of
    the corpus root and the path below.
    """

    format: int
    embedder: str
    dimension: int
    papers: int
    passages: int
    index: str
    corpus: str
    places: str
    roots: tuple[str, ...]
    stamps: tuple[FileStamp, ...]
    warnings: tuple[str, ...]
    left_out: str
    left_out_count: LeftOutCount
    files: Mapping[str, FileSum]

    @property
    def is_part(self) -> bool:
        """Whether it has those papers only that were read before all were; so it is of no files as they are."""
        return not self.stamps

    @property
    def has_this_content(self) -> bool:
        """Whether it holds of its papers what this version of the program would take of them."""
        return self.index == index_fingerprint(self.embedder, self.corpus)

    def check_embedder(self, name: str) -> None:
        """Raise IndexMismatchError unless the index was made by the embedder of this name."""
        if self.embedder != name:
            raise IndexMismatchError(
                f"The index was made by the embedder {self.embedder}, not by {name}.", hint=REBUILD_HINT
            )

    def write(self, generation: Path, name: str = NAME) -> None:
        """Write it as JSON, in one step."""
        fields = asdict(self)
        temporary = generation / "manifest.tmp"
        temporary.write_text(json.dumps({**fields, "checksum": _checksum(fields)}), encoding="utf-8")
        temporary.replace(generation / name)

    @classmethod
    def read(cls, generation: Path, name: str = NAME) -> Manifest:
        """Read it. Raises IndexDamagedError, or IndexMismatchError for another format."""
        file = generation / name
        try:
            fields: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            _check_format(fields["format"], generation)
            if fields.pop("checksum") != _checksum(fields):
                raise ValueError("its checksum is another")
            fields["stamps"] = tuple(FileStamp(**stamp) for stamp in fields["stamps"])
            fields["roots"], fields["warnings"] = tuple(fields["roots"]), tuple(fields["warnings"])
            fields["left_out_count"] = LeftOutCount(**fields["left_out_count"])
            fields["files"] = {name: FileSum(**of_file) for name, of_file in fields["files"].items()}
            return cls(**fields)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise IndexDamagedError(f"{file} cannot be read: {error}.", hint=MEND_HINT) from error


def index_fingerprint(embedder: str, corpus: str) -> str:
    """The fingerprint of an index that this version makes of the papers of a fingerprint; 16 hex digits."""
    return hashlib.sha256(f"{CONTENT}\0{embedder}\0{corpus}".encode()).hexdigest()[:16]


def _check_format(number: object, generation: Path) -> None:
    if type(number) is not int:
        raise ValueError(f"{number!r} is no format")
    if number != FORMAT:
        error = OlderFormatError if number < FORMAT else IndexMismatchError
        raise error(
            f"The index in {generation.parent} has format {number}, this version reads {FORMAT}.", hint=REBUILD_HINT
        )


def _checksum(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()
