"""Documents of Word as Word, Zotero, Mendeley and EndNote write them, made for the tests."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

W = nsdecls("w")


def item(title: str, doi: str = "", family: str = "Moss", year: int = 2022) -> dict[str, Any]:
    """An item of CSL JSON."""
    data = {"title": title, "type": "article", "author": [{"family": family, "given": "A."}]}
    return {**data, "issued": {"date-parts": [[year]]}, **({"DOI": doi} if doi else {})}


def field(code: str, shown: str) -> list[str]:
    """The runs of a field: its code, split as Word splits it, and what it shows."""
    escaped = code.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    half = len(escaped) // 2
    while "&" in escaped[half - 6 : half]:
        half += 1
    return [
        f'<w:r {W}><w:fldChar w:fldCharType="begin"/></w:r>',
        f'<w:r {W}><w:instrText xml:space="preserve"> {escaped[:half]}</w:instrText></w:r>',
        f'<w:r {W}><w:instrText xml:space="preserve">{escaped[half:]} </w:instrText></w:r>',
        f'<w:r {W}><w:fldChar w:fldCharType="separate"/></w:r>',
        f"<w:r {W}><w:t>{shown}</w:t></w:r>",
        f'<w:r {W}><w:fldChar w:fldCharType="end"/></w:r>',
    ]


def zotero(shown: str, *items: dict[str, Any]) -> list[str]:
    """A citation of Zotero."""
    citation = {"citationID": "x", "citationItems": [{"id": n, "itemData": one} for n, one in enumerate(items)]}
    return field(f"ADDIN ZOTERO_ITEM CSL_CITATION {json.dumps(citation)}", shown)


def mendeley(shown: str, *items: dict[str, Any]) -> list[str]:
    """A citation of Mendeley Cite: a content control whose tag is JSON in base64."""
    citation = {"citationID": "x", "citationItems": [{"id": "1", "itemData": one} for one in items]}
    tag = base64.b64encode(json.dumps(citation).encode()).decode()
    return [
        f'<w:sdt {W}><w:sdtPr><w:tag w:val="MENDELEY_CITATION_v3_{tag}"/></w:sdtPr>'
        f"<w:sdtContent><w:r><w:t>{shown}</w:t></w:r></w:sdtContent></w:sdt>"
    ]


def endnote(shown: str, author: str, year: int, title: str) -> list[str]:
    """A citation of EndNote."""
    record = f"<record><titles><title>{title}</title></titles></record>"
    return field(
        f"ADDIN EN.CITE <EndNote><Cite><Author>{author}</Author><Year>{year}</Year>{record}</Cite></EndNote>", shown
    )


def raised(shown: str) -> list[str]:
    """A superscript."""
    return [f'<w:r {W}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{shown}</w:t></w:r>']


def document(*paragraphs: tuple[str, list[str | list[str]]]) -> bytes:
    """A document of paragraphs, each a style ("" for none) and its pieces: texts, or XML of runs."""
    made = docx.Document()
    for style, pieces in paragraphs:
        paragraph = made.add_paragraph(style=style or None)
        for piece in pieces:
            if isinstance(piece, str):
                paragraph.add_run(piece)
            else:
                for xml in piece:
                    paragraph._p.append(parse_xml(xml))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_footnotes(content: bytes, *notes: list[str]) -> bytes:
    """The document with footnotes, numbered from 2 as Word does, each of the XML of its runs."""
    made = docx.Document(io.BytesIO(content))
    inner = "".join(
        f'<w:footnote w:id="{n}"><w:p>{"".join(runs)}</w:p></w:footnote>' for n, runs in enumerate(notes, 2)
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    blob = f"<w:footnotes {W}>{inner}</w:footnotes>".encode()
    part = Part(PackURI("/word/footnotes.xml"), kind, blob, made.part.package)
    made.part.relate_to(part, RT.FOOTNOTES)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def mark(number: int) -> list[str]:
    """The mark of a footnote in the body."""
    return [f'<w:r {W}><w:footnoteReference w:id="{number}"/></w:r>']


def run(text: str) -> str:
    """A run."""
    return f"<w:r {W}><w:t>{text}</w:t></w:r>"
