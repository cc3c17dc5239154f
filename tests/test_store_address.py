"""The address of a vector store: read, written again, and told from a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.background.protocol import SECRET
from askpapers.errors import UsageError
from askpapers.settings import load_settings
from askpapers.store_address import Engine, StoreAddress, is_store_address, read_store_address

NAMES = st.text("abcXYZ019._-", min_size=3, max_size=12)


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("http://h:8000/papers", StoreAddress(Engine.CHROMA, "http://h:8000", "papers")),
        ("HTTP://H/papers/", StoreAddress(Engine.CHROMA, "http://h:8000", "papers")),
        ("https://h/papers", StoreAddress(Engine.CHROMA, "https://h:443", "papers")),
        ("https://h/a/b/papers", StoreAddress(Engine.CHROMA, "https://h:443/a/b", "papers")),
        ("http://[::1]:80/papers", StoreAddress(Engine.CHROMA, "http://[::1]:80", "papers")),
        ("http://h/p%20q", StoreAddress(Engine.CHROMA, "http://h:8000", "p q")),
        ("http://h/p?tenant=t&database=d", StoreAddress(Engine.CHROMA, "http://h:8000", "p", "t", "d")),
        ("qdrant+http://h/papers", StoreAddress(Engine.QDRANT, "http://h:6333", "papers")),
        ("Qdrant+https://h:443/x/papers", StoreAddress(Engine.QDRANT, "https://h:443/x", "papers")),
    ],
)
def test_addresses(given: str, read: StoreAddress) -> None:
    assert is_store_address(given)
    assert read_store_address(given) == read


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("http://h", "names no collection"),
        ("http:///papers", "names no collection"),
        ("qdrant+http://h:6333/", "names no collection"),
        ("http://h/papers#part", "names no collection"),
        ("http://h:port/papers", "is no address"),
        ("http://h:99999/papers", "is no address"),
        ("http://[::1/papers", "is no address"),
        ("http://h/papers?tenant", "is no address"),
        ("http://h/papers?token=secret", "the option token"),
        ("qdrant+http://h/papers?tenant=t", "the option tenant"),
        ("https://me:secret@h/papers", "a name or a password"),
    ],
)
def test_what_is_no_address(given: str, message: str) -> None:
    with pytest.raises(UsageError, match=message) as error:
        read_store_address(given)
    assert error.value.hint
    if "password" in message:
        assert "secret" not in f"{error.value} {error.value.hint}"


@pytest.mark.parametrize("folder", ["index", "./http:", "ftp://h/x", "qdrant", "C:\\index", "http:/x", "~/http"])
def test_a_folder_is_no_address(folder: str) -> None:
    assert not is_store_address(folder)


@given(st.sampled_from(Engine), st.sampled_from(["http", "https"]), NAMES, st.text(min_size=1, max_size=9), NAMES)
def test_an_address_is_written_as_it_is_read(engine: Engine, scheme: str, host: str, name: str, option: str) -> None:
    host, more = host.strip(".-").lower() or "h", (option, "") if engine is Engine.CHROMA else ("", "")
    address = StoreAddress(engine, f"{scheme}://{host}:80/a", name, *more)
    assert read_store_address(str(address)) == address


def test_chromas_own_service_is_known_by_its_host() -> None:
    assert read_store_address("https://api.trychroma.com/papers").is_chroma_cloud
    for other in (
        "https://trychroma.com.example.org/p",
        "https://nottrychroma.com/p",
        "qdrant+https://a.trychroma.com/p",
    ):
        assert not read_store_address(other).is_chroma_cloud


# ---- in the settings


def test_a_store_is_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    url = "qdrant+http://h:6333/papers"
    given, variable = load_settings(index=url, environment={}), load_settings(environment={"ASK_INDEX": url})
    Path("ask.toml").write_text(f"index = {json.dumps(url)}", encoding="utf-8")
    assert given.store == variable.store == load_settings(environment={}).store == read_store_address(url)
    assert (given.index_from, variable.index_from) == ("--index", "ASK_INDEX")
    assert load_settings(index="folder", environment={}).store is None


def test_each_store_has_a_folder_of_its_own_in_the_cache(tmp_path: Path) -> None:
    places = [
        load_settings(["seeds"], index, environment={}, folder=tmp_path).index
        for index in (None, "http://h/a", "http://h/b")
    ]
    assert len(set(places)) == 3
    assert len({place.parent for place in places}) == 1


def test_the_token_is_of_the_environment_or_the_users_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "https://h/papers"
    found = load_settings(index=url, environment={"ASK_INDEX_KEY": " secret-token\n"}, folder=tmp_path)
    assert found.store_key == "secret-token"
    assert "secret-token" not in repr(found)
    monkeypatch.setattr("askpapers.settings._user_file", lambda: tmp_path / "config.toml")
    (tmp_path / "config.toml").write_text('[keys]\nindex = "any"\n"https://h:443" = "of-h"\n', encoding="utf-8")
    assert load_settings(index=url, environment={}, folder=tmp_path).store_key == "of-h"
    assert load_settings(index="https://other/papers", environment={}, folder=tmp_path).store_key == "any"
    assert "ASK_INDEX_KEY" in SECRET  # it is not sent to the process in the background
