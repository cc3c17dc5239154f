"""Reads bibliographies as LaTeX gets them: `thebibliography` in a draft or a .bbl file, and Biber's .bbl. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from askpapers.corpus.latex_fields import in_one_line
from askpapers.drafts.draft import Entry
from askpapers.drafts.latex_macros import group_end
from askpapers.identifiers import identifiers_in, identifiers_within
from askpapers.text.latex import undo_latex

_BIBITEM = re.compile(r"\\bibitem(?![A-Za-z])\s*")
_END = "\\end{thebibliography}"
_BRACKETS = re.compile(r"\\.|[{}\]]", re.DOTALL)
_GLUE = re.compile(r"(?:\s|%[^\n]*\n)*")
_NOT_SHOWN = re.compile(  # of REVTeX the names of fields; of links the addresses
    r"\\(?:bibfield|bibinfo|BibitemShut|natexlab|href(?:@noop)?|Eprint)\s*\{[^{}]*\}"
)
_COMMAND = re.compile(r"\\[A-Za-z]+(?:@[A-Za-z]+)?\*?\s?|[{}]|(?<!\\)%[^\n]*\n?")
_ENTRY = re.compile(r"\\entry\{(?P<key>[^{}]*)\}")
_ALIAS = re.compile(r"\\keyalias\{(?P<alias>[^{}]*)\}\{(?P<key>[^{}]*)\}")
_FIELD = re.compile(r"\\field\{(?P<name>\w+)\}\s*(?=\{)")
_VERB = re.compile(r"\\verb\{(?P<name>\w+)\}\s*\\verb[ \t](?P<value>[^\n]*)")
_NAMES = re.compile(r"\\name\{(?P<role>\w+)\}\{\d+\}\{[^{}]*\}\s*(?=\{)")
_FAMILY = re.compile(r"\bfamily=\s*(?=\{)")
_HASHED = re.compile(r"\{\{[^{}]*\}\s*(?=\{)")  # Biber before 2.0 writes the family name behind the hash


def read_compiled(text: str) -> list[Entry]:
    """The works of a .bbl file, of BibTeX or of Biber, in order."""
    return list(_of_biber(text)) if _ENTRY.search(text) else read_bibitems(text)


def read_bibitems(text: str) -> list[Entry]:
    """The works of a `thebibliography`, as they stand in a draft or a .bbl file, in order."""
    items = list(_BIBITEM.finditer(text))
    entries = []
    for item, following in zip_longest(items, items[1:]):
        end = following.start() if following else text.find(_END, item.end())
        end = end if end >= 0 else len(text)
        begin = _label_end(text, item.end(), end)
        if text[begin : begin + 1] != "{":
            continue
        key_end = min(group_end(text, begin), end)
        raw = text[key_end:end].replace("\\newblock", " ")
        shown = _COMMAND.sub("", undo_latex(_NOT_SHOWN.sub(" ", raw))).replace("~", " ")
        shown = " ".join(shown.split())
        entries.append(Entry(key=text[begin + 1 : key_end - 1].strip(), text=shown, ids=identifiers_within(raw)))
    return entries


def _label_end(text: str, start: int, end: int) -> int:
    r"""Where the key of a \bibitem begins, behind the label in square brackets, which may hold groups."""
    if text[start : start + 1] == "[":
        depth = 0
        for match in _BRACKETS.finditer(text, start + 1, end):
            depth += {"{": 1, "}": -1}.get(match.group(), 0)
            if match.group() == "]" and depth <= 0:
                start = match.end()
                break
    glue = _GLUE.match(text, start, end)
    return glue.end() if glue else start


def _of_biber(text: str) -> Iterator[Entry]:
    items = list(_ENTRY.finditer(text))
    found: dict[str, Entry] = {}
    for item, following in zip_longest(items, items[1:]):
        body = text[item.end() : following.start() if following else len(text)].partition("\\endentry")[0]
        found.setdefault(item["key"], _entry(item["key"], body))
    yield from found.values()
    for alias in _ALIAS.finditer(text):
        if entry := found.get(alias["key"]):
            yield replace(entry, key=alias["alias"])


def _entry(key: str, body: str) -> Entry:
    fields = {match["name"]: in_one_line(_group(body, match.end())) for match in reversed([*_FIELD.finditer(body)])}
    fields |= {match["name"]: match["value"].strip() for match in _VERB.finditer(body)}
    people = {match["role"]: _group(body, match.end()) for match in _NAMES.finditer(body)}
    kind, eprint = fields.get("eprinttype", "").casefold(), fields.get("eprint", "")
    pmid = f"pmid:{eprint}" if eprint and kind in ("pubmed", "pmid") else None
    return Entry(
        key=key,
        title=": ".join(filter(None, (fields.get("title"), fields.get("subtitle")))),
        families=tuple(_families(people.get("author") or people.get("editor") or "")),
        year=int(fields["year"]) if fields.get("year", "").isdecimal() else None,
        ids=identifiers_in(pmid or eprint, fields.get("doi"), fields.get("url")),
    )


def _families(names: str) -> Iterator[str]:
    for match in _FAMILY.finditer(names) if _FAMILY.search(names) else _HASHED.finditer(names):
        yield in_one_line(re.sub(r"\\bib\w+\s?", " ", _group(names, match.end())))


def _group(text: str, start: int) -> str:
    return text[start + 1 : group_end(text, start) - 1]
