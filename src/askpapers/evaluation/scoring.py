"""The scores of one question: which measures apply to a case, and what an answer gets on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from askpapers.datatypes import Paper, Verdict
from askpapers.evaluation import metrics
from askpapers.evaluation.replies import Quoted, Reply
from askpapers.evaluation.suites import Case, Kind
from askpapers.grounding.support import SupportCheck, with_title

_REFUSALS = {Kind.NEAR_MISS: "refused_near_misses", Kind.UNANSWERABLE: "refused_far"}
_SURVEYS = (Kind.SURVEY, Kind.ABSENT)
_FEW = 5
_MOSTLY = 2 / 3  # F1 from which a survey of a conversation counts as right


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure. `gist` says in a line what it is; docs/evaluation.md says it in full."""

    name: str
    title: str
    gist: str


GROUPS: dict[str, tuple[Metric, ...]] = {
    "Retrieval, by paper": (
        Metric("retrieval_recall_5", "Recall@5", "share of the papers to cite among the first five"),
        Metric("retrieval_recall_10", "Recall@10", "share of the papers to cite among the first ten"),
        Metric("retrieval_rr_10", "MRR@10", "one over the place of the first paper to cite"),
        Metric("retrieval_ndcg_10", "nDCG@10", "normalised discounted cumulative gain of the first ten"),
    ),
    "Questions of fact": (
        Metric("intent", "Intent read", "the question's shape is the labelled one (all questions)"),
        Metric("answered", "Answered, of answerable", "the rest are false refusals"),
        Metric("right_paper_first", "Right paper first", "the first paper is one to cite; a refusal is wrong"),
        Metric("must_recall", "Papers to cite, cited", "share of the papers to cite that are cited"),
        Metric("facts", "Facts found", "share of the facts in the answer or its quotes; a refusal has none"),
        Metric("facts_stated", "Facts stated", "the same in the statements alone: no quote counts"),
        Metric(
            "nothing_forbidden",
            "Nothing forbidden said",
            "no statement gives what is no answer",
        ),
        Metric("answered_right", "Right, of answered", "all facts and a paper to cite; unanswerable ones are wrong"),
        Metric("refused", "Refused, of unanswerable", "status not_in_corpus where the corpus has no answer"),
        Metric("refused_near_misses", "Refused, of near misses", "the paper is there, the figure asked for is not"),
        Metric("refused_far", "Refused, of far questions", "nothing in the corpus is near"),
    ),
    "Surveys": (
        Metric("survey_precision", "Survey precision", "of the papers listed, those that match"),
        Metric("survey_recall", "Survey recall", "of the papers that match, those listed"),
        Metric("survey_f1", "Survey F1", "harmonic mean of the two, by question"),
        Metric("survey_f1_of_five", "F1 of the five best instead", "what listing the first five retrieved would get"),
        Metric("count_right", "Count right", "the number is that of the matching papers"),
        Metric("nothing_matched", "Nothing matched, of absent", "a topic that is not there gives no match"),
    ),
    "Conversations": (
        Metric("turn_right", "Turns right", "answered rightly, refused or asked back where that is right"),
        Metric("follow_up_right", "Follow-ups right", "the same of the turns after the first"),
        Metric("asked_back", "Asked back", "a question that refers to nothing is answered with a question"),
    ),
    "Grounding": (
        Metric("citation_recall", "Citation recall", "statements supported by the quotes that they cite (ALCE)"),
        Metric("citation_precision", "Citation precision", "citations that their statement needs (ALCE)"),
        Metric("supported_by_cited", "Supported by a cited paper", "its abstract supports the statement"),
        Metric("supported_by_any", "Supported by any paper", "the same, of all papers cited or retrieved"),
        Metric("verbatim", "Quotes verbatim", "character for character, at the place given"),
    ),
}
METRICS: dict[str, Metric] = {metric.name: metric for group in GROUPS.values() for metric in group}


def score(
    case: Case,
    reply: Reply,
    ranking: Sequence[str] | None,
    papers: Mapping[str, Paper],
    check: SupportCheck,
    *,
    judges: bool,
) -> dict[str, float]:
    """The scores of an answer by the names of the metrics that apply.

    `ranking` are the ids of the papers as retrieved, best first, or None where that is not known; `papers`
    are those of the corpus by id. `judges`: the system gives the papers of a survey verdicts. The retrieval metrics are
    in `ranking.py`, all questions at once.
    """
    listed = reply.listed(judges) if reply.answered else ()
    content = _survey(case, listed, ranking) if case.kind in _SURVEYS else _content(case, reply)
    scores = {name: float(value) for name, value in content}
    if case.turn:
        scores.update(_of_turn(case, scores))
    scores.update(_grounding(reply, ranking, papers, check))
    if reply.intent is not None:
        scores["intent"] = float(reply.intent == case.intent)
    return scores


