from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus.columns import COLUMNS, EXTRA, meanings, plain_name
from askpapers.corpus.delimited import DELIMITERS, Row, find_layout, read_rows
from askpapers.corpus.documents import document_of
from askpapers.corpus.recognition import recognise
from askpapers.corpus.records import Omitted, Record
from askpapers.corpus.tables import csv_columns, csv_rows, looks_like_table, read_csv
from askpapers.metadata import Metadata, Notice, Person

FORMATS = Path(__file__).parent / "formats"
WALLS = (
    "Walls are little studied. We measured 412 basalt walls for 31 months; shaded walls carried 2.4 times more lichen, "
    'and "old" walls most.'
)
KILNS = "We present KilnNet, a controller for pottery kilns. It reduces cracking by 17% in 230 firings."
ADA, BO = Person("Moss", "Ada"), Person("Fern", "Bo")


def read(folder: Path, text: str | bytes, name: str = "a.csv") -> list[Record | Omitted]:
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read_csv(document_of(file)))


def texts(records: list[Record | Omitted]) -> list[tuple[int, str]]:
    """The line of each record, with its text or the reason for which it is left out."""
    return [(r.line, r.reason if isinstance(r, Omitted) else r.text) for r in records]


def sample(name: str) -> tuple[list[Record], list[Omitted]]:
    document = document_of(FORMATS / name)
    known = recognise(document)
    assert not isinstance(known, str)
    assert known.read is read_csv
    found = list(read_csv(document))
    return [r for r in found if isinstance(r, Record)], [r for r in found if isinstance(r, Omitted)]


def test_csv(tmp_path: Path) -> None:
    text = (
        "\ufeffID, Title ,Abstract,Authors,Year\r\n"
        '1,One,"It ""works"", well.\r\nReally.",A. Moss; B. Fern,2020\r\n'
        "\r\n"
        "2,Two,It is fast.\r\n"
        "3,Three,,C,2021\r\n"
        "4,,It is new.,,\r\n"
    )
    people = (Person("Moss", "A."), Person("Fern", "B."))
    assert read(tmp_path, text) == [
        Record(
            'It "works", well.\r\nReally.', 2, "1", "One", 2020, ("A. Moss", "B. Fern"),
            metadata=Metadata(date="2020", people=people),
        ),
        Record("It is fast.", 5, "2", "Two"),
        Omitted(6, "no abstract"),
        Record("It is new.", 7, "4"),
    ]  # fmt: skip


