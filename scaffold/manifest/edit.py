"""Editing a TOML file statement by statement: what is not touched stays as it is."""

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass

from .array import edited
from .toml import Statement
from .values import Key, Value, Where, equal

Table = dict[str, Value]


@dataclass
class Editor:
    """Yours on its way to what is wanted; theirs has the text of what is new."""

    lines: list[Statement]
    theirs: list[Statement]
    dropped: Set[str]
    key: Callable[[Where, Sequence[list[Value]]], Key | None]

    def table(self, at: Where, mine: Table, new: Table, wanted: Table) -> None:
        """Bring a table to what is wanted."""
        for name in mine.keys() - wanted.keys():
            self._delete((*at, name))
        names = list(new)
        for name, value in wanted.items():
            earlier = [(*at, other) for other in names[: names.index(name)]] if name in new else []
            if name not in mine:
                self._insert((*at, name), earlier)
            elif not equal(mine[name], value):
                self._change((*at, name), earlier, (mine[name], new.get(name), value))

    def _change(self, path: Where, earlier: list[Where], values: tuple[Value, ...]) -> None:
        """Rewrite the value of a key, or what is inside a table."""
        place, other = _find(self.lines, path), _find(self.theirs, path)
        if place is not None and other is not None:
            self._rewrite(path, place, self.theirs[other], values)
        elif place is None and all(isinstance(value, dict) for value in values):
            self.table(path, *values)
        else:
            self._delete(path)
            self._insert(path, earlier)

    def _rewrite(
        self, path: Where, place: int, other: Statement, values: tuple[Value, ...]
    ) -> None:
        line = self.lines[place]
        head, yours, tail = line.parts()
        _, text, _ = other.parts()
        if all(isinstance(value, list) for value in values):
            key = self.key(path, values)
            text = edited(yours, text, values[-1], key, self.dropped) if key else text
        self.lines[place] = Statement(head + text + tail, line.path, line.section)

    def _delete(self, path: Where) -> None:
        """Take out what is at a path or below, and the comment the template had above it."""
        found = [place for place, line in enumerate(self.lines) if line.within(path)]
        first, last = found[0], found[-1]
        while first and self.lines[first - 1].text.strip() in self.dropped:
            first -= 1
        if self.lines[found[0]].header and first and not self.lines[first - 1].text.strip():
            first -= 1
        self.lines[first : last + 1] = [
            line for line in self.lines[found[0] : last + 1] if not line.belongs(path)
        ]

    def _insert(self, path: Where, earlier: list[Where]) -> None:
        """Put what theirs has at a path after what it follows there."""
        found = [place for place, line in enumerate(self.theirs) if line.within(path)]
        if not found:
            return
        first, last = found[0], found[-1]
        block = [line for line in self.theirs[first : last + 1] if line.belongs(path)]
        known = {line.text for line in self.lines}
        while first and _is_comment(self.theirs[first - 1], known):
            first -= 1
            block.insert(0, self.theirs[first])
        if self.theirs[found[0]].header:
            above = [path[:depth] for depth in range(len(path))]
            self._insert_table(block, [*above, *earlier])
        else:
            self._insert_key(block, self.theirs[found[0]].section, earlier)

    def _insert_key(self, block: list[Statement], section: Where, earlier: list[Where]) -> None:
        inside = [
            (place, line)
            for place, line in enumerate(self.lines)
            if line.path is not None and line.section == section
        ]
        after = _last(inside, earlier)
        if after is None and section and inside:
            after = inside[0][0]
        if after is not None or not section:
            place = 0 if after is None else after + 1
            self.lines[place:place] = block

    def _insert_table(self, block: list[Statement], earlier: list[Where]) -> None:
        spoken = [(place, line) for place, line in enumerate(self.lines) if line.path is not None]
        after = _last(spoken, earlier)
        place = 0 if after is None else after + 1
        for at, line in spoken:
            if at >= place and line.header:
                break
            place = max(place, at + 1)
        blank = Statement("\n")
        before = [blank] * bool(place and self.lines[place - 1].text.strip())
        behind = [blank] * bool(self.lines[place:] and self.lines[place].text.strip())
        self.lines[place:place] = [*before, *block, *behind]


def _find(lines: list[Statement], path: Where) -> int | None:
    """Find the statement that gives a key its value."""
    places = (at for at, line in enumerate(lines) if line.path == path and not line.header)
    return next(places, None)


def _last(lines: Sequence[tuple[int, Statement]], earlier: list[Where]) -> int | None:
    """Find the end of the nearest of the paths before."""
    for path in reversed(earlier):
        places = [place for place, line in lines if line.within(path)]
        if places:
            return places[-1]
    return None


def _is_comment(line: Statement, known: Set[str]) -> bool:
    return line.text.lstrip().startswith("#") and line.text not in known
