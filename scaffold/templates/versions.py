"""Which versions of some templates there are."""

from __future__ import annotations

import os
from pathlib import Path

from packaging.version import InvalidVersion, Version

from scaffold import git


def versions(source: str) -> dict[Version, str]:
    """Return the released versions of `source` and their tags, oldest first.

    Raises:
        ScaffoldError: git cannot read it.
    """
    found = {}
    for tag in git.tags(_address(source)):
        if version := _version(tag):
            found[version] = tag
    return dict(sorted(found.items()))


def parsed(tag: str) -> Version | None:
    """Return the version a tag stands for, or that a commit after a tag comes from, if any."""
    return _version(tag) or _version(tag.partition("-")[0])


def _version(tag: str) -> Version | None:
    try:
        return Version(tag)
    except InvalidVersion:
        return None


def lasting(source: str) -> str:
    """Return `source` as it can be recorded: a folder's path holds wherever one stands."""
    path = Path(source)
    return os.fspath(path.absolute()) if path.exists() else source


def _address(source: str) -> str:
    """Return where git finds `source`, abbreviated as Copier allows (gh:owner/name)."""
    path = Path(source).expanduser()
    if path.exists():
        return os.fspath(path)
    from copier._vcs import get_repo  # noqa: PLC0415 - a third of a second, for these only

    return get_repo(source) or source
