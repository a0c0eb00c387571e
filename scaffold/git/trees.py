"""Trees of files, made and merged in a store of their own: nothing is written to the project.

git works in the project's repository, so that its settings and attributes count, but writes its
objects and its index into a scratch folder and only reads the project's.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from scaffold.errors import ScaffoldError
from scaffold.git.repository import Repository
from scaffold.git.run import identity, reason, run

# What a user may have set for working by hand, and what would reach out of the scratch folder.
_PLAINLY = {
    "core.abbrev": "no",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.safecrlf": "false",
    "core.sparseCheckout": "false",
    "core.splitIndex": "false",
    "core.untrackedCache": "false",
    "merge.directoryRenames": "false",
    "merge.renames": "true",
}
# The filter stays named in the project's attributes; without commands it changes nothing.
_WITHOUT_LFS = [
    *("-c", "filter.lfs.process=", "-c", "filter.lfs.smudge="),
    *("-c", "filter.lfs.required=false"),
]


class Entry(NamedTuple):
    """One file in a tree: git's mode (100644, 100755, 120000) and the id of its content."""

    mode: str
    id: str


class Merge(NamedTuple):
    """What a merge gave: the tree, and for every path in conflict its entry on each side.

    The sides are git's stages: 1 the base, 2 yours, 3 theirs; one that lacks the file is missing.
    """

    tree: str
    conflicts: Mapping[str, Mapping[int, Entry]]


