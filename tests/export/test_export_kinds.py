"""The table of kinds, and the names of files."""

from __future__ import annotations

import json

import pytest

from askpapers.contract import answer_dict
from askpapers.errors import UsageError
from askpapers.export import KINDS, Content, Kind, content_of, file_name, kind_named, kind_of_file, list_of
from cats_and_dogs import CATS, COMPARISON, DOGS, REFUSAL, answer, survey


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@pytest.mark.parametrize(
    "content",
    [content_of([found]) for found in (answer(), survey(3), REFUSAL, COMPARISON)]
    + [content_of([answer(), REFUSAL, survey(2)]), list_of([CATS, DOGS]), list_of([])],
    ids=["answer", "survey", "refusal", "comparison", "several", "papers", "none"],
)
def test_everything_leaves_as_every_kind(kind: Kind, content: Content) -> None:
    written = kind.write(content)
    assert isinstance(written, bytes) == kind.binary
    assert kind.bytes_of(content)[:2] == b"PK" if kind.binary else kind.bytes_of(content).decode() == written


def test_json_is_the_object_of_the_contract() -> None:
    assert json.loads(str(KINDS["json"].write(content_of([survey(2)])))) == json.loads(
        json.dumps(answer_dict(survey(2)))
    )
    assert len(json.loads(str(KINDS["json"].write(content_of([answer(), REFUSAL]))))) == 2
    assert [p["id"] for p in json.loads(str(KINDS["json"].write(list_of([CATS, DOGS]))))["papers"]] == [
        "2101.1",
        "2202.2",
    ]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.bib", "bibtex"),
        ("A.RIS", "ris"),
        ("a.csl.json", "csl"),
        ("a.json", "json"),
        ("a.markdown", "markdown"),
        ("a.xlsx", "xlsx"),
        ("a.doc", None),
        ("bib", None),
    ],
)
def test_a_file_is_the_kind_that_it_ends_as(name: str, kind: str | None) -> None:
    assert kind_of_file(name) == (KINDS[kind] if kind else None)


def test_a_file_is_named_by_its_question() -> None:
    assert file_name("Which papers use RLHF?", KINDS["csl"]) == "which-papers-use-rlhf.csl.json"
    assert file_name("../../etc/passwd\0", KINDS["csv"]) == "etc-passwd.csv"
    assert file_name("だれ", KINDS["csv"]) == "answer.csv"
    assert len(file_name("x" * 300, KINDS["ris"])) == 54


def test_what_cannot_be_exported_is_said() -> None:
    with pytest.raises(UsageError, match="pdf"):
        kind_named("pdf")
    with pytest.raises(UsageError, match="nothing"):
        content_of([])
