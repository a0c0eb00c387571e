"""Parsed data: what is equal, what is absent, and how two orders become one."""

import json
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, NamedTuple

Value = Any
Where = tuple[str, ...]
Key = Callable[[Value], str]


class Missing(Enum):
    """What a side that has no such key holds there."""

    MISSING = "missing"


MISSING = Missing.MISSING


class Sides(NamedTuple):
    """One thing as the template first gave it, as the user has it, and as it is given now."""

    base: Value
    yours: Value
    theirs: Value

    def at(self, name: str) -> "Sides":
        """Look up a name on all sides, which must be tables."""
        return Sides(*(side.get(name, MISSING) for side in self))

    def with_base_of(self, kind: type) -> "Sides":
        """Start from an empty value where there was none of this kind."""
        return self if isinstance(self.base, kind) else self._replace(base=kind())

    def are_both(self, kind: type) -> bool:
        """Whether both changed sides are of one kind."""
        return isinstance(self.yours, kind) and isinstance(self.theirs, kind)


def equal(one: Value, other: Value) -> bool:
    """Whether two values say the same; unlike `==`, True is not 1 and 1 is not 1.0."""
    return canonical(one) == canonical(other)


def canonical(value: Value) -> str:
    """Spell a value in the one way that all equal values share."""
    return json.dumps(value, sort_keys=True, default=repr)


def unordered(value: Value) -> Value:
    """Give the same value for lists that differ in their order only."""
    if isinstance(value, dict):
        return {name: unordered(inside) for name, inside in value.items()}
    return sorted(map(canonical, map(unordered, value))) if isinstance(value, list) else value


def woven(yours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Keep the order of yours, each new key of theirs after the one it follows there."""
    order, place = list(yours), 0
    for key in theirs:
        if key not in order:
            order.insert(place, key)
        place = order.index(key) + 1
    return order


def plain_key(sides: Iterable[list[Value]]) -> Key | None:
    """Name the entries of a list of plain values by themselves; other lists are one whole."""
    whole = any(isinstance(entry, dict | list) for side in sides for entry in side)
    return None if whole else canonical


def keyed(entries: list[Value], key: Key) -> dict[str, Value] | None:
    """Read a list as a mapping, unless two entries share a key."""
    found = {key(entry): entry for entry in entries}
    return found if len(found) == len(entries) else None
