"""The only importer of questionary: one function for each kind of question.

Every function returns the answer, or raises KeyboardInterrupt when the user pressed Ctrl-C.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import questionary

QMARK = "?"
MANY_KEYS = "(space: choose, enter: go on)"


@dataclass(frozen=True)
class Option:
    """One thing to choose: what it stands for, what the user reads, a line of help."""

    value: str
    title: str
    help: str = ""


def many(question: str, options: Sequence[Option], chosen: Iterable[str] = ()) -> list[str]:
    """Let the user choose any number of `options`; those in `chosen` start chosen."""
    import questionary  # noqa: PLC0415 - loading it takes longer than `--help` may

    answer: list[str] = questionary.checkbox(
        question, _choices(options, set(chosen)), qmark=QMARK, instruction=MANY_KEYS
    ).unsafe_ask()
    return answer


def one(question: str, options: Sequence[Option], default: str | None = None) -> str:
    """Let the user choose one of `options`, the cursor being on `default`."""
    import questionary  # noqa: PLC0415

    answer: str = questionary.select(
        question, _choices(options, set()), default=default, qmark=QMARK
    ).unsafe_ask()
    return answer


def text(question: str, default: str, check: Callable[[str], str]) -> str:
    """Let the user type; `check` returns what is wrong with the text, or nothing."""
    import questionary  # noqa: PLC0415

    answer: str = questionary.text(
        question, default, validate=lambda typed: check(typed) or True, qmark=QMARK
    ).unsafe_ask()
    return answer


def yes(question: str, default: bool) -> bool:
    """Ask for yes or no."""
    import questionary  # noqa: PLC0415

    answer: bool = questionary.confirm(question, default, qmark=QMARK).unsafe_ask()
    return answer


def _choices(options: Sequence[Option], chosen: set[str]) -> list[questionary.Choice]:
    import questionary  # noqa: PLC0415

    return [
        questionary.Choice(
            option.title, option.value, checked=option.value in chosen, description=option.help
        )
        for option in options
    ]
