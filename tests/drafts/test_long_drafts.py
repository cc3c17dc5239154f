"""A draft of twice the length is about twice the work, counted in calls and lines, not in time."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest

from askpapers.drafts.citations import find_marks
from askpapers.drafts.claims import read_sentences
from askpapers.drafts.draft import DraftFile
from askpapers.drafts.reading import read_draft

PARTS = {
    "a.md": [
        "Moss et al. (2020) fire pots [1], and *kilns* crack [@m20; @n21].\n\n",
        "## References\n\n- Moss, A. (2020). Clay.\n\n",
        "References\n[1] Moss, A. (2020). Clay.\n\n",
        "- item **bold** [text](https://a.b/c)\n",
        "> quote `code` <b>x</b>\n",
        "Pots crack[^1].\n\n[^1]: A note, 2020.\n\n",
        "**References**\n\n",
        "1. Moss, A. (2020). Clay.\n",
    ],
    "a.txt": ["Pots crack (1,2) in kilns.\n", "REFERENCES\n1. Moss A. Clay. 2020.\n\n", "Sources\n\n",
              "Ng C. Pots. 2021.\n"],
    "a.tex": [
        "Pots crack \\cite{a,b} in \\emph{kilns} (Moss, 2020).\n\n",
        "\\section{References}\n\\item Moss, A. (2020). Clay.\n",
        "\\textbf{References}\\\\\n[1] Moss, A. (2020).\n\n",
        "\\input{a}\n",
        "\\begin{itemize}\\item x\\end{itemize}\n",
        "\\bibitem{a} Moss. Clay. 2020.\n",
    ],
}  # fmt: skip


def work(name: str, text: str) -> int:
    """How many calls and lines of the package it takes to read a draft and to find its citations and sentences."""
    count = 0

    def line(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal count
        count += 1
        return line

    def call(frame: FrameType, event: str, argument: object) -> Any:
        return line if "askpapers" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        draft = read_draft(name, text.encode(), None)
        for block in draft.blocks:
            list(read_sentences(block, find_marks(block, draft.bibliography, lambda key: False)))
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("name", PARTS)
def test_twice_the_draft_is_about_twice_the_work(name: str) -> None:
    work(name, PARTS[name][0])  # what is done once
    for part in PARTS[name]:
        less, more = (work(name, f"Kilns are old.\n\n{part * count}\n") for count in (12, 24))
        assert more <= 2.5 * less + 500, part


def test_lines_of_places() -> None:
    file = DraftFile("a.md", "one\n\ntwo\nthree", ())
    assert [file.line(place) for place in (0, 3, 4, 5, 8, 9, 13)] == [1, 1, 2, 3, 3, 4, 4]
