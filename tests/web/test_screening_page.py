"""Screening on the page: what is shown of a paper, where decisions go, and what two windows do at once."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.datatypes import Paper, Source, quote_of
from askpapers.errors import UsageError
from askpapers.index.embedder import MiniLM
from askpapers.screening.decisions import DecisionLog, decisions_file
from askpapers.screening.protocol import read_protocol
from askpapers.screening.verdicts import CriterionVerdict, Evidence, Finding, Holds, PaperJudgement, Verdict
from askpapers.service.corpus_service import CorpusService
from askpapers.service.protocols import EXAMPLE, LONGEST, Protocols
from askpapers.web.calls import PageCalls
from askpapers.web.messages import ScreeningStep
from askpapers.web.rendering import Html, read_verbatim
from askpapers.web.screening_steps import marked_abstract
from askpapers.web.screenings import OFF, Screenings
from web.conftest import make_service, write_json_lines

PROTOCOL = "# Walking\n## Include\n- published in or after 2010\n## Exclude\n- randomised controlled trials\n"
NAME = "walking.md"
ATTACK = "<svg/onload=alert(1)>"
TEXTS = {
    "trial": (2020, "Walking at noon", f"We ran a randomised controlled trial of walks. It said {ATTACK} often."),
    "old": (1999, "Running at dawn", "We ran at dawn for years and counted the birds that were awake."),
    "new": (2021, f"Swimming {ATTACK}", "We swam at dusk and counted the fish that were not asleep."),
    "other": (2022, "Rowing", "We rowed up the river and wrote down what we saw."),
}


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLM) -> CorpusService:
    folder = tmp_path_factory.mktemp("walks")
    records = [
        {"id": name, "title": title, "abstract": abstract, "year": year, "authors": ["Ada Lovelace", "Bo Li"]}
        for name, (year, title, abstract) in TEXTS.items()
    ]
    write_json_lines(folder / "abstracts" / "walks.jsonl", records)
    return make_service(folder / "abstracts", folder / "index", embedder)


def shown(screens: Screenings, text: str, name: str = "") -> list[Html]:
    async def read() -> list[Html]:
        return [markup async for markup in screens.shown(name, text)]

    return asyncio.run(read())


def opened(screens: Screenings, text: str = PROTOCOL, name: str = "") -> Html:
    return shown(screens, text, name)[-1]


def raw(name: str, markup: str) -> str:
    return html.unescape((re.findall(rf'{name}="([^"]*)"', markup) or [""])[0])


def attribute(name: str, markup: str) -> str:
    return read_verbatim(raw(name, markup))


def sent(screen: str, act: str, now: str | None = None, **fields: object) -> ScreeningStep:
    """What the page's script sends for a screen, of which `now` was replaced since."""
    now = now or screen
    values = {"name": raw("data-name", screen), "version": raw("data-version", screen), "last": raw("data-last", now)}
    return ScreeningStep.model_validate({**values, "act": act, "paper": raw("data-screened", now), **fields})


def paper_of(markup: str) -> str:
    return attribute("data-screened", markup)


def log_of(protocols: Protocols, name: str = NAME) -> DecisionLog:
    return DecisionLog(decisions_file(protocols.file(name)))


def test_a_paper_is_shown_as_text_with_the_quote_that_decided(screens: Screenings) -> None:
    screen = opened(screens)
    assert paper_of(screen) in ("new", "other")  # what the machine excludes comes last
    assert "0 of 4 decided" in screen
    now: Any = {"html": screen}
    for _ in range(4):
        if paper_of(now["html"]) == "trial":
            break
        now = screens.step(sent(screen, "include", now["html"]))
    trial = now["html"]
    mark = re.findall(r"<mark[^>]*>(.*?)</mark>", trial)
    assert len(mark) == 1
    assert "randomised controlled trial" in mark[0]
    assert 'data-verdict="failed" data-of="2"' in trial
    assert "The machine: <b>exclude</b>, by criterion 2: randomised controlled trials" in trial
    assert "Ada Lovelace, Bo Li · 2020" in trial
    assert "<svg" not in trial
    assert "&lt;svg/onload" in trial


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("", "protocol has no criteria", ""),
        ("# A\n## Inclde\n- about cats\n", "protocol:2: no section is called", "2  ## Inclde"),
        ("## Include\n- about cats\n- about cats\n", "protocol:3:", "3  - about cats"),
        (f"## Include\n- {ATTACK}\n- {ATTACK}\n", "protocol:3:", "3  - &lt;svg"),
        ("## Include\n- about cats\n## Seeds\n- 10.1000/nowhere\n", "protocol.md:4: the seed", "4  - 10.1000/nowhere"),
        ("## Include\n- about cats\n" + "x" * LONGEST, "The protocol is too long.", ""),
    ],
)
def test_what_is_wrong_with_a_protocol_is_said_with_its_line(
    text: str, said: str, line: str, screens: Screenings, protocols: Protocols
) -> None:
    failed = opened(screens, text)
    assert said in failed
    assert 'role="alert"' in failed
    assert (f'<pre class="line" dir="auto">{line}' in failed) if line else "<pre" not in failed
    assert "<svg" not in failed
    stored = [*protocols.names()]
    assert (
        [attribute("data-name", failed)] if "data-name" in failed else []
    ) == stored  # mended, it takes its own place


