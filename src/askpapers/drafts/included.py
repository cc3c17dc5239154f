"""Follows the files that a LaTeX draft includes: those in its folder or below, each once, in the order of reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from askpapers.corpus.documents import document_of
from askpapers.corpus.other_files import binary_kind
from askpapers.drafts.latex import LatexText, read_latex
from askpapers.drafts.latex_nodes import INCLUDE, included_name, without_comments
from askpapers.errors import AskPapersError

_ENDINGS = (".tex", ".ltx", ".latex", ".bbl", ".txt", "")
_BEGIN = "\\begin{document}"
_HEAD = 4_096  # bytes that say whether a file is text
_DEEPEST = 40  # files that include each other


class Includes:
    """The files that a draft includes, as they are found; `notes` says what is not there, or was not read."""

    def __init__(self, name: str, text: str, folder: Path, largest: int) -> None:
        """Follow a draft whose files are in `folder`; it and they have at most `largest` characters together."""
        self._folder = folder.resolve()
        self._name = Path(name).name
        self._left = largest - len(text)
        self._seen = {self._folder / self._name}
        self.notes: list[str] = []
        self.definitions = "\n".join(self._preamble(text))

    def follow(self, read: LatexText) -> Iterator[tuple[str, str, LatexText]]:
        """The name, the text and what is in it of each file that a draft includes, and those include."""
        yield from self._follow(read.included, (self._name,))

    def _follow(self, included: Sequence[str], chain: tuple[str, ...]) -> Iterator[tuple[str, str, LatexText]]:
        for given in included:
            file = self._file(given)
            if file is None:
                self.notes.append(f"{chain[-1]} includes {given}, which is not in the folder of the draft.")
                continue
            name = file.relative_to(self._folder).as_posix()
            if name in chain:
                cycle = " → ".join((*chain[chain.index(name) :], name))
                self.notes.append(f"{name} includes itself ({cycle}): it is read once.")
            elif file.suffix.lower() in _ENDINGS and file not in self._seen and len(chain) <= _DEEPEST:
                self._seen.add(file)
                if (text := self._text(file, name)) is None:
                    continue
                try:
                    read = read_latex(text, self.definitions)
                except AskPapersError as error:
                    self.notes.append(f"{name} is not read. {error}")
                    continue
                yield name, text, read
                yield from self._follow(read.included, (*chain, name))

    def _file(self, given: str) -> Path | None:
        """The file of a name, as TeX finds it; None where there is none in the folder or below."""
        for name in (f"{given}.tex", given):
            try:
                file = (self._folder / name).resolve()
                if file.is_file() and file.is_relative_to(self._folder):
                    return file
            except (OSError, ValueError):  # too long a name, a null character, links in a circle
                continue
        return None

    def _text(self, file: Path, name: str) -> str | None:
        """The text of a file; None, with a note, for what is none."""
        try:
            with file.open("rb") as opened:
                kind = binary_kind(opened.read(_HEAD))
            if kind or file.stat().st_size > 4 * max(self._left, 0):
                self.notes.append(f"{name} is not read: it is {kind or 'too long'}.")
                return None
            text = re.sub(r"\r(?!\n)", "\n", document_of(file).text()).removeprefix("\ufeff")
        except OSError as error:
            self.notes.append(f"{name} cannot be read: {error.strerror}.")
            return None
        if len(text) > self._left:
            self.notes.append(f"{name} is not read: the draft and its files are too long together.")
            return None
        self._left -= len(text)
        return text

    def _preamble(self, text: str) -> Iterator[str]:
        """The preamble of a draft, and the files in its folder that it includes: they define macros."""
        head, begin, _ = without_comments(text).partition(_BEGIN)
        if not begin:
            return
        yield head
        for match in INCLUDE.finditer(head):
            file = self._file(included_name(match))  # those of TeX itself are elsewhere
            if file and (found := self._text(file, included_name(match))) is not None:
                yield found
