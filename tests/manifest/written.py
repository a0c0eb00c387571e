"""Manifests made up for tests, written the ways people write them."""

import json
from itertools import count
from typing import Any

from hypothesis import strategies as st

Data = dict[str, Any]

_NAMES = st.sampled_from(["a", "b", "c-d", "@e/f", "g.h", "i j"])
_VERSIONS = st.sampled_from(["1.2.3", "1.2.10", "2.0.0-beta.1", "2.0.0", "^3.0.0"])
_PLAIN = st.sampled_from(["x", "y", "ÿ # \"'", 1, True, 0.5, ""])
_LISTS = st.lists(_PLAIN, max_size=4)
_TABLES = st.dictionaries(_NAMES, _PLAIN | _LISTS | st.dictionaries(_NAMES, _PLAIN), max_size=4)
_REQUIREMENTS = st.dictionaries(
    st.sampled_from(["alpha", "beta", "gamma", "delta"]),
    st.sampled_from(
        ["==1.2.3", "==1.2.10", "==2.0", "[extra]==1.2.3", ">=2", "==1.2.3; os_name == 'nt'"]
    ),
).map(lambda entries: [f"{name}{rest}" for name, rest in entries.items()])

PACKAGE_JSON = {
    "name": _PLAIN,
    "scripts": _TABLES,
    "files": _LISTS,
    "dependencies": st.dictionaries(_NAMES, _VERSIONS, max_size=4),
    "devDependencies": st.dictionaries(_NAMES, _VERSIONS, max_size=4),
}
PYPROJECT = {
    "project": st.fixed_dictionaries(
        {"name": _PLAIN}, optional={"dependencies": _REQUIREMENTS, "keywords": _LISTS}
    ),
    "dependency-groups": st.dictionaries(st.sampled_from(["dev", "lint"]), _REQUIREMENTS),
    "tool": st.dictionaries(_NAMES, _TABLES, max_size=3),
}


@st.composite
def histories(draw: st.DrawFn, fields: dict[str, st.SearchStrategy[Any]]) -> list[Data]:
    """Draw a manifest, and two that differ from it in a few fields."""
    base = draw(st.fixed_dictionaries({}, optional=fields))
    sides = []
    for _ in range(2):
        changed = draw(st.sets(st.sampled_from(sorted(fields))))
        fresh = draw(st.fixed_dictionaries({}, optional={name: fields[name] for name in changed}))
        if draw(st.booleans()):
            fresh = {name: _over(base.get(name), value) for name, value in fresh.items()}
        kept = {name: value for name, value in base.items() if name not in changed}
        sides.append({**kept, **fresh})
    return [base, *sides]


def _over(old: Any, new: Any) -> Any:
    """Change a table in some of its entries only."""
    return {**old, **new} if isinstance(old, dict) and isinstance(new, dict) else new


def write_json(data: Data, draw: st.DrawFn) -> str:
    """Write the data with an indent and line ends of its own."""
    indent = draw(st.sampled_from(["  ", "    ", "\t"]))
    text = json.dumps(data, indent=indent, ensure_ascii=False) + draw(st.sampled_from(["", "\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


class TomlWriter:
    """Writes TOML in one of its many ways, with comments that no other file has."""

    def __init__(self, draw: st.DrawFn, mark: str) -> None:
        self._draw = draw
        self._notes = (f"# {mark} {place}" if mark else "" for place in count())

    def write(self, data: Data) -> str:
        """Write a file, with line ends of its own."""
        text = self._table((), data)
        text = text if self._flip() else text.rstrip("\n")
        return text.replace("\n", "\r\n") if self._flip() else text

    def _flip(self) -> bool:
        return self._draw(st.booleans())

    def _note(self) -> str:
        return next(self._notes) if self._flip() and self._flip() else ""

    def _table(self, path: tuple[str, ...], table: Data) -> str:
        inline = len(path) > 1 and self._flip()
        below = {key: it for key, it in table.items() if isinstance(it, dict) and not inline}
        lines = [f"[{'.'.join(map(_said, path))}] {self._note()}"] if path else []
        for key, it in table.items():
            if key not in below:
                lines += [self._note(), f"{_said(key)} = {self._value(it)}  {self._note()}"]
        text = "".join(f"{line}\n" for line in lines)
        return text + "".join("\n" + self._table((*path, key), it) for key, it in below.items())

    def _value(self, it: Any) -> str:
        if not isinstance(it, list) or self._flip():
            return _said(it)
        lines = [
            line for entry in it for line in (self._note(), f"{_said(entry)},  {self._note()}")
        ]
        return "[" + "".join(f"\n    {line}" for line in lines) + f"\n    {self._note()}\n]"


def _said(it: Any) -> str:
    if isinstance(it, list):
        return f"[{', '.join(map(_said, it))}]"
    if isinstance(it, dict):
        return "{" + ", ".join(f"{_said(key)} = {_said(of)}" for key, of in it.items()) + "}"
    return json.dumps(it, ensure_ascii=False)
