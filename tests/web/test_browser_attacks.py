"""A corpus, questions and files made of attacks: all of it is shown as text, nothing runs, nothing is fetched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from askpapers.corpus.cleaning import clean, clean_line
from askpapers.index.embedder import MiniLM
from askpapers.server.app import Served
from askpapers.text import plain
from web.conftest import Open, ask, make_service, serving, write_json_lines

ATTACKS = {
    "script": "<script>window.hit=1;alert(1)</script>",
    "image": '<img src="http://evil.example/p.png" onerror="window.hit=2;alert(2)">',
    "svg": "<svg/onload=alert(3)><svg><script>alert(3)</script></svg>",
    "breakout": '"\'></span></td></div><iframe srcdoc="<script>parent.hit=4;alert(4)</script>"></iframe>',
    "attribute": '" onmouseover="alert(5)" autofocus onfocus="alert(5)" x="',
    "markdown": "[click](javascript:alert(6)) ![x](http://evil.example/x.png) <http://evil.example>",
    "address": "javascript:alert(7) data:text/html,<script>alert(7)</script>",
    "template": "${alert(8)} {{constructor.constructor('alert(8)')()}} #{alert(8)} <%= alert(8) %> `${alert(8)}`",
    "style": "</style><style>body{display:none;background:url(http://evil.example/s)}</style>",
    "link": '<link rel=stylesheet href=http://evil.example/a.css><base href="http://evil.example/">',
    "form": "<form action=http://evil.example><button formaction=javascript:alert(9)>go</button></form>",
    "entity": "&lt;script&gt;alert(10)&lt;/script&gt; &#60;img src=x onerror=alert(10)&#62;",
    "nul": "<scr\u0000ipt>alert(11)</scr\u0000ipt> <\u0000img src=x onerror=alert(11)>",
    "bidi": "safe \u202etxt.exe\u202c \u2066isolated\u2069 \u200fmark",
    "terminal": "red \x1b[31malert\x1b[0m \x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \x9b31m",
    "meta": "<meta http-equiv=refresh content=0;url=http://evil.example><object data=http://evil.example></object>",
    "mathml": '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(12)&gt;">',
    "details": "<details open ontoggle=alert(13)><video><source onerror=alert(13)></video></details>",
}
INVISIBLE = dict.fromkeys(map(ord, "\x00\x1b\x07\x9b\u202e\u202c\u2066\u2069\u200f"))


@pytest.fixture(scope="session")
def attack_url(tmp_path_factory: pytest.TempPathFactory, embedder: MiniLM) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("attacks")
    records = [
        {
            "id": f"{name} {attack[:40]}",
            "title": f"On zebrafish {attack}",
            "abstract": f"We study zebrafish number {n}. The zebrafish says {attack} to its keeper. It swims on.",
            "url": attack if n % 2 else "javascript:alert(14)",
            "authors": [attack],
            "year": 2000 + n,
        }
        for n, (name, attack) in enumerate(ATTACKS.items())
    ]
    write_json_lines(folder / "<img src=x onerror=alert(15)>.jsonl", records)
    with serving(make_service(folder, tmp_path_factory.mktemp("attack-index"), embedder), Served()) as url:
        yield url


def visible(text: str) -> str:
    return " ".join(text.translate(INVISIBLE).split())


def assert_clean(page: Page) -> None:
    """Nothing ran, and no element of the attacks is there. Dialogs and other hosts are watched by `open_page`."""
    page.wait_for_timeout(200)
    assert page.evaluate("window.hit") is None
    foreign = "#views :is(script, iframe, img, object, embed, form:not(.comment), base, meta, link, style, math, video)"
    assert page.locator(foreign).count() == 0
    assert page.locator("#sources :is(script, iframe, img, object, form, style, svg)").count() == 0
    assert page.evaluate('document.querySelectorAll(\'[href^="javascript" i], [src^="javascript" i]\').length') == 0
    handlers = "[...document.querySelectorAll('#conversation *, #sources *, #found *')].filter("
    handlers += "e => [...e.attributes].some(a => a.name.startsWith('on'))).length"
    assert page.evaluate(handlers) == 0


def test_titles_abstracts_and_file_names_are_text(open_page: Open, attack_url: str) -> None:
    page = open_page(attack_url)
    turn = ask(page, "which papers study zebrafish?")
    rows = turn.locator("tbody tr").count()
    assert rows > len(ATTACKS) / 2
    titles = {visible(text) for text in turn.locator("tbody .opener").all_inner_texts()}
    read = {visible(plain(clean_line(f"On zebrafish {attack}"))) for attack in ATTACKS.values()}
    assert titles <= read  # as each was written, but for markup and what no one can see
    assert_clean(page)
    turn.locator(".cite").first.hover()
    assert_clean(page)
    turn.locator("thead button").first.click()
    page.reload()
    page.wait_for_selector("body.ready")
    expect(page.locator("#turns tbody tr")).to_have_count(rows)
    assert_clean(page)


def test_every_paper_opens_as_text(open_page: Open, attack_url: str) -> None:
    page = open_page(attack_url)
    page.get_by_role("button", name="Papers", exact=True).click()
    openers = page.locator("#found .opener")
    expect(openers).to_have_count(len(ATTACKS))
    for opener, attack in zip(openers.all(), ATTACKS.values(), strict=True):
        opener.click()
        opened = opener.get_attribute("data-open")
        expect(page.locator("#paper .paper")).to_have_attribute("data-paper", opened or "")
        expect(page.locator("#paper .title")).to_contain_text("zebrafish")
        expect(page.locator("#paper .abstract")).to_contain_text("to its keeper")
        expect(page.locator("#paper .note")).to_have_count(0)
        assert visible(clean(attack))[:12] in visible(page.locator("#paper .abstract").inner_text())
        assert not set(page.locator("#sources").inner_text()) & set(map(chr, INVISIBLE))
    expect(page.locator("#paper .files")).to_contain_text("<img src=x onerror=alert(15)>.jsonl")
    page.locator("#found [data-act=only]").first.click()
    expect(page.locator("#restricted .chip")).to_be_visible()
    assert_clean(page)


def test_questions_are_text_in_the_answer_the_list_and_the_address(open_page: Open, attack_url: str) -> None:
    page = open_page(attack_url)
    attacks = list(ATTACKS.values())
    for first in range(0, len(attacks), 3):
        question = f"zebrafish {' '.join(attacks[first : first + 3])}"
        assert visible(ask(page, question).locator("h2").inner_text()) == visible(question)
    assert_clean(page)
    page.click("[data-act=list]")
    expect(page.locator("#conversations li")).to_have_count(1)
    assert_clean(page)


def test_an_address_with_an_attack_asks_it_as_text(open_page: Open, attack_url: str) -> None:
    page = open_page(f"{attack_url}/?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&__theme=%3Cscript%3E")
    expect(page.locator("#turns h2")).to_have_text("<img src=x onerror=alert(1)>")
    assert_clean(page)


def test_an_uploaded_file_is_text(open_page: Open, attack_url: str, tmp_path: Path) -> None:
    page = open_page(attack_url)
    page.get_by_role("button", name="Add papers").click()
    record = {"title": ATTACKS["image"], "abstract": ATTACKS["script"] + " A pasted zebrafish."}
    bad = tmp_path / "<svg onload=alert(1)>.txt"
    bad.write_bytes(b"Abstract: \xff\xfe")
    page.set_input_files("#upload input[type=file]", [bad])
    page.fill("#paste", json.dumps(record))
    page.click("#add")
    expect(page.locator("#added .results > li")).to_have_count(2)
    assert_clean(page)