def test_columns_and_rows(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text('Name,"The, Age"\nx,1,more\n')
    document = document_of(file)
    assert csv_columns(document) == {"name", "the, age"}
    assert list(csv_rows(document)) == [(2, {"name": "x", "the, age": "1"})]
    file.write_text("")
    assert csv_columns(document_of(file)) == frozenset()
    assert list(csv_rows(document_of(file))) == []


# ----- exports -----


def test_scopus() -> None:
    (walls, kilns), omitted = sample("scopus.csv")
    assert walls == Record(
        WALLS,
        2,
        title="Lichens on basalt walls: A three-year study",
        year=2019,
        authors=("Ada Moss", "Bo C. van der Fern"),
        url="https://www.scopus.com/inward/record.uri?eid=2-s2.0-85060000001&doi=10.1000%2fjws",
        metadata=Metadata(
            type="article-journal",
            venue="Journal of Wall Studies",
            publisher="Elsevier Ltd",
            volume="12",
            issue="2",
            pages="101-119",
            date="2019",
            doi="10.1000/jws.2019.0042",
            pmid="30000001",
            language="English",
            people=(ADA, Person("van der Fern", "Bo C.")),
            tags=("Basalt", "Lichens", "Walls", "lichen", "wall"),
            extra=(
                ("table:issn", "00000001"),
                ("table:eid", "2-s2.0-85060000001"),
                ("table:affiliations", "Wall Institute, Basalt Town, Iceland"),
                ("table:citations", "7"),
            ),
        ),
    )
    assert (kilns.text, kilns.metadata.type, kilns.metadata.pages) == (KILNS, "paper-conference", "17")
    assert omitted == [Omitted(3, "no abstract")]


def test_web_of_science_separated_by_tabs() -> None:
    (walls, kilns), omitted = sample("web-of-science-tab.txt")
    assert (walls.text, walls.year, walls.authors) == (WALLS, 2019, ("Ada Moss", "Bo C. van der Fern"))
    known = walls.metadata
    assert (known.venue, known.volume, known.issue, known.pages) == ("JOURNAL OF WALL STUDIES", "12", "2", "101-119")
    assert (known.doi, known.pmid, known.type) == ("10.1000/jws.2019.0042", "30000001", "article-journal")
    assert known.tags == ("basalt", "lichens", "GROWTH", "TOWNS")
    assert known.categories == ("Ecology", "Environmental Sciences & Ecology")
    assert ("table:wos", "WOS:000000000000001") in known.extra
    assert (kilns.title, kilns.metadata.type) == ('"Steady" heat for small potteries', "paper-conference")
    assert omitted == []


def test_zotero() -> None:
    (walls, kilns), omitted = sample("zotero.csv")
    assert walls.text == "Background\nWalls are little studied.\n\nMethods\nWe measured 412 walls."
    assert (walls.id, walls.title, walls.line) == ("WALL2019", "Lichens on basalt walls", 2)
    known = walls.metadata
    assert (known.date, known.key, known.pmid, known.people) == ("2019-05-03", "WALL2019", "30000001", (ADA, BO))
    assert known.tags == ("lichen", "to read", "Basalt")
    assert (kilns.line, kilns.metadata.date, kilns.metadata.venue) == (7, "2021-06", "Kiln Days")
    assert kilns.metadata.type == "paper-conference"
    assert omitted == [Omitted(8, "no abstract")]


def test_dimensions_with_a_line_above_the_header() -> None:
    (walls,), omitted = sample("dimensions.csv")
    assert (walls.text, walls.line) == (WALLS, 3)
    known = walls.metadata
    assert (known.date, known.pages, known.tags) == ("2019-05-03", "101-119", ("Lichens", "Walls"))
    assert ("table:pmcid", "PMC6000001") in known.extra
    assert omitted == [Omitted(1, "text above the column names")]


@pytest.mark.parametrize(
    ("name", "text", "authors", "metadata"),
    [
        ("lens.csv", WALLS, ("Ada Moss", "Bo Fern"), {"date": "2019-05-03", "pages": "101-119", "issue": "2"}),
        (
            "ieee-xplore.csv", KILNS, ("C. Oak", "B. van der Fern"),
            {"venue": "2021 Kiln Days", "type": "paper-conference"},
        ),
        (
            "publish-or-perish.csv", "We measured 412 walls …", ("A Moss", "B Fern", "C Oak"),
            {"venue": "Journal of Wall Studies", "pages": "101-119"},
        ),
    ],
)  # fmt: skip
def test_further_exports(name: str, text: str, authors: tuple[str, ...], metadata: dict[str, str]) -> None:
    (record,), omitted = sample(name)
    assert (record.text, record.authors) == (text, authors)
    assert {field: getattr(record.metadata, field) for field in metadata} == metadata
    assert omitted == []


def test_a_spreadsheet_in_german() -> None:
    (walls, kilns), omitted = sample("excel-german.csv")
    assert walls.text == "Wir maßen 412 Mauern; schattige trugen mehr Flechten.\nEs dauerte 31 Monate."
    assert (walls.line, walls.title, walls.year, walls.authors) == (
        3, "Flechten auf Basaltmauern", 2019, ("Jörg Müller", "Bo Fern"),
    )  # fmt: skip
    assert (kilns.line, kilns.title) == (5, "Öfen")
    assert omitted == []


def test_a_table_without_abstracts_is_left_out_with_its_columns() -> None:
    records, omitted = sample("pubmed.csv")
    assert records == []
    ((line, reason),) = [(item.line, item.reason) for item in omitted]
    assert line == 0
    assert reason.startswith("it has no column of abstracts; its columns are PMID, Title, Authors, Citation")


def test_a_cell_that_is_called_as_a_column_makes_no_header(tmp_path: Path) -> None:
    found = texts(read(tmp_path, f"id,title,{'x' * 50}\np1,Lichens,text\n"))
    assert found == [(0, f"it has no column of abstracts; its columns are id, title, {'x' * 40}")]


def test_what_else_a_row_may_say(tmp_path: Path) -> None:
    (record,) = read(
        tmp_path,
        "title,abstract,published_year,Published Month,DOI,Document Type,tags,eprint,Cited by\n"
        "One,It works.,2020.0,03,https://doi.org/10.1000/X1,Article; Retracted Publication,\"['a', 'b']\",,12.0\n",
    )
    assert isinstance(record, Record)
    known = record.metadata
    assert (record.year, known.date, known.doi, known.tags) == (2020, "2020-03", "10.1000/x1", ("a", "b"))
    assert known.notice == Notice.RETRACTED
    assert ("table:citations", "12") in known.extra
    assert record.url == "https://doi.org/10.1000/X1"
    (record,) = read(tmp_path, "id,summary,url\n5,It works.,http://arxiv.org/abs/2203.02155v2\n")
    assert isinstance(record, Record)
    assert (record.id, record.metadata.arxiv) == ("5", "2203.02155")


@pytest.mark.parametrize("none", ["NaN", "N/A", "-", "[No abstract available]", "", "  ", "null"])
def test_a_placeholder_is_no_abstract_and_no_title(tmp_path: Path, none: str) -> None:
    found = read(
        tmp_path, f"title,authors,year,abstract,text\nT,A B,2020,{none},\n{none},{none},{none},{none},It works.\n"
    )
    assert found == [Omitted(2, "no abstract"), Record("It works.", 3)]


# ----- delimiters, quotes and line ends -----


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("begin", ["", "\ufeff", "\n", "sep={}\n"])
def test_any_delimiter_and_line_end(tmp_path: Path, delimiter: str, end: str, begin: str) -> None:
    rows = ["id,title,abstract,score", '1,One,"It, works; well.",1.5', "2,Two,It is fast.,2.5"]
    cut = [row.replace("It, works", "It\0 works").replace(",", delimiter).replace("\0", ",") for row in rows]
    text = begin.format(delimiter) + "\n".join(cut) + "\n"
    skipped = begin.count("\n")
    assert texts(read(tmp_path, text.replace("\n", end))) == [
        (2 + skipped, "It, works; well."),
        (3 + skipped, "It is fast."),
    ]


WELL = "It works, well."
TOO_MANY = "4 cells where the header has 3: is a comma in a text without quotes?"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("p1,One,It works, well.\np2,Two,Fast.\n", [(2, TOO_MANY), (3, "Fast.")]),
        ('p1,One,"It works, well.\np2,Two,"Fast."\np3,Three,New.\n', [(2, WELL), (3, "Fast."), (4, "New.")]),
        ('p1,One,"It works, well.\np2,Two,Fast.\np3,Three,New.\n', [(2, WELL), (3, "Fast."), (4, "New.")]),
        ('p1,"One,It works.\np2,"Two",Fast.\n', [(2, "a quote in it is never closed"), (3, "Fast.")]),
        ('p1,One,"The \\"best\\" walls, we find."\n', [(2, 'The "best" walls, we find.')]),
        ('p1,One,"The "best" walls, we find."\n', [(2, 'The "best" walls, we find.')]),
        ('p1,One,"""Old"" walls"\n', [(2, '"Old" walls')]),
        ('p1,A 5" pipe,It works.\np2,Two,Fast.\n', [(2, "It works."), (3, "Fast.")]),
        ('p1,One,"It works,\nand, well, on."\np2,Two,Fast.\n', [(2, "It works,\nand, well, on."), (4, "Fast.")]),
        ('p1,"One\nmore",It works.\n', [(3, "It works.")]),
        ("p1,One\np2,Two,Fast.\n", [(2, "2 cells where the header has 3"), (3, "Fast.")]),
        ("p1,One,It works.,,\n", [(2, "It works.")]),
        ("p1,One,It works.\nid,title,abstract\np2,Two,Fast.\n", [(2, "It works."), (4, "Fast.")]),
    ],
)  # fmt: skip
def test_a_damaged_row_is_read_or_named(tmp_path: Path, text: str, found: list[tuple[int, str]]) -> None:
    assert texts(read(tmp_path, f"id,title,abstract\n{text}")) == found


