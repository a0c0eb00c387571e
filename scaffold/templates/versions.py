"""Which versions of some templates there are."""

from __future__ import annotations

import os
from pathlib import Path

from packaging.version import InvalidVersion, Version

from scaffold import git
from scaffold.templates.home import expanded


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
    """Return `source` as it can be recorded, and rendered from by Copier.

    A folder's path holds wherever one stands. An address that Copier would take for a path, since
    nothing in it says git, gets the prefix that does.
    """
    if Path(source).exists():
        return os.path.abspath(source)  # noqa: PTH100 - `Path.absolute` leaves `..` in it
    if "://" in source and not _known(source):
        return f"git+{source}"
    return source


def _known(source: str) -> str | None:
    from copier._vcs import get_repo  # noqa: PLC0415 - a third of a second, for addresses only

    return get_repo(source)


def _address(source: str) -> str:
    """Return where git finds `source`, abbreviated as Copier allows (gh:owner/name)."""
    path = expanded(source)
    return os.fspath(path) if path.exists() else _known(source) or source
