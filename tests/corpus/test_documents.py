from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from askpapers.corpus import unpacking
from askpapers.corpus.archives import documents_in
from askpapers.corpus.documents import Document, document_of
from askpapers.corpus.left_out import LeftOut
from askpapers.errors import CorpusError


def packed(**members: str | bytes) -> bytes:
    """A zip archive of members whose names are given with `__` for the dot."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return target.getvalue()


def read(path: Path) -> list[tuple[str, str] | LeftOut]:
    return [found if isinstance(found, LeftOut) else (found.place, found.text()) for found in documents_in(path)]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_lines_keep_their_ends_and_numbers(tmp_path: Path, end: str) -> None:
    (tmp_path / "a.txt").write_bytes(f"\ufeffOne\u2028still one.{end}{end}Two\x85still.".encode())
    assert list(document_of(tmp_path / "a.txt").lines()) == [
        (1, f"One\u2028still one.{end}"),
        (2, end),
        (3, "Two\x85still."),
    ]


def test_gzip_is_seen_by_its_bytes(tmp_path: Path) -> None:
    for name in ("a.txt.gz", "a.txt", "a.TXT.GZ"):
        (tmp_path / name).write_bytes(gzip.compress(gzip.compress(b"One.")))
        document = document_of(tmp_path / name)
        assert (document.text(), document.suffix) == ("One.", ".txt")
    (tmp_path / "b.txt.gz").write_bytes(b"No gzip.")
    assert document_of(tmp_path / "b.txt.gz").text() == "No gzip."


def test_the_members_of_a_zip_are_documents(tmp_path: Path) -> None:
    inner: dict[str, str | bytes] = {
        "b/c__txt": "Two.",
        "a__txt__gz": gzip.compress(b"One."),
        "__hidden": "x",
        "__MACOSX/a__txt": "x",
    }
    (tmp_path / "lib.zip").write_bytes(packed(**inner, d__zip=packed(e__txt="Three.")))
    assert read(tmp_path / "lib.zip") == [
        (f"{tmp_path}/lib.zip/a.txt.gz", "One."),
        (f"{tmp_path}/lib.zip/b/c.txt", "Two."),
        LeftOut(f"{tmp_path}/lib.zip/d.zip", 0, "an archive inside an archive; unpack it"),
    ]


def test_a_zip_by_another_name_and_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(packed(a__txt="One."))
    assert read(tmp_path / "a.txt") == [(f"{tmp_path}/a.txt/a.txt", "One.")]
    (tmp_path / "b.zip").write_bytes(packed())
    assert read(tmp_path / "b.zip") == []


def test_names_of_members_in_utf_8_without_its_flag(tmp_path: Path) -> None:
    data = packed(xxxxxxx__txt="One.").replace(b"xxxxxxx.txt", "Bürger".encode() + b".txt")
    (tmp_path / "lib.zip").write_bytes(data)
    assert read(tmp_path / "lib.zip") == [(f"{tmp_path}/lib.zip/Bürger.txt", "One.")]


def test_an_office_document_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(packed(**{"[Content_Types]__xml": "<x/>", "word/document__xml": "<x/>"}))
    (found,) = read(tmp_path / "a.docx")
    assert isinstance(found, LeftOut)
    assert "office document" in found.reason


def test_a_zip_bomb_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "UNPACKED_FREELY", 1_000_000)
    (tmp_path / "a.zip").write_bytes(packed(a__txt=b"x" * 600_000, b__txt=b"y" * 600_000))
    (found,) = read(tmp_path / "a.zip")
    assert isinstance(found, LeftOut)
    assert "200 times its size" in found.reason


def test_an_encrypted_member_is_left_out(tmp_path: Path) -> None:
    data = bytearray(packed(a__txt="One."))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert read(tmp_path / "a.zip") == [LeftOut(f"{tmp_path}/a.zip/a.txt", 0, "it is encrypted; unpack it")]


@pytest.mark.parametrize("damage", ["cut", "sum", "gzip"])
def test_a_damaged_archive_is_refused_with_its_name(tmp_path: Path, damage: str) -> None:
    data = bytearray(packed(a__txt="One thing after the other."))
    if damage == "cut":
        del data[-30:]
    elif damage == "sum":
        data[data.index(b"a.txt") + 8] ^= 0xFF
    else:
        data = bytearray(gzip.compress(data))
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(CorpusError, match=r"a\.zip.* cannot be read: [^\n]+\.$"):
        read(tmp_path / "a.zip")


def test_a_text_has_no_byte_order_mark(tmp_path: Path) -> None:
    for codec in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"):
        (tmp_path / "a.json").write_bytes('["größer", "Wände"]'.encode(codec))
        assert document_of(tmp_path / "a.json").text() == '["größer", "Wände"]'


def test_a_long_line_can_be_streamed_by_those_who_want_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"x" * 2_000_000)
    document = document_of(tmp_path / "a.json")
    assert isinstance(document, Document)
    with document.characters() as stream:
        assert len(stream.read(100)) == 100
    with pytest.raises(CorpusError, match="line 1, is longer"):
        list(document.lines())
    assert len(list(document.lines(longest=3_000_000))) == 1
