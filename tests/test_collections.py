"""Several named corpora: from options, from ask.toml, and what is refused."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from askpapers.collections import load_collections
from askpapers.errors import AskPapersError, UsageError
from askpapers.settings import load_settings

TOML = '[collections]\nbirds = "birds"\nfrogs_2 = ["frogs", "/toads"]\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("ASK_CORPUS", "ASK_INDEX", "ASK_LLM"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_options_name_collections_in_their_order(folder: Path) -> None:
    found = load_collections(["frogs=a", "birds=b", "frogs=c=d"], llm="none")
    assert {name: settings.corpus for name, settings in found.items()} == {
        "frogs": (Path("a"), Path("c=d")),
        "birds": (Path("b"),),
    }
    assert list(found) == ["frogs", "birds"]
    assert len({settings.index for settings in found.values()}) == 2
    assert {settings.corpus_from for settings in found.values()} == {"--collection"}


def test_a_config_file_names_collections_and_the_first_is_the_corpus_of_every_other_command(folder: Path) -> None:
    (folder / "ask.toml").write_text(TOML)
    found = load_collections([])
    assert {name: [path.resolve() for path in settings.corpus] for name, settings in found.items()} == {
        "birds": [folder / "birds"],
        "frogs_2": [folder / "frogs", Path("/toads")],
    }
    assert load_settings().corpus == (Path("birds"),)
    assert load_settings().index == found["birds"].index
    (folder / "ask.toml").write_text(f'corpus = "bees"\n{TOML}')
    assert load_settings().corpus == (Path("bees"),)
    assert list(load_collections([])) == ["birds", "frogs_2"]


@pytest.mark.parametrize(("corpus", "variable"), [(["bees"], None), ([], "bees")])
def test_a_corpus_that_is_named_otherwise_comes_before_the_config_file(
    corpus: Sequence[str], variable: str | None, folder: Path
) -> None:
    (folder / "ask.toml").write_text(TOML)
    environment = {"ASK_CORPUS": variable} if variable else {}
    (settings,) = load_collections([], corpus, environment=environment).values()
    assert settings.corpus == (Path("bees"),)
    assert list(load_collections(["one=x"], environment=environment)) == ["one"]


def test_one_corpus_is_what_it_was(folder: Path) -> None:
    assert load_collections([], ["bees"], "place") == {"": load_settings(["bees"], "place")}
    assert load_collections([]) == {"": load_settings()}


@pytest.mark.parametrize("pair", ["birds", "=birds", "birds=", "two words=x", "a/b=x", "ä=x", "", f"{'a' * 41}=x"])
def test_what_is_no_name_and_folder_is_refused(pair: str, folder: Path) -> None:
    with pytest.raises(UsageError, match="no name and folder"):
        load_collections([pair])


@pytest.mark.parametrize(
    "toml",
    ["collections = 3", "[collections]", '[collections]\n"a b" = "x"', "[collections]\na = 3", 'collections = "x"'],
)
def test_what_is_no_table_of_paths_is_refused(toml: str, folder: Path) -> None:
    (folder / "ask.toml").write_text(toml)
    with pytest.raises(UsageError, match="no table of paths") as refused:
        load_collections([])
    assert "[collections]" in refused.value.hint


def test_a_collection_without_a_path_and_one_index_for_several_are_refused(folder: Path) -> None:
    with pytest.raises(AskPapersError, match="exclude each other"):
        load_collections(["a=x"], ["y"])
    with pytest.raises(UsageError, match="--index names one index"):
        load_collections(["a=x", "b=y"], index="place")
    with pytest.raises(UsageError, match="ASK_INDEX names one index"):
        load_collections(["a=x", "b=y"], environment={"ASK_INDEX": "place"})
    (folder / "ask.toml").write_text('[collections]\na = ""\n')
    with pytest.raises(UsageError, match="names no corpus"):
        load_collections([])
