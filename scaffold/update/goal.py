"""What an update is to reach: from a wish, and from what the project remembers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from packaging.version import Version

from scaffold import templates
from scaffold.errors import ScaffoldError
from scaffold.update.choosing import choose, released
from scaffold.update.recorded import Part, Recorded, parts


class Rendering(NamedTuple):
    """A version of some templates to render: where below the root, remembered by which file."""

    folder: str
    file: str
    source: str
    version: str
    answers: Mapping[str, object]


class Addition(NamedTuple):
    """A rendering that a project has not got yet."""

    folder: str
    file: str
    answers: Mapping[str, object]


@dataclass(frozen=True)
class Wish:
    """What the user asked for: a version, other templates or answers, to lock anew or not.

    `answers` are those that change, by the path of the answers file that remembers them; `more` are
    renderings to add.
    """

    to: str | None = None
    source: str | None = None
    answers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    more: tuple[Addition, ...] = ()
    lock: bool = True


@dataclass(frozen=True)
class Goal:
    """Two renderings of each part: what the project was made from, and what it is to follow."""

    old: tuple[Rendering, ...]
    new: tuple[Rendering, ...]

    @property
    def before(self) -> str:
        """The version that the project has; of its parts the oldest."""
        return oldest([it.version for it in self.old])

    @property
    def after(self) -> str:
        """The version to go to."""
        return self.new[0].version


def oldest(versions: Sequence[str]) -> str:
    """Return the tag of the oldest version; one that is no version is older than all."""
    return min(versions, key=lambda tag: templates.parsed(tag) or Version("0.dev0"))


def available(project: Path, source: str | None) -> tuple[str, str]:
    """Return the version a project has and the newest there is, of the part furthest behind.

    Each part is compared with the templates that it was made from, unless `source` names others.
    """
    found = [it.past for it in parts(project)]
    pairs = [(it.version, _newest(it, source or it.source)) for it in found]
    behind = {has: newest for has, newest in pairs if has != newest} or dict(pairs[:1])
    has = oldest(list(behind))
    return has, behind[has]


def _newest(past: Recorded, source: str) -> str:
    return choose(past.version, released(source), source, None)


def goal_of(found: Sequence[Part], wish: Wish) -> Goal | None:
    """Return what to render, and of which versions; None when the project is there already."""
    steps = [_goal_of(part, wish) for part in found]
    old, new = tuple(old for old, _ in steps), tuple(new for _, new in steps)
    if not wish.more and all(map(_is_there, found, new)):
        return None
    more = (Rendering(it[0], it[1], new[0].source, new[0].version, it[2]) for it in wish.more)
    return Goal(old, (*new, *more))


def _goal_of(part: Part, wish: Wish) -> tuple[Rendering, Rendering]:
    folder, file, past = part
    source = templates.lasting(wish.source) if wish.source else past.source
    known = released(source)
    tag = choose(past.version, known, source, wish.to)
    answers = {**past.answers, **wish.answers.get(folder + file, {})}
    origin = _where(past, source, known)
    old = Rendering(folder, file, *origin, past.answers)
    return old, Rendering(folder, file, source, tag, answers)


def _is_there(part: Part, wanted: Rendering) -> bool:
    past = part.past
    return past == Recorded(wanted.source, wanted.version, wanted.answers)


def _where(past: Recorded, source: str, known: Mapping[Version, str]) -> tuple[str, str]:
    """Return where the project's own version is: in new templates when the old ones are gone."""
    if source == past.source:
        return source, past.version
    try:
        released(past.source)
    except ScaffoldError as error:
        if past.version not in known.values():
            raise ScaffoldError(
                f"{past.source} cannot be read, and {source} has no {past.version}, which this "
                "project was made from.",
                "Push that tag there, or name a source that has both.",
            ) from error
        return source, past.version
    return past.source, past.version
