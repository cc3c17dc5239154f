"""The kinds of columns that tables of studies have (population, intervention, design, country, ...). Pure."""

from __future__ import annotations

import re

from askpapers.tables.rules import WordKind, after, before, clause, matched


def _any(names: str) -> str:
    """A pattern of one of some names, which stand on lines with | between them; the longest fits first."""
    return "(?:" + "|".join(sorted("|".join(names.split("\n")).strip("|").split("|"), key=len, reverse=True)) + ")"


# Countries that are words or names of people too are left out (Chad, Jordan, Georgia).
_COUNTRY = _any("""
United States of America|United States|USA|U\\.S\\.A?\\.?|US|United Kingdom|UK|Great Britain|England|Scotland|Wales|Northern Ireland|Ireland
France|Germany|Italy|Spain|Portugal|Netherlands|Belgium|Luxembourg|Switzerland|Austria|Denmark|Norway|Sweden|Finland|Iceland
Poland|Czech Republic|Czechia|Slovakia|Hungary|Slovenia|Croatia|Serbia|Bosnia and Herzegovina|Montenegro|Kosovo|North Macedonia|Albania
Greece|Cyprus|Malta|Bulgaria|Romania|Moldova|Ukraine|Belarus|Russia|Russian Federation|Estonia|Latvia|Lithuania|Turkey|Türkiye
Canada|Mexico|Brazil|Argentina|Chile|Peru|Colombia|Venezuela|Ecuador|Bolivia|Paraguay|Uruguay|Guatemala|Honduras|El Salvador|Nicaragua
Costa Rica|Panama|Cuba|Haiti|Dominican Republic|Jamaica|Puerto Rico|Trinidad and Tobago
China|Taiwan|Hong Kong|Japan|South Korea|North Korea|Republic of Korea|Korea|Mongolia|India|Pakistan|Bangladesh|Sri Lanka|Nepal|Bhutan
Afghanistan|Kazakhstan|Uzbekistan|Vietnam|Viet Nam|Thailand|Cambodia|Laos|Myanmar|Malaysia|Singapore|Indonesia|Philippines|Australia
New Zealand|Papua New Guinea|Fiji|Iran|Iraq|Syria|Lebanon|Israel|Palestine|Saudi Arabia|Kuwait|Qatar|Bahrain|United Arab Emirates|Oman|Yemen
Egypt|Libya|Tunisia|Algeria|Morocco|Sudan|South Sudan|Ethiopia|Eritrea|Somalia|Kenya|Uganda|Tanzania|Rwanda|Burundi|Malawi|Zambia|Zimbabwe
Mozambique|Botswana|Namibia|South Africa|Lesotho|Eswatini|Madagascar|Angola|Democratic Republic of the Congo|Congo|Cameroon|Gabon|Nigeria
Ghana|Benin|Burkina Faso|Ivory Coast|Côte d'Ivoire|Senegal|The Gambia|Gambia|Sierra Leone|Liberia|Niger|Guinea-Bissau
""")
_NATION = _any("""
American|British|English|Scottish|Welsh|Irish|French|German|Italian|Spanish|Portuguese|Dutch|Belgian|Swiss|Austrian|Danish|Norwegian|Swedish
Finnish|Icelandic|Polish|Czech|Slovak|Hungarian|Slovenian|Croatian|Serbian|Bosnian|Albanian|Greek|Bulgarian|Romanian|Ukrainian|Russian|Estonian
Latvian|Lithuanian|Turkish|Canadian|Mexican|Brazilian|Argentine|Argentinian|Chilean|Peruvian|Colombian|Venezuelan|Cuban|Chinese|Taiwanese
Japanese|Korean|Mongolian|Indian|Pakistani|Bangladeshi|Sri Lankan|Nepalese|Nepali|Vietnamese|Thai|Cambodian|Malaysian|Singaporean|Indonesian
Filipino|Australian|Iranian|Iraqi|Syrian|Lebanese|Israeli|Palestinian|Saudi|Kuwaiti|Egyptian|Tunisian|Algerian|Moroccan|Sudanese|Ethiopian
Somali|Kenyan|Ugandan|Tanzanian|Rwandan|Malawian|Zambian|Zimbabwean|South African|Cameroonian|Nigerian|Ghanaian|Senegalese
""")
_LANGUAGE = _any("""
English|German|French|Spanish|Italian|Portuguese|Dutch|Danish|Norwegian|Swedish|Finnish|Icelandic|Polish|Czech|Slovak|Hungarian|Slovene|Slovenian
Croatian|Serbian|Bosnian|Albanian|Greek|Bulgarian|Romanian|Ukrainian|Russian|Belarusian|Estonian|Latvian|Lithuanian|Turkish|Arabic|Hebrew|Persian
Farsi|Urdu|Hindi|Bengali|Bangla|Punjabi|Gujarati|Marathi|Tamil|Telugu|Kannada|Malayalam|Sinhala|Nepali|Chinese|Mandarin|Cantonese|Japanese|Korean
Mongolian|Tibetan|Vietnamese|Thai|Khmer|Lao|Burmese|Malay|Indonesian|Javanese|Tagalog|Filipino|Swahili|Amharic|Hausa|Yoruba|Igbo|Zulu|Xhosa
Somali|Kinyarwanda|Afrikaans|Irish|Welsh|Basque|Catalan|Galician|Latin|Sanskrit|Kazakh|Uzbek|Uyghur|Georgian|Armenian|Azerbaijani|Esperanto
""")