def test_the_example_can_be_screened_by() -> None:
    assert len(read_protocol(EXAMPLE, "example").criteria) == 4
    assert read_protocol(EXAMPLE, "example").notes == ()


def test_a_decision_is_the_terminals_too_and_the_terminals_is_seen(screens: Screenings, protocols: Protocols) -> None:
    screen = opened(screens)
    first = paper_of(screen)
    after = screens.step(sent(screen, "exclude", reason="2"))
    assert "randomised controlled trials" in after["said"]
    (made,) = log_of(protocols).made
    assert (made.paper, made.label, made.number) == (first, "exclude", 2)
    assert made.machine == "include"

    second = paper_of(after["html"])
    terminal = log_of(protocols)
    terminal.add(made.__class__(second, made.label))
    refused = screens.step(sent(screen, "include", after["html"]))
    assert "Nothing was decided" in refused["said"]
    assert log_of(protocols).current[second].label == "exclude"
    assert paper_of(refused["html"]) not in (first, second)
    assert "2 of 4 decided" in refused["html"]


def test_undo_takes_back_what_was_shown_last_and_nothing_else(screens: Screenings, protocols: Protocols) -> None:
    screen = opened(screens)
    assert re.search(r'data-act="screen-undo"[^>]* disabled', screen)
    first = paper_of(screen)
    after = screens.step(sent(screen, "unclear"))
    log_of(protocols).add(log_of(protocols).made[0].__class__("old", log_of(protocols).made[0].label))
    refused = screens.step(sent(screen, "undo", after["html"]))
    assert "Nothing was taken back" in refused["said"]
    assert len(log_of(protocols).made) == 2
    undone = screens.step(sent(screen, "undo", refused["html"]))
    assert paper_of(undone["html"]) == "old"  # what was taken back is there to be decided at once
    undone = screens.step(sent(screen, "undo", undone["html"]))
    assert paper_of(undone["html"]) == first
    assert log_of(protocols).made == ()


def test_no_reason_is_counted_for_a_criterion_that_has_changed(screens: Screenings, protocols: Protocols) -> None:
    screen = opened(screens)
    changed = PROTOCOL.replace("- randomised", "- in English\n- randomised")
    again = opened(screens, changed, NAME)
    with pytest.raises(UsageError, match="have changed"):
        screens.step(sent(screen, "exclude", reason="2"))
    protocols.file(NAME).write_text(PROTOCOL)  # in an editor
    with pytest.raises(UsageError, match="have changed"):
        screens.step(sent(again, "exclude", reason="3"))
    assert not decisions_file(protocols.file(NAME)).exists()


def test_a_protocol_takes_the_place_of_none_by_mistake(screens: Screenings, protocols: Protocols) -> None:
    opened(screens)
    assert protocols.names() == {NAME: True}
    assert "data-screened" in opened(screens)  # the same text again goes on
    assert "already, and it says something else" in opened(screens, PROTOCOL + "- animal studies\n")
    assert protocols.text(NAME) == PROTOCOL
    for outside in ("../walking.md", "/etc/passwd", "walking"):
        with pytest.raises(UsageError, match="no protocol"):
            protocols.text(outside)
        assert "no protocol" in opened(screens, PROTOCOL + "- letters\n", outside)


def test_a_file_that_was_given_is_read_and_not_written(walks: CorpusService, tmp_path: Path) -> None:
    mine = tmp_path / "mine" / "review.md"
    mine.parent.mkdir()
    mine.write_text(PROTOCOL)
    protocols = Protocols(tmp_path / "screenings", [mine])
    screens = Screenings(walks, protocols, writable=True)
    assert protocols.names() == {"review.md": False}
    assert "read from your file" in opened(screens, PROTOCOL + "- letters\n", "review.md")
    screen = opened(screens, PROTOCOL, "review.md")
    screens.step(sent(screen, "include"))
    assert (tmp_path / "mine" / "review.decisions.jsonl").exists()
    assert mine.read_text() == PROTOCOL
    assert not (tmp_path / "screenings").exists()


