"""A project's repository: make it, look at it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from scaffold.errors import ScaffoldError
from scaffold.git.run import reason, run

_HALF_DONE = {
    "MERGE_HEAD": "merge",
    "rebase-merge": "rebase",
    "rebase-apply": "rebase",
    "CHERRY_PICK_HEAD": "cherry-pick",
    "REVERT_HEAD": "revert",
}
_ONLY_READING = {"GIT_OPTIONAL_LOCKS": "0"}
_LITERALLY = {"GIT_LITERAL_PATHSPECS": "1"}
_IN_ENGLISH = {"LC_ALL": "C"}
# What git proposes where a repository belongs to somebody else.
_WAY_OUT = re.compile(r"git config --global --add safe\.directory .*")


def require() -> None:
    """Raise ScaffoldError when there is no git: templates are kept in it."""
    run("--version")


def first_commit(folder: Path, message: str) -> bool:
    """Make `folder` a git repository with one commit of everything in it.

    Returns whether git knew the user; when it did not, scaffold has signed.

    Raises:
        ScaffoldError: git refused, with its own words.
    """
    run("init", "--quiet", "--initial-branch=main", cwd=folder)
    run("add", "--all", cwd=folder)
    known = run("var", "GIT_AUTHOR_IDENT", cwd=folder, check=False).returncode == 0
    run("commit", "--quiet", "--no-verify", "-m", message, cwd=folder, signed=not known)
    return known


def check_out(bundle: Path, version: str, folder: Path) -> None:
    """Write the tree of a version in a bundle into `folder`, with its repository.

    Raises:
        ScaffoldError: the bundle is none, or has no such version.
    """
    options = ("--quiet", "--config", "advice.detachedHead=false", "--branch", version)
    done = run("clone", *options, "--", str(bundle), str(folder), check=False)
    if done.returncode:
        raise ScaffoldError(
            f"{bundle} gives no templates of version {version}: {reason(done)}.",
            f"Check --source and the version ({version}).",
        )


def enclosing_repository(folder: Path) -> Path | None:
    """Return the root of the repository that `folder` lies in, if it lies in one."""
    found = run("rev-parse", "--show-toplevel", cwd=folder, check=False)
    return Path(found.stdout.strip()) if found.returncode == 0 else None


@dataclass(frozen=True)
class Repository:
    """The git repository that a project lies in, as far as an update has to know it.

    `place` is the project's path below the repository's root, with slashes, "" for the root itself;
    `folder` is where git keeps what belongs to this work tree; `head` the commit id, "" for none.
    """

    project: Path
    place: str
    folder: Path
    objects: Path
    head: str

    @property
    def top(self) -> Path:
        """The root of the work tree."""
        return self.project.parents[self.place.count("/") - 1] if self.place else self.project

    @property
    def tree(self) -> str:
        """The name by which git knows the project's files as they were last committed."""
        return f"{self.head}:{self.place}"

    def committed(self) -> bool:
        """Whether the last commit has the project."""
        return not run("cat-file", "-e", self.tree, cwd=self.project, check=False).returncode

    def half_done(self) -> str:
        """Return what the user has begun and not ended: a merge, a rebase ...; or nothing."""
        begun = (word for name, word in _HALF_DONE.items() if (self.folder / name).exists())
        return next(begun, "merge" if self._ask("ls-files", "--unmerged", "--", ".") else "")

    def changed(self) -> list[str]:
        """Return the project's files that differ from the last commit, new ones included."""
        said = self._ask("status", "--porcelain", "-z", "-unormal", "--no-renames", "--", ".")
        return sorted(entry[3:].removeprefix(self.place) for entry in said.split("\0") if entry)

    def hidden(self) -> set[str]:
        """Return the project's files whose changes git was told not to look at."""
        said = self._ask("ls-files", "-v", "-z", "--", ".").split("\0")[:-1]
        return {entry[2:] for entry in said if entry[0] == "S" or entry[0].islower()}

    def content_id(self, path: str) -> str:
        """Return the id that the content of a file in the work tree has, or would have, for git."""
        file = self.project / path
        if file.is_symlink():
            target = os.fsencode(file.readlink()).decode("utf-8", "surrogateescape")
            done = run("hash-object", "--stdin", cwd=self.project, text=target)
        else:
            done = run("hash-object", "--", path, cwd=self.project)
        return done.stdout.strip()

    def ignores(self, path: str) -> bool:
        """Whether git would not keep a file of the project."""
        return not run("check-ignore", "-q", "--", path, cwd=self.project, check=False).returncode

    def unstage(self, paths: list[str]) -> None:
        """Make the index say of these paths what the last commit says."""
        if paths:
            run("reset", "--quiet", "--pathspec-from-file=-", "--pathspec-file-nul",
                cwd=self.project, check=False, text="\0".join(paths), env=_LITERALLY)  # fmt: skip

    def mark(self, conflicts: Mapping[str, Mapping[int, tuple[str, str]]]) -> None:
        """Tell git of conflicts: for each path, each side's mode and content by git's stage."""
        lines = []
        for path, sides in conflicts.items():
            name = self.place + path
            lines.append(f"0 {'0' * len(self.head)}\t{name}\0")
            for stage, (mode, content) in sides.items():
                words = ("hash-object", "-w", "--stdin")
                blob = run(*words, cwd=self.project, text=content).stdout.strip()
                lines.append(f"{mode} {blob} {stage}\t{name}\0")
        if lines:
            run("update-index", "-z", "--index-info", cwd=self.top, text="".join(lines))

    def _ask(self, *words: str) -> str:
        return run(*words, cwd=self.project, env=_ONLY_READING).stdout


def repository_of(project: Path) -> Repository | None:
    """Return the repository that `project` lies in, or None.

    Raises:
        ScaffoldError: there is one, and git refuses to look at it.
    """
    wanted = ("--show-prefix", "--absolute-git-dir", "--git-path", "objects")
    found = run("rev-parse", *wanted, cwd=project, check=False, env=_IN_ENGLISH)
    if "not a git repository" in found.stderr:
        return None
    if found.returncode:
        way_out = _WAY_OUT.search(found.stderr)
        raise ScaffoldError(
            f"git refuses to work in {project}: {reason(found)}.",
            f"If you trust it: {way_out[0]}" if way_out else "Try: git status",
        )
    place, folder, objects = found.stdout.split("\n")[:3]
    head = run("rev-parse", "--quiet", "--verify", "HEAD", cwd=project, check=False).stdout.strip()
    return Repository(project, place, Path(folder), project / objects, head)


def tags(source: str) -> list[str]:
    """Return the tags of a repository or a bundle, wherever it is.

    Raises:
        ScaffoldError: git cannot read it.
    """
    done = run("ls-remote", "--tags", "--refs", "--", source, check=False)
    if done.returncode:
        raise ScaffoldError(
            f"The templates of {source} cannot be read: {reason(done)}.",
            "Check the address, the network and your access; --source names other templates.",
        )
    return [line.rpartition("refs/tags/")[2] for line in done.stdout.splitlines()]
