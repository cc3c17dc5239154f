from __future__ import annotations

import string

import pytest
from formats_read import document, papers, read, sample
from hypothesis import given
from hypothesis import strategies as st

from askpapers.corpus import bibtex_entries
from askpapers.corpus.bibtex import looks_like_bibtex, read_bibtex
from askpapers.corpus.bibtex_entries import Entry, read_entries
from askpapers.corpus.latex_fields import in_one_line, without_grouping
from askpapers.corpus.records import Omitted, Record
from askpapers.metadata import Person


def entries(text: str) -> list[Entry | Omitted]:
    return list(read_entries(enumerate(text.splitlines(keepends=True), start=1)))


def fields(text: str) -> dict[str, str]:
    [entry] = entries(text)
    assert isinstance(entry, Entry)
    return {field.name: field.value for field in entry.fields}


def one(*lines: str) -> Record:
    [record] = papers("@article{moss, title={T}, abstract={We study.},\n" + ",\n".join(lines) + "}", "BibTeX")
    return record


def test_zotero() -> None:
    first, second = papers(sample("zotero.bib"), "BibTeX")
    known = first.metadata
    assert first.id == known.key == "moss_lichens_2019"
    assert first.title == "Lichens on basalt walls of coastal towns: Xanthoria and DNA"
    assert first.text.endswith("(<1\\% of the DNA was foreign).\nSalt spray slowed growth by 18\\%.")
    assert known.people == (Person("Moss", "Ada"), Person("van der Fern", "Bo"), Person("The Wall Consortium"))
    assert (known.date, known.pages, known.doi) == ("2019-05", "101-119", "10.1000/walls.2019.1")
    assert known.tags == ("basalt", "weathered", "lichen")
    assert [name for name, _ in known.extra] == ["bibtex:issn", "bibtex:urldate", "bibtex:note", "bibtex:file"]
    assert (second.metadata.type, second.metadata.arxiv) == ("article", "2111.01234")


def test_biblatex_inherits_from_a_volume_that_stands_behind() -> None:
    first, second = papers(sample("biblatex.bib"), "BibTeX")
    known = first.metadata
    assert (first.title, first.authors) == ("Walls: A Survey", ("Józef Müller", "Žana Šimić"))
    assert (known.venue, known.date) == ("Proceedings of the Workshop on Walls", "2020-07")
    assert (known.editors, known.publisher) == ((Person("Oven", "Ed"),), "Wall Press")
    assert (known.arxiv, known.categories, known.tags) == ("2001.01234", ("cs.CL",), ("walls", "surveys"))
    assert (second.metadata.date, second.metadata.venue) == ("2021-03-05", "Kiln")


def test_jabref() -> None:
    first, broken, last = papers(sample("jabref.bib"), "BibTeX")
    assert first.metadata.venue == "Journal of Walls"
    assert first.metadata.tags == ("Walls", "To read")
    assert ("bibtex:groups", "Walls, To read") in first.metadata.extra
    assert first.text == (
        "We measured how lichens grow on 412 basalt walls. The address walls@example.org is no entry."
    )
    assert (broken.title, broken.text, broken.line) == ("A broken entry", "Its title does not end.", 23)
    assert (last.text, last.year) == ("It is read all the same.", 2020)


def test_scopus_web_of_science_dblp_and_mendeley() -> None:
    [scopus], [wos] = papers(sample("scopus.bib"), "BibTeX"), papers(sample("web-of-science.bib"), "BibTeX")
    [dblp], [mendeley] = papers(sample("dblp.bib"), "BibTeX"), papers(sample("mendeley.bib"), "BibTeX")
    assert scopus.metadata.tags == ("Diaphragm pumps", "Gardens", "Gardening", "Power")
    assert read(sample("scopus.bib"), "BibTeX")[1] == Omitted(22, "no abstract")
    assert (wos.id, wos.metadata.date) == ("WOS:000123456700001", "2018-06-15")
    assert wos.title == "Bees on clay roofs: a count of visits in 64 roofs"
    assert wos.text.endswith("found that red roofs had 3.1 bees an hour, grey ones 1.2.")
    assert (dblp.metadata.arxiv, dblp.authors) == ("2111.01234", ("Cato Clay", "Ed Oven"))
    assert mendeley.text.startswith(r"Lichens grow on 17\% of walls, at 3 \& 4 m, with $\alpha$ = 0.05 and x\_1")
    assert mendeley.title == "Lichens on über-walls"


