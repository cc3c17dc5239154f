"""The LlamaIndex query engine: retrieves, lets a synthesizer draft or a model write, and grounds what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from enum import StrEnum

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptDictType, PromptMixinType
from llama_index.core.schema import NodeWithScore, QueryBundle

from askpapers.answering.about import about_corpus, asks_about_corpus
from askpapers.answering.compare import Comparer
from askpapers.answering.conversation import FollowUp, called
from askpapers.answering.draft import Draft
from askpapers.answering.extractive import ExtractiveSynthesizer
from askpapers.answering.guidance import Guidance, ask_back, nothing_more
from askpapers.answering.guide import guide
from askpapers.answering.intent import Intent
from askpapers.answering.judgement import ModelVerdict
from askpapers.answering.judging import Weights
from askpapers.answering.metadata import RecordAnswerer
from askpapers.answering.more import more_of
from askpapers.answering.overview import figures_of, overview
from askpapers.answering.parts import split_parts
from askpapers.answering.query import read_query
from askpapers.answering.question import Topic, read_terms
from askpapers.answering.sides import read_sides
from askpapers.answering.survey import Surveyor, at_the_end
from askpapers.answering.topic import counted_noun
from askpapers.answering.unmet import unmet
from askpapers.answering.years import Years
from askpapers.contract import answer_dict
from askpapers.coverage import Coverage
from askpapers.datatypes import EVERYTHING, Answer, Filter, Relevance, Status, Turn
from askpapers.engine.asked import Asked, Parts
from askpapers.engine.bounds import with_left_out, with_other_years
from askpapers.engine.conversation import follow_up, narrowed, only_these
from askpapers.engine.events import last, node_of, statement_events
from askpapers.engine.parts import draft_parts
from askpapers.errors import ModelError, UsageError
from askpapers.events import Event, Finished, Withdrawn
from askpapers.grounding.ground import ground
from askpapers.grounding.premises import against_premise
from askpapers.index.filling import Progress
from askpapers.index.generation import Index
from askpapers.retrieval import PaperRetriever

LONGEST_QUESTION = 4_000
"""Characters. The embedder reads about 1,000 of them."""


def no_progress(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


class Way(StrEnum):
    """The ways of answering a question."""

    ANSWER = "answer"
    SURVEY = "survey"
    COMPARE = "compare"


_WAYS = {Intent.SURVEY: Way.SURVEY, Intent.COUNT: Way.SURVEY, Intent.COMPARISON: Way.COMPARE}
_SYNTHESIZERS = {Way.ANSWER: "extractive", Way.SURVEY: "survey", Way.COMPARE: "comparison"}


class CorpusQueryEngine(BaseQueryEngine):
    """Answers questions about a corpus; surveys look at every paper of it."""

    def __init__(self, parts: Parts) -> None:
        """Answer with these parts."""
        super().__init__(callback_manager=None)
        self._parts = parts

    def stream(
        self,
        question: str,
        way: Way | None = None,
        progress: Progress = no_progress,
        *,
        history: Sequence[Turn] = (),
        within: Filter = EVERYTHING,
        llm: str | None = None,
        strict: bool = False,
    ) -> Generator[Event, None, None]:
        """Answer a question; see `Corpus.stream`."""
        question = _checked(question)
        index = self._parts.current()  # one generation of it for the whole question
        asked = Asked(self._parts, question, read_query(question, index), index, within, progress, strict)
        if asks_about_corpus(asked.query, in_conversation=bool(history)):
            progress("Finding the topics", 0, None)
            with asked.timed("overview"):
                about = about_corpus(index, asked.admitted)
            yield Finished(asked.guidance(about))
            return
        if given := guide(asked.query, index):
            yield Finished(asked.guidance(given))
            return
        at_once = not history or asked.query.named.papers
        if at_once and (answer := self._from_records(asked, content=bool(way))):
            yield Finished(answer)
            return
        asked.choose_model(llm)
        if not way and not history and not asked.model and (parts := split_parts(asked.query.text)):
            draft = draft_parts(asked, parts, self._retrieved, self._extractive)
            answer = with_left_out(self._drafted(asked, Way.ANSWER, draft), asked, within)
            yield from statement_events(answer)
            yield Finished(answer)
            return
        follow = yield from follow_up(asked, history)
        if follow.unclear and not asked.query.named.papers:
            yield Finished(asked.guidance(ask_back(follow.unclear)))
            return
        if follow.beyond is not None:
            yield from self._more(asked, follow)
            return
        everything = asked.within
        asked.within = narrowed(everything, follow.papers)
        if follow.only:
            asked.notes.append(only_these(asked.within))
        elif asked.model:
            asked.within = everything  # a model says in its sentences which paper it means
        answer = yield from self._answered(asked, way)
        if answer.status is not Status.ANSWERED and follow.papers and not follow.only and not asked.model:
            asked.within = everything
            answer = yield from self._answered(asked, way)
        answer = with_left_out(answer, asked, within)
        if not answer.engine.llm or answer.coverage:  # a model's sentences were said when they ended
            yield from statement_events(answer)
        yield Finished(answer)

    def _answered(self, asked: Asked, way: Way | None) -> Generator[Event, None, Answer]:
        """The answer to a question that stands by itself."""
        if answer := self._from_records(asked, content=bool(way)):
            return answer
        way = way or _WAYS.get(asked.query.intent, Way.ANSWER)
        if way is Way.SURVEY:
            return self._survey(asked)
        if way is Way.COMPARE and (sides := read_sides(asked.query.undated)):
            with asked.timed("comparison"):
                compared = self._comparer(asked).compare(sides)
            if compared:
                return self._drafted(asked, Way.COMPARE, compared)
        if asked.query.asks_overview and way is Way.ANSWER and not asked.model:
            return self._drafted(asked, way, overview(asked.query.named.papers))
        with asked.timed("retrieval"):
            nodes = self._retrieved(asked)
        answer = yield from self._answer(asked, nodes)
        if answer.status is Status.ANSWERED or asked.model:
            return answer
        if asked.query.intent is Intent.QUANTITY and (
            figures := figures_of(asked.query.named.papers, counted_noun(asked.query.text))
        ):
            return self._drafted(asked, way, figures)
        if asked.query.years == Years():
            return answer
        return with_other_years(answer, asked, lambda other: self._extractive(other, self._retrieved(other)))

    def _retrieved(self, asked: Asked) -> list[NodeWithScore]:
        return self._retriever(asked).retrieve(QueryBundle(asked.query.undated))

    def _more(self, asked: Asked, follow: FollowUp) -> Iterator[Event]:
        """Further sentences of the papers that a follow-up is about."""
        papers = [asked.index.papers.by_id(paper) for paper in follow.papers]
        if draft := more_of(papers, follow.beyond or ()):
            answer = self._drafted(asked, Way.ANSWER, draft)
            yield from statement_events(answer)
        else:
            answer = asked.guidance(nothing_more(called(papers[0])))
        yield Finished(answer)

    def _from_records(self, asked: Asked, *, content: bool) -> Answer | None:
        """What the papers' records say; None for a question about what the papers say, as any is taken with `content`.

        Where no paper has a name that the question is restricted to, that is the answer.
        """
        if missing := unmet(asked.index.papers, asked.admitted):
            return asked.guidance(Guidance(missing, "metadata", answered=False))
        if asked.query.records is None or content:
            return None

        def matching(topic: str) -> tuple[list[str], Coverage]:
            draft = self._surveyor(asked).survey(f"which papers are about {topic}?")
            assert draft.coverage
            return [j.passage.paper for j in draft.judged if j.relevance is Relevance.MATCH], draft.coverage

        with asked.timed("records"):
            given = RecordAnswerer(asked.index, asked.admitted, matching).answer(asked.query)
        return asked.guidance(given) if given else None

    def _surveyor(self, asked: Asked) -> Surveyor:
        parts = self._parts
        weights = Weights.of(parts.weights("survey"))
        return Surveyor(asked.index, parts.embedder, parts.reader, weights, asked.progress, asked.admitted)

    def _survey(self, asked: Asked) -> Answer:
        """Judge every paper by its scores; where there is a model, it decides on those that they leave in doubt."""
        surveyor, verdicts = self._surveyor(asked), tuple[ModelVerdict, ...]()
        with asked.timed("survey"):
            surveyed = surveyor.judge(asked.query.text)
            if asked.model:
                from askpapers.engine.modelled import survey

                try:
                    surveyed, verdicts = survey(asked, surveyor, surveyed)
                except ModelError as error:
                    asked.fall_back(error)
            draft = surveyor.draft_of(surveyed, verdicts)
            if asked.query.newest is not None:
                draft, told = at_the_end(draft, asked.index, newest=asked.query.newest, count=asked.query.count)
                asked.notes += told
        return self._drafted(asked, Way.SURVEY, draft, by_model=bool(verdicts))

    def _answer(self, asked: Asked, nodes: list[NodeWithScore]) -> Generator[Event, None, Answer]:
        """The answer that the model writes; without one, or when it fails, the sentences that answer."""
        if asked.model and nodes:
            from askpapers.engine.modelled import answer

            try:
                return (yield from answer(asked, nodes, lambda: self._extractive(asked, nodes)))
            except ModelError as error:
                asked.fall_back(error)
                yield Withdrawn(asked.notes[-1])
        with asked.timed("synthesis"):
            draft = self._extractive(asked, nodes)
            draft, notes = against_premise(asked.query.text, draft, asked.index.papers.by_id)
            asked.notes += notes
        return self._drafted(asked, Way.ANSWER, draft)

    def _drafted(self, asked: Asked, way: Way, draft: Draft, *, by_model: bool = False) -> Answer:
        with asked.timed("grounding"):
            grounded = ground(draft, asked.index.papers.by_id, self._parts.check)
        return asked.answer(
            _SYNTHESIZERS[way], grounded, coverage=draft.coverage, emphasis=draft.emphasis, by_model=by_model
        )

    def _retriever(self, asked: Asked) -> PaperRetriever:
        return PaperRetriever(lambda: asked.index, self._parts.embedder, within=asked.admitted)

    def _read_terms(self, index: Index) -> Callable[[str], Topic]:
        return lambda text: read_terms(text, index, self._parts.embedder)

    def _extractive(self, asked: Asked, nodes: list[NodeWithScore]) -> Draft:
        parts = self._parts
        synthesizer = ExtractiveSynthesizer(self._read_terms(asked.index), parts.reader, parts.weights("abstain"))
        return synthesizer.draft(asked.query.undated, nodes)

    def _comparer(self, asked: Asked) -> Comparer:
        retrieve, weights = self._retriever(asked).retrieve, self._parts.weights("abstain")
        return Comparer(retrieve, self._read_terms(asked.index), weights, asked.index.words.weight)

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = last(self.stream(query_bundle.query_str))
        text = answer.text or "Not in this corpus."
        nodes = [node_of(citation) for citation in answer.citations]
        return Response(response=text, source_nodes=nodes, metadata={"answer": answer_dict(answer)})

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return self._query(query_bundle)

    def _get_prompts(self) -> PromptDictType:
        return {}

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}

    def _update_prompts(self, prompts: PromptDictType) -> None:
        """Prompts are files, see `askpapers.prompts`."""


def _checked(question: str) -> str:
    question = " ".join(question.split())
    if not question:
        raise UsageError("The question is empty.", hint='Ask one: ask "which papers use RLHF?"')
    if len(question) > LONGEST_QUESTION:
        raise UsageError(
            f"The question has {len(question):,} characters, more than {LONGEST_QUESTION:,}.",
            hint="Ask a shorter one; a document to search in goes into the corpus (--corpus).",
        )
    return question
