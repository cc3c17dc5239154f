from __future__ import annotations

import pytest

from askpapers.identifiers import arxiv_of, doi_of, dois_in, identifiers_in, is_preprint_doi, pmid_of


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("10.1000/X1", "doi:10.1000/x1"),
        ("https://doi.org/10.1000/x1", "doi:10.1000/x1"),
        ("http://dx.doi.org/10.1000/x1.", "doi:10.1000/x1"),
        ("doi: 10.1000/x1", "doi:10.1000/x1"),
        ("https://doi.org/10.1002%2Fabc", "doi:10.1002/abc"),
        ("10.1016/S0140-6736(20)30183-5", "doi:10.1016/s0140-6736(20)30183-5"),
        ("2203.02155v2", "arxiv:2203.02155"),
        ("arXiv:2203.02155", "arxiv:2203.02155"),
        ("arXiv:1706.03762v5 [cs.CL]", "arxiv:1706.03762"),
        ("https://arxiv.org/abs/2203.02155v1", "arxiv:2203.02155"),
        ("http://export.arxiv.org/pdf/hep-th/9901001.pdf", "arxiv:hep-th/9901001"),
        ("oai:arXiv.org:0704.0001", "arxiv:0704.0001"),
        ("math.GT/0309136v2", "arxiv:math/0309136"),
        ("https://doi.org/10.48550/arXiv.2203.02155", "arxiv:2203.02155"),
        ("PMID: 0123", "pmid:123"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "pmid:123"),
        ("https://openalex.org/W2741809807", "openalex:w2741809807"),
        ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC123456/", "pmc:pmc123456"),
    ],
)
def test_identifiers_are_one_however_they_are_written(text: str, identifier: str) -> None:
    assert identifiers_in(text, None, "") == {identifier}


@pytest.mark.parametrize("text", ["", "123", "smith2020", "1234.5678", "2213.00001", "W3C", "a 10.1000/x b", "10.5/2"])
def test_other_ids_are_no_identifiers(text: str) -> None:
    assert identifiers_in(text) == frozenset()
    assert (doi_of(text), arxiv_of(text), pmid_of(text)) == ("", "", "")


def test_a_doi_in_a_sentence_ends_before_its_punctuation() -> None:
    text = "See (10.1016/S0140-6736(20)30183-5), and https://doi.org/10.1000/X1."
    found = list(dois_in(text))
    assert [doi for doi, _, _ in found] == ["10.1016/s0140-6736(20)30183-5", "10.1000/x1"]
    assert [text[start:end].lower() for _, start, end in found] == [doi for doi, _, _ in found]


def test_a_preprint_is_known_by_its_doi() -> None:
    preprints = ["10.48550/arxiv.2203.02155", "10.1101/2020.01.05.123456", "10.21203/rs.3.rs-1/v1", "10.2139/ssrn.12"]
    assert all(map(is_preprint_doi, preprints))
    assert not any(map(is_preprint_doi, ["10.1038/s41586-020-1", "10.1101/gr.123", "10.1000/x1"]))
