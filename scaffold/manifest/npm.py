"""package.json: its dependencies, their versions, and the way npm writes the file."""

import json
import re
from collections.abc import Iterator
from itertools import permutations
from typing import NoReturn

from .tree import Kept, Pick, Rules, pick_removed
from .values import MISSING, Sides, Value, Where, equal, plain_key, woven

_SORTED = {"dependencies", "devDependencies", "optionalDependencies", "peerDependencies"}
_TABLES = {*_SORTED, "overrides"}
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?")
_LAYOUT = re.compile(r"\s*\{((?:\r?\n)+)([ \t]+)")
# The order of ICU's root collation, by which npm sorts: marks, figures, letters.
_COLLATION = "_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz"


def _load(text: str) -> dict[str, Value]:
    data = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    return data if isinstance(data, dict) else _refuse("a manifest without names")


def _write(texts: Sides, data: dict[str, Value]) -> str:
    """Write the data as npm does, laid out and ordered like yours."""
    mine = _load(texts.yours)
    if equal(mine, data):
        return str(texts.yours)
    ordered = {
        name: _sorted(table, mine.get(name, {})) if name in _SORTED else table
        for name, table in data.items()
    }
    layout = _LAYOUT.match(texts.yours)
    text = json.dumps(
        ordered,
        indent=layout[2] if layout else None,
        separators=(",", ": " if layout else ":"),
        ensure_ascii=False,
    )
    end: str = texts.yours[len(texts.yours.rstrip()) :]
    newline = "\r\n" if layout and "\r" in layout[1] else "\n"
    return text.replace("\n", newline) + end


def _is_dependencies(where: Where) -> bool:
    return len(where) == 1 and where[0] in _TABLES


def _pick(where: Where, sides: Sides) -> Pick | None:
    """Settle what became of a dependency: the newer of two exact versions."""
    if len(where) < 2 or where[0] not in _TABLES:
        return None
    _, yours, theirs = sides
    if MISSING in (yours, theirs):
        said = theirs if yours is MISSING else yours
        return pick_removed(where[-1], sides, said) if isinstance(said, str) else None
    mine, new = _precedence(yours), _precedence(theirs)
    if not mine or not new or mine == new:
        return None
    taken = theirs if new > mine else yours
    return Pick(taken, Kept(where[-1], yours, theirs, taken))


def _followed(data: Sides) -> Sides:
    """Move what the user moved to another table there in the template's versions, too."""
    base, yours, theirs = data
    for name, before, after in list(_moves(base, yours, theirs)):
        base, theirs = (_moved(side, name, before, after, yours) for side in (base, theirs))
    return Sides(base, yours, theirs)


def _moves(base: Value, yours: Value, theirs: Value) -> Iterator[tuple[str, str, str]]:
    for before, after in permutations(_SORTED, 2):
        tables = [
            side.get(table, {}) for side in (base, theirs, yours) for table in (before, after)
        ]
        if all(isinstance(table, dict) for table in tables):
            old, old_other, new, new_other, left, mine = (table.keys() for table in tables)
            for name in (old & new & mine) - old_other - new_other - left:
                yield name, before, after


def _moved(
    data: dict[str, Value], name: str, before: str, after: str, yours: dict[str, Value]
) -> dict[str, Value]:
    left = {other: value for other, value in data[before].items() if other != name}
    table = {**data.get(after, {}), name: data[before][name]}
    ordered = {other: table[other] for other in woven(yours[after], table) if other in table}
    return {**data, before: left, after: ordered}


def _unique(pairs: list[tuple[str, Value]]) -> dict[str, Value]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError("a name stands twice")
    return dict(pairs)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _sorted(table: Value, yours: Value) -> Value:
    """Sort a table of dependencies as `npm install` would, where yours is in that order."""
    if not isinstance(table, dict) or not isinstance(yours, dict):
        return table
    kept = [name for name in table if name in yours]
    if kept != sorted(kept, key=_collated):
        return table
    return {name: table[name] for name in sorted(table, key=_collated)}


def _collated(name: str) -> tuple[list[int], str]:
    return [_COLLATION.find(letter) for letter in name.lower()], name.swapcase()


def _precedence(version: Value) -> tuple[Value, ...] | None:
    """Give an exact version's place in the order of semver.org, section 11."""
    found = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if not found:
        return None
    *release, before = found.groups()
    parts = before.split(".") if before else []
    ranks = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
    return [int(part) for part in release], not parts, ranks


PACKAGE_JSON = Rules(
    load=_load,
    comments=lambda _text: (),
    follow=_followed,
    write=_write,
    may_be_absent=_is_dependencies,
    key=lambda _where, sides: plain_key(sides),
    pick=_pick,
)
"""The rules of package.json."""
