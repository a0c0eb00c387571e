"""Lay comparisons out as a table that is Markdown too. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median

from benchmarks.comparison import Comparison

HEADER = ("what", "median", "against", "median", "ratio", "middle half", "target")


def lines(comparisons: Iterable[Comparison]) -> list[str]:
    """Return the table, line by line."""
    rows = [HEADER, *map(_row, comparisons)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = tuple("-" * width for width in widths)
    return [_line(row, widths) for row in (HEADER, rule, *rows[1:])]


def verdicts(comparisons: Iterable[Comparison]) -> list[str]:
    """Return one line for every target."""
    return [comparison.verdict for comparison in comparisons if comparison.target]


def _row(comparison: Comparison) -> tuple[str, ...]:
    low, high = comparison.middle_half
    return (
        comparison.what,
        _quantity(comparison.ours, comparison.unit),
        comparison.against,
        _quantity(comparison.theirs, comparison.unit),
        f"{comparison.ratio:.2f}x",
        f"{low:.2f} - {high:.2f}",
        str(comparison.target or "-"),
    )


def _quantity(values: Sequence[float], unit: str) -> str:
    return f"{median(values):.0f} {unit}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return f"| {' | '.join(padded)} |"