def _content(case: Case, reply: Reply) -> Iterator[tuple[str, float]]:
    if case.kind is Kind.READING:
        return
    cited = [paper.id for paper in reply.papers]
    facts = metrics.fact_recall(case.facts, reply.full_text if reply.answered else "") if case.facts else None
    stated = "\n".join(said.text for said in reply.statements) if reply.answered else ""
    if case.kind is Kind.FACTUAL:
        yield "answered", reply.answered
        if facts is not None:
            yield "facts", facts
            yield "facts_stated", metrics.fact_recall(case.facts, stated)
        if case.must:  # a draft may name none yet
            yield "right_paper_first", reply.answered and bool(cited) and cited[0] in case.must
            yield "must_recall", metrics.recall(cited if reply.answered else (), case.must)
    elif case.kind is Kind.UNCLEAR:
        yield "asked_back", not reply.answered and "?" in reply.text
    else:
        yield "refused", not reply.answered
        yield _REFUSALS[case.kind], not reply.answered
    if reply.answered and (case.must or not case.answerable):
        right = bool(case.answerable) and facts in (None, 1.0) and any(paper in case.must for paper in cited)
        yield "answered_right", float(right)
    if reply.answered and case.forbidden:
        yield "nothing_forbidden", not any(_is_forbidden(case, said.text) for said in reply.statements)


def _of_turn(case: Case, scores: Mapping[str, float]) -> dict[str, float]:
    """Whether a turn of a conversation is right, from its other scores."""
    if case.kind is Kind.SURVEY:
        right = float(scores.get("survey_f1", 0.0) >= _MOSTLY)
    else:
        name = {Kind.FACTUAL: "answered_right", Kind.ABSENT: "nothing_matched", Kind.UNCLEAR: "asked_back"}
        right = scores.get(name.get(case.kind, "refused"), 0.0)
    return {"turn_right": right, **({"follow_up_right": right} if case.turn > 1 else {})}


def _is_forbidden(case: Case, statement: str) -> bool:
    """Whether a statement gives what must not be the answer; beside a fact, in one sentence, it does not."""
    right = any(metrics.says(statement, option) for fact in case.facts for option in fact)
    return not right and any(metrics.says(statement, text) for text in case.forbidden)


def _survey(case: Case, listed: Sequence[str], ranking: Sequence[str] | None) -> Iterator[tuple[str, float]]:
    matched = [paper for paper in listed if paper not in case.may]
    if not case.answerable:
        yield "nothing_matched", not matched
        return
    if not case.must:
        return
    if matched:
        yield "survey_precision", metrics.precision(matched, case.must)
    yield "survey_recall", metrics.recall(matched, case.must)
    yield "survey_f1", metrics.f1(matched, case.must)
    if case.intent == "count":
        yield "count_right", len(case.must) <= len(listed) <= len(case.must) + len(case.may)
    if ranking is not None:
        yield "survey_f1_of_five", metrics.f1([p for p in ranking[:_FEW] if p not in case.may], case.must)


def _grounding(
    reply: Reply, ranking: Sequence[str] | None, papers: Mapping[str, Paper], check: SupportCheck
) -> Iterator[tuple[str, float]]:
    if not reply.answered:
        return

    def entails(source: str, statement: str) -> bool:
        return check(statement, source).verdict is Verdict.SUPPORTED

    def abstracts_of(ids: Sequence[str]) -> list[str]:
        found = [papers[paper] for paper in dict.fromkeys(ids) if paper in papers]
        return [with_title(paper.title, paper.abstract) for paper in found]

    def shown(citation: Quoted | None) -> str:
        """A quote as its reader sees it, and as ALCE has passages: behind the title of its paper."""
        paper = papers.get(citation.paper) if citation else None
        return "" if not citation else with_title(paper.title, citation.text) if paper else citation.text

    if reply.citations:
        abstracts = {paper.id: paper.abstract for paper in papers.values()}
        yield "verbatim", _share([metrics.verbatim(citation, abstracts) for citation in reply.citations])
    if not reply.statements:
        return
    statements = [(s.text, [shown(c) for c in s.citations]) for s in reply.statements]
    yield "citation_recall", metrics.citation_recall(statements, entails)
    yield "citation_precision", metrics.citation_precision(statements, entails)
    everything = abstracts_of([*(paper.id for paper in reply.papers), *(ranking or ())])
    by_cited, by_any = [], []
    for said, (text, quotes) in zip(reply.statements, statements, strict=True):
        cited = abstracts_of([c.paper for c in said.citations if c])
        # What the quotes support together, the papers that they stand in support too.
        by_quotes = bool(quotes) and entails(" ".join(quotes), text)
        by_cited.append(by_quotes or metrics.supported(text, cited, entails))
        by_any.append(by_cited[-1] or metrics.supported(text, everything, entails))
    yield "supported_by_cited", _share(by_cited)
    yield "supported_by_any", _share(by_any)


def _share(values: Sequence[bool]) -> float:
    return sum(values) / len(values)
