"""Draws a line chart with logarithmic axes as SVG."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

WIDTH, HEIGHT, MARGIN = 640, 360, 70
COLOURS: Final = ("#1b7837", "#2166ac", "#b2182b")


@dataclass(frozen=True)
class Line:
    """A named line of the chart, with a value for each size."""

    name: str
    values: Sequence[float]


def draw(sizes: Sequence[int], lines: Sequence[Line]) -> str:
    """Return the chart as SVG: requests per second by the number of procedures."""
    lowest = 10 ** math.floor(math.log10(min(value for line in lines for value in line.values)))
    highest = 10 ** math.ceil(math.log10(max(value for line in lines for value in line.values)))

    def x_of(size: float) -> float:
        return MARGIN + (WIDTH - 2 * MARGIN) * math.log(size / sizes[0]) / math.log(
            sizes[-1] / sizes[0]
        )

    def y_of(value: float) -> float:
        return (
            HEIGHT
            - MARGIN
            - (HEIGHT - 2 * MARGIN) * math.log(value / lowest) / math.log(highest / lowest)
        )

    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            'font-family="sans-serif" font-size="13">'
        ),
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        (
            f'<text x="{MARGIN}" y="30" font-size="15">'
            "Requests per second on one core, by procedures in the catalogue</text>"
        ),
    ]
    mark = lowest
    while mark <= highest:
        parts.append(
            f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="{y_of(mark):.1f}" '
            f'y2="{y_of(mark):.1f}" stroke="#ddd"/>'
        )
        parts.append(
            f'<text x="{MARGIN - 8}" y="{y_of(mark) + 4:.1f}" text-anchor="end">{mark:,}</text>'
        )
        mark *= 10
    parts += [
        f'<text x="{x_of(size):.1f}" y="{HEIGHT - MARGIN + 24}" text-anchor="middle">'
        f"{size:,}</text>"
        for size in sizes
    ]
    for line, colour in zip(lines, COLOURS, strict=False):
        points = [(x_of(size), y_of(value)) for size, value in zip(sizes, line.values, strict=True)]
        parts.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="2" '
            f'points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'
        )
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in points]
        x, y = points[-1]
        parts.append(f'<text x="{x + 10:.1f}" y="{y + 4:.1f}" fill="{colour}">{line.name}</text>')
    return "\n".join([*parts, "</svg>", ""])
