"""Which version to go to."""

from __future__ import annotations

from collections.abc import Mapping

from packaging.version import Version

from scaffold.errors import ScaffoldError, UsageProblem
from scaffold.templates import HOME_BUNDLE, install_bundle, parsed, versions

Known = Mapping[Version, str]


def newest(known: Known, source: str) -> str:
    """Return the tag of the newest version that is no preview.

    Raises:
        ScaffoldError: there is none.
    """
    final = [tag for version, tag in known.items() if not version.is_prerelease]
    if not final:
        raise ScaffoldError(
            f"The templates of {source} have no released version.", "Tag one, such as v1.0.0."
        )
    return final[-1]


def choose(current: str, known: Known, source: str, to: str | None) -> str:
    """Return the tag to update to: `to`, or the newest.

    Raises:
        UsageProblem: there is no such version.
        ScaffoldError: it is older than what the project has.
    """
    tag = newest(known, source) if to is None else named(known, to)
    here, there = parsed(current), parsed(tag)
    if here and there and there < here:
        raise _backwards(current, tag, asked=to is not None)
    return tag


def released(source: str) -> dict[Version, str]:
    """Return the released versions of some templates and their tags, oldest first.

    Raises:
        ScaffoldError: they cannot be read.
    """
    if source == HOME_BUNDLE:
        install_bundle()
    return versions(source)


def named(known: Known, to: str) -> str:
    """Return the tag of the version that is called `to`, with or without its v.

    Raises:
        UsageProblem: there is none.
    """
    version = parsed(to)
    if version and version in known:
        return known[version]
    raise UsageProblem(
        f"There is no version {to!r} of these templates.",
        f"There are {', '.join(list(known.values())[-8:]) or 'none'}.",
    )


def _backwards(current: str, tag: str, *, asked: bool) -> ScaffoldError:
    if asked:
        return ScaffoldError(
            f"{tag} is older than {current}, which this project has; updates go forwards only.",
            "To take the last update back: scaffold update --undo",
        )
    return ScaffoldError(
        f"This project has {current}, but the newest version known here is {tag}.",
        "Install a newer scaffold, or name newer templates with --source.",
    )
