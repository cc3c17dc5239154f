"""What a question is about: years, topic, and the nouns that it asks for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from askpapers.answering.nouns import asked_noun, counted_noun, measuring_verb
from askpapers.answering.topic import read_topic
from askpapers.answering.years import Years, read_years

YEARS = {
    "papers since 2020": (Years(2020, None), "papers"),
    "papers from 2019 to 2021 on code": (Years(2019, 2021), "papers on code"),
    "papers between 2019 and 2021": (Years(2019, 2021), "papers"),
    "papers between 2021 and 2019": (Years(2019, 2021), "papers"),
    "2019-2021 papers on images": (Years(2019, 2021), "papers on images"),
    "2021–2022 works": (Years(2021, 2022), "works"),
    "papers after 2020 on images": (Years(2021, None), "papers on images"),
    "papers later than 2021": (Years(2022, None), "papers"),
    "papers newer than 2021": (Years(2022, None), "papers"),
    "papers before 2018": (Years(None, 2017), "papers"),
    "papers published before 2018": (Years(None, 2017), "papers"),
    "prior to 2000": (Years(None, 1999), ""),
    "until 2019": (Years(None, 2019), ""),
    "papers up to 2019 on images": (Years(None, 2019), "papers on images"),
    "papers from 2020 onwards about code": (Years(2020, None), "papers about code"),
    "papers from 2020 on": (Years(2020, None), "papers"),
    "papers from 2020 on attention": (Years(2020, 2020), "papers on attention"),
    "starting in 2020": (Years(2020, None), ""),
    "2021 papers on images": (Years(2021, 2021), "papers on images"),
    "which papers in 2021 study images": (Years(2021, 2021), "which papers study images"),
    "published in 2021 about audio": (Years(2021, 2021), "about audio"),
    "papers from 2021 or later on images": (Years(2021, None), "papers on images"),
    "papers of 2019 and earlier": (Years(None, 2019), "papers of"),
    "papers no later than 2019": (Years(None, 2019), "papers"),
    "papers not after 2019": (Years(None, 2019), "papers"),
    "papers not older than 2020": (Years(2020, None), "papers"),
    "papers no earlier than 2020": (Years(2020, None), "papers"),
    "since GPT-3": (Years(None, None), "since GPT-3"),
    "papers with 2020 samples": (Years(None, None), "papers with 2020 samples"),
    "since 1850": (Years(None, None), "since 1850"),
    "since 20201": (Years(None, None), "since 20201"),
    "contexts up to 2048 tokens": (Years(None, None), "contexts up to 2048 tokens"),
    "after 2000 steps, since 2021": (Years(2021, None), "after 2000 steps,"),
    "what did in 2013 Makhzani find": (Years(None, None), "what did in 2013 Makhzani find"),
    "in 2013 papers on sparsity": (Years(2013, 2013), "papers on sparsity"),
    "since 2021 Whisper": (Years(2021, None), "Whisper"),
    "on ImageNet 2012 and WMT14": (Years(None, None), "on ImageNet 2012 and WMT14"),
    "no year at all": (Years(None, None), "no year at all"),
}


def test_read_years() -> None:
    assert {question: read_years(question) for question in YEARS} == YEARS


def test_years_hold_their_ends_and_no_paper_without_a_year() -> None:
    assert [year for year in range(2017, 2024) if year in Years(2019, 2021)] == [2019, 2020, 2021]
    assert [year for year in (2019, 2020, 2021) if year in Years(first=2020)] == [2020, 2021]
    assert [year for year in (2019, 2020, 2021) if year in Years(last=2020)] == [2019, 2020]
    assert None in Years()
    assert None not in Years(first=2000)
    assert None not in Years(last=2030)


TOPICS = {
    "which papers use RLHF?": "use RLHF",
    "papers about diffusion models": "diffusion models",
    "how many papers use reinforcement learning?": "use reinforcement learning",
    "how many of the papers concern safety?": "safety",
    "list all papers on attention": "attention",
    "who uses imitation learning?": "use imitation learning",
    "who works on interpretability?": "interpretability",
    "image generation papers": "image generation",
    "diffusion papers since 2020": "diffusion",
    "anything about climate change?": "climate change",
    "are there any papers on machine translation?": "machine translation",
    "what has been done on long documents?": "long documents",
    "which papers since 2020 use transformers?": "use transformers",
    "count the papers that mention GPT-3": "GPT-3",
    "who talks about economic effects": "economic effects",
    "who proposes or studies reward models?": "reward models",
    "which papers discuss or evaluate the impact of AI": "impact of AI",
    "papers that deal with and mention audio": "audio",
    "What papers work with or examine CLIP?": "CLIP",
    "who really looks at latency": "latency",
    "which papers address translation?": "translation",
    "papers on address translation": "address translation",
    "list mention detection papers": "mention detection",
    "any papers on the study and treatment of cancer": "study and treatment of cancer",
    "research on covering spaces": "covering spaces",
    "which car crash papers are there?": "car crash",
    "what cover song papers are there?": "cover song",
    "which of these mention GPT-3?": "GPT-3",
    "papers which analyse football": "football",
    "which ones study proteins?": "proteins",
    "papers that introduce a dataset": "introduce a dataset",
    "which papers look": "look",
    "any1 doing dialogue / chatbots?": "dialogue or chatbots",
    "show me papers about audio": "audio",
    "give me all the papers about attention": "attention",
    "can you list the papers on vision?": "vision",
    "which of these papers train on code?": "train on code",
    "what research is there on sparse autoencoders?": "sparse autoencoders",
    "which papers do not use RLHF?": "do not use RLHF",
    "which papers don't use RLHF?": "don't use RLHF",
    "which papers are not about images?": "are not about images",
    "who does not use GPT-3?": "does not use GPT-3",
    "papers not about images": "not about images",
    "have any of the papers released code?": "release code",
    "which papers are about human feedback and summarization?": "human feedback and summarization",
    "number of papers about diffusion": "diffusion",
    "video: which ones?": "video",
    "sparse autoencoders: where are they used?": "sparse autoencoders",
    "step by step reasoning: can you list the papers?": "step by step reasoning",
    "latency, which papers care?": "latency",
    "rouge scores -- which papers report them?": "rouge scores",
    "models that draw, and for what?": "models that draw",
    "looking inside networks to see what they learned": "looking inside networks to see what they learned",
    "labelers hired to do the work": "labelers hired to do the work",
    "I would be most grateful if you could point me to publications concerned with source code": "source code",
    "I am seeking the articles that treat the concept of a teacher.": "teacher",
    "Journalist here. What can you tell me is being researched about risky abilities?": "risky abilities",
    "fair division, e.g. cake cutting": "fair division, e.g. cake cutting",
    "Which of the abstracts report translating between languages?": "translating between languages",
    "where does gpt-4 come in": "gpt-4",
    "alignment papers pls": "alignment",
    "papers w/ active learning": "with active learning",
    "Is there research in this collection on stock prices?": "stock prices",
    "anything on audio in my library?": "audio",
    "papers": "papers",
    "which of these papers would help me make a chatbot more honest?": "make a chatbot more honest",
    "which papers can help us to label data?": "label data",
    "papers based on transformers": "based on transformers",
    "which papers are trained on code?": "trained on code",
    "which papers are biased against women?": "biased against women",
    "which papers have trained on code?": "train on code",
    "papers that make use of RLHF": "use RLHF",
    "which papers report results on XSum?": "results on XSum",
    "papers where a benchmark is introduced": "introduce a benchmark",
    "is the bridge near here?": "bridge near",
    "who fine-tunes?": "fine-tunes",
    "Is there anything about heart attacks in here": "heart attacks",
    "which studies look at old people": "old people",
    "I have to give a talk on gut bacteria. Which papers should I read?": "gut bacteria",
    "we are writing a review of stroke care; which papers should we cite?": "stroke care",
    "my thesis is on frog calls, any papers?": "frog calls",
    "I need papers that rely on teaching": "rely on teaching",
}


def test_read_topic() -> None:
    assert {question: read_topic(question) for question in TOPICS} == TOPICS


ACTIVE = (
    "which papers {base} {thing}?",
    "who {s} {thing}?",
    "who {ed} {thing}?",
    "who is {ing} {thing}?",
    "papers {ing} {thing}",
    "papers that {base} {thing}",
    "what papers are {ing} {thing}?",
    "does anyone {base} {thing}?",
    "list papers which {base} {thing}",
    "how many papers {base} {thing}?",
    "which paper {s} {thing}?",
    "has anyone {ed} {thing}?",
    "which papers have {ed} {thing}?",
    "do any of these papers {base} {thing}?",
    "anything that {s} {thing}",
    "who else {s} {thing}?",
    "who actually {s} {thing}?",
    "show me the papers that {base} {thing}",
)
PASSIVE = (
    "in which papers is {thing} {done}?",
    "where is {thing} {done}?",
    "papers in which {thing} is {done}",
    "papers where {thing} is {done}",
    "is {thing} {done} in any of the papers?",
    "has {thing} been {done} anywhere?",
)
VERBS = (
    ("use", "uses", "using", "used", "used"),
    ("train", "trains", "training", "trained", "trained"),
    ("release", "releases", "releasing", "released", "released"),
    ("apply", "applies", "applying", "applied", "applied"),
    ("teach", "teaches", "teaching", "taught", "taught"),
    ("fine-tune", "fine-tunes", "fine-tuning", "fine-tuned", "fine-tuned"),
    ("plan", "plans", "planning", "planned", "planned"),
    ("process", "processes", "processing", "processed", "processed"),
    ("build", "builds", "building", "built", "built"),
    ("prune", "prunes", "pruning", "pruned", "pruned"),
)
THINGS = ("RLHF", "models with human feedback", "a large corpus of code", "GPT-3")


@given(st.sampled_from((*ACTIVE, *PASSIVE)), st.sampled_from(VERBS), st.sampled_from(THINGS))
def test_the_same_survey_in_other_words_has_the_same_topic(frame: str, verb: tuple[str, ...], thing: str) -> None:
    base, s, ing, ed, done = verb
    question = frame.format(base=base, s=s, ing=ing, ed=ed, done=done, thing=thing)
    assert read_topic(question) == f"{base} {thing}"


COUNTED = {
    "how many hours of audio was the model trained on?": "hours",
    "how many parameters does GPT-3 have?": "parameters",
    "how many problems are in GSM8K?": "problems",
    "how many math word problems?": "problems",
    "how much data was used?": "data",
    "number of image-text pairs used": "pairs",
    "how many human feedback labels are there?": "labels",
    "what accuracy does CLIP reach?": None,
    "what fraction of problems is solved?": None,
    "what percentage of outputs is preferred?": None,
    "how many times larger is it?": None,
    "how much faster is it?": None,
    "how much bigger is GPT-3?": None,
    "how big is it?": None,
    "how much does it cost?": None,
    "by how much did yield drop?": None,
    "what is the context length of GPT-4o?": "length",
    "what is the size of GSM8K?": None,
    "why?": None,
}


def test_counted_noun() -> None:
    assert {question: counted_noun(question) for question in COUNTED} == COUNTED


MEASURING = {
    "how much does it cost?": "cost",
    "by how much did yield drop?": "drop",
    "how many hours did it take?": None,
    "what is the context length of GPT-4o?": None,
}


def test_measuring_verb() -> None:
    assert {question: measuring_verb(question) for question in MEASURING} == MEASURING


ASKED = {
    "what hardware were they trained on?": "hardware",
    "which environment does WebGPT use?": "environment",
    "which programming language was used?": "language",
    "which optimizer did they use?": "optimizer",
    "what learning rate was GPT-3 trained with?": "rate",
    "what BLEU on WMT14 English-German?": "bleu",
    "what language pairs were tested?": "pairs",
    "what kind of data is used?": None,
    "which paper is about images?": None,
    "what percentage of outputs is preferred?": None,
    "what is GSM8K?": None,
    "what happens?": None,
    "how was it trained?": None,
}


def test_asked_noun() -> None:
    assert {question: asked_noun(question) for question in ASKED} == ASKED


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    years, rest = read_years(text)
    assert isinstance(rest, str)
    assert years.first is None or years.last is None or years.first <= years.last
    assert read_topic(text) or not text
    for noun in (counted_noun(text), measuring_verb(text), asked_noun(text)):
        assert noun is None or noun == noun.casefold() != ""
