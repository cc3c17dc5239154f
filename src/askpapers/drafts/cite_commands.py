"""LaTeX's commands that cite: those of BibTeX, natbib, biblatex and apacite, and what is called like them. Pure."""

from __future__ import annotations

import re

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
