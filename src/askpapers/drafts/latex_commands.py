"""How the commands and environments of LaTeX are read, by their names."""

from __future__ import annotations

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
