"""`ask eval` as a person or a CI system uses it, with the real engine on small suites."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from askpapers.cli.evaluation import DEFAULT_SUITES
from askpapers.contract import answer_dict
from askpapers.engine import Corpus
from askpapers.evaluation.gates import read_gates
from askpapers.evaluation.suites import read_suite
from command_line import Ask, Outcome
from made_answers import answer
from model_server import ModelServer, embeds, fails, writes

ROOT = Path(__file__).resolve().parents[1]


Eval = Callable[..., Outcome]


@pytest.fixture
def evaluate(
    run_ask: Ask, seeds: Path, seed_index_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Eval:
    """Run `ask eval` on the seeds, in an empty folder."""
    monkeypatch.setenv("ASK_CORPUS", str(seeds))
    monkeypatch.setenv("ASK_INDEX", str(seed_index_folder))
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: run_ask("eval", *arguments)


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """Thirteen questions that the seeds' development suite has, eight of them of fact."""
    lines = (ROOT / "eval" / "suites" / "seeds-dev.jsonl").read_text(encoding="utf-8").splitlines()
    file = tmp_path / "small.jsonl"
    file.write_text("\n".join(lines[:13]) + "\n", encoding="utf-8")
    return file


GATES = "[small]\nfacts = { floor = 0.5, drop = 0.02 }\nverbatim = { floor = 1.0, drop = 0.0 }\n"


@pytest.fixture
def gates(tmp_path: Path) -> Path:
    (tmp_path / "eval").mkdir()
    file = tmp_path / "eval" / "gates.toml"
    file.write_text(GATES, encoding="utf-8")
    return file


def test_a_suite_is_run_accepted_and_run_again(evaluate: Eval, suite: Path, gates: Path, tmp_path: Path) -> None:
    first = evaluate(suite, "--accept", "the first")
    assert first.code == 0
    assert re.match(r"\d+ of 13 questions right\.\n", first.out)
    assert "small: 13 questions" in first.out
    assert "All 2 gates passed; 13 questions" in first.out
    assert re.findall(r"small: \d+ of 13", first.err) == [f"small: {done} of 13" for done in (0, 4, 7, 10, 13)]
    accepted = gates.with_name("accepted.json")
    assert '"reason": "the first"' in accepted.read_text(encoding="utf-8")
    again = evaluate(suite, "--json", "--report", tmp_path / "out")
    found = again.json
    assert (again.code, found["passed"]) == (0, True)
    (small,) = found["suites"]
    assert small["accepted"]["reason"] == "the first"
    assert (small["lost"], small["won"], small["notes"]) == ([], [], [])
    assert small["metrics"]["verbatim"]["estimate"]["mean"] == 1.0
    assert 0.5 <= small["metrics"]["retrieval_ndcg_10"]["estimate"]["mean"] <= 1.0
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "report.md",
        "report.html",
        "report.json",
        "junit.xml",
    }


