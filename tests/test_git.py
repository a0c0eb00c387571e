from pathlib import Path

import pytest

from scaffold import git as door
from scaffold.errors import ScaffoldError
from tests.conftest import Git


def test_the_first_commit_holds_every_file_and_nothing_is_left_to_commit(
    here: Path, git: Git
) -> None:
    (here / "a.txt").write_text("a")
    assert door.first_commit(here, "Start") is True
    assert git("log", "--format=%an %s") == "Ada Start"
    assert git("branch", "--show-current") == "main"
    assert git("status", "--porcelain") == ""


def test_without_an_identity_scaffold_signs_and_says_so(here: Path, home: Path, git: Git) -> None:
    (home / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    (here / "a.txt").write_text("a")
    assert door.first_commit(here, "Start") is False
    assert git("log", "--format=%an <%ae>") == "scaffold <scaffold@localhost>"
    assert "user.name" not in git("config", "--list", "--local")


def test_a_users_failing_hooks_do_not_stop_the_first_commit(here: Path, home: Path) -> None:
    hook = home / "hooks/pre-commit"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with (home / ".gitconfig").open("a") as config:
        config.write(f"[core]\n\thooksPath = {hook.parent}\n")
    (here / "a.txt").write_text("a")
    assert door.first_commit(here, "Start")


def test_git_run_from_a_hook_still_makes_a_repository_of_its_own(
    here: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    outer, inner = here / "outer", here / "inner"
    outer.mkdir()
    inner.mkdir()
    git("init", "-q", cwd=outer)
    (inner / "a.txt").write_text("a")
    with monkeypatch.context() as patch:
        patch.setenv("GIT_DIR", str(outer / ".git"))
        door.first_commit(inner, "Start")
    assert git("rev-list", "--count", "HEAD", cwd=inner) == "1"
    assert git("rev-list", "--count", "--all", cwd=outer) == "0"


def test_the_enclosing_repository_is_found(here: Path, git: Git) -> None:
    assert door.enclosing_repository(here) is None
    git("init", "-q")
    (here / "sub").mkdir()
    assert door.enclosing_repository(here / "sub") == here


def test_no_git_is_one_sentence_and_a_hint(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ScaffoldError, match=r"git was not found\.") as caught:
        door.require()
    assert "apt install git" in caught.value.hint


def test_what_git_says_when_it_fails_reaches_the_user(here: Path) -> None:
    with pytest.raises(ScaffoldError, match="git commit failed: "):
        door.first_commit(here, "Nothing to commit")


@pytest.fixture
def repository(here: Path, git: Git) -> door.Repository:
    """A repository with a project in a subfolder."""
    (here / "sub").mkdir()
    (here / "sub/a.txt").write_text("a\n")
    door.first_commit(here, "Start")
    found = door.repository_of(here / "sub")
    assert found is not None
    return found


def test_a_project_knows_its_place_in_its_repository(
    repository: door.Repository, here: Path, git: Git
) -> None:
    assert (repository.place, repository.top, repository.folder) == ("sub/", here, here / ".git")
    assert repository.head == git("rev-parse", "HEAD")
    assert repository.committed()
    assert repository.half_done() == ""


def test_where_there_is_no_repository_there_is_none(here: Path) -> None:
    assert door.repository_of(here) is None


def test_looking_for_changes_writes_nothing(repository: door.Repository, here: Path) -> None:
    (here / "sub/a.txt").touch()
    before = (here / ".git/index").read_bytes()
    assert repository.changed() == []
    assert (here / ".git/index").read_bytes() == before


def test_new_files_are_changes_whatever_git_was_told_to_show(
    repository: door.Repository, here: Path, git: Git
) -> None:
    git("config", "status.showUntrackedFiles", "no")
    (here / "sub/new.txt").write_text("new\n")
    (here / "outside.txt").write_text("new\n")
    assert repository.changed() == ["new.txt"]


def test_a_path_is_marked_and_unstaged_by_its_very_name(
    repository: door.Repository, here: Path, git: Git
) -> None:
    sides = {1: ("100644", "1\n"), 2: ("100644", "2\n"), 3: ("100755", "3\n")}
    repository.mark({":(top)*": sides, "a.txt": sides})
    assert repository.half_done() == "merge"
    stages = git("ls-files", "--stage", "-z").split("\0")
    assert [line.split()[0] for line in stages if line.endswith(":(top)*")] == [
        "100644",
        "100644",
        "100755",
    ]
    repository.unstage([":(top)*"])
    assert "a.txt" in git("ls-files", "--unmerged")
    repository.unstage(["a.txt"])
    assert git("ls-files", "--unmerged") == ""


def test_a_command_that_fails_is_named_without_its_settings(
    repository: door.Repository, tmp_path: Path
) -> None:
    (tmp_path / "store").mkdir()
    with pytest.raises(ScaffoldError, match=r"^git cat-file failed: "):
        door.Trees(repository, tmp_path / "store").read("nothing")
