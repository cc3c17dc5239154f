"""LaTeX below what a draft says: its commands, the files that it includes, and its nodes as pylatexenc makes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pylatexenc.latexwalker import (
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexNode,
    LatexWalker,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import LatexContextDb, std_macro

from askpapers.drafts.latex_macros import Macro

HEADINGS = frozenset("part chapter section subsection subsubsection paragraph subparagraph title subtitle".split())
DROPPED = frozenset(
    "label ref eqref cref Cref autoref pageref nameref vref includegraphics vspace hspace bibliography"
    " addbibresource bibliographystyle usepackage newcommand renewcommand providecommand def documentclass author date"
    " thanks nocite index centering setlength setcounter pagestyle thispagestyle graphicspath hypersetup affiliation"
    " email institute address keywords includeonly todo marginpar protect phantom printbibliography".split()
)
SKIPPED = frozenset(
    "equation align gather multline eqnarray displaymath math flalign alignat verbatim lstlisting minted algorithm"
    " algorithmic tikzpicture tabular tabularx longtable array comment filecontents subequations".split()
)
WITH_CAPTION = frozenset("figure table wrapfigure wraptable subfigure sidewaystable sidewaysfigure".split())
SPECIALS = {"~": " ", "``": "“", "''": "”", "--": "–", "---": "—", "&": " "}
LIKE_COMMANDS = frozenset("footnote footnotetext item par caption newline linebreak href url emph".split()) | HEADINGS
"""Macros that are read as what LaTeX has under their names, also where a draft defines them anew."""

INCLUDE = re.compile(
    r"\\(?:(?:input|include|subfile|subfileinclude)|(?:sub)?import\s*\{(?P<folder>[^{}]*)\})(?![A-Za-z])"
    r"\s*(?:\{(?P<braced>[^{}]*)\}|(?P<bare>[^\s{}\\%]+))"
)
"""A command that includes a file: \\input{file}, \\input file, \\include{file}, \\import{folder/}{file}."""
_FILES = re.compile(r"(?<!%)\\(?:bibliography|addbibresource)\s*(?:\[[^\[\]]*\]\s*)?\{(?P<names>[^{}]*)\}")
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")


def without_comments(text: str) -> str:
    """A LaTeX text without its comments."""
    return _COMMENT.sub("", text)


def included_name(match: re.Match[str]) -> str:
    """The file that a match of `INCLUDE` names."""
    return f"{match['folder'] or ''}{match['braced'] or match['bare'] or ''}".strip().strip('"')


def bibliographies_of(text: str) -> list[str]:
    """The bibliography files that a text without comments names."""
    named = [name.strip() for match in _FILES.finditer(text) for name in match["names"].split(",")]
    return [_with_ending(name) for name in named if name]


def _with_ending(name: str) -> str:
    return name if "." in name.rpartition("/")[2] else f"{name}.bib"


def nodes_of(text: str, own: Mapping[str, Macro]) -> list[LatexNode]:
    """The nodes of a text; `own` are the macros that the draft defines. Faults of the text are passed over."""
    walker = LatexWalker(text, latex_context=_latex_context(own), tolerant_parsing=True)
    nodes: list[LatexNode] = walker.get_latex_nodes()[0]
    return nodes


def _latex_context(own: Mapping[str, Macro]) -> LatexContextDb:
    """What pylatexenc knows, macros whose arguments it does not, and those that a draft defines for itself."""
    context = get_default_latex_context_db()
    macros = [std_macro(name, True, 1) for name in ("caption", "captionof", "footnotetext", "enquote", "mkbibquote")]
    for name, macro in own.items():
        has_default = macro.default is not None and macro.arguments > 0
        macros.append(std_macro(name, has_default, macro.arguments - has_default))
    context.add_context_category("drafts", macros=macros, prepend=True)
    return context


def environments(nodes: Sequence[LatexNode], name: str) -> Iterator[LatexEnvironmentNode]:
    """The environments of a name among nodes."""
    for node in nodes:
        if isinstance(node, LatexEnvironmentNode) and node.environmentname == name:
            yield node


def macros(nodes: Sequence[LatexNode], name: str) -> Iterator[LatexMacroNode]:
    """The macros of a name among nodes, and in their groups and environments."""
    for node in nodes:
        if isinstance(node, LatexMacroNode) and node.macroname.rstrip("*") == name:
            yield node
        elif isinstance(node, LatexEnvironmentNode | LatexGroupNode):
            yield from macros(node.nodelist, name)
