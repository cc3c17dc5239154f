"""Reading an answer: asked, streamed, opened at its quote, sorted, refused, taken along."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from askpapers.contract import turn_of
from askpapers.datatypes import Statement, Verdict
from askpapers.errors import ModelError
from askpapers.events import Condensed, Delta, Event, Finished, SentenceChecked
from askpapers.service.corpus_service import CorpusService
from web.conftest import Open, Serve, ask

QUESTION = "how many problems are in GSM8K?"


def test_a_question_is_answered_with_a_verdict_and_a_source(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    turn = ask(page, QUESTION)
    expect(turn.locator("h2")).to_have_text(QUESTION)
    expect(turn).to_contain_text("8.5K")
    expect(turn.locator(".verdict .word").first).to_have_text("supported")
    expect(turn.locator(".cards li")).to_have_text(re.compile("Training Verifiers.*2021 · supports 1 of 1 statement$"))
    expect(page.locator("#paper mark")).to_contain_text("8.5K")  # beside the answer, where there is room
    expect(page.locator("#question")).to_have_value("")


def test_a_click_on_a_number_shows_the_quote_lit_up_in_the_whole_abstract(
    open_page: Open, page_url: str, service: CorpusService
) -> None:
    page = open_page(page_url)
    turn = ask(page, QUESTION)
    number = turn.locator(".cite").first
    number.click()
    mark = page.locator("#paper mark")
    expect(mark).to_be_in_viewport()
    citation = service.corpus.ask(QUESTION).citations[0]
    assert mark.text_content() == citation.quote.text
    paper = service.corpus.index.papers.by_id(citation.quote.paper)
    assert page.locator("#paper .abstract").text_content() == paper.abstract
    expect(page.locator("#paper .files")).to_contain_text("seeds/")


def test_the_quote_shows_under_pointer_and_focus_and_goes_with_escape(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    turn = ask(page, QUESTION)
    number, tip = turn.locator(".cite").first, turn.locator(".tip").first
    expect(tip).to_be_hidden()
    number.hover()
    expect(tip).to_be_visible()
    expect(tip).to_contain_text("8.5K")
    expect(tip).to_contain_text("Training Verifiers")
    assert tip.evaluate("e => e.scrollWidth <= e.clientWidth && e.offsetHeight > 60")  # in lines, none cut off
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    page.mouse.move(0, 0)
    number.focus()
    expect(tip).to_be_visible()
    assert number.get_attribute("aria-describedby") == tip.get_attribute("id")


def test_what_made_the_answer_is_one_click_away(open_page: Open, page_url: str, service: CorpusService) -> None:
    page = open_page(page_url)
    turn = ask(page, QUESTION)
    made = turn.locator("details.made")
    expect(made.locator("dl")).to_be_hidden()
    made.locator("summary").click()
    for part in ("extractive", service.corpus.index.manifest.embedder, service.corpus.index.manifest.index, "ms"):
        expect(made).to_contain_text(part)


def test_a_survey_is_a_table_that_sorts(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    turn = ask(page, "which papers use RLHF?")
    expect(turn.locator(".coverage")).to_contain_text("34 of 34 papers checked")
    years = turn.locator("td.year")
    assert years.count() > 2

    def shown() -> list[int]:
        return [int(text) for text in years.all_inner_texts()]

    turn.get_by_role("button", name="Year").click()
    assert shown() == sorted(shown())
    expect(turn.locator("th[aria-sort=ascending]")).to_have_text("Year")
    turn.get_by_role("button", name="Year").click()
    assert shown() == sorted(shown(), reverse=True)
    turn.get_by_role("button", name="Found").click()
    found = turn.locator(".match, .mention").all_inner_texts()
    assert found == sorted(found)
    assert {"match", "mention"} == set(found)
    turn.locator("tbody .opener").first.click()
    expect(page.locator("#paper mark")).to_be_in_viewport()


def test_a_long_survey_is_shown_a_page_at_a_time(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    turn = ask(page, "which papers do not use a transformer?")
    rows = turn.locator("tbody tr:visible")
    total = turn.locator("tbody tr").count()
    assert total > 25
    expect(rows).to_have_count(25)
    turn.locator(".more").click()
    expect(rows).to_have_count(min(total, 50))


def test_a_refusal_looks_different_and_shows_the_nearest_misses(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    turn = ask(page, "what BLEU on WMT14 English-German?")
    refusal = turn.locator(".refusal")
    expect(refusal).to_contain_text("Not in this corpus")
    expect(refusal.locator("li")).to_have_count(3)
    expect(refusal.locator(".why").first).to_contain_text(re.compile(r"\w"))
    refusal.locator(".opener").first.click()
    expect(page.locator("#paper mark")).to_be_in_viewport()
    expect(refusal.get_by_role("button", name="Ask all papers")).to_be_hidden()
    refusal.get_by_role("button", name="Look through every paper").click()
    expect(page.locator("#turns .turn").nth(1)).to_contain_text("34 of 34 papers checked")
    refusal.get_by_role("button", name="Find the nearest papers").click()
    expect(page.locator("#found")).to_contain_text("The nearest in meaning")


def test_a_comparison_sets_two_sides_beside_each_other(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    turn = ask(page, "compare GPT-4o and Codex")
    expect(turn.locator("table.comparison thead th")).to_have_text(["GPT-4o", "Codex"])
    assert turn.locator("table.comparison .cite").count() > 1


class Slow:
    """A service's corpus whose model writes word by word, as long as it is let; says whether it was closed."""

    def __init__(self, service: CorpusService) -> None:
        self._service = service
        self.go_on = threading.Event()
        self.closed = threading.Event()
        self.asked: list[dict[str, Any]] = []
        self.fault: Exception | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._service.corpus, name)

    def stream(self, question: str, way: str | None, progress: Any, **options: Any) -> Iterator[Event]:
        answer = self._service.corpus.ask(QUESTION)
        self.asked.append({"question": question, "way": way, **options})
        try:
            if options["history"]:
                yield Condensed("the question completed")
            yield Delta("A dataset of ")
            if self.fault:
                raise self.fault
            while not self.go_on.wait(0.05):
                progress("Waiting for the model", 0, None)
            said = Statement("A dataset of 9K problems.", (1,), Verdict.PARTIAL, 0.6, ("9K",))
            yield SentenceChecked(said, answer.citations[:1], (answer.papers[0].paper,))
            yield Finished(answer)
        finally:
            self.closed.set()


