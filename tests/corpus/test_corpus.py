from __future__ import annotations

import gzip
import hashlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from askpapers.corpus import CorpusSoFar, LeftOut, fingerprint, read_corpus, stamp_files, unpacking
from askpapers.corpus.documents import MAX_LINE, document_of
from askpapers.datatypes import Source
from askpapers.errors import CorpusError

AS_GIVEN = {
    "000_9dd4bd448d34269a.txt": "2deebbb2fc3c2d49b7938a7dd8ba5c5bbdba9959482253c8ef88b4c8b834a676",
    "001_51dd70f045a2bb84.txt": "f992ed3a394cd21ee7cf914228428d2490d6f9b7ff105c190e8552e03edd1598",
    "002_fa869cb8beed8520.txt": "502fbbad06bb1689e28053c9620939cd851ecc436ee403c0e692b78d654b8a4f",
    "003_488eae25bd52dc43.txt": "4417426048a946510aded16c1fdb42a96b981d16a9cea641a814b2ddc7530f3e",
    "004_7a9b7ac377f62b56.txt": "30ba51899f3164192f4d265ec687128731232b4438605efb057c8e1e6192fde4",
}
ABSTRACT = "We show that it works."


def put(folder: Path, **files: str | bytes) -> Path:
    """Write files whose names are given with `__` for the dot."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


def refused(*roots: Path) -> CorpusError:
    with pytest.raises(CorpusError) as caught:
        read_corpus(roots)
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    assert "\n" not in caught.value.hint
    return caught.value


# The seeds


def test_the_seed_files_are_as_given(seeds: Path) -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in seeds.glob("*.txt")}
    assert found == AS_GIVEN


def test_the_seeds_are_34_papers_in_45_places(seeds: Path) -> None:
    corpus = read_corpus([seeds])
    assert len(corpus.papers) == len({paper.id for paper in corpus.papers}) == 34
    assert sum(len(paper.sources) for paper in corpus.papers) == 45
    assert corpus.warnings == ()
    assert [Path(stamp.path).name for stamp in corpus.stamps] == [*AS_GIVEN, "papers.csv"]


def test_each_seed_abstract_stands_in_the_line_of_each_source(seeds: Path) -> None:
    lines = {str(path): path.read_text(encoding="utf-8").split("\n") for path in seeds.glob("*.txt")}
    named = set()
    for paper in read_corpus([seeds]).papers:
        for source in paper.sources:
            assert lines[source.file][source.line - 1].removeprefix("Abstract:").strip() == paper.abstract
            named.add(source)
    labelled = {
        Source(file, number)
        for file, content in lines.items()
        for number, line in enumerate(content, 1)
        if line.startswith("Abstract:")
    }
    assert named == labelled
    assert len(labelled) == 45


def test_gpt_4o_stands_in_all_five_files(seeds: Path) -> None:
    (paper,) = (p for p in read_corpus([seeds]).papers if p.title == "GPT-4o System Card")
    assert [(Path(source.file).name, source.line) for source in paper.sources] == list(
        zip(AS_GIVEN, (2, 2, 3, 2, 4), strict=True)
    )


def test_the_seeds_have_their_titles_years_ids_and_addresses(seeds: Path) -> None:
    papers = {paper.id: paper for paper in read_corpus([seeds]).papers}
    for paper in papers.values():
        assert paper.url == f"https://arxiv.org/abs/{paper.id}"
        # An arXiv id begins with the year and month.
        assert paper.year == 2000 + int(paper.id[:2])
    assert papers["2203.02155"].title == "Training language models to follow instructions with human feedback"
    assert papers["2203.02155"].abstract.startswith("Making language models bigger")
    assert papers["2009.14794"].title == "Rethinking Attention with Performers"
    assert papers["2312.09390"].title.startswith("Weak-to-Strong Generalization: Eliciting")
    assert {paper.year for paper in papers.values()} == {2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2026}


def test_without_facts_the_seeds_are_named_by_what_they_introduce(seeds: Path) -> None:
    papers = read_corpus(sorted(seeds.glob("*.txt"))).papers
    titles = {paper.title for paper in papers}
    assert titles >= {"GPT-4o", "Codex", "Performers", "GSM8K", "InstructGPT", "PRM800K"}
    assert "Widely used alignment techniques, such as reinforcement learning from…" in titles
    assert len(papers) == len(titles) == 34
    assert {paper.year for paper in papers} == {None}


# What is read


def test_files_are_read_in_order_of_their_paths(tmp_path: Path) -> None:
    put(tmp_path, b__txt="Abstract: Second.", a__txt="Abstract: First.")
    put(tmp_path / "aa", z__txt="Abstract: Between.")
    (tmp_path / "c.txt").write_text("Abstract: Last.")
    assert [p.abstract for p in read_corpus([tmp_path]).papers] == ["First.", "Between.", "Second.", "Last."]
    turned = read_corpus([tmp_path / "c.txt", tmp_path / "a.txt"])
    assert [p.abstract for p in turned.papers] == ["Last.", "First."]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    folder = put(tmp_path, a__txt=f"Abstract: {ABSTRACT}")
    (paper,) = read_corpus([folder, folder / "a.txt", folder]).papers
    assert paper.sources == (Source(str(folder / "a.txt"), 1),)


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    put(tmp_path, a__txt=ABSTRACT, __hidden__txt="Hidden.")
    put(tmp_path / ".git", b__txt="Hidden.")
    corpus = read_corpus([tmp_path])
    assert [paper.abstract for paper in corpus.papers] == [ABSTRACT]
    assert len(corpus.stamps) == 1


def test_other_kinds_and_empty_files_are_warned_of(tmp_path: Path) -> None:
    put(tmp_path, a__txt=ABSTRACT, b__pdf="%PDF", c__csv="name,age\nx,1\n", d__txt="", e__jsonl='{"a": 1}\n')
    corpus = read_corpus([tmp_path])
    assert len(corpus.papers) == 1
    by_name = {Path(line.partition(":")[0]).name: line for line in corpus.left_out.by_file()}
    assert set(by_name) == {"b.pdf", "c.csv", "d.txt", "e.jsonl"}
    assert "b.pdf: left out, a damaged PDF" in by_name["b.pdf"]
    assert "no column of abstracts; its columns are name, age" in by_name["c.csv"]
    assert "no abstract found" in by_name["d.txt"]
    assert "1 record is left out, no paper: its fields are a" in by_name["e.jsonl"]


def test_in_beirs_layout_only_the_corpus_is_read(tmp_path: Path) -> None:
    entry = '{{"_id": "{0}", "title": "{0}", "text": "{0} is a text."}}\n'
    put(tmp_path, corpus__jsonl=entry.format("d1"), queries__jsonl=entry.format("q1"))
    put(tmp_path / "qrels", test__tsv="query-id\tcorpus-id\tscore\n")
    corpus = read_corpus([tmp_path])
    assert [(paper.id, paper.title) for paper in corpus.papers] == [("d1", "d1")]
    # Without questions beside it, it is a file as any other; so are they without a corpus.
    (tmp_path / "queries.jsonl").rename(tmp_path / "more.jsonl")
    assert {paper.id for paper in read_corpus([tmp_path]).papers} == {"d1", "q1"}
    (tmp_path / "more.jsonl").rename(tmp_path / "queries.jsonl")
    (tmp_path / "corpus.jsonl").rename(tmp_path / "papers.jsonl")
    assert {paper.id for paper in read_corpus([tmp_path]).papers} == {"d1", "q1"}


def test_every_kind_is_read(tmp_path: Path) -> None:
    put(
        tmp_path,
        a__txt="From txt.",
        b__md="From md.",
        c__TXT="From capitals.",
        d__jsonl='{"text": "From jsonl."}',
        e__ndjson='{"text": "From ndjson."}',
        f__csv="text\nFrom csv.\n",
        g__jsonl__gz=gzip.compress(b'{"text": "From jsonl.gz."}'),
        h__txt__gz=gzip.compress(b"From txt.gz."),
        i__csv__gz=gzip.compress(b"text\nFrom csv.gz.\n"),
    )
    corpus = read_corpus([tmp_path])
    kinds = ["txt", "md", "capitals", "jsonl", "ndjson", "csv", "jsonl.gz", "txt.gz", "csv.gz"]
    assert [paper.abstract for paper in corpus.papers] == [f"From {kind}." for kind in kinds]
    assert corpus.warnings == ()


def test_progress_is_told_each_thousand(tmp_path: Path) -> None:
    put(tmp_path, a__txt="\n".join(f"Abstract: Number {n}." for n in range(2500)))
    told: list[int] = []
    read: list[list[str]] = []

    def on_read(count: int, so_far: CorpusSoFar) -> None:
        told.append(count)
        corpus = so_far.corpus()
        assert so_far.characters == sum(len(paper.abstract) for paper in corpus.papers)
        assert so_far.unread == (tmp_path / "a.txt").stat().st_size - so_far.characters
        assert corpus.stamps == stamp_files([tmp_path])
        read.append([paper.abstract for paper in corpus.papers])

    whole = read_corpus([tmp_path], on_read)
    assert told == [1000, 2000]
    assert read == [[paper.abstract for paper in whole.papers[:count]] for count in told]


def test_stamps_tell_a_change(tmp_path: Path) -> None:
    put(tmp_path, a__txt=ABSTRACT)
    before = stamp_files([tmp_path])
    assert stamp_files([tmp_path]) == before == read_corpus([tmp_path]).stamps
    os.utime(tmp_path / "a.txt", ns=(1, 1))
    touched = stamp_files([tmp_path])
    assert touched != before
    put(tmp_path, b__txt=ABSTRACT)
    assert len(stamp_files([tmp_path])) == 2


def test_the_fingerprint_follows_all_that_is_shown(seeds: Path) -> None:
    papers = list(read_corpus([seeds]).papers)
    same = fingerprint(papers)
    assert fingerprint(read_corpus([seeds]).papers) == same
    changes: list[dict[str, Any]] = [
        {"id": "x"},
        {"title": "x"},
        {"year": 1},
        {"authors": ("x",)},
        {"url": "x"},
        {"abstract": "x"},
    ]
    changed = {fingerprint([replace(papers[0], **change), *papers[1:]]) for change in changes}
    assert len({same, fingerprint(papers[::-1]), *changed}) == 8


# What cannot be read


def test_a_corpus_that_is_not_there(tmp_path: Path) -> None:
    error = refused(tmp_path / "nowhere")
    assert str(error) == f"There is no corpus at {tmp_path / 'nowhere'}."
    assert "--corpus" in error.hint


def test_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    assert "cannot be read" in str(refused(tmp_path / ("long" * 100)))


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, ""),
        ({"a__sty": "x"}, "a.sty: left out, LaTeX; save its title and abstract as text."),
        ({"a__txt": "\n\n"}, "a.txt: left out, no abstract found in it."),
        ({"a__csv": "abstract\n"}, "a.csv: left out, no abstract found in it."),
        ({"a__csv": "id;name\n1;x\n"}, "a.csv: left out, it has no column of abstracts; its columns are id, name."),
        ({"__a__txt": "Hidden."}, ""),
        ({"a__jsonl": '{"title": "One"}\n{"abstract": ""}\n'}, "a.jsonl: 2 records are left out, no abstract."),
    ],
)
def test_a_corpus_without_an_abstract(tmp_path: Path, files: dict[str, str], reason: str) -> None:
    error = refused(put(tmp_path, **files))
    assert str(error) == f"No abstract found in {tmp_path}." + (f" {tmp_path / reason}" if reason else "")
    assert "JSON" in error.hint


def test_of_many_reasons_the_first_are_named(tmp_path: Path) -> None:
    error = refused(put(tmp_path, **{f"{name}__py": "x = 1" for name in "abcdef"}))
    assert str(error).count("source code") == 3
    assert str(error).endswith("source code, and 3 more.")


def test_other_encodings_are_read_and_named_where_they_are_guessed(tmp_path: Path) -> None:
    put(tmp_path, a__txt="Abstract: It cost €5 – no “more”.".encode("cp1252"), b__txt=ABSTRACT.encode("utf-16"))
    corpus = read_corpus([tmp_path])
    assert [paper.abstract for paper in corpus.papers] == ["It cost €5 – no “more”.", ABSTRACT]
    assert corpus.warnings == (f"{tmp_path / 'a.txt'}: read as Windows-1252, which was guessed",)


@pytest.mark.parametrize("name", ["a.txt", "a.csv"])
def test_a_line_without_end_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(b"x" * (MAX_LINE + 1))
    assert f"{file}, line 1, is longer than" in str(refused(tmp_path))


def test_a_line_at_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"x" * (MAX_LINE - 1) + b"\ny")
    assert [number for number, _ in document_of(file).lines()] == [1, 2]
    file.write_bytes(b"x" * MAX_LINE + b"\ny")
    with pytest.raises(CorpusError, match="line 1, is longer"):
        list(document_of(file).lines())


def test_a_gzip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "UNPACKED_FREELY", 1_000_000)
    put(tmp_path, a__txt__gz=gzip.compress(b"We show that.\n" * 200_000))
    assert "unpacks to more than 200 times its size" in str(refused(tmp_path))


def broken_gzips() -> Iterator[tuple[str, bytes]]:
    whole = gzip.compress(os.urandom(50).hex().encode() * 20)
    yield "cut", whole[:-12]
    yield "header only", whole[:10]
    yield "wrong sum", whole[:-8] + bytes(4) + whole[-4:]
    yield "damaged", whole[:10] + b"\xff" * 20 + whole[30:]


@pytest.mark.parametrize("data", dict(broken_gzips()).values(), ids=dict(broken_gzips()).keys())
def test_a_broken_gzip(tmp_path: Path, data: bytes) -> None:
    error = refused(put(tmp_path, a__jsonl__gz=data))
    assert str(error).startswith(f"{tmp_path / 'a.jsonl.gz'} cannot be read: ")


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    put(tmp_path, a__txt=ABSTRACT)
    (tmp_path / "b.txt").symlink_to("gone.txt")
    assert str(refused(tmp_path)) == f"{tmp_path / 'b.txt'} cannot be read: No such file or directory."


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Simulated: permission bits do not bind root, which CI may be.
    put(tmp_path, a__txt=ABSTRACT)
    closed = put(tmp_path / "closed", b__txt=ABSTRACT)
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if Path(path) == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    corpus = read_corpus([tmp_path])
    assert [paper.abstract for paper in corpus.papers] == [ABSTRACT]
    assert list(corpus.left_out) == [LeftOut(str(closed), 0, "the folder cannot be read: Permission denied")]
    monkeypatch.setattr(os, "scandir", lambda path: refuse(closed))
    assert str(refused(closed)) == f"{closed} cannot be read: Permission denied."


def test_linked_folders_are_walked_once_and_in_no_circle(tmp_path: Path) -> None:
    root = put(tmp_path / "root", a__txt="Abstract: First.")
    outside = put(tmp_path / "outside", b__txt="Abstract: Second.")
    (root / "aa").symlink_to(outside)
    (root / "ab").symlink_to(outside)
    (outside / "up").symlink_to(root)
    (outside / "round").symlink_to(outside)
    (root / "inner").mkdir()
    put(root / "zz", c__txt="Abstract: Third.")
    (root / "inner" / "link").symlink_to(root / "zz")
    corpus = read_corpus([root])
    assert [paper.abstract for paper in corpus.papers] == ["First.", "Second.", "Third."]
    assert [source.file for paper in corpus.papers for source in paper.sources] == [
        str(root / name) for name in ("a.txt", "aa/b.txt", "zz/c.txt")
    ]


def test_beirs_layout_in_a_zip(tmp_path: Path) -> None:
    entry = '{{"_id": "{0}", "text": "{0} is a text."}}\n'
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr("set/corpus.jsonl", entry.format("d1"))
        archive.writestr("set/queries.jsonl", entry.format("q1"))
        archive.writestr("set/ask.toml", "")
    corpus = read_corpus([tmp_path])
    assert [paper.id for paper in corpus.papers] == ["d1"]
    assert corpus.papers[0].sources == (Source(f"{tmp_path}/set.zip/set/corpus.jsonl", 1),)
    assert not list(corpus.left_out)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, a__txt=ABSTRACT)

    def refuse(path: Path, *args: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    assert str(refused(tmp_path)) == f"{tmp_path / 'a.txt'} cannot be read: Permission denied."
