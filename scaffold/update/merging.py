"""Merge what the template has learnt into what the project has become."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from scaffold import manifest, tools
from scaffold.git import Entry, Trees
from scaffold.update.recorded import ANSWERS_FILES
from scaffold.update.report import Change

BASE, YOURS, THEIRS = 1, 2, 3
# Longer where git merged two files into one: both sides had renamed it, each otherwise.
_BEGINS = re.compile(rb"<{7,} yours")
_LOCKS = {language.lock_file for language in tools.LANGUAGES.values()}
Files = Mapping[str, Entry]


@dataclass
class Merged:
    """The project's files before and after, and what there is to say of some of them."""

    before: Files
    after: dict[str, Entry]
    base: Files
    theirs: Files
    sides: Mapping[str, Mapping[int, Entry]]
    remarks: dict[str, Change] = field(default_factory=dict)
    chosen: list[manifest.Kept] = field(default_factory=list)
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def touched(self) -> list[str]:
        """The paths that change."""
        paths = self.before.keys() | self.after.keys()
        return sorted(path for path in paths if self.before.get(path) != self.after.get(path))


def merge(trees: Trees, old: Path, new: Path, kept: tuple[str, ...]) -> Merged:
    """Merge the folders `old` and `new`, a template then and now, into the last commit.

    `kept` are files of the template that a project keeps as it has them, if it has them.
    """
    yours = trees.yours()
    mine = trees.entries(yours)
    own = {path: mine[path] for path in kept if path in mine}
    base, theirs = (trees.changed(trees.of_folder(folder), own) for folder in (old, new))
    base, theirs = _with_your_ends(trees, mine, base, yours, theirs)
    answers = [path for path in trees.entries(base) if _name(path) in ANSWERS_FILES]
    base = trees.changed(base, {path: mine.get(path) for path in answers})  # always the template's
    merge = trees.merge(base, yours, theirs)
    merged = Merged(
        mine,
        trees.entries(merge.tree),
        trees.entries(base),
        trees.entries(theirs),
        merge.conflicts,
        renamed=trees.renames(base, theirs),
    )
    for path in merge.conflicts:
        _settle(trees, merged, path)
    for path in [path for path in mine if _name(path) in manifest.MANIFESTS]:
        _by_structure(trees, merged, path)
    for path in [path for path in mine if _name(path) in _LOCKS]:
        _as_yours(merged, path)
    return merged


def _with_your_ends(
    trees: Trees, mine: Files, base: str, yours: str, theirs: str
) -> tuple[str, str]:
    """Give the template's files the line ends that the project's have, whoever renamed them."""
    crlf = trees.with_crlf(mine)
    if not crlf:
        return base, theirs
    came = {new: old for old, new in trees.renames(base, yours).items()}
    went = trees.renames(base, theirs)
    then = crlf | {came[path] for path in crlf & came.keys()}
    now = then | {went[path] for path in then & went.keys()}
    return _with_crlf(trees, base, then), _with_crlf(trees, theirs, now)


def _with_crlf(trees: Trees, tree: str, paths: Collection[str]) -> str:
    changes: dict[str, Entry | None] = {}
    for path, entry in trees.entries(tree).items():
        if path in paths:
            content = trees.read(entry.id).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
            changes[path] = Entry(entry.mode, trees.write(content))
    return trees.changed(tree, changes)


def _settle(trees: Trees, merged: Merged, path: str) -> None:
    """Decide what git calls a conflict although only one side wanted something of the file."""
    sides = merged.sides[path].keys()
    if path not in merged.after:
        return
    if path not in merged.before and path not in merged.theirs:
        merged.remarks[path] = Change(path, "conflict", "a file here, a folder or a link there")
    elif sides == {THEIRS}:  # you renamed the same file otherwise, and it has the changes
        merged.after.pop(path, None)
    elif sides == {BASE, THEIRS}:
        merged.after.pop(path, None)
        merged.remarks[path] = Change(path, "left out", "you deleted it; the template changed it")
    elif sides == {BASE, YOURS}:
        merged.remarks[path] = Change(path, "kept", "the template dropped it; you changed it")
    else:
        found = _conflict(trees.read(merged.after[path].id), path)
        if found.lines or sides != {YOURS}:
            merged.remarks[path] = found


def _conflict(content: bytes, path: str) -> Change:
    found = enumerate(content.splitlines(), 1)
    lines = tuple(number for number, line in found if _BEGINS.match(line))
    note = "" if lines else "both changed it, and it cannot be merged; yours stands"
    return Change(path, "conflict", note, lines)


def _by_structure(trees: Trees, merged: Merged, path: str) -> None:
    """Merge a manifest that both sides changed as data: its lines are only how it is written."""
    entries = [files.get(path) for files in (merged.base, merged.before, merged.theirs)]
    if len(set(entries)) < 3 or None in entries or path not in merged.after:
        return
    texts = [_text(trees, entry) for entry in entries if entry]
    result = manifest.merge(_name(path), *texts)
    if result is None or _as_good(trees, merged, path, result):
        return
    content = result.text.encode("utf-8", "surrogateescape")
    merged.after[path] = Entry(merged.after[path].mode, trees.write(content))
    merged.chosen.extend(result.kept)
    merged.remarks.pop(path, None)
    if result.conflicts:
        merged.remarks[path] = _conflict(content, path)


def _as_yours(merged: Merged, path: str) -> None:
    """Leave a lock file that both sides changed as it is: only its package manager can merge it."""
    entries = {files.get(path) for files in (merged.base, merged.before, merged.theirs)}
    if len(entries) == 3:
        merged.after[path] = merged.before[path]
        merged.remarks[path] = Change(path, "kept", "a lock file is not merged, it is written anew")


def _as_good(trees: Trees, merged: Merged, path: str, result: manifest.Merged) -> bool:
    """Whether git merged the lines to the same data: then its text is nearer to both sides."""
    if path in merged.remarks or result.conflicts:
        return False
    text = _text(trees, merged.after[path])
    return manifest.same(_name(path), text, result.text)


def _text(trees: Trees, entry: Entry) -> str:
    return trees.read(entry.id).decode("utf-8", "surrogateescape")


def _name(path: str) -> str:
    return PurePosixPath(path).name


def changes(merged: Merged) -> tuple[Change, ...]:
    """Say of every file what becomes of it."""
    came_from = {
        new: old
        for old, new in merged.renamed.items()
        if new not in merged.before and old in merged.before and old not in merged.after
    }
    found = {path: _change(merged, path) for path in merged.touched} | merged.remarks
    for new, old in came_from.items():
        if new in found and found[new].kind == "new":
            edited = merged.before[old] != merged.base.get(old)
            note = f"was {old}; merged with yours" if edited else f"was {old}"
            found[new] = Change(new, "renamed", note)
            found.pop(old, None)
    return tuple(found[path] for path in sorted(found))


def _change(merged: Merged, path: str) -> Change:
    if path not in merged.before:
        return Change(path, "new")
    if path not in merged.after:
        return Change(path, "deleted")
    untouched = merged.before[path] == merged.base.get(path)
    return Change(path, "changed" if untouched or _name(path) in ANSWERS_FILES else "merged")
