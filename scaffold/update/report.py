"""What an update does to a project, file by file. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from scaffold.changelog import Release
from scaffold.manifest import Kept, Moved

# new, changed, renamed, deleted: the file was as the template had written it. merged: with yours.
# conflict: both changed the same lines. kept: the template dropped it, you had changed it.
# left out: the template changed it, you had deleted it. locked: written anew by its package manager
Kind = Literal[
    "new", "changed", "merged", "conflict", "renamed", "deleted", "kept", "left out", "locked"
]


@dataclass(frozen=True)
class Change:
    """One file; `lines` are where its conflicts begin, counted from 1."""

    path: str
    kind: Kind
    note: str = ""
    lines: tuple[int, ...] = ()


@dataclass(frozen=True)
class Report:
    """The whole of an update, before it is done or after it.

    `before` and `after` are versions; `releases` the changelog between them, newest first; `chosen`
    where both sides had moved a dependency; `moved` what locking changed; `lacking` why the lock
    file could not be written; `settings` names that .env.example has and .env lacks.
    """

    before: str
    after: str
    changes: tuple[Change, ...] = ()
    releases: tuple[Release, ...] = ()
    chosen: tuple[Kept, ...] = ()
    moved: tuple[Moved, ...] = ()
    lacking: str = ""
    settings: tuple[str, ...] = ()
    answers: Mapping[str, object] = field(default_factory=dict)

    @property
    def conflicts(self) -> tuple[Change, ...]:
        """The files that the user has to settle."""
        return tuple(change for change in self.changes if change.kind == "conflict")

    def as_json(self) -> dict[str, object]:
        """Return the report as the object that `--json` prints."""
        return {
            "from": self.before,
            "to": self.after,
            "changes": [_file(change) for change in self.changes],
            "conflicts": [change.path for change in self.conflicts],
            "dependencies": [vars(kept) for kept in self.chosen],
            "locked": [vars(moved) for moved in self.moved],
            "lacking": self.lacking or None,
            "settings": list(self.settings),
            "new_answers": dict(self.answers),
            "changelog": [
                {"version": release.version, "text": release.text} for release in self.releases
            ],
        }


def _file(change: Change) -> dict[str, object]:
    return {
        "path": change.path,
        "kind": change.kind,
        "note": change.note or None,
        "lines": list(change.lines),
    }
