"""Where files are, as a stranger may see it: below the corpus, never where that is on the server."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TypeVar, cast

from askpapers.datatypes import Answer, Source

T = TypeVar("T")


class PublicPaths:
    """Rewrites the files of a corpus relative to the folder that the corpus lies in."""

    def __init__(self, roots: Sequence[Path], index: Path) -> None:
        """Know the corpus's roots and the index; paths are read from the folder that the program runs in."""
        self._here = Path.cwd()
        self._roots = [root.absolute() for root in roots]
        private = {*self._roots, *(r.resolve() for r in self._roots), index.absolute(), self._here, Path.home()}
        private |= {Path(tempfile.gettempdir()), index.resolve()}
        # The longest first: a root is named by its own name, not as something below the home folder.
        known = sorted((str(p) for p in private if len(p.parts) > 1), key=len, reverse=True)
        self._private = re.compile("|".join(f"{re.escape(p)}(?=$|[^\\w-])" for p in known))

    @property
    def name(self) -> str:
        """What the corpus is called: by its first root."""
        return self._roots[0].name

    def name_of(self, file: str) -> str:
        """A file by its name below the corpus: "seeds/one.txt"."""
        path = self._here / file
        for root in self._roots:
            if path == root:
                return root.name
            if path.is_relative_to(root):
                return (root.name / path.relative_to(root)).as_posix()
        return path.name

    def redacted(self, message: str) -> str:
        """A message without the folders of this machine in it; the last part of each stays."""
        return self._private.sub(lambda found: Path(found.group()).name, message)

    def answer(self, answer: Answer) -> Answer:
        """An answer with its files and notes as they may be seen."""
        return replace(self.shown(answer), notes=tuple(map(self.redacted, answer.notes)))

    def shown(self, value: T) -> T:
        """A value with the files of its sources as they may be seen, however deep in dataclasses and tuples."""
        if isinstance(value, Source):
            return cast("T", replace(value, file=self.name_of(value.file)))
        if isinstance(value, tuple) and not hasattr(value, "_fields"):
            parts = [self.shown(part) for part in value]
            same = all(part is old for part, old in zip(parts, value, strict=True))
            return value if same else cast("T", tuple(parts))
        if not is_dataclass(value) or isinstance(value, type):
            return value
        changed = {
            one.name: there
            for one in fields(value)
            if (there := self.shown(old := getattr(value, one.name))) is not old
        }
        return replace(value, **changed) if changed else value
