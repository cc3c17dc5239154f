from __future__ import annotations

import json
import os
from pathlib import Path

import platformdirs
import pytest

from askpapers.corpus import read_corpus
from askpapers.errors import UsageError
from askpapers.settings import DEFAULT_OPENAI_MODEL, Settings, Traffic, load_model_settings, load_settings


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def config(text: str) -> None:
    Path("ask.toml").write_text(text, encoding="utf-8")


def test_the_corpus_is_looked_for_in_order() -> None:
    environment = {"ASK_CORPUS": "from-environment"}
    assert load_settings(environment={}).corpus_from == "the example that comes with askpapers"
    Path("seeds").mkdir()
    found = load_settings(environment={})
    assert (found.corpus, found.corpus_from) == ((Path("seeds"),), "the default")
    config('corpus = "from-file"')
    found = load_settings(environment={})
    assert (found.corpus, found.corpus_from) == ((Path("from-file"),), "ask.toml")
    found = load_settings(environment=environment)
    assert (found.corpus, found.corpus_from) == ((Path("from-environment"),), "ASK_CORPUS")
    found = load_settings(["given"], environment=environment)
    assert (found.corpus, found.corpus_from) == ((Path("given"),), "--corpus")


def test_an_empty_variable_is_as_none() -> None:
    assert load_settings(environment={"ASK_CORPUS": "", "ASK_INDEX": ""}) == load_settings(environment={})


def test_the_address_for_services_is_of_the_environment_or_a_file() -> None:
    assert load_settings(environment={}).mailto == ""
    config('mailto = "file@example.org"')
    assert load_settings(environment={}).mailto == "file@example.org"
    assert load_settings(environment={"ASK_MAILTO": " me@example.org "}).mailto == "me@example.org"


def test_the_environment_is_read_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASK_CORPUS", "from-environment")
    monkeypatch.setenv("ASK_INDEX", "there")
    found = load_settings()
    assert (found.corpus, found.index) == ((Path("from-environment"),), Path("there"))


def test_the_example_is_the_seed_corpus(seeds: Path) -> None:
    example = load_settings(environment={}).corpus
    assert [p.abstract for p in read_corpus(example).papers] == [p.abstract for p in read_corpus([seeds]).papers]


def test_a_seeds_file_is_no_corpus_by_default() -> None:
    Path("seeds").touch()
    assert load_settings(environment={}).corpus_from == "the example that comes with askpapers"


def test_several_corpora() -> None:
    assert load_settings(["a", "b/../c"], environment={}).corpus == (Path("a"), Path("c"))
    listed = {"ASK_CORPUS": os.pathsep.join(["a", "", "/b"])}
    assert load_settings(environment=listed).corpus == (Path("a"), Path("/b"))
    config('corpus = ["a", "/b", "~/c"]')
    found = load_settings(environment={}).corpus
    assert [path.resolve() for path in found] == [Path("a").resolve(), Path("/b"), Path.home() / "c"]


def test_paths_in_the_file_count_from_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "ask.toml").write_text('corpus = "papers"\nindex = "index"', encoding="utf-8")
    found = load_settings(environment={}, folder=folder)
    assert (found.corpus, found.index) == ((Path("project/papers"),), folder / "index")
    (folder / "ask.toml").unlink()
    (folder / "seeds").mkdir()
    assert load_settings(environment={}, folder=folder).corpus == (Path("project/seeds"),)


def test_home_is_spelled_out() -> None:
    found = load_settings(["~/papers"], "~/index", environment={})
    assert (found.corpus, found.index) == ((Path.home() / "papers",), Path.home() / "index")
    config('index = "~/index"')
    assert load_settings(environment={}).index == Path.home() / "index"


def test_a_name_with_a_tilde_is_a_name() -> None:
    assert load_settings(["~nobody-of-this-name"], environment={}).corpus == (Path("~nobody-of-this-name"),)


def test_the_index_is_looked_for_in_order(tmp_path: Path) -> None:
    environment = {"ASK_INDEX": "from-environment"}
    found = load_settings(["papers"], environment={})
    assert found.index_from == "the cache folder"
    assert found.index.is_relative_to(platformdirs.user_cache_dir("askpapers", appauthor=False))
    config('index = "from-file"')
    found = load_settings(["papers"], environment={})
    assert (found.index, found.index_from) == (tmp_path / "from-file", "ask.toml")
    found = load_settings(["papers"], environment=environment)
    assert (found.index, found.index_from) == (Path("from-environment"), "ASK_INDEX")
    found = load_settings(["papers"], "given", environment=environment)
    assert (found.index, found.index_from) == (Path("given"), "--index")