@pytest.fixture
def slow(service: CorpusService) -> Slow:
    return Slow(service)


@pytest.fixture
def slow_url(slow: Slow, service: CorpusService, serve: Serve) -> str:
    return serve(CorpusService(slow, service.settings))  # type: ignore[arg-type]


def begin(page: Page, question: str) -> None:
    page.fill("#question", question)
    page.press("#question", "Enter")
    expect(page.locator("#underway .writing")).to_have_text("A dataset of ")


def test_an_answer_streams_in_and_partial_support_is_said_in_words(open_page: Open, slow: Slow, slow_url: str) -> None:
    page = open_page(slow_url)
    begin(page, QUESTION)
    expect(page.locator("#underway .answer")).to_have_attribute("aria-busy", "true")
    slow.go_on.set()
    expect(page.locator("#turns .turn")).to_contain_text("8.5K")
    expect(page.locator("#underway")).to_be_empty()


def test_stop_ends_the_work_and_gives_the_question_back(open_page: Open, slow: Slow, slow_url: str) -> None:
    page = open_page(slow_url)
    begin(page, QUESTION)
    page.click("#stop")
    expect(page.locator("#question")).to_have_value(QUESTION)
    assert slow.closed.wait(5)
    page.wait_for_timeout(1_000)  # words that were on their way have arrived
    expect(page.locator(".turn:visible")).to_have_count(0)
    slow.go_on.set()
    ask(page, QUESTION)
    expect(page.locator(".turn:visible")).to_have_count(1)


