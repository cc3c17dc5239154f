"""The guards of conftest.py hold: a test of them, so that nobody takes them away unseen."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import platformdirs
import pytest

REFUSED = "tests do not use the network"
ELSEWHERE = ("192.0.2.1", 80)  # TEST-NET-1, which nobody has


def test_a_connection_to_elsewhere_is_refused_before_a_packet_is_sent() -> None:
    with socket.socket() as stream:
        stream.setblocking(False)
        for connect in (stream.connect, stream.connect_ex):
            with pytest.raises(pytest.fail.Exception, match=REFUSED):
                connect(ELSEWHERE)
        # A connect that reached the system would have given the socket a port.
        assert stream.getsockname() == ("0.0.0.0", 0)


def test_a_datagram_to_elsewhere_is_refused() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        with pytest.raises(pytest.fail.Exception, match=REFUSED):
            datagrams.sendto(b"?", ELSEWHERE)
        with pytest.raises(pytest.fail.Exception, match=REFUSED):
            datagrams.sendmsg([b"?"], [], 0, ELSEWHERE)
        assert datagrams.getsockname() == ("0.0.0.0", 0)


@pytest.mark.parametrize("host", ["example.org", b"example.org", "192.0.2.1", "2001:db8::1"])
def test_no_name_is_looked_up(host: str | bytes) -> None:
    with pytest.raises(pytest.fail.Exception, match=REFUSED):
        socket.getaddrinfo(host, 443)


def test_a_library_that_swallows_exceptions_is_refused_too() -> None:
    with pytest.raises(pytest.fail.Exception, match=REFUSED):
        try:
            socket.create_connection(("example.org", 443))
        except Exception:
            pytest.fail("swallowed")


def test_this_machine_can_be_reached(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        for host in ("127.0.0.1", "localhost"):
            with socket.create_connection((host, port)) as client:
                client.sendall(b"!")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


def test_the_environment_is_nobodys(seeds: Path) -> None:
    assert not [name for name in os.environ if name.startswith(("ASK_", "OPENAI_")) and name != "ASK_SERVER"]
    cache = Path(platformdirs.user_cache_dir("askpapers"))
    assert cache.is_relative_to(Path.home()), cache
    assert not cache.exists()
    assert (seeds / "papers.csv").is_file()