def test_each_corpus_has_an_index_of_its_own(tmp_path: Path) -> None:
    def place(*corpus: str) -> Path:
        return load_settings(corpus, environment={}).index

    assert place("papers").name.startswith("papers-")
    assert place("papers") == place("./papers/") == place(str(tmp_path / "papers"))
    names = {
        place("papers"),
        place("other/papers"),
        place("papers", "more"),
        place("more", "papers"),
        place("papersmore"),
    }
    assert len(names) == 5
    assert place("papers", "more", "x") != place("papers", f"more{tmp_path}/x")
    assert place("a b/ü?*").name.startswith("ü--")


def test_the_place_of_the_index_follows_links(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "link").symlink_to("papers")
    assert load_settings(["link"], environment={}).index == load_settings(["papers"], environment={}).index


def fails(text: str | bytes) -> UsageError:
    Path("ask.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(UsageError) as caught:
        load_settings(environment={})
    assert str(Path("ask.toml").absolute()) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.hint
    return caught.value


def test_a_broken_file_is_said_so() -> None:
    assert "line 1" in str(fails("corpus = x\n"))
    assert "cannot be read" in str(fails(b'corpus = "\xff"'))


def test_a_file_that_is_a_folder_is_said_so() -> None:
    Path("ask.toml").mkdir()
    with pytest.raises(UsageError, match="cannot be read"):
        load_settings(environment={})


def test_an_unknown_key_is_named_with_those_known() -> None:
    error = fails('corpsu = "x"\nindex = "y"')
    assert "corpsu" in str(error)
    assert error.hint == (
        "Known: answer, check, collections, context, corpus, embedder, evidence-tokens, index, llm, llm-judges, mailto,"
        " prompts, server, timeout."
    )


@pytest.mark.parametrize("line", ["corpus = 5", "corpus = [1]", "index = 5", 'index = ["a"]', "corpus = {a = 1}"])
def test_a_setting_that_is_no_path_is_said_so(line: str) -> None:
    assert line.partition(" ")[0] in str(fails(line))


@pytest.mark.parametrize(
    ("given", "environment", "file", "named"),
    [
        ([""], {}, "", "--corpus"),
        ([], {"ASK_CORPUS": os.pathsep}, "", "ASK_CORPUS"),
        ([], {}, 'corpus = ""', "ask.toml"),
        ([], {}, "corpus = []", "ask.toml"),
    ],
)
def test_a_corpus_without_a_name_is_said_so(
    given: list[str], environment: dict[str, str], file: str, named: str
) -> None:
    config(file)
    with pytest.raises(UsageError, match=f"{named} names no corpus") as caught:
        load_settings(given, environment=environment)
    assert caught.value.hint


def test_settings_are_frozen() -> None:
    settings = load_settings(environment={})
    assert isinstance(settings, Settings)
    with pytest.raises(AttributeError):
        settings.index = Path("other")  # type: ignore[misc]


# ---- the model


def user_config(text: str) -> Path:
    file = Path(platformdirs.user_config_dir("askpapers", appauthor=False)) / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_the_model_is_looked_for_in_order() -> None:
    key = {"OPENAI_API_KEY": "sk-secret-123"}
    found = load_settings(environment={}).model
    assert (found.spec, found.spec_from) == ("none", "the default")
    found = load_settings(environment=key).model
    assert (found.spec, found.spec_from) == (f"openai/{DEFAULT_OPENAI_MODEL}", "the OpenAI key that is set")
    file = user_config('llm = "ollama/user"')
    found = load_settings(environment=key).model
    assert (found.spec, found.spec_from) == ("ollama/user", str(file))
    config('llm = "ollama/project"')
    found = load_settings(environment=key).model
    assert (found.spec, found.spec_from) == ("ollama/project", "ask.toml")
    found = load_settings(environment={**key, "ASK_LLM": "ollama/environment"}).model
    assert (found.spec, found.spec_from) == ("ollama/environment", "ASK_LLM")
    found = load_settings(llm="none", environment={**key, "ASK_LLM": "ollama/environment"}).model
    assert (found.spec, found.spec_from) == ("none", "--llm")


def test_a_key_in_the_users_file_is_a_key() -> None:
    user_config('[keys]\nopenai = "sk-secret-123"\n"https://host/v1" = "sk-secret-456"')
    found = load_settings(environment={}).model
    assert found.spec == f"openai/{DEFAULT_OPENAI_MODEL}"
    assert found.keys == {"openai": "sk-secret-123", "https://host/v1": "sk-secret-456"}
    given = {"OPENAI_API_KEY": "sk-secret-789", "ASK_API_KEY": "sk-secret-000"}
    found = load_settings(environment=given).model
    assert found.keys["openai"] == "sk-secret-789"
    assert found.keys["server"] == "sk-secret-000"


def test_no_key_is_in_what_settings_look_like() -> None:
    user_config('[keys]\nopenai = "sk-secret-123"')
    settings = load_settings(environment={"ASK_API_KEY": "sk-secret-123"})
    assert settings.model.keys["openai"] == "sk-secret-123"
    assert "sk-secret" not in f"{settings!r} {settings} {settings.model!r}"


@pytest.mark.parametrize("line", ['[keys]\nopenai = "sk-secret-123"', 'keys = "sk-secret-123"'])
def test_keys_in_a_project_file_are_refused_and_not_said_again(line: str) -> None:
    error = fails(line)
    assert "sk-secret" not in str(error) + error.hint
    assert "OPENAI_API_KEY" in error.hint


@pytest.mark.parametrize("line", ['keys = "sk-secret-123"', "[keys]\nopenai = 5", '[keys.openai]\na = "sk-secret-123"'])
def test_keys_that_are_no_table_of_keys(line: str) -> None:
    user_config(line)
    with pytest.raises(UsageError) as caught:
        load_settings(environment={})
    assert "sk-secret" not in str(caught.value)
    assert caught.value.hint


def test_settings_of_a_model() -> None:
    found = load_settings(environment={}).model
    assert (found.timeout, found.context, found.prompts, found.base_url) == (60.0, None, None, None)
    user_config("timeout = 20\ncontext = 2000")
    config('context = 8192\nprompts = "mine"')
    found = load_settings(environment={"OPENAI_BASE_URL": "http://127.0.0.1:1/v1"}).model
    assert (found.timeout, found.context, found.base_url) == (20.0, 8192, "http://127.0.0.1:1/v1")
    assert found.prompts == Path("mine").absolute()
    assert load_settings(environment={"ASK_PROMPTS": "~/mine"}).model.prompts == Path.home() / "mine"
    assert load_settings(environment={"OPENAI_BASE_URL": ""}).model.base_url is None


@pytest.mark.parametrize(
    "line",
    [
        *("timeout = 0", "timeout = -1", 'timeout = "60"', "timeout = true", "timeout = nan"),
        *('llm-judges = "some"', "llm-judges = []", "evidence-tokens = 0", "evidence-tokens = 1.5"),
        *("context = 0", "context = 1.5", 'context = "8k"', "context = true", "llm = 5", "prompts = 5"),
    ],
)
def test_a_models_setting_of_the_wrong_kind_is_said_so(line: str) -> None:
    name = line.partition(" ")[0]
    error = fails(line)
    assert f"sets {name} to what is no" in str(error)
    assert f"{name} = " in error.hint


def test_traffic_and_fallback_come_from_the_command_line_alone() -> None:
    traffic = Traffic(record=Path("r"))
    found = load_settings(environment={}, traffic=traffic, fallback=False).model
    assert (found.traffic, found.fallback) == (traffic, False)
    found = load_settings(environment={}).model
    assert (found.traffic, found.fallback) == (Traffic(), True)


@pytest.mark.parametrize("around", ["\r", "\r\n", " ", "\t", "\ufeff", "\u200b", "\xa0", '"', "“", "”", "'", "\0"])
def test_what_stands_around_a_key_is_no_part_of_it(around: str) -> None:
    user_config(f"[keys]\nopenai = {json.dumps(around + 'sk-file' + around)}")
    assert load_settings(environment={"OPENAI_API_KEY": around}).model.keys == {"openai": "sk-file"}
    given = {"OPENAI_API_KEY": f"{around}sk-1{around}", "ASK_API_KEY": f"sk-2{around}"}
    assert load_settings(environment=given).model.keys == {"openai": "sk-1", "server": "sk-2"}


def test_a_folder_has_any_name() -> None:
    names = [os.fsdecode(b"caf\xe9"), os.fsdecode(b"caf\xe8"), "café", "\udcff", "日本"]
    folders = {load_settings([name], environment={}).index for name in names}
    assert len(folders) == len(names)
    assert all(str(folder).isprintable() for folder in folders)


def test_a_folder_that_is_gone_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone() -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "cwd", gone)
    with pytest.raises(UsageError, match="The current folder is not there any more"):
        load_settings(environment={})


def test_the_key_of_the_environment_is_cleaned() -> None:
    settings = load_model_settings(environment={"ASK_API_KEY": "Bearer sk-1\r\n"})
    assert settings.keys["server"] == "sk-1"
