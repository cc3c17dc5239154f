"""The protocols that the page screens by: those named when it was started, those that were written on it, a new one.

What a browser sends is a name among these, never a path. The decisions on a protocol stand beside its file, where
`ask screen` has them, too.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from askpapers.errors import ScreeningError, UsageError
from askpapers.screening.protocol import Protocol, protocol_text, read_protocol
from askpapers.web.citing import verbatim
from askpapers.web.markup import Html, element, joined

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


class Protocols:
    """Protocols by their names: files that were given, and those in a folder, to which new ones go."""

    def __init__(self, folder: Path, given: Sequence[Path] = ()) -> None:
        """Know the files that were given; nothing is made before a protocol is stored."""
        self._folder = folder
        self._given: dict[str, Path] = {}
        for file in given:
            self._given[str(file) if file.name in self._given else file.name] = file.absolute()

    def names(self) -> list[str]:
        """Those that there are, the given ones first."""
        return list(self._files())

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

        Raises ProtocolError for what is no protocol, UsageError where it would take the place of another one, and
        ScreeningError where it cannot be written.
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
            raise UsageError(
                f"There is a protocol “{stored}” already, and it says something else.",
                hint="Choose it and change it there, or give this one another title: # Title",
            )
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

    def _files(self) -> dict[str, Path]:
        stored = {file.name: file for file in sorted(self._folder.glob("*.md"))}
        return self._given | {name: file for name, file in stored.items() if name not in self._given}


def names_html(names: Sequence[str]) -> Html:
    """The protocols that can be chosen."""
    buttons = [
        element("button", name, type="button", data_act="screen-choose", data_name=verbatim(name), dir="auto")
        for name in names
    ]
    return element("p", "Go on with: ", *buttons, class_="names") if buttons else joined()


def begin_html() -> Html:
    """How a new protocol is begun: with an example, from a file, with nothing."""
    file = element("input", type="file", accept=".md,.markdown,.txt", data_protocol=True)
    return element(
        "div",
        element("button", "An example", type="button", data_act="screen-new", data_text=verbatim(EXAMPLE)),
        element("label", "From a file ", file),
        element("button", "Empty", type="button", data_act="screen-new", data_text=""),
        class_="actions",
    )


def failed_html(what: str, hint: str, text: str, name: str) -> Html:
    """Why there is no screening by a text, with the line of it where that is one; `name`: it is stored under that."""
    file, lines = name or PASTED, text.split("\n")
    number = what.removeprefix(f"{file}:").partition(":")[0]
    of_file = what.startswith(f"{file}:") and number.isascii() and number.isdecimal() and 0 < int(number) <= len(lines)
    line = element("pre", f"{number}  {lines[int(number) - 1][:300]}", class_="line", dir="auto") if of_file else None
    said = joined(element("p", what, class_="what"), line, element("p", hint))
    return element("div", said, class_="failed", role="alert", data_name=verbatim(name) or None)


def _name_of(title: str) -> str:
    """A file's name that says the title, made of letters, digits and hyphens."""
    words = "".join(c if c.isalnum() else " " for c in title.casefold()).split()
    return f"{'-'.join(words)[:50].strip('-') or PASTED}.md"
