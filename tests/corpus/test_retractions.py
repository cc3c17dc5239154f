from __future__ import annotations

from pathlib import Path

from askpapers.corpus import read_corpus
from askpapers.corpus.retractions import Retraction, Retractions
from askpapers.metadata import Metadata, Notice

TABLE = """\
Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,RetractionDOI,\
RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,Paywalled,Notes
1,Moss on walls,(B),I,J,P,C,A,,Research Article,1/25/2020 0:00,10.1000/r1,0,1/1/2018 0:00,10.1000/X1,0,Retraction,\
+Falsification/Fabrication of Data;+Investigation by Journal/Publisher;,No,
2,Ferns,(B),I,J,P,C,A,,Research Article,3/2/2021 0:00,,0,1/1/2018 0:00,,77,\
Expression of concern,+Concerns/Issues About Data;,No,
3,Lichen,(B),I,J,P,C,A,,Research Article,3/2/2021 0:00,,0,1/1/2018 0:00,10.1000/x3,0,Correction,,No,
4,Algae,(B),I,J,P,C,A,,Research Article,3/2/2019 0:00,,0,1/1/2018 0:00,10.1000/x4,0,Retraction,,No,
5,Algae,(B),I,J,P,C,A,,Research Article,3/2/2020 0:00,,0,1/1/2018 0:00,10.1000/x4,0,Reinstatement,,No,
"""
PAPERS = """\
id,doi,url,title,abstract
a,10.1000/x1,https://doi.org/10.1000/x1,Moss on walls,We grew moss on the walls of towns.
b,,https://pubmed.ncbi.nlm.nih.gov/77/,Ferns,We grew ferns on the walls of towns.
c,,https://doi.org/10.1000/x3,Lichen,We grew lichen on the walls of towns.
d,,https://doi.org/10.1000/x4,RETRACTED: Algae,We grew algae on the walls of towns.
"""


def test_the_table_of_retraction_watch_marks_papers_and_is_none(tmp_path: Path) -> None:
    (tmp_path / "retraction_watch.csv").write_text(TABLE)
    (tmp_path / "papers.csv").write_text(PAPERS)
    corpus = read_corpus([tmp_path])
    assert [(p.id, p.metadata.notice, p.metadata.notice_details) for p in corpus.papers] == [
        ("a", Notice.RETRACTED, "2020-01-25, Falsification/Fabrication of Data; Investigation by Journal/Publisher"),
        ("b", Notice.CONCERN, "2021-03-02, Concerns/Issues About Data"),
        ("c", None, ""),
        ("d", None, ""),
    ]
    assert corpus.warnings == ()


def test_the_latest_row_of_a_paper_counts() -> None:
    rows = [
        Retraction("10.1/x", "", notice, date, "") for notice, date in ((None, "2021-01-01"), (Notice.RETRACTED, ""))
    ]
    paper = Metadata(doi="10.1/x", notice=Notice.CONCERN)
    assert Retractions(rows).marked(paper).notice is None
    assert Retractions(rows[1:]).marked(paper).notice is Notice.RETRACTED
    assert Retractions(rows).marked(Metadata(doi="10.1/y")) == Metadata(doi="10.1/y")
