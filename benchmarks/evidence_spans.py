"""Scores which words of a text are quoted for a question, on the gold spans of ACL-Verbatim (see `word_f1.py`).

    python benchmarks/evidence_spans.py [DATA_FOLDER] --abstracts abstracts.jsonl [--joined]

DATA_FOLDER is a checkout of github.com/KRLabsOrg/acl-verbatim (Apache-2.0): 20 queries, for each five chunks of papers
with the spans that an annotator marked, none in 53 of the 100. Each way gives sentences a score and quotes those from a
bound on. The bounds are those of the best word-F1 on labelled abstracts (`training/README.md` says what they are; each
has a question that it answers, with the sentences that do, and one that it does not answer). The gold set chooses
nothing and is scored once for each way, among them what whole answers of `ask` quote.

`--joined` chooses and scores on abstracts in which each answering sentence is joined to the next by a semicolon, and
its half is gold: whole sentences cannot be right there, clauses can. It leaves the gold set alone.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from askpapers.answering.relevance import answer_odds, titled
from askpapers.engine import open_corpus
from askpapers.index.embedder import MiniLM
from askpapers.reading.cross_encoder import CrossEncoderReader
from askpapers.tables.phrases import clauses
from askpapers.tables.words import Sentence, read_abstract
from word_f1 import Counts, Quotes, Row, Span, count_questions, count_words, find_span, resampled_f1, total

Scored = list[tuple[float, Span]]

_GOLD = "333_20260206_dense_top5_20260305.json"
_EVERY = 3  # of the labelled abstracts, one in so many is for development
_BOUNDS = 80  # that are tried
_HALF = 0.5
_SLACKS = (-np.inf, -1.0, 0.0, 1.0, 2.0, np.inf)  # log odds that a clause may read worse than its sentence
_RELATIVE = frozenset("which who whom whose that where when".split())
_LEANING = _RELATIVE | frozenset(
    "while whereas because since although though if as it they this these those he she its their such to by with"
    " without for from in of on and or but so than then thus is are was were showing suggesting demonstrating"
    " indicating achieving outperforming resulting leading compared".split()
)


@dataclass(frozen=True, slots=True)
class Cut:
    """A sentence, the clause of it that may be quoted instead, and how many log odds that reads worse."""

    sentence: Span
    clause: Span
    drop: float


def read_gold(folder: Path) -> list[Row]:
    """The rows of the gold set; a marked span that is not in its chunk is left out, as its own scorer does."""
    rows = []
    for line in (folder / _GOLD).read_text(encoding="utf-8").splitlines():
        query = json.loads(line)
        for result in query["results"]:
            text = result["chunk"]
            found = (find_span(text, quote) for quote in result["gold_extraction"])
            rows.append(Row(query["query"], result["title"], text, tuple(span for span in found if span)))
    return rows


def read_development(abstracts: Path) -> list[Row]:
    """The questions of every third labelled abstract, with the sentences that answer as gold."""
    rows = []
    for line in abstracts.read_text(encoding="utf-8").splitlines()[::_EVERY]:
        paper = json.loads(line)
        for question in paper["questions"]:
            gold = tuple((a, b) for a, b in (paper["sentences"][number - 1] for number in question["sentences"]))
            rows.append(Row(question["text"], paper["title"], paper["text"], gold))
    return rows


def join_sentences(row: Row) -> Row:
    """The row with each answering sentence joined to the one after it by a semicolon in place of its full stop."""
    text = row.text
    for _, end in row.gold:
        if text[end - 1] == "." and text[end:].strip():
            text = f"{text[: end - 1]};{text[end:]}"
    return replace(row, text=text)


class Scorer:
    """Gives the sentences of rows, and clauses of them, the scores that bounds are put on."""

    def __init__(self) -> None:
        self._embedder = MiniLM()
        self._reader = CrossEncoderReader()

    def by_embedder(self, row: Row) -> Scored:
        """The cosine of the question and each sentence in its paper's name."""
        found = read_abstract(row.text)
        vectors = self._embedder.embed([titled(row.title, s.text) for s in found])
        cosines = (vectors @ self._embedder.embed_question(row.question)).tolist()
        return [(cosine, (s.start, s.end)) for cosine, s in zip(cosines, found, strict=True)]

    def by_reader(self, row: Row) -> Scored:
        """The log odds that each sentence answers, read in its paper's name."""
        found = read_abstract(row.text)
        odds = self._odds(row, [(s.start, s.end) for s in found])
        return [(mine, (s.start, s.end)) for mine, s in zip(odds, found, strict=True)]

    def best_clauses(self, row: Row, scored: Scored, bound: float) -> list[Cut]:
        """The sentences from a bound on, each with the clause of it that reads best, where one stands alone."""
        cuts = []
        for (mine, span), sentence in zip(scored, read_abstract(row.text), strict=True):
            if mine >= bound:
                parts = standing_alone(sentence)
                drop, part = min(
                    ((mine - odds, p) for odds, p in zip(self._odds(row, parts), parts, strict=True)),
                    default=(np.inf, span),
                )
                cuts.append(Cut(span, part, drop))
        return cuts

    def _odds(self, row: Row, spans: Sequence[Span]) -> list[float]:
        texts = [titled(row.title, row.text[start:end]) for start, end in spans]
        odds: list[float] = answer_odds(self._reader, row.question, texts).tolist()
        return odds


