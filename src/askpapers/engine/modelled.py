"""The ways of a question that a model has a part in; whatever it writes is checked before it counts."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from llama_index.core.schema import NodeWithScore

from askpapers.answering.draft import Draft, Miss, WrittenStatement
from askpapers.answering.figures import RELEVANT, states_figure
from askpapers.answering.intent import Intent
from askpapers.answering.judgement import ModelVerdict
from askpapers.answering.model_judged import MOST_JUDGED, ModelJudge
from askpapers.answering.model_written import ModelSynthesizer
from askpapers.answering.relevance import likeliest, titled
from askpapers.answering.rewritten import rewritten_question
from askpapers.answering.survey import Surveyed, Surveyor
from askpapers.config_file import JUDGES_ALL
from askpapers.counts import counted
from askpapers.coverage import Coverage
from askpapers.datatypes import Answer, Paper, Passage, Statement, Turn, Verdict
from askpapers.engine.asked import Asked
from askpapers.errors import ModelDeclinedError, ModelError, ModelUnsupportedError
from askpapers.events import Delta, Event, SentenceChecked, Undone, Withdrawn
from askpapers.grounding.decisive import find_answer_grounds
from askpapers.grounding.ground import Grounded, Grounder, ground
from askpapers.grounding.support import SupportCheck
from askpapers.llm.model import Mark
from askpapers.replies.prose import Discarded
from askpapers.replies.writing import Refused

_CUT = "The model reached its longest answer; the sentence that it was writing is left out."
_REPEATS = "The model began to repeat itself and was stopped."
_OFFERED = "without the model, this sentence would be the answer"
_TURNS = 6  # of a conversation that a follow-up is completed from
_LONGEST_TURN = 600  # characters of an answer in it
_NAMED = 5  # unclear papers that are named


@dataclass(frozen=True, slots=True)
class CheckedReply:
    """What a model wrote, checked. `withheld` are unsupported sentences that a strict answer leaves out."""

    grounded: Grounded
    notes: tuple[str, ...]
    withheld: tuple[Statement, ...]
    refused: bool

    @property
    def stands(self) -> bool:
        """Whether anything of it is at least partly supported."""
        return any(s.verdict is not Verdict.UNSUPPORTED for s in self.grounded.statements)


def answer(asked: Asked, nodes: list[NodeWithScore], extractive: Callable[[], Draft]) -> Generator[Event, None, Answer]:
    """The answer that the model writes. Raises ModelError.

    Where nothing that it writes is supported, or gives the figure that is asked for, that is a ModelUnsupportedError;
    where it says that the sources do not answer, and the extractive answer has a sentence that likely does, a
    ModelDeclinedError: it is then to be answered without the model. Where there is to be no such answer, or no such
    sentence, the corpus does not answer, and the sentences that the extractive answer would say are offered as the
    closest that there is.
    """
    assert asked.model
    assert asked.meter
    models = asked.parts.models
    synthesizer = ModelSynthesizer(
        *(asked.model, models.prompts, asked.meter, asked.progress, models.evidence(asked.model.spec)),
        schema=models.wants_schema(asked.model.spec),
    )
    with asked.timed("model"):
        written = yield from write(
            synthesizer, asked.query.text, nodes, asked.paper_of, asked.parts.check, strict=asked.strict
        )
    no_figure = written.stands and asked.query.intent is Intent.QUANTITY and not _gives_figure(asked, written.grounded)
    if written.stands and not no_figure:
        asked.notes += written.notes
        return asked.answer("model", written.grounded, withheld=written.withheld, by_model=True)
    draft = extractive()
    if written.refused:
        declines = f"{asked.model.name} says that the sources do not answer this."
        if models.fallback and _likely_answers(asked, draft):
            raise ModelDeclinedError(declines, hint="Its sentences are the papers' own: judge by them.")
        asked.notes += (*written.notes, declines)
    else:
        is_not = "gives the figure that is asked for" if no_figure else "is supported by the papers"
        nothing = f"Nothing that {asked.model.name} wrote {is_not}."
        if models.fallback:
            raise ModelUnsupportedError(nothing, hint="See what it wrote with --no-fallback, or use a larger model.")
        asked.notes += (*written.notes, nothing)
    offered = tuple(Miss(p, _OFFERED) for s in draft.statements for p in s.cites) or draft.closest
    closest = ground(Draft(closest=offered), asked.paper_of, asked.parts.check).closest
    said = written.grounded
    refusal = Grounded("", said.statements, said.citations, said.papers, closest, None)
    return asked.answer(
        "model", refusal, withheld=written.withheld, emphasis=draft.emphasis, answered=False, by_model=True
    )


def _gives_figure(asked: Asked, said: Grounded) -> bool:
    """Whether a statement that is not unsupported gives the figure that is asked for, by its words and its papers'."""
    topic = asked.topic(asked.query.undated)
    paper_of = {citation.number: citation.quote.paper for citation in said.citations}
    return any(
        states_figure(statement.text, asked.paper_of(paper_of[number]), topic)
        for statement in said.statements
        if statement.verdict is not Verdict.UNSUPPORTED
        for number in statement.citations
    )


def _likely_answers(asked: Asked, draft: Draft) -> bool:
    """Whether a sentence of a draft answers the question by what the reader finds: likelier than not (decision 20)."""
    passages = [passage for statement in draft.statements for passage in statement.cites]
    papers = [asked.paper_of(passage.paper) for passage in passages]
    texts = [titled(of.title, of.abstract[p.start : p.end]) for of, p in zip(papers, passages, strict=True)]
    return likeliest(asked.parts.reader, asked.query.undated, texts) > RELEVANT


