"""Citations in drafts: the marks that they are, and the commands of LaTeX that make them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askpapers.drafts.draft import Entry


@dataclass(frozen=True, slots=True)
class Cited:
    """One work that a citation names: by key or number, names and year (2020a), identifiers, or an entry of its own."""

    shown: str
    key: str = ""
    families: tuple[str, ...] = ()
    year: str = ""
    ids: frozenset[str] = frozenset()
    entry: Entry | None = None
    url: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it is a place in a reference list, "[12]"; "@26104852" is the key of a paper from PubMed."""
        return self.key.isdecimal() and self.shown == f"[{self.key}]"


@dataclass(frozen=True, slots=True)
class Mark:
    """A citation in a block. `is_subject`: it is a part of the sentence, as in "Moss et al. (2020) show".

    `repeats`: it cites what was cited last ("ibid."). One that cites nothing else is the mark of a footnote.
    """

    start: int
    end: int
    cited: tuple[Cited, ...]
    is_subject: bool = False
    repeats: bool = False


_OPTIONS = r"(?:\s*<[^<>]*+>)?(?:\s*\[[^\[\]]*+\]){0,2}"
_KEYS = r"\s*\{[^{}]*+\}"
CITE_COMMAND = re.compile(
    r"\\(?!nocite|defcite|set)(?:"
    rf"(?P<several>[A-Za-z]{{0,20}}cites)(?![A-Za-z])\*?(?:\s*\([^()]*+\)){{0,2}}(?:{_OPTIONS}{_KEYS})++"
    rf"|(?P<one>[A-Za-z]{{0,20}}cite[A-Za-z]{{0,20}})\*?{_OPTIONS}{_KEYS})",
    re.IGNORECASE,
)
"""A command with its options and keys: \\citep[see][p. 3]{a,b}, \\parencites(see)[3]{a}[5]{b}, \\cite<see>{a}."""
_NO_KEYS = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|<[^<>]*>")
_SUBJECTS = ("citet", "textcite", "citeauthor", "citealt")
_LEADING = frozenset(
    "see also cf eg ie and in for example discussion the an of a review details more compare p pp".split()
)


def keys_of(match: re.Match[str]) -> list[str]:
    """The cite keys of a match of `CITE_COMMAND`."""
    groups = re.findall(r"\{([^{}]*)\}", _NO_KEYS.sub("", match.group()))
    return [key.strip() for group in groups for key in group.split(",") if key.strip()]


def is_subject(match: re.Match[str]) -> bool:
    r"""Whether a match of `CITE_COMMAND` is a part of its sentence, as in "\citet{a} show"."""
    name = match["one"] or match["several"]
    return name.casefold().startswith(_SUBJECTS) or name == "citeA"


def only_cites(text: str) -> bool:
    r"""Whether a note has citations and says nothing beside them: "See \citet{a}, p. 3."."""
    rest = _NO_KEYS.sub(" ", CITE_COMMAND.sub(" ", text))
    words = re.findall(r"[^\W\d_]+", rest.casefold().replace("e.g.", "").replace("i.e.", ""))
    return bool(CITE_COMMAND.search(text)) and set(words) <= _LEADING
