"""What a lock must hold so that it installs on every system, not only where it was made."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

SYSTEMS = ("linux", "macosx", "win")


def missing_platforms(name: str, text: str) -> list[str]:
    """Return what ``text``, a lock file called ``name``, lacks for some system."""
    readers = {"package-lock.json": _missing_in_npm, "uv.lock": _missing_in_uv}
    return list(readers[name](text))


def _missing_in_npm(text: str) -> Iterator[str]:
    packages: dict[str, dict[str, Any]] = json.loads(text)["packages"]
    for path, package in packages.items():
        for dependency in package.get("optionalDependencies", {}):
            if not any(place in packages for place in _places(path, dependency)):
                yield f"{path}: {dependency}"


def _places(path: str, dependency: str) -> Iterator[str]:
    """Yield where Node.js looks for ``dependency`` from the package at ``path``."""
    folder = PurePosixPath(path)
    for parent in (folder, *folder.parents):
        if parent.name != "node_modules":
            yield str(parent / "node_modules" / dependency)


def _missing_in_uv(text: str) -> Iterator[str]:
    for package in tomllib.loads(text)["package"]:
        wheels = [wheel["url"].rpartition("/")[2] for wheel in package.get("wheels", [])]
        anywhere = "sdist" in package or any("-any." in wheel for wheel in wheels)
        for system in SYSTEMS:
            if wheels and not anywhere and not any(system in w.rpartition("-")[2] for w in wheels):
                yield f"{package['name']}: {system}"
