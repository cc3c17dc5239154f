from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus.left_out import LeftOut, LeftOutCount, LeftOutList

ITEMS = st.lists(st.builds(LeftOut, st.sampled_from("ab"), st.integers(0, 9), st.sampled_from(["empty", "code"])))


def listed(items: list[LeftOut]) -> LeftOutList:
    left_out = LeftOutList()
    for item in items:
        left_out.add(item.file, item.line, item.reason)
    return left_out


@given(ITEMS)
def test_nothing_is_lost_and_all_is_counted(items: list[LeftOut]) -> None:
    left_out = listed(items)
    assert Counter(left_out) == Counter(items)
    assert len(left_out) == len(items)
    assert left_out.count == LeftOutCount(sum(not i.line for i in items), sum(bool(i.line) for i in items))
    counts = [count.files + count.records for _, count in left_out.by_reason()]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == len(items)
    assert Counter(left_out.renamed(str.upper)) == Counter(LeftOut(i.file.upper(), i.line, i.reason) for i in items)


def test_it_is_said_in_words() -> None:
    left_out = listed(
        [
            LeftOut("a", 0, "code"),
            LeftOut("b", 2, "no abstract"),
            LeftOut("b", 5, "no abstract"),
            LeftOut("c", 1, "torn"),
        ]
    )
    assert left_out.by_file() == [
        "a: left out, code",
        "b: 2 records are left out, no abstract",
        "c: 1 record is left out, torn",
    ]
    assert left_out.count.note == "1 file and 3 records of the corpus are left out: ask papers --left-out"
    assert str(LeftOutCount(1, 0)) == "1 file"
    assert LeftOutCount(0, 1).note == "1 record of the corpus is left out: ask papers --left-out"
    assert str(LeftOutCount(2, 1200)) == "2 files and 1,200 records"
    assert str(LeftOutCount()) == "0 records"
    assert not LeftOutCount()
