"""Results go to standard output; everything said on the way goes to standard error."""

from __future__ import annotations

import sys

import click


def out(text: str = "") -> None:
    """Print a result."""
    click.echo(text)


def note(text: str = "") -> None:
    """Tell the user something that is not the result."""
    click.echo(text, err=True)


def step(text: str) -> None:
    """Say what begins now."""
    click.echo(click.style("» ", fg="cyan") + text, err=True)


def warn(text: str) -> None:
    """Say what did not go as wished although the work was done."""
    click.echo(click.style("! ", fg="yellow", bold=True) + text, err=True)


def error(message: str, hint: str = "") -> None:
    """Say what failed, then what to try."""
    click.echo(click.style("Error: ", fg="red", bold=True) + message, err=True)
    if hint:
        click.echo(f"  {hint}", err=True)


def interactive() -> bool:
    """Whether there is a person to ask."""
    return bool(sys.stdin and sys.stdin.isatty() and sys.stdout.isatty())
