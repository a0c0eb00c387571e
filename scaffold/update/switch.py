"""Put new files in the place of old ones, all of them or none.

Everything is written beside the work tree first, where a full disk or an interruption does no harm.
Then only renames are left. They are done by a process of their own that no signal to this one
reaches; should the machine itself stop among them, the next run takes them back.

    switch/new/...      what is to come, moved from here into the work tree
    switch/old/...      what was there, moved here; kept afterwards, for `undo`
    switch/plan.json    which files, and what they were and became; its presence begins the switch
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from scaffold.errors import ScaffoldError
from scaffold.update.reach import out_of_reach
from scaffold.update.recorded import ANSWERS_FILES


@dataclass(frozen=True)
class Moved:
    """One file: its path, and the SHA-256 of what was and what came there (None: no file)."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Plan:
    """A switch, as it is written down: what it is about (versions), and its files."""

    about: dict[str, str]
    files: tuple[Moved, ...]

    @property
    def between(self) -> str:
        """The versions that it goes from and to, in brackets; "" where there are not two."""
        before, after = self.about.get("from"), self.about.get("to")
        return "" if before == after else f" ({before} → {after})"

    @classmethod
    def read(cls, path: Path) -> Plan:
        """Read a plan that was written down."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(data["about"], tuple(Moved(**file) for file in data["files"]))


def digest(path: Path) -> str | None:
    """Return a fingerprint of a file, or of a link's target; None where no file is.

    Whether a file can be run counts, as it does for git; nothing else of its mode does.
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    if stat.S_ISDIR(mode):
        return None
    if stat.S_ISLNK(mode):
        return hashlib.sha256(b"link:" + os.fsencode(path.readlink())).hexdigest()
    kind = b"script:" if mode & stat.S_IXUSR else b"file:"
    return hashlib.sha256(kind + path.read_bytes()).hexdigest()


class Switch:
    """One switch of a project's files; `folder` is on the same disk as the project."""

    def __init__(self, project: Path, folder: Path, place: str = "") -> None:
        """`place` is where in `new` the project's root lies."""
        self.project = project
        self.folder = folder
        self.new, self.old = folder / "new" / place, folder / "old"
        self._plan = folder / "plan.json"

    @property
    def plan(self) -> Plan:
        """The switch as it was written down."""
        return Plan.read(self._plan)

    def begun(self) -> bool:
        """Whether this switch was written down, and so may have moved something."""
        try:
            return bool(self.plan)
        except (FileNotFoundError, NotADirectoryError, ValueError, TypeError, KeyError):
            return False  # a plan that cannot be read is one that was never written to its end

    def stage(self, about: dict[str, str], paths: Iterable[str]) -> None:
        """Write down a switch of `paths`: to what lies in `new`, or to nothing."""
        files = [
            Moved(path, digest(self.project / path), digest(self.new / path)) for path in paths
        ]
        files.sort(key=_turn)
        for file in files:
            if file.before:
                (self.old / file.path).parent.mkdir(parents=True, exist_ok=True)
        plan = Plan(about, tuple(files))
        draft = self._plan.with_suffix(".tmp")
        with draft.open("w", encoding="utf-8") as written:
            json.dump(asdict(plan), written, indent=1)
            written.flush()
            os.fsync(written.fileno())
        draft.replace(self._plan)
        _keep_names(self.folder)

    def go(self, finish: Callable[[], None]) -> None:
        """Move everything, then `finish`; or nothing.

        Raises:
            ScaffoldError: something could not be moved; everything is as it was.
        """
        why = out_of_reach(lambda: self._move(self.plan.files, finish))
        if why is not None:
            self.take_back()
            raise ScaffoldError(
                f"The files of {self.project} could not be put in place; they are as they were"
                f"{why and f' ({why})'}.",
                "Is the disk full, or a file open in another program?",
            )

    def take_back(self) -> None:
        """Undo whatever of the switch was done."""
        for file in reversed(self.plan.files):
            target = self.project / file.path
            if file.before is None:
                if digest(target) == file.after:
                    target.unlink()
            elif os.path.lexists(self.old / file.path):
                target.parent.mkdir(parents=True, exist_ok=True)
                (self.old / file.path).replace(target)
            _prune(target.parent, self.project)
        self.clear()

    def clear(self) -> None:
        """Forget the switch."""
        self._plan.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _move(self, files: Iterable[Moved], finish: Callable[[], None]) -> None:
        for file in files:
            target = self.project / file.path
            if file.before:
                target.replace(self.old / file.path)
            if file.after:
                target.parent.mkdir(parents=True, exist_ok=True)
                (self.new / file.path).replace(target)
            else:
                _prune(target.parent, self.project)
        finish()


def _turn(file: Moved) -> tuple[bool, bool]:
    """Say when a file's turn is: a folder may take a file's place; the answers mark the end."""
    return PurePosixPath(file.path).name in ANSWERS_FILES, file.after is not None


def _keep_names(folder: Path) -> None:
    """Have the disk keep what the files in a folder are called, as far as it can be told to."""
    with suppress(OSError):  # Windows opens no folder
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _prune(folder: Path, top: Path) -> None:
    """Remove folders that have become empty, as git does."""
    with suppress(OSError):
        while folder != top:
            folder.rmdir()
            folder = folder.parent
