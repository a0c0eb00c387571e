"""Results go to standard output; everything said on the way goes to standard error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

import click


def out(text: str = "") -> None:
    """Print a result."""
    _print(text)


def note(text: str = "") -> None:
    """Tell the user something that is not the result."""
    _print(text, err=True)


def step(text: str) -> None:
    """Say what begins now."""
    _print(click.style("» ", fg="cyan") + text, err=True)


def warn(text: str) -> None:
    """Say what did not go as wished although the work was done."""
    _print(click.style("! ", fg="yellow", bold=True) + text, err=True)


def error(message: str, hint: str = "") -> None:
    """Say what failed, then what to try."""
    _print(click.style("Error: ", fg="red", bold=True) + message, err=True)
    if hint:
        _print(f"  {hint}", err=True)


def _print(text: str, *, err: bool = False) -> None:
    """Print in colours where a terminal shows them and NO_COLOR (no-color.org) is not set."""
    click.echo(text, err=err, color=False if os.environ.get("NO_COLOR") else None)


def stop_telling() -> None:
    """Let nothing more be written where writing a result has failed, not even at the very end."""
    with suppress(OSError, AttributeError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def interactive() -> bool:
    """Whether there is a person to ask."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())
