"""Checks sentences that a real model wrote and that were judged by hand: what is shown wrongly, what is lost.

    python benchmarks/written_sentences.py [FILE] [--corpus seeds] [--index PATH] [--extractive] [--show]

eval/recordings/sentences.jsonl has a line for each question: the papers that were found, and each sentence with the
papers that it cites and whether it is true by the papers ("yes", "partly", "no": by one reading). No model is needed:
the sentences are those of its replies, and are given their quotes and verdicts anew, by the code as it is.

--extractive  answers the questions without a model too: counts the facts in both, and in what is shown where the model
              says that the sources do not answer, or nothing of it is supported
--show        prints what is wrong and shown as supported, and what is right and lost
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from askpapers.answering.draft import WrittenStatement
from askpapers.answering.figures import RELEVANT, states_figure
from askpapers.answering.intent import Intent
from askpapers.answering.query import read_query
from askpapers.answering.question import read_terms
from askpapers.answering.relevance import likeliest, titled
from askpapers.datatypes import Answer, Paper, Verdict
from askpapers.engine import Corpus, open_corpus
from askpapers.evaluation.metrics import citation_precision, citation_recall, fact_recall
from askpapers.grounding.checks import open_check
from askpapers.grounding.decisive import Grounds, find_answer_grounds
from askpapers.grounding.support import SupportCheck, with_title
from askpapers.reading.protocol import RelevanceReader

SENTENCES = Path(__file__).parents[1] / "eval" / "recordings" / "sentences.jsonl"
TRUTHS = ("yes", "partly", "no")


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence with its truth by hand and what it stands on by the check."""

    text: str
    true: str
    grounds: Grounds

    @property
    def verdict(self) -> Verdict:
        """As it is shown."""
        return self.grounds.support.verdict


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=SENTENCES)
    parser.add_argument("--corpus", default="seeds")
    parser.add_argument("--index", default=None)
    parser.add_argument("--extractive", action="store_true")
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    corpus = open_corpus(arguments.corpus, index=arguments.index, llm="none")
    papers = {paper.id: paper for paper in corpus.papers()}
    check = open_check("fitted", corpus.embedder)
    questions = read_questions(arguments.file)
    answers = [(question, list(checked(question, papers, check))) for question in questions]
    no_figure = {
        question["id"] for question, said in answers if not gives_what_is_asked(question, said, papers, corpus)
    }
    for name, value in figures(answers, papers, check, no_figure).items():
        print(f"{name}: {value}")
    if arguments.extractive:
        own = {question["id"]: corpus.ask(question["question"]) for question in questions}
        for name, value in with_fallback(answers, own, corpus.reader, no_figure).items():
            print(f"{name}: {value}")
    if arguments.show:
        for question, sentences in answers:
            for s in sentences:
                wrong = s.verdict is Verdict.SUPPORTED and s.true == "no"
                if wrong or (s.verdict is Verdict.UNSUPPORTED and s.true == "yes"):
                    print(f"{'WRONG' if wrong else 'LOST '} {question['id']} {s.grounds.support.score:.2f} {s.text}")


def read_questions(file: Path) -> list[dict[str, Any]]:
    """The questions of the file, with their sentences."""
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def checked(question: Mapping[str, Any], papers: Mapping[str, Paper], check: SupportCheck) -> Iterator[Checked]:
    """The sentences of a reply in order, as an answer shows them."""
    before = tuple[str, ...]()
    for sentence in question["sentences"]:
        said = WrittenStatement(sentence["text"], tuple(sentence["cites"]))
        pool = question["pool"]
        grounds = find_answer_grounds(said, question["question"], pool, papers.__getitem__, check, before)
        if grounds.support.verdict is Verdict.SUPPORTED:
            before = tuple(dict.fromkeys(p.paper for p in grounds.passages))
        yield Checked(sentence["text"], sentence["true"], grounds)


def gives_what_is_asked(
    question: Mapping[str, Any], sentences: Sequence[Checked], papers: Mapping[str, Paper], corpus: Corpus
) -> bool:
    """Whether a sentence that is not unsupported gives the figure that is asked for, where one is."""
    query = read_query(question["question"], corpus.index)
    topic = read_terms(query.undated, corpus.index, corpus.embedder)
    return query.intent is not Intent.QUANTITY or any(
        states_figure(s.text, papers[passage.paper], topic)
        for s in sentences
        if s.verdict is not Verdict.UNSUPPORTED
        for passage in s.grounds.passages
    )


