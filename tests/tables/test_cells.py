"""Cells without a model: words of the abstract as they stand there, or blank."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askpapers.datatypes import Paper, Source
from askpapers.metadata import Metadata, Notice, Person
from askpapers.tables.cells import CellFinder, question_of
from askpapers.tables.columns import read_column, read_columns
from askpapers.tables.table import Cell, Origin
from fakes import ScriptedReader

TRIAL = (
    "BACKGROUND: Gout affects 41 million people. OBJECTIVE: To assess whether cherry juice prevents flares of gout."
    " METHODS: In a double-blind, randomized controlled trial, more than 240 adults with gout were randomized to cherry"
    " juice or placebo. The primary outcome was flares per year. RESULTS: Sensitivity and specificity of the diary were"
    " 85% and 92%, respectively. Mean age was 48.3 ± 11.3 years. Cherry juice reduced flares by 35% (P < 0.001)."
    " LIMITATIONS: Most participants were men."
    " CONCLUSION: Cherry juice should be considered for the prevention of flares."
)
MODEL = (
    "Pots are often fired by hand. We propose KilnNet, a network of 3.5 billion parameters that is trained on records"
    " of 1,200 kilns. We evaluate it on two tasks: glaze prediction and crack detection. On the POTS dataset, KilnNet"
    " achieves an accuracy of 91.2%, an improvement of 4% over FireNet. It is compared with FireNet. Our model still"
    " fails on porcelain. Code is available at https://github.com/kiln/net."
)


def paper_of(abstract: str, title: str = "On pots") -> Paper:
    return Paper("p1", title, abstract, (Source("pots.txt", 3),), year=2021)


def cell_of(abstract: str, column: str, answers: float = 0.5) -> Cell:
    paper = paper_of(abstract)
    (cell,) = CellFinder(ScriptedReader(answers)).row(paper, [read_column(column)]).cells
    if cell.quote:
        assert paper.abstract[cell.quote.start : cell.quote.end] == cell.quote.text == cell.text
    return cell


@pytest.mark.parametrize(
    ("abstract", "column", "text"),
    [
        (MODEL, "task", "glaze prediction and crack detection"),
        (MODEL, "method", "KilnNet"),
        (MODEL, "dataset", "POTS dataset"),
        (MODEL, "accuracy", "accuracy of 91.2%"),
        (MODEL, "accuracy improvement", "improvement of 4%"),
        (MODEL, "parameters", "3.5 billion parameters"),
        (MODEL, "baseline", "FireNet"),
        (MODEL, "limitations", "Our model still fails on porcelain"),
        (MODEL, "code", "Code is available at https://github.com/kiln/net"),
        ("Wolves (Canis lupus) eat deer. We counted saplings.", "species", "Canis lupus"),
        ("We grew Escherichia coli in flasks.", "organism", "Escherichia coli"),
        ("We studied biofilms of S. aureus on steel.", "species studied", "S. aureus"),
        (TRIAL, "study design", "double-blind, randomized controlled trial"),
        (TRIAL, "participants", "more than 240 adults"),
        ("We ran a randomized controlled exploratory trial.", "design", "randomized controlled exploratory trial"),
        (
            "We gave tea to 120 patients. We gave milk to 58 patients (48.3%); 17 of the 58 patients slept.",
            "population",
            "120 patients",
        ),
        ("We tackle a fundamental problem. We evaluate it on crack detection.", "task", "crack detection"),
        (TRIAL, "population", "adults with gout"),
        (TRIAL, "intervention", "cherry juice or placebo"),
        (TRIAL, "primary outcome", "flares per year"),
        (TRIAL, "specificity", "Sensitivity and specificity of the diary were 85% and 92%, respectively"),
        (TRIAL, "mean age", "48.3 ± 11.3 years"),
        (TRIAL, "p value", "P < 0.001"),
        (TRIAL, "limitations", "Most participants were men"),
        ("METHODS: We randomized them to tea or placebo.", "intervention", "tea or placebo"),
        (TRIAL, "conclusion", "Cherry juice should be considered for the prevention of flares"),
    ],
)
def test_a_cell_is_the_shortest_run_of_words_that_answers(abstract: str, column: str, text: str) -> None:
    cell = cell_of(abstract, column)
    assert cell.text == text
    assert cell.origin is Origin.ABSTRACT


@pytest.mark.parametrize(
    ("abstract", "column"),
    [
        (MODEL, "participants"), (MODEL, "BLEU"), (MODEL, "hours of training"), (MODEL, "primary outcome"),
        (MODEL, "follow-up"), (TRIAL, "parameters"), (TRIAL, "accuracy"), (TRIAL, "code"), (TRIAL, "F1 score"),
        (TRIAL, "odds ratio"), ("We study pots.", "dataset"), ("We use several datasets.", "dataset"),
        ("It improves accuracy by 5%.", "accuracy"), ("Accuracy was studied on 30 datasets.", "accuracy"),
        ("We read ResNet-50 and GPT-3.", "layers"), ("However, pots fail. We fire pots.", "limitations"),
    ],
)  # fmt: skip
def test_what_the_abstract_does_not_say_is_blank(abstract: str, column: str) -> None:
    assert cell_of(abstract, column, answers=0.02).is_blank


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("We enrolled fewer than 30 patients.", "fewer than 30 patients"),
        ("We enrolled One thousand two hundred forty-eight patients.", "One thousand two hundred forty-eight patients"),
        ("We enrolled between 10 and 20 patients.", "between 10 and 20 patients"),
        ("We enrolled 41 patients (20 women).", "41 patients"),
        ("We enrolled 1,200 adult outpatients and 96 patients.", "1,200 adult outpatients"),
        ("The population (N = 25, all old) was recruited.", "N = 25"),
        ("We enrolled $120$ patients.", "$120$ patients"),
    ],
)
def test_a_number_keeps_what_bounds_it(text: str, shown: str) -> None:
    assert cell_of(text, "patients").text == shown


def test_a_column_of_unknown_words_is_the_clause_that_says_them() -> None:
    text = "We fire pots; the kiln temperature curve follows Weber's law. Pots are sold."
    assert cell_of(text, "temperature curve", answers=0.4).text == "the kiln temperature curve follows Weber's law"
    assert cell_of(text, "temperature curve", answers=0.001).is_blank
    assert cell_of(text, "country of sale", answers=0.02).is_blank


def test_the_label_of_a_section_is_a_cue_by_itself() -> None:
    text = "METHODS: We fired pots. CONCLUSIONS: Tea helps."
    assert cell_of(text, "conclusion", answers=0.0).text == "Tea helps"
    assert cell_of(text.replace("CONCLUSIONS: ", ""), "conclusion", answers=0.001).is_blank


def test_the_reader_chooses_between_sentences_and_hears_the_title_and_the_column() -> None:
    text = "We show that pots crack. We show that glazes shine."
    reader = ScriptedReader(lambda question, sentence: 0.9 if "glazes" in sentence else 0.1)
    (cell,) = CellFinder(reader).row(paper_of(text), [read_column("main finding")]).cells
    assert "glazes" in cell.text
    question, sentence = reader.given[0]
    assert question == "what main finding does the paper report?"
    assert sentence.startswith("On pots. We show")
    assert question_of(read_column("how were pots fired?")) == "how were pots fired?"


def test_cells_from_the_record_are_exact_and_nothing_is_read() -> None:
    data = Metadata(
        type="article-journal", venue="Nature", doi="10.1/x", people=(Person("Moss", "Ada"), Person("Ng", "Cy")),
        notice=Notice.RETRACTED, date="2021-03", tags=("clay",),
    )  # fmt: skip
    paper = Paper("p1", "On  pots", "Abstract.", (Source("a.ris", 7),), 2021, ("Ada Moss", "Cy Ng"), None, data)
    reader = ScriptedReader(0.9)
    names = "title, authors, year, journal, doi, type, link, author (year), volume, retracted, last author, keywords"
    row = CellFinder(reader).row(paper, read_columns([names]))
    assert [cell.text for cell in row.cells] == [
        "On pots", "Ada Moss; Cy Ng", "2021", "Nature", "10.1/x", "article-journal", "https://doi.org/10.1/x",
        "Moss and Ng, 2021", "", "retracted", "Cy Ng", "clay",
    ]  # fmt: skip
    assert {cell.origin for cell in row.cells} == {Origin.RECORD, None}
    assert row.cells[8].reason == "not in the record"
    assert reader.given == []


_WORDS = st.sampled_from(
    "We propose KilnNet , and the accuracy of 91.2% on POTS dataset ( N = 25 ) – while -- tasks : are 3 ± 1 years \\%"
    " $x$ [3] than more between 10 to BACKGROUND: patients with — e.g. no".split(" ")
)


@settings(max_examples=60)
@given(
    st.lists(st.lists(_WORDS, max_size=14), max_size=4),
    st.sampled_from(
        [
            "task",
            "method",
            "dataset",
            "accuracy",
            "patients",
            "mean age",
            "limitations",
            "best result",
            "gain",
            "metric",
        ]
    ),
)
def test_every_cell_is_words_of_the_abstract(sentences: list[list[str]], column: str) -> None:
    abstract = ". ".join(" ".join(words) for words in sentences)
    cell = cell_of(abstract, column, answers=0.9)  # which compares the quote with the abstract
    assert cell.is_blank or cell.text.strip() == cell.text


def test_a_sentence_that_repeats_one_word_is_read_to_its_end() -> None:
    reader = CellFinder(ScriptedReader(0.9))
    columns = read_columns(["task, method, dataset, accuracy, patients, best result, study design"])
    for filler in ("word ", "a, ", "( ", "n = 5 and ", "of the ", "we ", "0.5 accuracy ", "more than "):
        row = reader.row(paper_of("We evaluate on " + filler * 400 + "."), columns)
        assert len(row.cells) == len(columns)


@pytest.mark.parametrize(
    ("abstract", "column", "text"),
    [
        ("We followed 820 volunteers in rural China for a year.", "country", "China"),
        ("Danish patients with gout were followed.", "country", "Danish"),
        ("We give information on the data sets (English and German).", "language", "English and German"),
        ("We train on English and German text.", "language", "English and German"),
        ("We recruited 65 patients with gout.", "sample size", "65 patients"),
        ("Five men improved. We recruited 65 patients with gout. Then 12 patients left.", "n", "65 patients"),
        ("We reach the state of the art with an F1-score of 0.69.", "F1", "F1-score of 0.69"),
        ("Gout was seen in 11/216 patients.", "sample size", ""),
        ("Between 1996 and 1998 thirty patients were treated.", "participants", "thirty patients"),
        ("We followed 2000 patients and 1950 patients.", "participants", "2000 patients"),
        ("We use salt glaze, which reduces cracks.", "result", ""),
        ("We asked 206 women aged 22-75 years.", "mean age", ""),
        ("We asked women of 22 to 75 years (mean age 48.3 ± 11.3 years).", "mean age", "48.3 ± 11.3 years"),
        ("We asked 206 women aged 22-75 years.", "age", "22-75 years"),
        ("We demonstrate our kiln on hard clays.", "best result", ""),
        ("We show how to fire pots.", "result", ""),
        ("We use a new kiln. It reduces cracks.", "best result", "It reduces cracks"),
        ("Their weight was 78.4 kg after treatment.", "dosage", ""),
        ("Members of the Danish Clay Group were asked.", "language", ""),
        ("Of these, 4.7% of patients died (12 patients).", "population", ""),
        ("One hundred patients were followed.", "population", "One hundred patients"),
        ("Patients were given 10 ml/kg of Haemaccel before surgery.", "dosage", "10 ml/kg"),
        ("The inflow was 5 litres per minute and HbA1c was 8.7 mmol/mol.", "dosage", ""),
        ("They had higher scores (2.9 versus 2.1, P = 0.001).", "p value", "P = 0.001"),
        ("It correlated with age (R2 = 0.537, p = 0.022).", "p value", "p = 0.022"),
        ("We achieve an improvement of 3.9 BLEU points.", "BLEU", ""),
        ("We evaluate it on two datasets.", "dataset size", ""),
        ("We introduce a dataset of 8,500 questions.", "dataset size", "dataset of 8,500 questions"),
        ("To overcome this limitation, we fire pots twice.", "limitation", ""),
        ("The season was not a significant confounder.", "limitation", ""),
        ("We cannot extrapolate these findings to cold kilns.", "limitation", "We cannot extrapolate these findings"),
        ("Clay has received steadily increasing attention.", "intervention", ""),
        ("Patients received cherry juice.", "intervention", "cherry juice"),
        ("Further research, preferably in a RCT, is needed.", "study design", ""),
        ("Health was measured with the 12 Item Short-Form Health Survey.", "study design", ""),
        ("Our approach can provide a good approximation of the dose model.", "code available", ""),
        ("The study was funded by the Clay Trust.", "funding", "Clay Trust"),
    ],
)
def test_a_cell_is_no_guess(abstract: str, column: str, text: str) -> None:
    cell = cell_of(f"We study pots of the north. {abstract}", column, answers=0.3)
    assert cell.text.startswith(text) if text else cell.is_blank, cell.text
