"""Two reviewers on the page: names, blindness, disagreements, full texts, duplicates; protocols renamed and deleted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from askpapers.errors import UsageError
from askpapers.index.embedder import MiniLM
from askpapers.screening.decisions import DecisionLog, decisions_file
from askpapers.screening.outcomes import Status
from askpapers.screening.verdicts import Stage
from askpapers.service.corpus_service import CorpusService
from askpapers.service.protocols import DELETED, Protocols
from askpapers.web.calls import PageCalls
from askpapers.web.screening_steps import screening_html
from askpapers.web.screenings import Screenings
from web.conftest import make_service, write_json_lines
from web.test_screening_page import NAME, PROTOCOL, attribute, log_of, opened, paper_of, raw, sent, shown

TEXTS = {
    "meeting": (
        2019,
        "Walking at noon in summer",
        "We walked at noon in summer and counted ninety people's steps.",
    ),
    "journal": (
        2021,
        "Walking at noon in summer",
        "Ninety people walked at noon. Their steps were counted all summer.",
    ),
    "other": (2022, "Rowing", "We rowed up the river and wrote down what we saw."),
}


@pytest.fixture(scope="module")
def walks(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLM) -> CorpusService:
    folder = tmp_path_factory.mktemp("pairs")
    records = [
        {"id": name, "title": title, "abstract": abstract, "year": year, "doi": f"10.1000/{name}"}
        for name, (year, title, abstract) in TEXTS.items()
    ]
    write_json_lines(folder / "abstracts" / "walks.jsonl", records)
    return make_service(folder / "abstracts", folder / "index", embedder)


def opened_by(screens: Screenings, reviewer: str) -> str:
    view = screens.begin(next(iter(screens.names())), lambda *_: None, reviewer)
    return screening_html(view)


def step(screens: Screenings, screen: str, act: str, now: str = "", **fields: object) -> str:
    return str(screens.step(sent(screen, act, now or None, reviewer=raw("data-reviewer", screen), **fields))["html"])


def test_duplicates_come_first_and_the_one_that_goes_is_counted(screens: Screenings, protocols: Protocols) -> None:
    screen = opened(screens)
    assert "The same title, 2019 and 2021" in screen
    goes, stays = re.findall(r'data-paper="(\w+)" data-of="(\w+)" data-key="1"', screen)[0]
    assert (goes, stays) == ("meeting", "journal")
    done = step(screens, screen, "duplicate", stage="duplicates", paper=goes, of=stays)
    assert "No papers are left that may be the same." in done
    assert (
        "Nothing was decided"
        in screens.step(sent(screen, "different", stage="duplicates", paper=stays, of=goes))["said"]
    )
    papers = step(screens, screen, "show")
    assert paper_of(papers) in ("journal", "other")
    assert "2 papers screened by title and abstract" in papers
    assert log_of(protocols).removed == {"meeting": "journal"}
    undone = step(screens, screen, "undo", papers)
    assert "The same title" in undone


def test_two_browsers_are_blind_to_each_other_until_both_decided(screens: Screenings, protocols: Protocols) -> None:
    opened(screens)
    ana, bo = (opened_by(screens, name) for name in ("Ana", "Bo"))
    now = step(screens, ana, "show")
    name = paper_of(now)
    step(screens, ana, "exclude", now, reason="not on walking")
    of_bo = step(screens, bo, "show")
    assert "not on walking" not in of_bo.partition('class="report"')[0]  # the counts below are of all
    assert "hidden until you decide" in of_bo
    assert "Bo is new here, beside Ana: two have to decide." in of_bo
    shown_to_bo = step(screens, bo, "show", unblind=True)
    assert "Hide what others decided" in shown_to_bo
    step(screens, bo, "include", paper=name)
    log = log_of(protocols)
    assert log.outcomes()[name].status is Status.CONFLICT
    assert {who: vote.label for who, vote in log.outcomes()[name].votes.items()} == {"Ana": "exclude", "Bo": "include"}
    settling = step(screens, bo, "show", consensus=True)
    assert paper_of(settling) == name
    assert "<b>Ana</b>: exclude (not on walking)" in settling
    done = step(screens, bo, "include", settling, consensus=True)
    assert "Reviewers disagree on no paper." in done
    assert "Ana and Bo:" in done
    assert log_of(protocols).current[name].consensus
    again = screens.step(sent(ana, "exclude", None, reviewer="Ana", paper=name, consensus=True))
    assert "Nothing was decided" in again["said"]


def test_full_texts_on_the_page(screens: Screenings, protocols: Protocols) -> None:
    screen = opened(screens)
    first = step(screens, screen, "show")
    name = paper_of(first)
    after = step(screens, screen, "include", first)
    assert "Full texts (1)" in after
    text = step(screens, screen, "show", stage="full text")
    assert paper_of(text) == name
    assert "The machine" not in text
    assert "Not retrieved" in text
    with pytest.raises(UsageError, match="for a reason"):
        step(screens, screen, "exclude", text, stage="full text")
    done = step(screens, screen, "exclude", text, stage="full text", reason="no data")
    assert "All full texts are decided." in done
    assert "1 no data" in done
    assert log_of(protocols).outcomes(Stage.FULL_TEXT)[name].status is Status.DECIDED
    undone = step(screens, screen, "undo", done)
    assert paper_of(undone) == name
    assert 'data-stage="full text"' in undone


def test_a_name_is_asked_for_where_the_others_have_one(screens: Screenings) -> None:
    opened(screens)
    ana = opened_by(screens, "Ana")
    now = step(screens, ana, "show")
    step(screens, ana, "include", now)
    failed = shown(screens, PROTOCOL, NAME)[-1]
    assert "Whose decisions? Ana screened here by name." in failed
    assert "in the box “Your name”" in failed


def test_a_reviewer_is_renamed_with_what_they_decided(screens: Screenings, protocols: Protocols) -> None:
    opened(screens)
    ana = opened_by(screens, "Ana")
    step(screens, ana, "include", step(screens, ana, "show"))
    screens.rename_reviewer(NAME, "ana", "Ana Costa")
    assert log_of(protocols, NAME).reviewers == ("Ana Costa",)
    assert "Rename Ana Costa" in step(screens, opened_by(screens, "Ana Costa"), "show")


def test_a_protocol_is_renamed_with_its_decisions(screens: Screenings, protocols: Protocols) -> None:
    screen = opened(screens)
    step(screens, screen, "include", step(screens, screen, "show"))
    assert screens.rename(NAME, "Walks of 2026!") == "walks-of-2026.md"
    assert [*protocols.names()] == ["walks-of-2026.md"]
    assert len(log_of(protocols, "walks-of-2026.md").made) == 1
    with pytest.raises(UsageError, match="have changed"):
        step(screens, screen, "show")
    opened(screens)
    with pytest.raises(UsageError, match="already"):
        screens.rename(NAME, "walks of 2026")
    assert screens.rename(NAME, "../../etc/passwd") == "etc-passwd.md"
    assert [*screens.names()] == ["etc-passwd.md", "walks-of-2026.md"]


def test_a_deleted_protocol_is_put_away_with_its_decisions(
    screens: Screenings, protocols: Protocols, tmp_path: Path
) -> None:
    for _ in range(2):
        screen = opened(screens)
        step(screens, screen, "include", step(screens, screen, "show"))
        screens.delete(NAME)
        assert not protocols.names()
    away = tmp_path / "screenings" / DELETED
    assert sorted(file.name for file in away.glob("*.md")) == ["walking-2.md", "walking.md"]
    assert all(len(DecisionLog(decisions_file(file)).made) == 1 for file in away.glob("*.md"))
    assert paper_of(step(screens, opened(screens), "show"))  # a new one begins without decisions
    assert log_of(protocols).made == ()


def test_files_that_were_given_stay_where_they_are(walks: CorpusService, tmp_path: Path) -> None:
    mine = tmp_path / "review.md"
    mine.write_text(PROTOCOL)
    calls = PageCalls(walks, writable=True, protocols=[mine])
    assert "read from your file" in calls.delete_protocol({"name": "review.md"})["error"]
    assert "read from your file" in calls.rename_protocol({"name": "review.md", "to": "x"})["error"]
    assert "screen-delete" not in calls.protocols({})["html"].partition("review.md")[2].partition("</li>")[0]
    assert mine.read_text() == PROTOCOL
    off = PageCalls(walks, writable=False, protocols=[mine])
    assert "Screening is off" in off.delete_protocol({"name": "review.md"})["error"]


def test_another_text_of_a_name_asks_before_it_replaces(screens: Screenings, protocols: Protocols) -> None:
    opened(screens)
    other = PROTOCOL + "- letters\n"
    asked = opened(screens, other)
    assert "already, and it says something else" in asked
    assert f"Replace “{NAME}”" in asked
    assert attribute("data-name", asked.partition("screen-replace")[2]) == NAME
    assert protocols.text(NAME) == PROTOCOL
    opened(screens, other, NAME)
    assert protocols.text(NAME) == other
