"""What a reply may cite: the sources that a model was shown, by their numbers and by their other names. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_YEAR = re.compile(r"[,(\s]{0,3}(?:19|20)\d\d[a-z]?\)?$")
_MOST = 99  # sources, where their number is not known


@dataclass(frozen=True, slots=True)
class Sources:
    """What a reply may cite: so many numbered sources, and other names of theirs (id, title) in small letters.

    `count` is None where their number is not known.
    """

    count: int | None = None
    names: Mapping[str, int] = field(default_factory=dict)
    titles: frozenset[str] = frozenset()

    def is_title(self, text: str) -> bool:
        """Whether a text begins with the title of a source."""
        words = text.strip(" \t*-•\"“”'").casefold()
        return any(words.startswith(title) for title in self.titles)

    def is_begun_by(self, text: str) -> bool:
        """Whether the title of a source begins with a text of some letters."""
        words = text.strip(" \"“”'.*_").casefold()
        return len(words) > 2 and any(title.startswith(words) for title in self.titles)

    def number_of(self, name: str) -> int | None:
        """The number of the source that a text names, with the year behind it or not."""
        name = name.strip(" \"“”'.*_").casefold()
        return self.names.get(name) or self.names.get(_YEAR.sub("", name))

    def has(self, numbers: tuple[int, ...], most: int = _MOST) -> bool:
        """Whether all the numbers are those of sources."""
        return bool(numbers) and all(1 <= n <= (most if self.count is None else self.count) for n in numbers)


ANY = Sources()
"""Sources of which nothing is known."""