def test_a_quote_in_a_table_with_tabs_is_a_quote(tmp_path: Path) -> None:
    text = 'id\ttitle\tabstract\n1\t"Smart" cities\tWe "dig.\n2\t"Two"\t"Fast, and\nnew."\n'
    first, second = read(tmp_path, text, "a.tsv")
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.title, first.text) == ('"Smart" cities', 'We "dig.')
    assert (second.title, second.text) == ("Two", "Fast, and\nnew.")


def test_one_column_of_abstracts_may_hold_commas(tmp_path: Path) -> None:
    assert texts(read(tmp_path, 'abstract\nIt works, well.\n"It is, too."\n')) == [
        (2, "It works, well."),
        (3, "It is, too."),
    ]


def test_a_quote_that_is_open_for_long_ends_with_its_line(tmp_path: Path) -> None:
    found = texts(read(tmp_path, 'id,text\n1,"It never closes\n' + f"2,{'more ' * 500}\n" * 100))
    assert found[0] == (2, "It never closes")
    assert len(found) == 101


_CELL = st.text(st.sampled_from("ab ,;|\t\"'\n\\é1"), max_size=12)


@given(
    st.lists(st.lists(_CELL, min_size=3, max_size=3), max_size=4), st.sampled_from(DELIMITERS), st.sampled_from("\n\r")
)
def test_what_the_csv_module_writes_is_read_back(cells: list[list[str]], delimiter: str, end: str) -> None:
    rows = [row for row in cells if any(row)]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL, lineterminator=end).writerows(rows)
    lines = iter(enumerate(io.StringIO(out.getvalue(), newline=""), 1))
    assert [row.cells for row in read_rows(lines, delimiter, 3)] == rows


