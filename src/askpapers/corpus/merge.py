"""Makes papers of records: one paper for all copies of it, with what they all know of it and a stable id."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import count

from askpapers.corpus.compare import Titles, compare_titles, is_cut, read_title
from askpapers.corpus.notices import gravest, is_only_notice, noticed, notices_given, title_without_notice
from askpapers.corpus.records import Record
from askpapers.corpus.retractions import Retractions
from askpapers.corpus.same import group_copies
from askpapers.corpus.titles import Facts, label_for, match_facts
from askpapers.corpus.traits import Traits, identifiers_of, is_preprint, traits_of
from askpapers.datatypes import Paper, Source
from askpapers.identifiers import identifiers_in
from askpapers.metadata import Metadata, Notice, merged
from askpapers.text import same_text_key

_CUT_SHORT = 0.7  # of the words of the longest copy
_YEARS_APART = 1  # a preprint and its publication
_OF_A_NOTICE = 4  # words of a title that a notice names its paper by


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A record and the file in which it was found."""

    file: str
    record: Record

    def __str__(self) -> str:
        return f"{self.file}:{self.record.line}"


def merge(
    found: Sequence[FileRecord],
    facts: Sequence[Facts],
    retractions: Retractions | None = None,
    traits: Sequence[Traits] | None = None,
) -> tuple[list[Paper], list[str]]:
    """Make one paper of all records that are of the same one (see `same`).

    Returns the papers in the order in which they were first found, and warnings. Of each field the first record counts
    that gives it, published ones before preprints; the text is the whole one where others are cut short, else that of
    the same record. All sources stay, and the ids, cite keys and identifiers of all, as `Metadata.aliases`. `traits`
    are those of the records, where they are known.
    """
    records = [f.record for f in found]
    copies = group_copies(records, traits_of(records) if traits is None else traits)
    groups = [_ranked([found[place] for place in group]) for group in copies]
    matched, warnings = _facts(groups, facts)
    given = notices_given(f.record for f in found)
    named = _notices_by_title(f.record for f in found)
    papers: list[Paper] = []
    taken: set[str] = set()
    for position, group in enumerate(groups):
        paper = _paper(group, matched.get(position))
        if paper.id in taken:  # two different papers that claim one id stay two
            claimed, paper = paper.id, replace(paper, id=_other_id(paper, taken))
            warnings.append(f"{group[0]}: the id {claimed} is taken, {paper.id} is used")
        taken.add(paper.id)
        warnings += _conflicts(group, paper)
        papers.append(_marked(paper, group, given, named, retractions))
    return papers, warnings


def _ranked(group: Sequence[FileRecord]) -> Sequence[FileRecord]:
    """The records of a paper, those first that count first."""

    def rank(found: FileRecord) -> tuple[bool, bool]:
        return is_only_notice(found.record.text), is_preprint(found.record.metadata.type, identifiers_of(found.record))

    return sorted(group, key=rank) if len(group) > 1 else group


def _other_id(paper: Paper, taken: Collection[str]) -> str:
    """An id for a paper whose own is taken: with a digest of what it says."""
    for said in (paper.abstract, f"{paper.title}\n{paper.abstract}"):
        if (name := f"{paper.id}-{_digest(said)}") not in taken:
            return name
    return next(other for number in count(2) if (other := f"{name}-{number}") not in taken)


def _paper(group: Sequence[FileRecord], known: Facts | None) -> Paper:
    text = _best_text(group)
    records = [found.record for found in group]
    ids = [name for record in records for name in sorted(identifiers_of(record))]
    metadata = _identified(reduce(merged, (r.metadata for r in records)), ids, known)
    claimed = (known.id if known else None) or next((r.id for r in records if r.id), None)
    paper_id = claimed or metadata.arxiv or metadata.doi or metadata.pmid or _digest(text.record.text)
    title = known.title if known else None
    titles = sorted((r.title for r in records if r.title), key=is_cut)
    sources = sorted(group, key=lambda found: found is not text)
    year = (known.year if known else None) or next((r.year for r in records if r.year), None)
    by = next((r for r in records if r.authors), records[0])
    dates = (r.metadata.date for r in records if not year or r.metadata.date.startswith(str(year)))
    people = () if known and known.authors else by.metadata.people
    date = next(filter(None, dates), "")
    if (people, date) != (metadata.people, metadata.date):
        metadata = replace(metadata, people=people, date=date)
    return Paper(
        id=paper_id,
        title=title or next(iter(titles), None) or label_for(text.record.text),
        abstract=text.record.text,
        sources=tuple(Source(place.file, place.record.line) for place in sources),
        year=year,
        authors=(known.authors if known else ()) or by.authors,
        url=(known.url if known else None) or next((r.url for r in records if r.url), None),
        metadata=_with_aliases(metadata, records, ids, paper_id),
    )


