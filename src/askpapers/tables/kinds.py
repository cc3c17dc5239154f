"""The columns that tables of papers mostly have (task, method, dataset, result, ...), and how abstracts say them. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from askpapers.tables.rules import Rule, after, before, clause, matched, subject


@dataclass(frozen=True, slots=True)
class WordKind:
    """A kind of column: the names that ask for it, its rules, the labels of the sections that it is said in."""

    name: str
    names: re.Pattern[str]
    rules: tuple[Rule, ...]
    sections: str = ""


def kind_of(name: str) -> WordKind | None:
    """The kind that a column of words is of; None where its words have to be looked for themselves."""
    key = re.sub(r"[\s_-]+", " ", name.casefold()).strip(" ?.:")
    return next((kind for kind in KINDS if kind.names.fullmatch(key)), None)


_WE = (
    r"\b(?:we|this (?:paper|work|article|study|report)|the authors|our (?:work|paper))"
    r"(?: (?:also|then|first|further|instead|here|finally|therefore|thus|hence|next|can|will|\w+ly)){0,3} (?:\w+ and )?"
)
_NEW = r"(?:propose|proposes|introduce|introduces|present|presents|develop|develops|design|devise|describe|describes|contribute)"
_DATA_HEAD = r"datasets?|data ?sets?|benchmarks?|corpus|corpora|testbeds?|leaderboards?"
_NAME = r"[A-Z][\w/+.-]*[A-Z0-9][\w/+.-]*|[A-Z]{2,}[\w/+.-]*"
_GOOD = (
    r"(?<!to )(?<!to be )(?<!could )(?:outperform|surpass|exceed|achiev|attain|reach|state[- ]of[- ]the[- ]art|improv|\bbest\b|solves?\b|better than|higher than|lower than"
    r"|superior|significant(?:ly)?\b|reduc|increas|decreas|preferred|favou?red|competitive|\bmatch(?:es)?\b|gain)"
)
_FIGURE = r"\d"
_LIMIT = (
    r"limitation|\blimited (?:to|by|in)\b|drawback|shortcoming|weakness|\bfail(?:s|ed)?\b|failures?\b|struggl|difficult|unable|\bcannot\b"
    r"|can not\b|does not (?:generali|scale|work)|do not (?:generali|scale|work|consistently)|\bchallenges?\b|still far"
    r"|poorly|\bbias(?:es|ed)?\b|caveat|simple mistakes|at the (?:cost|expense)|underperform|degrad|worse\b|not (?:yet )?(?:clear|known|"
    r"sufficient|generali)|further (?:work|research|studies|study)|remains? (?:unclear|unknown|open|a challenge|challenging|to be)"
    r"|small sample|more cases will need|should be interpreted|lack of|confound"
)
_NO_METHOD = (
    r"metrics?|datasets?|benchmarks?|results?|evaluations?|data|corpus|study|questions?|problems?|findings|code|evaluators?|tasks?|challenges?|considerations?|costs?|patients|people|investigations?"
    r"|analog(?:y|ies)|capabilit(?:y|ies)|properties|effects?|relationships?|progress|evidence|learning|steps?|use|results?"
)
_TASK_NOUN = (
    r"recognition|detection|classification|segmentation|generation|translation|summari[sz]ation|synthesis|answering|prediction|retrieval"
    r"|parsing|moderation|extraction|captioning|forecasting|tracking|localization|induction|planning|identification|estimation"
    r"|reconstruction|diagnosis|verification|alignment|matching|search|reasoning"
)
_DESIGN = (
    r"(?:(?:double|single|triple)[- ]blind(?:ed)?,? |(?:multi|single)[- ]?cent(?:er|re),? |placebo[- ]controlled,? |parallel[- ]group,? "
    r"|phase (?:[1-4]|I{1,3}V?)[ab]?,? |population[- ]based,? |nation(?:al|wide),? |open[- ]label,? |prospective(?:ly)?,? |retrospective,? "
    r"|randomi[sz]ed,? |controlled,? |clinical |cross[- ]sectional,? |longitudinal,? |observational,? |qualitative |quantitative |pilot "
    r"|systematic |crossover |cluster |comparative |descriptive |experimental |cohort |case[- ]control |mixed[- ]methods? |secondary |narrative "
    r"|scoping |umbrella |literature |questionnaire |online |user |ablation )"
)

KINDS = (
    WordKind(
        "training data",
        re.compile(r"(?:pre ?)?training (?:data|data ?sets?|corpus|corpora|set)(?: used)?|(?:what )?trained on"),
        (
            after(3, r"\b(?:pre-?|fine-?)?(?:train|tun)(?:ed|ing)?(?: [\w.-]+){0,6}? (?:on|from)\b", lists=True, own=False, through="from of in"),
            after(2, r"\btraining (?:data|set|corpus)[^.;]{0,30}?\b(?:of|from|is|are|was|were|consists? of)\b", lists=True),
            before(1, r"examples|demonstrations|pairs|labels|comparisons|transcripts"),
        ),
    ),
    WordKind(
        "dataset",
        re.compile(r"(?:.* )?(?:data ?sets?|benchmarks?|data|corpus|corpora|data sources?|test ?beds?)(?: (?:used|name|names|s|and .*))?"),
        (
            before(3, _DATA_HEAD, named=True, own=False),
            matched(3, rf"(?P<phrase>(?:{_NAME})),? (?:an?|the)(?: [\w-]+){{0,4}} (?:{_DATA_HEAD}|evaluation set|test set|suite|collection)\b"),
            matched(2.5, rf"\b(?:data ?set|benchmark|corpus),? (?:called|named|termed|dubbed) (?P<phrase>(?:{_NAME}))"),
            after(2, r"\bon(?= (?:the )?[A-Z])", lists=True, named=True, unless=r"tasks?|problems?"),
            after(1.5, rf"\b(?:{_DATA_HEAD}|collection|records|database) of\b(?! \d)"),
            before(1.2, _DATA_HEAD),
            after(1, r"\b(?:evaluat|test|validat|benchmark|train|experiment)\w*(?: [\w.-]+){0,5}? on\b", lists=True, named=True, unless=r"tasks?|problems?"),
            after(1, r"\bdata (?:from|on|of)\b|\b(?:using|used|from) (?=the [A-Z])", lists=True),
        ),
    ),
    WordKind(
        "task",
        re.compile(r"(?:.* )?(?:tasks?|problems?|applications?|use cases?)(?: (?:addressed|studied|solved|domain|s))?"),
        (
            after(3, r"\b(?:tasks?|problems?) ?(?::|of|such as)(?=\s)(?! (?:this|these|our)\b)", lists=True, gerund=True),
            before(2.5, r"tasks", lists=True),
            before(2, r"task|problem"),
            before(0.6, _TASK_NOUN),
            after(1.5, r"\b(?:applied to|address(?:es)?|tackles?|for the purpose of|capabilities of)\b"),
            after(1, rf"{_WE}(?:study|consider|explore|investigate|address|tackle|focus on)\b"),
        ),
    ),
    WordKind(
        "model",
        re.compile(r"(?:.* )?(?:models?|architectures?|systems?|language models?|llms?)(?: (?:used|name|names|studied|evaluated))?"),
        (
            matched(3, rf"\b(?:call|called|named|dubbed|termed)(?: the| our)?(?: resulting)?(?: models?)? (?P<phrase>(?:{_NAME}))"),
            matched(3, rf"\b(?:introduce|present|propose|train|release)s? (?P<phrase>(?:{_NAME})),? an? "),
            before(2.5, r"models?|architectures?|transformers?|networks?", named=True),
            matched(2, r"\b(?P<phrase>(?:GPT|BERT|T5|LLaMA|CLIP|PaLM|Claude|Gemini|ResNet)[\w.-]*)"),
            before(1, r"models?|architectures?|networks?|autoencoders?"),
        ),
    ),
    WordKind(
        "method",
        re.compile(
            r"(?:.* )?(?:methods?|methodology|methodologies|approach|approaches|techniques?|algorithms?|contributions?|proposed|solution)"
            r"(?: (?:used|proposed|name|s|and .*))?"
        ),
        (
            after(3, r"\b(?:method|approach|procedure|pipeline) (?:combines|consists of|comprises)\b[^.:]{0,30}?(?:: |\b(?=\w))", lists=True, through="from with and"),
            after(3, rf"{_WE}{_NEW}(?: (?:and|to) \w+)?(?: using)?\b", through="with from via", unless=_NO_METHOD),
            after(2.5, r"\b(?:use|employ|leverage|called|named|termed)s?(?: (?:an?|the))?(?: (?:novel|new))\b", unless=_NO_METHOD),
            subject(2.5, r" (?:is|are|was|were) (?:then |here )?(?:proposed|introduced|presented|developed|described|derived)\b", unless=_NO_METHOD),
            after(2, rf"{_WE}(?:explore|study|investigate|examine) (?:the use of|using)\b", unless=_NO_METHOD),
            after(0.8, rf"{_WE}(?:explore|study|consider)\b", unless=_NO_METHOD),
            after(2, r"\b(?:apply|applying|employ|employing|adopt)\b", unless=_NO_METHOD),
            after(1.5, rf"{_WE}(?:use|used|combine|apply|train|perform|performed|conduct|conducted|carried out|analy[sz]ed)\b", through="with from", unless=_NO_METHOD),
            after(1.6, r"\b(?:by(?= \w+ing\b)|via|through|(?<!evaluated )(?<!measured )(?<!assessed )using)\b(?! (?:humans?|the|a|an|our|this|these)\b)", through="with from via", unless=_NO_METHOD),
            after(1, r"\b(?:was|were) (?:measured|assessed|evaluated|analy[sz]ed|performed|determined) (?:by|using|with)\b"),
        ),
        sections="method|design|approach",
    ),
    WordKind(
        "limitations",
        re.compile(r"(?:.* )?(?:limitations?|weakness(?:es)?|drawbacks?|shortcomings?|caveats?|risks?|failures?|failure modes|challenges?|open problems?)(?: .*)?"),
        (clause(3, r"limitation|shortcoming|drawback|caveat|weakness"), clause(2, _LIMIT)),
        sections="limitation",
    ),
    WordKind(
        "result",
        re.compile(r"(?:.* )?(?:results?|findings?|performance|scores?|effects?|effectiveness|efficacy)(?: (?:reported|achieved|s|found))?"),
        (
            clause(3, rf"(?:{_GOOD})&&{_FIGURE}", contrast=False),
            clause(2, r"outperform|state[- ]of[- ]the[- ]art|surpass|superior|best", contrast=False),
            clause(1.8, rf"(?:{_GOOD})", contrast=False),
            clause(1.5, r"\bwe (?:also )?(?:find|found|show|observe|observed|demonstrate)\b"),
            clause(1.5, r"\b(?:results|findings|experiments) (?:show|suggest|indicate|reveal|demonstrate)"),
            clause(1, r"\b(?:there (?:was|were)|compared with|associated with|p ?[<=])"),
        ),
        sections="result|finding",
    ),
    WordKind(
        "code",
        re.compile(r"(?:.* )?(?:code|repository|repo|github|software|open source|availability|released|artifacts?|code availability|source code|weights)(?: .*)?"),
        (
            clause(3, r"\b(?:releas|avail|open[- ]?sourc|publish|provid)\w*&&\b(?:code|weights|models?|implementation|software|visuali[sz]er|package|github)\b"),
            matched(2, r"(?P<phrase>https?://\S*(?:github|gitlab|bitbucket|huggingface|zenodo)\S*)"),
        ),
    ),
    WordKind(
        "metric",
        re.compile(r"(?:.* )?(?:metrics?|evaluation measures?|evaluation criteria|evaluated by|evaluation)(?: (?:used|s))?"),
        (
            after(3, r"\b(?:evaluated (?:by|using|with)|measured (?:by|in|using|with)|in terms of|reflected in)\b", lists=True),
            matched(2, r"\b(?P<phrase>(?:BLEU|ROUGE(?:-\w+)?|METEOR|FID|F1|AUC|AUROC|perplexity|accuracy|precision|recall|sensitivity|specificity"
                    r"|RMSE|MAE|mAP|nDCG|word error rate|WER|human evaluations?|human evaluators)(?: scores?)?(?:(?:,? and |, )(?:BLEU|ROUGE(?:-\w+)?|METEOR|F1"
                    r"|AUC|recall|specificity|accuracy|human evaluations?)(?: scores?)?){0,3})"),
            before(1, r"metrics?|scores?|evaluations?"),
        ),
    ),
    WordKind(
        "baseline",
        re.compile(r"(?:.* )?(?:baselines?|comparisons?|compared (?:to|with)|comparators?|controls?|control group|competitors?)(?: .*)?"),
        (
            after(3, r"\b(?:outperform|surpass|exceed)(?:s|ed|ing)?\b"),
            after(3, r"\b(?:compared? (?:to|with|against)|versus|vs\.?|relative to|in comparison (?:to|with))(?=\s)(?! ?\d)", lists=True),
            after(2.5, r"\b(?:preferred|favou?red)[^.,;]{0,40}? to (?:those )?(?:from |of )?", own=False),
            after(0.9, r"\b(?:better|higher|lower|faster|greater|fewer|more|less|larger|smaller)\b[^.,;]{0,60}? than\b(?! (?:\d|one\b|half\b|two\b|a (?:quarter|third|half)))"),
            after(2, r"\b(?:improve[sd]?|improvements?|gains?) (?:up)?(?:on|over)\b"),
            before(1.5, r"baselines?|controls?"),
            matched(1.5, r"\b(?:placebo|sham \w+|usual care|standard care|standard of care|no treatment|healthy controls)\b"),
        ),
    ),
    WordKind(
        "population",
        re.compile(r"(?:.* )?(?:populations?|who|cohort|inclusion criteria|study group|disease|condition)(?: studied)?"),
        (
            after(3, r"\b(?=(?:patients|adults|children|women|men|people|participants|individuals|students|infants|adolescents|mice|rats|subjects)"
                     r" (?:with|who|aged|undergoing|receiving|diagnosed|established|at|older|attending))", own=False, through="with who on aged at undergoing receiving",
                  unless=r"patients|women|men|children|adults|people|participants|subjects|individuals|students"),
            before(2, r"patients|adults|children|women|men|participants|students|adolescents|infants|mice|rats|subjects|volunteers|users|workers"),
        ),
        sections="patient|participant|subject|population|method",
    ),
    WordKind(
        "intervention",
        re.compile(r"(?:.* )?(?:interventions?|treatments?|exposures?|therapy|therapies|drugs?)(?: .*)?"),
        (
            after(3, r"\b(?:randomi[sz]ed|assigned|allocated) (?:\w+ )?(?:\d+:\d+ )?to(?: (?:receive|one of two groups:))?", lists=True, own=False),
            after(2.5, r"\b(?:treated with|received|receiving|treatment with|administration of|effects? of|supplementation with)\b", own=False),
            before(1, r"therapy|treatment|intervention|supplementation|training|program(?:me)?|surgery|vaccination", own=False),
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
            matched(3, rf"(?i)(?P<phrase>(?:{_DESIGN}){{1,6}}(?:trial|study|studies|analysis|evaluation|review|survey|interviews?|cohort))\b"),
            matched(2.5, r"(?i)(?P<phrase>meta-?analys[ie]s|systematic review|case series|case report|cohort study|case-control study|randomi[sz]ed controlled trial|RCT)\b"),
            before(1, r"study|trial|experiments?|survey|interviews?"),
        ),
        sections="design|method",
    ),
    WordKind(
        "aim",
        re.compile(r"(?:.* )?(?:aims?|objectives?|purpose|goals?|research questions?|hypothes[ie]s|motivation|question)(?: .*)?"),
        (
            clause(3, r"\b(?:aim(?:s|ed)? (?:to|of|was|is)|objective (?:of|was|is)|purpose (?:of|was|is)|goal (?:of|was|is)|hypothesi[sz]ed?|"
                      r"sought to|set out to|to (?:investigate|evaluate|assess|determine|examine|compare|describe|explore|identify|estimate|test))\b"),
            clause(2, r"\bwe (?:study|investigate|examine|ask|explore|analy[sz]e|consider|compare|address|test|evaluate)\b|can [\w\s-]{3,80}\?"),
            clause(1, r"\b(?:this (?:paper|study|work|report) \w+|we (?:present|propose|introduce|describe|show|outline))\b"),
        ),
        sections="aim|objective|purpose|goal|hypothesis",
    ),
    WordKind(
        "conclusion",
        re.compile(r"(?:.* )?(?:conclusions?|takeaways?|implications?|interpretation|key message)(?: .*)?"),
        (
            clause(3, r"\b(?:we conclude|in conclusion|conclude that)\b"),
            clause(2, r"\b(?:results|findings|data|study|evidence|measurements|this|these)\b[^.;]{0,40}?\b(?:suggests?|indicates?|demonstrates?|shows?|"
                      r"are a|supports?|raises?|should be|motivates?)\b"),
            clause(1, r"\b(?:should|may be|promising|important to)\b"),
        ),
        sections="conclusion|interpretation|implication|discussion",
    ),
)  # fmt: skip
"""The kinds of columns, the more particular first."""
