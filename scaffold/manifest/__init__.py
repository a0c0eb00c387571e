"""Manifests and lock files: merged by what they say, and told apart by what moved."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from .locks import Moved, moved
from .marks import marked
from .npm import PACKAGE_JSON
from .pyproject import PYPROJECT
from .tree import Kept, Rules, ThreeWay
from .values import Sides, Value, equal, unordered

__all__ = ["MANIFESTS", "Kept", "Merged", "Moved", "merge", "moved", "same"]

MANIFESTS: Mapping[str, Rules] = {"package.json": PACKAGE_JSON, "pyproject.toml": PYPROJECT}


@dataclass(frozen=True)
class Merged:
    """A merged manifest, the names of what is left to the user, and what was decided."""

    text: str
    conflicts: tuple[str, ...]
    kept: tuple[Kept, ...] = ()


def merge(name: str, base: str, yours: str, theirs: str) -> Merged | None:
    """Merge three versions of a manifest, keeping the format and the comments of yours.

    None where that cannot be done faithfully: the file is no manifest, one of the three cannot
    be read, or a comment of the user's would be lost; it is a text like any other then.
    """
    if name not in MANIFESTS:
        return None
    try:
        return _merged(MANIFESTS[name], Sides(base, yours, theirs))
    except ValueError:
        return None


def same(name: str, one: str, other: str) -> bool:
    """Whether two texts of a manifest can be read and say the same, in whatever order.

    A merge of text that agrees with `merge` is the better of the two: it also has the comments
    that the template changed.
    """
    try:
        texts = [unordered(MANIFESTS[name].load(text)) for text in (one, other)]
    except (KeyError, ValueError):
        return False
    return equal(*texts)


def _merged(rules: Rules, texts: Sides) -> Merged | None:
    data = rules.follow(Sides(*map(rules.load, texts)))
    if texts.base == texts.yours:
        return Merged(texts.theirs, ())
    ours, other = ThreeWay(rules, favour_theirs=False), ThreeWay(rules, favour_theirs=True)
    halves = [_written(rules, texts, merging.value((), data)) for merging in (ours, other)]
    newline = "\r\n" if "\r\n" in texts.yours else "\n"
    text = marked(halves[0], halves[1], newline) if ours.conflicts else halves[0]
    before, mine, after = (Counter(rules.comments(it)) for it in (texts.base, texts.yours, text))
    lost = mine - before - after
    return None if lost else Merged(text, tuple(ours.conflicts), tuple(ours.kept))


def _written(rules: Rules, texts: Sides, data: dict[str, Value]) -> str:
    """Write the merged data; whatever was written must be read back as the same."""
    text = rules.write(texts, data)
    if not equal(rules.load(text), data):
        raise ValueError("the file is written in a way that cannot be edited")
    return text