def test_a_spoilt_threshold_fails_the_gate_and_names_the_questions(
    evaluate: Eval, suite: Path, gates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert evaluate(suite, "--accept", "the first").code == 0
    weights = Corpus.weights
    refusing = {"same_words": 0, "odds": 0, "abstract_odds": 0, "missing_names": 0, "intercept": -1}
    spoilt = {"few": refusing, "many": refusing}  # of abstaining: nearly everything is refused
    monkeypatch.setattr(Corpus, "weights", lambda self, name: spoilt if name == "abstain" else weights(self, name))
    outcome = evaluate(suite, "--report", tmp_path / "out")
    assert outcome.code == 1
    assert re.search(r"FAILED Facts found: 0\.\d+, below the floor of 0\.500; fell by ", outcome.out)
    assert "d001  what is meant by teacher forcing in sequence models?" in outcome.out
    assert "now:      not in this corpus" in outcome.out
    report = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "## Evaluation: FAILED" in report
    assert "- **d001** what is meant by teacher forcing" in report


def test_accepting_renews_what_is_compared_but_no_floor(evaluate: Eval, suite: Path, gates: Path) -> None:
    gates.write_text("[small]\nfacts = { floor = 1.0 }\n", encoding="utf-8")
    outcome = evaluate(suite, "--accept", "tried")
    assert outcome.code == 1
    assert gates.with_name("accepted.json").exists()


def test_answers_made_elsewhere(evaluate: Eval, suite: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    refusals = [{**answer(), "question": case.question} for case in read_suite(suite).cases]
    file.write_text("\n".join(map(json.dumps, refusals)), encoding="utf-8")
    found = evaluate(suite, "--answers", file, "--json").json
    metrics = found["suites"][0]["metrics"]
    assert metrics["answered"]["estimate"]["mean"] == 0.0
    assert metrics["refused"]["estimate"]["mean"] == 1.0
    assert not [name for name in metrics if name.startswith("retrieval")]
    file.write_text(json.dumps(refusals[0]), encoding="utf-8")
    outcome = evaluate(suite, "--answers", file)
    assert (outcome.code, outcome.out) == (2, "")
    assert "has no answer to d002" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], "There are no suites in eval/suites."),
        (["nowhere.jsonl"], "The suite nowhere.jsonl cannot be read"),
        (["--accept", " "], "--accept needs a reason."),
        (["small.jsonl", "--gates", "nowhere.toml"], "The gates nowhere.toml cannot be read"),
        (["small.jsonl", "--answers", "nowhere.jsonl"], "The answers nowhere.jsonl cannot be read"),
        (["new"], "Missing option '-o'"),
        (["new", "-o", "small.jsonl"], "small.jsonl is there already."),
        (["add", "nowhere.jsonl", "-s", "small.jsonl"], "The feedback nowhere.jsonl cannot be read"),
        (["retrieval", "nowhere"], "cannot be read"),
        (["grounding", "nowhere.jsonl"], "nowhere.jsonl"),
        (["small.jsonl", "--record", "r.jsonl"], "There is no model whose traffic could be recorded."),
        (["small.jsonl", "--record", "r.jsonl", "--replay", "r.jsonl"], "--record and --replay exclude each other."),
        (["--no-such-option"], "No such option"),
    ],
)
def test_wrong_usage_is_two_lines(evaluate: Eval, suite: Path, arguments: list[str], what: str) -> None:
    outcome = evaluate(*arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert what in outcome.err
    assert len(outcome.err.splitlines()) == 2


def test_a_suite_of_another_corpus(evaluate: Eval, tmp_path: Path) -> None:
    entry = {"id": "a", "question": "?", "intent": "open", "answerable": True, "must": ["no-such-paper"]}
    (tmp_path / "other.jsonl").write_text(json.dumps(entry), encoding="utf-8")
    outcome = evaluate("other.jsonl")
    assert outcome.code == 2
    assert "no-such-paper for one" in outcome.err


def test_a_suite_is_drafted_and_can_be_run(evaluate: Eval, tmp_path: Path) -> None:
    outcome = evaluate("new", "--count", "10", "-o", "mine.jsonl")
    assert outcome.code == 0
    assert outcome.out.startswith("10 drafts in mine.jsonl.")
    assert read_suite(tmp_path / "mine.jsonl").drafts == 10
    assert "Drafts that no one has corrected yet: 10 of 10 questions." in evaluate("mine.jsonl").out


def test_feedback_becomes_cases(evaluate: Eval, suite: Path, corpus: Corpus, tmp_path: Path) -> None:
    questions = ["how many problems are in GSM8K?", "How many problems are in GSM8K", "what is a transformer?"]
    lines = [
        {"question": q, "answer": answer_dict(corpus.ask(q)), "thumb": thumb, "comment": "", "time": "now"}
        for q, thumb in zip(questions, ("up", "up", "down"), strict=True)
    ]
    (tmp_path / "feedback.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    outcome = evaluate("add", "feedback.jsonl", "-s", suite)
    assert outcome.code == 0
    expected = f"2 cases added to {suite}, 1 of them drafts to complete; 1 were there already."
    assert "".join(outcome.out.split()) == "".join(expected.split())  # a long path is broken
    assert [case.must for case in read_suite(suite).cases[13:]] == [("2110.14168",), ()]
    assert evaluate("add", "feedback.jsonl", "-s", suite, "--json").json["added"] == 0


def test_retrieval_and_grounding_benchmarks(evaluate: Eval, tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "corpus.jsonl").write_text(
        '{"_id": "a", "text": "Cats purr."}\n{"_id": "b", "text": "Dogs bark."}\n', encoding="utf-8"
    )
    (folder / "queries.jsonl").write_text('{"_id": "1", "text": "what do dogs do?"}\n', encoding="utf-8")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\tb\t1\n", encoding="utf-8")
    outcome = evaluate("retrieval", folder)
    assert outcome.code == 0
    assert re.search(r"fused +1\.000 +1\.000 +1\.000 +1\.000", outcome.out)
    assert evaluate("retrieval", folder, "--json").json["measures"]["fused"]["nDCG@10"]["mean"] == 1.0
    with ModelServer(
        embeds(lambda texts: [[1.0, float("Cats" in text or "dogs" in text)] for text in texts])
    ) as server:
        report = evaluate("retrieval", folder, "--embedder", server.spec, "--json").json
    assert report["measures"]["dense"]["nDCG@10"]["mean"] < 1.0  # it takes dogs for cats
    pairs = [
        {"source_text": "Cats purr at night.", "claim": "Cats purr at night.", "label": 1},
        {"source_text": "Cats purr at night.", "claim": "Whales sing in winter.", "label": 0},
    ]
    (tmp_path / "pairs.jsonl").write_text("\n".join(map(json.dumps, pairs)), encoding="utf-8")
    outcome = evaluate("grounding", "pairs.jsonl")
    assert outcome.code == 0
    assert re.search(r"AUROC +1\.000", outcome.out)
    assert evaluate("grounding", "pairs.jsonl", "--json").json["pairs"] == 2


def test_a_judge_is_heard_and_fails_nothing(evaluate: Eval, suite: Path, gates: Path, tmp_path: Path) -> None:
    with ModelServer(writes('{"grade": "wrong", "why": "it is not"}')) as server:
        outcome = evaluate(suite, "--judge", server.spec, "--report", tmp_path / "out")
    assert outcome.code == 0
    assert re.search(r"Graded by .*, advisory: 0\.000 \(0\.000–0\.000, n = \d+\)\.", " ".join(outcome.out.split()))
    (small,) = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["suites"]
    assert {reply["raw"] for reply in small["judge"]["replies"].values()} == {'{"grade": "wrong", "why": "it is not"}'}
    assert len(small["judge"]["replies"]) == len(server.asked)


def test_a_model_that_fails_fails_the_run_and_is_not_stood_in_for(evaluate: Eval, suite: Path) -> None:
    with ModelServer(fails(401, "Incorrect API key provided: KEY.")) as server:
        outcome = evaluate(suite, "--llm", server.spec)
    assert (outcome.code, outcome.out) == (1, "")
    assert "does not accept the key" in outcome.err


GOOD = "GSM8K is a dataset of 8.5K math word problems [1]."


@pytest.fixture
def two_questions(tmp_path: Path) -> Path:
    """One that a model answers, one that it has no part in."""
    entries = [
        {"id": "a", "question": "how many problems are in GSM8K?", "intent": "quantity", "answerable": True}
        | {"must": ["2110.14168"], "facts": [["8.5K"]]},
        {"id": "b", "question": "how many papers are there?", "intent": "metadata", "answerable": True}
        | {"facts": [["34"]]},
    ]
    file = tmp_path / "two.jsonl"
    file.write_text("\n".join(map(json.dumps, entries)), encoding="utf-8")
    return file


def test_a_model_is_compared_with_the_run_without_it(evaluate: Eval, two_questions: Path) -> None:
    with ModelServer(writes("NOT IN SOURCES")) as server:
        outcome = evaluate(two_questions, "--llm", server.spec, "--json")
    (suite,) = outcome.json["suites"]
    both = suite["paired"]
    assert (both["llm"], both["questions"], both["by_model"]) == (server.spec, 2, 1)
    assert (both["lost"], both["won"], both["mcnemar_p"]) == (["a"], [], 1.0)
    assert both["right_without"] == both["right"] + 1
    assert both["citations"]["citation_recall"]["with"] is None
    assert both["citations"]["citation_recall"]["without"]["mean"] == 1.0
    assert evaluate(two_questions, "--json").json["suites"][0]["paired"] is None


def test_a_recording_is_measured_without_the_model(evaluate: Eval, two_questions: Path, tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    with ModelServer(writes(GOOD)) as server:
        recorded = evaluate(two_questions, "--llm", server.spec, "--record", file, "--json")
        judged = evaluate(two_questions, "--replay", file, "--judge", server.spec, "--json")
        asked = len(server.asked)
    before = file.read_bytes()
    replayed = evaluate(two_questions, "--replay", file, "--json")
    assert (recorded.code, replayed.code, judged.code) == (0, 0, 0)
    assert replayed.json["suites"][0]["paired"] == recorded.json["suites"][0]["paired"]
    assert replayed.json["suites"][0]["paired"]["by_model"] == 1
    assert asked == 1 + len(judged.json["suites"][0]["judge"]["replies"])  # the judge's traffic is its own
    assert file.read_bytes() == before


def test_a_changed_prompt_names_the_question_and_the_file(
    evaluate: Eval, two_questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ModelServer(writes(GOOD)) as server:
        evaluate(two_questions, "--llm", server.spec, "--record", "r.jsonl")
    shutil.copytree(ROOT / "prompts", tmp_path / "prompts")
    prompt = tmp_path / "prompts" / "answer.md"
    prompt.write_text(prompt.read_text(encoding="utf-8").replace("full sentences", "sentences"), encoding="utf-8")
    monkeypatch.setenv("ASK_PROMPTS", str(tmp_path / "prompts"))
    outcome = evaluate(two_questions, "--replay", "r.jsonl")
    assert (outcome.code, outcome.out) == (1, "")
    _, what, to_do = outcome.err.splitlines()  # after the progress
    assert "Question 1 of two (a): r.jsonl holds no answer to this request: prompts/answer.md changed" in what
    assert "--record" in to_do


def test_a_judge_that_is_none(evaluate: Eval, suite: Path) -> None:
    outcome = evaluate(suite, "--judge", "none")
    assert (outcome.code, outcome.out) == (2, "")
    assert "--judge names no model." in outcome.err


@pytest.mark.parametrize("command", [[], ["suites"], ["retrieval"], ["grounding"], ["new"], ["add"]])
def test_every_command_has_help(evaluate: Eval, command: list[str]) -> None:
    outcome = evaluate(*command, "--help")
    assert outcome.code == 0
    assert outcome.out.startswith("Usage: ask eval")


def test_the_gates_of_the_repository_are_for_its_suites() -> None:
    gates = read_gates(ROOT / "eval" / "gates.toml")
    assert set(gates) == set(DEFAULT_SUITES)
    accepted = json.loads((ROOT / "eval" / "accepted.json").read_text(encoding="utf-8"))["suites"]
    for name, suite in accepted.items():
        read = read_suite(ROOT / "eval" / "suites" / f"{name}.jsonl")
        assert suite["fingerprints"]["suite"] == read.digest, "Accept the results anew: ask eval --accept REASON"
        assert list(suite["questions"]) == [case.id for case in read.cases]
