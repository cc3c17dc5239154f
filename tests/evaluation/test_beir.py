from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from askpapers.errors import UsageError
from askpapers.evaluation.beir import MEASURES, measure_retrieval, read_judgements
from fakes import WordHash


def quiet(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""


TEXTS = {"cats": "Cats purr at night.", "dogs": "Dogs bark at strangers.", "fish": "Fish swim in schools."}


def write_set(folder: Path) -> Path:
    folder.mkdir()
    papers = [{"_id": key, "title": key, "text": text} for key, text in TEXTS.items()]
    queries = [{"_id": "1", "text": "purr night"}, {"_id": "2", "text": "bark"}, {"_id": "3", "text": "not judged"}]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    lines = ["query-id\tcorpus-id\tscore", "1\tcats\t1", "1\tfish\t0", "2\tdogs\t2"]
    (folder / "qrels.tsv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_a_small_set_is_ranked_in_three_ways(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "pets")
    report = measure_retrieval(folder, None, tmp_path / "index", WordHash(), quiet)
    assert (report.name, report.papers, report.queries) == ("pets", 3, 2)
    assert report.sentences_per_second
    assert report.queries_per_second > 0
    for way in ("dense", "lexical", "fused"):
        assert list(report.measures[way]) == list(MEASURES)
        assert report.measures[way]["R@10"].mean == 1.0
    assert report.measures["lexical"]["nDCG@10"].mean == 1.0
    again = measure_retrieval(folder, None, tmp_path / "index", WordHash(), quiet)
    assert again.sentences_per_second is None
    assert again.to_dict()["measures"] == report.to_dict()["measures"]


def test_judgements_elsewhere_and_a_compressed_corpus(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "pets")
    text = (folder / "corpus.jsonl").read_bytes()
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(text))
    (folder / "qrels").mkdir()
    (folder / "qrels.tsv").rename(folder / "qrels" / "test.tsv")
    assert measure_retrieval(folder, None, tmp_path / "index", WordHash(), quiet).queries == 2
    (tmp_path / "mine.tsv").write_text("query-id\tcorpus-id\tscore\n3\tfish\t1\n", encoding="utf-8")
    found = measure_retrieval(folder, tmp_path / "mine.tsv", tmp_path / "index", WordHash(), quiet)
    assert found.queries == 1


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels.tsv"])
def test_what_is_not_in_the_layout(tmp_path: Path, missing: str) -> None:
    folder = write_set(tmp_path / "pets")
    (folder / missing).unlink()
    with pytest.raises(UsageError) as caught:
        measure_retrieval(folder, None, tmp_path / "index", WordHash(), quiet)
    assert "BEIR" in caught.value.hint


def test_files_that_are_not_what_they_should_be(tmp_path: Path) -> None:
    folder = write_set(tmp_path / "pets")
    (tmp_path / "bad.tsv").write_text("1 cats 1\n2 dogs 1\n", encoding="utf-8")
    with pytest.raises(UsageError, match="holds no judgements"):
        read_judgements(tmp_path / "bad.tsv")
    (folder / "queries.jsonl").write_text('{"_id": "1", "text": "x"}\n{"id": 2}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"queries\.jsonl:2 is no query"):
        measure_retrieval(folder, None, tmp_path / "index", WordHash(), quiet)
    (folder / "queries.jsonl").write_text('{"_id": "9", "text": "x"}\n', encoding="utf-8")
    with pytest.raises(UsageError, match=r"No query of .* is judged"):
        measure_retrieval(folder, None, tmp_path / "index", WordHash(), quiet)
