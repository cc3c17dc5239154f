"""Surveys that a model judges: verdicts count only with a quote that stands in the abstract."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from askpapers.answering.model_judged import find_quote
from askpapers.config_file import JUDGES_ALL, JUDGES_DOUBTFUL
from askpapers.contract import answer_dict
from askpapers.coverage import Coverage
from askpapers.datatypes import Filter, Paper, Relevance, Source, Status
from askpapers.engine import Corpus
from askpapers.errors import ModelBrokenError
from askpapers.index.embedder import MiniLM
from askpapers.settings import ModelSettings
from model_server import MODEL, Asked, ModelServer, fails, overflows_openai, writes

QUESTION = "which papers use RLHF?"
WHOLE = 100_000  # tokens of papers: all that there are
RLHF = "reinforcement learning from human feedback"


def judging(verdict: Callable[[str], tuple[str, str]]) -> Callable[[Asked], str]:
    """A model that gives each paper (title and abstract) a verdict and a quote."""

    def says(asked: Asked) -> str:
        papers = re.split(
            r"\n\n\[(\d+)\] ",
            "\n\n" + asked.text.partition("never instructions.")[2].rpartition("Question:")[0].strip(),
        )
        verdicts = []
        for number, paper in zip(papers[1::2], papers[2::2], strict=True):
            given, quote = verdict(paper)
            verdicts.append({"number": int(number), "verdict": given, "quote": quote})
        return json.dumps({"papers": verdicts})

    return says


def honest(paper: str) -> tuple[str, str]:
    found = re.search(rf"[^.]*{RLHF}[^.]*\.", paper.partition("\n")[2], re.IGNORECASE)
    return ("match", found.group().strip()) if found else ("no", "")


@pytest.fixture
def surveyed(seed_index_folder: Path, embedder: MiniLM) -> Callable[..., Corpus]:
    def opened(server: ModelServer, **settings: object) -> Corpus:
        given: dict[str, Any] = {"spec": server.spec, "judges": JUDGES_ALL, "evidence": WHOLE, **settings}
        return Corpus(seed_index_folder, embedder, ModelSettings(**given))

    return opened


def test_a_model_judges_every_paper_of_a_small_corpus(surveyed: Callable[..., Corpus]) -> None:
    with ModelServer(writes(judging(honest))) as server:
        answer = surveyed(server).ask(QUESTION)
        asked = "\n".join(request.text for request in server.asked)
    expected = [
        p.id for p in surveyed(server).papers() if honest(f"{p.title}\n{' '.join(p.abstract.split())}")[0] == "match"
    ]
    assert {p.paper.id for p in answer.papers} == set(expected)
    assert all(p.relevance is Relevance.MATCH for p in answer.papers)
    assert all(" ".join(p.title.split()) in asked for p in surveyed(server).papers())
    assert answer.coverage == Coverage(34, 34, read_by_model=34)
    assert answer.engine.llm == server.spec
    assert answer.engine.synthesizer == "survey"
    assert answer.usage.prompt_tokens > 1000
    assert f"{MODEL} read all 34 papers." in answer.notes


def test_every_quote_is_verbatim(surveyed: Callable[..., Corpus]) -> None:
    with ModelServer(writes(judging(honest))) as server:
        answer = surveyed(server).ask(QUESTION)
    abstract_of = {p.paper.id: p.paper.abstract for p in answer.papers}
    assert answer.citations
    for citation in answer.citations:
        quote = citation.quote
        assert abstract_of[quote.paper][quote.start : quote.end] == quote.text


def test_a_verdict_whose_quote_is_not_there_leaves_that_of_the_scores(
    surveyed: Callable[..., Corpus], corpus: Corpus
) -> None:
    with ModelServer(writes(judging(lambda paper: ("match", "we invent a quote that no abstract has")))) as server:
        answer = surveyed(server).ask(QUESTION)
    assert answer.papers == corpus.ask(QUESTION).papers
    assert any(
        note.startswith("34 unclear, or without a quote that is found, and decided without it: ")
        for note in answer.notes
    )


def test_when_the_model_finds_none_the_corpus_has_none(surveyed: Callable[..., Corpus]) -> None:
    with ModelServer(writes(judging(lambda paper: ("no", "")))) as server:
        answer = surveyed(server).ask(QUESTION)
    assert (answer.status, answer.papers) == (Status.NOT_IN_CORPUS, ())
    assert answer.engine.llm == server.spec


def test_unclear_and_forgotten_papers_are_told(surveyed: Callable[..., Corpus]) -> None:
    with ModelServer(writes('{"papers": [{"number": 1, "verdict": "unclear", "quote": ""}]}')) as server:
        answer = surveyed(server).ask(QUESTION)
    assert any("34 unclear" in note for note in answer.notes)


def test_a_mention_comes_after_the_matches(surveyed: Callable[..., Corpus]) -> None:
    def mentions(paper: str) -> tuple[str, str]:
        verdict, quote = honest(paper)
        return (verdict, quote) if verdict == "match" else ("mention", paper.split("\n")[1].split(". ")[0])

    with ModelServer(writes(judging(mentions))) as server:
        answer = surveyed(server).ask(QUESTION)
    relevances = [p.relevance for p in answer.papers]
    assert relevances == sorted(relevances, key=lambda r: r is not Relevance.MATCH)
    assert relevances.count(Relevance.MENTION) > 20


def test_a_filter_and_years_hold_for_the_model_too(surveyed: Callable[..., Corpus]) -> None:
    with ModelServer(writes(judging(honest))) as server:
        corpus = surveyed(server)
        years = {p.year for p in corpus.papers()}
        corpus.ask(f"{QUESTION.rstrip('?')} since 2023?")
        asked = "\n".join(request.text for request in server.asked)
        only = corpus.papers()[0]
        corpus.ask(QUESTION, within=Filter(frozenset({only.id})))
    assert min(y for y in years if y) < 2023
    for paper in corpus.papers():
        assert (" ".join(paper.title.split()) in asked) == ((paper.year or 0) >= 2023)
    assert server.asked[-1].text.count("\n[") == 1


def test_a_small_context_is_asked_in_more_batches(surveyed: Callable[..., Corpus]) -> None:
    with ModelServer(writes(judging(honest))) as server:
        answer = surveyed(server, context=1200).ask(QUESTION)
        small = len(server.asked)
    assert answer.coverage
    assert answer.coverage.read_by_model == 34
    with ModelServer(writes(judging(honest))) as server:
        surveyed(server, context=8192).ask(QUESTION)
        assert 5 <= len(server.asked) < small


@pytest.mark.parametrize("step", [writes("I think that many of them do."), fails(401)])
def test_a_model_that_fails_leaves_the_survey_by_scores(
    surveyed: Callable[..., Corpus], corpus: Corpus, step: Callable[..., None]
) -> None:
    with ModelServer(step) as server:
        answer = surveyed(server).ask(QUESTION)
        with pytest.raises(Exception, match=r"verdicts|401") as caught:
            surveyed(server, fallback=False).ask(QUESTION)
    assert answer.papers == corpus.ask(QUESTION).papers
    assert answer.engine.llm is None
    assert "made without the model" in answer.notes[0]
    assert isinstance(caught.value, ModelBrokenError) or "401" in str(caught.value)


# ---- only those in doubt


def test_a_model_is_asked_only_about_papers_in_doubt(surveyed: Callable[..., Corpus], corpus: Corpus) -> None:
    """What the scores find clear, the model is not shown; what it is shown, it decides."""
    without = corpus.ask(QUESTION)
    with ModelServer(writes(judging(lambda paper: ("no", "")))) as server:
        answer = surveyed(server, judges=JUDGES_DOUBTFUL).ask(QUESTION)
        asked = "\n".join(request.text for request in server.asked)
    read = {paper.id for paper in corpus.papers() if " ".join(paper.title.split()) in asked}
    assert 0 < len(read) < 20
    assert {p.paper.id for p in without.papers if p.relevance is Relevance.MENTION} <= read
    assert list(answer.papers) == [p for p in without.papers if p.paper.id not in read]
    assert answer.papers
    assert answer.coverage == Coverage(34, 34, read_by_model=len(read))
    assert f"{MODEL} read {len(read)} of 34 papers; the other {34 - len(read)} were decided without it." in (
        answer.notes
    )
    assert answer_dict(answer)["coverage"]["read_by_model"] == len(read)
    assert answer_dict(without)["coverage"]["read_by_model"] is None


def test_a_model_makes_a_match_of_a_paper_in_doubt(surveyed: Callable[..., Corpus], corpus: Corpus) -> None:
    def first_sentence(paper: str) -> tuple[str, str]:
        return "match", paper.split("\n")[1].split(". ")[0]

    without = corpus.ask(QUESTION)
    with ModelServer(writes(judging(first_sentence))) as server:
        answer = surveyed(server, judges=JUDGES_DOUBTFUL).ask(QUESTION)
    found = {p.paper.id: p.relevance for p in answer.papers}
    assert {p.paper.id for p in without.papers} < found.keys()
    assert all(found[p.paper.id] is Relevance.MATCH for p in without.papers if p.relevance is Relevance.MATCH)
    more = [relevance for paper, relevance in found.items() if paper not in {p.paper.id for p in without.papers}]
    assert Relevance.MENTION in more  # none of them says anything of it: see `Surveyor.draft_of`


def test_a_question_that_leaves_papers_out_is_read_by_the_model_too(
    surveyed: Callable[..., Corpus], corpus: Corpus
) -> None:
    """The scores leave out every paper that has the words: the model may know better."""
    question = "which papers train language models and do not use RLHF?"
    without = {p.paper.id for p in corpus.ask(question).papers}
    with ModelServer(writes(judging(lambda paper: ("no", "")))) as server:
        surveyed(server, judges=JUDGES_DOUBTFUL).ask(question)
        asked = "\n".join(request.text for request in server.asked)
    saying = {p.id for p in corpus.papers() if RLHF in p.abstract and " ".join(p.title.split()) in asked}
    assert saying - without


def test_a_reply_that_cannot_be_read_leaves_its_papers_to_the_scores(
    surveyed: Callable[..., Corpus], corpus: Corpus
) -> None:
    with ModelServer([writes("I think so."), writes(judging(lambda paper: ("no", "")))]) as server:
        answer = surveyed(server).ask(QUESTION)
    assert answer.engine.llm == server.spec
    assert any(note.startswith("8 unclear") for note in answer.notes)
    assert {p.paper.id for p in answer.papers} <= {p.paper.id for p in corpus.ask(QUESTION).papers}
    assert answer.papers


def test_a_model_that_fails_half_way_has_read_what_it_read(surveyed: Callable[..., Corpus]) -> None:
    with ModelServer([writes(judging(honest)), fails(401)]) as server:
        answer = surveyed(server).ask(QUESTION)
    assert answer.coverage
    assert (answer.coverage.checked, answer.coverage.read_by_model) == (34, 8)
    assert any("401" in note and "decided without it" in note for note in answer.notes)


# ---- in few tokens


def test_a_model_on_this_machine_is_shown_the_decisive_sentences(
    surveyed: Callable[..., Corpus], corpus: Corpus
) -> None:
    with ModelServer(writes(judging(honest))) as server:
        answer = surveyed(server, evidence=None).ask(QUESTION)
        short = answer.usage.evidence_tokens
        whole = surveyed(server).ask(QUESTION).usage.evidence_tokens
    assert 0 < short < whole * 0.7
    decisive = {p.paper.id for p in corpus.ask(QUESTION).papers if p.relevance is Relevance.MATCH}
    assert decisive & {p.paper.id for p in answer.papers}
    for citation in answer.citations:
        abstract = next(p.paper.abstract for p in answer.papers if p.paper.id == citation.quote.paper)
        assert abstract[citation.quote.start : citation.quote.end] == citation.quote.text


def test_papers_that_overflow_the_context_are_asked_about_in_smaller_batches(surveyed: Callable[..., Corpus]) -> None:
    with ModelServer([overflows_openai(), overflows_openai(), writes(judging(honest))]) as server:
        answer = surveyed(server).ask(QUESTION)
    first, second, third, *_ = (len(request.text) for request in server.asked)
    assert third < second < first
    assert answer.coverage
    assert answer.coverage.read_by_model == 34


PAPER = Paper("p", "T", "We use  RLHF\nto train it. It works (mostly) well.", (Source("a", 1),))


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("We use RLHF to train it.", "We use  RLHF\nto train it"),
        ("“It works (mostly) well.”", "It works (mostly) well"),
        ("use RLHF to", "use  RLHF\nto"),
        ("we use RLHF to train it", None),  # letter by letter, so capital letters too
        ("We use RLHF [...] It works (mostly) well.", "It works (mostly) well"),  # of what was shown with a gap
        ("use RLHF", None),
        ("", None),
        ("It works (always) well.", None),
    ],
)
def test_where_a_quote_stands(quote: str, found: str | None) -> None:
    passage = find_quote(quote, PAPER)
    assert (passage and PAPER.abstract[passage.start : passage.end]) == found


def test_a_paper_without_a_verdict_is_asked_about_once_more(surveyed: Callable[..., Corpus]) -> None:
    def forgets(asked: Asked) -> str:
        papers = json.loads(judging(honest)(asked))["papers"]
        return json.dumps({"papers": papers[: max(1, len(papers) // 2)]})

    with ModelServer(writes(forgets)) as server:
        answer = surveyed(server, context=8192).ask(QUESTION)
    assert any(note.startswith("8 unclear") for note in answer.notes), answer.notes
    assert answer.papers


def test_verdicts_in_lines_count_with_the_passages_that_decide(surveyed: Callable[..., Corpus]) -> None:
    def lines(asked: Asked) -> str:
        given = json.loads(judging(honest)(asked))["papers"]
        return "\n".join(f"{p['number']}. **{p['verdict'].title()}** - it says so" for p in given)

    with ModelServer(writes(judging(honest))) as server:
        expected = {p.paper.id for p in surveyed(server).ask(QUESTION).papers}
    with ModelServer(writes(lines)) as server:
        answer = surveyed(server).ask(QUESTION)
    assert {p.paper.id for p in answer.papers} == expected
    abstract_of = {p.paper.id: p.paper.abstract for p in answer.papers}
    assert all(abstract_of[c.quote.paper][c.quote.start : c.quote.end] == c.quote.text for c in answer.citations)
