"""A network of one's own, in which every packet is seen: run it by `unshare`, never by itself.

Every address is this machine's there, so that nothing can leave and everything can be tried; a name server answers
every name. What is seen are names that were asked for and connections that were tried, also those of native code,
which no hook of Python sees.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

_LOOPBACK = 1  # the number of `lo`, the only interface of a new namespace
_IP, _IPV6 = 0x0800, 0x86DD
_TCP, _UDP = 6, 17
_SYN, _ACK = 0x02, 0x10
_DOMAIN = 53


@dataclass
class Seen:
    """Names that were asked for, and places beyond loopback that were called, in the order of their first time."""

    names: dict[str, str] = field(default_factory=dict)
    """A name's made-up address."""
    calls: dict[str, None] = field(default_factory=dict)

    def place(self, address: str, port: int, protocol: str) -> str:
        """A place as a person reads it."""
        name = next((name for name, made_up in self.names.items() if made_up == address), "")
        return f"{protocol} {address}:{port}{f' ({name})' if name else ''}"


def enter() -> Seen:
    """Set the namespace up, and watch it from now on."""
    _own_resolver()
    _bring_up()
    seen = Seen()
    packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0003))
    names = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    names.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    names.bind(("::", _DOMAIN))
    threading.Thread(target=_watch, args=(packets, seen), daemon=True).start()
    threading.Thread(target=_answer_names, args=(names, seen), daemon=True).start()
    return seen


def _own_resolver() -> None:
    """Names are asked for over the network only: not by a socket file, which leads out of the namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    for file, content in (("/etc/nsswitch.conf", "hosts: files dns\n"), ("/etc/resolv.conf", "nameserver 127.0.0.1\n")):
        place = Path(file)
        if place.exists():
            own = Path(tempfile.mkdtemp()) / place.name
            own.write_text(content)
            if libc.mount(os.fsencode(own), os.fsencode(place.resolve()), None, 4096, None):  # 4096: MS_BIND
                raise OSError(ctypes.get_errno(), f"{file} cannot be replaced")


def _bring_up() -> None:
    """Loopback up, and every address of both protocols on it: `ip route add local 0.0.0.0/0 dev lo`, without `ip`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, 0x8914, struct.pack("16sh22x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS, IFF_UP | IFF_RUNNING
    for family in (socket.AF_INET, socket.AF_INET6):
        # RTM_NEWROUTE; request, create, acknowledge; table local, scope host, type local; RTA_OIF.
        route = struct.pack("=BBBBBBBBI", family, 0, 0, 0, 255, 4, 254, 2, 0) + struct.pack("=HHI", 8, 4, _LOOPBACK)
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as netlink:
            netlink.send(struct.pack("=IHHII", 16 + len(route), 24, 0x1 | 0x400 | 0x4, 1, 0) + route)
            (error,) = struct.unpack_from("=i", netlink.recv(4096), 16)
        if error and family == socket.AF_INET:
            raise OSError(-error, "no route")


def _watch(packets: socket.socket, seen: Seen) -> None:
    while True:
        packet, (_, protocol, direction, *_) = packets.recvfrom(65535)
        if direction == socket.PACKET_OUTGOING:
            with suppress(struct.error, IndexError):
                _look(packet, protocol, seen)


def _look(packet: bytes, protocol: int, seen: Seen) -> None:
    if protocol == _IP:
        kind, target, begin = packet[9], packet[16:20], (packet[0] & 15) * 4
    elif protocol == _IPV6:
        kind, target, begin = packet[6], packet[24:40], 40
    else:
        return
    if kind not in (_TCP, _UDP):
        return
    source, port = struct.unpack_from("!HH", packet, begin)
    if kind == _UDP and _DOMAIN in (source, port):  # whichever server is asked, it is this one that answers
        return
    opened = kind == _UDP or packet[begin + 13] & (_SYN | _ACK) == _SYN
    address = ip_address(target)
    if opened and not address.is_loopback:
        seen.calls.setdefault(seen.place(str(address), port, "tcp" if kind == _TCP else "udp"))


def _answer_names(names: socket.socket, seen: Seen) -> None:
    """Answer every name with an address of its own, so that what calls it is known by it."""
    while True:
        query, sender = names.recvfrom(4096)
        name, end = _name(query)
        address = seen.names.setdefault(name, f"198.18.0.{len(seen.names) + 1}")
        (kind,) = struct.unpack_from("!H", query, end)
        found = b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton(address) if kind == 1 else b""
        names.sendto(
            query[:2] + b"\x81\x80" + struct.pack("!HHHH", 1, bool(found), 0, 0) + query[12 : end + 4] + found, sender
        )


def _name(query: bytes) -> tuple[str, int]:
    """The name that a query asks for, and where it ends."""
    labels, at = [], 12
    while size := query[at]:
        labels.append(query[at + 1 : at + 1 + size].decode(errors="replace"))
        at += 1 + size
    return ".".join(labels), at + 1
