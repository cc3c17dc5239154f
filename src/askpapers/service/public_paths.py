"""Where files are, as a stranger may see it: below the corpus, never where that is on the server."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from askpapers.datatypes import Answer, Citation, Paper, Quote, Source


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

    def paper(self, paper: Paper) -> Paper:
        """A paper with its files as they may be seen."""
        return replace(paper, sources=tuple(map(self.source, paper.sources)))

    def answer(self, answer: Answer) -> Answer:
        """An answer with its files as they may be seen."""
        return replace(
            answer,
            citations=tuple(Citation(c.number, self.quote(c.quote)) for c in answer.citations),
            papers=tuple(replace(p, paper=self.paper(p.paper)) for p in answer.papers),
            closest=tuple(replace(miss, quote=self.quote(miss.quote)) for miss in answer.closest),
            notes=tuple(self.redacted(note) for note in answer.notes),
        )

    def citation(self, citation: Citation) -> Citation:
        """A citation with its file as it may be seen."""
        return Citation(citation.number, self.quote(citation.quote))

    def quote(self, quote: Quote) -> Quote:
        """A quote with its file as it may be seen."""
        return replace(quote, source=self.source(quote.source))

    def source(self, source: Source) -> Source:
        """A source with its file as it may be seen."""
        return Source(self.name_of(source.file), source.line)
