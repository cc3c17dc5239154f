"""What is found on this machine: servers by their ports, files by their folders; nothing is used by itself."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from askpapers.llm.local import LocalServer, find_files, find_servers, model_folders
from model_server import ModelServer, closed_port, writes


def port_of(server: ModelServer) -> int:
    port = urlsplit(server.url).port
    assert port
    return port


def test_servers_are_found_with_their_models_and_asked_nothing() -> None:
    with ModelServer(writes("x"), models=("llama3.2:latest", "nomic-embed-text")) as server:
        ports = {port_of(server): "LM Studio", closed_port(): "vLLM"}
        assert find_servers(ports) == [LocalServer("LM Studio", server.url, ("llama3.2:latest", "nomic-embed-text"))]
        assert server.asked == []


def test_the_name_to_use_leaves_embedders_out() -> None:
    ollama = LocalServer("Ollama", "http://127.0.0.1:11434/v1", ("llama3.2", "nomic-embed-text"))
    assert ollama.specs == ("ollama/llama3.2",)
    other = LocalServer("vLLM", "http://127.0.0.1:8000/v1", ("Qwen/Qwen3-8B",))
    assert other.specs == ("http://127.0.0.1:8000/v1#Qwen/Qwen3-8B",)


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"data":null}',
        b"HTTP/1.1 302 Found\r\nLocation: http://example.org/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n",
        b"220 mail server\r\n",
        b"",
    ],
)
def test_what_is_no_model_server_is_passed_over(reply: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(reply)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        assert find_servers({listening.getsockname()[1]: "Ollama"}) == []
        thread.join(5)


def test_a_port_that_takes_the_connection_and_says_nothing_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert find_servers({listening.getsockname()[1]: "Ollama"}) == []


def test_files_are_found_by_what_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "maker"
    folder.mkdir(parents=True)
    for name in ("a.gguf", "B.GGUF", "mmproj-a.gguf", "c-00001-of-00002.gguf", "c-00002-of-00002.gguf"):
        (folder / name).write_bytes(b"GGUF1234")
    (folder / "page.gguf").write_bytes(b"<html>")
    (folder / "gone.gguf").symlink_to(folder / "nowhere")
    (folder / "folder.gguf").mkdir()
    found = find_files([tmp_path / "models", tmp_path / "none"])
    assert [file.path.name for file in found] == ["B.GGUF", "a.gguf", "c-00001-of-00002.gguf"]
    assert found[1].spec == f"gguf:{folder / 'a.gguf'}"
    assert found[1].size == 8


def test_the_folders_follow_the_environment(tmp_path: Path) -> None:
    folders = model_folders({"LLAMA_CACHE": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert tmp_path in folders
    assert tmp_path / "cache" / "lm-studio" / "models" in folders
    assert Path.home() / "models" in folders
