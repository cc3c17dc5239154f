"""Reads LaTeX: pylatexenc parses it, and what remains of the text knows its places. No macro is run but plain ones."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pylatexenc.latexwalker import (
    LatexCharsNode,
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexMathNode,
    LatexNode,
    LatexSpecialsNode,
)

from askpapers.drafts.compiled import read_bibitems
from askpapers.drafts.draft import Block, BlockBuilder, Entry, Kind, Link
from askpapers.drafts.latex_macros import Macro, read_macros
from askpapers.drafts.latex_nodes import (
    DROPPED,
    HEADINGS,
    INCLUDE,
    LIKE_COMMANDS,
    SKIPPED,
    SPECIALS,
    WITH_CAPTION,
    bibliographies_of,
    environments,
    included_name,
    macros,
    nodes_of,
    without_comments,
)
from askpapers.drafts.marks import CITE_COMMAND, keys_of, only_cites
from askpapers.drafts.mathematics import plain_mathematics, raised
from askpapers.errors import UsageError
from askpapers.identifiers import identifiers_in
from askpapers.text.latex import undo_latex

_OPTIONAL = re.compile(r"\s*\[[^\[\]]*\]")


@dataclass(frozen=True, slots=True)
class LatexText:
    """What a LaTeX file holds: its prose, its own bibliography, what was left out of it, and the files that it names.

    `bibliographies` are names with their endings, `included` are names as they stand there, in order.
    """

    blocks: tuple[Block, ...]
    entries: tuple[Entry, ...]
    left_out: tuple[str, ...]
    bibliographies: tuple[str, ...]
    included: tuple[str, ...]


def read_latex(text: str, definitions: str = "") -> LatexText:
    """Read a LaTeX file; `definitions` are texts with macros that hold in it, too.

    Raises UsageError where groups are nested without end.
    """
    try:
        own = read_macros(without_comments(f"{definitions}\n{text}"))
        own = {name: macro for name, macro in own.items() if name not in LIKE_COMMANDS}
        nodes = nodes_of(text, own)
        reader = _Reader(text, own)
        document = next(environments(nodes, "document"), None)
        reader.read(document.nodelist if document else nodes)
        reader.flush(len(text))
    except RecursionError as error:
        raise UsageError("The draft's braces are nested too deeply.", hint="Check the draft in parts.") from error
    plain = without_comments(text)
    return LatexText(
        tuple(reader.blocks),
        tuple(read_bibitems(plain)),
        tuple(reader.left_out),
        tuple(bibliographies_of(plain)),
        tuple(reader.included),
    )


class _Reader:
    """Walks through the nodes and cuts the text into blocks; `own` are the macros that the draft defines."""

    def __init__(self, text: str, own: Mapping[str, Macro]) -> None:
        self._text = text
        self._own = own
        self._run: dict[str, _Reader] = {}
        self._builder = BlockBuilder()
        self.blocks: list[Block] = []
        self.left_out: list[str] = []
        self.included: list[str] = []

    def flush(self, end: int, kind: Kind = Kind.PROSE) -> None:
        """End the block."""
        if block := self._builder.block(end, kind):
            self.blocks.append(block)
        self._builder = BlockBuilder()

    def read(self, nodes: Sequence[LatexNode]) -> None:
        """Read nodes in order; what is read as a whole (a citation) may cover several."""
        until = 0
        for node in nodes:
            if node is None or node.pos < until:
                if node is not None and node.pos + node.len > until and isinstance(node, LatexCharsNode):
                    self._characters(until, node.pos + node.len)
                continue
            match = CITE_COMMAND.match(self._text, node.pos) if isinstance(node, LatexMacroNode) else None
            own = self._own.get(node.macroname) if isinstance(node, LatexMacroNode) else None
            if own and (node.macroname not in DROPPED or CITE_COMMAND.search(own.body)):
                self._own_macro(node, own)
            elif match:
                self._builder.copy(self._text, match.start(), match.end())
                until = match.end()
            elif included := INCLUDE.match(self._text, node.pos):
                self.flush(node.pos)
                self.included.append(included_name(included))
                until = included.end()
            elif isinstance(node, LatexMacroNode) and node.macroname in DROPPED:
                option = _OPTIONAL.match(self._text, node.pos + node.len)
                until = option.end() if option else node.pos + node.len
                group = re.compile(r"\{[^{}]*\}").match(self._text, until) if not node.nodeargd else None
                until = group.end() if group else until
            else:
                self._node(node)

    def _node(self, node: LatexNode) -> None:
        end = node.pos + node.len
        if isinstance(node, LatexCharsNode):
            self._characters(node.pos, end)
        elif isinstance(node, LatexGroupNode):
            self.read(node.nodelist)
        elif isinstance(node, LatexMathNode):
            self._mathematics(node)
        elif isinstance(node, LatexSpecialsNode):
            if node.specials_chars.isspace():
                self.flush(node.pos)
            else:
                self._builder.put(SPECIALS.get(node.specials_chars, node.specials_chars), node.pos)
        elif isinstance(node, LatexMacroNode):
            self._macro(node)
        elif isinstance(node, LatexEnvironmentNode):
            self._environment(node)

    def _characters(self, start: int, end: int) -> None:
        for match in re.finditer(
            r"(?P<text>(?:[^\n]|\n(?![ \t\r]*\n))+)|(?P<blank>\n[ \t\r]*\n)|\n", self._text[start:end]
        ):
            if match["blank"]:
                self.flush(start + match.start())
            else:
                self._builder.copy(self._text, start + match.start(), start + match.end())

    def _arguments(self, node: LatexMacroNode) -> list[LatexNode]:
        return [argument for argument in (node.nodeargd.argnlist if node.nodeargd else []) or [] if argument]

    def _macro(self, node: LatexMacroNode) -> None:
        name, arguments = node.macroname.rstrip("*"), self._arguments(node)
        raw = self._text[node.pos : node.pos + node.len]
        if name in HEADINGS:
            self.flush(node.pos)
            self.read(arguments[-1:])
            self.flush(node.pos + node.len, Kind.HEADING)
        elif name in ("footnote", "footnotetext") and only_cites(note := self._raw_of(arguments[-1:])):
            keys = [key for match in CITE_COMMAND.finditer(note) for key in keys_of(match)]
            self._builder.put(f"\\cite{{{','.join(keys)}}}", node.pos)
        elif name in ("footnote", "footnotetext"):
            around, self._builder = self._builder, BlockBuilder()
            self.read(arguments[-1:])
            self.flush(node.pos + node.len - 1)
            self._builder = around
        elif name in ("item", "par", "caption"):
            self.flush(node.pos)
            if name == "caption":
                self.read(arguments[-1:])
                self.flush(node.pos + node.len - 1)
        elif name in ("\\", "newline", "linebreak"):
            self._builder.put("\n", node.pos)
        elif name in ("quad", "qquad", " ", ",", ";", ":", "xspace"):
            self._builder.put(" " if name != "xspace" else "", node.pos)
        elif name == "href" and len(arguments) > 1:
            begin = self._builder.length
            self.read(arguments[1:])
            url = self._text[arguments[0].pos : arguments[0].pos + arguments[0].len].strip("{}")
            link = Link(begin, self._builder.length, (Entry(ids=identifiers_in(url), text=url),))
            self._builder.links.append(link)
        elif name == "textsuperscript" and re.fullmatch(r"\{\d[\d,\s–-]*\}", inner := self._raw_of(arguments[-1:])):
            self._builder.put(raised(inner.strip("{}")), node.pos)
        elif (undone := undo_latex(raw)) != raw and not (arguments and len(self._raw(arguments[-1])) > 3):
            self._builder.put(undone, node.pos)
        elif name in ("url", "path", "texttt") and arguments:
            self._builder.copy(self._text, arguments[-1].pos + 1, arguments[-1].pos + arguments[-1].len - 1)
        elif arguments:
            self.read([argument for argument in arguments if isinstance(argument, LatexGroupNode)][-1:])
        elif name in "%&$#_{}":
            self._builder.put(name, node.pos)
        elif node.macro_post_space and name in ("ldots", "dots"):
            self._builder.put("… ", node.pos)

    def _own_macro(self, node: LatexMacroNode, macro: Macro) -> None:
        """Read what a macro of the draft stands for; all of it stands where the macro does."""
        argnlist = node.nodeargd.argnlist if node.nodeargd else None
        given = [None if one is None else self._raw(one) for one in argnlist or []]
        text = macro.with_arguments([one and one.removeprefix("{").removesuffix("}").strip("[]") for one in given])
        if text not in self._run:
            others = {name: other for name, other in self._own.items() if other is not macro}
            self._run[text] = _Reader(text, others)
            self._run[text].read(nodes_of(text, others))
        run = self._run[text]
        self.blocks += [replace(block, places=(node.pos,) * len(block.places), links=()) for block in run.blocks]
        self._builder.put("".join(run._builder.pieces) + node.macro_post_space, node.pos)

    def _raw(self, node: LatexNode) -> str:
        return self._text[node.pos : node.pos + node.len]

    def _raw_of(self, nodes: Sequence[LatexNode]) -> str:
        return "".join(map(self._raw, nodes))

    def _mathematics(self, node: LatexMathNode) -> None:
        if node.displaytype == "display":
            self._builder.put(" ", node.pos)
            self.left_out.append("mathematics")
            return
        inner = self._raw(node).strip("$").removeprefix("\\(").removesuffix("\\)")
        if (shown := plain_mathematics(inner)) is not None:
            self._builder.put(shown, node.pos)
        else:
            self._builder.copy(self._text, node.pos, node.pos + node.len)

    def _environment(self, node: LatexEnvironmentNode) -> None:
        name = node.environmentname.rstrip("*")
        if name == "thebibliography":
            self.flush(node.pos)
        elif name in SKIPPED:
            self._builder.put(" ", node.pos)
            self.left_out.append(
                "mathematics" if name.startswith(("eq", "al", "ga", "mu", "di")) else "code or a table"
            )
        elif name in WITH_CAPTION:
            self.flush(node.pos)
            for inner in macros(node.nodelist, "caption"):
                self._macro(inner)
        else:
            self.flush(node.pos)
            self.read(node.nodelist)
            self.flush(node.pos + node.len)
