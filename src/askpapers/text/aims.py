"""Sentences that say what a study sets out to do, and those that report what it found. Pure."""

from __future__ import annotations

import re

_AIM = re.compile(
    r"\b(?:we|i|authors?|(?:this|the|our|present|current) (?:study|paper|work|article|trial|review|research|project))"
    r" (?:therefore |thus |also |then |here |first |further )?"
    r"(?:(?:aim(?:s|ed)?|sought|seeks?|set out|intend(?:s|ed)?|want(?:ed)?|plan(?:s|ned)?|tr(?:y|ies|ied)) (?:to|at)"
    r"|hypothesi[sz]ed?|wondered|ask(?:s|ed)? (?:whether|if|how)"
    r"|(?:investigat|examin|evaluat|explor|test|assess|stud(?:y|i)|analy[sz]|consider|determin|address|check)\w{0,4}"
    r" (?:whether|if|how|the (?:question|hypothesis|effects?|impact|influence|role|relation(?:ship)?|association"
    r"|(?:[\w-]+ ){1,3}?of)))\b"
    r"|\b(?:aims?|goals?|objectives?|purpose|hypothesis|question)(?: of [\w -]{1,60})?"
    r" (?:is|are|was|were)(?: \w+ly)? (?:to|that|whether|if)\b"
    r"|^(?:\w+: )?to (?:investigate|examine|evaluate|explore|test|assess|study|determine|analy[sz]e|compare|find out)\b"
    r"|\b(?:is|are|remains?|was|were) (?:still )?"
    r"(?:unclear|unknown|an open question|debated|uncertain|not (?:clear|known))\b"
    r"|^whether\b|\b(?:in order )?to (?:determine|test|find out|see|assess|examine|investigate) (?:whether|if)\b",
    re.IGNORECASE,
)
_FOUND = re.compile(
    r"\b(?:find(?!ing| out)|finds|found|show(?:s|ed|n)?|demonstrat(?:e|es|ed)|reveal(?:s|ed)?|conclud(?:e|es|ed)"
    r"|observ(?:e|es|ed)|result(?:s|ed)?|report(?:s|ed)?|indicat(?:e|es|ed)|suggest(?:s|ed)?|confirm(?:s|ed)?"
    r"|prove[sd]?|but|, which|answer is)\b",
    re.IGNORECASE,
)

_REPORTS = re.compile(
    r"\b(?:we|i|authors|results?|findings?|data|evidence|experiments|analys[ie]s|study|paper|work)"
    r" (?:(?:also|then|thus|further) )?"
    r"(?:find|finds|found|show(?:s|ed)?|demonstrat(?:e|es|ed)|reveal(?:s|ed)?|conclud(?:e|es|ed)|observ(?:e|es|ed)"
    r"|indicat(?:e|es|ed)|suggest(?:s|ed)?|confirm(?:s|ed)?|prov(?:e|es|ed)|support(?:s|ed)?)\b"
    r"|\b(?:(?:finding|showing|suggesting|indicating) that|in conclusion|these (?:results|findings|data))\b",
    re.IGNORECASE,
)

_STILL_TO_DO = re.compile(
    r"\b(?:studies|trials|research|investigations)\b[^.;]{0,80}? "
    r"(?:is|are|remains?|will be|seems?|appears?) (?:(?:still|also|clearly|now|therefore) )?"
    r"(?:needed|required|warranted|necessary|justified|desirable)\b",
    re.IGNORECASE,
)


def is_still_to_do(sentence: str) -> bool:
    """Whether a sentence calls for work that nobody has done yet: "Randomized trials are needed"."""
    return bool(_STILL_TO_DO.search(sentence))


def reports_finding(sentence: str) -> bool:
    """Whether a sentence says in so many words that it tells what was found ("We find that ...")."""
    return _REPORTS.search(sentence) is not None


def tells_of_findings(text: str) -> bool:
    """Whether a text has a word for finding something out: "found no association"."""
    return _FOUND.search(text) is not None


def is_aim(sentence: str) -> bool:
    """Whether a sentence says only what was to be done or found out ("We investigate whether ...").

    One that goes on to what came of it ("... and find that") is none; a question is one.
    """
    if sentence.rstrip().endswith("?"):
        return True
    match = _AIM.search(sentence)
    return match is not None and not tells_of_findings(sentence[match.end() :])
