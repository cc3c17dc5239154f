"""The standard measures of a ranking, computed by ir-measures. The only room that imports it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

Judgements = Mapping[str, Mapping[str, int]]
"""How relevant papers are (0: not), by question and paper."""

Rankings = Mapping[str, Sequence[str]]
"""Paper ids, best first, by question."""

SUITE_MEASURES = {
    "retrieval_recall_5": "R@5",
    "retrieval_recall_10": "R@10",
    "retrieval_rr_10": "RR@10",
    "retrieval_ndcg_10": "nDCG@10",
}


def ranking_scores(judgements: Judgements, rankings: Rankings, measures: Iterable[str]) -> dict[str, dict[str, float]]:
    """Scores by question and measure, which is named as ir-measures names it ("nDCG@10").

    Questions without a ranking are left out; one with an empty ranking gets 0.
    """
    import ir_measures

    parsed = [ir_measures.parse_measure(name) for name in measures]
    asked = [question for question in judgements if question in rankings]
    qrels = [
        ir_measures.Qrel(question, paper, relevance)
        for question in asked
        for paper, relevance in judgements[question].items()
    ]
    run = [
        # Only the order counts; a score of its own for each place keeps it.
        ir_measures.ScoredDoc(question, paper, -float(place))
        for question in asked
        for place, paper in enumerate(rankings[question])
    ]
    scores: dict[str, dict[str, float]] = defaultdict(lambda: {str(measure): 0.0 for measure in parsed})
    for question in asked:
        scores[question]
    for found in ir_measures.iter_calc(parsed, qrels, run) if run else ():
        scores[found.query_id][str(found.measure)] = float(found.value)
    return dict(scores)
