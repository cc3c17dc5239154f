"""The table of how models write, `behaviours/replies.yaml`: each row whole, and letter by letter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from llama_index.core.schema import NodeWithScore, TextNode

from askpapers.answering.draft import WrittenStatement
from askpapers.answering.judgement import Judgement
from askpapers.answering.model_judged import ModelJudge
from askpapers.answering.model_written import ModelSynthesizer
from askpapers.datatypes import Paper, Passage, Source
from askpapers.errors import ModelBrokenError, ModelCutShortError
from askpapers.llm.model import Mark, Messages, Model, Schema
from askpapers.llm.usage import Meter
from askpapers.progress import Progress
from askpapers.prompts import load_prompts
from askpapers.replies.prose import Discarded
from askpapers.replies.writing import Refused

ROWS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "behaviours" / "replies.yaml").read_text(encoding="utf-8")
)
PROMPTS = load_prompts()
NAMES = [f"{row['kind']}: {row['name']}" for row in ROWS]
PAPERS = [
    Paper("kiln", "KilnNet - steady heat for small potteries", "KilnNet reduces cracking by 17%.", (Source("a", 1),)),
    Paper("goose", "Geese", "We weighed 23 geese. They weighed 4.1 kg.", (Source("a", 2),)),
    Paper("lake", "On a lake", "The lake covers 5 km². The values lie in [0, 1].", (Source("a", 3),)),
]
ANSWERS = [row for row in ROWS if row["kind"] != "verdicts"]
SURVEYS = [row for row in ROWS if row["kind"] == "verdicts"]


def quiet(stage: str, done: int, total: int | None) -> None:
    """Told of progress, and says nothing."""


class InPieces(Model):
    """A model that writes a reply in pieces of so many characters, without a server: the table is long."""

    name = "scripted"

    def __init__(self, reply: str, size: int, *, cut: bool = False) -> None:
        self._pieces: list[str | Mark] = [reply[at : at + size] for at in range(0, len(reply), size)]
        self._pieces += [Mark.CUT] if cut else []

    def write(
        self, messages: Messages, meter: Meter, told: Progress, schema: Schema | None = None
    ) -> Iterator[str | Mark]:
        yield from self._pieces

    def room(self, messages: Messages) -> int:
        return 1_000


def node(paper: Paper) -> NodeWithScore:
    places = {"start": 0, "end": len(paper.abstract), "paper_score": 1.0, "cosine": 1.0}
    return NodeWithScore(
        node=TextNode(text=paper.abstract, metadata={"paper": paper.id, "title": paper.title, **places}), score=1.0
    )


def test_the_table_is_sound() -> None:
    assert len(set(NAMES)) == len(ROWS) >= 60
    for row in ROWS:
        assert set(row) <= {"name", "from", "kind", "reply", "cut"} | {
            *("statements", "unknown", "refused", "verdicts", "broken")
        }
        assert sum(key in row for key in ("statements", "refused", "verdicts", "broken")) == 1, row
        assert row["from"]


@pytest.mark.parametrize("row", ANSWERS, ids=lambda row: f"{row['kind']}-{row['name']}")
def test_a_reply_gives_what_it_states(row: dict[str, Any]) -> None:
    check_reply(row, len(row["reply"]))
    check_reply(row, 1)


def check_reply(row: dict[str, Any], size: int) -> None:
    cut = row.get("cut", False)
    synthesizer = ModelSynthesizer(InPieces(row["reply"], size, cut=cut), PROMPTS, Meter(), quiet)
    pieces = synthesizer.write("by how much does KilnNet reduce cracking?", [node(paper) for paper in PAPERS])
    if row.get("broken"):
        with pytest.raises(ModelCutShortError if cut else ModelBrokenError):
            list(pieces)
        return
    results, words = [], ""
    for piece in pieces:
        if isinstance(piece, str):
            words += piece
        elif isinstance(piece, WrittenStatement):
            assert words == piece.text
            results.append(piece)
            words = ""
        elif isinstance(piece, Refused):
            assert row.get("refused")
        else:
            assert isinstance(piece, Discarded) or piece is (Mark.CUT if cut else Mark.RESTART)
            words = ""
    assert not words
    assert [(s.text, list(s.papers)) for s in results] == [
        (text, [PAPERS[n - 1].id for n in numbers]) for text, numbers in row.get("statements", {}).items()
    ]
    assert [n for s in results for n in s.unknown] == row.get("unknown", [])


@pytest.mark.parametrize("row", SURVEYS, ids=lambda row: row["name"])
def test_a_reply_gives_its_verdicts(row: dict[str, Any]) -> None:
    judge = ModelJudge(InPieces(row["reply"], len(row["reply"])), PROMPTS, Meter(), quiet)
    judgements = [Judgement(p, {}, 0.5, Passage(p.id, 0, len(p.abstract))) for p in PAPERS]
    verdicts = judge.judge("which papers reduce cracking?", judgements)
    if row.get("broken"):
        with pytest.raises(ModelBrokenError):
            list(verdicts)
        return
    found = [("unclear" if v.unclear else v.relevance.value if v.relevance else "no") for v in verdicts]
    assert found == [row["verdicts"][n] for n in (1, 2, 3)]
