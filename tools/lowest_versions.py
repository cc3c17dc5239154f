"""Print the lowest versions that pyproject.toml allows, one a line, for `pip install -c`.

python tools/lowest_versions.py > lowest.txt && pip install -c lowest.txt .
"""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def lowest(dependencies: list[str]) -> dict[str, Version]:
    """The lowest version of each dependency on this Python; of several bounds on one package the highest."""
    versions: dict[str, Version] = {}
    for requirement in map(Requirement, dependencies):
        if requirement.marker is None or requirement.marker.evaluate():
            (bound,) = (Version(part.version) for part in requirement.specifier if part.operator == ">=")
            versions[requirement.name] = max(bound, versions.get(requirement.name, bound))
    return versions


def main() -> None:
    """Print a pin for each dependency of the package."""
    dependencies = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]
    for name, version in lowest(dependencies).items():
        print(f"{name}=={version}")


if __name__ == "__main__":
    main()
