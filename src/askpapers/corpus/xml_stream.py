"""Streams the records of XML, each parsed alone, so that a damaged one costs no other and only one is in memory.

No DTD is read and no entity resolved: names of characters are HTML's, and what else begins with & is text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any

from lxml import etree

from askpapers.corpus.documents import TextStream
from askpapers.corpus.records import Omitted

DAMAGED = "damaged XML: "
_CHUNK = 262_144
_LARGEST = 64_000_000  # characters of one record
_LONGEST_TAG = 4_000  # characters
_PROLOG = r"[\s\ufeff]*(?:<\?.*?\?>\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*|<!--.*?-->\s*)*"
_ROOT = re.compile(rf"{_PROLOG}(<((?:[\w.-]+:)?[\w.-]+)(?:\s[^<>]*)?>)", re.DOTALL)
_SHARED = re.compile(r"<meta>.*?</meta>", re.DOTALL)  # what all papers of a volume have, in the ACL Anthology
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_AMPERSAND = re.compile(r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|&(?:(#\d+|#[xX][0-9a-fA-F]+|\w+);)?", re.DOTALL)
_XMLS_OWN = ("amp", "lt", "gt", "quot", "apos")


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """A record of a file: its element, and the line on which it begins; lines within it count from that."""

    element: Any
    line: int

    def line_of(self, element: Any) -> int:
        """The line of the file on which the text of an element within begins."""
        text = element.text or ""
        return self.line + int(element.sourceline or 1) - 1 + text[: len(text) - len(text.lstrip())].count("\n")


def root_of(head: str) -> str:
    """The local name of the root of XML that begins so; "" where it is none."""
    match = _ROOT.match(head)
    return match[2].rpartition(":")[2] if match else ""


def xml_records(stream: TextStream, tags: tuple[str, ...]) -> Iterator[XmlRecord | Omitted]:
    """The elements of these local names in order; what cannot be parsed is left out."""
    text, line, shared = stream.read(_CHUNK), 1, ""
    opening = _ROOT.match(text)
    if opening is None:
        return
    root, name = opening[1].removesuffix("/>").removesuffix(">") + ">", opening[2]
    place = opening.start(1)
    begins = re.compile(rf"<((?:[\w.-]+:)?(?:{'|'.join(map(re.escape, tags))}))(?=[\s>])(?:[^<>]*[^<>/])?>")
    whole = name.rpartition(":")[2] in tags  # the root is a record itself
    while True:
        match = begins.search(text, place)
        end = _end(text, match, begins) if match else None
        if match is None or end is None:
            if match and len(text) - match.start() > _LARGEST:
                yield Omitted(line + _breaks(text[: match.start()]), f"{DAMAGED}longer than {_LARGEST:,} characters")
                place, match = match.end(), None
                continue
            drop = match.start() if match else max(place, len(text) - _LONGEST_TAG)
            shared = _last_shared(text[:drop], shared)
            line += _breaks(text[:drop])
            more = stream.read(max(_CHUNK, len(text) - drop))
            text, place = text[drop:] + more, 0
            if not more:
                if match:
                    yield Omitted(line, f"{DAMAGED}the file ends within it")
                elif not whole and f"</{name}>" not in text:
                    yield Omitted(line + _breaks(text), f"{DAMAGED}the file ends before its list does")
                return
            continue
        shared = _last_shared(text[place : match.start()], shared)
        line += _breaks(text[: match.start()])
        yield _parsed(text[match.start() : end], "" if whole else root, name, shared, line)
        text, place = text[match.start() :], end - match.start()


def _end(text: str, match: re.Match[str], begins: re.Pattern[str]) -> int | None:
    """Where a record ends: behind its end tag, or where the next one begins before that."""
    closing = f"</{match[1]}>"
    end = text.find(closing, match.end())
    another = begins.search(text, match.end(), end if end >= 0 else len(text))
    while another is not None and another[1] != match[1]:
        another = begins.search(text, another.end(), end if end >= 0 else len(text))
    if another is not None:
        return another.start()
    return end + len(closing) if end >= 0 else None


def _parsed(xml: str, root: str, name: str, shared: str, line: int) -> XmlRecord | Omitted:
    content = _AMPERSAND.sub(_resolved, _NOT_XML.sub("", xml))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    before = root + " ".join(shared.split())
    try:
        parent = etree.fromstring(f"{' '.join(before.split())}{content}{f'</{name}>' if root else ''}", parser)
    except etree.XMLSyntaxError as error:
        return Omitted(line, DAMAGED + re.sub(r",? line \d+.*?(?= and |$)", "", str(error.msg)))
    return XmlRecord(parent[-1] if root else parent, line)


def _resolved(match: re.Match[str]) -> str:
    name = match[1]
    if match[0][0] == "<" or name in _XMLS_OWN:
        return match[0]
    if name is None:
        return "&amp;"
    character = _NOT_XML.sub("", unescape(match[0]))
    return character.replace("&", "&amp;").replace("<", "&lt;")


def _last_shared(text: str, before: str) -> str:
    found = _SHARED.findall(text) if "<meta>" in text else []
    return _AMPERSAND.sub(_resolved, found[-1]) if found else before


def _breaks(text: str) -> int:
    return text.count("\n") + (text.count("\r") - text.count("\r\n") if "\r" in text else 0)
