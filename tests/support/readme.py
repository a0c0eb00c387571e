"""Reading the commands that a README promises."""

from __future__ import annotations

import re

BLOCK = re.compile(r"^```(?:sh|bash|shell|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def first_block(text: str) -> str:
    """Return the first block of shell commands, as it is."""
    found = BLOCK.search(text)
    assert found, "the README has no block of commands"
    return found[1]


def commands(script: str) -> list[str]:
    """Return the commands of a script, one a line, without comments."""
    lines = (re.sub(r"(^|\s+)#.*", "", line).strip() for line in script.splitlines())
    return [line for line in lines if line]