def _best_text(group: Sequence[FileRecord]) -> FileRecord:
    """The first record that has the whole text."""
    if len(group) == 1:
        return group[0]
    lengths = [0 if is_only_notice(f.record.text) else len(f.record.text.split()) for f in group]
    enough = _CUT_SHORT * max(lengths)
    complete = (f for f, words in zip(group, lengths, strict=True) if words >= enough and not is_cut(f.record.text))
    return next(complete, group[lengths.index(max(lengths))])


def _identified(metadata: Metadata, ids: Sequence[str], known: Facts | None) -> Metadata:
    """The metadata with the identifiers that are elsewhere in the records: in an id or an address."""
    names = [*ids, *(sorted(identifiers_in(known.id, known.url)) if known else ())]
    if not names:
        return metadata

    def named(kind: str) -> str:
        return next((name.partition(":")[2] for name in names if name.startswith(f"{kind}:")), "")

    doi, arxiv, pmid = metadata.doi or named("doi"), metadata.arxiv or named("arxiv"), metadata.pmid or named("pmid")
    if (doi, arxiv, pmid) == (metadata.doi, metadata.arxiv, metadata.pmid):
        return metadata
    return replace(metadata, doi=doi, arxiv=arxiv, pmid=pmid)


def _with_aliases(metadata: Metadata, records: Iterable[Record], ids: Iterable[str], paper_id: str) -> Metadata:
    """The metadata with all other names that the records have for the paper."""
    names = dict[str, None]()
    for record in records:
        data = record.metadata
        names |= dict.fromkeys(filter(None, (record.id, data.key, data.doi, data.arxiv, data.pmid, *data.aliases)))
    names |= dict.fromkeys(name.removeprefix("doi:") for name in ids if name.startswith("doi:"))
    own = (paper_id, metadata.key, metadata.doi, metadata.arxiv, metadata.pmid)
    aliases = tuple(name for name in names if name not in own)
    return replace(metadata, aliases=aliases) if aliases != metadata.aliases else metadata


def _digest(text: str) -> str:
    return hashlib.sha256(same_text_key(text).encode()).hexdigest()[:12]


def _facts(groups: Sequence[Sequence[FileRecord]], facts: Sequence[Facts]) -> tuple[dict[int, Facts], list[str]]:
    """The facts by the position of their paper, whichever of its copies begins as they say."""
    if not facts:
        return {}, []
    keys = {(same_text_key(f.record.text), position): None for position, group in enumerate(groups) for f in group}
    return match_facts(facts, [key for key, _ in keys], [position for _, position in keys])


def _conflicts(group: Sequence[FileRecord], paper: Paper) -> Iterable[str]:
    """What the copies of a paper do not agree on."""
    for found in group[1:]:
        first, other = group[0].record, found.record
        if first.year and other.year and abs(first.year - other.year) > _YEARS_APART and paper.year:
            yield f"{group[0]} and {found} are one paper, of {first.year} and {other.year}: {paper.year} is used"
        titles = compare_titles(read_title(first.title), read_title(other.title))
        if titles not in (Titles.SAME, Titles.UNKNOWN):
            yield f"{group[0]} and {found} are one paper with two titles: “{paper.title}” is used"


def _notices_by_title(records: Iterable[Record]) -> dict[str, Notice]:
    """What titles that carry a notice ("Retraction: ...") say of the papers with the title that follows."""
    notices = {}
    for record in records:
        title, notice = title_without_notice(record.title or "")
        if notice and len(title.split()) >= _OF_A_NOTICE:
            notices[_letters(title)] = notice
    return notices


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, title.casefold()))


def _marked(
    paper: Paper,
    group: Sequence[FileRecord],
    given: Mapping[str, Notice],
    named: Mapping[str, Notice],
    retractions: Retractions | None,
) -> Paper:
    """The paper with the notice that its records, others or Retraction Watch's table give."""
    records = [found.record for found in group]
    metadata = noticed(paper.metadata, (r.title or "" for r in records), (r.text for r in records))
    told = [record.metadata.notice for record in records]
    told += [given.get(doi) for doi in (metadata.doi, *metadata.aliases)] if given else []
    told += [named.get(_letters(title_without_notice(paper.title)[0]))] if named else []
    if (notice := gravest([metadata.notice, *told])) != metadata.notice:
        metadata = replace(metadata, notice=notice)
    if retractions:
        metadata = retractions.marked(metadata, metadata.aliases)
    return paper if metadata == paper.metadata else replace(paper, metadata=metadata)
