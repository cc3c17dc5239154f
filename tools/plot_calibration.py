"""Draws docs/images/calibration.svg from the calibration in src/askpapers/assets/support.json.

    python tools/plot_calibration.py

A point for each bin of scores of each left-out set: the mean score, and the share of its pairs that are supported.
Larger points hold more pairs; on the diagonal a score would be a probability.
"""

from __future__ import annotations

import json
from pathlib import Path

ROOT = Path(__file__).parents[1]
COLOURS = {
    "scifact": "#1f5aa6",
    "healthver_dev": "#c2410c",
    "attributionbench_dev": "#15803d",
    "claims of answers": "#7e22ce",
}
SIZE, MARGIN = 360, 48


def main() -> None:
    """Write the picture."""
    fit = json.loads((ROOT / "src" / "askpapers" / "assets" / "support.json").read_text(encoding="utf-8"))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE + 2 * MARGIN + 130} {SIZE + 2 * MARGIN}"'
        ' font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *_axes(),
    ]
    for row, (name, bins) in enumerate(fit["calibration"].items()):
        points = [(_x(score), _y(share), 2.5 + (pairs / 60) ** 0.5) for score, share, pairs in bins]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[name]}" stroke-opacity="0.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" fill="{COLOURS[name]}"/>' for x, y, r in points]
        parts.append(f'<circle cx="{SIZE + MARGIN + 20}" cy="{MARGIN + 20 * row}" r="5" fill="{COLOURS[name]}"/>')
        parts.append(f'<text x="{SIZE + MARGIN + 32}" y="{MARGIN + 4 + 20 * row}">{name}</text>')
    for bound in ("partial", "full"):
        x = _x(fit[bound])
        parts.append(
            f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_y(0)}" y2="{_y(1)}" stroke="#999" stroke-dasharray="2 3"/>'
        )
        parts.append(f'<text x="{x + 3:.1f}" y="{_y(1) + 12:.1f}" fill="#666">{bound}</text>')
    output = ROOT / "docs" / "images" / "calibration.svg"
    output.write_text("\n".join([*parts, "</svg>"]) + "\n", encoding="utf-8")
    print(f"wrote {output.relative_to(ROOT)}")


def _axes() -> list[str]:
    frame = f'<rect x="{_x(0)}" y="{_y(1)}" width="{SIZE}" height="{SIZE}" fill="none" stroke="#ccc"/>'
    diagonal = f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#bbb" stroke-dasharray="5 4"/>'
    ticks = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        ticks.append(f'<text x="{_x(tick)}" y="{_y(0) + 16}" text-anchor="middle">{tick:g}</text>')
        ticks.append(f'<text x="{_x(0) - 6}" y="{_y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    middle = MARGIN + SIZE / 2
    names = [
        f'<text x="{middle}" y="{_y(0) + 36}" text-anchor="middle">mean score</text>',
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">share supported</text>',
    ]
    return [frame, diagonal, *ticks, *names]


def _x(value: float) -> float:
    return MARGIN + SIZE * value


def _y(value: float) -> float:
    return MARGIN + SIZE * (1 - value)


if __name__ == "__main__":
    main()
