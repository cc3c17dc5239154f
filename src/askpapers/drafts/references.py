"""Finds the reference list of a draft, below a heading or a bare line that names it, and cuts it into entries. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from askpapers.drafts.draft import Block, Entry, Kind
from askpapers.identifiers import identifiers_within

_TITLES = frozenset(
    ("references", "reference list", "list of references", "references cited", "references and notes",
     "notes and references", "selected references", "bibliography", "selected bibliography", "works cited",
     "cited works", "literature", "literature cited", "cited literature", "sources",
     "literatur", "literaturverzeichnis", "quellen", "références", "bibliographie", "referencias", "bibliografía",
     "bibliografia", "riferimenti bibliografici", "referências", "literatuur")
)  # fmt: skip
_NUMBERING = re.compile(r"(?:§\s?)?(?:\d{1,3}(?:\.\d{1,3}){0,4}|[IVXivx]{1,5}|[A-Z])[.):]?[ \t]")
_COUNT = re.compile(r"[(\[]\d{1,4}[)\]]$")
_AROUND_TITLE = "*_#=~-—–:. \t\r"
_LONGEST_TITLE = 60

KEYED = "ref-"
"""What the label of a block begins with that is an entry with a cite key of its own."""
_LABEL = re.compile(
    r"\s*(?:[-*•]\s+)?(?:\[(?P<label>\^?[\w+.:-]{1,30})\]:?|\((?P<round>\d{1,3})\)|(?P<number>\d{1,3})[.)])\s+(?=\S)"
)
_BULLET = re.compile(r"[-*•–]\s")
_BEGINS = re.compile(  # "Moss, A.", "Moss A,", "A. B. Moss,", "van der Berg, C.", "Moss et al."
    r"(?:(?:van|von|de|der|den|del|della|di|da|la|le|ten|ter|dos|el|al)\s){0,3}"
    r"(?:[^\W\d_][\w'’-]{1,40}(?:\s[^\W\d_][\w'’-]{1,40})?,\s[^\W\d_]|[^\W\d_][\w'’-]{1,40}\s[^\W\d_]{1,3}[,.]"
    r"|(?:[^\W\d_]\.[\s-]?){1,4}[^\W\d_]|[^\W\d_][\w'’-]{1,40}\set\sal)"
)
_ENDED = re.compile(r"(?:[.)\]]|\d|/\S{1,200})$")
_YEAR = re.compile(r"\b(?:19|20)\d\d")
_WORDS_OF_SHORT = 6  # a citation in a footnote
_DASHES = re.compile(r"(?:[-—–―_⸺⸻]\s?){2,}[.,]?\s*")
_SHORTEST = 20  # characters of a reference
_ONLY_WORDS = 9  # of a line that is a heading
_SKIPPED = 3  # numbers between two entries at most
_FAR = 250  # characters before the end of a line


@dataclass(frozen=True, slots=True)
class _Title:
    """The bare line that names a list: the block below it, which may be a part of its own, and its own number."""

    rest: Block | None
    number: int


def is_list_title(line: str) -> bool:
    """Whether a line names a reference list: "References", "**7. Bibliography:**"."""
    if len(line) > _LONGEST_TITLE:
        return False
    shown = _COUNT.sub("", line.strip(_AROUND_TITLE)).strip(_AROUND_TITLE)
    return shown.casefold() in _TITLES or _NUMBERING.sub("", shown, count=1).strip().casefold() in _TITLES


def split_references(blocks: Sequence[Block]) -> tuple[list[Block], list[Entry]]:
    """The blocks without the reference list and the entries of that, and of footnotes that are references.

    A list below a heading ends with the next heading, one below a bare line with the next line that looks like one. A
    section of that name that holds nothing like a reference ("Sources of heat differ") is prose.
    """
    prose, entries = list[Block](), list[Entry]()
    inside, bare = False, False
    before = 0  # the number of the title, which a list in Markdown may go on counting from
    for place, block in enumerate(blocks):
        following = next(iter(blocks[place + 1 : place + 2]), None)
        if block.kind is Kind.HEADING:
            inside, bare, before = is_list_title(block.text) and _holds_entries(blocks, place), False, 0
            prose.append(block)
        elif (title := _title(block, following)) and not (inside and not bare):
            inside, bare, before = True, True, title.number
            if title.rest:
                entries += _entries(title.rest)
        elif inside and bare and _is_heading(block):
            inside = False
            prose.append(block)
        elif inside or block.kind is Kind.REFERENCE:
            entries += _entries(_renumbered(block, before))
        elif block.label.startswith("^") and _is_full_reference(block.text):
            entries.append(_entry(block.text, block.label))
        else:
            prose.append(block)
    entries = list(_with_names(entries))
    if not any(entry.key for entry in entries):  # numbered by their style, or not at all
        entries = [replace(entry, key=str(number)) for number, entry in enumerate(entries, start=1)]
    return prose, entries


def _is_full_reference(note: str) -> bool:
    """Whether a footnote names a work by more than "Moss et al. (2020), p. 3", which stands elsewhere in full."""
    is_dated = bool(identifiers_within(note) or _YEAR.search(note))
    return is_dated and len(re.findall(r"[^\W\d_]{2,}", note)) > _WORDS_OF_SHORT and "@" not in note


def _holds_entries(blocks: Sequence[Block], heading: int) -> bool:
    """Whether something between a heading and the next looks like an entry."""
    for place in range(heading + 1, len(blocks)):
        if blocks[place].kind is Kind.HEADING:
            return False
        if _is_entry(blocks[place]):
            return True
    return False


def _title(block: Block, following: Block | None) -> _Title | None:
    """The title that a block is, or begins with; None where no entry follows it."""
    first, _, rest = block.text.partition("\n")
    if not is_list_title(first):
        return None
    number = int(block.label) if block.label.isdecimal() else 0
    if rest.strip():
        begin = len(block.text) - len(rest)
        below = replace(block, text=rest, places=block.places[begin:], links=(), label="")
        return _Title(below, number) if _is_entry(below) else None
    is_followed = following is not None and following.kind is not Kind.HEADING and _is_entry(following)
    return _Title(None, number) if is_followed else None


def _is_entry(block: Block) -> bool:
    """Whether a block looks like an entry, or several: it has a year or an identifier, or begins with "[1]"."""
    return bool(_YEAR.search(block.text) or identifiers_within(block.text) or re.match(r"\s*\[\d", block.text))


def _is_heading(block: Block) -> bool:
    """Whether a block is a line such as "Appendix A"."""
    text = block.text.strip()
    is_short = "\n" not in text and len(text.split()) <= _ONLY_WORDS and text[-1] not in ".,;!?)]"
    return is_short and not block.label and not block.links and not _LABEL.match(text) and not _is_entry(block)


def _renumbered(block: Block, before: int) -> Block:
    number = int(block.label) if before and block.label.isdecimal() else 0
    return replace(block, label=str(number - before)) if number > before else block


def _entries(block: Block) -> Iterator[Entry]:
    """The entries of a block: one, or one a line where each line begins as an entry does."""
    lines = [line for line in block.text.split("\n") if line.strip()]
    for begin, end in _cuts(lines):
        text = " ".join(" ".join(lines[begin:end]).split())
        labelled = _LABEL.match(text)
        own = block.label.removeprefix(KEYED) if block.label.startswith(KEYED) else ""
        label = (labelled["label"] or labelled["round"] or labelled["number"]) if labelled else own or block.label
        match = labelled or _BULLET.match(text)
        entry = _entry(text[match.end() :] if match else text, label)
        yield entry
        if own and own != label:
            yield replace(entry, key=own)


def _with_names(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries with the authors of the one before in place of dashes ("———. 2021. Clay.")."""
    names = ""
    for entry in entries:
        if (dashes := _DASHES.match(entry.text)) and names:
            entry = replace(entry, text=f"{names} {entry.text[dashes.end() :]}")
        elif year := _YEAR.search(entry.text):
            names = entry.text[: year.start()].rstrip(" (").strip()
        yield entry


