"""Models of LlamaIndex's own classes: a package on the path, the mock of the core, and what their errors mean."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from askpapers import errors
from askpapers.datatypes import Status
from askpapers.engine import Corpus
from askpapers.engine.models import Models
from askpapers.errors import ModelError, UsageError
from askpapers.index.embedder import MiniLM
from askpapers.llm.provider_failures import provider_error
from askpapers.llm.providers import package_of
from askpapers.llm.spec import Kind, Spec, read_spec
from askpapers.llm.usage import Meter
from askpapers.settings import ModelSettings, Traffic

QUESTION = "how many problems are in GSM8K?"
SENTENCE = "GSM8K is a dataset of 8.5K math word problems."
PACKAGE = """
from llama_index.core.llms import CompletionResponse, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback

class RateLimitError(Exception):
    status_code = 429

class Writer(CustomLLM):
    model: str = "small"
    temperature: float = 1.0
    max_tokens: int = 10
    asked: int = 0

    @property
    def metadata(self):
        return LLMMetadata(context_window=6000, model_name=self.model)

    @llm_completion_callback()
    def complete(self, prompt, formatted=False, **kwargs):
        return CompletionResponse(text="GSM8K is a dataset of 8.5K math word problems [1].")

    @llm_completion_callback()
    def stream_complete(self, prompt, formatted=False, **kwargs):
        def pieces():
            if self.model == "busy":
                raise RateLimitError("slow down")
            if self.model == "broken":
                raise KeyError("choices")
            text = ""
            for word in "GSM8K is a dataset of 8.5K math word problems [1].".split(" "):
                text += word + " "
                yield CompletionResponse(text=text, delta=word + " ")
        return pieces()

class NoModel:
    pass
