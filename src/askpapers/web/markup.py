"""HTML that is escaped by construction: a plain string is text, and only `element` makes markup.

Titles, abstracts, questions and what a model writes are all strangers' text. There is no way to put them into
a page as markup but to call `Html` on them, which nothing outside this module does.
"""

from __future__ import annotations

import html
import re

from askpapers.text import printable

_VOID = frozenset({"input", "br", "hr", "link", "meta"})
_WEB_ADDRESS = re.compile(r"https?://[\w./?=&%#~:+@;,!()*'-]+", re.ASCII)


class Html(str):
    """Markup that `element` or `joined` made."""

    __slots__ = ()

    def __html__(self) -> str:
        """Itself: templates show it as markup."""
        return self


Child = str | None
Attribute = str | int | bool | None


def escaped(text: str) -> Html:
    """A text as markup that shows it: no tag, no control character, no mark that turns the reading order."""
    return text if isinstance(text, Html) else Html(html.escape(printable(text)))


def joined(*parts: Child) -> Html:
    """Parts after one another; a part that is no `Html` is text."""
    return Html("".join(escaped(part) for part in parts if part))


def element(tag: str, *children: Child, **attributes: Attribute) -> Html:
    """An element. `class_` is written class, `data_paper` data-paper; None and False leave an attribute out."""
    written = "".join(
        f" {_name(name)}" if value is True else f' {_name(name)}="{escaped(str(value))}"'
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{joined(*children)}</{tag}>")


def button(*children: Child, **attributes: Attribute) -> Html:
    """A button that sends no form."""
    return element("button", *children, type="button", **attributes)


def link(text: str, address: str | None) -> Html:
    """A link to another site that opens beside the page; the text alone where the address is none of the web."""
    if not address or not _WEB_ADDRESS.fullmatch(address):
        return escaped(text)
    return element("a", text, href=address, target="_blank", rel="noopener noreferrer", referrerpolicy="no-referrer")


def _name(attribute: str) -> str:
    return attribute.rstrip("_").replace("_", "-")
