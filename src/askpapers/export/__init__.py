"""Everything out: answers and papers as Markdown, CSV, XLSX, JSON, BibTeX, RIS and CSL JSON."""

from askpapers.export.kinds import KINDS, Content, Kind, content_of, file_name, kind_named, kind_of_file, list_of

__all__ = ["KINDS", "Content", "Kind", "content_of", "file_name", "kind_named", "kind_of_file", "list_of"]
