"""Read a changelog in the common form: a heading `## 1.2.3 - date` for each version. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NamedTuple

_ITEM = re.compile(r"(?m)^(?=[-*] )")
_HEADING = re.compile(r"(?m)^##\s+\[?v?(\d[\w.+!-]*)\]?.*$")


class Release(NamedTuple):
    """One version's section, without its heading."""

    version: str
    text: str


def releases(changelog: str, wanted: Callable[[str], bool]) -> tuple[Release, ...]:
    """Return the sections whose version is wanted, in the order of the file (newest first)."""
    headings = list(_HEADING.finditer(changelog))
    ends = [heading.start() for heading in headings[1:]] + [len(changelog)]
    return tuple(
        Release(heading[1], changelog[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=False)
        if wanted(heading[1])
    )


def without(text: str, others: Collection[str], mine: Collection[str]) -> str:
    """Return a section without the items that name some of `others` and none of `mine`.

    A name is a word in lower case, however it is written: `Node.js` names `node`.
    """
    lead, *items = _ITEM.split(text)
    names = [set(re.findall(r"[\w-]+", item.lower())) for item in items]
    kept = [
        item
        for item, named in zip(items, names, strict=True)
        if named & set(mine) or not named & set(others)
    ]
    return "".join([lead, *kept]).strip()
