"""All of the files are put in place, or none: without git, on folders."""

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from scaffold.errors import ScaffoldError
from scaffold.update.switch import Moved, Switch, digest
from tests.update.conftest import Files, tree, write

BEFORE: Files = {
    "a.txt": "a\n",
    "b/deep/gone.txt": "gone\n",
    "c.txt": "a file\n",
    "d/x.txt": "a folder\n",
    "e.txt": "not concerned\n",
    "run.sh": "#!/bin/sh\n",
}
# A folder takes the place of a file, and a file that of a folder.
AFTER: Files = {
    "a.txt": "changed\n",
    "c.txt/x.txt": "in a folder\n",
    "d": "a file\n",
    "e.txt": "not concerned\n",
    "f/new.txt": "new\n",
    "run.sh": "#!/bin/sh\nexit\n",
}


class Staged:
    """A switch from BEFORE to AFTER, written down."""

    def __init__(self, here: Path) -> None:
        self.project = here / "project"
        write(self.project, BEFORE)
        write(here / "then", AFTER)
        self.before, self.after = tree(self.project), tree(here / "then")
        self.switch = Switch(self.project, here / "now")
        write(self.switch.new, {path: it for path, it in AFTER.items() if path != "e.txt"})
        self.switch.stage({"to": "v2"}, sorted({*BEFORE, *AFTER} - {"e.txt"}))


@pytest.fixture
def staged(tmp_path: Path) -> Staged:
    return Staged(tmp_path)


def _nothing() -> None:
    pass


def test_everything_is_put_in_place(staged: Staged) -> None:
    staged.switch.go(_nothing)
    assert tree(staged.project) == staged.after
    assert staged.switch.plan.about == {"to": "v2"}


def test_folders_that_became_empty_are_gone(staged: Staged) -> None:
    staged.switch.go(_nothing)
    assert not (staged.project / "b").exists()
    staged.switch.take_back()
    assert sorted(path.name for path in staged.project.iterdir()) == sorted(
        {path.partition("/")[0] for path in BEFORE}
    )


def test_a_whole_switch_can_be_taken_back(staged: Staged) -> None:
    staged.switch.go(_nothing)
    staged.switch.take_back()
    assert tree(staged.project) == staged.before
    assert not staged.switch.folder.exists()


def _stop_after(moves: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let so many steps be done, and no more: as when the machine loses its power."""
    done = 0

    def counted(name: str) -> None:
        real = getattr(Path, name)

        def step(path: Path, *words: object, **named: object) -> object:
            nonlocal done
            done += 1
            if done > moves:
                raise MemoryError
            return real(path, *words, **named)

        monkeypatch.setattr(Path, name, step)

    for name in ("replace", "mkdir", "rmdir"):
        counted(name)
    return monkeypatch.undo


STEPS, STEPS_BACK = 18, 16  # what moves a file, or makes or removes a folder, in a whole switch


@pytest.mark.parametrize("moves", range(STEPS + 1))
def test_a_switch_that_ended_in_the_middle_is_taken_back_by_the_next(
    staged: Staged, moves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    power = _stop_after(moves, monkeypatch)
    with pytest.raises(MemoryError) if moves < STEPS else nullcontext():
        staged.switch._move(staged.switch.plan.files, _nothing)
    power()
    later = Switch(staged.project, staged.switch.folder)
    assert later.begun()
    later.take_back()
    assert tree(staged.project) == staged.before


@pytest.mark.parametrize("moves", range(STEPS_BACK))
def test_taking_back_can_itself_be_cut_off_and_done_again(
    staged: Staged, moves: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged.switch.go(_nothing)
    power = _stop_after(moves, monkeypatch)
    with pytest.raises(MemoryError):
        staged.switch.take_back()
    power()
    Switch(staged.project, staged.switch.folder).take_back()
    assert tree(staged.project) == staged.before


def test_a_rename_that_fails_leaves_everything_as_it_was(staged: Staged) -> None:
    write(staged.project, {"d/y.log": "git does not keep this\n"})  # so that d stays a folder
    with pytest.raises(ScaffoldError, match="could not be put in place; they are as they were"):
        staged.switch.go(_nothing)
    (staged.project / "d/y.log").unlink()
    assert tree(staged.project) == staged.before
    assert not staged.switch.folder.exists()


@pytest.mark.parametrize("error", [OSError, ScaffoldError("no"), ValueError, KeyboardInterrupt])
def test_an_end_that_fails_leaves_everything_as_it_was(
    staged: Staged, error: Exception | type[Exception]
) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(ScaffoldError, match="could not be put in place"):
        staged.switch.go(fail)
    assert tree(staged.project) == staged.before


def test_where_there_is_no_fork_the_same_is_done(
    staged: Staged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(os, "fork")
    staged.switch.go(_nothing)
    assert tree(staged.project) == staged.after


def test_without_a_plan_nothing_was_begun(tmp_path: Path) -> None:
    assert not Switch(tmp_path, tmp_path / "now").begun()


def test_modes_and_links_go_and_come_back(tmp_path: Path) -> None:
    project = tmp_path / "project"
    write(project, {"a.sh": "x\n", "b.txt": "b\n"})
    (project / "link").symlink_to("a.sh")
    (project / "b.txt").chmod(0o600)
    before = tree(project)
    switch = Switch(project, tmp_path / "now")
    write(switch.new, {"a.sh": "x\n", "link": "no link\n", "b.txt": "2\n"})
    (switch.new / "a.sh").chmod(0o644)
    switch.stage({}, ["a.sh", "b.txt", "link"])
    switch.go(_nothing)
    assert (project / "a.sh").stat().st_mode & 0o777 == 0o644
    assert not (project / "link").is_symlink()
    switch.take_back()
    assert tree(project) == before


def test_a_digest_tells_apart_what_git_tells_apart(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "x", "b.txt": "y", "c.sh": "x", "folder/d.txt": "x"})
    (tmp_path / "link").symlink_to("x")
    (tmp_path / "dangling").symlink_to("nowhere")
    names = ["a.txt", "b.txt", "c.sh", "link", "dangling"]
    assert len({digest(tmp_path / name) for name in names} - {None}) == len(names)
    assert digest(tmp_path / "folder/d.txt") == digest(tmp_path / "a.txt")
    (tmp_path / "a.txt").chmod(0o600)  # git keeps no more of a mode than this
    assert digest(tmp_path / "folder/d.txt") == digest(tmp_path / "a.txt")


@pytest.mark.parametrize("name", ["folder", "nothing", "a.txt/below"])
def test_where_no_file_is_there_is_no_digest(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"a.txt": "x", "folder/d.txt": "x"})
    assert digest(tmp_path / name) is None


def test_a_plan_is_read_as_it_was_written(staged: Staged) -> None:
    files = {file.path: file for file in staged.switch.plan.files}
    assert files["f/new.txt"].before is None
    assert files["b/deep/gone.txt"].after is None
    assert files["a.txt"] == Moved(
        "a.txt", digest(staged.project / "a.txt"), digest(staged.switch.new / "a.txt")
    )
    shutil.rmtree(staged.switch.new)
    assert {file.path: file for file in staged.switch.plan.files} == files
