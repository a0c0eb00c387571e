"""What the rewriting of a lock file moved."""

import json
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_Version = tuple[str, str]


@dataclass(frozen=True)
class Moved:
    """A package whose locked version is another one now, or which came or went."""

    name: str
    before: str | None
    after: str | None


def moved(lock_name: str, before: str, after: str) -> tuple[Moved, ...]:
    """Compare two states of a lock file; nothing for one that is unknown or cannot be read."""
    read = _READERS.get(lock_name)
    try:
        old, new = (_versions(read(text)) if read else {} for text in (before, after))
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()
    names = sorted(old.keys() | new.keys())
    changes = (Moved(name, old.get(name), new.get(name)) for name in names)
    return tuple(change for change in changes if change.before != change.after)


def _versions(packages: Iterator[_Version]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for name, version in packages:
        found.setdefault(name, set()).add(version)
    return {name: ", ".join(sorted(versions)) for name, versions in found.items()}


def _npm(text: str) -> Iterator[_Version]:
    """List what npm installs; the project itself and links into it have no place of their own."""
    packages: Mapping[str, Any] = json.loads(text)["packages"]
    for place, package in packages.items():
        _, inside, name = place.rpartition("node_modules/")
        if inside and not package.get("link"):
            yield package.get("name", name), package["version"]


def _uv(text: str) -> Iterator[_Version]:
    """List what uv installs, less the project itself."""
    for package in tomllib.loads(text)["package"]:
        if not package["source"].keys() & {"virtual", "editable"}:
            yield package["name"], package.get("version", "")


_READERS: Mapping[str, Callable[[str], Iterator[_Version]]] = {
    "package-lock.json": _npm,
    "uv.lock": _uv,
}
