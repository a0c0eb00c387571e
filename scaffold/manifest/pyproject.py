"""pyproject.toml: where its requirements are, and editing the file in place."""

import tomllib
from collections.abc import Sequence

from . import requirement
from .above import Above
from .edit import Editor
from .toml import comments, statements
from .tree import Kept, Pick, Rules, pick_removed
from .values import MISSING, Key, Sides, Value, Where, plain_key

_LISTS = {
    ("project", "dependencies"),
    ("build-system", "requires"),
    ("tool", "uv", "constraint-dependencies"),
    ("tool", "uv", "override-dependencies"),
}
_GROUPS = {("project", "optional-dependencies"), ("dependency-groups",)}


def _is_requirements(where: Where) -> bool:
    return where in _LISTS or where[:-1] in _GROUPS


def _write(texts: Sides, data: dict[str, Value]) -> str:
    """Edit yours until it says the data."""
    dropped = set(comments(texts.base)) - set(comments(texts.theirs))
    base, yours, theirs = (list(statements(_unix(text))) for text in texts)
    editor = Editor(list(yours), theirs, dropped, _key)
    editor.table((), tomllib.loads(texts.yours), tomllib.loads(texts.theirs), data)
    lines = Above(base, theirs, dropped, _key).brought_to(editor.lines)
    if lines == yours:
        return str(texts.yours)
    text = "".join(line.text for line in lines)
    text = text if texts.yours.endswith("\n") else text.removesuffix("\n")
    return text.replace("\n", "\r\n") if "\r\n" in texts.yours else text


def _key(where: Where, sides: Sequence[list[Value]]) -> Key | None:
    return requirement.key(sides) if _is_requirements(where) else plain_key(sides)


def _pick(where: Where, sides: Sides) -> Pick | None:
    """Settle what became of a requirement: the newer of two exact versions."""
    if not _is_requirements(where[:-1]):
        return None
    base, yours, theirs = sides
    if MISSING in (yours, theirs):
        said = requirement.said(theirs if yours is MISSING else yours)
        return pick_removed(where[-1], sides, said)
    taken = requirement.merged(base, yours, theirs)
    if taken is None:
        return None
    before, mine, new = map(requirement.said, sides)
    kept = Kept(where[-1], mine, new, requirement.said(taken))
    return Pick(taken, None if mine == new or before in (mine, new) else kept)


def _unix(text: str) -> str:
    text = text.replace("\r\n", "\n")
    return text if text.endswith("\n") else f"{text}\n"


PYPROJECT = Rules(
    load=tomllib.loads,
    comments=comments,
    follow=lambda data: data,
    write=_write,
    may_be_absent=lambda _where: False,
    key=_key,
    pick=_pick,
)
"""The rules of pyproject.toml."""
