"""The page's markup that does not change: what stands at the top, where answers and sources go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from askpapers.web.desk import Desk
from askpapers.web.markup import Html, element, joined

NOT_WRITABLE = "Adding papers is off: this page is served to a network without a login. Start it with --auth USER."
HOW_TO_ADD = (
    "What your reference manager or database exports, tables with an abstract column, PDF, text (each abstract behind"
    " “Abstract:”, or one a paragraph), or a zip archive of these. Every file is checked first; what cannot be read"
    " changes nothing."
)
CONVERSATION = joined(
    element(
        "div",
        element(
            "section",
            element("h2", "What these papers are about", id="about-title"),
            element("p", "Looking through the papers …", class_="hint"),
            id="about",
            aria_labelledby="about-title",
        ),
        element(
            "p",
            "Every sentence of an answer stands on a quote that you can open at its place."
            " “Which papers …?” looks at every one of them.",
            class_="hint",
        ),
        id="welcome",
    ),
    element("div", id="turns", role="log", aria_label="Answers"),
)
FILTERS = element(
    "div",
    element("div", id="restricted", hidden=True, role="status", aria_label="What is asked"),
    element(
        "button",
        "Filters and ways",
        type="button",
        data_act="options",
        aria_expanded="false",
        aria_controls="options",
        title="Which papers are asked, in which way, by which model",
    ),
    id="asked-of",
)
SOURCES = element(
    "aside",
    element(
        "div",
        element("h2", "Source"),
        element("button", "✕", type="button", data_act="close", aria_label="Close the source"),
        class_="panel-top",
    ),
    element(
        "div",
        element("p", "Click a number or a title to read a paper here.", class_="hint"),
        id="paper",
        tabindex="-1",
    ),
    aria_label="Source",
    id="panel",
)


def top(desk: Desk, addresses: Mapping[str, str]) -> Html:
    """The bar at the top: the corpus, the views, the conversations kept in this browser.

    Where there are several collections, by their `addresses`, another can be chosen.
    """
    names = [
        element("option", name, value=address, selected=name == desk.collection) for name, address in addresses.items()
    ]
    label: dict[str, Any] = {"id": "collection", "aria_label": "Collection", "autocomplete": "off"}
    views = [
        ("ask", "Ask"),
        ("papers", "Papers"),
        ("table", "Table"),
        ("check", "Check a draft"),
        ("screen", "Screen"),
        ("add", "Add papers"),
    ]
    return element(
        "header",
        element("h1", "askpapers"),
        element(
            "p",
            element("select", *names, **label) if names else element("b", desk.name),
            class_="corpus",
            id="corpus",
            data_corpus=desk.name,
        ),
        element(
            "nav",
            *(
                element("button", label, type="button", data_view=view, aria_current="page" if view == "ask" else None)
                for view, label in views
            ),
            aria_label="Views",
        ),
        element(
            "div",
            element("button", "New", type="button", data_act="new", title="Begin a new conversation"),
            element("button", "Conversations", type="button", data_act="list", aria_expanded="false"),
            element("button", "◐", type="button", data_act="theme", aria_label="Dark or light"),
            class_="tools",
        ),
        element("p", id="told", role="status"),
        element("div", id="conversations", hidden=True, role="region", aria_label="Conversations in this browser"),
    )
