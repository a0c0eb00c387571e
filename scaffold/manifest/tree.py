"""Three-way merging of parsed data, by the rules of one kind of manifest.

The libraries found for this do something else: json-merger pairs up bibliographic records, nbdime
brings a web server along, deepmerge and jsonmerge know two sides only, and none has a rule for
versions. The walk itself is what `ThreeWay.value` says.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from .values import MISSING, Key, Sides, Value, Where, canonical, keyed, woven


@dataclass(frozen=True)
class Kept:
    """A choice made for the user; a side that no longer has the dependency is empty."""

    name: str
    yours: str
    theirs: str
    taken: str


@dataclass(frozen=True)
class Pick:
    """What becomes of a dependency that both sides changed."""

    value: Value
    kept: Kept | None = None


@dataclass(frozen=True)
class Rules:
    """What a kind of manifest knows about its format and its dependencies."""

    load: Callable[[str], dict[str, Value]]
    """Read a file; a ValueError when it is none of this kind."""
    comments: Callable[[str], Iterable[str]]
    """List the comments of a file."""
    follow: Callable[[Sides], Sides]
    """Lay the template's data out anew where the user has moved something."""
    write: Callable[[Sides, dict[str, Value]], str]
    """Make the text of yours say the data."""
    may_be_absent: Callable[[Where], bool]
    """Whether a table here goes with its last entry and comes with its first."""
    key: Callable[[Where, Sequence[list[Value]]], Key | None]
    """Tell what names the entries of a list, or None where the list is one whole."""
    pick: Callable[[Where, Sides], Pick | None]
    """Settle what both sides changed differently, or leave it as a conflict."""


def pick_removed(name: str, sides: Sides, said: str) -> Pick:
    """Settle a dependency that one side dropped and the other moved: as the user has it."""
    if sides.yours is MISSING:
        return Pick(MISSING, Kept(name, "", said, ""))
    return Pick(sides.yours, Kept(name, said, "", said))


@dataclass
class ThreeWay:
    """One merge; where both sides clash, the result has what the favoured side says."""

    rules: Rules
    favour_theirs: bool
    conflicts: list[str] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)

    def value(self, where: Where, sides: Sides) -> Value:
        """Take the side that changed; look inside what both changed, or settle it."""
        base, yours, theirs = map(canonical, sides)
        if theirs in (yours, base):
            return sides.yours
        if base == yours:
            return sides.theirs
        if self.rules.may_be_absent(where):
            filled = Sides(*({} if side is MISSING else side for side in sides))
            merged = self._changed(where, filled)
            return merged if merged or sides.yours == {} else MISSING
        return self._changed(where, sides)

    def _changed(self, where: Where, sides: Sides) -> Value:
        if sides.are_both(dict):
            return self._table(where, sides.with_base_of(dict))
        if sides.are_both(list):
            return self._list(where, sides.with_base_of(list))
        return self._settled(where, sides)

    def _table(self, where: Where, sides: Sides) -> dict[str, Value]:
        names = woven(sides.yours, sides.theirs)
        merged = {name: self.value((*where, name), sides.at(name)) for name in names}
        return {name: value for name, value in merged.items() if value is not MISSING}

    def _list(self, where: Where, sides: Sides) -> Value:
        key = self.rules.key(where, sides)
        tables = [keyed(side, key) if key else None for side in sides]
        if None in tables:
            return self._settled(where, sides)
        return list(self._table(where, Sides(*tables)).values())

    def _settled(self, where: Where, sides: Sides) -> Value:
        pick = self.rules.pick(where, sides)
        if pick is None:
            self.conflicts.append(".".join(where))
            return sides.theirs if self.favour_theirs else sides.yours
        if pick.kept:
            self.kept.append(pick.kept)
        return pick.value
