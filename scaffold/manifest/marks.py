"""Conflict markers round the lines in which two renderings of one merge differ."""

from collections.abc import Iterator
from difflib import SequenceMatcher

YOURS, BETWEEN, TEMPLATE = "<<<<<<< yours", "=======", ">>>>>>> template"


def marked(yours: str, theirs: str, newline: str) -> str:
    """Join two renderings, the lines that differ between markers as git writes them."""
    return "".join(_joined(_lines(yours, newline), _lines(theirs, newline), newline))


def _lines(text: str, newline: str) -> list[str]:
    """Cut a text into lines that all end, so that a marker starts a line of its own."""
    lines = text.removesuffix(newline).split(newline) if text else []
    return [line + newline for line in lines]


def _joined(yours: list[str], theirs: list[str], newline: str) -> Iterator[str]:
    matcher = SequenceMatcher(None, yours, theirs, autojunk=False)
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag == "equal":
            yield from yours[start:end]
            continue
        yield YOURS + newline
        yield from yours[start:end]
        yield BETWEEN + newline
        yield from theirs[other_start:other_end]
        yield TEMPLATE + newline
