"""Whether a project was made from what is said."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scaffold.errors import ScaffoldError
from scaffold.link.trial import Tried

# Of the template's lines. Stacks of one language have up to five in six lines in common, those of
# two languages one in thirty; two versions of a stack differ by a line in a hundred, or fewer.
FAIR, ANOTHER_STACK, ANOTHER_VERSION = 1 / 3, 0.1, 0.01


def check_fair(
    project: Path, tried: Tried, versions: Sequence[Tried], stacks: Sequence[Tried]
) -> None:
    """Raise ScaffoldError when too little of what was tried is in the project, or more of another.

    The hint names what the project rather comes from, where something does.
    """
    least = tried.share + ANOTHER_STACK
    if tried.share < FAIR:
        best = _best([*versions, *stacks], max(FAIR, least))
        raise ScaffoldError(
            f"{project} does not come from {_named(tried)}: it has {_part(tried)} of its lines.",
            _advice(best) if best else "No other version or stack is much like it either.",
        )
    if rival := _best(stacks, least):
        raise ScaffoldError(
            f"{project} does not come from {_named(tried)}: it has {_part(tried)} of its lines, "
            "and more of another stack's.",
            _advice(rival),
        )


def better_version(tried: Tried, versions: Sequence[Tried]) -> Tried | None:
    """Return the version that the project has clearly more of, if there is one."""
    return _best(versions, tried.share + ANOTHER_VERSION)


def _best(others: Sequence[Tried], least: float) -> Tried | None:
    fit = [other for other in others if other.share >= least]
    return max(fit, key=lambda other: other.share, default=None)


def _advice(tried: Tried) -> str:
    stack, version, _ = tried.origin
    return f"It has {_part(tried)} of those of --stack {stack} --version {version}."


def _named(tried: Tried) -> str:
    return f"{tried.origin.stack} {tried.origin.version}"


def _part(tried: Tried) -> str:
    return f"{int(tried.share * 100)} %"