"""


@pytest.fixture(autouse=True)
def _package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made_up_llms.py").write_text(PACKAGE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr("askpapers.llm.model.time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.mark.parametrize(
    ("text", "model", "address"),
    [
        ("anthropic:claude-sonnet-4-0", "claude-sonnet-4-0", "llama_index.llms.anthropic:Anthropic"),
        ("gemini:gemini-2.5-flash", "gemini-2.5-flash", "llama_index.llms.google_genai:GoogleGenAI"),
        ("bedrock:a.claude-3:0", "a.claude-3:0", "llama_index.llms.bedrock_converse:BedrockConverse"),
        ("azure:my-deployment", "my-deployment", "llama_index.llms.azure_openai:AzureOpenAI"),
        ("llama-index:made_up_llms:Writer", "", "made_up_llms:Writer"),
        ("llama-index:made_up_llms:Writer:a:b", "a:b", "made_up_llms:Writer"),
    ],
)
def test_names(text: str, model: str, address: str) -> None:
    spec = read_spec(text)
    assert spec == Spec(Kind.LLAMA_INDEX, model, address)
    assert str(spec) == text


def test_other_ways_to_write_the_same() -> None:
    assert read_spec("anthropic/m") == read_spec("anthropic:m")
    long = read_spec("llama-index:llama-index-llms-google-genai:GoogleGenAI:m")
    assert long == read_spec("llama-index:llama_index.llms.google_genai:GoogleGenAI:m") == read_spec("gemini:m")


@pytest.mark.parametrize(
    "text", ["anthropic:", "llama-index:", "llama-index:os", "llama-index:a b:C", "llama-index:..:C"]
)
def test_what_is_no_name(text: str) -> None:
    with pytest.raises(UsageError):
        read_spec(text)


def test_a_class_of_a_package_answers(seed_index_folder: Path, embedder: MiniLM) -> None:
    settings = ModelSettings(spec="llama-index:made_up_llms:Writer:large", fallback=False)
    corpus = Corpus(seed_index_folder, embedder, settings)
    answer = corpus.ask(QUESTION)
    corpus.close()
    assert [s.text for s in answer.statements] == [SENTENCE]
    assert answer.engine.llm == "llama-index:made_up_llms:Writer:large"
    assert answer.usage.estimated
    assert answer.usage.completion_tokens > 5


def test_what_it_takes_is_set() -> None:
    model = Models(ModelSettings(spec="llama-index:made_up_llms:Writer:large")).choose(None)
    assert model
    llm: Any = model._llm
    assert (llm.model, llm.temperature, llm.max_tokens, model.context) == ("large", 0.0, 700, 6000)


def test_the_mock_of_llama_index(seed_index_folder: Path, embedder: MiniLM) -> None:
    """It writes the same word again and again."""
    corpus = Corpus(seed_index_folder, embedder, ModelSettings(spec="llama-index:llama_index.core.llms:MockLLM"))
    answer = corpus.ask(QUESTION)
    corpus.close()
    assert answer.status in (Status.ANSWERED, Status.NOT_IN_CORPUS)
    model = Models(ModelSettings(spec="llama-index:llama_index.core.llms:MockLLM")).choose(None)
    assert model
    assert "text text" in model.say([("user", "hello")], Meter(), lambda *told: None)


def test_a_package_that_is_not_there_is_two_lines_with_the_command() -> None:
    with pytest.raises(UsageError) as caught:
        Models(ModelSettings(spec="anthropic:m")).choose(None)
    assert str(caught.value) == "The package of Anthropic is not installed."
    assert caught.value.hint == "Install it: pip install llama-index-llms-anthropic"
    assert package_of("llama_index.llms.google_genai") == "llama-index-llms-google-genai"


@pytest.mark.parametrize("name", ["NoModel", "Missing", "annotations"])
def test_a_name_that_is_no_model(name: str) -> None:
    with pytest.raises(UsageError, match=f"has no language model {name}"):
        Models(ModelSettings(spec=f"llama-index:made_up_llms:{name}")).choose(None)


def test_its_traffic_is_not_recorded(tmp_path: Path) -> None:
    settings = ModelSettings(spec="llama-index:made_up_llms:Writer", traffic=Traffic(record=tmp_path / "x"))
    with pytest.raises(UsageError, match="cannot be recorded"):
        Models(settings).choose(None)


@pytest.mark.parametrize(("model", "error"), [("busy", errors.ModelBusyError), ("broken", errors.ModelBrokenError)])
def test_failures_are_those_of_any_model(model: str, error: type[ModelError]) -> None:
    chosen = Models(ModelSettings(spec=f"llama-index:made_up_llms:Writer:{model}")).choose(None)
    assert chosen
    with pytest.raises(error) as caught:
        chosen.say([("user", "hello")], Meter(), lambda *told: None)
    assert caught.value.hint


def failure(name: str, text: str = "no", **fields: Any) -> Exception:
    made: type[Exception] = type(name, (Exception,), fields)
    return made(text)


AWS = {"Error": {"Code": "ThrottlingException"}, "ResponseMetadata": {"HTTPStatusCode": 400}}


@pytest.mark.parametrize(
    ("failed", "meant"),
    [
        (failure("APIStatusError", status_code=401), errors.ModelDeniedError),
        (failure("AuthenticationError"), errors.ModelDeniedError),
        (failure("NoCredentialsError"), errors.ModelDeniedError),
        (failure("ClientError", code=403), errors.ModelDeniedError),
        (failure("NotFoundError"), errors.ModelUnknownError),
        (failure("ClientError", response=AWS), errors.ModelBusyError),
        (failure("ResourceExhausted"), errors.ModelBusyError),
        (failure("APIStatusError", status_code=529), errors.ModelBusyError),
        (failure("ServerError", code=503), errors.ModelBusyError),
        (failure("APITimeoutError"), errors.ModelSilentError),
        (failure("EndpointConnectionError"), errors.ModelUnreachableError),
        (ConnectionRefusedError("no"), errors.ModelUnreachableError),
        (failure("BadRequestError", status_code=400), errors.ModelRequestError),
        (failure("BadRequestError", "prompt is too long: 9 tokens", status_code=400), errors.ContextOverflowError),
        (failure("ValidationException", "Input is too long for requested model."), errors.ContextOverflowError),
        (TypeError("Could not resolve authentication method: set api_key"), errors.ModelDeniedError),
        (RuntimeError("anything"), errors.ModelBrokenError),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else type(value).__name__,
)
def test_the_table_of_what_exceptions_mean(failed: Exception, meant: type[ModelError]) -> None:
    error = provider_error(failed, Spec(Kind.LLAMA_INDEX, "m", "a:B"))
    assert type(error) is meant
    assert error.hint