@pytest.mark.parametrize("name", ["zotero", "biblatex", "jabref", "scopus", "web-of-science", "dblp"])
def test_the_line_of_a_record_is_where_its_abstract_begins(name: str) -> None:
    lines = sample(f"{name}.bib").decode().splitlines()
    assert all(record.text[:18] in lines[record.line - 1] for record in papers(sample(f"{name}.bib"), "BibTeX"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('@misc{a, b = "x {"}y{"} {\\"u}"}', {"b": 'x {"}y{"} {\\"u}'}),
        ("@misc(a, b = {x)y}, c = 1)", {"b": "x)y", "c": "1"}),
        ("@misc{a, b = {x {y {z}}}, B2 = 2019a}", {"b": "x {y {z}}", "b2": "2019a"}),
        ('@misc{a, m = 10 # "~" # jan}', {"m": "10~jan"}),
        ("@misc{a key, b = {x} c = {y}}", {"b": "x", "c": "y"}),
        ("@misc{b = {x}}", {"b": "x"}),
        ("@misc{, b = {x}}", {"b": "x"}),
        ("@misc{a, % remark, c = {y}\n b = {x % y}}", {"b": "x % y"}),
        ("@misc{a, b = {x}", {"b": "x"}),
        ("@misc{a, b = {x},\n", {"b": "x"}),
        ("@misc\n{a, b = {x}}", {"b": "x"}),
        ("@misc{a, b = {x {y},\n c = {z},\n}", {"b": "x {y}", "c": "z"}),
        ("@misc{a, größe = {x}}", {"größe": "x"}),
        ("@misc{a, b = {}, c = {x}}", {"c": "x"}),
    ],
)
def test_what_files_have(text: str, expected: dict[str, str]) -> None:
    found = {name: value for name, value in fields(text).items() if value}
    assert found == expected


def test_strings_hold_in_any_case_for_what_stands_below() -> None:
    text = '@STRING{jw = "Journal of " # {Walls}}\n@string(x = JW # "!")\n@misc{a, j = Jw, k = x, l = unknown}'
    assert fields(text) == {"j": "Journal of Walls", "k": "Journal of Walls!", "l": "unknown"}


def test_two_entries_on_a_line_and_text_between_entries() -> None:
    text = "A remark by ada@example.org {x}\n@misc{a, b={x}} @misc{c, d={y}}\n@comment{not this}\n@misc{e, f={z}}\n"
    assert [(entry.key, entry.line) for entry in entries(text) if isinstance(entry, Entry)] == [
        ("a", 2),
        ("c", 2),
        ("e", 4),
    ]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("title={A}, abstract={We show x} that is more}, year={2019}}", "damaged BibTeX: '}' expected in line 1"),
        ("title={A {B}, abstract={We show}, year={2019}", "damaged BibTeX: the value of title does not end"),
        ("title={A}, abstract={We sh", "damaged BibTeX: the value of abstract does not end"),
        ("title={A}, abstract={}", "no abstract"),
    ],
)
def test_a_damaged_entry_is_left_out_with_its_line_and_the_others_are_read(broken: str, reason: str) -> None:
    text = f"@article{{a, {broken}\n\n@article{{b,\n abstract={{Good.}}}}\n"
    first, good = read_bibtex(document(text))
    assert first == Omitted(1, reason)
    assert isinstance(good, Record)
    assert (good.text, good.line) == ("Good.", 4)


def test_the_rest_of_an_entry_that_is_damaged_below_its_abstract_is_said() -> None:
    record, rest = read_bibtex(document("@misc{a, abstract={Good.}, title={T}, note={x} y}, year={2019}}"))
    assert isinstance(record, Record)
    assert (record.text, record.title) == ("Good.", "T")
    assert rest == Omitted(1, "a part of the entry a, which is damaged: '}' expected in line 1")


