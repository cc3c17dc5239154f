"""A large corpus can be asked by its words while it is being read: a part of it is laid out, then a larger one."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import askpapers.corpus
from askpapers.answering.judging import Judge, Weights
from askpapers.answering.survey import Surveyor
from askpapers.contract import answer_dict
from askpapers.datatypes import NO_FILTER
from askpapers.engine import open_settings, opening
from askpapers.index import contents, parts
from askpapers.index.build import refresh
from askpapers.index.generation import Index
from askpapers.index.growing import GrowingIndex, open_growing
from askpapers.index.layout import current_generation, generations
from askpapers.index.manifest import GROWING, Manifest
from askpapers.progress import no_progress
from askpapers.retrieval import search
from askpapers.settings import Settings
from chunks import PAPERS
from fakes import ScriptedReader, WordHash, build, many_papers, write_papers

pytestmark = pytest.mark.usefixtures("small_chunks")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part after 4 and after 20 papers, told of each two."""
    monkeypatch.setattr(askpapers.corpus, "_STEP", 2)
    monkeypatch.setattr(parts, "FIRST", 4)
    monkeypatch.setattr(contents, "_CHUNK", 3)
    monkeypatch.setattr(opening, "MANY", 1)


def _build(folder: Path, root: Path, on_read: Callable[[int], None]) -> None:
    """Build it, and be told of the papers read, behind what was laid out of the last two."""

    def progress(stage: str, done: int, total: int | None) -> None:
        if stage.startswith("Reading abstracts"):
            on_read(done)

    refresh(folder, [root], WordHash(), progress)


def _opened(folder: Path, root: Path) -> GrowingIndex | None:
    return open_growing(folder, WordHash(), [root], no_progress) if folder.exists() else None


def _files(generation: Path) -> dict[str, bytes]:
    """What a generation holds but for the times and places of files."""
    files = [generation / name for name in ("passages.npy", "vectors.f16", "lexicon.npz")]
    return {file.name: file.read_bytes() for file in (*files, *(generation / "words").iterdir())}


def _assert_as_without_parts(folder: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "FIRST", 10**9)
    scratch = folder.parent / "scratch"
    build(scratch, root, WordHash())
    current, expected = current_generation(folder), current_generation(scratch)
    assert current
    assert expected
    assert _files(current) == _files(expected)
    with closing(Index(current)) as one, closing(Index(expected)) as other:
        assert list(one.papers) == list(other.papers)
        assert one.manifest.corpus == other.manifest.corpus
    assert {path.name for path in folder.iterdir()} == {"current", "lock", "leases", current.name}