def figures(
    answers: Sequence[tuple[Mapping[str, Any], Sequence[Checked]]],
    papers: Mapping[str, Paper],
    check: SupportCheck,
    no_figure: Collection[str],
) -> dict[str, str]:
    """What is shown how, by what it is; facts, refusals and citations of the answers."""
    every = [s for q, sentences in answers for s in sentences if q["id"] not in no_figure]
    beside = Counter(s.true for q, sentences in answers for s in sentences if q["id"] in no_figure)
    found = {f"{verdict}": Counter(s.true for s in every if s.verdict is verdict) for verdict in Verdict}
    shown = [(q, [s for s in sentences if _stands(sentences) and q["id"] not in no_figure]) for q, sentences in answers]
    facts = [(q, s) for q, s in shown if q["answerable"] and q["facts"]]
    near = [s for q, s in shown if not q["answerable"]]
    cited = [[(s.text, _quotes(s.grounds, papers)) for s in sentences] for _, sentences in shown if sentences]

    def entails(source: str, statement: str) -> bool:
        return check(statement, source).verdict is Verdict.SUPPORTED

    supported, right = sum(found["supported"].values()), sum(s.true == "yes" for s in every)
    return {
        "sentences": str(len(every)),
        **{f"shown as {verdict}": ", ".join(f"{counts[t]} {t}" for t in TRUTHS) for verdict, counts in found.items()},
        "withdrawn, as none gives the figure that is asked for": ", ".join(f"{beside[t]} {t}" for t in TRUTHS),
        "wrong, shown as supported": _share(found["supported"]["no"], supported),
        "right, shown as unsupported": _share(found["unsupported"]["yes"], right),
        "facts found": _share(sum(fact_recall(q["facts"], _as_one_text(s)) == 1.0 for q, s in facts), len(facts)),
        "near misses refused": _share(sum(not s for s in near), len(near)),
        "citation recall": f"{_mean([citation_recall(c, entails) for c in cited]):.3f} of {len(cited)} answers",
        "citation precision": f"{_mean([citation_precision(c, entails) for c in cited]):.3f} of {len(cited)} answers",
    }


def with_fallback(
    answers: Sequence[tuple[Mapping[str, Any], Sequence[Checked]]],
    own: Mapping[str, Answer],
    reader: RelevanceReader,
    no_figure: Collection[str],
) -> dict[str, str]:
    """Facts and refusals without a model, and with the papers' own sentences in the place of what does not stand."""
    alone, mixed = dict[str, str](), dict[str, str]()  # what the answers say, by the question's id
    for question, sentences in answers:
        name, answer = question["id"], own[question["id"]]
        alone[name] = _as_one_text(answer.statements)
        if _stands(sentences) and name not in no_figure:
            mixed[name] = _as_one_text(sentences)
        else:
            texts = [titled(_title(answer, c.quote.paper), c.quote.text) for c in answer.citations]
            declined = not sentences and likeliest(reader, question["question"], texts) <= RELEVANT
            mixed[name] = "" if declined else alone[name]
    facts = [q for q, _ in answers if q["answerable"] and q["facts"]]
    near = [q for q, _ in answers if not q["answerable"]]
    counts = dict[str, str]()
    for how, said in (("without a model", alone), ("with a fallback", mixed)):
        found = sum(fact_recall(q["facts"], said[q["id"]]) == 1.0 for q in facts)
        counts[f"facts found {how}"] = _share(found, len(facts))
        counts[f"near misses refused {how}"] = _share(sum(not said[q["id"]] for q in near), len(near))
    return counts


def _title(answer: Answer, paper: str) -> str:
    return next(found.paper.title for found in answer.papers if found.paper.id == paper)


def _stands(sentences: Sequence[Checked]) -> bool:
    return any(s.verdict is not Verdict.UNSUPPORTED for s in sentences)


def _as_one_text(statements: Sequence[Any]) -> str:
    return " ".join(s.text for s in statements if s.verdict is not Verdict.UNSUPPORTED)


def _quotes(grounds: Grounds, papers: Mapping[str, Paper]) -> list[str]:
    return [with_title(papers[p.paper].title, papers[p.paper].abstract[p.start : p.end]) for p in grounds.passages]


def _share(count: int, total: int) -> str:
    return f"{count} of {total} ({100 * count / total:.1f}%)" if total else "0 of 0"


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


if __name__ == "__main__":
    main()
