"""The LlamaIndex query engine: the one path of every question, whoever asks it.

A question is read, and answered from the records, by a survey, by a comparison, or by what a synthesizer makes of the
passages that were retrieved; every draft is grounded.
"""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from dataclasses import replace

from llama_index.core.base.response.schema import RESPONSE_TYPE
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import NodeWithScore, QueryBundle

from askpapers.answering.about import about_corpus, asks_about_corpus
from askpapers.answering.abstracts import findings, more_of, overview
from askpapers.answering.compare import Comparer
from askpapers.answering.conversation import FollowUp, called
from askpapers.answering.draft import Draft
from askpapers.answering.guidance import Guidance, ask_back, nothing_more
from askpapers.answering.guide import guide, note_on_program, of_the_answer
from askpapers.answering.intent import Intent
from askpapers.answering.judgement import ModelVerdict
from askpapers.answering.metadata import RecordAnswerer
from askpapers.answering.parts import note_of_several, split_parts
from askpapers.answering.query import read_query
from askpapers.answering.question_words import asks_for_findings
from askpapers.answering.sides import read_sides
from askpapers.answering.similar_papers import answer_similar
from askpapers.answering.survey import Surveyor, newest_or_oldest
from askpapers.answering.topic import read_topic
from askpapers.answering.unmet import unmet
from askpapers.answering.years import note_of_ranking
from askpapers.coverage import Coverage
from askpapers.datatypes import Answer, Relevance, Status
from askpapers.engine.asked import Asked, Parts
from askpapers.engine.bounds import with_left_out, with_other_years
from askpapers.engine.conversation import follow_up, narrowed, only_these
from askpapers.engine.drafts import draft_parts, draft_sides
from askpapers.engine.events import source_nodes
from askpapers.engine.instrumentation import SurveyEndEvent, SurveyStartEvent, send, span, synthesis
from askpapers.engine.nodes import evidence_of
from askpapers.engine.request import CorpusQuery, EventResponse, Way, checked
from askpapers.engine.stream import AnswerStream, response_of
from askpapers.engine.synthesizer import GroundedSynthesizer
from askpapers.errors import ModelError
from askpapers.events import Event
from askpapers.grounding.ground import ground
from askpapers.retrieval import PaperRetriever

_WAYS = {Intent.SURVEY: Way.SURVEY, Intent.COUNT: Way.SURVEY, Intent.COMPARISON: Way.COMPARE}
_SYNTHESIZERS = {Way.ANSWER: "extractive", Way.SURVEY: "survey", Way.COMPARE: "comparison"}


