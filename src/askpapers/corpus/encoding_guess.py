"""Guesses the encoding of lines that are not UTF-8, from their bytes alone."""

from __future__ import annotations

import re

NAMES = {
    "cp1252": "Windows-1252",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1253": "Windows-1253",
    "cp1254": "Windows-1254",
    "iso8859_2": "ISO 8859-2",
    "koi8_r": "KOI8-R",
    "mac_roman": "Mac Roman",
    "cp932": "Shift JIS",
    "euc_jp": "EUC-JP",
    "gb18030": "GB 18030",
    "big5": "Big5",
    "cp949": "EUC-KR",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
"""What may be guessed, and UTF-16 without a mark, by the name of the codec: as a reader knows it."""
WESTERN = "cp1252"
"""Windows-1252, the most used one."""
_GUESSED = [name for name in NAMES if not name.startswith("utf")]
_LATIN = ["cp1252", "cp1250", "cp1254", "iso8859_2", "mac_roman"]
_OTHER_SCRIPT = 0.25  # of bytes that are not ASCII
_NOT_WESTERN = b"\x81\x8d\x8f\x90\x9d"  # bytes that Windows-1252 has no letter for
_STRAY = 0.05  # of the bytes that are not ASCII: so many of them are damage
_ASCII = bytes(range(128))
_PRINTED_IN_WINDOWS = re.compile(rb"[\x80-\x9f]")
_MESS, _COHERENCE = 0.05, 0.03  # by how much a guess must be better than Windows-1252, the most used one


def guess_encoding(sample: bytes) -> str:
    """The encoding of lines that are not UTF-8.

    Text that is mostly ASCII is in a Latin script, and read as Windows-1252 unless another encoding makes it clearly
    more like a language: a degree sign alone is no evidence for Japanese.
    """
    from charset_normalizer import from_bytes

    others = sample.translate(None, _ASCII)
    is_latin = len(others) < _OTHER_SCRIPT * len(sample)
    if len(others) - len(others.translate(None, _NOT_WESTERN)) <= _STRAY * len(others):
        sample = sample.translate(None, _NOT_WESTERN)
    guesses = list(from_bytes(sample, cp_isolation=_LATIN if is_latin else _GUESSED))
    if not guesses:
        return WESTERN
    best = guesses[0]
    western = next((guess for guess in guesses if WESTERN in guess.could_be_from_charset), None)
    is_as_good = (
        western is not None and western.chaos <= best.chaos + _MESS and western.coherence >= best.coherence - _COHERENCE
    )
    if is_as_good or (is_latin and not best.coherence):
        return WESTERN
    if best.encoding == "cp1250" and not _PRINTED_IN_WINDOWS.search(sample):
        return "iso8859_2"  # its letters š and ž stand elsewhere
    return best.encoding
