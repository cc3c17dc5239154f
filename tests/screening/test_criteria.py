"""What the words of a criterion ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.years import Years
from askpapers.datatypes import Paper, Source
from askpapers.metadata import Metadata
from askpapers.screening.criteria import (
    Condition,
    KindRule,
    LanguageRule,
    Rule,
    StatementRule,
    TopicRule,
    VenueRule,
    YearRule,
    in_words,
    read_condition,
)
from askpapers.screening.kinds import KINDS, kind_named, signs_of
from askpapers.screening.languages import codes_of

ENGLISH = LanguageRule(("en",))


def years(first: int | None = None, last: int | None = None) -> YearRule:
    return YearRule(Years(first, last))


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("published after 2015", [years(2016)]),
        ("Published in or after 2015.", [years(2015)]),
        ("year >= 2016", [years(2016)]),
        ("publication year: 2016 or later", [years(2016)]),
        ("2018 onwards", [years(2018)]),
        ("2018-present", [years(2018)]),
        ("from 2015", [years(2015)]),
        ("before 2000", [years(None, 1999)]),
        ("published between 2010 and 2020", [years(2010, 2020)]),
        ("2010–2020", [years(2010, 2020)]),
        ("published after 2015 and before 2024", [years(2016, 2023)]),
        ("since 2015, but not after 2020", [years(2015, 2020)]),
        ("in English", [ENGLISH]),
        ("English", [ENGLISH]),
        ("English only", [ENGLISH]),
        ("English-language papers", [ENGLISH]),
        ("written in English or German", [LanguageRule(("en", "de"))]),
        ("language: en, de", [LanguageRule(("en", "de"))]),
        ("written in English and published after 2010", [ENGLISH, years(2011)]),
        ("full text available in English", [ENGLISH]),
        ("reviews", [KindRule(("review",))]),
        ("reviews, editorials and letters", [KindRule(("review", "editorial"))]),
        ("systematic reviews or meta-analyses", [KindRule(("review", "meta-analysis"))]),
        ("RCTs", [KindRule(("randomised trial",))]),
        ("design: randomized controlled trial", [KindRule(("randomised trial",))]),
        ("randomised controlled trials in English", [ENGLISH, KindRule(("randomised trial",))]),
        ("conference papers", [KindRule(("conference",))]),
        ("published in peer-reviewed journals", [KindRule(("journal",))]),
        ("journal articles published since 2015", [years(2015), KindRule(("journal",))]),
        ("journal: Nature, Science", [VenueRule(("Nature", "Science"))]),
        ("published in the journal Clay and Kilns", [VenueRule(("Clay and Kilns",))]),
        ("published in Nature", [VenueRule(("Nature",), "published in Nature")]),
        (
            "studies reinforcement learning from human feedback",
            [TopicRule("reinforcement learning from human feedback")],
        ),
        ("papers that use RLHF", [TopicRule("RLHF")]),
        ("about robots", [TopicRule("robots")]),
        ("P: adults with asthma", [TopicRule("adults with asthma")]),
        ("O: mortality", [StatementRule("The study measures mortality.")]),
        ("S: RCT", [KindRule(("randomised trial",))]),
        ("I1: about robots", [TopicRule("robots")]),
        ("2) in English", [ENGLISH]),
        ("retracted papers", [KindRule(("retracted",))]),
        ("animal studies", [TopicRule("animal")]),
        ("studies", [TopicRule("studies")]),
        ("sparse autoencoders", [TopicRule("sparse autoencoders")]),
        ("population: adults with type 2 diabetes", [TopicRule("adults with type 2 diabetes")]),
        ("studies of English learners", [TopicRule("English learners")]),
        ("outcome: mortality", [StatementRule("The study measures mortality.")]),
        ("participants are adults", [StatementRule("Participants are adults.")]),
        ("reports accuracy", [StatementRule("The study reports accuracy.")]),
        ("at least 100 participants", [StatementRule("The study has at least 100 participants.")]),
        ("peer-reviewed", [StatementRule("The study is peer-reviewed.")]),
        ("patients were recruited before 2010", [StatementRule("Patients were recruited before 2010.")]),
    ],
)
def test_the_rules_of_a_criterion(text: str, rules: list[Rule]) -> None:
    assert read_condition(text) == Condition(tuple(rules))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("not a review", KindRule(("review",))),
        ("no case reports", KindRule(("case report",))),
        ("is not about robots", TopicRule("robots")),
        ("without a control group", TopicRule("control group")),
        ("not in English", ENGLISH),
        ("design: not a protocol", KindRule(("protocol",))),
    ],
)
def test_a_criterion_that_denies(text: str, rule: Rule) -> None:
    assert read_condition(text) == Condition((rule,), negated=True)


@given(st.text(max_size=80).filter(str.strip))
def test_every_text_is_read_into_rules_that_can_be_told(text: str) -> None:
    condition = read_condition(text)
    assert condition.rules
    assert all(in_words(rule) for rule in condition.rules)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_named_by_its_label_in_singular_and_plural(kind: str) -> None:
    label = KINDS[kind].label
    plural = label[:-2] + "es" if label.endswith("sis") else label[:-1] + "ies" if label.endswith("y") else label + "s"
    assert kind_named(label) == kind_named(f"a {label}") == kind_named(plural) == kind


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("eng", "en"),
        ("English; German", "en de"),
        ("en-US", "en"),
        ("pt_BR", "pt"),
        ("Klingon", ""),
        ("", ""),
        ("zho", "zh"),
    ],
)
def test_the_languages_of_a_record(text: str, codes: str) -> None:
    assert codes_of(text) == set(codes.split())


def paper(title: str, abstract: str = "We did it.", **fields: object) -> Paper:
    metadata = Metadata(**fields)  # type: ignore[arg-type]
    return Paper("p", title, abstract, (Source("a.ris", 1),), 2020, metadata=metadata)


@pytest.mark.parametrize(
    ("title", "abstract", "kinds"),
    [
        ("A Survey of Kilns", "", {"review"}),
        ("Kilns: a comprehensive review", "", {"review"}),
        (
            "Exercise: a systematic review and meta-analysis of randomised controlled trials",
            "",
            {"review", "meta-analysis"},
        ),
        ("Kilns and health", "In this review we compare randomized controlled trials.", {"review"}),
        ("Walking: study protocol for a randomised controlled trial", "", {"protocol"}),
        ("Walking", "We randomly assigned 20 mice.", set()),
        ("Walking", "Patients were randomly assigned to two groups.", {"randomised trial"}),
        ("A cross-sectional survey of nurses", "", {"cross-sectional study"}),
        ("Code review at scale", "We study how engineers review code.", set()),
        ("A case report", "", {"case report"}),
        ("Why people stop", "We held semi-structured interviews.", {"qualitative study"}),
        ("Response to treatment of kiln lung", "", set()),
        ("Correction of bent shelves", "", set()),
        ("Editorial: the year in clay", "", {"editorial"}),
        ("Learning to summarize", "We train a model on reviews of films.", set()),
    ],
)
def test_what_says_of_which_kind_a_paper_is(title: str, abstract: str, kinds: set[str]) -> None:
    assert {sign.kind for sign in signs_of(paper(title, abstract))} == kinds


def test_what_a_database_calls_a_paper_counts() -> None:
    signs = signs_of(paper("Kilns", extra=(("ris:M3", "Review"), ("ris:VL", "Letter"))))
    assert [(sign.kind, sign.where, sign.text) for sign in signs] == [("review", "record", "Review")]
