"""Citations that stand elsewhere, and what of Pandoc's Markdown is no prose."""

from __future__ import annotations

import pytest

from askpapers.drafts.citations import find_marks
from askpapers.drafts.claims import read_sentences
from askpapers.drafts.draft import Block
from askpapers.drafts.marks import Cited, Mark
from askpapers.drafts.reading import read_draft
from askpapers.drafts.repeats import cited_last, follow, notes_that_cite


def cited(text: str, name: str = "a.md") -> list[tuple[str, list[str]]]:
    """What each sentence states, and what it cites."""
    draft = read_draft(name, text.encode(), None)
    marked: list[tuple[Block, list[Mark]]] = [
        (block, find_marks(block, draft.bibliography, lambda key: False)) for block in draft.blocks
    ]
    notes, last = dict(notes_that_cite(marked)), tuple[Cited, ...]()
    found = []
    for block, marks in marked:
        followed = follow(marks, block, notes, last)
        last = cited_last(followed, last)
        for sentence in read_sentences(block, followed):
            if not sentence.passed_over and block.label not in notes:
                found += [(p.statement, [one.shown for mark in p.marks for one in mark.cited]) for p in sentence.parts]
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Kilns fire red clay [@moss2020]. Glaze cracks in cold kilns (ibid., p. 3).",
            [("Kilns fire red clay.", ["@moss2020"]), ("Glaze cracks in cold kilns.", ["@moss2020"])],
        ),
        (
            "Kilns fire red clay [@moss2020].\n\nIbid. show that glaze cracks in kilns.",
            [("Kilns fire red clay.", ["@moss2020"]), ("Glaze cracks in kilns.", ["@moss2020"])],
        ),
        ("Glaze cracks in kilns (ebd.).", [("Glaze cracks in kilns.", [])]),
        ("Kilns fire red clay.^[See @moss2020, p. 3.]", [("Kilns fire red clay.", ["@moss2020"])]),
        ("Kilns fire red clay.[^1]\n\n[^1]: See [@moss2020, p. 3].", [("Kilns fire red clay.", ["@moss2020"])]),
        ("Kilns fire clay.[^n]\n\n[^n]: Moss et al. (2020), p. 3.", [("Kilns fire clay.", ["Moss et al. (2020)"])]),
        (
            "Kilns[^1] fire red clay [@moss2020].\n\n[^1]: Ovens fire white clay.",
            [("Kilns fire red clay.", ["@moss2020"]), ("Ovens fire white clay.", [])],
        ),
        ("Moss et al., 2020a fire red clay.", [("The authors fire red clay.", ["Moss et al. (2020a)"])]),
        ("Moss et al.'s (2020) kilns fire red clay.", [("The authors’ kilns fire red clay.", ["Moss et al. (2020)"])]),
        ("The kilns of Ref. [3] fire red clay.", [("The kilns of the paper fire red clay.", ["[3]"])]),
        ("In Ref. [3], kilns fire red clay.", [("Kilns fire red clay.", ["[3]"])]),
        ("![Kilns fire red clay [@moss2020].](a.png){#fig:a width=50%}", [("Kilns fire red clay.", ["@moss2020"])]),
        ("Kilns fire [clay]{.mark} at $900$ degrees [@moss20].", [("Kilns fire clay at 900 degrees.", ["@moss20"])]),
        ("Kilns fire red clay [@moss2020]:\n\n$$\nx_1 = 3\n$$ {#eq:a}\n", [("Kilns fire red clay.", ["@moss2020"])]),
    ],
)  # fmt: skip
def test_what_stands_elsewhere_is_cited(text: str, expected: list[tuple[str, list[str]]]) -> None:
    assert cited(text) == expected


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        (r"\parencites(see)()[3]{a,b}[5]{c}", ["a", "b", "c"]),
        (r"\textcites{a}{b}", ["a", "b"]),
        (r"\cite<e.g.,>[p.~3]{a}", ["a"]),
        (r"\footnote{See \citet{a}, p.~3, and \citet{b}.}", ["a", "b"]),
        (r"\cite{a} {b}", ["a"]),
    ],
)
def test_commands_that_cite(command: str, keys: list[str]) -> None:
    ((_, found),) = cited(f"Kilns fire red clay in winter {command}.", "a.tex")
    assert found == keys