def _cuts(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the entries begin and end: at labels, else where every line is one, else at names below an ended line."""
    begins = list(_labelled(lines))
    if not begins:
        begins = [n for n, line in enumerate(lines) if _BULLET.match(line.lstrip())]
    if not begins and len(lines) > 1:
        if all(_YEAR.search(line) and len(line) > _SHORTEST for line in lines):
            begins = list(range(len(lines)))
        else:
            begins = [
                n
                for n, line in enumerate(lines)
                if n and _BEGINS.match(line.strip()) and _ENDED.search(lines[n - 1].rstrip()[-_FAR:])
            ]
    begins = begins if begins and begins[0] == 0 else [0, *begins]
    yield from zip(begins, (*begins[1:], len(lines)), strict=True)


def _labelled(lines: Sequence[str]) -> Iterator[int]:
    """The lines that begin with a label. Numbers go up: in the "12. Springer" of a wrapped line there is none."""
    last = 0
    for n, line in enumerate(lines):
        if match := _LABEL.match(line):
            number = match["round"] or match["number"] or match["label"]
            if number.isdecimal():
                if last and not last < int(number) <= last + _SKIPPED:
                    continue
                last = int(number)
            yield n


def _entry(text: str, key: str) -> Entry:
    return Entry(key=key, text=text, ids=identifiers_within(text))
