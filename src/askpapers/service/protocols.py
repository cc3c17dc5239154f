"""The protocols that the page screens by: those named when it was started, those that were written on it, a new one.

What a browser sends is a name among these, never a path. The decisions on a protocol stand beside its file, where
`ask screen` has them, too.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import count
from pathlib import Path

from askpapers.errors import ScreeningError, UsageError
from askpapers.screening.decisions import decisions_file
from askpapers.screening.protocol import Protocol, protocol_text, read_protocol

DELETED = "deleted"
"""The folder beside stored protocols that deleted ones go to."""
LONGEST = 100_000
"""Characters of a protocol that is taken from the page."""
PASTED = "protocol"
"""What one is called in errors that has no file yet."""
EXAMPLE = """\
# Training language models with feedback

What the review asks, in your own words: only the lists below are read.

## Include
- about training language models with human feedback
- published in or after 2017
- in English

## Exclude
- reviews or editorials

## Seeds

Papers that are known to belong to it, by DOI, PubMed id, arXiv id or title:
"""


class NameTakenError(UsageError):
    """A new protocol would take the place of the one called `name`, which says something else."""

    def __init__(self, name: str) -> None:
        """Say that there is a protocol of the name already."""
        super().__init__(
            f"There is a protocol “{name}” already, and it says something else.",
            hint="Replace that one, or give this one another title: # Title",
        )
        self.name = name


class Protocols:
    """Protocols by their names: files that were given, and those in a folder, to which new ones go."""

    def __init__(self, folder: Path, given: Sequence[Path] = ()) -> None:
        """Know the files that were given; nothing is made before a protocol is stored."""
        self._folder = folder
        self._given: dict[str, Path] = {}
        for file in given:
            self._given[str(file) if file.name in self._given else file.name] = file.absolute()

    def names(self) -> dict[str, bool]:
        """Those that there are, the given ones first; whether each is stored here, and can be renamed and deleted."""
        return {name: name not in self._given for name in self._files()}

    def file(self, name: str) -> Path:
        """The file of a protocol. Raises UsageError where none has the name."""
        if (file := self._files().get(name)) is None:
            raise UsageError(f"There is no protocol “{name}” any more.", hint="Reload the page.")
        return file

    def text(self, name: str) -> str:
        """The text of a protocol. Raises UsageError where none has the name, ProtocolError for a file without text."""
        return protocol_text(self.file(name))

    def protocol(self, name: str) -> Protocol:
        """The protocol of a name, called by it in errors. Raises what `text` does, and ProtocolError with the line."""
        return read_protocol(self.text(name), name)

    def command(self, name: str) -> str:
        """What goes on with a protocol in a terminal."""
        file = self.file(name)
        if not file.is_relative_to(Path.home()):
            return f"ask screen {shlex.quote(str(file))}"
        return f"ask screen ~/{shlex.quote(file.relative_to(Path.home()).as_posix())}"

    def store(self, name: str, text: str) -> str:
        """Store a text as the protocol of a name, or with none under one made of its title; gives the name.

        Raises ProtocolError for what is no protocol, NameTakenError where it would take the place of another one, other
        UsageErrors for what is not taken, and ScreeningError where it cannot be written.
        """
        if len(text) > LONGEST:
            raise UsageError("The protocol is too long.", hint=f"Keep it under {LONGEST:,} characters.")
        protocol = read_protocol(text, name or PASTED)
        files = self._files()
        stored = name or _name_of(protocol.title)
        if stored in files and self.text(stored).split() == text.split():
            return stored
        if name in self._given:
            raise UsageError(f"{name} is read from your file.", hint="Change it there, and press Screen again.")
        if not name and stored in files:
            raise NameTakenError(stored)
        file = self.file(name) if name else self._folder / stored
        part = file.with_suffix(".part")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part.write_text(text, encoding="utf-8", errors="replace")
            part.replace(file)
        except OSError as error:
            raise ScreeningError(
                f"The protocol cannot be stored: {error.strerror}.", hint="Check the user's data folder."
            ) from error
        return stored

    def rename(self, name: str, to: str) -> str:
        """Give a stored protocol, and its decisions, the name that some words make; gives it.

        Raises UsageError where it is no stored one or the name is taken, ScreeningError where files cannot be moved.
        """
        file, new = self._stored(name), _name_of(to)
        if new == name:
            return name
        if new in self._files() or decisions_file(self._folder / new).exists():
            raise UsageError(f"There is a protocol “{new}” already.", hint="Give it another name.")
        self._move(file, self._folder / new)
        return new

    def delete(self, name: str) -> None:
        """Put a stored protocol and its decisions into the folder `deleted` beside it: decisions stand nowhere else.

        Raises UsageError where it is no stored one, and ScreeningError where files cannot be moved.
        """
        file = self._stored(name)
        to = next(
            place
            for number in count(1)
            if not (place := self._folder / DELETED / f"{file.stem}{f'-{number}' if number > 1 else ''}.md").exists()
            and not decisions_file(place).exists()
        )
        self._move(file, to)

    def _stored(self, name: str) -> Path:
        file = self.file(name)
        if name in self._given:
            raise UsageError(f"{name} is read from your file.", hint="Rename or delete it where it is.")
        return file

    def _move(self, file: Path, to: Path) -> None:
        """Move a protocol with its decisions, these first: a protocol without them could be screened anew meanwhile."""
        try:
            to.parent.mkdir(parents=True, exist_ok=True)
            if (decisions := decisions_file(file)).exists():
                decisions.rename(decisions_file(to))
            file.rename(to)
        except OSError as error:
            raise ScreeningError(
                f"The protocol cannot be moved: {error.strerror}.", hint="Check the user's data folder."
            ) from error

    def _files(self) -> dict[str, Path]:
        stored = {file.name: file for file in sorted(self._folder.glob("*.md"))}
        return self._given | {name: file for name, file in stored.items() if name not in self._given}


def _name_of(title: str) -> str:
    """A file's name that says the title, made of letters, digits and hyphens."""
    words = "".join(c if c.isalnum() else " " for c in title.casefold()).split()
    return f"{'-'.join(words)[:50].strip('-') or PASTED}.md"
