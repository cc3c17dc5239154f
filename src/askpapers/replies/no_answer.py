"""Tells the sentences of a reply that say that the sources do not answer, in whatever words. Pure."""

from __future__ import annotations

import re

SOURCES = (
    r"(?:(?:the|these|this|those|your|all|any|of|given|provided|available|above|supplied|retrieved|numbered"
    r"|listed|cited|following"
    r"|other|remaining|two|three|four|five|six|seven|eight|\d+|excerpts|content|text|information|in|from) )*"
    r"(?:sources?|abstracts?|papers?|documents?|context|passages?|excerpts?|texts?|articles?|studies|study"
    r"|information|material"
    r"|references?)"
    r"(?:,? (?:provided|given|above|supplied|listed|available|here|you (?:provided|gave|shared)|shown|in question"
    r"|\(?\d\)?))*"
)
"""The pattern of what a model calls its sources."""

_NOT = r"(?:do(?:es)? not|don['’]t|doesn['’]t|did not|didn['’]t|cannot|can['’]t|fails? to|never|neither)"
_TOLD = r"(?:mentioned|discussed|addressed|specified|stated|described|reported|given|provided|disclosed|answered|found)"
_GIVE = (
    r"(?:(?:directly|explicitly|specifically|clearly|seem to|appear to|actually|themselves|really|fully|currently"
    r"|to|\w+ly) )*"
    r"(?:answer|contain|say|mention|provide|include|give|address|specify|state|discuss|report|describe|cover"
    r"|offer|indicate"
    r"|explain|tell|list|have|present|detail|disclose|talk|speak|define|identify|compare|support|allow|reveal|show"
    r"|be (?:answered|determined|found))(?:e?s)?\b"
)
_REFUSALS = re.compile(
    r"\W*(?:(?:unfortunately|sorry|i am sorry|i apologi[sz]e|apologies|regrettably|however|but|as an ai[\w ]{0,20}"
    r"|the answer is|answer|it (?:seems|appears)(?: that)?)\b[\s,.:;]*"
    r"(?:but )?)*(?:"
    r"not[ _]in[ _](?:the |these |this )?(?:provided |given )?(?:sources?|abstracts?|papers?|context|corpus)\b"
    r"|not answered\b"
    r"|not (?:mentioned|found|stated|specified|available|provided|enough information|applicable|discussed|addressed)\b"
    rf"|it does not (?:seem|appear) that (?:{SOURCES} {_GIVE}|there (?:is|are) any\b)"
    rf"|{SOURCES} (?:alone )?(?:{_NOT} {_GIVE}|lacks?\b|(?:are|is) silent|(?:contains?|provides?|gives?|offers?"
    rf"|has|have|makes?|includes?) no\b"
    r"|says? nothing|(?:are|is) (?:insufficient|not (?:sufficient|enough|relevant|about)))"
    rf"|(?:none|neither|nothing) (?:of|in) (?:{SOURCES}|(?:these|those|them) (?:{_GIVE}|match))"
    rf"|neither {SOURCES} {_GIVE}"
    r"|there (?:is|are|was|were) (?:not any|(?:not )?enough|insufficient|nothing"
    r"|no (?:\w+ ){0,2}?(?:information"
    r"|mention|answer|indication"
    r"|evidence|data|details?|papers?|sources?|abstracts?|references?|discussion|such))\b"
    r"|no (?:\w+ ){0,3}?(?:information|mention|answer|evidence|sources?|papers?|abstracts?|data|details?|indication)\b"
    r"|insufficient (?:information|data|context|evidence)|not enough\b"
    r"|no (?:\w+ ){0,3}?(?:figures?|numbers?|values?|results?|specifics?) (?:is|are|was|were) (?:\w+ )?"
    rf"{_TOLD}"
    r"|(?:i|we) (?:cannot|could not|can not|am unable|are unable|was unable|do not|did not|have no|am not able|found no"
    r"|would need more"
    r"|find no)\b"
    r"|(?:this|it|that|(?:your|the|this) question)(?: \w+){0,4}? (?:outside|beyond) (?:of )?(?:the scope|what)\b"
    r"|(?:it|this|that|the answer|the question|the (?:requested )?information|an answer|this (?:question"
    r"|information|topic|detail))"
    r" (?:is|was|cannot|can not|does|could) ?(?:not|be|impossible|unclear|unknown)?\b(?: be| possible"
    r"| clear| appear to be)?"
    r" ?(?:impossible to|possible to|to (?:determine|answer|say|tell|know)|clear from|determined?|answer(?:ed|able)?"
    r"|found|given|in the|stated"
    r"|specified|mentioned|provided"
    r"|available|covered|addressed|discussed|included|inferred|established|from|based on)\b"
    r"|(?:the )?(?:information|details?|data)(?: \w+){0,8}? (?:is|are) not (?:provided|available|given|mentioned"
    r"|included|found|in)\b"
    r"|unanswerable\b|unknown\W*$|n/a\W*$|none\W*$|no answer\b|no\W*$|[^.:]{1,60}: (?:no mention|not mentioned)\W*$"
    r")",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(
    r"\b(?:cannot|can not|could not) be (?:\w+ed|found|told|known|given) (?:in|by|within|from|with|on|based on|using)"
    rf" {SOURCES}|"
    r"\b(?:is|are|was|were) (?:not|never) (?:\w+ly )?(?:mentioned|discussed|addressed|covered|provided|specified"
    r"|stated|found"
    r"|included|described|reported|answered|present|contained|available|given|part of)"
    rf"(?: (?:anywhere|at all))? ?(?:in|by|within|from|of)? {SOURCES}",
    re.IGNORECASE,
)
_REFUSES_THEN = re.compile(
    rf"(while |although |though |even though |whereas )?(?:{SOURCES} {_NOT} {_GIVE}"
    rf"|(?:it|this|that|the answer) (?:is|was) not (?:\w+ly ){_TOLD}\b)",
    re.IGNORECASE,
)
_THEN = re.compile(r"[,;] (?:but |however,? |yet )?(?=\S)")
_BUT = re.compile(
    r"[,;] (?:(?:but|however,?|though|yet|although) (?=\S)|(?=(?:they|it|the paper) (?:do |does )?\w+s? ))"
)
_PAPER_SAYS = re.compile(
    r"(?:they|it|the paper) (?:do |does )?(?:says?|states?|reports?|shows?|finds?|notes?|indicates?|mentions?"
    r"|suggests?) (?:that )?",
    re.IGNORECASE,
)
_REFUSES_THEN_NONE = re.compile(
    rf"(while |although |though |even though |whereas )(?:none|neither) of {SOURCES} ", re.IGNORECASE
)
# In other languages, where a model leaves that of the question.
_ABROAD = re.compile(
    r"[^。！？]{0,30}?(?:来源|來源|文献|文獻|论文|論文|资料|資料|摘要|文档|文書|出典|上下文)[^。！？]{0,40}?"
    r"(?:没有|沒有|未(?:提|说|給|给|包|明|涉)|无法|無法|不包含|ありません|ていません|ない)"
    r"|[^。！？]{0,20}?(?:无法|無法)(?:回答|确定|確定|得知)"
    r"|.{0,40}?\bQuellen .{0,60}?\b(?:keine?n?|nicht|nichts)\b"
    r"|\W*Ich kann .{0,80}?\bnicht (?:beantworten|sagen|finden)\b"
    r"|\W*Je ne (?:peux|trouve|sais)\b|\W*No (?:se (?:menciona|indica|dice|encuentra)|encuentro|encontré|hay|puedo)\b"
    r"|\W*Não (?:encontrei|encontro|há|é (?:mencionado|possível)|consigo|posso)\b"
    r"|\W*Non (?:trovo|è (?:indicato|possibile)|posso)\b"
    r"|\W*(?:Die|Keine der) (?:\w+en )?(?:Quellen|Abstracts?|Artikel|Texte) .{0,60}?\b(?:keine?n?|nicht|nichts)\b"
    r"|\W*(?:Les|Aucune des) (?:sources|résumés|articles|documents) .{0,40}?\b(?:ne|n['’])"
    r"|\W*(?:Las|Los|Ninguna de las) (?:fuentes|resúmenes|artículos|documentos) .{0,40}?\bno\b"
    r"|\W*(?:Le|Nessuna delle) (?:fonti|articoli) .{0,40}?\bnon\b"
    r"|\W*(?:As|Os|Nenhuma das|Nenhum dos) (?:fontes|resumos|artigos|documentos) .{0,40}?\b(?:não|nenhuma?)\b"
    r"|\W*(?:De|Geen van de) (?:\w+e )?(?:bronnen|samenvattingen|artikelen|documenten) .{0,40}?\b(?:geen|niet|niets)\b"
    r"|\W*(?:Källorna|Artiklarna|Kilderne|Kildene|Artiklerne|Artiklene) .{0,40}?\b(?:inte|inget|ikke|intet|ingen)\b"
    r"|[^.]{0,40}?\b(?:źródła|źródłach|artykuły|dokumenty) .{0,40}?\bnie\b"
    r"|[^.]{0,40}?\b(?:источник|документ|стат|аннотаци)\w{0,6}\b.{0,40}?\b(?:нет|не)\b"
    r"|\W*Kaynaklar(?:da|)\b.{0,60}?(?:yok|değil|vermiyor|içermiyor|bulunmuyor)"
    r"|[^.]{0,30}?(?:자료|문서|출처|논문|초록).{0,60}?(?:없습니다|않습니다|없다|않는다)"
    r"|\W*لا .{0,40}?(?:المصادر|الوثائق|المقالات)|[^.]{0,30}?(?:المصادر|الوثائق|المقالات) لا ",
)
# A refusal also where it cites what it has looked through.
_CITED = re.compile(
    r".{0,200}?(?-i:\bNOT[ _]IN[ _]SOURCES\b)"
    r"|\W*(?:the answer is:? )?not(?:[ _]in[ _](?:the )?sources?\b|\W*$)"
    rf"|\W*(?:(?:none|neither|nothing) (?:of|in) {SOURCES}|(?:neither|no)(?: other)? (?:source|paper|abstract"
    rf"|document)s?) {_GIVE}"
    rf"|.{{0,200}}?\bcan ?not be (?:found|determined|answered|inferred)"
    rf" (?:in|from|by|with|based on|using) {SOURCES}\W*$"
    rf"|.{{0,200}}?\b(?:is|are|was|were) not (?:\w+ly )?{_TOLD}(?:\W*$| (?:in|by) (?:the |any )?(?:given |provided )?"
    r"(?:sources?|abstracts?|papers?|documents?)\b)",
    re.IGNORECASE | re.DOTALL,
)
_FINDS = re.compile(  # what a study found not to be so is a finding
    r"(?:the|this|these|both|our|a) (?:study|studies|experiments?|texts?)\b|"
    rf"{SOURCES} {_NOT} (?:\w+ly )?(?:show|reveal|support|have|allow|compare|identify|define|present|include|speak)\b",
    re.IGNORECASE,
)
_CONTRACTED = (
    (re.compile(r"\bcan['’]t\b", re.IGNORECASE), "cannot"),
    (re.compile(r"n['’]t\b", re.IGNORECASE), " not"),
    (re.compile(r"(?<=\bi)['’]m\b", re.IGNORECASE), " am"),
    (re.compile(r"(?<=[a-z])['’]s (?=no|not|nothing|unclear|un|im|in)", re.IGNORECASE), " is "),
)


def refuses(text: str, *, cited: bool = False) -> bool:
    """Whether a sentence says that the sources do not answer; `cited`: it cites one, so that less is a refusal."""
    for pattern, written_out in _CONTRACTED:
        text = pattern.sub(written_out, text)
    if cited:
        return bool(_CITED.match(text))
    return bool(_REFUSALS.match(text) or _NOT_THERE.search(text) or _CITED.match(text) or _ABROAD.match(text))


def answer_within(text: str, *, cited: bool) -> tuple[bool, str]:
    """Whether a sentence begins with a refusal, and what it states after it: "While they do not say, it is so [1]."."""
    found = _REFUSES_THEN_NONE.match(text) or _REFUSES_THEN.match(text)
    if not found or (cited and not found[1] and _FINDS.match(text)):
        return False, ""
    then = (_THEN if found[1] else _BUT).search(text, found.end())
    return True, _PAPER_SAYS.sub("", text[then.end() :]) if then and cited else ""
