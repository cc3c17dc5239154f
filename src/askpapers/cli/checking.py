"""`ask check`: whether what a draft says is true to the papers."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from askpapers.cli.options import common, console_for, opened_corpus, print_json, print_notes
from askpapers.cli.output import Output, file_to_write
from askpapers.counts import counted
from askpapers.errors import UsageError
from askpapers.settings import load_settings

STANDARD_INPUT = "-"
EXIT_CONTRADICTED = 4


@click.command("check")
@click.argument("draft", required=False, default=STANDARD_INPUT)
@common
@click.option("--bib", metavar="FILE", multiple=True, help="A bibliography: BibTeX, .bbl or CSL JSON; repeatable.")
@click.option("--html", metavar="FILE", help="Write a page with the draft and what the papers say of it.")
@click.option("--annotate", metavar="FILE", help="Write a copy of the draft with comments (Markdown, LaTeX, .docx).")
@click.option("--strict", is_flag=True, help="Exit with 4 for any citation that does not support its sentence.")
@click.option("--force", is_flag=True, help="Replace the files if they are there.")
def check_command(
    draft: str,
    corpus: Sequence[str],
    index: str | None,
    as_json: bool,
    no_color: bool,
    bib: Sequence[str],
    html: str | None,
    annotate: str | None,
    strict: bool,
    force: bool,
) -> None:
    """Check what a DRAFT says against the papers that it cites.

    DRAFT is Markdown, LaTeX, Word (.docx) or plain text; "-", or none, is standard input. Each sentence that claims
    something is supported by what it cites, partly supported, contradicted, supported by another paper only, not in the
    corpus, or cites what is not known. Sentences without a citation are looked up in the corpus; they are a problem
    only where a paper says otherwise.

    The bibliography is the reference list of the draft, and --bib, else the files that the draft names, else the .bib
    files beside it.

    \b
    Exit codes: 0 nothing is contradicted, 1 error, 2 wrong usage, 4 what is cited contradicts its sentence
                (with --strict: or anything is to be looked at).
    """  # noqa: D301 - click reads the backspace character as "keep these lines"
    page = file_to_write(html, force=force) if html else None
    copy = file_to_write(annotate, force=force) if annotate else None
    content = _content(draft)
    from askpapers.drafts.annotate import annotated, check_has_comments, own_problems
    from askpapers.drafts.reading import read_draft

    read = read_draft(
        draft, content, None if draft == STANDARD_INPUT else Path(draft).parent, [Path(one) for one in bib]
    )
    if copy:
        check_has_comments(read)
    settings = load_settings(corpus, index)
    print_notes(settings)
    with opened_corpus(settings, log=True) as (opened, progress):
        from askpapers.cli.checked import print_check
        from askpapers.drafts.checking import check_draft
        from askpapers.drafts.report import check_dict, html_page
        from askpapers.grounding.checks import open_check

        support = open_check(settings.check, opened.embedder)
        checked = check_draft(read, opened.index, opened.embedder, support, progress)
        papers = len(opened.index.papers)
    if as_json:
        print_json(check_dict(checked))
    else:
        print_check(checked, papers, console_for(no_color))
    if page:
        Output(file=page).put(html_page(checked), "the draft with what the papers say")
    if copy:
        count = len(own_problems(checked))
        Output(file=copy).put(annotated(checked, content), counted(count, "comment"))
    if checked.is_contradicted or (strict and checked.problems):
        sys.exit(EXIT_CONTRADICTED)


def _content(draft: str) -> bytes:
    if draft == STANDARD_INPUT:
        if sys.stdin.isatty():
            raise UsageError("There is no draft.", hint="Name a file: ask check DRAFT.md")
        return sys.stdin.buffer.read()
    try:
        return Path(draft).read_bytes()
    except OSError as error:
        raise UsageError(
            f"{draft} cannot be read: {error.strerror}.", hint="Name a draft: ask check DRAFT.md"
        ) from error