def test_an_endless_entry_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bibtex_entries, "LONGEST", 100)
    text = "@misc{a, b={" + "x\n" * 200 + "\n@misc{c, d={y}}"
    first, second = entries(text)
    assert first == Omitted(1, "an entry of more than 100 characters")
    assert isinstance(second, Entry)


VALUES = st.recursive(
    st.text(string.ascii_letters + " .,=@%#'\"\n", max_size=12),
    lambda inner: st.lists(inner, max_size=3).map(lambda parts: "".join(f"a{{{part}}}" for part in parts)),
    max_leaves=5,
)
NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=5)


@given(st.lists(st.dictionaries(NAMES, VALUES, max_size=4), max_size=4))
def test_what_is_written_is_read(written: list[dict[str, str]]) -> None:
    """In braces every balanced value comes back, whatever signs it has."""
    values = [{name: " ".join(value.split()) for name, value in entry.items()} for entry in written]
    text = "".join(
        f"@misc{{key{number},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in entry.items()) + "}\n"
        for number, entry in enumerate(values)
    )
    found = entries(text)
    assert [entry.key for entry in found if isinstance(entry, Entry)] == [f"key{i}" for i in range(len(values))]
    assert [{f.name: f.value for f in e.fields} for e in found if isinstance(e, Entry)] == values


@given(st.text('@misc{}(),="#%\\\n a1\x00é', max_size=120))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for found in read_bibtex(document("@misc{key, a = {b}}\n" + text)):
        assert isinstance(found, Record | Omitted)


@pytest.mark.parametrize(
    ("lines", "name", "value"),
    [
        (["year=2019", "month=5", "day=3"], "date", "2019-05-03"),
        (["year={2019}", "month=10 # ~ # jan"], "date", "2019-01-10"),
        (["year={in press}"], "date", ""),
        (["date={2019-05~}"], "date", "2019-05"),
        (["journal={arXiv preprint arXiv:2111.01234}"], "arxiv", "2111.01234"),
        (["journal={CoRR}", "volume={abs/2111.01234}"], "arxiv", "2111.01234"),
        (["eprint={hep-th/9901001}", "archivePrefix={arXiv}"], "arxiv", "hep-th/9901001"),
        (["note={PMID: 31234567}"], "pmid", "31234567"),
        (["doi={https://doi.org/10.1000/A\\_B}"], "doi", "10.1000/a_b"),
        (["school={Hill University}"], "publisher", "Hill University"),
        (["keywords={a; b; c}"], "tags", ("a", "b", "c")),
        (["author={Ada Moss and others}"], "people", (Person("Moss", "Ada"),)),
        (["author={G{\\\"o}del, K. and {\\'E}mile Zola}"], "people", (Person("Gödel", "K."), Person("Zola", "Émile"))),
    ],
)
def test_where_fields_stand(lines: list[str], name: str, value: object) -> None:
    assert getattr(one(*lines).metadata, name) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{BERT} and {{GPT}}", "BERT and GPT"),
        (r"17{\%} {\&} x{\_}1", r"17\% \& x\_1"),
        (r"{\textless}p{\textgreater}", "<p>"),
        (r"$x_{ij}^{2}$ and \emph{so} {\"u} {\ss}e", r"$x_{ij}^{2}$ and \emph{so} {\"u} {\ss}e"),
        ("a\n   b\n\n\nc", "a b\nc"),
        ("{unbalanced", "{unbalanced"),
    ],
)
def test_braces_that_only_group_are_undone(text: str, expected: str) -> None:
    assert without_grouping(text) == expected


def test_a_title_has_no_brace_left() -> None:
    assert in_one_line("The {{\\'E}cole} of\n  {$O(n)$} {\\emph{sorts}}") == "The École of O(n) sorts"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Write to @ada, or to bo@example.org.",
        "@dataclass(frozen=True, slots=True)\nclass A:\n    b = 1\n",
        "@media screen, print {\n  a = b\n}",
        "@app.route('/x', methods=['GET'])\ndef f(): pass",
        "@misc is a type of entry, a = b",
    ],
)
def test_other_text_is_no_bibtex(text: str) -> None:
    assert not looks_like_bibtex(text)
