"""The load of benchmarks/web_load.py in short: a real server under mixed work fails nothing, and ends it all."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).resolve().parents[2] / "benchmarks" / "web_load.py"


@pytest.fixture(scope="module")
def web_load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("web_load", BENCHMARK)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["web_load"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="it reads /proc")
def test_a_server_under_mixed_load_fails_nothing_and_stays_small(
    web_load: ModuleType, seeds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = str(BENCHMARK.parents[1] / "src")
    monkeypatch.setenv("PYTHONPATH", source + os.pathsep + os.environ.get("PYTHONPATH", ""))
    samples, load, wrong = web_load.run(5, seeds, 0.5)
    failed = [line for line in wrong if not line.startswith("memory")]  # it settles in the first minute
    assert failed == []
    assert load.statuses["question 200"] > 0
    assert max(one.threads for one in samples) < 80
    assert max(one.descriptors for one in samples) < 200


def test_growth_is_noticed(web_load: ModuleType) -> None:
    steady = [web_load.Sample(n, 500 + n % 3, 30, 60, 0) for n in range(30)]
    assert web_load.growth(steady) == []
    leaking = [web_load.Sample(n, 500 + 10 * n, 30 + 3 * n, 60 + 4 * n, 0) for n in range(30)]
    assert [line.split()[0] for line in web_load.growth(leaking)] == ["memory", "threads", "descriptors"]
