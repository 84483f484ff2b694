"""A chart of bars as SVG: a group for each way of testing, a bar for each number of examples."""

from collections.abc import Sequence
from html import escape

_WIDTH, _NAMES, _BAR, _GAP = 900, 290, 16, 14
_COLOURS = ("#9ecae1", "#4292c6", "#08519c", "#08306b")
Group = tuple[str, Sequence[float]]


def bars(title: str, names: Sequence[str], groups: Sequence[Group]) -> str:
    """Return the chart.

    :param names: what the bars of a group stand for.
    :param groups: each with its name, and a value for each of the names.
    """
    most = max(value for _, values in groups for value in values)
    y, parts = 40, [f'<text x="10" y="24" font-size="16">{escape(title)}</text>']
    for name, values in groups:
        middle = y + _BAR * len(values) / 2 + 5
        parts.append(f'<text x="{_NAMES - 10}" y="{middle:.0f}" text-anchor="end">{escape(name)}</text>')
        for value, colour in zip(values, _COLOURS, strict=False):
            length = value / most * (_WIDTH - _NAMES - 60)
            parts.append(
                f'<rect x="{_NAMES}" y="{y}" width="{length:.1f}" height="{_BAR - 2}" fill="{colour}"/>'
            )
            parts.append(f'<text x="{_NAMES + length + 6:.1f}" y="{y + 12}">{value:.2f}</text>')
            y += _BAR
        y += _GAP
    for number, (name, colour) in enumerate(zip(names, _COLOURS, strict=False)):
        x = _NAMES + 150 * number
        parts.append(f'<rect x="{x}" y="{y}" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 18}" y="{y + 11}">{escape(name)}</text>')
    size = f'width="{_WIDTH}" height="{y + 24}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="13">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>", ""])