class CorpusQueryEngine(RetrieverQueryEngine):
    """Answers questions about a corpus; surveys look at every paper of it.

    Of LlamaIndex's class it has `retrieve`, `synthesize` and their kin, the postprocessors, and the switch for
    streaming that chat engines turn; how a question is answered is its own.
    """

    def __init__(self, parts: Parts, streaming: bool = False, similarity_top_k: int | None = None) -> None:
        """Answer with these parts, from `similarity_top_k` passages at most where one set of them is retrieved."""
        self._parts = parts
        self._most = similarity_top_k
        self._synthesizer = GroundedSynthesizer(parts, streaming)
        retriever = PaperRetriever(parts.current, parts.embedder, most=similarity_top_k)
        super().__init__(retriever, self._synthesizer, list(parts.postprocessors))

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        stream = self._answer_stream(query_bundle)
        if isinstance(query_bundle, CorpusQuery) and query_bundle.events:
            return EventResponse(None, stream=stream)
        return stream.streaming() if self._synthesizer._streaming else stream.response()

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        stream = self._answer_stream(query_bundle)
        return await asyncio.to_thread(stream.async_streaming if self._synthesizer._streaming else stream.response)

    def _answer_stream(self, query: QueryBundle) -> AnswerStream:
        asked = query if isinstance(query, CorpusQuery) else CorpusQuery(query.query_str)
        return AnswerStream(self._work(asked), source_nodes)

    def _work(self, query: CorpusQuery) -> Generator[Event, None, Answer]:
        """Answer a question."""
        within, history, way, progress = query.within, query.history, query.way, query.progress
        question = checked(query.query_str)
        index = self._parts.current()  # one generation of it for the whole question
        asked = Asked(self._parts, question, read_query(question, index), index, within, progress, query.strict)
        if asks_about_corpus(asked.query, in_conversation=bool(history)):
            progress("Finding the topics", 0, None)
            with asked.timed("overview"):
                about = about_corpus(index, asked.admitted)
            return asked.guidance(about)
        if given := guide(asked.query, index, in_conversation=bool(history)):
            return asked.guidance(given)
        at_once = not history or bool(asked.query.named.papers)
        if at_once and (answer := self._from_records(asked, content=bool(way))):
            return answer
        asked.choose_model(query.llm)
        if not way and not history and not asked.model and (parts := split_parts(asked.query.text)):
            draft = draft_parts(asked, parts, self._retrieved, self._synthesizer.draft)
            return with_left_out(self._drafted(asked, Way.ANSWER, draft), asked, within)
        shown = next((turn.papers for turn in reversed(history) if turn.papers), ())
        if not asked.model and (given := of_the_answer(asked.query.typed, shown)):
            return asked.guidance(given)
        asked.notes += () if asked.model else note_of_several(asked.query.text)
        follow = yield from follow_up(asked, history)
        if follow.unclear and not asked.query.named.papers:
            return asked.guidance(ask_back(follow.unclear))
        if follow.beyond is not None:
            return self._more(asked, follow)
        everything = asked.within
        asked.within = narrowed(everything, follow.papers)
        if follow.only:
            asked.notes.append(only_these(asked.within))
        elif asked.model:
            asked.within = everything  # a model says in its sentences which paper it means
        content = bool(way) or (at_once and not asked.searched)  # the records were asked
        answer = yield from self._answered(asked, way, content=content)
        if answer.status is not Status.ANSWERED and follow.papers and not follow.only and not asked.model:
            asked.within = everything
            answer = yield from self._answered(asked, way, content=content)
        if answer.status is not Status.ANSWERED:
            answer = replace(answer, notes=(*answer.notes, *note_on_program(asked.question)))
        return with_left_out(answer, asked, within)

    def _answered(self, asked: Asked, way: Way | None, *, content: bool) -> Generator[Event, None, Answer]:
        """The answer to a question that stands by itself."""
        if not way and (similar := answer_similar(asked.query, asked.index, asked.within)):
            return asked.guidance(similar)
        if answer := self._from_records(asked, content=content):
            return answer
        if not way and asked.query.intent is Intent.YES_NO and (taken := self._sides(asked)):
            return self._drafted(asked, Way.SURVEY, taken)
        way = way or _WAYS.get(asked.query.intent, Way.ANSWER)
        if way is Way.SURVEY:
            return with_other_years(self._survey(asked), asked, _surveyed)
        if way is Way.COMPARE and (sides := read_sides(asked.query.undated)):
            with asked.timed("comparison"):
                compared = self._comparer(asked).compare(sides)
            if compared:
                return self._drafted(asked, Way.COMPARE, compared)
        if asked.query.named.asks_overview and way is Way.ANSWER and not asked.model:
            named = asked.query.named
            draft_of = findings if asks_for_findings(named.rest) else overview
            return self._drafted(asked, way, draft_of(named.papers))
        with asked.timed("retrieval"):
            nodes = self._retrieved(asked)
        answer = yield from self._synthesizer.write(asked, nodes)
        return with_other_years(answer, asked, lambda other: self._synthesizer.draft(other, self._retrieved(other)))

    def _retrieved(self, asked: Asked) -> list[NodeWithScore]:
        return self._retrieve_within(asked, asked.query.undated)

    def _retrieve_within(self, asked: Asked, text: str) -> list[NodeWithScore]:
        """The passages for a text of the papers that the question is about, as the postprocessors leave them."""
        query = QueryBundle(text)
        retriever = PaperRetriever(lambda: asked.index, self._parts.embedder, within=asked.admitted, most=self._most)
        nodes = retriever.retrieve(query)
        if not self._node_postprocessors:
            return nodes
        evidence = evidence_of(self._apply_node_postprocessors(nodes, query), text, asked.index, self._parts.embedder)
        asked.outside.update(evidence.papers)
        return evidence.passages

    def _more(self, asked: Asked, follow: FollowUp) -> Answer:
        """Further sentences of the papers that a follow-up is about."""
        papers = [asked.index.papers.by_id(paper) for paper in follow.papers]
        if draft := more_of(papers, follow.beyond or ()):
            return self._drafted(asked, Way.ANSWER, draft)
        return asked.guidance(nothing_more(called(papers[0])))

    def _from_records(self, asked: Asked, *, content: bool) -> Answer | None:
        """What the papers' records say; None for a question about what the papers say, as any is taken with `content`.

        Where no paper has a name that the question is restricted to, that is the answer.
        """
        if missing := unmet(asked.index.papers, asked.admitted):
            return asked.guidance(Guidance(missing, "metadata", answered=False))
        if asked.query.records is None or content:
            return None

        def matching(topic: str) -> tuple[list[str], Coverage]:
            surveyed = Surveyor(asked.judge(), asked.admitted).judge(topic)
            return [p for p, relevance in surveyed.found.items() if relevance is Relevance.MATCH], surveyed.coverage

        with asked.timed("records"):
            given = RecordAnswerer(asked.index, asked.admitted, matching).answer(asked.query)
        return asked.guidance(given) if given else None

    def _survey(self, asked: Asked) -> Answer:
        """Judge every paper by its scores; where there is a model, it decides on those that they leave in doubt."""
        surveyor, verdicts = Surveyor(asked.judge(), asked.admitted), tuple[ModelVerdict, ...]()
        with asked.timed("survey"), span(self, "survey"):
            send(SurveyStartEvent(query=asked.question))
            surveyed = surveyor.judge(read_topic(asked.query.undated))
            if asked.model:
                from askpapers.engine.modelled import survey

                try:
                    surveyed, verdicts = survey(asked, surveyor, surveyed)
                except ModelError as error:
                    asked.fall_back(error)
            draft = surveyor.draft_of(surveyed, verdicts, counted=asked.query.intent is Intent.COUNT)
            if asked.query.newest is not None:
                newest, count = asked.query.newest, asked.query.count
                draft, notes = newest_or_oldest(draft, asked.index, newest=newest, count=count)
                asked.notes += notes
            asked.notes += note_of_ranking(asked.query.text)
            send(_end_of_survey(asked.question, draft))
        return self._drafted(asked, Way.SURVEY, draft, by_model=bool(verdicts))

    def _sides(self, asked: Asked) -> Draft | None:
        with asked.timed("survey"), span(self, "survey"):
            return draft_sides(asked)

    def _drafted(self, asked: Asked, way: Way, draft: Draft, *, by_model: bool = False) -> Answer:
        with synthesis(self, asked.question) as finish:
            with asked.timed("grounding"):
                grounded = ground(draft, asked.paper_of, self._parts.check)
            answer = asked.answer(
                _SYNTHESIZERS[way], grounded, coverage=draft.coverage, emphasis=draft.emphasis, by_model=by_model
            )
            finish(response_of(answer, source_nodes))
        return answer

    def _comparer(self, asked: Asked) -> Comparer:
        reader, weights = self._parts.reader, self._parts.weights("abstain")
        return Comparer(lambda text: self._retrieve_within(asked, text), asked.topic, reader, weights, asked.index)


def _surveyed(asked: Asked) -> Draft:
    surveyor = Surveyor(asked.judge(), asked.admitted)
    return surveyor.draft_of(surveyor.judge(read_topic(asked.query.undated)))


def _end_of_survey(question: str, draft: Draft) -> SurveyEndEvent:
    assert draft.coverage
    matches = [judged.passage.paper for judged in draft.judged if judged.relevance is Relevance.MATCH]
    return SurveyEndEvent(query=question, checked=draft.coverage.checked, total=draft.coverage.total, matches=matches)