_DESIGN = (
    r"(?:(?:double|single|triple)[- ]blind(?:ed)?,? |(?:multi|single)[- ]?cent(?:er|re),? |placebo[- ]controlled,? |parallel[- ]group,? "
    r"|phase (?:[1-4]|I{1,3}V?)[ab]?,? |population[- ]based,? |nation(?:al|wide),? |open[- ]label,? |prospective(?:ly)?,? |retrospective,? "
    r"|randomi[sz]ed,? |controlled,? |clinical |cross[- ]sectional,? |longitudinal,? |observational,? |qualitative |quantitative |pilot "
    r"|systematic |crossover |cluster |comparative |descriptive |experimental |cohort |case[- ]control |mixed[- ]methods? |secondary |narrative "
    r"|scoping |umbrella |literature |questionnaire |online |user |ablation )"
)
_YET_TO_COME = r"\b(?:further|future|needed|warranted|necessary|are required)\b"
_NO_INTERVENTION = (
    r"attention|results?|reports?|scores?|information|interest|age|ageing|aging|time|diagnosis|patients|factors?|size|mediators?|process"
    r"|follow-?up|up|support|feedback|points?|grades?|criticism|funding"
)
_PEOPLE = (
    r"(?:patients?|populations?|wom[ae]n|m[ae]n|children|adults?|people|adolescents|students|infants|hospitals?|nurses|physicians|doctors|cohorts?"
    r"|participants|subjects|volunteers|residents|workers|schools?|universit(?:y|ies)|register|registry|registries|cit(?:y|ies)|farms?|healthcare|national)"
)

