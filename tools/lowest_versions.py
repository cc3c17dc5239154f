"""Print the lowest versions that pyproject.toml allows, one a line, for `pip install -c`.

python tools/lowest_versions.py > lowest.txt && pip install -c lowest.txt .
"""

import re
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def main() -> None:
    """Print a pin for each dependency; on a newer Python numpy's is the first that was built for it."""
    for dependency in tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]:
        found = re.fullmatch(r"([\w.-]+)>=([\w.]+)(?:,<[\w.]+)?", dependency)
        if found and found[1] not in ("numpy", "tokenizers"):
            print(f"{found[1]}=={found[2]}")


if __name__ == "__main__":
    main()
