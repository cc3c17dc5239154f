"""Adding papers: what is added, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st

from askpapers.engine import Corpus
from askpapers.engine.adding import added_files
from askpapers.errors import CorpusError, UsageError
from askpapers.service.adding import AddedFile, add_papers, pasted_name, remove_added, why_not
from askpapers.service.upload_limits import Allowance, Limits
from askpapers.settings import Settings
from fakes import WordHash, build, write_papers

OLD = "An abstract that is there already, about frogs."
NEW = "An abstract that is new, about toads and their songs."
Silent = lambda stage, done, total: None  # noqa: E731


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    folder = write_papers(tmp_path / "abstracts", [OLD])
    return Settings((folder,), tmp_path / "index", "--corpus", "--index")


@pytest.fixture
def corpus(settings: Settings) -> Iterator[Corpus]:
    build(settings.index, settings.corpus[0], WordHash())
    opened = Corpus(settings.index, WordHash())
    yield opened
    opened.close()


def add(name: str, content: bytes | str, corpus: Corpus, settings: Settings, tmp_path: Path) -> AddedFile:
    place = tmp_path / "given"
    place.write_bytes(content.encode() if isinstance(content, str) else content)
    ((result,),) = add_papers([(name, place)], corpus, settings, Silent)
    return result


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", f"Abstract: {NEW}"),
        ("a.md", f"{NEW}\n\n{OLD}"),
        ("a.JSONL", f'{{"abstract": "{NEW}"}}\n{{"abstract": "{OLD}"}}'),
        ("a.csv", f'title,abstract\nToads,"{NEW}"\n'),
        ("a.txt", f"Abstract: {NEW}".encode("utf-16")),
        ("export", f'{{"abstract": "{NEW}"}}\n'),
        ("a.jsonl.gz", gzip.compress(b'{"abstract": "%s"}' % NEW.encode(), mtime=0)),
    ],
)
def test_a_file_of_each_kind_is_added(
    name: str, content: bytes | str, corpus: Corpus, settings: Settings, tmp_path: Path
) -> None:
    result = add(name, content, corpus, settings, tmp_path)
    assert (result.new, result.failed) == (1, "")
    assert NEW in {paper.abstract for paper in corpus.papers()}
    assert len(corpus.papers()) == 2


def test_what_is_there_already_is_counted_and_not_stored(corpus: Corpus, settings: Settings, tmp_path: Path) -> None:
    before = everything(settings.corpus[0])
    result = add("a.txt", f"Abstract: {OLD}", corpus, settings, tmp_path)
    assert (result.new, result.there) == (0, 1)
    assert everything(settings.corpus[0]) == before


def zip_of(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def locked(archive: bytes) -> bytes:
    """The archive with the flag that says that its files are encrypted."""
    local, central = archive.index(b"PK\x03\x04") + 6, archive.index(b"PK\x01\x02") + 8
    marked = bytearray(archive)
    marked[local] |= 1
    marked[central] |= 1
    return bytes(marked)


def test_the_files_in_a_zip_are_added_one_by_one(corpus: Corpus, settings: Settings, tmp_path: Path) -> None:
    content = zip_of(
        {"export/new.txt": f"Abstract: {NEW}".encode(), "old.txt": f"Abstract: {OLD}".encode(), "a.png": b"\x89"}
    )
    place = tmp_path / "given"
    place.write_bytes(content)
    (results,) = add_papers([("mine.zip", place)], corpus, settings, Silent)
    assert [(one.name, one.new, one.there, bool(one.failed)) for one in results] == [
        ("new.txt", 1, 0, False),
        ("old.txt", 0, 1, False),
        ("a.png", 0, 0, True),
    ]
    assert NEW in {paper.abstract for paper in corpus.papers()}


def test_looking_shows_what_is_new_and_adds_nothing(corpus: Corpus, settings: Settings, tmp_path: Path) -> None:
    before = everything(settings.corpus[0]), everything(settings.index)
    place = tmp_path / "given"
    place.write_text(f'{{"title": "Toads", "abstract": "{NEW}"}}\n{{"abstract": "{OLD}"}}')
    ((result,),) = add_papers([("a.jsonl", place)], corpus, settings, Silent, only_look=True)
    assert (result.new, result.there, result.titles, result.stored) == (1, 1, ("Toads",), "")
    assert (everything(settings.corpus[0]), everything(settings.index)) == before


def test_what_was_added_is_taken_out_again(corpus: Corpus, settings: Settings, tmp_path: Path) -> None:
    before = everything(settings.corpus[0])
    result = add("a.txt", f"Abstract: {NEW}", corpus, settings, tmp_path)
    assert added_files(settings.corpus[0] / "added") == [result.stored] == ["added-a.txt"]
    assert list(remove_added([result.stored], corpus, settings, Silent)) == [True]
    assert everything(settings.corpus[0]) == before
    assert {paper.abstract for paper in corpus.papers()} == {OLD}


@pytest.mark.parametrize("name", ["nothing.txt", "../one.txt", "", ".", "/etc/passwd", "added-a.txt\0"])
def test_only_what_was_added_is_taken_out(name: str, corpus: Corpus, settings: Settings, tmp_path: Path) -> None:
    add("a.txt", f"Abstract: {NEW}", corpus, settings, tmp_path)
    before = everything(settings.corpus[0])
    with pytest.raises(UsageError, match="not added here"):
        list(remove_added(["added-a.txt", name], corpus, settings, Silent))
    assert everything(settings.corpus[0]) == before


def test_where_the_index_fails_what_was_to_go_stays(
    corpus: Corpus, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("a.txt", f"Abstract: {NEW}", corpus, settings, tmp_path)
    before = everything(settings.corpus[0])

    def fails(*_: Any, **__: Any) -> None:
        raise CorpusError("The corpus is broken.", hint="Mend it.")

    monkeypatch.setattr("askpapers.engine.adding.refresh", fails)
    with pytest.raises(CorpusError, match="broken"):
        list(remove_added(["added-a.txt"], corpus, settings, Silent))
    assert everything(settings.corpus[0]) == before


# What is large is made when it is tried, not by each process that collects tests.
REFUSED: dict[str, tuple[str, bytes | str | Callable[[], bytes], str]] = {
    "a zip of a bomb": (
        "bomb.zip",
        lambda: zip_of({"bomb.txt": b"Abstract: x.\n" * 3_000_000}),
        "unpacks to more than 30 MB",
    ),
    "a zip of nothing": ("a.zip", zip_of({"__MACOSX/a.txt": b"x", ".DS_Store": b"x"}), "has no files in it"),
    "a zip of many": ("a.zip", zip_of({f"{n}.txt": b"x" for n in range(60)}), "has 60 files in it"),
    "a zip in a zip": ("a.zip", zip_of({"b.zip": zip_of({"c.txt": b"Abstract: x."})}), "a zip archive"),
    "a broken zip": ("a.zip", zip_of({"a.txt": b"Abstract: x" * 100})[:-40], "a zip archive"),
    "a damaged zip": (
        "a.zip",
        zip_of({"a.txt": b"Abstract: x" * 100}).replace(b"\x73\x4c", b"\xff\xff", 1),
        "cannot be",
    ),
    "a locked zip": ("a.zip", locked(zip_of({"a.txt": b"Abstract: x"})), "locked with a password"),
    "a zip that says it is text": ("bomb.txt", lambda: zip_of({"bomb.txt": b"0" * 5_000_000}), "a zip archive"),
    "a gzip bomb": ("bomb.txt.gz", lambda: gzip.compress(b"a " * 60_000_000), "unpacks to more than"),
    "a broken gzip": ("a.txt.gz", b"\x1f\x8bnothing", "cannot be unpacked"),
    "a cut gzip": ("a.txt.gz", gzip.compress(b"Abstract: x" * 100)[:20], "cannot be unpacked"),
    "a long line": ("a.txt", lambda: b"Abstract: " + b"a" * 2_000_000, "longer than 1,000,000 characters"),
    "a large file": ("a.txt", lambda: b"Abstract: x.\n" * 1_700_000, "larger than 20 MB"),
    "many lines": ("a.txt", lambda: b"\n" * 2_000_000, "more than the 1,000,000 lines"),
    "many lines of an old Mac": ("a.csv", lambda: b"abstract\r" * 2_000_000, "more than the 1,000,000 lines"),
    "many records": ("a.jsonl", b'{"abstract": "x"}\n' * 6_000, "a.jsonl, line 5,001: more than the 5,000 abstracts"),
    "many empty records": ("a.jsonl.gz", lambda: gzip.compress(b"{}\n" * 900_000), "a.jsonl.gz, line 5,001: more than"),
    "a long abstract": ("a.jsonl", b'{"abstract": "%s"}' % (b"x " * 20_000), "line 1: 39,999 characters"),
    "a picture": ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(50), "no text"),
    "no JSON": ("a.jsonl", "{nothing", "is not JSON"),
    "no abstract": ("a.csv", "title,year\nx,2020\n", "No abstract found"),
    "nothing": ("a.txt", b"", "No abstract found"),
    "a program": ("a.exe", b"MZ", "none of the formats"),
    "no kind": ("Makefile", b"all:", "a file about the files"),
    "a page": ("a.html", b"<html><p>", "a web page"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_says_why_and_changes_nothing(
    case: str, corpus: Corpus, settings: Settings, tmp_path: Path
) -> None:
    name, content, why = REFUSED[case]
    before = everything(settings.corpus[0]), everything(settings.index)
    result = add(name, content() if callable(content) else content, corpus, settings, tmp_path)
    assert why in result.failed
    assert result.hint
    assert str(tmp_path) not in result.failed + result.hint
    assert "/" not in result.failed.replace("and/or", "")
    assert (everything(settings.corpus[0]), everything(settings.index)) == before


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("../../evil.txt", "added-evil.txt"),
        ("..\\..\\evil.txt", "added-evil.txt"),
        ("/etc/cron.d/evil.txt", "added-evil.txt"),
        ("corpus.jsonl.txt", "added-corpus-jsonl.txt"),
        ("\u202etxt.exe.txt", "added-txt-exe.txt"),
        ("a\x1b[31mb.txt", "added-a-31mb.txt"),
        ("<svg onload=alert(1)>.txt", "added-svg-onload-alert-1.txt"),
        ("名前.txt", "added-名前.txt"),
        ("a" * 300 + ".txt", f"added-{'a' * 60}.txt"),
        ("...txt", "added-papers.txt"),
    ],
)
def test_names_are_made_harmless(name: str, stored: str, corpus: Corpus, settings: Settings, tmp_path: Path) -> None:
    assert add(name, f"Abstract: {NEW}", corpus, settings, tmp_path).new == 1
    assert [p.name for p in (settings.corpus[0] / "added").iterdir()] == [stored]


def test_no_file_is_overwritten(corpus: Corpus, settings: Settings, tmp_path: Path) -> None:
    add("a.txt", f"Abstract: {NEW}", corpus, settings, tmp_path)
    add("a.txt", "Abstract: Another one, about newts.", corpus, settings, tmp_path)
    assert sorted(p.name for p in (settings.corpus[0] / "added").iterdir()) == ["added-a-1.txt", "added-a.txt"]
    assert len(corpus.papers()) == 3


def test_where_the_index_fails_the_files_go_again(
    corpus: Corpus, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise CorpusError("The corpus is broken.", hint="Mend it.")

    monkeypatch.setattr("askpapers.engine.adding.refresh", fails)
    before = everything(settings.corpus[0])
    with pytest.raises(CorpusError, match="broken"):
        add("a.txt", f"Abstract: {NEW}", corpus, settings, tmp_path)
    assert everything(settings.corpus[0]) == before


def test_an_addition_that_is_stopped_at_any_step_leaves_nothing_behind(
    corpus: Corpus, settings: Settings, tmp_path: Path
) -> None:
    place = tmp_path / "a.txt"
    place.write_text(f"Abstract: {NEW}")
    before = everything(settings.corpus[0])
    stages: list[str] = []

    def stop_at(step: int) -> Callable[[str, int, int | None], None]:
        stages.clear()

        def progress(stage: str, done: int, total: int | None) -> None:
            stages.append(stage)
            if len(stages) > step:
                raise KeyboardInterrupt

        return progress

    step = 0
    while True:
        try:
            list(add_papers([("a.txt", place)], corpus, settings, stop_at(step)))
            break
        except KeyboardInterrupt:
            assert everything(settings.corpus[0]) == before
            assert len(corpus.papers()) == 1
        step += 1
    assert step > 4
    assert NEW in {paper.abstract for paper in corpus.papers()}


def test_an_addition_has_so_much_time_and_no_more(corpus: Corpus, settings: Settings, tmp_path: Path) -> None:
    place = tmp_path / "a.txt"
    place.write_text(f"Abstract: {NEW}")
    before = everything(settings.corpus[0])
    with pytest.raises(UsageError, match="longer than"):
        list(add_papers([("a.txt", place)], corpus, settings, Silent, Limits(seconds=-1)))
    assert everything(settings.corpus[0]) == before


def test_the_limits_are_for_all_files_of_an_addition_together(
    corpus: Corpus, settings: Settings, tmp_path: Path
) -> None:
    files = []
    for name in ("one", "two", "three"):
        file = tmp_path / f"{name}.txt"
        file.write_text("\n\n".join(f"Abstract: {name} {n} is another abstract." for n in range(2)))
        files.append((file.name, file))
    (results,) = add_papers(files, corpus, settings, Silent, Limits(abstracts=5))
    assert [result.new for result in results] == [2, 2, 0]
    assert "more than the 5 abstracts" in results[2].failed


@settings_of_hypothesis(max_examples=40)
@given(
    records=st.integers(0, 12),
    size=st.integers(1, 400),
    most=st.builds(
        Limits,
        size=st.integers(1, 3_000),
        lines=st.integers(1, 12),
        abstracts=st.integers(1, 12),
        abstract=st.integers(1, 400),
    ),
    packed=st.booleans(),
)
def test_what_is_taken_is_within_the_limits(records: int, size: int, most: Limits, packed: bool) -> None:
    content = b"".join(b'{"abstract": "%s"}\n' % (b"x" * size) for _ in range(records))
    within = len(content) <= most.size and records <= min(most.lines, most.abstracts)
    within = within and (size <= most.abstract or not records)
    with tempfile.TemporaryDirectory() as folder:
        name = "a.jsonl.gz" if packed else "a.jsonl"
        file = Path(folder) / "given"
        file.write_bytes(gzip.compress(content) if packed else content)
        try:
            Allowance(most).take(name, file, Path(folder) / name, Silent)
        except UsageError as error:
            assert not within
            assert error.hint
        else:
            assert within


def test_why_papers_cannot_be_added(settings: Settings, tmp_path: Path) -> None:
    assert why_not(settings) == ""
    example = Settings(settings.corpus, settings.index, "the example that comes with askpapers", "x")
    assert "example" in why_not(example)
    file = next(settings.corpus[0].iterdir())
    assert "single file" in why_not(Settings((file,), settings.index, "x", "x"))
    (settings.corpus[0] / "added").symlink_to(tmp_path)
    assert "leads out" in why_not(settings)
    if os.geteuid():
        settings.corpus[0].chmod(0o500)
        assert "cannot be written" in why_not(settings)


def test_too_many_files_are_refused(corpus: Corpus, settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="51 files"):
        list(add_papers([("a.txt", tmp_path)] * 51, corpus, settings, Silent))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"abstract": "x"}', "pasted.jsonl"),
        ("id,abstract\n1,x", "pasted.csv"),
        ("Abstract: x", "pasted.txt"),
        ("We study text, and more.", "pasted.txt"),
    ],
)
def test_a_pasted_text_is_read_as_what_it_looks_like(text: str, name: str) -> None:
    assert pasted_name(text) == name


def test_what_has_no_abstract_is_counted(corpus: Corpus, settings: Settings, tmp_path: Path) -> None:
    entries = f"@article{{a, title={{Toads}}, abstract={{{NEW}}}}}\n@article{{b, title={{Newts}}}}\n"
    added = add("a.bib", entries, corpus, settings, tmp_path)
    assert (added.new, added.left_out) == (1, (("no abstract", 1),))
