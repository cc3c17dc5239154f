"""The page around an answer: kept, taken along, restricted, added to, judged; by keyboard, narrow, for everyone."""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page, expect

from askpapers.corpus_paths import data_folder
from askpapers.errors import AskPapersError
from askpapers.index.embedder import MiniLM
from askpapers.screening.decisions import DecisionLog, decisions_file
from askpapers.server.guard import Login
from askpapers.service.corpus_service import CorpusService
from askpapers.service.feedback import feedback_file
from web.conftest import Open, Serve, ask, make_service, write_json_lines

SURVEY = "which papers use RLHF?"


@pytest.fixture
def own_folder(tmp_path: Path, embedder: MiniLM) -> Path:
    folder = tmp_path / "abstracts"
    abstract = "Glass frogs hide their blood in the liver while they sleep, which makes them transparent."
    write_json_lines(
        folder / "one.jsonl", [{"id": "frogs", "title": "Glass frogs", "abstract": abstract, "year": 2022}]
    )
    return folder


@pytest.fixture
def own_service(own_folder: Path, tmp_path: Path, embedder: MiniLM) -> CorpusService:
    return make_service(own_folder, tmp_path / "index", embedder)


def download(page: Page, press: Any) -> tuple[str, str]:
    with page.expect_download() as happening:
        press()
    return happening.value.suggested_filename, Path(happening.value.path()).read_text(encoding="utf-8")


def save(page: Page, turn: Any, kind: str) -> tuple[str, str]:
    turn.locator(".formats summary").click()
    return download(page, turn.get_by_role("button", name=kind, exact=True).click)


