"""Fields of a file that have no place in a record, under the names that another format has for them."""

from __future__ import annotations

from collections.abc import Iterator

from askpapers.metadata import Metadata

# CSL, BibTeX, RIS; "" where a format has none. Of several rows with one name the first is meant when it is read.
_NAMES = (
    ("ISSN", "issn", "SN"),
    ("ISBN", "isbn", "SN"),
    ("publisher-place", "address", "CY"),
    ("publisher-place", "location", "CY"),
    ("edition", "edition", "ET"),
    ("collection-title", "series", "T3"),
    ("container-title-short", "shortjournal", "J2"),
    ("title-short", "shorttitle", "ST"),
    ("genre", "type", "M3"),
    ("event-title", "eventtitle", ""),
    ("PMCID", "pmcid", "C2"),
    ("call-number", "lccn", "CN"),
    ("note", "note", "N1"),
    ("note", "annote", "N1"),
)
_FORMATS = ("csl", "bibtex", "ris")


def other_fields(metadata: Metadata, wanted: str) -> Iterator[tuple[str, str]]:
    """The further fields that a format ("csl", "bibtex", "ris") can hold, with its own names; its own come first."""
    column = _FORMATS.index(wanted)
    for name, text in metadata.extra:
        if name.startswith(f"{wanted}:"):
            yield name.partition(":")[2], text
    for name, text in metadata.extra:
        own_format, _, field = name.partition(":")
        if own_format != wanted and own_format in _FORMATS:
            known = [row[column] for row in _NAMES if row[_FORMATS.index(own_format)] == field]
            yield from ((own, text) for own in known[:1] if own)
