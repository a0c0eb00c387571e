"""The comments that stand above the keys, the tables and the entries of lists of a TOML file."""

import tomllib
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace

from .array import commented, follows
from .toml import Statement
from .values import Key, Sides, Value, Where

About = tuple[Where, bool]


@dataclass(frozen=True)
class Above:
    """Yours is to follow what the template says above a key, for as long as it did so."""

    base: Sequence[Statement]
    theirs: Sequence[Statement]
    dropped: Set[str]
    key: Callable[[Where, Sequence[list[Value]]], Key | None]

    def brought_to(self, yours: Sequence[Statement]) -> list[Statement]:
        """Bring yours what theirs says above what stays as it was."""
        lines, known = list(yours), set(_words(yours))
        old, new = _places(self.base), _places(self.theirs)
        for about, place in sorted(_places(yours).items(), key=lambda it: it[1], reverse=True):
            if about in old and about in new:
                then, mine = _above(self.base, old[about]), _above(yours, place)
                now = _above(self.theirs, new[about])
                sides = (self.base[old[about]], yours[place], self.theirs[new[about]])
                lines[place] = self._inside(Sides(*sides))
                if follows(Sides(*map(_words, (then, mine, now))), known, self.dropped):
                    lines[place - len(mine) : place] = now
        return lines

    def _inside(self, sides: Sides) -> Statement:
        """Do the same for the entries of a list."""
        line: Statement = sides.yours
        if line.header or line.path is None:
            return line
        parts = [side.parts() for side in sides]
        values = [tomllib.loads(f"it = {text}")["it"] for _, text, _ in parts]
        lists = all(isinstance(value, list) for value in values)
        key = self.key(line.path, values) if lists else None
        if key is None:
            return line
        head, _, tail = parts[1]
        text = commented(Sides(*(text for _, text, _ in parts)), key, self.dropped)
        return replace(line, text=head + text + tail)


def _places(lines: Sequence[Statement]) -> dict[About, int]:
    """Find what each statement is about; what stands there twice cannot be told apart."""
    spoken = [(line.path, line.header) for line in lines]
    return {
        (path, header): place
        for place, (path, header) in enumerate(spoken)
        if path is not None and spoken.count((path, header)) == 1
    }


def _above(lines: Sequence[Statement], place: int) -> Sequence[Statement]:
    first = place
    while first and lines[first - 1].text.lstrip().startswith("#"):
        first -= 1
    return lines[first:place]


def _words(lines: Sequence[Statement]) -> list[str]:
    return [line.text.strip() for line in lines]
