from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus import encodings
from askpapers.corpus.documents import Document
from askpapers.corpus.encoding_guess import NAMES
from askpapers.corpus.encodings import find_encoding

GERMAN = "Wir untersuchen, wie Flechten auf Basaltwänden in Küstenstädten wachsen – größer als erwartet.\n"
FRENCH = "Nous étudions la croissance des lichens à côté des murs; les façades étaient très sèches.\n"
ENGLISH = "The shade effect “2.4 times” was large. It cost €5 per wall – no more. We don’t know.\n"
POLISH = "Badamy, jak porosty rosną na bazaltowych ścianach w miastach. Wzrost mierzono, łącznie źródła.\n"
CZECH = "Studujeme, jak lišejníky rostou na čedičových zdech v pobřežních městech. Příliš žluťoučký kůň.\n"
RUSSIAN = "Мы изучаем, как лишайники растут на базальтовых стенах в прибрежных городах.\n"
GREEK = "Μελετάμε πώς αναπτύσσονται οι λειχήνες σε τοίχους βασάλτη στις παραθαλάσσιες πόλεις.\n"
TURKISH = "Kıyı kentlerinde bazalt duvarlarda likenlerin nasıl büyüdüğünü inceliyoruz. Şehirde ölçüldü.\n"
JAPANESE = "沿岸の町の玄武岩の壁に地衣類がどのように生育するかを研究する。成長は三十一か月にわたり測定された。\n"
CHINESE = "我们研究地衣如何在沿海城镇的玄武岩墙上生长。生长测量了三十一个月。\n"
KOREAN = "우리는 해안 도시의 현무암 벽에서 지의류가 어떻게 자라는지 연구한다.\n"
ASCII = b"We study how lichens grow on basalt walls in coastal towns.\n"


def document(data: bytes) -> Document:
    return Document("a.txt", "a.txt", lambda: io.BufferedReader(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (GERMAN, "cp1252"),
        (FRENCH, "cp1252"),
        (ENGLISH, "cp1252"),
        ("Title: café\nAbstract: We study cafés.\n", "cp1252"),
        ("At 5 µm ± 2 °C.\n", "cp1252"),
        (POLISH, "cp1250"),
        (CZECH, "iso8859_2"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (GREEK, "cp1253"),
        (TURKISH, "cp1254"),
        (GERMAN, "mac_roman"),
        (JAPANESE, "cp932"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        (KOREAN, "cp949"),
    ],
)
def test_an_old_encoding_is_guessed_and_said(text: str, codec: str) -> None:
    read = document(text.encode(codec))
    assert read.text() == text
    (note,) = read.encoding.notes
    assert note == f"read as {NAMES[codec]}, which was guessed"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_certain(codec: str) -> None:
    read = document(RUSSIAN.encode(codec))
    assert read.text() == RUSSIAN
    assert read.encoding.notes == ()


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_seen_by_its_zeros(codec: str) -> None:
    read = document(ENGLISH.encode(codec))
    assert read.text() == ENGLISH
    assert read.encoding.notes == ("read as UTF-16, which was guessed",)


def test_one_encoding_holds_for_the_whole_file() -> None:
    """The first letter that is not ASCII stands far behind the part by which formats are recognised."""
    read = document(ASCII * 90_000 + GERMAN.encode("cp1252") * 3)
    assert read.text().endswith(GERMAN * 3)
    assert read.encoding.codec == "cp1252"


def test_a_few_bad_bytes_do_not_make_a_utf_8_file_another() -> None:
    data = RUSSIAN.encode() * 5 + b"caf\xe9 \x93x\x94\r\n" + RUSSIAN.encode() * 5
    read = document(data)
    assert [line for _, line in read.lines()] == [RUSSIAN] * 5 + ["café “x”\r\n"] + [RUSSIAN] * 5
    assert read.encoding.notes == ("line 6: 3 bytes that are not UTF-8 here and below, read as Windows-1252",)


@pytest.mark.parametrize(
    ("first", "codec"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "cp1252"),
        ("<?xml version='1.0' encoding='windows-1250'?>", "cp1250"),
        ("% Encoding: ISO8859_15", "iso8859-15"),
        ("% -*- coding: koi8-r -*-", "koi8-r"),
    ],
)
def test_an_encoding_that_the_file_names_is_no_guess(first: str, codec: str) -> None:
    read = document(f"{first}\n".encode() + b"caf\xe9 \xbb\n")
    assert (read.encoding.codec, read.encoding.guessed) == (codec, False)
    assert read.text() == f"{first}\n" + b"caf\xe9 \xbb\n".decode(codec)


@pytest.mark.parametrize("first", ["encoding: none", "coding: base64", '<?xml encoding="utf-8"?>', "encoding=utf-16"])
def test_a_name_that_is_none_or_false_is_passed_over(first: str) -> None:
    assert document(f"{first}\n".encode() + b"caf\xe9\n").encoding.codec == "cp1252"


def test_a_file_in_utf_8_is_utf_8_whatever_it_says() -> None:
    assert document('<?xml version="1.0" encoding="ISO-8859-1"?>\nWände'.encode()).encoding.codec == "utf-8"


def test_what_an_old_encoding_does_not_hold_is_said_with_its_line() -> None:
    read = document(b"One.\rTwo.\r" + GERMAN.encode("cp1252") * 9 + b"\x81.\n")
    assert read.text().endswith("\ufffd.\n")
    assert read.encoding.notes[1] == "line 12: 1 character could not be decoded, shown as \ufffd"


def test_what_cannot_be_decoded_is_said_with_its_line() -> None:
    read = document("One.\nTwo \ud800.\n".encode("utf-16", "surrogatepass"))
    assert read.text() == "One.\nTwo \ufffd.\n"
    assert read.encoding.notes == ("line 2: 1 character could not be decoded, shown as \ufffd",)


@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\0"), max_size=300),
    block=st.integers(1, 50),
)
def test_utf_8_is_never_taken_for_anything_else(text: str, block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encodings, "_BLOCK", block)
        found = find_encoding(io.BytesIO(text.encode()))
    assert (found.codec, found.notes) == ("utf-8", ())


@given(
    before=st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\r\n", "é".encode(), "漢".encode()]), max_size=60),
    block=st.integers(1, 7),
)
def test_the_line_of_the_first_bad_byte_is_right_wherever_blocks_end(before: list[bytes], block: int) -> None:
    data = b"".join(before) + b"\xff" + "é".encode() * 20
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encodings, "_BLOCK", block)
        found = find_encoding(io.BytesIO(data))
    lines = data.splitlines(keepends=True)
    assert found.bad_line == next(number for number, line in enumerate(lines, 1) if b"\xff" in line)