def test_strangers_screen_nothing(walks: CorpusService, tmp_path: Path) -> None:
    mine = tmp_path / "review.md"
    mine.write_text(PROTOCOL)
    calls = PageCalls(walks, writable=False, protocols=[mine])
    assert calls.screenings.why_not == OFF
    assert not calls.screenings.names()
    assert "Screening is off" in calls.protocol({"name": "review.md"})["error"]
    assert "Screening is off" in opened(calls.screenings, PROTOCOL, "review.md")
    assert list(tmp_path.iterdir()) == [mine]


def test_papers_are_saved_with_labels_and_reasons(walks: CorpusService) -> None:
    calls = PageCalls(walks, writable=True)
    screen = opened(calls.screenings)
    decided = paper_of(screen)
    calls.screening_step(sent(screen, "exclude", reason="1").model_dump())
    of_screen = {"name": raw("data-name", screen), "version": raw("data-version", screen)}
    file = calls.screening_file({**of_screen, "kind": "csv"})
    assert file["name"] == "screening-walking.csv"
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(file["text"].removeprefix("\ufeff")))}
    assert (rows[decided]["label"], rows[decided]["by"], rows[decided]["reason_number"]) == ("exclude", "person", "1")
    assert (rows["trial"]["by"], rows["trial"]["file"]) == ("machine", "abstracts/walks.jsonl")
    assert "TY  - " in calls.screening_file({**of_screen, "kind": "ris"})["text"]
    assert "base64" in calls.screening_file({**of_screen, "kind": "xlsx"})
    assert "cannot be read" in calls.screening_file({**of_screen, "kind": "bibtex"})["error"]
    for wrong in ({}, of_screen, None, {**of_screen, "act": "maybe"}):
        assert "cannot be read" in calls.screening_step(wrong)["error"]


def test_decisions_are_checked_again_blind(screens: Screenings, protocols: Protocols) -> None:
    screen = opened(screens)
    first = paper_of(screen)
    screens.step(sent(screen, "exclude", reason="2"))
    blind = screens.step(sent(screen, "show", recheck=True))["html"]
    assert paper_of(blind) == first
    assert "The machine" not in blind
    assert "passes" not in blind
    done = screens.step(sent(screen, "include", blind, recheck=True))["html"]
    assert "All papers of the re-check are decided." in done
    assert "1 paper, agreement 0%" in done
    assert log_of(protocols).current[first].label == "exclude"
    rest = screens.step(sent(screen, "show", done))["html"]
    assert "The machine" in rest


def test_a_known_paper_that_the_machine_excludes_comes_first(screens: Screenings) -> None:
    screen = opened(screens, PROTOCOL + "## Seeds\n- old\n")
    assert paper_of(screen) == "old"
    assert "A known paper of the protocol" in screen
    after = screens.step(sent(screen, "include"))["html"]
    assert paper_of(after) != "old"
    assert "A known paper" not in after


def test_what_was_judged_before_a_stop_is_not_judged_again(screens: Screenings, protocols: Protocols) -> None:
    text = PROTOCOL + "- letters\n"
    seen: list[tuple[str, int, int | None]] = []

    def stop(stage: str, done: int, total: int | None) -> None:
        seen.append((stage, done, total))
        if done == 3:
            raise InterruptedError

    name = protocols.store("", text)
    with pytest.raises(InterruptedError):
        screens.begin(name, stop)
    assert seen[-1] == ("Screening papers", 3, 4)
    seen.clear()
    screens.begin(name, lambda *told: seen.append(told))
    assert seen[0] == ("Screening papers", 0, 1)


@given(
    st.text("ab <&>.", min_size=1, max_size=30).filter(str.strip),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(list(Verdict))), max_size=4),
)
def test_quotes_are_marked_and_no_letter_is_lost(abstract: str, places: list[tuple[int, int, Verdict]]) -> None:
    paper = Paper("p", "T", abstract, (Source("a.ris", 1),))
    criterion = read_protocol(PROTOCOL, "p").criteria[0]
    spans = [(min(s, e, len(abstract)), min(max(s, e), len(abstract)), verdict) for s, e, verdict in places]
    verdicts = [
        CriterionVerdict(criterion, verdict, Finding(Holds.YES, "", Evidence("abstract", "", quote_of(paper, s, e))))
        for s, e, verdict in spans
        if e > s
    ]
    parts = [*marked_abstract(paper, PaperJudgement("p", tuple(verdicts)))]
    assert "".join(text for text, _, _ in parts) == abstract
    marked = "".join(text for text, verdict, _ in parts if verdict)
    covered = {n for s, e, verdict in spans if verdict is not Verdict.UNCLEAR for n in range(s, e)}
    assert len(marked) == len(covered)