def test_a_conversation_is_there_after_a_reload_and_in_the_list(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    ask(page, SURVEY)
    ask(page, "what is GSM8K?")
    shown = page.locator("#turns").inner_text()
    page.reload()
    page.wait_for_selector("body.ready")
    expect(page.locator("#turns .turn")).to_have_count(2)
    assert page.locator("#turns").inner_text() == shown
    expect(page.locator("#paper mark")).to_be_in_viewport()  # the first source of the last answer, without a click
    page.locator("#turns .cite").last.click()
    expect(page.locator("#paper mark")).to_be_in_viewport()
    page.click("[data-act=new]")
    expect(page.locator("#turns .turn")).to_have_count(0)
    page.click("[data-act=list]")
    conversations = page.locator("#conversations")
    expect(conversations.get_by_label("Search conversations")).to_be_focused()
    page.keyboard.type("gsm8k")
    conversations.get_by_role("button", name=f"Rename: {SURVEY}").click()
    conversations.get_by_label("New name").fill("About RLHF")
    page.keyboard.press("Enter")
    conversations.get_by_label("Search conversations").fill("no such words")
    expect(conversations).to_contain_text("None has these words")
    conversations.get_by_label("Search conversations").fill("rlhf")
    conversations.get_by_role("button", name="About RLHF", exact=True).click()
    expect(page.locator("#turns .turn")).to_have_count(2)
    page.click("[data-act=list]")
    conversations.get_by_label("Search conversations").fill("")
    forget = conversations.get_by_role("button", name="Forget: About RLHF")
    forget.click()
    expect(forget).to_have_accessible_name("Forget: About RLHF: sure?")
    conversations.get_by_label("Search conversations").focus()
    expect(forget).to_have_accessible_name("Forget: About RLHF")
    forget.click()
    expect(page.locator("#turns .turn")).to_have_count(2)
    forget.click()
    expect(conversations).to_contain_text("Nothing is kept")
    expect(page.locator("#turns .turn")).to_have_count(0)
    assert page.url == f"{page_url}/"
    expect(conversations.get_by_label("Search conversations")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-act=list]")).to_be_focused()


def test_the_address_is_that_of_the_conversation_that_is_shown(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    ask(page, "what is GSM8K?")
    first = page.url
    page.click("[data-act=new]")
    ask(page, "what is HumanEval?")
    page.click("[data-act=list]")
    page.get_by_role("button", name="what is GSM8K?", exact=True).click()
    expect(page.locator("#turns .turn h2")).to_have_text("what is GSM8K?")
    assert page.url == first
    page.reload()
    page.wait_for_selector("body.ready")
    expect(page.locator("#turns .turn h2")).to_have_text("what is GSM8K?")


@pytest.mark.parametrize("areas", [["localStorage"], ["sessionStorage"], ["localStorage", "sessionStorage"]])
def test_a_browser_that_stores_nothing_is_answered_and_told(open_page: Open, page_url: str, areas: list[str]) -> None:
    page = open_page(page_url)
    for area in areas:
        page.add_init_script(f"Object.defineProperty(window, '{area}', {{ get() {{ throw new DOMException('no') }} }})")
    page.goto(page_url)
    page.wait_for_selector("body.ready")
    ask(page, "what is GSM8K?")
    if "localStorage" in areas:
        expect(page.locator("#notice")).to_contain_text("not kept after a reload")
    page.click("[data-act=theme]")
    page.click("[data-act=list]")
    expect(page.locator("#conversations li")).to_have_count(1)


def test_what_was_kept_and_spoiled_is_said_and_does_no_harm(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    ask(page, SURVEY)
    page.evaluate(
        """() => { const key = Object.keys(localStorage).find((k) => k.startsWith('askpapers:'));
        const all = JSON.parse(localStorage[key]);
        all[0].turns[0].answer.status = '<img src=x onerror=alert(1)>';
        all[0].turns.push({name: 'x', answer: {question: '<img src=x onerror=alert(2)>'}});
        localStorage[key] = JSON.stringify(all); }"""
    )
    page.reload()
    page.wait_for_selector("body.ready")
    expect(page.locator("#turns .note")).to_have_count(2)


def test_the_address_links_to_a_question_and_what_it_is_asked_of(open_page: Open, page_url: str) -> None:
    page = open_page(f"{page_url}/?q=what+is+GSM8K%3F&since=2021&until=2021&way=survey")
    turn = page.locator("#turns .turn")
    expect(turn.locator("h2")).to_have_text("what is GSM8K?")
    expect(turn.locator(".coverage")).to_contain_text("9 papers of 2021 checked")
    expect(page.locator("#restricted .chip")).to_have_text("2021✕")
    assert page.url == f"{page_url}/#{turn.get_attribute('id')}"
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn.locator(".formats summary").click()
    turn.locator("[data-act=link]").click()
    expect(turn.locator(".notice")).to_have_text("Copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == f"{page_url}/?q=what%20is%20GSM8K%3F&since=2021&until=2021&way=survey"
    page.locator("#restricted [data-act=unrestrict]").click()
    expect(page.locator("#restricted")).to_be_hidden()


def test_views_and_answers_have_addresses(open_page: Open, page_url: str) -> None:
    page = open_page(f"{page_url}/papers")
    expect(page.locator("#found .papers li")).to_have_count(34)
    page.get_by_role("button", name="Table", exact=True).click()
    assert page.url == f"{page_url}/table"
    expect(page).to_have_title("Table · seeds · askpapers")
    page.reload()
    page.wait_for_selector("body.ready")
    expect(page.locator("#fill")).to_be_visible()
    page.go_back()
    expect(page.locator("#found")).to_be_visible()
    page.get_by_role("button", name="Ask", exact=True).first.click()
    expect(page).to_have_title("seeds · askpapers")
    turn = ask(page, "what is GSM8K?")
    page.emulate_media(media="print")  # on paper are the answers, not what they are asked and saved with
    expect(turn.locator(".statement")).to_be_visible()
    for control in ("#top", "#bar", "#sources", "#turns .actions"):
        expect(page.locator(control).first).to_be_hidden()
    page.emulate_media(media="screen")
    answer = page.url
    page.click("[data-act=new]")
    assert page.url == f"{page_url}/"
    other = open_page(answer, page.context)  # in another window of the same browser
    expect(other.locator("#turns .turn h2")).to_have_text("what is GSM8K?")
    expect(other.locator("#turns .turn")).to_be_in_viewport()


def test_the_first_load_is_small_and_all_of_it_from_here(open_page: Open, page_url: str, browser: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(page_url)
    page.wait_for_selector("#about .topic")
    context.close()
    assert 0 < sum(sizes) < 60_000
    assert 0 < len(asked) <= 6
    assert all(url.startswith((page_url, "data:")) for url in asked)


def test_no_script_that_got_in_would_run(open_page: Open, page_url: str, browser: Any) -> None:
    context = browser.new_context()  # what it does here on purpose is not watched
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text))
    page.goto(page_url)
    page.wait_for_selector("body.ready")
    page.evaluate("""() => {
        document.querySelector("#turns").innerHTML = '<img src=x onerror="window.hit=1"><p style="color:red" id=p>x</p>'
            + '<iframe srcdoc="<script>parent.hit=2</script>"></iframe>';
        const script = document.createElement("script");
        script.textContent = "window.hit = 3";
        document.body.append(script);
        setTimeout("window.hit = 4");
        const far = document.createElement("script");
        far.src = "http://evil.example/x.js";
        document.body.append(far);
    }""")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hit") is None
    assert (
        page.evaluate("document.querySelector('#p').getAttribute('style') && getComputedStyle(p).color")
        != "rgb(255, 0, 0)"
    )
    assert sum("Content Security Policy" in text for text in refused) >= 4
    context.close()


def test_the_first_screen_says_what_the_papers_are_about_and_asks_about_it(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    example = page.locator(".example").first
    asked = example.inner_text()
    example.click()
    expect(page.locator("#turns .turn h2")).to_have_text(asked)
    expect(page.locator("#welcome")).to_be_hidden()
    page.click("[data-act=new]")
    about = page.get_by_role("region", name="What these papers are about")
    expect(about).to_contain_text("34 papers from 2016 to 2026")
    about.locator(".opener").first.click()
    expect(page.locator("#paper .abstract")).to_be_visible()
    page.locator("#paper").get_by_role("button", name="Similar papers").click()
    expect(page.locator("#paper .similar li")).to_have_count(8)
    page.locator("#paper .similar .opener").first.click()
    expect(page.locator("#paper mark")).to_be_visible()
    for view, shown in (("Table", False), ("Ask", True)):  # what was opened goes with another view
        page.get_by_role("button", name=view, exact=True).first.click()
        expect(page.locator("#sources")).to_be_visible(visible=shown)
        expect(page.locator("#paper mark")).to_have_count(0)
    topic = about.locator(".topic").first
    question = topic.get_attribute("title")
    topic.click()
    expect(page.locator("#turns .turn h2")).to_have_text(question or "")
    expect(about).to_be_hidden()
    page.click("[data-act=new]")
    suggested = ask(page, "what is this corpus about?").locator(".suggested").first
    question = suggested.inner_text()
    suggested.click()
    expect(page.locator("#turns .turn h2").nth(1)).to_have_text(question)


def test_an_answer_is_taken_along(open_page: Open, page_url: str, service: CorpusService) -> None:
    page = open_page(page_url)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    turn = ask(page, SURVEY)
    cited = {p.paper.id for p in service.corpus.ask(SURVEY).papers}
    name, bibtex = save(page, turn, "BibTeX")
    assert name == "which-papers-use-rlhf.bib"
    assert set(re.findall(r"eprint = \{([^}]+)\}", bibtex)) == cited
    assert "@misc{training2022language," in bibtex
    name, markdown = save(page, turn, "Markdown")
    assert name.endswith(".md")
    assert markdown.startswith(f"**{SURVEY}**")
    name, table = save(page, turn, "CSV")
    assert len(table.splitlines()) == len(cited) + 1
    turn.get_by_role("button", name="Copy", exact=True).click()
    expect(turn.locator(".notice")).to_have_text("Copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "[1] " in copied
    assert "34 of 34 papers checked" in copied
    ask(page, "what is GSM8K?")
    page.click("[data-act=list]")
    name, whole = download(page, page.locator("#conversations").get_by_role("button", name="Markdown").click)
    assert SURVEY in whole
    assert "what is GSM8K?" in whole


def test_papers_are_found_by_words_and_years_and_restrict_a_question(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    page.get_by_role("button", name="Papers", exact=True).click()
    rows = page.locator("#found .papers li")
    expect(rows).to_have_count(34)
    page.fill("#browse-words", "math word problems")
    expect(rows).to_have_count(1)
    page.fill("#browse-words", "")
    page.fill("#browse-until", "2017")
    page.press("#browse-until", "Tab")
    expect(page.locator("#found .facts").first).to_contain_text(re.compile("201[0-7]"))
    few = rows.count()
    assert 0 < few < 34
    rows.first.locator(".opener").click()
    expect(page.locator("#paper .abstract")).to_be_visible()
    title = page.locator("#paper .title").inner_text()
    name, bibtex = download(page, page.locator("#paper").get_by_role("button", name="BibTeX").click)
    assert name == "paper.bib"
    assert bibtex.startswith("@misc{")
    page.locator("#paper [data-act=only]").click()
    expect(page.locator("#restricted .chip")).to_contain_text(title)
    turn = ask(page, SURVEY)
    expect(turn).to_contain_text("1 chosen paper checked, 33 others left out")
    page.goto(f"{page_url}/?q=what+is+the+title%3F&paper=2203.02155&since=2020")  # as a link has it
    chips = page.locator("#restricted .chip")
    expect(chips).to_have_text(["Training language models to follow instructions with human feedback✕", "Since 2020✕"])
    chips.first.locator("[data-act=unrestrict]").click()
    page.locator("#restricted [data-act=unrestrict]").click()
    expect(page.locator("#restricted")).to_be_hidden()


def test_why_a_view_shows_nothing_stays_in_its_place_until_it_is_mended(open_page: Open, page_url: str) -> None:
    page = open_page(f"{page_url}/papers")
    rows = page.locator("#found .papers li")
    expect(rows).to_have_count(34)
    page.fill("#browse-since", "abcd")
    expect(page.locator("#found .failed")).to_contain_text("“abcd” is no year.")
    expect(rows).to_have_count(0)
    expect(page.locator("#notice")).to_be_empty()
    page.fill("#browse-since", "")
    expect(rows).to_have_count(34)
    expect(page.locator("#found .failed")).to_have_count(0)
    page.get_by_role("button", name="Table", exact=True).click()
    page.fill("#table-columns", " , ")
    page.click("#fill")
    expect(page.locator("#table .failed")).to_contain_text("Name some, such as: task")
    page.route("**/gradio_api/call/table", lambda route: route.abort())
    page.fill("#table-columns", "task")
    page.click("#fill")
    expect(page.locator("#table .failed")).to_contain_text("The server cannot be reached.")


def test_what_a_button_brings_is_seen_and_the_focus_is_not_lost_with_it(
    open_page: Open, page_url: str, tmp_path: Path
) -> None:
    page = open_page(f"{page_url}/papers")
    page.locator("#found .opener").first.click()
    page.locator("#paper [data-act=similar]").click()
    expect(page.locator("#paper .similar .opener").first).to_be_in_viewport()
    page.get_by_role("button", name="Add papers").click()
    page.set_input_files("#upload input", write_json_lines(tmp_path / "one.jsonl", [{"title": "One"}]))
    page.locator("#upload [data-act=drop-file]").click()
    expect(page.locator("#upload input")).to_be_focused()
    page.get_by_role("button", name="Screen", exact=True).click()
    page.get_by_role("button", name="An example").click()
    text = page.locator("#screen-text")
    expect(text).to_be_focused()
    assert text.evaluate("(box) => [box.selectionStart, box.scrollTop]") == [0, 0]


def test_a_protocol_that_was_written_is_not_replaced_by_one_press(open_page: Open, page_url: str) -> None:
    page = open_page(f"{page_url}/screen")
    text, empty = page.locator("#screen-text"), page.get_by_role("button", name="Empty")
    page.get_by_role("button", name="An example").click()
    empty.click()  # an example stands elsewhere
    expect(text).to_have_value("")
    text.fill("# My review")
    empty.click()
    expect(text).to_have_value("# My review")
    expect(empty).to_have_text("Empty: replace what is written?")
    text.focus()
    expect(empty).to_have_text("Empty")
    empty.click()
    empty.click()
    expect(text).to_have_value("")


def test_years_restrict_a_question_until_they_are_taken_off_or_a_new_conversation_begins(
    open_page: Open, page_url: str
) -> None:
    page = open_page(page_url)
    options = page.locator("[data-act=options]")
    options.click()
    page.fill("#since", "2023")
    options.click()
    chips = page.locator("#restricted .chip")
    expect(chips).to_have_text([re.compile("Since 2023")])
    turn = ask(page, SURVEY)
    assert all(int(year) >= 2023 for year in turn.locator("td.year").all_inner_texts())
    expect(turn.locator(".coverage")).not_to_contain_text("34 of 34")
    options.click()
    page.fill("#until", "2000")
    expect(ask(page, SURVEY).locator(".failed")).to_contain_text("No year is after 2023")
    expect(page.locator("#options")).to_be_hidden()  # what is set stands in the chips
    expect(page.locator("#question")).to_have_value(SURVEY)
    options.click()
    page.fill("#until", "")
    turn = ask(page, "what is GSM8K?")
    expect(turn).to_contain_text(re.compile(r"Looked for in \d+ papers since 2023: \d+ older left out"))
    expect(ask(page, "which papers propose GSM8K?")).to_contain_text("since 2023 checked")
    page.click("[data-act=new]")
    expect(page.locator("#restricted")).to_be_hidden()
    expect(ask(page, "what is GSM8K?")).to_contain_text("8.5K")
    options.click()
    expect(page.locator("#since")).to_have_value("")
    page.fill("#until", "2010")
    expect(chips).to_have_text([re.compile("Until 2010")])
    page.locator("#restricted [data-act=unrestrict]").click()
    expect(page.locator("#restricted")).to_be_hidden()
    turn = ask(page, "what is GSM8K?")
    expect(turn).not_to_contain_text("Looked for in")


def test_a_survey_becomes_a_table_to_which_a_column_is_added(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    turn = ask(page, SURVEY)
    matches = turn.locator("tr:has(.match)")
    count = matches.count()
    first = matches.first.locator(".opener").inner_text()
    matches.first.get_by_role("button", name="Reject").click()
    expect(turn.locator(".coverage")).to_contain_text(f"{count - 1} match")
    expect(turn.locator("tr.rejected .opener")).to_have_text(first)
    page.reload()
    page.wait_for_selector("body.ready")
    expect(turn.locator("tr.rejected .opener")).to_have_text(first)
    _, saved = save(page, turn, "CSV")
    assert first not in saved
    turn.get_by_role("button", name="Ask only these").click()
    expect(page.locator("#restricted .chip")).to_have_text(f"these {count - 1} papers✕")
    matches.first.get_by_role("button", name="Take back").click()
    expect(turn.locator("tr.rejected")).to_have_count(0)
    for place in (0, 2):
        turn.locator(".pick").nth(place).check()
    expect(turn.locator(".these")).to_have_text("2 ticked:")
    page.reload()
    page.wait_for_selector("body.ready")
    expect(turn.locator(".these")).to_have_text("2 ticked:")
    turn.get_by_role("button", name="As a table").click()
    expect(page.locator("#tabled .chip")).to_have_text("these 2 papers✕")
    expect(page.get_by_label("Add a column")).to_be_focused()
    heads = page.locator("#table thead th")
    expect(heads).to_have_count(5)
    expect(page.locator("#table tbody tr")).to_have_count(2)
    page.get_by_label("Add a column").fill("model")
    page.keyboard.press("Enter")
    expect(heads).to_have_count(6)
    page.get_by_role("button", name="Leave out the column task").click()
    expect(heads).to_have_count(5)
    cell = page.locator("#table .cell").first
    cell.click()
    expect(page.locator("#paper mark")).to_have_text(cell.inner_text())
    name, table = download(page, page.locator("#table").get_by_role("button", name="CSV").click)
    assert name == "table.csv"
    assert table.count("\n") == 3
    assert table.removeprefix("\ufeff").startswith("id,title,year,method,dataset,best result,model,")


def test_a_column_that_is_added_or_dropped_while_a_table_is_filled_counts(open_page: Open, page_url: str) -> None:
    page = open_page(f"{page_url}/table")
    page.fill("#table-question", SURVEY)
    page.fill("#table-columns", "task, method")
    page.click("#fill")
    page.get_by_label("Add a column").fill("year")
    page.keyboard.press("Enter")
    heads = page.locator("#table thead [data-sort]")
    expect(heads).to_have_text(["Paper", "task", "method", "year"])
    expect(page.locator("#table .coverage")).to_contain_text("filled")
    page.locator("#table .drop").first.click()
    expect(page.locator("#table-columns")).to_be_focused()
    expect(heads).to_have_text(["Paper", "method", "year"])
    expect(page.locator("#table .coverage")).to_contain_text("filled")
    page.reload()
    expect(heads).to_have_text(["Paper", "method", "year"])
    expect(page.locator("#table-question")).to_have_value(SURVEY)


def test_a_draft_is_checked_and_a_sentence_opens_its_quote(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    page.get_by_role("button", name="Check a draft").click()
    page.fill("#draft-text", "GSM8K has 9,500 problems (arXiv:2110.14168). Cats sleep (Miller, 1999).")
    page.click("#check")
    problems = page.locator("#checked .problem")
    expect(problems).to_have_count(2)
    problems.locator(".opener").first.click()
    expect(page.locator("#paper mark")).to_be_in_viewport()
    name, report = download(page, page.get_by_role("button", name="Report (HTML)").click)
    assert name == "draft-check.html"
    assert "9,500 problems" in report


def test_papers_are_screened_by_keys_and_buttons(
    open_page: Open, serve: Serve, own_service: CorpusService, tmp_path: Path
) -> None:
    file = tmp_path / "frogs.md"
    file.write_text("# Frogs\n## Include\n- published in or after 2010\n## Exclude\n- reviews\n- letters\n")
    page = open_page(serve(own_service))
    page.locator("#top nav").get_by_role("button", name="Screen").click()
    page.set_input_files("[data-protocol]", file)
    page.click("#screen")
    title = page.locator("#screened .title")
    expect(title).to_have_text("Glass frogs")
    expect(page.locator("#screen-setup")).to_be_hidden()
    log = decisions_file(data_folder(own_service.settings.corpus, "screenings") / "frogs.md")
    said = page.locator("#screened .said")

    page.keyboard.press("3")
    expect(said).to_have_text("Last: “Glass frogs”: exclude (letters).")
    expect(page.locator("#screened .now")).to_contain_text("All papers are decided.")
    page.keyboard.press("z")
    expect(title).to_have_text("Glass frogs")
    page.locator("#screened").get_by_role("button", name="Include").click()
    expect(said).to_have_text("Last: “Glass frogs”: include.")
    assert [d.label for d in DecisionLog(log).made] == ["include"]

    page.locator("#top nav").get_by_role("button", name="Papers", exact=True).click()
    page.keyboard.press("z")  # of no meaning in another view
    page.locator("#top nav").get_by_role("button", name="Screen").click()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.click("[data-act=theme]")
    page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")
    assert _violations(page) == []
    page.get_by_role("button", name="Change the protocol").click()
    page.keyboard.type("z")  # in the box it is a letter
    expect(page.locator("#screen-text")).to_have_value(re.compile("z$"))
    expect(said).to_have_text("Last: “Glass frogs”: include.")
    assert len(DecisionLog(log).made) == 1
    name, table = download(page, page.locator("#screened").get_by_role("button", name="CSV").click)
    assert name == "screening-frogs.csv"
    assert "frogs,Glass frogs,2022" in table


def test_collections_have_addresses_and_conversations_of_their_own(
    open_page: Open, serve: Serve, service: CorpusService, own_service: CorpusService
) -> None:
    def fail(progress: Any) -> Any:
        raise AskPapersError("There is no folder.", hint="Make one.")

    lost = CorpusService(fail, own_service.settings, "lost")
    url = serve(
        [
            CorpusService(service.corpus, service.settings, "seeds"),
            CorpusService(own_service.corpus, own_service.settings, "frogs"),
            lost,
        ]
    )
    page = open_page(url)
    ask(page, "what is GSM8K?")
    page.get_by_label("Collection", exact=True).select_option("frogs")
    page.wait_for_url(f"{url}/c/frogs/")
    page.wait_for_selector("body.ready")
    expect(page.get_by_role("region", name="What these papers are about")).to_contain_text("1 paper")
    expect(page.locator("#turns .turn")).to_have_count(0)
    expect(ask(page, "where do glass frogs hide their blood?")).to_contain_text("in the liver")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".formats summary").click()
    page.locator("[data-act=link]").click()
    expect(page.locator(".turn .notice")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()").startswith(f"{url}/c/frogs/?q=where")
    page.reload()
    page.wait_for_selector("body.ready")
    expect(page.locator("#turns .turn h2")).to_have_text("where do glass frogs hide their blood?")
    page.get_by_label("Collection", exact=True).select_option("lost")
    expect(page.locator("#about")).to_contain_text("There is no folder. Make one.")
    page.get_by_label("Collection", exact=True).select_option("seeds")
    page.wait_for_url(f"{url}/")
    page.wait_for_selector("body.ready")
    expect(page.locator("#turns .turn h2")).to_have_text("what is GSM8K?")
    page.get_by_role("button", name="Papers", exact=True).click()
    page.get_by_label("Collection", exact=True).select_option("frogs")
    page.wait_for_url(f"{url}/c/frogs/papers")
    expect(page.locator("#found .papers li")).to_have_count(1)


# Clicks Add in the moment in which the results of a further look come: its work has not ended then.
ADD_WHEN_LOOKED = """() => {
  const place = document.querySelector("#added");
  new MutationObserver((_, observer) => {
    if (!place.querySelector(".results")) return;
    observer.disconnect();
    document.querySelector("#add").click();
  }).observe(place, { childList: true });
  document.querySelector("#look").click();
}"""


def test_papers_are_added_by_upload_and_paste(
    open_page: Open, serve: Serve, own_service: CorpusService, own_folder: Path, tmp_path: Path
) -> None:
    page = open_page(serve(own_service))
    page.get_by_role("button", name="Add papers").click()
    there = json.loads((own_folder / "one.jsonl").read_text(encoding="utf-8"))["abstract"]
    new = "Archerfish shoot down insects with jets of water that they aim around refraction."
    good = write_json_lines(
        tmp_path / "new" / "arch er<b>fish.jsonl",
        [{"title": "Archerfish", "abstract": new}, {"abstract": there}, {"title": "Pike"}],
    )
    bad = tmp_path / "new" / "old.txt.gz"
    bad.write_bytes(b"\x1f\x8b\x08\x00" + b"x" * 30)
    page.set_input_files("#upload input[type=file]", [good, bad])
    page.fill("#paste", "Abstract: Mantis shrimps see sixteen channels of colour and circular polarisation.")
    page.click("#look")
    results = page.locator("#added .results > li")
    expect(results.nth(0)).to_contain_text("1 to add, 1 already there, no abstract: 1. Archerfish")
    assert not (own_folder / "added").exists()
    page.evaluate(ADD_WHEN_LOOKED)
    expect(page.locator("#added .remove")).to_have_count(2)
    expect(results).to_have_count(3)
    expect(results.nth(0)).to_contain_text("1 new, 1 already there")
    expect(results.nth(1)).to_contain_text("old.txt")
    expect(results.nth(1)).to_contain_text("cannot be unpacked")
    expect(results.nth(2)).to_contain_text("pasted.txt: 1 new")
    page.get_by_role("button", name="Ask", exact=True).first.click()
    expect(ask(page, "how do archerfish hunt?")).to_contain_text("jets of water")
    expect(ask(page, "how many channels of colour do mantis shrimps see?")).to_contain_text("sixteen")
    assert sorted(p.name for p in (own_folder / "added").iterdir()) == [
        "added-arch-er-b-fish.jsonl",
        "added-pasted.txt",
    ]
    expect_no_uploads()
    page.get_by_role("button", name="Add papers").click()
    undo = results.nth(2).locator(".remove")
    expect(undo).to_have_text("Undo")
    undo.click()
    undo.click()  # the second one is sure
    expect(results.nth(2)).to_have_text("Removed.")
    expect(page.locator("#added-before li")).to_have_text([re.compile("added-arch-er-b-fish.jsonl")])
    assert [p.name for p in (own_folder / "added").iterdir()] == ["added-arch-er-b-fish.jsonl"]


def uploads_there() -> list[str]:
    folder = Path(os.environ["GRADIO_TEMP_DIR"])
    # gradio makes an empty file when it starts
    return [path.name for path in folder.rglob("*") if path.is_file() and path.stat().st_size]


def expect_no_uploads() -> None:
    """The server removes a file when the stream that used it has ended, which the page may see a moment before."""
    for _ in range(200):
        if not uploads_there():
            return
        time.sleep(0.05)
    assert uploads_there() == []


def test_chosen_files_wait_in_the_browser_and_are_removed_after_their_use(
    open_page: Open, serve: Serve, own_service: CorpusService, tmp_path: Path
) -> None:
    page = open_page(serve(own_service))
    files = [tmp_path / name for name in ("waits.txt", "goes.txt")]
    for file in files:
        file.write_text(f"Abstract: Sea hares squirt ink, and {file.stem} is never added.")
    page.get_by_role("button", name="Add papers").click()
    for file in files:  # the second is chosen after the first
        page.set_input_files("#upload input[type=file]", file)
    listed = page.locator("#upload li")
    expect(listed).to_have_count(2)
    page.get_by_label("Remove this file: goes.txt").click()
    expect(listed).to_have_text([re.compile("waits.txt")])
    assert uploads_there() == []
    page.click("#look")
    expect(page.locator("#added .results > li")).to_contain_text("waits.txt: 1 to add")
    expect(page.locator("#added .doing")).to_have_count(0)
    expect_no_uploads()
    large = tmp_path / "large.txt"
    large.write_bytes(b"x" * 20_000_001)
    page.set_input_files("#upload input[type=file]", large)
    expect(page.locator("#notice")).to_contain_text("large.txt is larger than 20 MB.")
    expect(listed).to_have_count(1)
    page.click("[data-act=new]")
    page.get_by_role("button", name="Add papers").click()
    expect(listed).to_have_count(0)


def test_an_addition_is_cancelled(
    open_page: Open, serve: Serve, own_service: CorpusService, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(files: Any, corpus: Any, settings: Any, progress: Any, **_: Any) -> Iterator[Any]:
        while True:
            progress("Embedding sentences", 10, 1_000)
            time.sleep(0.01)
        yield

    monkeypatch.setattr("askpapers.web.additions.add_papers", endless)
    page = open_page(serve(own_service))
    page.get_by_role("button", name="Add papers").click()
    expect(page.locator("#cancel")).to_be_hidden()
    page.fill("#paste", "Abstract: Mantis shrimps see sixteen channels of colour.")
    page.click("#add")
    expect(page.locator("#added .doing")).to_contain_text("10 of 1,000")
    page.click("#cancel")
    expect(page.locator("#added")).to_contain_text("Cancelled. Nothing was added.")
    expect(page.locator("#cancel")).to_be_hidden()


def test_an_answer_is_judged_with_a_comment(open_page: Open, page_url: str, service: CorpusService) -> None:
    page = open_page(page_url)
    turn = ask(page, SURVEY)
    turn.get_by_role("button", name="Bad", exact=True).click()
    expect(turn.get_by_role("button", name="Bad", exact=True)).to_have_attribute("aria-pressed", "true")
    (line,) = feedback_file(service.settings.corpus).read_text(encoding="utf-8").splitlines()
    assert (json.loads(line)["thumb"], json.loads(line)["comment"]) == ("down", "")  # without a word
    turn.get_by_label("Comment").fill("One is missing.")
    page.keyboard.press("Enter")
    expect(turn.get_by_label("Comment")).to_have_count(0)
    *_, line = feedback_file(service.settings.corpus).read_text(encoding="utf-8").splitlines()
    case = json.loads(line)
    assert (case["question"], case["thumb"], case["comment"]) == (SURVEY, "down", "One is missing.")
    assert case["answer"]["papers"][0]["abstract"]
    page.reload()
    page.wait_for_selector("body.ready")
    expect(page.get_by_role("button", name="Bad", exact=True)).to_have_attribute("aria-pressed", "true")


def test_with_a_login_nothing_shows_before_it(
    open_page: Open, serve: Serve, service: CorpusService, browser: Any
) -> None:
    url = serve(service, login=Login("ada", "sécret"))
    stranger = browser.new_context().new_page()
    with pytest.raises(Error, match=r"ERR_INVALID_AUTH_CREDENTIALS|ERR_HTTP_RESPONSE_CODE_FAILURE"):
        stranger.goto(url)
    stranger.context.close()
    page = open_page(url, http_credentials={"username": "ada", "password": "sécret"})
    expect(ask(page, "what is GSM8K?")).to_contain_text("8.5K")


def test_all_of_it_by_keyboard(open_page: Open, page_url: str) -> None:
    page = open_page(page_url)
    page.keyboard.press("Tab")
    page.keyboard.press("/")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.press("/")  # it goes to the box also where it is there
    page.keyboard.type("what is GSM8K?")
    page.keyboard.press("Enter")
    expect(page.locator("#turns .turn h2")).to_have_text("what is GSM8K?")

    def tab_to(selector: str, key: str = "Tab") -> None:
        for _ in range(40):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            page.keyboard.press(key)
        raise AssertionError(f"{selector} is not reached by {key}")

    tab_to(".cite", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#paper mark")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".cite").nth(page.locator(".cite").count() - 1)).to_be_focused()
    tab_to(".made summary")
    page.keyboard.press("Enter")
    expect(page.locator(".made dl")).to_be_visible()
    tab_to("[data-view=papers]", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#view-papers")).to_be_visible()


def test_a_narrow_screen_scrolls_one_way_only(open_page: Open, page_url: str) -> None:
    page = open_page(page_url, viewport={"width": 360, "height": 740}, color_scheme="light")

    def assert_narrow() -> None:
        for _ in ("light", "dark"):
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            page.click("[data-act=theme]")

    for question in (SURVEY, "compare GPT-4o and Codex", "what BLEU on WMT14 English-German?", "a" * 200):
        ask(page, question)
        assert_narrow()
    page.locator("#turns .cite").first.click()
    expect(page.locator("#paper mark")).to_be_in_viewport()
    page.get_by_role("button", name="Close the source").click()
    expect(page.locator("#sources")).to_be_hidden()
    page.click("[data-act=options]")
    assert_narrow()
    turn = ask(page, "what is GSM8K?")
    turn.get_by_role("button", name="Bad", exact=True).click()
    expect(turn.get_by_label("Comment")).to_be_in_viewport()
    for view in ("Papers", "Table", "Check a draft", "Screen", "Add papers"):
        page.locator("#top nav").get_by_role("button", name=view, exact=True).click()
        assert_narrow()


def test_dark_and_light_are_remembered(open_page: Open, page_url: str) -> None:
    page = open_page(page_url, color_scheme="light")
    light = page.evaluate("getComputedStyle(document.querySelector('#views')).color")
    page.click("[data-act=theme]")
    page.reload()
    page.wait_for_selector("html[data-theme=dark] body.ready")
    assert page.evaluate("getComputedStyle(document.querySelector('#views')).color") != light


def test_axe_finds_nothing(open_page: Open, page_url: str) -> None:
    page = open_page(page_url, color_scheme="light")
    for question in (SURVEY, "what is GSM8K?", "what BLEU on WMT14 English-German?", "compare GPT-4o and Codex"):
        ask(page, question)
    page.locator("#turns .cite").first.click()
    page.wait_for_selector("#paper mark")
    page.click("[data-act=options]")
    for view in ("Ask", "Papers", "Table", "Check a draft", "Screen", "Add papers"):
        page.locator("#top nav").get_by_role("button", name=view, exact=True).click()
        for rules in ((), ("color-contrast",)):  # light, then dark: nothing but colours differs
            assert _violations(page, rules) == []
            page.click("[data-act=theme]")
            page.evaluate("Promise.all(document.getAnimations().map((one) => one.finished))")  # colours that fade over


def _violations(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What breaks these rules, or any rule where none is given."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found: Iterator[Any] = iter(Axe().run(page, options=options).response["violations"])
    return [f"{v['id']} ({v['impact']}): {node['html'][:160]}" for v in found for node in v["nodes"]]
