"""Put an update in place that was worked out before."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

from scaffold.errors import ScaffoldError
from scaffold.git import Entry, Repository, Trees
from scaffold.update import place
from scaffold.update.merging import BASE, THEIRS, YOURS, Merged
from scaffold.update.report import Report


@dataclass(frozen=True)
class Update:
    """An update that is ready to be put in place."""

    repository: Repository
    trees: Trees
    merged: Merged
    report: Report

    def apply(self) -> None:
        """Put it in place: all of it, or nothing.

        Raises:
            ScaffoldError: a file that git does not keep, or a change that git was told not to look
                at, is in the way; or the disk is full.
        """
        if unseen := self.unseen():
            raise place.not_looked_at(unseen)
        switch = place.current(self.repository)
        touched = self.merged.touched
        place.check_free(self.repository.project, self.merged.before, self.merged.after)
        files = {path: self.merged.after[path] for path in touched if path in self.merged.after}
        switch.folder.mkdir(parents=True)
        self.trees.check_out(files, switch.folder / "new")
        about = {"from": self.report.before, "to": self.report.after, "head": self.repository.head}
        switch.stage(about, touched)
        conflicts = {change.path: self._sides(change.path) for change in self.report.conflicts}
        try:
            switch.go(lambda: self._finish(conflicts))
        except ScaffoldError:
            self.repository.unstage(touched)
            raise

    def unseen(self) -> list[str]:
        """Return the files to be written that differ from the last commit without git saying so."""
        before = self.merged.before
        hidden = self.repository.hidden().intersection(self.merged.touched, before)
        return sorted(
            path
            for path in hidden
            if os.path.lexists(self.repository.project / path)
            and self.repository.content_id(path) != before[path].id
        )

    def _finish(self, conflicts: Mapping[str, Mapping[int, tuple[str, str]]]) -> None:
        self.repository.mark(conflicts)
        place.keep(self.repository)

    def _sides(self, path: str) -> dict[int, tuple[str, str]]:
        merged = self.merged
        sides = merged.sides.get(path) or {
            stage: files[path]
            for stage, files in (
                (BASE, merged.base),
                (YOURS, merged.before),
                (THEIRS, merged.theirs),
            )
            if path in files
        }
        return {stage: (entry.mode, self._content(entry)) for stage, entry in sides.items()}

    def _content(self, entry: Entry) -> str:
        return self.trees.read(entry.id).decode("utf-8", "surrogateescape")