def write(
    synthesizer: ModelSynthesizer,
    question: str,
    nodes: Sequence[NodeWithScore],
    paper_of: Callable[[str], Paper],
    check: SupportCheck,
    *,
    strict: bool,
) -> Generator[Event, None, CheckedReply]:
    """Let the model write and check each sentence against the retrieved papers. Raises ModelError.

    `strict` withholds unsupported sentences, so that no word is shown before its sentence was checked. A model that
    says a sentence again is stopped: small ones go round in a circle.
    """
    pool = list(dict.fromkeys(node.metadata["paper"] for node in nodes))
    papers = {paper: paper_of(paper) for paper in pool}
    grounder, notes, withheld, refused = Grounder(papers.__getitem__), list[str](), list[Statement](), False
    said: dict[str, SentenceChecked | None] = {}
    before = tuple[str, ...]()  # the papers of the last sentence that was supported
    pieces = synthesizer.write(question, nodes)
    for piece in pieces:
        match piece:
            case Mark.RESTART:
                grounder, notes, withheld, refused = Grounder(papers.__getitem__), [], [], False
                said.clear()
                before = ()
                yield Withdrawn("The model begins again.")
            case Mark.CUT:
                notes.append(_CUT)
            case Mark.REPEATS:
                notes.append(_REPEATS)
            case Refused():
                refused = True
            case WrittenStatement() if (words := piece.text.casefold()) in said:
                if again := said[words]:  # its words are on the screen: they get their mark
                    yield again
                notes.append(_REPEATS)
                break
            case WrittenStatement():
                notes += [f"The model cited [{n}], which is no source; removed." for n in piece.unknown]
                grounds = find_answer_grounds(piece, question, pool, papers.__getitem__, check, before)
                support = grounds.support
                if support.verdict is Verdict.SUPPORTED:
                    before = tuple(_papers_of(grounds.passages))
                if strict and support.verdict is Verdict.UNSUPPORTED:
                    withheld.append(Statement(piece.text, (), support.verdict, support.score, support.missing))
                    said[words] = None
                    continue
                statement, citations = grounder.state(piece.text, grounds.passages, support, repaired=grounds.repaired)
                said[words] = now = SentenceChecked(
                    statement, citations, tuple(papers[p] for p in _papers_of(grounds.passages))
                )
                yield now
            case Discarded():
                if not strict:
                    yield Undone()
            case str():
                if not strict:
                    yield Delta(piece)
    pieces.close()
    if withheld:
        notes.append(f"{len(withheld)} unsupported sentence{'s were' if len(withheld) > 1 else ' was'} withheld.")
    return CheckedReply(grounder.grounded(Draft()), tuple(dict.fromkeys(notes)), tuple(withheld), refused)


def condense(asked: Asked, history: Sequence[Turn], completed: str) -> str:
    """Have the model rewrite a follow-up so that it stands by itself; `completed` is what rules made of it.

    Raises ModelError.
    """
    assert asked.model
    assert asked.meter
    turns = "\n".join(
        f"Question: {' '.join(turn.text.split())}\nAnswer: {' '.join(turn.answer.split())[:_LONGEST_TURN]}"
        for turn in history[-_TURNS:]
    )
    prompt = asked.parts.models.prompts["condense"].fill({"question": asked.question, "conversation": turns})
    written = asked.model.say(prompt, asked.meter, asked.progress)
    return rewritten_question(written, asked.question, turns) or completed


def survey(asked: Asked, surveyor: Surveyor, surveyed: Surveyed) -> tuple[Surveyed, tuple[ModelVerdict, ...]]:
    """Have the model read the papers that the scores leave in doubt, or all: what it says, and the count of it.

    Raises ModelError where it gives no verdict at all. Where it fails later, what it has read by then counts.
    """
    assert asked.model
    assert asked.meter
    models = asked.parts.models
    judge = ModelJudge(asked.model, models.prompts, asked.meter, asked.progress, models.evidence(asked.model.spec))
    read_all = models.judges == JUDGES_ALL
    chosen = (surveyor.candidates if read_all else surveyor.in_doubt)(surveyed)[:MOST_JUDGED]
    verdicts = list[ModelVerdict]()
    try:
        for verdict in judge.judge(asked.query.text, chosen):
            verdicts.append(verdict)
    except ModelError as error:
        if all(v.unclear for v in verdicts) or not models.fallback:
            raise
        asked.notes.append(f"{error} The rest of the papers were decided without it. {error.hint}")
    coverage = replace(surveyed.coverage, read_by_model=len(verdicts))
    asked.notes += _of_verdicts(asked.model.name, verdicts, coverage)
    return replace(surveyed, coverage=coverage), tuple(verdicts)


def _of_verdicts(model: str, verdicts: Sequence[ModelVerdict], coverage: Coverage) -> Iterator[str]:
    """What is to be said of a survey that a model had a part in: how many papers it read, and which are unclear."""
    rest = coverage.checked - len(verdicts)
    if not verdicts:
        yield f"The scores leave no paper in doubt; {model} was not asked."
    elif rest:
        others = f"the other {rest:,} {'was' if rest == 1 else 'were'} decided without it"
        yield f"{model} read {len(verdicts):,} of {counted(coverage.checked, 'paper')}; {others}."
    else:
        yield f"{model} read all {len(verdicts):,} papers."
    if unclear := [v.judgement.paper.title for v in verdicts if v.unclear]:
        more = f" and {len(unclear) - _NAMED:,} more" if len(unclear) > _NAMED else ""
        named = f"{'; '.join(unclear[:_NAMED])}{more}"
        yield f"{len(unclear)} unclear, or without a quote that is found, and decided without it: {named}."


def _papers_of(passages: Sequence[Passage]) -> Iterator[str]:
    return iter(dict.fromkeys(p.paper for p in passages))
