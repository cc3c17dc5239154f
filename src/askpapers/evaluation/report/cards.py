"""The questions of the HTML page: what was answered, with its quotes, beside what was expected and accepted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from askpapers.datatypes import Paper
from askpapers.evaluation.gates import Change, Judged
from askpapers.evaluation.metrics import says, verbatim
from askpapers.evaluation.replies import Quoted, Reply
from askpapers.evaluation.report.content import safe
from askpapers.evaluation.rightness import is_right
from askpapers.evaluation.runs import Outcome
from askpapers.evaluation.scoring import METRICS
from askpapers.evaluation.suites import Case

_WEB_ADDRESS = re.compile(r"https?://[\w./?=&%#~:+@-]+")
_AROUND = 140  # characters of an abstract shown on either side of a quote
_VERDICTS = {"supported": "good", "partial": "warn", "unsupported": "bad"}


def card(outcome: Outcome, judged: Judged, papers: Mapping[str, Paper]) -> str:
    """One question, closed; opened it shows everything."""
    case, reply = outcome.case, outcome.reply
    change = next((c for c in (*judged.lost, *judged.won) if c.outcome.case.id == case.id), None)
    outcomes = list(_outcomes(outcome, change))
    chips = "".join(_chip(label, kind) for label, kind in _chips(outcome, outcomes))
    return (
        f'<details class="question" id="{card_id(judged, case)}" data-suite="{safe(judged.run.suite.name)}"'
        f' data-intent="{safe(case.intent)}" data-outcome="{" ".join(outcomes)}">'
        f'<summary><span class="id">{safe(case.id)}</span><span class="asked">{safe(case.question)}</span>'
        f'<span class="chips">{chips}</span></summary><div class="body"><div>'
        + _got(case, reply, papers)
        + "</div><div>"
        + _expected(case, reply, papers)
        + _accepted(change)
        + _scores(outcome)
        + _retrieved(outcome, papers)
        + "</div></div></details>\n"
    )


def card_id(judged: Judged, case: Case) -> str:
    """The element that holds a question, for a link to it."""
    return safe(f"{judged.run.suite.name}:{case.id}")


def _outcomes(outcome: Outcome, change: Change | None) -> Iterator[str]:
    if change:
        yield "won" if change.net > 0 else "lost"
    if not is_right(outcome):
        yield "wrong"
    yield "answered" if outcome.reply.answered else "refused"
    if outcome.case.draft:
        yield "draft"


def _chips(outcome: Outcome, outcomes: Sequence[str]) -> Iterator[tuple[str, str]]:
    if "draft" in outcomes:
        yield "draft", "warn"
    if "lost" in outcomes:
        yield "lost", "bad"
    if "won" in outcomes:
        yield "won", "good"
    if not outcome.reply.answered:
        yield "refused", ""
    yield outcome.case.intent, ""
    yield ("not right", "bad") if "wrong" in outcomes else ("right", "good")


def _got(case: Case, reply: Reply, papers: Mapping[str, Paper]) -> str:
    checked = f'<p class="meta">{safe(reply.coverage)}</p>' if reply.coverage else ""
    if not reply.answered:
        return f'<h4>Answer</h4><p class="said">{safe(reply.text or "Not in this corpus.")}</p>{checked}'
    parts = ["<h4>Answer</h4>", checked]
    shown: set[Quoted] = set()
    for statement in reply.statements:
        kind = _VERDICTS.get(statement.verdict or "", "")
        verdict = _chip(statement.verdict, kind) if statement.verdict else ""
        quotes = [citation for citation in statement.citations if citation is not None]
        words = _facts_marked(statement.text, case)
        if len(quotes) == 1 and quotes[0].text == statement.text:  # an extractive answer: the quote says it
            parts.append(f"<p>{verdict}</p>")
        else:
            parts.append(f'<p class="said">{words} {verdict}</p>')
        for citation in quotes:
            if citation not in shown:
                parts.append(_quote(citation, case, papers))
                shown.add(citation)
    if not reply.statements:
        parts.append(f'<p class="said">{_facts_marked(reply.text, case)}</p>')
    return "".join(parts)


def _quote(citation: Quoted, case: Case, papers: Mapping[str, Paper]) -> str:
    paper = papers.get(citation.paper)
    before = after = ""
    problem = ""
    if paper and verbatim(citation, {paper.id: paper.abstract}):
        start, end = citation.start or 0, citation.end or 0
        before = ("…" if start > _AROUND else "") + paper.abstract[max(0, start - _AROUND) : start]
        after = paper.abstract[end : end + _AROUND] + ("…" if end + _AROUND < len(paper.abstract) else "")
    else:
        problem = " " + _chip("not verbatim", "bad")
    return (
        f"<blockquote>{safe(before)}<mark>{_facts_marked(citation.text, case)}</mark>{safe(after)}"
        f"<cite>{_paper(citation.paper, papers)}{problem}</cite></blockquote>"
    )


def _facts_marked(text: str, case: Case) -> str:
    """The text, escaped, with the first occurrence of each expected fact set off."""
    spans: list[tuple[int, int]] = []
    for fact in case.facts:
        places = [text.casefold().find(option.casefold()) for option in fact]
        found = [(at, at + len(option)) for at, option in zip(places, fact, strict=True) if at >= 0]
        if found and len(text.casefold()) == len(text):
            spans.append(max(found, key=lambda span: span[1] - span[0]))
    parts, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            parts.append(f'{safe(text[done:start])}<mark class="fact">{safe(text[start:end])}</mark>')
            done = end
    return "".join(parts) + safe(text[done:])


def _expected(case: Case, reply: Reply, papers: Mapping[str, Paper]) -> str:
    parts = ["<h4>Expected</h4>"]
    named = {paper.id for paper in reply.papers}
    if not case.answerable:
        parts.append(f"<p>{_sign(not reply.answered)} Not in this corpus.</p>")
    rows = [f"<li>{_sign(p in named)} {_paper(p, papers)}</li>" for p in case.must]
    rows += [
        f"<li>{_sign(any(says(reply.full_text, option) for option in fact))} “{safe('” or “'.join(fact))}”</li>"
        for fact in case.facts
    ]
    rows += [f'<li class="soft">not as the answer: “{safe(text)}”</li>' for text in case.forbidden]
    if case.may:
        rows.append(f'<li class="soft">neither right nor wrong: {safe(", ".join(case.may))}</li>')
    if case.note:
        rows.append(f'<li class="soft">note: {safe(case.note)}</li>')
    return "".join(parts) + f'<ul class="plain">{"".join(rows)}</ul>'


def _accepted(change: Change | None) -> str:
    if change is None:
        return ""
    moved = "".join(
        f'<li>{safe(METRICS[m].title)}: {was:g} → <span class="{"yes" if now > was else "no"}">{now:g}</span></li>'
        for m, (was, now) in change.moved.items()
    )
    return f'<h4>Accepted before</h4><p>{safe(change.before.answer)}</p><ul class="plain">{moved}</ul>'


def _scores(outcome: Outcome) -> str:
    chips = [
        _chip(f"{METRICS[name].title} {outcome.scores[name]:.3g}", "" if outcome.scores[name] == 1 else "warn")
        for name in METRICS
        if name in outcome.scores
    ]
    return f'<h4>Scores</h4><div class="scores">{"".join(chips)}</div>'


def _retrieved(outcome: Outcome, papers: Mapping[str, Paper]) -> str:
    if not outcome.ranking:
        return ""
    rows = [
        f"<li>{place}. {_sign(True) if paper in outcome.case.must else ''} {_paper(paper, papers)}</li>"
        for place, paper in enumerate(outcome.ranking[:5], 1)
    ]
    return f'<h4>Retrieved first</h4><ul class="plain soft">{"".join(rows)}</ul>'


def _paper(paper_id: str, papers: Mapping[str, Paper]) -> str:
    paper = papers.get(paper_id)
    if paper is None:
        return f"{safe(paper_id)} (no paper of this corpus)"
    title = safe(paper.title)
    if paper.url and _WEB_ADDRESS.fullmatch(paper.url):
        title = f'<a href="{safe(paper.url)}" rel="noreferrer">{title}</a>'
    mark = f" {_chip(paper.mark, 'bad')}" if paper.mark else ""
    return f'{title}{mark} <span class="soft">{safe(paper_id)}</span>'


def _sign(right: bool) -> str:
    return '<span class="yes" title="yes">✓</span>' if right else '<span class="no" title="no">✗</span>'


def _chip(label: str, kind: str) -> str:
    return f'<span class="chip {kind}">{safe(label)}</span>'
