"""What is asked of the nodes that pylatexenc makes of a text, and the macros that it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pylatexenc.latexwalker import (
    LatexEnvironmentNode,
    LatexGroupNode,
    LatexMacroNode,
    LatexNode,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import LatexContextDb, std_macro

from askpapers.drafts.latex_macros import Macro


def latex_context(own: Mapping[str, Macro]) -> LatexContextDb:
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
