from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.engine import Corpus
from askpapers.grounding.support import find_faults, nearest
from askpapers.grounding.swapped import read_roles

PAIRS = Path(__file__).parents[2] / "eval" / "grounding" / "swapped.jsonl"
ROWS = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["claim"]))
def test_a_swap_is_found_and_no_paraphrase_is_taken_for_one(row: dict[str, object]) -> None:
    faults = find_faults(str(row["claim"]), str(row["source_text"]))
    assert faults.contradict is (row["label"] == 0), faults


@pytest.mark.parametrize(
    ("statement", "is_swapped"),
    [
        ("GPT-J outperforms Codex.", True),
        ("GPT-J is better than Codex.", True),
        ("Codex underperforms GPT-J.", True),
        ("Codex is outperformed by GPT-J.", True),
        ("GPT-J is faster than Codex.", True),
        ("Codex outperforms GPT-J.", False),
        ("Codex is better than GPT-J.", False),
        ("GPT-J is outperformed by Codex.", False),
        ("GPT-J underperforms Codex.", False),
        ("GPT-J does not outperform Codex.", False),
        ("GPT-J is larger than Codex.", False),
    ],
)
def test_the_sides_of_a_comparison(statement: str, is_swapped: bool) -> None:
    assert bool(read_roles(statement, "We show that Codex outperforms GPT-J.").swapped) is is_swapped


@pytest.mark.parametrize(
    ("statement", "source", "is_swapped"),
    [
        ("Wood beats coal on the hard days.", "Coal beats wood for drying clay on the hard days.", True),
        ("Coal beats wood on the hard days.", "Coal beats wood for drying clay on the hard days.", False),
        ("Wood alone outperforms coal.", "Coal, by which we mean burnt wood, clearly outperforms wood only.", True),
        ("Wood ovens are hotter than coal ones.", "The coal oven is hotter than its wood counterpart.", True),
        ("Coal ovens are hotter than wood ones.", "The coal oven is hotter than its wood counterpart.", False),
        ("Kilns use less wood than ovens.", "Ovens are larger than kilns, and use more wood than kilns.", False),
        ("Men were ill more often than women.", "Illness was more common in men than in women.", False),
        ("Women were ill more often than men.", "Illness was more common in men than in women.", True),
        ("With clay, cracks were fewer than with sand.", "Compared with sand, clay had fewer cracks.", False),
        ("Glaze shields clay.", "Glaze is shielded by clay.", True),
        ("Clay shields glaze.", "Glaze is shielded by clay.", False),
        ("Cracks result from frost.", "Frost leads to cracks.", False),
        ("Frost results from cracks.", "Frost leads to cracks.", True),
        ("Heat rises with pressure.", "Pressure increases heat.", False),
        ("Clay and glaze were mixed.", "Glaze and clay were mixed.", False),
        ("Clay correlates with glaze.", "Glaze correlates with clay.", False),
        ("Models of clay and models of glaze were built.", "Models of glaze and models of clay were built.", False),
        ("Kiln A took 3 hours and kiln B took 9.", "Kiln B took 9 hours and kiln A took 3.", False),
        ("Kiln A took 9 hours and kiln B took 3.", "Kiln B took 9 hours and kiln A took 3.", True),
        ("A outperforms B.", "We show that B outperforms A.", True),
        ("A is outperformed by B.", "We show that B outperforms A.", False),
        ("Clay is preferred by potters to sand.", "Potters preferred clay to sand.", False),
        ("Sand is preferred by potters to clay.", "Potters preferred clay to sand.", True),
        ("Genes are linear strings of clay.", "The method uses strings genes made of linear clay.", False),
        ("Shards are dug up before glazing.", "Glazing comes after shards are dug up.", False),
        ("The model was fitted on shards and tested on bowls.", "Fitted on bowls, it was tested on shards.", True),
    ],
)
def test_relations_that_are_not_the_same_the_other_way_round(statement: str, source: str, is_swapped: bool) -> None:
    assert bool(read_roles(statement, source).swapped) is is_swapped


WORDS = st.sampled_from("clay frost glaze sand coal bronze".split())


@settings(max_examples=60)
@given(WORDS, WORDS, st.sampled_from(("improves", "is larger than", "causes", "leads to", "beats", "is followed by")))
def test_a_sentence_agrees_with_itself_and_not_with_its_sides_exchanged(one: str, other: str, verb: str) -> None:
    told, exchanged = f"{one} {verb} {other}.", f"{other} {verb} {one}."
    assert not read_roles(told, told).swapped
    assert bool(read_roles(exchanged, told).swapped) is (one != other)


def test_no_sentence_of_a_text_swaps_its_own_sides(corpus: Corpus) -> None:
    for paper in corpus.papers():
        for sentence in nearest("", paper.abstract, 20):
            assert not read_roles(sentence, paper.abstract).swapped, sentence