def test_a_part_is_asked_while_reading_goes_on_and_gives_way_to_the_next_and_to_the_whole(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = dict[int, int]()

    def look(count: int) -> None:
        index = _opened(folder, root)
        if index:
            with closing(index):
                papers = index.manifest.papers
                seen.setdefault(papers, count)
                assert index.manifest.is_part
                assert index.embedded_papers == 0
                assert index.notes[0].startswith(f"The index is being built: {papers} papers have been read so far,")
                hit, *_ = search(f"study {papers - 1}", index, WordHash(), 3)
                assert index.papers.at(hit.row).id == f"p{papers - 1}"

    _build(folder, root, look)
    assert seen == {4: 6, 20: 22}
    _assert_as_without_parts(folder, root, monkeypatch)


def test_an_opened_corpus_goes_from_part_to_part_and_says_how_many_were_read(root: Path, folder: Path) -> None:
    corpora, said = [], dict[int, tuple[str, str]]()
    settings = Settings((root,), folder, "a test", "a test")

    def ask(count: int) -> None:
        if count == 6:
            corpora.append(open_settings(settings, no_progress, WordHash()))
        if count in (6, 22):
            answer = corpora[0].ask("which papers are about findings?", llm="none")
            coverage = answer_dict(answer)["coverage"]
            assert coverage["reading_on"] is True
            assert coverage["checked"] == coverage["by_words"] == len(corpora[0].papers())
            said[count] = coverage["text"], next(note for note in answer.notes if "being built" in note)

    _build(folder, root, ask)
    (corpus,) = corpora
    with closing(corpus):
        for count, papers in ((6, 4), (22, 20)):
            text, note = said[count]
            assert text == f"{papers} of {papers} papers read so far checked ({papers} of them by their words alone)"
            assert note.startswith(f"The index is being built: {papers} papers have been read so far")
        answer = corpus.ask("which papers are about findings?", llm="none")
        assert "reading_on" not in answer_dict(answer)["coverage"]
        assert str(answer.coverage) == f"{PAPERS} of {PAPERS} papers checked"
        assert not answer.notes


def test_a_build_that_is_killed_while_it_reads_begins_anew_and_leaves_nothing(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(count: int) -> None:
        if count == 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _build(folder, root, stop)
    (left,) = generations(folder)
    assert Manifest.read(left, GROWING).papers == 20
    with closing(_opened(folder, root) or pytest.fail("it cannot be asked")) as index:
        write_papers(root, {"owl": "Owls hoot."}, "z.jsonl")
        build(folder, root, WordHash())
        assert len(list(index.papers)) == 20  # whoever reads it keeps it
    build(folder, write_papers(root, {"cow": "Cows moo."}, "z.jsonl"), WordHash())
    assert not left.exists()
    assert not (folder / "partial").exists()
    _, *others = generations(folder)
    assert len(others) == 1  # the last good one
    current = current_generation(folder)
    assert current
    with closing(Index(current)) as finished:
        assert [paper.id for paper in finished.papers][-1] == "cow"
        assert len(finished.papers) == PAPERS + 1


@pytest.mark.parametrize(("papers", "parts_laid_out"), [(5, 0), (12, 1)])
@pytest.mark.parametrize("packed", [None, "gz", "zip"])
def test_what_is_most_of_the_corpus_is_not_laid_out_twice(
    folder: Path, tmp_path: Path, papers: int, parts_laid_out: int, packed: str | None
) -> None:
    root = write_papers(tmp_path / "few", many_papers(papers))
    (file,) = root.iterdir()
    if packed == "gz":
        file.with_suffix(".jsonl.gz").write_bytes(gzip.compress(file.read_bytes()))
    if packed == "zip":
        with zipfile.ZipFile(file.with_suffix(".zip"), "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(file, file.name)
    if packed:
        file.unlink()
    seen = set[Path]()
    _build(folder, root, lambda _: seen.update(generations(folder)))
    assert len(seen) == parts_laid_out


def test_no_part_is_laid_out_where_an_index_is_in_use(root: Path, folder: Path) -> None:
    build(folder, root, WordHash())
    write_papers(root, {"owl": "Owls hoot."}, "a-first.jsonl")
    counts = list[int]()

    def look(count: int) -> None:
        counts.append(len(generations(folder)))

    _build(folder, root, look)
    assert len(counts) > 15
    assert set(counts) == {1}


def test_a_copy_that_is_read_later_is_one_paper_with_that_of_the_part(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_papers(root, many_papers(5), "z.jsonl")
    _build(folder, root, lambda count: None)
    _assert_as_without_parts(folder, root, monkeypatch)
    current = current_generation(folder)
    assert current
    with closing(Index(current)) as index:
        assert [len(index.papers.at(row).sources) for row in (0, 4, 5)] == [2, 2, 1]


def test_a_paper_of_a_part_is_surveyed_by_its_words(folder: Path, tmp_path: Path) -> None:
    texts = {f"p{n}": text for n, text in enumerate(many_papers(2))} | {"zebra": "We train zebras. They gallop."}
    root = write_papers(
        tmp_path / "few", texts | {f"q{n}": text for n, text in enumerate(many_papers(PAPERS)) if n > 2}
    )
    found = list[list[str]]()

    def look(count: int) -> None:
        if (index := _opened(folder, root)) is None:
            return
        with closing(index):
            reader = ScriptedReader(answers=lambda question, text: 0.99 if "ebras" in text else 0.01)
            judge = Judge(index, WordHash(), reader, _WEIGHTS, no_progress)
            found.append(list(Surveyor(judge, NO_FILTER).judge("zebras").found))

    _build(folder, root, look)
    assert found
    assert all("zebra" in ids for ids in found)


_WEIGHTS = Weights(
    {"z_score": 1.5, "in_paper": 3.5, "size": -1.1, "in_sentence": 3.5, "intercept": -1.8},
    {"z_score": 0.8, "in_paper": 1.5, "size": -0.7, "in_sentence": 3.8, "odds": 0.7, "top_odds": -0.4, "intercept": 0},
    match=0.45,
    mention=0.225,
    mention_of_few=0.1,
)
