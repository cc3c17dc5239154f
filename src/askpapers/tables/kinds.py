"""The columns that tables of papers mostly have (task, method, dataset, result, ...), and how abstracts say them. Pure."""

from __future__ import annotations

import re

from askpapers.tables.kinds_of_studies import STUDY_KINDS
from askpapers.tables.rules import WordKind, after, before, clause, matched, subject


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
# What is proposed, done or shown at work, and what has long been so: "we use X, which reduces Y", "we demonstrate our method on".
_NO_RESULT = (
    r"\b(?:we|this (?:paper|article|study|work)) (?:also |then |first |further |therefore |thus )?(?:propos|present|introduc|describ|develop|design"
    r"|stud(?:y|ies)|investigat|examin|consider|use[sd]?\b|employ|appl(?:y|ies))|\bshow(?:s|ed)? how\b|\bpaves? the way\b"
    r"|\b(?:demonstrat|show)(?:e|es|ed|s)? (?:our|its|the (?:use|usefulness|application|applicability|effectiveness|efficacy|value|utility|feasibility|potential))\b"
    r"|\b(?:in recent years|recently|previous (?:papers?|works?|studies))\b"
)
_LIMIT = (
    r"\bstill (?:makes?|struggles?|far|fails?|lags?|regularly|requires?)\b|struggl|simple mistakes|at the (?:cost|expense) of"
    r"|\b(?:cannot|can not|unable to|could not|not possible to)(?: be)? (?:extrapolat|generali[sz]|rule out|exclude|infer|draw|determin|establish)"
    r"|\bno causal\b|not generali[sz]|small (?:sample|number of (?:patients|participants|subjects|cases))|(?:should|must) be interpreted|with caution"
    r"|\b(?:results?|study|findings|approach|method|model|analysis|work) (?:is|are|was|were|may be|remains?) limited (?:to|by|in)\b"
    r"|do(?:es)? not (?:generali|scale|work|consistently)|selection bias|recall bias|self-report bias|residual confounding|methodological issues"
)
_OF_OTHERS = (
    r"overcom|address|circumvent|alleviat|mitigat|tackl|remed|resolv|existing|traditional|conventional|previous|prior (?:work|approach|method)"
    r"|current (?:approach|method|system|model)s?|motivated"
)
_CODE = r"(?:code|codebase|weights|models?|implementations?|software|visuali[sz]er|package|toolkit|library|github)"
_NO_METHOD = (
    r"metrics?|datasets?|benchmarks?|results?|evaluations?|data|corpus|study|questions?|problems?|findings|code|evaluators?|tasks?|challenges?|considerations?|costs?|patients|people|investigations?"
    r"|analog(?:y|ies)|capabilit(?:y|ies)|properties|effects?|relationships?|progress|evidence|learning|steps?|use|results?"
)
_TASK_NOUN = (
    r"recognition|detection|classification|segmentation|generation|translation|summari[sz]ation|synthesis|answering|prediction|retrieval"
    r"|parsing|moderation|extraction|captioning|forecasting|tracking|localization|induction|planning|identification|estimation"
    r"|reconstruction|diagnosis|verification|alignment|matching|search|reasoning"
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
        re.compile(r"(?:.* )?(?:limitations?|weakness(?:es)?|drawbacks?|shortcomings?|caveats?)(?: .*)?"),
        (clause(3, r"limitation|shortcoming|drawback|caveat|weakness", unless=_OF_OTHERS), clause(2, _LIMIT, unless=_OF_OTHERS)),
        sections="limitation",
    ),
    WordKind(
        "result",
        re.compile(r"(?:.* )?(?:results?|findings?|performance|scores?|effects?|effectiveness|efficacy)(?: (?:reported|achieved|s|found))?"),
        (
            clause(3, rf"(?:{_GOOD})&&{_FIGURE}", contrast=False),
            clause(2, r"outperform|state[- ]of[- ]the[- ]art|surpass|superior|best", contrast=False),
            clause(1.8, rf"(?:{_GOOD})", contrast=False, unless=_NO_RESULT),
            clause(1.5, r"\bwe (?:also )?(?:find|found|show(?:ed)?|observed?|demonstrated?)\b", unless=_NO_RESULT),
            clause(1.5, r"\b(?:results|findings|experiments) (?:show|suggest|indicate|reveal|demonstrate)"),
            clause(1, r"\b(?:there (?:was|were)|compared with|associated with|p ?[<=])"),
        ),
        sections="result|finding",
    ),
    WordKind(
        "code",
        re.compile(r"(?:.* )?(?:code|repository|repo|github|software|open source|availability|released|artifacts?|code availability|source code|weights)(?: .*)?"),
        (
            clause(3, rf"\b(?:releas|publish|shar|open[- ]?sourc)\w*(?: [\w-]+){{0,6}}? {_CODE}\b"),
            clause(3, r"\bprovid\w*(?: [\w-]+){0,4}? (?:code|codebase|weights|implementations?|software|package|toolkit|github)\b"),
            clause(3, rf"\b{_CODE}(?: [\w,]+){{0,8}}? (?:is|are|be|been|was|were)(?: \w+){{0,4}}? (?:avail|releas|open|publish|provid|public|shar)"),
            clause(2.5, rf"\b(?:publicly|freely|openly) available&&\b{_CODE}\b|\bavailable (?:at|from|on|under)&&\b{_CODE}\b"),
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
    *STUDY_KINDS,
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
