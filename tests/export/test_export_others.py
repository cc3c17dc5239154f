"""Fields that no record has a place for, from one format into another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from askpapers.export.others import other_fields
from askpapers.metadata import Metadata

NAMES = ["csl:ISSN", "bibtex:address", "ris:SN", "ris:M1", "bibtex:file", "zotero:collection", "csl:note", "no format"]


def test_a_field_goes_by_the_name_of_the_other_format() -> None:
    metadata = Metadata(extra=(("csl:ISSN", "1"), ("bibtex:address", "Oslo"), ("ris:ET", "2nd"), ("ris:M1", "7")))
    assert dict(other_fields(metadata, "ris")) == {"SN": "1", "CY": "Oslo", "ET": "2nd", "M1": "7"}
    assert dict(other_fields(metadata, "bibtex")) == {"issn": "1", "address": "Oslo", "edition": "2nd"}
    assert dict(other_fields(metadata, "csl")) == {"ISSN": "1", "publisher-place": "Oslo", "edition": "2nd"}


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.text())).map(tuple), st.sampled_from(["csl", "bibtex", "ris"]))
def test_what_is_of_the_format_itself_comes_first_and_unchanged(extra: tuple[tuple[str, str], ...], own: str) -> None:
    mine = [(name.partition(":")[2], text) for name, text in extra if name.startswith(f"{own}:")]
    assert list(other_fields(Metadata(extra=extra), own))[: len(mine)] == mine
