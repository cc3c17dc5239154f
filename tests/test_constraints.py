"""constraints.txt, pyproject.toml and the tools that CI gives them to agree."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DIRECT = [Requirement(text) for text in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]]


def load_tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    return {canonicalize_name(name): version for name, _, version in (line.partition("==") for line in lines)}


@pytest.mark.parametrize("requirement", DIRECT, ids=str)
def test_each_direct_dependency_is_pinned_within_its_bounds(requirement: Requirement) -> None:
    assert requirement.specifier.contains(pins()[canonicalize_name(requirement.name)])


def test_every_pin_is_one_version() -> None:
    for version in pins().values():
        Version(version)


def test_the_lowest_versions_name_every_dependency_within_its_bounds() -> None:
    lowest = load_tool("lowest_versions").lowest(PROJECT["dependencies"])
    assert set(lowest) == {Requirement(text).name for text in PROJECT["dependencies"]}
    for requirement in map(Requirement, PROJECT["dependencies"]):
        if requirement.marker is None or requirement.marker.evaluate():
            assert requirement.specifier.contains(lowest[requirement.name])


def test_of_two_bounds_the_higher_and_of_other_systems_none() -> None:
    lowest = load_tool("lowest_versions").lowest
    bounds = ["a>=1.2,<3", "a>=2; python_version >= '3'", "b>=1", "b>=9; python_version < '3'"]
    assert lowest(bounds) == {"a": Version("2"), "b": Version("1")}


def found(*vulnerabilities: str) -> dict[str, Any]:
    vulns = [{"id": name, "aliases": [f"CVE-{name}"], "fix_versions": ["2.0"]} for name in vulnerabilities]
    return {"dependencies": [{"name": "a", "version": "1.0", "vulns": vulns}, {"name": "b", "skip_reason": "unknown"}]}


@pytest.mark.parametrize(
    ("vulnerabilities", "accepted", "passed", "said"),
    [
        ([], {}, True, "1 of 2 packages"),
        (["1"], {}, False, "a 1.0: 1 = CVE-1, mended in 2.0. NOT ACCEPTED"),
        (["1"], {"CVE-1": "not used"}, True, "accepted: not used"),
        (["1", "2"], {"1": "not used"}, False, "CVE-2, mended in 2.0. NOT ACCEPTED"),
        ([], {"CVE-1": "not used"}, True, "CVE-1 is accepted but no longer reported"),
    ],
)
def test_known_vulnerabilities(vulnerabilities: list[str], accepted: dict[str, str], passed: bool, said: str) -> None:
    lines, result = load_tool("known_vulnerabilities").judge(found(*vulnerabilities), accepted)
    assert result is passed
    assert said in "\n".join(lines)


def test_where_no_package_was_looked_up_that_is_said() -> None:
    unknown = {"dependencies": [{"name": "b", "skip_reason": "unknown"}]}
    lines, passed = load_tool("known_vulnerabilities").judge(unknown, {"CVE-1": "not used"})
    assert passed
    assert lines == ["Known vulnerabilities were not looked for: PyPI knows none of the packages here (unknown)."]


def test_accepted_vulnerabilities_have_a_reason() -> None:
    accepted = tomllib.loads((ROOT / "tools" / "accepted_vulnerabilities.toml").read_text(encoding="utf-8"))
    assert accepted
    for name, reason in accepted.items():
        assert name.startswith(("CVE-", "GHSA-", "PYSEC-"))
        assert len(reason) > 40
