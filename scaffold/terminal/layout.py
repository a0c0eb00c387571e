"""Columns and wrapped lines."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable

import click

from scaffold.terminal.say import out

NARROWEST, WIDEST = 20, 100


def width() -> int:
    """Columns to write in: the terminal's, but no more than reads well."""
    return min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST)


def heading(text: str) -> None:
    """Print a line that names what follows."""
    out()
    out(click.style(text, bold=True))


def item(mark: str, text: str, indent: int = 2) -> None:
    """Print a marked paragraph, its further lines under its first word."""
    first = " " * indent + mark + " "
    plain = click.unstyle(first)
    lines = textwrap.wrap(text, max(width() - len(plain), NARROWEST)) or [""]
    out(first + ("\n" + " " * len(plain)).join(lines))


def columns(rows: Iterable[tuple[str, ...]], indent: int = 2) -> None:
    """Print rows whose last column is wrapped and whose others are as wide as their widest cell."""
    table = list(rows)
    if not table:
        return
    widths = [max(len(click.unstyle(row[i])) for row in table) for i in range(len(table[0]) - 1)]
    for row in table:
        cells = (
            cell + " " * (wide - len(click.unstyle(cell)))
            for cell, wide in zip(row, widths, strict=False)
        )
        item("  ".join(cells) + " " if widths else "", row[-1], indent)
