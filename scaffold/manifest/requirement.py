"""Requirements as Python's packaging writes them (PEP 508), merged part by part."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from .values import Key, Value, canonical


@dataclass(frozen=True)
class Parts:
    """What a requirement consists of, in the spelling of its file."""

    name: str
    extras: str
    version: str
    marker: str


def read(entry: Value) -> Parts | None:
    """Take a requirement apart, or None for what is none or comes from an address."""
    found = _requirement(entry)
    if found is None or found.url:
        return None
    extras = f"[{','.join(sorted(found.extras))}]" if found.extras else ""
    return Parts(found.name, extras, str(found.specifier), _marker(entry))


def key(sides: Sequence[list[Value]]) -> Key:
    """Tell requirements apart by name, and by marker where a side has a name twice."""
    doubled = {
        name for side in sides for name, times in Counter(map(_name, side)).items() if times > 1
    }
    return lambda entry: f"{_name(entry)}{_marker(entry) if _name(entry) in doubled else ''}"


def merged(base: Value, yours: Value, theirs: Value) -> str | None:
    """Merge each part; the newer of two exact versions, None for any other clash."""
    old, mine, new = read(base), read(yours), read(theirs)
    if mine is None or new is None:
        return None
    taken = [mine.name]
    for part in ("extras", "version", "marker"):
        before = getattr(old, part, None)
        either = _either(before, getattr(mine, part), getattr(new, part), part == "version")
        if either is None:
            return None
        taken.append(either)
    return "".join(taken)


def _either(base: str | None, yours: str, theirs: str, is_version: bool) -> str | None:
    if theirs in (yours, base):
        return yours
    if base == yours:
        return theirs
    return _newer(yours, theirs) if is_version else None


def _newer(yours: str, theirs: str) -> str | None:
    mine, new = _exact(yours), _exact(theirs)
    if mine is None or new is None:
        return None
    return theirs if new > mine else yours


def said(entry: Value) -> str:
    """Name a requirement's version, as short as it can be said."""
    found = read(entry)
    return found.version.removeprefix("==") if found and found.version else str(entry)


def _exact(version: str) -> Version | None:
    try:
        return Version(version.removeprefix("==")) if version.startswith("==") else None
    except InvalidVersion:
        return None


def _requirement(entry: Value) -> Requirement | None:
    try:
        return Requirement(entry) if isinstance(entry, str) else None
    except InvalidRequirement:
        return None


def _name(entry: Value) -> str:
    found = _requirement(entry)
    return canonicalize_name(found.name) if found else canonical(entry)


def _marker(entry: Value) -> str:
    """Give a marker in the spelling of its file, with what joins it to the rest."""
    found = _requirement(entry)
    return f"; {entry.rpartition(';')[2].strip()}" if found and found.marker else ""
