"""Write lock files anew for manifests that an update changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from scaffold import manifest, tools
from scaffold.errors import ScaffoldError
from scaffold.git import Entry, Trees
from scaffold.update.merging import Merged
from scaffold.update.report import Change

# What a team may lock with that scaffold does not run.
_OTHER_LOCKS = {
    "node": {"pnpm-lock.yaml", "yarn.lock", "bun.lock", "bun.lockb"},
    "python": {"poetry.lock", "pdm.lock", "requirements.lock"},
}


@dataclass(frozen=True)
class Locked:
    """What moved in the lock files; or why one could not be written, and what to run."""

    moved: tuple[manifest.Moved, ...] = ()
    lacking: str = ""


class _Due(NamedTuple):
    """A lock file to write: the service's folder, "" or with a slash at its end, its language."""

    folder: str
    language: str

    @property
    def tool(self) -> tools.Language:
        return tools.LANGUAGES[self.language]

    @property
    def path(self) -> str:
        return self.folder + self.tool.lock_file

    @property
    def manifest(self) -> str:
        return self.folder + self.tool.manifest

    def is_locked_by(self, path: str) -> bool:
        """Whether another package manager's lock, here or further up, is what `path` names."""
        folder, _, name = path.rpartition("/")
        above = folder and f"{folder}/"
        return name in _OTHER_LOCKS[self.language] and self.folder.startswith(above)

    @property
    def first(self) -> str:
        """The command that locks by hand."""
        return f"(cd {self.folder[:-1]} && {self.tool.first})" if self.folder else self.tool.first


def lock(
    trees: Trees, merged: Merged, scratch: Path, step: Callable[[str], None], *, dry: bool
) -> Locked:
    """Lock in a copy of the merged project, so that the locks are part of the update."""
    found = []
    for due in _due(merged):
        if due.path not in merged.after:
            others = [path for path in merged.after if due.is_locked_by(path)]
            found += [Locked(lacking=f"write {path} anew.") for path in others]
            continue
        if _is_open(merged, due.manifest):
            found.append(Locked(lacking=f"settle {due.manifest} first. Then run: {due.first}"))
            continue
        merged.remarks[due.path] = Change(due.path, "locked", f"by {due.tool.lock[0]}")
        if not dry:
            step(f"Locking the dependencies{' of ' * bool(due.folder)}{due.folder}")
            found.append(_lock(trees, merged, scratch / due.language / due.folder, due))
    moved = tuple(moved for locked in found for moved in locked.moved)
    return Locked(moved, " ".join(locked.lacking for locked in found if locked.lacking))


def _due(merged: Merged) -> Iterator[_Due]:
    for path in merged.touched:
        name = PurePosixPath(path).name
        for language, tool in tools.LANGUAGES.items():
            due = _Due(path.removesuffix(name), language)
            if name == tool.manifest and path in merged.after:
                yield due


def _is_open(merged: Merged, name: str) -> bool:
    return name in merged.remarks and merged.remarks[name].kind == "conflict"


def _lock(trees: Trees, merged: Merged, scratch: Path, due: _Due) -> Locked:
    mine = {path: it for path, it in merged.after.items() if path.startswith(due.folder)}
    before = merged.after[due.path]
    try:
        root = trees.check_out(mine, scratch, large=False) / due.folder
        tools.lock(root, due.language)
        content = (root / due.tool.lock_file).read_bytes()
    except (ScaffoldError, OSError) as error:
        merged.remarks.pop(due.path)
        return Locked(lacking=f"{error} Run: {due.first}")
    merged.after[due.path] = Entry(before.mode, trees.write(content))
    if merged.after[due.path] == before:
        merged.remarks.pop(due.path)
    name = due.tool.lock_file
    return Locked(manifest.moved(name, trees.read(before.id).decode(), content.decode()))
