"""Tables as an Excel workbook. The only module that imports xlsxwriter, when a workbook is written."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from askpapers.export.tables import Table

_LONGEST_CELL = 32_767  # characters; Excel repairs a file that has more, and loses them
_CUT = " … [cut: a cell holds 32,767 characters]"
_MOST_ROWS = 1_048_575  # beside the heading
_WIDE = {"title", "quote", "abstract", "statement", "notes", "answer", "question", "authors"}
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # of a zip: the same tables give the same bytes


def workbook(tables: Sequence[Table]) -> bytes:
    """The tables as sheets with a heading that stays in sight and filters. All text is text: no cell is a formula."""
    import xlsxwriter

    out = io.BytesIO()
    # Text that looks like a number or an address stays text, too: an id 1706.03762 is no number.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"created": _EPOCH})
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(table.name)
            for column, name in enumerate(table.columns):
                sheet.set_column(column, column, 60 if name in _WIDE else 30 if name in table.wide else 14, wrapped)
                sheet.write_string(0, column, name, bold)
            for number, row in enumerate(table.rows[:_MOST_ROWS], start=1):
                for column, cell in enumerate(row):
                    if isinstance(cell, int | float):
                        sheet.write_number(number, column, cell)
                    elif cell:
                        sheet.write_string(number, column, _fitting(cell))
            sheet.freeze_panes(1, 2)
            sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    return out.getvalue()


def _fitting(text: str) -> str:
    """The text as long as a cell can be; Excel counts a character beyond the first 65,536 as two."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_CELL:
        return text
    return units[: 2 * (_LONGEST_CELL - len(_CUT))].decode("utf-16-le", "ignore") + _CUT
