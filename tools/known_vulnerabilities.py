"""Ask PyPI which known vulnerabilities the versions in constraints.txt have; fail for those that are not accepted.

python -m venv audit && audit/bin/pip install pip-audit && audit/bin/python tools/known_vulnerabilities.py

Accepted ones stand with a reason in accepted_vulnerabilities.toml. Where PyPI's JSON API cannot be reached (the package
index may be a mirror without it), nothing is checked: one line says so, and the exit code is 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

CONSTRAINTS = Path(__file__).resolve().parents[1] / "constraints.txt"
ACCEPTED = Path(__file__).with_name("accepted_vulnerabilities.toml")
UNREACHED = ("ConnectionError", "ProxyError", "SSLError", "Timeout", "HTTPError", "ServiceError")


def audit() -> Any:
    """What pip-audit found, as it writes it in JSON; None where its service was not reached.

    Raises:
        RuntimeError: pip-audit failed for another reason.
    """
    options = ["--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off", f"--requirement={CONSTRAINTS}"]
    run = subprocess.run([sys.executable, "-m", "pip_audit", *options], capture_output=True, text=True)
    if run.stdout:
        return json.loads(run.stdout)
    if any(name in run.stderr for name in UNREACHED):
        return None
    raise RuntimeError(run.stderr)


def judge(found: Any, accepted: dict[str, str]) -> tuple[list[str], bool]:
    """The lines to print of what pip-audit found, and whether every vulnerability is accepted."""
    packages = [package for package in found["dependencies"] if "skip_reason" not in package]
    if not packages:
        why = found["dependencies"][0]["skip_reason"]
        return [f"Known vulnerabilities were not looked for: PyPI knows none of the packages here ({why})."], True
    lines = [f"{len(packages)} of {len(found['dependencies'])} packages were looked up."]
    unused, passed = set(accepted), True
    for package in packages:
        for vulnerability in package["vulns"]:
            names = {vulnerability["id"], *vulnerability["aliases"]}
            reason = next((accepted[name] for name in accepted if name in names), None)
            mended = ", ".join(vulnerability["fix_versions"]) or "no version yet"
            known = f"{package['name']} {package['version']}: {' = '.join(sorted(names))}, mended in {mended}"
            lines.append(f"{known}; accepted: {reason}" if reason else f"{known}. NOT ACCEPTED")
            passed = passed and reason is not None
            unused -= names
    lines += [f"{name} is accepted but no longer reported: take it out of {ACCEPTED.name}." for name in sorted(unused)]
    return lines, passed


def main() -> None:
    """Print what was found; exit code 1 for a vulnerability that is not accepted."""
    found = audit()
    if found is None:
        print("Known vulnerabilities were not looked for: PyPI's JSON API cannot be reached.")
        return
    lines, passed = judge(found, tomllib.loads(ACCEPTED.read_text(encoding="utf-8")))
    print("\n".join(lines))
    sys.exit(not passed)


if __name__ == "__main__":
    main()