@given(st.text(st.sampled_from('ab, "\\\n'), max_size=80))
def test_no_letter_of_a_damaged_table_is_lost_or_read_twice(text: str) -> None:
    rows = list(read_rows(iter(enumerate(io.StringIO(text, newline=""), 1)), ",", 3))
    read_letters = "".join(c for row in rows for cell in row.cells for c in cell if c.isalpha())
    assert read_letters == "".join(c for c in text if c.isalpha())
    assert [row.line for row in rows] == sorted({row.line for row in rows})
    assert all(row.problem for row in rows if len(row.cells) > 3 and any(cell.strip() for cell in row.cells[3:]))


# ----- what a table is -----


@pytest.mark.parametrize(
    "text",
    [
        "id,title,abstract\n1,One,It works.\n",
        "Titre;Résumé;Année\nUn;Ça marche.;2020\n",
        "标题,摘要\n一,二\n",
        "PMID,Title,Authors,Journal/Book\n1,One,A B,C\n",
        "Search: walls\n\nTitle\tAbstract Note\nOne\tIt works.\n",
    ],
)
def test_a_table_is_recognised_by_its_header(text: str) -> None:
    assert looks_like_table(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Walls, which are old, are little studied.\nWe measured 412 walls.",
        "Title, abstract and authors are what a record has.\n\nWe read, we write.",
        "Title: Lichens, walls\nAbstract: We study walls, roofs; and more.\n",
        "abstract\nIt works.\n",
        '{"title": "One", "abstract": "It works, well."}\n',
        "@article{a,\n  title = {One},\n  abstract = {It works, well.},\n}\n",
        "query-id\tcorpus-id\tscore\nq1\td1\t1\n",
    ],
)
def test_what_is_no_table_of_papers(text: str) -> None:
    assert not looks_like_table(text)


def test_each_name_of_a_column_has_one_meaning() -> None:
    named = [(name, meaning) for meaning, names in (*COLUMNS.items(), *EXTRA.items()) for name in names]
    both = {name for name, _ in named if len({m for n, m in named if n == name}) > 1}
    assert both == {"id"}  # Web of Science's tag for keywords
    assert all(name == plain_name(name) for name, _ in named)


def test_names_of_columns_in_any_writing() -> None:
    assert meanings(["ABSTRACT_NOTE", " Publication-Title", "Author(s)", "No."]) == {
        "abstract": [0], "venue": [1], "authors": [2], "issue": [3],
    }  # fmt: skip
    assert meanings(["TI", "PY"]) == {}
    assert meanings("PT AU TI SO AB PY ID".split())["keywords"] == [6]


def test_the_layout_of_nothing() -> None:
    assert find_layout([(1, "\n"), (2, "  ")], len) is None
    assert list(read_rows(iter([(1, "\n"), (2, "a\n")]), ",", 1)) == [Row(2, ["a"])]