def test_work_ends_when_the_reader_leaves(open_page: Open, slow: Slow, slow_url: str) -> None:
    page = open_page(slow_url)
    begin(page, QUESTION)
    page.close()
    assert slow.closed.wait(15)


def test_what_fails_is_said_and_the_question_given_back(open_page: Open, slow: Slow, slow_url: str) -> None:
    page = open_page(slow_url)
    slow.fault = ModelError("The model at 127.0.0.1 does not answer.", hint="Is it running?")
    turn = ask(page, QUESTION)
    expect(turn.get_by_role("alert")).to_have_text("The model at 127.0.0.1 does not answer.Is it running?")
    expect(page.locator("#question")).to_have_value(QUESTION)
    slow.fault = RuntimeError(f"no one should see {slow.index.generation}")
    turn = ask(page, QUESTION)
    expect(turn.get_by_role("alert")).to_contain_text("Something is wrong in askpapers.")
    assert str(slow.index.generation) not in page.content()
    expect(page.locator("#ask")).to_be_visible()


def test_a_follow_up_carries_the_conversation_and_shows_what_was_searched(
    open_page: Open, slow: Slow, slow_url: str
) -> None:
    slow.go_on.set()
    page = open_page(slow_url)
    ask(page, QUESTION)
    slow.go_on.clear()
    begin(page, "and who made it?")
    expect(page.locator("#underway .searched")).to_have_text("Searched for: the question completed")
    history = slow.asked[1]["history"]
    assert [turn.question for turn in history] == [QUESTION]
    assert "8.5K" in history[0].answer
    assert history[0] == turn_of(slow.ask(QUESTION))  # the searched question, papers and quotes too
    slow.go_on.set()


def test_a_new_conversation_has_no_turns_filters_way_or_model(
    open_page: Open, slow: Slow, service: CorpusService, serve: Serve
) -> None:
    slow.models = lambda: ["none", "ollama:tiny"]  # type: ignore[attr-defined]
    slow.go_on.set()
    page = open_page(serve(CorpusService(slow, service.settings)))  # type: ignore[arg-type]
    ask(page, QUESTION)
    page.click("[data-act=options]")
    page.fill("#since", "2020")
    page.select_option("#way", "survey every paper")
    page.select_option("#model", "ollama:tiny")
    ask(page, "and which papers use it?")
    expect(page.locator("#restricted")).to_contain_text("survey every paper, ollama:tiny")
    changed = slow.asked[-1]
    assert (changed["way"], changed["llm"], changed["within"].since) == ("survey", "ollama:tiny", 2020)
    assert len(changed["history"]) == 1
    page.click("[data-act=new]")
    expect(page.locator("#turns .turn")).to_have_count(0)
    expect(page.locator("#since")).to_have_value("")
    expect(page.locator("#way")).to_have_value("")
    ask(page, QUESTION)
    assert slow.asked[-1] == slow.asked[0]
    assert slow.asked[0]["history"] == ()


def test_a_real_follow_up_is_completed(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    ask(page, "what is GSM8K?")
    turn = ask(page, "how many problems are in it?")
    expect(turn.locator(".searched")).to_contain_text("GSM8K")


def test_two_users_at_once_get_their_own_answers(open_page: Open, page_url: str) -> None:
    first, second = open_page(page_url), open_page(page_url)
    first.fill("#question", QUESTION)
    second.fill("#question", "which papers use RLHF?")
    first.press("#question", "Enter")
    second.press("#question", "Enter")
    expect(first.locator("#turns .turn")).to_contain_text("8.5K")
    expect(second.locator("#turns .turn")).to_contain_text("34 of 34 papers checked")
    for page in (first, second):
        expect(page.locator("#turns .turn")).to_have_count(1)
