"""Undoes the markup of HTML, JATS and MathML in a text that is no document: an abstract as databases hand it out.

Only elements that these languages have are tags, so that "p<0.01", "a < b and c > d" and "x<y>z" stay as they are. A
parser of HTML, lxml's too, takes all three for broken tags and drops what follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_ROUNDS = 3  # "&amp;amp;lt;p&amp;amp;gt;" is as far as escaping goes

_BLOCKS = frozenset(
    (
        "p para simple-para div sec section abstract abstracttext list list-item li ul ol dl dt dd table thead tbody tr"
        " td th br break hr blockquote disp-quote disp-formula body html"
    ).split()
)
_HEADINGS = frozenset("title section-title label h1 h2 h3 h4 h5 h6".split())
_HIDDEN = frozenset("annotation annotation-xml head style script".split())
_MATHEMATICS = frozenset(
    (
        "math mrow mi mo mn mtext mspace mstyle mfrac msqrt mroot msup msub msubsup mover munder munderover mfenced"
        " mtable mtr mtd mpadded mphantom menclose mmultiscripts mprescripts semantics"
    ).split()
)
_INLINE = frozenset(
    (
        "a abbr alternatives b big bold cite code del em emph emphasis ext-link fixed-case font graphic hi i img inf"
        " inline-formula inline-graphic ins italic mark monospace named-content overline q roman s sans-serif sc scp"
        " small smallcaps span strike strong styled-content sub sup tex-math tt u underline uri xref"
    ).split()
)
_NAMES = sorted((*_BLOCKS, *_HEADINGS, *_HIDDEN, *_MATHEMATICS, *_INLINE), key=len, reverse=True)
_EMPTY = frozenset("br break hr img graphic inline-graphic mspace mprescripts".split())
# What is a tag even where none closes it; "<i>" and "<title>" may be something else in a text.
_SURE = frozenset("br hr sub sup em li ul ol tr td th h1 h2 h3 h4 h5 h6 div tt jats".split())

_STYLES = frozenset("i b u italic bold strong".split())

_TAG = re.compile(
    rf"<(?P<close>/?)(?P<space>[A-Za-z]\w{{0,9}}:)?(?P<name>{'|'.join(_NAMES)})"
    r"(?P<attributes>(?:\s++[\w:.-]++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'|[^\s\"'<>]++))*+)\s*+(?P<empty>/?)>",
    re.IGNORECASE,
)
_DECLARATION = re.compile(r"<\?xml[^<>]*+>|<!\[CDATA\[|\]\]>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_LABEL = re.compile(r"\sLabel\s*=\s*[\"']([^\"'<>]{1,60})[\"']", re.IGNORECASE)
_BEGINS_PARAGRAPH = frozenset(".!?:;)>\n")
_JOIN = "\0"  # behind a heading, which stands on the line of its paragraph
_SUPERSCRIPTS = str.maketrans("0123456789+-−–()=", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁽⁾⁼")
_RAISED = re.compile(r"[0-9+\-−–, ]+")
_AS_IT_IS = frozenset("st nd rd th ® ™ ℠ © ° º ª * ′ ' †".split())
_LONGEST_HEADING = 60  # characters
_LONGEST_SCRIPT = 30


def undo_markup(text: str) -> str:
    """The text without tags and entities: paragraphs on lines of their own, 10³, CO2, and "METHODS: " for a heading."""
    for _ in range(_ROUNDS):
        before = text
        if "<" in text:
            text = _undo_tags(_DECLARATION.sub("", _without_comments(text)))
        if "&" in text:
            text = _ENTITY.sub(lambda match: unescape(match.group()), text)
        if text == before:
            break
    return text


class _Element:
    """An element that is open: what stands in it so far, and each child apart."""

    __slots__ = ("name", "parts")

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[str] = []


def _undo_tags(text: str) -> str:
    tags = list(_certain(text))
    if not tags:
        return text
    has_blocks = any(tag["name"].lower() in _BLOCKS | _HEADINGS for tag in tags)
    open_elements = [_Element("")]
    last = 0

    def add(part: str) -> None:
        open_elements[-1].parts.append(part)

    def close(depth: int) -> None:
        while len(open_elements) > depth:
            element = open_elements.pop()
            add(_rendered(element, _last_sign(open_elements)))

    for tag in tags:
        between = text[last : tag.start()]
        if between:
            add(" ".join(re.split(r"\s+", between)) if has_blocks else between)
        last = tag.end()
        name = tag["name"].lower()
        if tag["empty"] or (name in _EMPTY and not tag["close"]):
            add("\n" if name in _BLOCKS else "")
        elif not tag["close"]:
            open_elements.append(_Element(name))
            if label := _LABEL.search(tag["attributes"]):
                add(_heading(label[1]))
        elif depth := next((i for i in range(len(open_elements) - 1, 0, -1) if open_elements[i].name == name), 0):
            close(depth)
        elif name in _BLOCKS:
            add("\n")
    rest = text[last:]
    add(" ".join(re.split(r"\s+", rest)) if has_blocks else rest)
    close(1)
    found = "".join(open_elements[0].parts)
    if has_blocks:
        found = re.sub(r"\0\s*", "", "\n".join(line.strip() for line in found.splitlines() if line.strip()))
    return found.replace(_JOIN, "")


def _certain(text: str) -> Iterator[re.Match[str]]:
    """The tags of a text that are nothing else."""
    tags = list(_TAG.finditer(text))
    closed = {tag["name"].lower(): tag.start() for tag in tags if tag["close"]}
    in_paragraphs = text.lstrip()[:3].lower() == "<p>"
    for tag in tags:
        name = tag["name"].lower()
        before, after = text[tag.start() - 1 : tag.start()] or " ", text[tag.end() : tag.end() + 1]
        sure = tag["close"] or tag["space"] or tag["attributes"] or tag["empty"] or name in _SURE
        begins = (name == "p" and (in_paragraphs or before in _BEGINS_PARAGRAPH)) or (
            name in _STYLES and (before.isspace() or before in "(") and after.isalpha()
        )
        if sure or begins or closed.get(name, -1) > tag.start():
            yield tag


def _rendered(element: _Element, before: str) -> str:
    name, parts = element.name, element.parts
    if name in _MATHEMATICS:
        parts = [part.strip() for part in parts if part.strip()] if name != "mtext" else parts
    content = "".join(parts)
    match name:
        case _ if name in _HIDDEN:
            return ""
        case "alternatives":  # one formula in several languages
            return next((part for part in parts if part.strip()), "")
        case "tex-math":
            inner = content.rpartition(r"\begin{document}")[2].partition(r"\end{document}")[0]
            return inner.strip()
        case "sup":
            return _raised(content)
        case "sub" | "inf":
            return _lowered(content, before)
        case "msup" if len(parts) == 2:
            return parts[0] + _raised(parts[1])
        case "msub" if len(parts) == 2:
            return parts[0] + _lowered(parts[1], parts[0][-1])
        case "msubsup" if len(parts) == 3:
            return parts[0] + _lowered(parts[1], parts[0][-1]) + _raised(parts[2])
        case "mfrac" if len(parts) == 2:
            return "/".join(part if part.isalnum() else f"({part})" for part in parts)
        case "msqrt":
            return f"√{content}" if content.isalnum() else f"√({content})"
        case "mfenced":
            return f"({','.join(parts)})"
        case _ if name in _HEADINGS:
            return _heading(content)
        case _ if name in _BLOCKS:
            return f"\n{content}\n"
        case _:
            return content


def _heading(content: str) -> str:
    heading = " ".join(content.split()).rstrip(" :.")
    if len(heading) > _LONGEST_HEADING or not heading:
        return f"\n{content}\n"
    return f"\n{heading.upper()}: {_JOIN}"


def _raised(content: str) -> str:
    script = content.strip()
    if _RAISED.fullmatch(script):
        return script.translate(_SUPERSCRIPTS)
    if not script or script in _AS_IT_IS or len(script) > _LONGEST_SCRIPT:
        return script
    return f"^{script}" if script.isalnum() else f"^({script})"


def _lowered(content: str, before: str) -> str:
    return f"_{content.strip()}" if before.isdigit() and content.strip()[:1].isdigit() else content.strip()


def _last_sign(elements: list[_Element]) -> str:
    return next((part[-1] for element in reversed(elements) for part in reversed(element.parts) if part), "")


def _without_comments(text: str) -> str:
    first, *comments = text.split("<!--")
    return first + "".join(
        comment.partition("-->")[2] if "-->" in comment else f"<!--{comment}" for comment in comments
    )
