from __future__ import annotations

import pytest

from askpapers.corpus.notices import (
    is_only_notice,
    notice_of_abstract,
    notice_of_types,
    notices_given,
    title_without_notice,
    update_field,
)
from askpapers.corpus.records import Record
from askpapers.metadata import Metadata, Notice

TITLE = "Moss on walls"


@pytest.mark.parametrize(
    ("title", "notice"),
    [
        ("RETRACTED: {}", Notice.RETRACTED),
        ("Retracted: {}", Notice.RETRACTED),
        ("RETRACTED ARTICLE: {}", Notice.RETRACTED),
        ("[Retracted] {}", Notice.RETRACTED),
        ("{} [RETRACTED]", Notice.RETRACTED),
        ("{} (Retracted Article)", Notice.RETRACTED),
        ("{} (Retracted article. See vol. 12, pg. 3, 2010)", Notice.RETRACTED),
        ("Retraction: {}", Notice.RETRACTED),
        ("Retraction—{}", Notice.RETRACTED),
        ("Retraction Note: {}", Notice.RETRACTED),
        ("Retraction note to: {}", Notice.RETRACTED),
        ("Notice of Retraction: {}", Notice.RETRACTED),
        ("Retraction of “{}”", Notice.RETRACTED),
        ("Retraction notice to “{}” [J. Moss 1 (2010)]", Notice.RETRACTED),
        ("Retraction for Fern et al., {}", Notice.RETRACTED),
        ("WITHDRAWN: {}", Notice.WITHDRAWN),
        ("REMOVED: {}", Notice.WITHDRAWN),
        ("Withdrawal: {}", Notice.WITHDRAWN),
        ("Expression of Concern: {}", Notice.CONCERN),
        ("Editorial Expression of Concern: {}", Notice.CONCERN),
    ],
)
def test_a_title_says_that_its_paper_was_retracted(title: str, notice: Notice) -> None:
    assert title_without_notice(title.format(TITLE)) == (TITLE, notice)


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        "Retraction of the tongue in infants",
        "Retracted papers: a survey",
        "Retracted publications in dentistry - A survey",
        "Retraction: a review of why papers are retracted",
        "Retraction Watch: ten years",
        "Why articles are retracted: reasons",
        "Withdrawn drugs: a review",
        "Withdrawal of treatment: a study",
        "Withdrawal: effects of alcohol on rats",
        "Expressions of concern in journals: a count",
        "Expression of concern and what follows",
        "Removed forests and their soils",
        "The retracted (and the withdrawn)",
    ],
)
def test_papers_about_retraction_are_not_retracted(title: str) -> None:
    assert title_without_notice(title) == (title, None)


@pytest.mark.parametrize(
    ("abstract", "notice"),
    [
        ("This paper has been withdrawn by the author due to a crucial error in equation 1.", Notice.WITHDRAWN),
        ("This paper has been withdrawn by the author(s), due a crucial sign error.", Notice.WITHDRAWN),
        ("This submission has been withdrawn at the request of the author.", Notice.WITHDRAWN),
        ("Withdrawn by arXiv administrators due to content taken from others.", Notice.WITHDRAWN),
        ("The paper was withdrawn by the authors.", Notice.WITHDRAWN),
        ("This paper on lichen has been withdrawn by the authors.", Notice.WITHDRAWN),
        ("Withdrawn.", Notice.WITHDRAWN),
        ("This article has been retracted at the request of the editor.", Notice.RETRACTED),
        ("The authors have retracted this article because the data are not theirs.", Notice.RETRACTED),
    ],
)
def test_an_abstract_that_is_only_a_notice_is_no_evidence(abstract: str, notice: Notice) -> None:
    assert (notice_of_abstract(abstract), is_only_notice(abstract)) == (notice, True)


@pytest.mark.parametrize(
    "abstract",
    [
        "This paper has been withdrawn. " + "We grew moss on walls of towns and saw it thrive in shade. " * 6,
        "We grew moss on walls of towns and saw it thrive in shade. " * 9 + "This paper has been withdrawn.",
        "We grew moss. " * 9 + "Accordingly, this version of the paper is withdrawn.",
    ],
)
def test_an_abstract_that_says_more_is_withdrawn_and_evidence(abstract: str) -> None:
    assert (notice_of_abstract(abstract), is_only_notice(abstract)) == (Notice.WITHDRAWN, False)


@pytest.mark.parametrize(
    "abstract",
    [
        "We grew moss on walls.",
        "We ask why papers are retracted. In 2010 this article was retracted, and it is cited since.",
        "We study whether this paper was withdrawn.",
        "This drug was withdrawn from the market.",
        "This paper on a drug that has been withdrawn asks why.",
        "This paper reviews a compound that has been withdrawn.",
        "Withdrawn patients were not counted.",
        "Retracted papers are cited for years.",
        "The patients have been withdrawn from this study.",
    ],
)
def test_abstracts_about_retraction_are_no_notices(abstract: str) -> None:
    assert (notice_of_abstract(abstract), is_only_notice(abstract)) == (None, False)


def test_types_of_pubmed_and_of_crossref() -> None:
    assert notice_of_types(["Journal Article", "Retracted Publication"]) is Notice.RETRACTED
    assert notice_of_types(["ExpressionOfConcernIn", "RetractionIn"]) is Notice.RETRACTED
    assert notice_of_types(["expression_of_concern"]) is Notice.CONCERN
    assert notice_of_types(["Journal Article", "ErratumIn", "correction"]) is None


def test_a_notice_marks_the_paper_whose_doi_it_gives() -> None:
    extra = (update_field("retraction", "https://doi.org/10.1000/X1"), update_field("correction", "10.1000/x2"))
    assert notices_given([Record("", 1), Record("Why.", 2, metadata=Metadata(extra=extra))]) == {
        "10.1000/x1": Notice.RETRACTED
    }
