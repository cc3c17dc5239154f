"""What stands below an answer: its sources as cards, what can be done with it, and what made it."""

from __future__ import annotations

from askpapers.counts import counted
from askpapers.datatypes import Answer, Status, Verdict
from askpapers.export import KINDS
from askpapers.text import plain
from askpapers.web.citing import byline, mark, opener
from askpapers.web.markup import Html, button, element, joined

_FORMATS = ("markdown", "bibtex", "ris", "csl", "csv", "xlsx", "json")
_OF_REFUSALS = ("markdown", "json")
_NUMBERS = 3  # of a card; an answer may cite a paper many times


def cards(answer: Answer) -> Html | None:
    """A card for each paper that is cited: title, first author, year, and how much of the answer rests on it."""
    quote_of = {c.number: c.quote for c in answer.citations}
    cited = [paper for paper in answer.papers if paper.citations]
    if not cited:
        return None
    items = [
        element(
            "li",
            element("span", _numbers(one.citations), class_="numbers", aria_hidden="true"),
            element(
                "span",
                opener(plain(one.paper.title), quote_of[one.citations[0]]),
                mark(one.paper),
                element("span", " · ".join(filter(None, (byline(one.paper), _strength(answer, one.citations))))),
                class_="card",
            ),
        )
        for one in cited
    ]
    return element("ul", *items, class_="cards", aria_label="Sources of this answer")


def _numbers(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers[:_NUMBERS])) + (" …" if len(numbers) > _NUMBERS else "")


def _strength(answer: Answer, numbers: tuple[int, ...]) -> str:
    """How much of an answer the quotes of a paper support."""
    resting = [statement for statement in answer.statements if set(statement.citations) & set(numbers)]
    good = sum(statement.verdict is Verdict.SUPPORTED for statement in resting)
    if not resting:
        return ""
    every = counted(len(answer.statements), "statement")
    if good == len(resting):
        return f"supports {good} of {every}"
    return f"cited for {len(resting)} of {every}, supports {good}"


def actions(answer: Answer, thumb: str) -> Html:
    """Copy, save, link and judge, and what made the answer."""
    kinds = _FORMATS if answer.status is Status.ANSWERED else _OF_REFUSALS
    thumbs = [("up", "Good"), ("down", "Bad")]
    return element(
        "div",
        button("Copy", data_act="copy", title="Copy the answer with its citations"),
        element(
            "details",
            element("summary", "Save or link"),
            element(
                "div",
                *map(_export, kinds),
                button("Link to this question", data_act="link"),
                class_="menu",
            ),
            class_="formats",
        ),
        element("span", *(_thumb(*one, pressed=thumb == one[0]) for one in thumbs), class_="thumbs"),
        _made_by(answer),
        element("span", class_="notice", role="status"),
        class_="actions",
    )


def _export(name: str) -> Html:
    return button(KINDS[name].label, data_act="export", data_kind=name)


def _thumb(act: str, label: str, *, pressed: bool) -> Html:
    return button(
        label,
        class_="thumb",
        data_act=act,
        aria_pressed="true" if pressed else "false",
        title=f"{label} answer: kept for evaluation",
    )


def _made_by(answer: Answer) -> Html:
    """What made the answer: everything that would have to be the same to get it again."""
    engine, usage = answer.engine, answer.usage
    evidence = f" ({usage.evidence_tokens:,} of papers)" if usage.evidence_tokens else ""
    tokens = f"{usage.prompt_tokens:,} read{evidence}, {usage.completion_tokens:,} written"
    tokens += (" (estimated)" if usage.estimated else "") + (
        f", {usage.cost_usd:.4f} US dollars" if usage.cost_usd is not None else ""
    )
    facts = {
        "way": engine.synthesizer,
        "model": engine.llm or "none: the papers' own sentences",
        "prompts": engine.prompts,
        "tokens": tokens if usage.prompt_tokens or usage.completion_tokens else None,
        "embedder": engine.embedder,
        "index": engine.index,
        "read as": answer.intent,
        "time": ", ".join(f"{part} {ms:,.0f} ms" for part, ms in answer.timings_ms.items()),
    }
    rows = [joined(element("dt", name), element("dd", value)) for name, value in facts.items() if value]
    return element("details", element("summary", "How this was made"), element("dl", *rows), class_="made")