STUDY_KINDS = (
    WordKind(
        "population",
        re.compile(r"(?:.* )?(?:populations?|who|cohort|inclusion criteria|study group|disease|condition)(?: studied)?"),
        (
            after(3, r"\b(?=(?:patients|adults|children|women|men|people|participants|individuals|students|infants|adolescents|mice|rats|subjects)"
                     r" (?:with|who(?! (?:rated|reported|showed|responded|answered|scored|did|said|died|survived|improved|preferred))|aged|undergoing|receiving|diagnosed|established|at|older|attending))", own=False, through="with who on aged at undergoing receiving",
                  unless=r"patients|women|men|children|adults|people|participants|subjects|individuals|students"),
            before(2, r"patients|adults|children|women|men|participants|students|adolescents|infants|mice|rats|subjects|volunteers|users|workers",
                   unless=r"%|\bper ?cent\b|\bout of\b|\d/\d|\bhaving\b|\bdata\b"),
        ),
        sections="patient|participant|subject|population|method",
    ),
    WordKind(
        "species",
        re.compile(r"(?:.* )?(?:species|organisms?|taxa|taxon|animals?|animal models?)(?: (?:studied|used|name|names))?"),
        (
            matched(3, r"\((?P<phrase>[A-Z][a-z]{2,30} [a-z]{3,30})\)", own=False),  # (Canis lupus)
            matched(2.5, r"(?<![.] )\b(?P<phrase>[A-Z]\. [a-z]{4,30})\b", own=False),  # E. coli
            matched(2, r"(?<=[a-z,] )(?P<phrase>[A-Z][a-z]{3,30} [a-z]{1,30}(?:us|um|ae|ii|ensis|ans|oli))\b", own=False),
            before(1, r"mice|mouse|rats?|rabbits?|dogs?|pigs?|sheep|monkeys?|zebrafish", own=False),
        ),
    ),
    WordKind(
        "intervention",
        re.compile(r"(?:.* )?(?:interventions?|treatments?|exposures?|therapy|therapies|drugs?)(?: .*)?"),
        (
            after(3, r"\b(?:randomi[sz]ed|assigned|allocated) (?:\w+ )?(?:\d+:\d+ )?to(?: (?:receive|one of two groups:))?(?! (?:help|assist|perform|be|do|either))", lists=True, own=False,
                  unless=r"groups?|arms?|conditions?"),
            after(2.5, r"\b(?:treated with|(?:patients|group|groups|participants|subjects|who|children|women|men|controls?|animals|rats|mice|randomly) "
                       r"(?:\w+ )?(?:received|receiving)|treatment with|administration of|supplementation with)\b", own=False, unless=_NO_INTERVENTION),
            after(1.5, r"\beffects? of\b", own=False, unless=_NO_INTERVENTION),
            before(1, r"therapy|treatment|intervention|supplementation|program(?:me)?|surgery|vaccination", own=False,
                   unless=r"\b(?:patients|group|groups|following|after|initial|no|without|further|poor|successful|initiated|received|duration)\b"),
        ),
        sections="intervention|exposure",
    ),
    WordKind(
        "outcome",
        re.compile(r"(?:.* )?(?:outcomes?|end ?points?|outcome measures?)(?: .*)?"),
        (
            after(3, r"\b(?:outcomes?|end ?points?)(?: measures?)? (?:was|were|is|are|included?|measured was)\b", lists=True),
            after(2.5, r"\b(?:effects? (?:of [\w\s-]{1,60}? )?on|impact on)\b"),
            clause(1, r"\boutcomes?\b"),
        ),
        sections="outcome|measure",
    ),
    WordKind(
        "design",
        re.compile(r"(?:.* )?(?:study design|design|study type|type of study|trial design|research design)"),
        (
            matched(3, rf"(?i)\b(?P<phrase>(?:(?:{_DESIGN}){{1,6}}|(?:{_DESIGN}){{2,6}}[a-z-]{{4,20}} )(?:trial|study|studies|analysis|evaluation|review|survey|interviews?|cohort))\b", unless=_YET_TO_COME),
            matched(2.5, r"(?i)\b(?P<phrase>meta-?analys[ie]s|systematic review|case series|case report|cohort study|case-control study|randomi[sz]ed controlled trial|RCT)\b", unless=_YET_TO_COME),
            matched(1, r"(?i)\b(?P<phrase>(?:(?:in vitro|in vivo|animal|laboratory|field|feeding|feasibility|validation|simulation|modelling|modeling|delphi|web-based"
                       r"|postal|telephone|human|behavio(?:u)?ral|user|case|follow-up|crowdsourcing) ){1,3}(?:study|studies|trial|experiments?|survey|interviews?))\b",
                    unless=_YET_TO_COME),
        ),
        sections="design|method",
    ),
    WordKind(
        "country",
        re.compile(r"(?:.* )?(?:countr(?:y|ies)|nation|location|setting country|study location|where)(?: .*)?"),
        (
            matched(3, rf"\b(?:in|from|across|throughout|of)(?: the)?(?: (?:rural|urban|northern|southern|eastern|western|central|mainland|north|south|east|west)){{0,2}}"
                       rf" (?P<phrase>{_COUNTRY}(?:(?:,? and |, ){_COUNTRY}){{0,5}})\b"),
            matched(2, rf"\b(?P<phrase>{_COUNTRY})\b(?!n? (?:pigs?|fowl|hamsters?))"),
            matched(2, rf"\b(?P<phrase>{_NATION}) (?:\w+ )?{_PEOPLE}\b"),
        ),
    ),
    WordKind(
        "language",
        re.compile(r"(?:.* )?(?:languages?|language pairs?)(?: (?:studied|used|covered|pairs?|of .*))?"),
        (
            matched(3, rf"\b(?P<phrase>{_LANGUAGE}(?:(?:,? and |,? or |, |[-–/→]| to | into ){_LANGUAGE}){{0,8}})\b(?! (?:\w+ )?{_PEOPLE}\b)",
                    unless=r"\A(?!(?s:.*)(?:languag|linguist|translat|texts?\b|corp(?:us|ora)\b|speech|speak|\bwords?\b|sentence|data ?sets?|pars(?:er|ing)|lexic|dialect|version))"),
        ),
    ),
    WordKind(
        "funding",
        re.compile(r"(?:.* )?(?:funding|funders?|funded by|sponsors?|sponsorship|financial support)(?: .*)?"),
        (after(3, r"\b(?:funded|sponsored|financed|financially supported) by\b", lists=True, own=False),),
        sections="funding|sponsor",
    ),
)  # fmt: skip
"""The kinds of columns of studies, the more particular first."""
