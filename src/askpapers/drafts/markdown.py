"""Reads Markdown: markdown-it finds the blocks, and the rules here take the markup out of them, place by place."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from markdown_it import MarkdownIt

from askpapers.drafts.divs import without_divisions
from askpapers.drafts.draft import Block, BlockBuilder, Entry, Kind, Link
from askpapers.drafts.mathematics import plain_mathematics, raised
from askpapers.drafts.references import KEYED
from askpapers.identifiers import identifiers_in

_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n.*?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_BIBLIOGRAPHY = re.compile(r"^bibliography:[ \t]*+(?P<names>[^\n]*+(?:\n[ \t]*-[ \t][^\n]*+)*+)", re.MULTILINE)
_FOOTNOTE = re.compile(r"\[\^(?P<name>[^\]\s]+)\]:[ \t]*")
_INLINE_NOTE = re.compile(r"\^\[(?P<note>(?:[^\[\]]|\[[^\[\]]*+\])++)\]")
_LEFT_OUT = {"fence": "code", "code_block": "code", "html_block": "HTML", "table_open": "a table"}


def read_markdown(text: str) -> tuple[list[Block], list[str], list[str]]:
    """The blocks of a Markdown text, what was left out of it, and the bibliography files that it names."""
    front = _FRONT_MATTER.match(text)
    named = list(_files(front.group())) if front else []
    body = re.sub(r"[^\n]", " ", front.group()) + text[front.end() :] if front else text
    divisions = without_divisions(body)
    environment: dict[str, Mapping[str, Mapping[str, str]]] = {}
    blocks, left_out = list[Block](), list[str]()
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    state: list[str] = []
    items: list[int] = []
    for token in MarkdownIt("commonmark").enable("table").parse(divisions.text, environment):
        if token.type in _LEFT_OUT:
            left_out.append(_LEFT_OUT[token.type])
        if token.type == "ordered_list_open":
            items.append(int(token.attrs.get("start", 1)) - 1)
        elif token.type == "bullet_list_open":
            items.append(-1)
        elif token.type in ("ordered_list_close", "bullet_list_close"):
            items.pop()
        elif token.type == "list_item_open" and items[-1] >= 0:
            items[-1] += 1
        elif token.type in ("heading_open", "table_open"):
            state.append(token.type)
        elif token.type in ("heading_close", "table_close"):
            state.pop()
        elif token.type == "inline" and token.map and "table_open" not in state:
            places = list(_places(text, starts, token.content, token.map[0]))
            label = str(items[-1]) if items and items[-1] > 0 else ""
            kind = Kind.HEADING if state else Kind.PROSE
            if (key := divisions.keys.get(token.map[0])) is not None:
                kind, label = Kind.REFERENCE, f"{KEYED}{key}" if key else label
            links = environment.get("references", {})
            blocks += _blocks(token.content, places, kind, label, {k: v["href"] for k, v in links.items()})
    return blocks, left_out, named


def _files(front_matter: str) -> Iterator[str]:
    for match in _BIBLIOGRAPHY.finditer(front_matter):
        for name in re.split(r"[\n,]", match["names"].strip().strip("[]")):
            if name := name.strip().removeprefix("-").strip(" \t\r\"'"):
                yield name


def _places(text: str, starts: list[int], content: str, first: int) -> Iterator[int]:
    """Where each character of the content of a block stands, and where it ends."""
    end = 0
    for number, line in enumerate(content.split("\n"), start=first):
        begin = starts[min(number, len(starts) - 1)]
        full = text[begin : starts[number + 1] if number + 1 < len(starts) else len(text)]
        indent = full.find(line)
        for offset in range(len(line)):
            yield begin + (indent + offset if indent >= 0 else 0)
        end = begin + max(indent, 0) + (len(line) if indent >= 0 else 0)
        yield end  # the line end; of the last line, the end of the block


def _blocks(content: str, places: list[int], kind: Kind, label: str, links: Mapping[str, str]) -> Iterator[Block]:
    """The block of a paragraph, or those of the footnotes that it holds."""
    notes = [match for match in _FOOTNOTE.finditer(content) if match.start() == 0 or content[match.start() - 1] == "\n"]
    if notes and notes[0].start() == 0:
        for note, following in zip_longest(notes, notes[1:]):
            end = following.start() if following else len(content)
            builder = BlockBuilder()
            _inline(builder, content, places, note.end(), end, links)
            if block := builder.block(places[end], label=f"^{note['name']}"):
                yield block
        return
    for note in _INLINE_NOTE.finditer(content):
        if _only_cites(note["note"]):
            continue
        builder = BlockBuilder()
        _inline(builder, content, places, *note.span("note"), links)
        if block := builder.block(places[note.end("note")]):
            yield block
    builder = BlockBuilder()
    figure = _FIGURE.fullmatch(content)
    _inline(builder, content, places, *(figure.span("caption") if figure else (0, len(content))), links)
    if block := builder.block(places[len(content)], kind, label):
        yield block


def _only_cites(note: str) -> bool:
    """Whether a note has citations and says nothing beside them: "see [@moss2020, p. 3]"."""
    rest, count = _CITE_KEY.subn(" ", note)
    return count > 0 and set(re.findall(r"[^\W\d_]+", rest.casefold())) <= _LEADING


_CITE_KEY = re.compile(r"-?@(?:\{[^{}]*\}|\w[\w:.#$%&+?<>~/-]*)")
_LEADING = frozenset("see also e g cf compare and p pp ch chap sec vgl siehe s in".split())
_ATTRIBUTES = r"\{(?=[#.=][A-Za-z]|[\w-]{1,30}=)[^{}\n]{0,300}\}"
_BRACKETED = r"(?:[^\[\]\\]|\\.|\[[^\[\]]*+\])*+"
_FIGURE = re.compile(rf"!\[(?P<caption>{_BRACKETED})\]\([^()]*+\)[ \t]*(?:{_ATTRIBUTES})?\s*", re.DOTALL)
_INLINE = re.compile(
    r"(?P<comment><!--.*?(?:-->|\Z))"
    r"|(?<!`)(?P<ticks>`++)(?P<code>[^`]++)(?P=ticks)"
    r"|(?P<display>\$\$(?:[^$]|\$(?!\$))++\$\$)"
    r"|\\begin\{(?P<environment>equation|align|gather|multline|eqnarray)\*?\}.*?(?:\\end\{(?P=environment)\*?\}|\Z)"
    r"|(?<![\\$\w])\$(?=[^\s$])(?P<mathematics>[^$\n]{1,200})(?<=\S)\$(?![\d$])"
    rf"|!\[{_BRACKETED}\](?:\([^()]*+\)|\[[^\[\]]*+\])(?P<image>)"
    rf"|\[(?P<linked>{_BRACKETED})\]"
    r"(?:\([ \t]*+<?(?P<url>[^\s()<>]*+(?:\([^\s()<>]*+\)[^\s()<>]*+)*+)>?(?:\s++[\"'(][^)]*+)?\)"
    rf"|\[(?P<reference>[^\[\]@^]*+)\]|(?P<span>{_ATTRIBUTES}))"
    r"|<(?P<address>https?://[^\s<>]++)>"
    r"|(?P<note>\^\[(?:[^\[\]]|\[[^\[\]]*+\])++\])"
    r"|\[\[(?!@)(?:[^\[\]|]*+\|)?(?P<wiki>[^\[\]|]++)\]\]"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?:<sup>|\^)(?P<raised>\d[\d,–\- ]*+)(?:</sup>|\^)"
    rf"|(?P<attributes>{_ATTRIBUTES})"
    r"|(?P<tag></?[A-Za-z][^<>]*+>)"
    r"|(?P<entity>&(?:#\w{1,8}|[A-Za-z]\w{1,30});)"
    r"|(?P<emphasis>(?<!\s)\*+|\*+(?!\s)|~~|(?<![\w])_+(?=\S)|(?<=\S)_+(?![\w]))",
    re.DOTALL,
)


def _inline(
    builder: BlockBuilder, content: str, places: list[int], start: int, end: int, links: Mapping[str, str]
) -> None:
    place = start
    while place < end:
        match = _INLINE.search(content, place, end)
        _copy(builder, content, places, place, match.start() if match else end)
        if match is None:
            return
        name = match.lastgroup
        begin = builder.length
        if match["code"] is not None:
            _copy(builder, content, places, *match.span("code"))
        elif match["linked"] is not None:
            url = (
                ""
                if match["span"]
                else match["url"]
                if match["url"] is not None
                else links.get((match["reference"] or match["linked"]).upper().strip())
            )
            _inline(builder, content, places, *match.span("linked"), links)
            if url is None:
                _copy(builder, content, places, match.end("linked"), match.end())
            elif url.startswith("#ref-"):
                key = url.removeprefix("#ref-")
                builder.links.append(Link(begin, builder.length, (Entry(key=key),)))
            elif url.startswith("http") or identifiers_in(url):
                builder.links.append(Link(begin, builder.length, (Entry(ids=identifiers_in(url), text=url),)))
        elif name in ("address", "wiki", "escaped"):
            _copy(builder, content, places, *match.span(name))
        elif match["raised"] is not None:
            builder.put(raised(match["raised"]), places[match.start()])
        elif match["mathematics"] is not None:
            shown = plain_mathematics(match["mathematics"])
            if shown is None or shown == match["mathematics"]:
                _copy(builder, content, places, *(match.span() if shown is None else match.span("mathematics")))
            else:
                builder.put(shown, places[match.start()])
        elif match["note"] is not None and _only_cites(match["note"]):
            for key in _CITE_KEY.finditer(content, *match.span()):
                builder.put(" [", places[key.start()])
                _copy(builder, content, places, *key.span())
                builder.put("]", places[key.end()])
        elif match["entity"] is not None:
            builder.put(html.unescape(match["entity"]), places[match.start()])
        place = match.end()


def _copy(builder: BlockBuilder, content: str, places: list[int], start: int, end: int) -> None:
    builder.pieces.append(content[start:end])
    builder.places.extend(places[start:end])
