"""What is asked of the nodes that pylatexenc makes of a text, and the macros that it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pylatexenc.latexwalker import (
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexNode,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import LatexContextDb, std_macro


def latex_context() -> LatexContextDb:
    """What pylatexenc knows, and macros whose arguments it does not."""
    context = get_default_latex_context_db()
    macros = [std_macro(name, True, 1) for name in ("caption", "captionof", "footnotetext", "enquote", "mkbibquote")]
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
