"""What an update is to reach: from a wish, and from what the project remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packaging.version import Version

from scaffold import templates
from scaffold.errors import ScaffoldError
from scaffold.update.choosing import choose, released
from scaffold.update.recorded import Recorded, recorded


@dataclass(frozen=True)
class Wish:
    """What the user asked for: a version, other templates or answers, to lock anew or not."""

    to: str | None = None
    source: str | None = None
    answers: Mapping[str, object] = field(default_factory=dict)
    lock: bool = True


@dataclass(frozen=True)
class Goal:
    """Two renderings of the templates: what the project was made from, and what it is to follow."""

    old: tuple[str, str]
    new: tuple[str, str]
    answers: Mapping[str, object]


def available(project: Path, source: str | None) -> tuple[str, str]:
    """Return the version a project has, and the newest there is."""
    past = recorded(project)
    known = released(source or past.source)
    return past.version, choose(past.version, known, source or past.source, None)


def goal_of(past: Recorded, wish: Wish) -> Goal | None:
    """Return what to render, and of which versions; None when the project is there already."""
    source = templates.lasting(wish.source) if wish.source else past.source
    known = released(source)
    tag = choose(past.version, known, source, wish.to)
    answers = {**past.answers, **wish.answers}
    same = (source, tag, answers) == (past.source, past.version, dict(past.answers))
    return None if same else Goal(_origin(past, source, known), (source, tag), answers)


def _origin(past: Recorded, source: str, known: Mapping[Version, str]) -> tuple[str, str]:
    """Return where the project's own version is: in new templates when the old ones are gone."""
    if source == past.source:
        return source, past.version
    try:
        released(past.source)
    except ScaffoldError:
        if past.version not in known.values():
            raise
        return source, past.version
    return past.source, past.version