class Trees:
    """The trees an update works on; `scratch` is an empty folder that outlives it."""

    def __init__(self, repository: Repository, scratch: Path) -> None:
        self._repository = repository
        self._index = scratch / "index"
        objects = scratch / "objects"
        objects.mkdir()
        borrowed = str(repository.objects).replace("\\", "\\\\").replace('"', '\\"')
        self._env = identity() | {
            "GIT_DIR": str(repository.folder),
            "GIT_OBJECT_DIRECTORY": str(objects),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{borrowed}"',
            "GIT_INDEX_FILE": str(self._index),
            "GIT_LITERAL_PATHSPECS": "1",
        }

    def yours(self) -> str:
        """Return the tree that was last committed."""
        return self._say("rev-parse", "--verify", self._repository.tree).strip()

    def of_folder(self, folder: Path) -> str:
        """Return the tree of everything in `folder`."""
        self._index.unlink(missing_ok=True)
        self._say("add", "--all", "--force", ".", at=folder)
        return self._say("write-tree").strip()

    def entries(self, tree: str) -> dict[str, Entry]:
        """Return every file of a tree by its path."""
        found = {}
        for line in self._say("ls-tree", "-r", "-z", "--full-tree", tree).split("\0")[:-1]:
            about, _, path = line.partition("\t")
            mode, _, name = about.split()
            found[path] = Entry(mode, name)
        return found

    def changed(self, tree: str, changes: Mapping[str, Entry | None]) -> str:
        """Return `tree` with some entries put in, or taken out where None."""
        if not changes:
            return tree
        self._say("read-tree", tree)
        self._put(changes)
        return self._say("write-tree").strip()

    def with_crlf(self, paths: Iterable[str]) -> set[str]:
        """Return those of the project's own files whose lines all end in CR LF."""
        said = run("ls-files", "--eol", "-z", cwd=self._repository.project).stdout
        listed = (line.partition("\t") for line in said.split("\0")[:-1])
        crlf = {path for about, _, path in listed if about.startswith("i/crlf")}
        return crlf & set(paths)

    def read(self, name: str) -> bytes:
        """Return the content of a file."""
        return self._say("cat-file", "blob", name).encode("utf-8", "surrogateescape")

    def write(self, content: bytes) -> str:
        """Keep a file's content; return its id."""
        text = content.decode("utf-8", "surrogateescape")
        return self._say("hash-object", "-w", "--stdin", text=text).strip()

    def renames(self, old: str, new: str) -> dict[str, str]:
        """Return where a file of `old` has gone in `new`, new path by old path."""
        said = self._say("diff-tree", "-r", "-z", "-M", "--diff-filter=R", old, new).split("\0")
        return dict(zip(said[1::3], said[2::3], strict=False))

    def merge(self, base: str, yours: str, theirs: str) -> Merge:
        """Merge as git does, renames followed; a conflict is marked in the text.

        Raises:
            ScaffoldError: this git cannot merge without a work tree.
        """
        root = self._commit(base)
        mine, other = self._commit(yours, root), self._commit(theirs, root)
        words = ("merge-tree", "--write-tree", "--no-messages", "-z", mine, other)
        done = run(*self._settings(), *words, cwd=self._repository.top, env=self._env, check=False)
        if done.returncode not in (0, 1):
            raise ScaffoldError(
                f"git could not merge: {reason(done)}.",
                "Too old a git? See: scaffold doctor. `copier update` does with an older one.",
            )
        tree, *conflicts = done.stdout.rstrip("\0").split("\0")
        names = {mine: "yours", other: "template", root: "before"}
        return self._labelled(tree, _stages(conflicts), names)

    def check_out(self, files: Mapping[str, Entry], folder: Path, *, large: bool = True) -> Path:
        """Write files as the project's own git would; return where the project's root lies.

        Without `large`, what Git LFS keeps elsewhere is not fetched: its pointers are written.
        """
        place = self._repository.place
        self._index.unlink(missing_ok=True)
        self._put({place + path: entry for path, entry in files.items()})
        words = ("checkout-index", "--all", f"--prefix={folder.as_posix()}/")
        self._say(*([] if large else _WITHOUT_LFS), *words)
        return folder / place

    def _labelled(
        self, tree: str, conflicts: Mapping[str, Mapping[int, Entry]], names: Mapping[str, str]
    ) -> Merge:
        """Put words in the place of the commit ids that git names the sides by."""
        files = self.entries(tree)
        named = {path: _worded(path, names) for path in conflicts}
        mended: dict[str, Entry | None] = {}
        for path in conflicts.keys() & files.keys():
            text = self.read(files[path].id).decode("utf-8", "surrogateescape")
            content = _worded(text, names).encode("utf-8", "surrogateescape")
            mended[path] = None
            mended[named[path]] = Entry(files[path].mode, self.write(content))
        sides = {named[path]: entries for path, entries in conflicts.items()}
        return Merge(self.changed(tree, mended), sides)

    def _commit(self, tree: str, *parents: str) -> str:
        onto = [word for parent in parents for word in ("-p", parent)]
        return self._say("commit-tree", tree, *onto, "-m", "-").strip()

    def _put(self, changes: Mapping[str, Entry | None]) -> None:
        gone = Entry("0", "0" * len(self._repository.head))
        lines = [
            f"{(entry or gone).mode} {(entry or gone).id}\t{path}\0"
            for path, entry in changes.items()
        ]
        self._say("update-index", "--add", "--replace", "-z", "--index-info", text="".join(lines))

    def _say(self, *words: str, at: Path | None = None, text: str = "") -> str:
        top = at or self._repository.top
        env = self._env | {"GIT_WORK_TREE": str(top)}
        return run(*self._settings(), *words, cwd=top, env=env, text=text).stdout

    def _settings(self) -> Iterable[str]:
        return [word for name, value in _PLAINLY.items() for word in ("-c", f"{name}={value}")]


def _worded(text: str, names: Mapping[str, str]) -> str:
    for name, word in names.items():
        text = text.replace(name, word)
    return text


def _stages(records: Iterable[str]) -> dict[str, dict[int, Entry]]:
    found: dict[str, dict[int, Entry]] = {}
    for record in records:
        about, _, path = record.partition("\t")
        mode, name, stage = about.split()
        found.setdefault(path, {})[int(stage)] = Entry(mode, name)
    return found
