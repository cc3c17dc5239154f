"""Places in an index: written as the number of a corpus root and the path below it, told under the roots as asked.

One index serves every path that leads to a folder, and the path that it was made by may be gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from askpapers.corpus import Corpus, FileStamp
from askpapers.datatypes import Source

_MARK = "\0"  # before the number of a root; no path has one


def relocate(corpus: Corpus, roots: Sequence[Path]) -> Corpus:
    """The corpus with its places as an index holds them."""
    stored = {str(stamp.under(roots).absolute()): _stored(stamp) for stamp in corpus.stamps}
    stored |= {str(stamp.under(roots)): _stored(stamp) for stamp in corpus.stamps}

    @cache
    def place(file: str) -> str:
        """The place of a file, or of a member of an archive that is one."""
        ends = (file[: match.start()] for match in re.finditer("/|$", file))
        outer = max((end for end in ends if end in stored), key=len, default=None)
        return file if outer is None else f"{stored[outer]}{file.removeprefix(outer)}"

    papers = tuple(
        replace(paper, sources=tuple(Source(place(s.file), s.line) for s in paper.sources)) for paper in corpus.papers
    )
    warnings = tuple(_stored_warning(warning, place) for warning in corpus.warnings)
    return replace(corpus, papers=papers, warnings=warnings, left_out=corpus.left_out.renamed(place))


def _stored(stamp: FileStamp) -> str:
    return f"{_MARK}{stamp.root}{_MARK}{stamp.path}"


def _stored_warning(warning: str, place: Callable[[str], str]) -> str:
    """A warning with the file that it begins with as an index holds it."""
    for match in re.finditer(": ", warning):
        if (file := place(warning[: match.start()])).startswith(_MARK):
            return f"{file}{_MARK}{warning[match.start() :]}"
    return warning


def file_under(roots: Sequence[Path], place: str) -> str:
    """A file as an index holds it, as these roots name it."""
    if not place.startswith(_MARK):
        return place
    _, root, path = place.split(_MARK)
    return str(_join(roots, root, path))


def absolute_under(roots: Sequence[Path], place: str) -> str:
    """A file as an index holds it, as an absolute path under these roots."""
    return str(Path(file_under(roots, place)).absolute()) if place.startswith(_MARK) else place


def place_under(roots: Sequence[Path], warning: str) -> str:
    """A warning as an index holds it, with its file under these roots."""
    if not warning.startswith(_MARK):
        return warning
    _, root, path, rest = warning.split(_MARK, 3)
    return f"{_join(roots, root, path)}{rest}"


def _join(roots: Sequence[Path], root: str, path: str) -> Path:
    path = path.lstrip("/")  # a member of an archive that is a root itself
    return roots[int(root)] / path if path else roots[int(root)]