def standing_alone(sentence: Sentence) -> list[Span]:
    """The clauses of a sentence, if it has several, that open with no word that joins or stands for something."""
    words, parts = sentence.words, clauses(sentence)
    openings = [0, *(last + 1 for _, last in parts[:-1])]  # `clauses` leaves out an "and" or "which" in front
    alone = [
        sentence.span(part)
        for part, opening in zip(parts, openings, strict=True)
        if words[opening].form not in _RELATIVE and words[part[0]].form not in _LEANING
    ]
    return alone if len(parts) > 1 else []


def from_bound(scored: Sequence[Scored], bound: float) -> list[list[Span]]:
    """The spans of each row that score at least a bound."""
    return [[span for score, span in mine if score >= bound] for mine in scored]


def best_bound(rows: Sequence[Row], scored: Sequence[Scored]) -> float:
    """The bound with the best word-F1, of the quantiles of the scores."""
    counted = [
        (score, count_words(row, [span])) for row, mine in zip(rows, scored, strict=True) for score, span in mine
    ]
    gold = sum(count_words(row, []).gold for row in rows)

    def f1(bound: float) -> float:
        above = [counts for score, counts in counted if score >= bound]
        return Counts(sum(c.both for c in above), sum(c.quoted for c in above), gold).f1

    bounds: list[float] = np.quantile([score for score, _ in counted], np.linspace(0.2, 1, _BOUNDS)).tolist()
    return max(bounds, key=f1)


def half_gold(row: Row) -> list[Span]:
    """The sentences of which at least half the words are gold: the most that whole sentences can do."""
    spans = [(s.start, s.end) for s in read_abstract(row.text)]
    return [span for span in spans if count_words(row, [span]).precision >= _HALF]


def quotes_of_answers(rows: Sequence[Row]) -> list[list[Span]]:
    """What whole answers quote of each row, without a language model, over a corpus of all texts."""
    texts = list(dict.fromkeys((row.title, row.text) for row in rows))
    with tempfile.TemporaryDirectory() as folder:
        lines = [json.dumps({"id": str(i), "title": t, "abstract": text}) for i, (t, text) in enumerate(texts)]
        Path(folder, "chunks.jsonl").write_text("\n".join(lines), encoding="utf-8")
        corpus = open_corpus(Path(folder, "chunks.jsonl"), index=Path(folder, "index"), llm="none")
        answers = {question: corpus.ask(question) for question in dict.fromkeys(row.question for row in rows)}
    quoted: dict[str, list[str]] = {q: [c.quote.text for c in answer.citations] for q, answer in answers.items()}
    return [[s for quote in quoted[row.question] if (s := find_span(row.text, quote))] for row in rows]


def main() -> None:
    """Choose the bounds on the development set and print a line for each way."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?", metavar="DATA_FOLDER")
    parser.add_argument("--abstracts", type=Path, required=True, help="labelled abstracts, for the bounds")
    parser.add_argument("--joined", action="store_true")
    arguments = parser.parse_args()
    sets = {"development": read_development(arguments.abstracts)}
    if arguments.joined:
        sets["development"] = [join_sentences(row) for row in sets["development"]]
    elif arguments.data:
        sets["gold"] = read_gold(arguments.data)
    scorer, bounds, slack = Scorer(), dict[str, float](), -np.inf
    for name, rows in sets.items():
        near, read = [scorer.by_embedder(row) for row in rows], [scorer.by_reader(row) for row in rows]
        if name == "development":
            bounds = {"embedder": best_bound(rows, near), "reader": best_bound(rows, read)}
        cuts = [scorer.best_clauses(row, mine, bounds["reader"]) for row, mine in zip(rows, read, strict=True)]
        if name == "development":
            slack = max(_SLACKS, key=lambda least: total(count_questions(rows, cut(cuts, least))).f1)
            print(f"bounds {bounds}, slack {slack}")
            for least in _SLACKS:
                print(f"  slack {least}: {total(count_questions(rows, cut(cuts, least))).f1:.3f}")
        ways = {
            "nearest sentences": from_bound(near, bounds["embedder"]),
            "sentences read": from_bound(read, bounds["reader"]),
            "clauses of them": cut(cuts, slack),
        }
        if name == "gold":
            ways["half gold at least"] = [half_gold(row) for row in rows]
            ways["answers of ask"] = quotes_of_answers(rows)
        report(name, rows, ways)


def cut(cuts: Sequence[Sequence[Cut]], slack: float) -> list[list[Span]]:
    """The clause of each sentence that reads at most `slack` log odds worse than it, else the sentence."""
    return [[c.clause if c.drop <= slack else c.sentence for c in mine] for mine in cuts]


def report(name: str, rows: Sequence[Row], ways: Mapping[str, Quotes]) -> None:
    """Print word-F1 of each way with its 95% interval, and the difference from whole sentences with its own."""
    tables = {way: count_questions(rows, quotes) for way, quotes in ways.items()}
    base = resampled_f1(tables["sentences read"])
    print(f"{name}: {len(rows)} rows, {sum(not row.gold for row in rows)} without gold")
    for way, table in tables.items():
        counts, f1 = total(table), resampled_f1(table)
        (low, high), (least, most) = np.percentile(f1, [2.5, 97.5]), np.percentile(f1 - base, [2.5, 97.5])
        print(
            f"  {way:<18} F1 {counts.f1:.3f} ({low:.3f} to {high:.3f}), precision {counts.precision:.3f}, recall"
            f" {counts.recall:.3f}, against sentences read {least:+.3f} to {most:+.3f}"
        )


if __name__ == "__main__":
    main()
