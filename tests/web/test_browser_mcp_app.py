"""A survey's table as a host of MCP Apps shows it: the resource in a frame, and a host that speaks with it."""

from __future__ import annotations

from importlib import resources
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from askpapers.datatypes import Answer
from askpapers.events import Finished
from askpapers.mcp import replies
from askpapers.mcp.replies import answer_reply
from askpapers.service.corpus_service import CorpusService
from askpapers.service.questions import Question

HOST = """
<!doctype html><body style="margin:0"><iframe sandbox="allow-scripts" style="width:100%;height:600px;border:0"></iframe>
<script>
const frame = document.querySelector("iframe"), calls = [];
function start(html, pages, capabilities) {
  window.addEventListener("message", ({ data }) => {
    const send = (message) => frame.contentWindow.postMessage({ jsonrpc: "2.0", ...message }, "*");
    const hostContext = { theme: "dark", styles: { variables: { "--color-text-primary": "rgb(1, 2, 3)" } } };
    const host = { protocolVersion: "2026-01-26", hostCapabilities: capabilities, hostContext };
    if (data.method === "ui/initialize") send({ id: data.id, result: host });
    else if (data.method === "ui/notifications/initialized") {
      send({ method: "ui/notifications/tool-input", params: { arguments: { topic: "x" } } });
      send({ method: "ui/notifications/tool-result", params: pages[0] });
    } else if (data.method === "tools/call") {
      calls.push(data.params);
      const page = pages.find((one) => one.structuredContent?.offset === data.params.arguments.offset);
      send(page ? { id: data.id, result: page } : { id: data.id, error: { code: 1, message: "no such page" } });
    }
  });
  frame.srcdoc = html;
}
</script></body>
"""


def answered(service: CorpusService, question: str) -> Answer:
    (*_, last) = service.events(Question(question, "survey"), lambda stage, done, total: None)
    assert isinstance(last, Finished)
    return last.answer


def reply_pages(answer: Answer) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = []
    offset: int | None = 0
    while offset is not None:
        reply = answer_reply(answer, offset)
        pages.append({"content": [], "structuredContent": reply})
        offset = reply["next_offset"]
    return pages


@pytest.fixture
def page(browser: Browser) -> Any:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def shown(page: Page, pages: list[dict[str, Any]], capabilities: dict[str, Any]) -> FrameLocator:
    page.set_content(HOST)
    view = resources.files("askpapers.mcp").joinpath("survey.html").read_text(encoding="utf-8")
    page.evaluate("([html, pages, can]) => start(html, pages, can)", [view, pages, capabilities])
    return page.frame_locator("iframe")


def test_a_host_shows_the_papers_of_a_survey_and_more_on_demand(
    page: Page, service: CorpusService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "MOST_BYTES", 2_000)
    answer = answered(service, "which papers use RLHF?")
    pages = reply_pages(answer)
    assert len(pages) > 2
    frame = shown(page, pages, {"serverTools": {}})
    rows, summary, more = frame.locator("tbody tr"), frame.locator("#summary"), frame.get_by_role("button")
    count = len(pages[0]["structuredContent"]["papers"])
    expect(rows).to_have_count(count)
    expect(summary).to_have_text(f"{count} of {len(answer.papers)} papers. {answer.coverage}")
    expect(frame.locator("html")).to_have_css("color-scheme", "dark")
    expect(frame.locator("body")).to_have_css("color", "rgb(1, 2, 3)")
    for reply in pages[1:]:
        more.click()
        count += len(reply["structuredContent"]["papers"])
        expect(rows).to_have_count(count)
    expect(more).to_be_hidden()
    assert count == len(answer.papers)
    expect(rows.first).to_contain_text(answer.citations[0].quote.text)
    assert page.evaluate("calls[0]") == {
        "name": "survey",
        "arguments": {"topic": "x", "offset": pages[0]["structuredContent"]["next_offset"]},
    }


def test_what_a_paper_holds_is_no_markup_and_a_host_without_tools_has_no_button(page: Page) -> None:
    hostile = "<img src=x onerror='document.title=1'>"
    paper = {"id": hostile, "title": hostile, "verdict": "match", "quotes": [{"quote": hostile}]}
    reply = {"papers": [paper], "total": 9, "offset": 0, "next_offset": 1, "notes": [hostile]}
    frame = shown(page, [{"content": [], "structuredContent": reply}], {})
    expect(frame.locator("tbody tr")).to_have_count(1)
    expect(frame.locator("img")).to_have_count(0)
    expect(frame.locator("blockquote")).to_contain_text(hostile)
    expect(frame.locator("button")).to_be_hidden()


def test_a_survey_that_failed_says_why(page: Page) -> None:
    failed = {"isError": True, "content": [{"type": "text", "text": "No year is after 2024 and before 2020."}]}
    frame = shown(page, [failed], {"serverTools": {}})
    expect(frame.locator("#summary")).to_have_text("No year is after 2024 and before 2020.")
    expect(frame.locator("table")).to_be_hidden()
