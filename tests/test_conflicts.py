"""Conflicts: two papers that say opposite things of the same; spread, other things and a paper by itself are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from askpapers.datatypes import Paper, Source
from askpapers.index.embedder import MiniLM
from askpapers.reading.protocol import Pair, Probabilities
from askpapers.research.conflicts import find_conflicts
from askpapers.research.opposed import are_swapped, is_opposed
from command_line import Ask
from fakes import write_papers

HELPS = "Aerobic exercise improves memory in older adults."
HELPS_NOT = "Aerobic exercise does not improve memory in older adults."
_SIDE = {"required": ["paper", "title", "year", "quote", "start", "end", "source"]}
REPLY_SCHEMA = {
    "required": ["schema", "topic", "papers", "sentences", "pairs", "coverage", "conflicts", "notes"],
    "properties": {
        "conflicts": {
            "items": {
                "required": ["strength", "sides"],
                "properties": {"sides": {"minItems": 2, "maxItems": 2, "items": _SIDE}},
            }
        }
    },
}


class Reads:
    """A reader that takes every pair for a contradiction, but what holds one of some words."""

    def __init__(self, chances: Mapping[str, float] | None = None) -> None:
        self._chances = chances or {}

    def support(self, pairs: Sequence[Pair]) -> Probabilities:
        rows = []
        for statement, _ in pairs:
            chance = next((chance for words, chance in self._chances.items() if words in statement), 0.93)
            rows.append((0.0, 1 - chance, chance))
        return np.array(rows, dtype=np.float32)


def paper(name: str, *sentences: str) -> Paper:
    return Paper(name, f"A study called {name}", " ".join(sentences), (Source("papers.txt", 1),))


def conflicts(embedder: MiniLM, *texts: str, reader: Reads | None = None) -> list[tuple[str, str]]:
    papers = [paper(f"p{number}", text) for number, text in enumerate(texts)]
    report = find_conflicts("memory", papers, embedder, reader or Reads(), lambda *_: None)
    return [(conflict.first.text, conflict.second.text) for conflict in report.conflicts]


def test_a_conflict_is_read_in_both_directions(embedder: MiniLM) -> None:
    assert conflicts(embedder, HELPS, HELPS_NOT) == [(HELPS, HELPS_NOT)]
    assert conflicts(embedder, HELPS, HELPS_NOT, reader=Reads({"not": 0.1})) == []


def test_no_paper_contradicts_itself(embedder: MiniLM) -> None:
    assert conflicts(embedder, f"{HELPS} {HELPS_NOT}") == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Caffeine improves the endurance of cyclists.", "Caffeine does not improve the sleep of cyclists."),
        ("Dropout helps small networks to generalize.", "Weight decay does not help small networks to generalize."),
        ("The BERT model improves retrieval of documents.", "The GPT model harms retrieval of documents."),
        ("Our new model improves retrieval of documents.", "Our new model harms retrieval of documents."),
        ("Does exercise improve memory in older adults?", "Does exercise not improve memory in older adults?"),
        ("We investigated whether exercise harms memory in older adults.", HELPS),
        ("At high sparsity, pruning harms translation.", "At low sparsity, pruning does not harm translation."),
        ("Fires harm beetles in northern forests.", "Fires do not harm beetles in southern forests."),
    ],
)
def test_sentences_on_two_things_are_no_conflict(one: str, other: str, embedder: MiniLM) -> None:
    assert conflicts(embedder, one, other) == []


def test_other_numbers_alone_are_no_conflict(embedder: MiniLM) -> None:
    spread = [f"Aerobic exercise lowered blood pressure by {number} mmHg." for number in (5, 9)]
    assert conflicts(embedder, *spread, reader=Reads({"mmHg": 0.95, "pressure by": 0.2})) != []
    without_figures = Reads({" 5 mmHg": 0.95, " 9 mmHg": 0.95, "pressure": 0.1})
    assert conflicts(embedder, *spread, reader=without_figures) == []


def test_of_two_papers_the_strongest_pair_is_shown(embedder: MiniLM) -> None:
    late, late_not = (
        "Evening exercise delays the onset of sleep.",
        "Evening exercise does not delay the onset of sleep.",
    )
    texts = (f"{HELPS} {late}", f"{HELPS_NOT} {late_not}")
    assert conflicts(embedder, *texts, reader=Reads({"memory": 0.8})) == [(late, late_not)]


def test_the_command(run_ask: Ask, tmp_path: Path) -> None:
    abstracts = [
        f"Older people took part in a trial. {HELPS}",
        f"A second trial was run. {HELPS_NOT}",
        "Walnut trees grow on hills. They need little water in summer.",
    ]
    folder = write_papers(tmp_path / "papers", abstracts)
    options = ("--corpus", folder, "--index", tmp_path / "index")
    shown = run_ask("conflicts", "exercise", "and", "memory", *options)
    assert shown.code == 0
    assert "1 conflict, of 2 papers on “exercise and memory”" in " ".join(shown.out.split())
    assert f"“{HELPS}”" in shown.out and f"“{HELPS_NOT}”" in shown.out
    found = run_ask("conflicts", "exercise and memory", "--json", *options)
    jsonschema.validate(found.json, REPLY_SCHEMA)
    (conflict,) = found.json["conflicts"]
    assert [side["quote"] for side in conflict["sides"]] == [HELPS, HELPS_NOT]
    assert all(
        a[side["start"] : side["end"]] == side["quote"] for a, side in zip(abstracts, conflict["sides"], strict=False)
    )
    none = run_ask("conflicts", "walnut trees", *options)
    assert none.code == 0 and none.out.startswith("No conflict found, of 1 paper on “walnut trees”")
    assert run_ask("conflicts", "quantum annealing", *options).code == 3


def test_what_the_other_paper_speaks_of_elsewhere_sets_two_sentences_no_further_apart(embedder: MiniLM) -> None:
    raised = "Step-by-step prompts raise the accuracy of arithmetic."
    unchanged = "Asking for intermediate steps leaves the accuracy of arithmetic unchanged."
    assert conflicts(embedder, raised, unchanged) == []
    assert conflicts(embedder, raised, f"Two prompts were compared. {unchanged}") == [(raised, unchanged)]


@pytest.mark.parametrize(
    ("text", "other", "opposed"),
    [
        ("The hippocampus shrinks in spite of walking.", "Walking reduces the loss of the hippocampus.", True),
        ("The size of batches has no effect.", "Large batches generalize worse than small batches.", True),
        ("Prompts leave the accuracy unchanged.", "Prompts raise the accuracy of arithmetic.", True),
        ("Prompts leave the accuracy unchanged.", "Prompts do not affect the accuracy.", False),
        ("Prompts raise the accuracy.", "Prompts raise the accuracy of arithmetic.", False),
    ],
)  # fmt: skip
def test_no_effect_and_an_effect_are_opposed(text: str, other: str, opposed: bool) -> None:
    assert is_opposed(text, other) is opposed
    assert is_opposed(other, text) is opposed


@pytest.mark.parametrize(
    ("text", "other", "swapped"),
    [
        ("Praise motivates pupils more than grades.", "Grades motivate pupils more than praise.", True),
        ("Praise motivates pupils more than grades.", "Grades motivate teachers more than praise.", False),
        ("Praise motivates pupils more than grades.", "Praise motivates pupils more than grades.", False),
    ],
)
def test_sides_are_swapped_in_the_same_words_only(text: str, other: str, swapped: bool) -> None:
    assert are_swapped(text, other) is swapped
