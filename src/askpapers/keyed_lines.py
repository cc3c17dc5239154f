"""Values in a file by their keys, a line of JSON each: what took long to make is there when the work goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


class KeyedLines:
    """A file of lines that is read once and added to at once. It may be deleted; lines that cannot be read are none."""

    def __init__(self, file: Path, field: str) -> None:
        """Read the file, if there is one; a line has its key under "key" and its value under `field`."""
        self._file = file
        self._field = field
        self._values: dict[str, Any] = {}
        self.failure = ""
        """Why nothing more can be written, "" while it can."""
        try:
            with file.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    self._read(line)
        except FileNotFoundError:
            pass
        except OSError as error:
            self.failure = error.strerror or str(error)

    def __contains__(self, key: str) -> bool:
        """Whether there is a value, None too."""
        return key in self._values

    def get(self, key: str) -> Any:
        """The value of a key, as the file has it; None where there is none."""
        return self._values.get(key)

    def add(self, values: Mapping[str, Any]) -> None:
        """Add values, in the file too while it can be written."""
        self._values |= values
        if self.failure:
            return
        items = ({"key": key, self._field: value} for key, value in values.items())
        lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items)
        try:
            with self._file.open("ab") as out:
                out.write(lines.encode(errors="replace"))
        except OSError as error:
            self.failure = error.strerror or str(error)

    def _read(self, line: str) -> None:
        try:
            item = json.loads(line)
            self._values[str(item["key"])] = item[self._field]
        except (ValueError, TypeError, KeyError, RecursionError):
            return


def key_of(parts: Sequence[str]) -> str:
    """A key of all that a value depends on, in their order."""
    return hashlib.sha256("\0".join(parts).encode(errors="replace")).hexdigest()
