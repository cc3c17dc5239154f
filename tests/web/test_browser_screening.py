"""Screening by two people in two browsers; protocols that are renamed, deleted, and read from files."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from askpapers.corpus_paths import data_folder
from askpapers.index.embedder import MiniLM
from askpapers.screening.decisions import DecisionLog, decisions_file
from askpapers.service.corpus_service import CorpusService
from web.conftest import Open, Serve, make_service, write_json_lines
from web.test_screening_reviewers import TEXTS

PROTOCOL = "# Walks\n## Include\n- published in or after 2010\n## Exclude\n- reviews\n- letters\n"


@pytest.fixture
def walks(tmp_path: Path, embedder: MiniLM, monkeypatch: pytest.MonkeyPatch) -> CorpusService:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    records = [
        {"id": name, "title": title, "abstract": abstract, "year": year, "doi": f"10.1000/{name}"}
        for name, (year, title, abstract) in TEXTS.items()
    ]
    write_json_lines(tmp_path / "abstracts" / "walks.jsonl", records)
    return make_service(tmp_path / "abstracts", tmp_path / "index", embedder)


def screen(page: Page, reviewer: str) -> None:
    page.fill("#screen-reviewer", reviewer)
    page.click("#screen")
    expect(page.locator("#screened .screening")).to_be_visible(timeout=15_000)


def test_two_people_screen_in_two_browsers(open_page: Open, serve: Serve, walks: CorpusService, tmp_path: Path) -> None:
    file = tmp_path / "walks.md"
    file.write_text(PROTOCOL)
    url = f"{serve(walks)}/screen"
    ana = open_page(url)
    ana.set_input_files("[data-protocol]", file)
    screen(ana, "Ana")
    now, said = ana.locator("#screened .now"), ana.locator("#screened .said")
    expect(now).to_contain_text("The same title, 2019 and 2021")
    ana.keyboard.press("d")
    expect(now).to_contain_text("No papers are left that may be the same.")
    now.get_by_role("button", name="Titles and abstracts").click()
    title = ana.locator("#screened .title").inner_text()
    ana.fill(".decide .reason", "i is a letter here")
    ana.press(".decide .reason", "Enter")
    expect(said).to_have_text(f"Last: “{title}”: exclude (i is a letter here).")

    bo = open_page(url)
    bo.click("#screen-protocols >> text=walks.md")  # without a name: he is asked for it
    expect(bo.locator("#screened")).to_contain_text("Whose decisions?")
    screen(bo, "Bo")
    of_bo = bo.locator("#screened .now")
    expect(of_bo).to_contain_text("hidden until you decide")
    expect(of_bo.locator("article")).not_to_contain_text("i is a letter here")
    for _ in range(3):
        before = of_bo.locator(".tally").first.inner_text()
        bo.keyboard.press("i")
        expect(of_bo.locator(".tally").first).not_to_have_text(before)
    of_bo.get_by_role("button", name="Disagreements (1)").click()
    expect(of_bo.locator(".votes")).to_contain_text("Ana: exclude (i is a letter here)")
    bo.keyboard.press("3")
    expect(of_bo).to_contain_text("Reviewers disagree on no paper.")
    log = decisions_file(data_folder(walks.settings.corpus, "screenings") / "walks.md")
    made = DecisionLog(log).made
    assert [(d.reviewer, d.consensus, d.reason) for d in made][-1] == ("Bo", True, "letters")
    bo.reload()
    bo.wait_for_selector("body.ready")
    expect(bo.locator("#screen-reviewer")).to_have_value("Bo")


def test_protocols_are_renamed_deleted_and_not_replaced_unasked(
    open_page: Open, serve: Serve, walks: CorpusService, tmp_path: Path
) -> None:
    file = tmp_path / "walks.md"
    file.write_text(PROTOCOL)
    page = open_page(f"{serve(walks)}/screen")
    text, names = page.locator("#screen-text"), page.locator("#screen-protocols")
    text.fill("# Mine\n")
    page.set_input_files("[data-protocol]", file)
    expect(text).to_have_value("# Mine\n")
    page.get_by_role("button", name="Stay with it").click()
    page.set_input_files("[data-protocol]", file)
    page.get_by_role("button", name="Replace it by walks.md").click()
    expect(text).to_have_value(PROTOCOL)
    screen(page, "")
    page.get_by_role("button", name="Change the protocol").click()
    page.get_by_role("button", name="Rename: walks.md").click()
    page.keyboard.type("Walks of 2026")
    page.keyboard.press("Enter")
    expect(names).to_contain_text("walks-of-2026.md")
    page.reload()
    page.wait_for_selector("body.ready")
    other = tmp_path / "other.md"
    other.write_text(PROTOCOL.replace("Walks", "Walks of 2026") + "- theses\n")
    page.set_input_files("[data-protocol]", other)
    page.click("#screen")
    replace = page.get_by_role("button", name="Replace “walks-of-2026.md”")
    replace.click()
    folder = data_folder(walks.settings.corpus, "screenings")
    assert "theses" not in (folder / "walks-of-2026.md").read_text()
    page.locator("[data-act=screen-replace]").click()
    expect(page.locator("#screened .screening")).to_be_visible(timeout=15_000)
    assert "theses" in (folder / "walks-of-2026.md").read_text()
    page.get_by_role("button", name="Change the protocol").click()
    page.get_by_role("button", name="Delete: walks-of-2026.md").click()
    assert (folder / "walks-of-2026.md").exists()
    page.locator("[data-act=screen-delete]").click()
    expect(names).not_to_contain_text("walks-of-2026.md")
    assert (folder / "deleted" / "walks-of-2026.md").exists()
