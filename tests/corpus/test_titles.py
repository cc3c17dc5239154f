from __future__ import annotations

from pathlib import Path

import pytest

from askpapers.corpus import read_corpus
from askpapers.corpus.documents import document_of
from askpapers.corpus.titles import Facts, introduced_names, is_label, label_for, match_facts, read_facts
from askpapers.text import same_text_key

KEYS = [same_text_key(text) for text in ("We train a model. It works.", "We train a robot.", "We train a robot dog.")]


def facts(starts_with: str) -> Facts:
    return Facts(starts_with, "papers.csv:2", starts_with, None, (), None, None)


def test_a_facts_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "papers.csv"
    file.write_text(
        "abstract_starts_with,title,year,authors,arxiv_id,id,url\n"
        "We train,One, 2020 ,A. B.; C. D.,2001.00001,,\n"
        '"We test, too",,soon,,2001.00002,mine,https://x\n'
        "We rest\n"
    )
    assert read_facts(document_of(file)) == [
        Facts(
            "We train",
            "papers.csv:2",
            "One",
            2020,
            ("A. B.", "C. D."),
            "2001.00001",
            "https://arxiv.org/abs/2001.00001",
        ),
        Facts("We test, too", "papers.csv:3", None, None, (), "mine", "https://x"),
        Facts("We rest", "papers.csv:4", None, None, (), None, None),
    ]


def test_facts_meet_the_abstract_that_begins_so() -> None:
    model, dog = facts("we TRAIN a\nmodel"), facts("We train a robot dog")
    assert match_facts([model, dog], KEYS, range(len(KEYS))) == ({0: model, 2: dog}, [])


def test_of_two_rows_that_fit_the_longer_counts() -> None:
    short, long = facts("We train a m"), facts("We train a model")
    for rows in ([short, long], [long, short]):
        assert match_facts(rows, KEYS, range(len(KEYS))) == ({0: long}, [])


@pytest.mark.parametrize(
    ("starts_with", "problem"),
    [
        ("We train a robot", "fits more than one abstract"),
        ("We", "fits more than one abstract"),
        ("We trained", "fits no abstract"),
        ("train a model", "fits no abstract"),
        ("Zebras", "fits no abstract"),
        ("", "fits no abstract"),
    ],
)
def test_rows_that_do_not_fit_one_abstract_are_warned_of(starts_with: str, problem: str) -> None:
    assert match_facts([facts(starts_with)], KEYS, range(len(KEYS))) == (
        {},
        [f'papers.csv:2: "{starts_with}" {problem}'],
    )


def test_facts_lie_beside_the_abstracts(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Abstract: We train a model.\nAbstract: We test.\n")
    (tmp_path / "papers.csv").write_text(
        "abstract_starts_with,title,year,arxiv_id\nWe train,On Models,2020,2001.00001\nWe rest,On Rest,,\nWe,On Us,,\n"
    )
    corpus = read_corpus([tmp_path])
    model, test = corpus.papers
    assert (model.id, model.title, model.year) == ("2001.00001", "On Models", 2020)
    assert model.url == "https://arxiv.org/abs/2001.00001"
    assert (test.title, test.year, test.url) == ("We test", None, None)
    assert sorted(corpus.warnings) == [
        'papers.csv:3: "We rest" fits no abstract',
        'papers.csv:4: "We" fits more than one abstract',
    ]


@pytest.mark.parametrize(
    ("abstract", "label"),
    [
        ("We introduce Codex, a GPT language model.", "Codex"),
        ("We introduce Performers, Transformer architectures.", "Performers"),
        ("To help, we introduce GSM8K, a dataset.", "GSM8K"),
        ("GPT-4o is an autoregressive omni model.", "GPT-4o"),
        ("We call the resulting models InstructGPT. It works.", "InstructGPT"),
        ("We propose Simulated Policy Learning (SimPLe), which works.", "Simulated Policy Learning (SimPLe)"),
        (r"We present \textsc{BoolQ}, a dataset.", "BoolQ"),
        ("We introduce a way of doing things. It works.", "We introduce a way of doing things. It works"),
        ("It works well in most of the cases that we tried.", "It works well in most of the cases that…"),
        ("It works.", "It works"),
        ("We present An idea.", "We present An idea"),
    ],
)
def test_a_paper_without_a_title_gets_a_label(abstract: str, label: str) -> None:
    assert label_for(abstract) == label


def test_all_introduced_names_are_found() -> None:
    assert introduced_names("We introduce Codex. We also release HumanEval, and use Python.") == ["Codex", "HumanEval"]
    assert introduced_names("We use Python.") == []
    assert introduced_names("Specifically, we train GPT-3, an autoregressive language model.") == ["GPT-3"]
    assert introduced_names("We train GPT-3, and then BERT.") == []


@pytest.mark.parametrize(
    "abstract",
    [
        "There is an urgent need to increase screening. We ask why.",
        "Pterygium is a disease of unknown cause. We look at 30 cases of pterygium.",
        "One patient developed a CLABSI within a month. Ports are safe.",
        "Eight women presented with NAG in urine, and two developed Crohn disease.",
        "It is unclear whether campaigns changed the presenting Breslow thickness of melanomas.",
    ],
)
def test_what_patients_have_and_what_begins_a_sentence_is_no_name(abstract: str) -> None:
    assert introduced_names(abstract) == []
    assert is_label(label_for(abstract)) == (len(abstract.split()) > 9)


@pytest.mark.parametrize(
    ("abstract", "name"),
    [
        ("To help with this, we also release PRM800K for all.", "PRM800K"),
        ("This paper presents a kiln controller KilnNet that saves gas.", "KilnNet"),
        ("Kilns crack. The authors therefore propose KilnNet, a controller.", "KilnNet"),
        ("We study kilns and introduce KilnNet, a controller.", "KilnNet"),
        ("Introducing KilnNet, a controller of kilns.", "KilnNet"),
        ("A controller is shown. The proposed KilnNet saves gas.", "KilnNet"),
        ("Codex is a model. Later, Codex writes code.", "Codex"),
    ],
)
def test_what_authors_make_is_a_name(abstract: str, name: str) -> None:
    assert introduced_names(abstract)[0] == label_for(abstract) == name
    assert not is_label(name)
