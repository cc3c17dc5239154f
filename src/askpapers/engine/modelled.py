"""The way of an answer that a model writes: each sentence is checked when it ends, and nothing unchecked stays."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

from llama_index.core.schema import NodeWithScore

from askpapers.answering.draft import Draft, WrittenStatement
from askpapers.answering.model_written import ModelSynthesizer
from askpapers.answering.writing import Refused
from askpapers.datatypes import Paper, Statement, Turn, Verdict
from askpapers.events import Delta, Event, Said, Withdrawn
from askpapers.grounding.decisive import find_footing
from askpapers.grounding.ground import Grounded, Grounder
from askpapers.grounding.support import SupportCheck
from askpapers.llm.model import Mark, Model, Told
from askpapers.llm.usage import Meter
from askpapers.prompts import Prompts

_CUT = "The model reached its longest answer; the sentence that it was writing is left out."
_LONGEST_CONDENSED = 500  # characters
_TURNS = 6  # of a conversation that a follow-up is completed from
_LONGEST_TURN = 600  # characters of an answer in it


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What became of a model's answer. `withheld` are unsupported sentences that a strict answer leaves out."""

    grounded: Grounded
    notes: tuple[str, ...]
    withheld: tuple[Statement, ...]
    refused: bool

    @property
    def stands(self) -> bool:
        """Whether anything of it is at least partly supported."""
        return any(s.verdict is not Verdict.UNSUPPORTED for s in self.grounded.statements)


def write_answer(
    synthesizer: ModelSynthesizer,
    question: str,
    nodes: Sequence[NodeWithScore],
    paper_of: Callable[[str], Paper],
    check: SupportCheck,
    *,
    strict: bool,
) -> Generator[Event, None, ModelAnswer]:
    """Let the model write and check each sentence against the retrieved papers. Raises ModelError.

    `strict` withholds unsupported sentences, so that no word is shown before its sentence was checked.
    """
    pool = list(dict.fromkeys(node.metadata["paper"] for node in nodes))
    papers: dict[str, Paper] = {}

    def known(paper: str) -> Paper:
        return papers.setdefault(paper, paper_of(paper)) if paper not in papers else papers[paper]

    grounder, notes, withheld, refused = Grounder(known), list[str](), list[Statement](), False
    for piece in synthesizer.write(question, nodes):
        match piece:
            case Mark.RESTART:
                grounder, notes, withheld, refused = Grounder(known), [], [], False
                yield Withdrawn("The model was interrupted and begins again.")
            case Mark.CUT:
                notes.append(_CUT)
            case Refused():
                refused = True
            case WrittenStatement():
                notes += [
                    f"The model cited [{n}], which is no source; the citation was removed." for n in piece.unknown
                ]
                footing = find_footing(piece, pool, known, check)
                if strict and footing.support.verdict is Verdict.UNSUPPORTED:
                    withheld.append(
                        Statement(piece.text, (), Verdict.UNSUPPORTED, footing.support.score, footing.support.missing)
                    )
                    continue
                statement, citations = grounder.state(
                    piece.text, footing.passages, footing.support, repaired=footing.repaired
                )
                yield Said(
                    statement, citations, tuple(known(p) for p in dict.fromkeys(c.quote.paper for c in citations))
                )
            case str() if not strict:
                yield Delta(piece)
    if withheld:
        notes.append(f"{len(withheld)} unsupported sentence{'s were' if len(withheld) > 1 else ' was'} withheld.")
    return ModelAnswer(grounder.grounded(Draft()), tuple(dict.fromkeys(notes)), tuple(withheld), refused)


def condense(question: str, history: Sequence[Turn], model: Model, prompts: Prompts, meter: Meter, told: Told) -> str:
    """Have the model rewrite a follow-up so that it stands by itself. Raises ModelError."""
    turns = "\n".join(
        f"Question: {' '.join(turn.question.split())}\nAnswer: {' '.join(turn.answer.split())[:_LONGEST_TURN]}"
        for turn in history[-_TURNS:]
    )
    written = model.say(prompts["condense"].fill({"question": question, "conversation": turns}), meter, told)
    lines = [line for line in written.rpartition("</think>")[2].splitlines() if line.strip()]
    condensed = " ".join(lines[0].split()).strip('"“” ') if lines else ""
    return condensed if 0 < len(condensed) <= _LONGEST_CONDENSED else question
