"""Write lock files anew for manifests that an update changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scaffold import manifest, tools
from scaffold.errors import ScaffoldError
from scaffold.git import Entry, Trees
from scaffold.update.merging import Merged
from scaffold.update.report import Change


@dataclass(frozen=True)
class Locked:
    """What moved in the lock file; or why it could not be written, and what to run."""

    moved: tuple[manifest.Moved, ...] = ()
    lacking: str = ""


def lock(
    trees: Trees, merged: Merged, folder: Path, step: Callable[[str], None], *, dry: bool
) -> Locked:
    """Lock in a copy of the merged project, so that the lock is part of the update."""
    for name, language in tools.LANGUAGES.items():
        path = language.lock_file
        if path not in merged.after or language.manifest not in merged.touched:
            continue
        if _is_open(merged, language.manifest):
            return Locked(lacking=f"settle {language.manifest} first. Then run: {language.first}")
        merged.remarks[path] = Change(path, "locked", f"by {language.lock[0]}")
        if dry:
            return Locked()
        step("Locking the dependencies")
        return _lock(trees, merged, folder, name)
    return Locked()


def _is_open(merged: Merged, name: str) -> bool:
    return name in merged.remarks and merged.remarks[name].kind == "conflict"


def _lock(trees: Trees, merged: Merged, folder: Path, name: str) -> Locked:
    language = tools.LANGUAGES[name]
    path = language.lock_file
    root = trees.check_out(merged.after, folder)
    before = merged.after[path]
    try:
        tools.lock(root, name)
        content = (root / path).read_bytes()
    except (ScaffoldError, OSError) as error:
        merged.remarks.pop(path)
        return Locked(lacking=f"{error} Run: {language.first}")
    merged.after[path] = Entry(before.mode, trees.write(content))
    if merged.after[path] == before:
        merged.remarks.pop(path)
    return Locked(manifest.moved(path, trees.read(before.id).decode(), content.decode()))
