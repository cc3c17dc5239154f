"""The options that say what an answer or a list of papers is written as, and where to."""

from __future__ import annotations

import contextlib
import functools
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from askpapers.counts import counted
from askpapers.errors import OutputError, UsageError
from askpapers.export import KINDS, Content, Kind, kind_of_file
from askpapers.text import printable

_FLAGS = {
    "json": "One JSON object instead of text.",
    "markdown": "Markdown, with the sources as a numbered list.",
    "csv": "The papers as CSV, all of them.",
    "bibtex": "The papers as BibTeX, with the quotes in “annote”.",
    "ris": "The papers as RIS for Zotero, EndNote or Mendeley, with the quotes as notes.",
    "csl": "The papers as CSL JSON, with the quotes in “note”.",
}
_TABLE_FLAGS = {
    "json": "One JSON object instead of text.",
    "markdown": "Markdown, with the places of the cells as a numbered list.",
    "csv": "CSV, with the place of each cell.",
}


@dataclass(frozen=True, slots=True)
class Output:
    """What to write, None for text as a terminal shows it, and the file, None for standard output."""

    kind: Kind | None = None
    file: Path | None = None

    def write(self, content: Content) -> None:
        """Write the content as its kind. Raises OutputError where the file cannot be written."""
        assert self.kind
        count = counted(len(content.entries), "paper")
        self.put(self.kind.write(content), f"{count}, {self.kind.label}")

    def put(self, written: str | bytes, what: str) -> None:
        """Write a text or bytes, and say of a file what is in it. Raises OutputError where it cannot be written."""
        if self.file is None:
            click.echo(written, nl=False)
            return
        _write(self.file, written.encode(errors="replace") if isinstance(written, str) else written)
        click.echo(f"{printable(str(self.file))}: {what}.", err=True)


def output_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that gives papers; the command takes what they say as `output`, an `Output`."""
    return _options(command, _FLAGS, tuple(KINDS.values()))


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The same of a command that gives a table."""
    return _options(command, _TABLE_FLAGS, tuple(KINDS[name] for name in (*_TABLE_FLAGS, "xlsx")))


def _options(command: Callable[..., Any], flags: Mapping[str, str], kinds: Sequence[Kind]) -> Callable[..., Any]:
    endings = ", ".join(ending for kind in kinds for ending in kind.endings)

    @functools.wraps(command)
    def chosen(*arguments: Any, xlsx: str | None, output: str | None, force: bool, **options: Any) -> Any:
        given = [name for name in flags if options.pop(f"as_{name}")]
        return command(*arguments, output=_chosen(given, flags, kinds, xlsx, output, force), **options)

    wrapped: Callable[..., Any] = chosen
    for option in (
        click.option("--force", is_flag=True, help="Replace the file if it is there."),
        click.option("-o", "--output", metavar="FILE", help=f"Write to FILE; its ending is its kind: {endings}."),
        click.option("--xlsx", metavar="FILE", help="Write an Excel workbook to FILE."),
        *(click.option(f"--{name}", f"as_{name}", is_flag=True, help=flags[name]) for name in reversed(list(flags))),
    ):
        wrapped = option(wrapped)
    return wrapped


def _chosen(
    given: list[str], flags: Iterable[str], kinds: Sequence[Kind], xlsx: str | None, output: str | None, force: bool
) -> Output:
    if len(given) + bool(xlsx) > 1:
        names = ", ".join(f"--{name}" for name in (*flags, "xlsx"))
        raise UsageError(f"{names} exclude each other.", hint="Give one of them.")
    if xlsx and output:
        raise UsageError("--xlsx and --output name a file each.", hint="Give one of them.")
    name = xlsx or output
    if not name:
        return Output(KINDS[given[0]] if given else None)
    file = Path(name)
    kind = KINDS["xlsx"] if xlsx else KINDS[given[0]] if given else kind_of_file(file.name)
    if kind not in kinds:
        endings = ", ".join(ending for kind in kinds for ending in kind.endings)
        raise UsageError(f"What {name} is to be is not clear from its name.", hint=f"Known endings: {endings}.")
    return Output(kind, file_to_write(name, force=force))


def file_to_write(name: str, *, force: bool) -> Path:
    """The file of a name that can be written, as it seems. Raises UsageError otherwise, before any work is done."""
    file = Path(name)
    if file.is_dir():
        raise UsageError(f"{name} is a folder.", hint="Name a file.")
    if file.is_file() and not force:
        raise UsageError(f"{name} is there already.", hint="Name another file, or replace it: --force")
    if not file.parent.is_dir():
        raise UsageError(f"There is no folder {file.parent}.", hint="Make it, or name another file.")
    return file


def _write(file: Path, content: bytes) -> None:
    """Write a file as a whole or not at all."""
    beside: Path | None = None
    try:
        file = file.resolve()  # a link stays, and what it leads to is replaced
        if file.exists() and not file.is_file():  # a pipe, a device
            file.write_bytes(content)
            return
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        beside = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        os.umask(mask := os.umask(0))
        beside.chmod(0o666 & ~mask)
        beside.replace(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{file} cannot be written: {reason}.", hint="Make room, or name another file.") from error
    finally:
        if beside:
            with contextlib.suppress(OSError):
                beside.unlink(missing_ok=True)
