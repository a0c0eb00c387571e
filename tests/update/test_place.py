"""May the project be updated, and where does an update keep its own files?"""

import os
import re
from pathlib import Path

import pytest

from scaffold import git as door
from scaffold.errors import ScaffoldError, UsageProblem
from scaffold.update import place
from tests.update.conftest import commit, git, tree, write


@pytest.fixture
def project(here: Path) -> Path:
    """A project in a subfolder of a repository."""
    folder = here / "services/shop"
    write(here, {"outside.txt": "x\n", "services/shop/a.txt": "a\n", ".gitignore": "*.log\n"})
    git("init", "--quiet", cwd=here)
    commit(here)
    return folder


def _repository(project: Path) -> door.Repository:
    return place.repository_of(project)


def test_a_folder_that_is_not_there_is_usage(here: Path) -> None:
    with pytest.raises(UsageProblem, match="There is no folder"):
        place.repository_of(here / "nowhere")


def test_a_project_that_is_not_under_git_is_told_how_to_be(here: Path) -> None:
    with pytest.raises(ScaffoldError, match=r"is not under git, so what .*\.$") as caught:
        place.repository_of(here)
    assert "git init" in caught.value.hint


def test_a_repository_without_a_commit_is_told_to_make_one(here: Path) -> None:
    git("init", "--quiet", cwd=here)
    with pytest.raises(ScaffoldError, match="has no commit yet") as caught:
        place.repository_of(here)
    assert "git commit" in caught.value.hint


@pytest.mark.parametrize("ignored", [False, True])
def test_a_project_that_was_never_committed_is_told_to_be(project: Path, ignored: bool) -> None:
    fresh = project.parent / ("fresh.log" if ignored else "fresh")
    write(fresh, {"a.txt": "a\n"})
    with pytest.raises(ScaffoldError, match="has no commit yet") as caught:
        place.repository_of(fresh)
    assert "git commit" in caught.value.hint


def test_the_root_of_the_work_tree_is_known_from_any_depth(project: Path) -> None:
    repository = _repository(project)
    assert (repository.place, repository.top) == ("services/shop/", project.parents[1])


def test_changes_outside_the_project_are_of_no_concern(project: Path) -> None:
    write(project.parents[1], {"outside.txt": "changed\n", "new.txt": "new\n"})
    write(project, {"a.log": "ignored\n"})
    place.check_ready(_repository(project))


@pytest.mark.parametrize("staged", [False, True])
@pytest.mark.parametrize("name", ["a.txt", "new.txt", "größe x.txt"])
def test_changes_that_are_not_committed_are_named(project: Path, name: str, staged: bool) -> None:
    write(project, {name: "changed\n"})
    if staged:
        git("add", ".", cwd=project)
    with pytest.raises(ScaffoldError, match=rf"not committed: {re.escape(name)}\.") as caught:
        place.check_ready(_repository(project))
    assert "git stash --include-untracked" in caught.value.hint


def test_of_many_changes_some_are_named(project: Path) -> None:
    write(project, {f"{number}.txt": "" for number in range(9)})
    with pytest.raises(ScaffoldError, match=r": 0\.txt, .*, 4\.txt, \.\.\.\.$"):
        place.check_ready(_repository(project))


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("merge", "other"), "merge"),
        (("rebase", "other"), "rebase"),
        (("cherry-pick", "other"), "cherry-pick"),
        (("revert", "HEAD~1"), "revert"),
        (("stash", "apply"), "merge"),  # which leaves conflicts without any other trace
    ],
    ids=lambda it: it if isinstance(it, str) else "",
)
def test_what_is_half_done_is_named(project: Path, words: tuple[str, ...], name: str) -> None:
    write(project, {"a.txt": "stashed\n"})
    git("stash", cwd=project)
    for branch, text in (("other", "b\n"), ("mine", "c\n"), ("mine", "d\n")):
        git("switch", "--quiet", *([] if text == "d\n" else ["--create"]), branch, cwd=project)
        write(project, {"a.txt": text})
        commit(project)
        if branch == "other":
            git("switch", "--quiet", "--detach", "HEAD~1", cwd=project)
    with pytest.raises(AssertionError):
        git(*words, cwd=project)
    with pytest.raises(ScaffoldError, match=f"A {name} is half done") as caught:
        place.check_ready(_repository(project))
    assert "Finish it" in caught.value.hint


@pytest.mark.parametrize(
    ("coming", "taken"),
    [
        ("x.log", "x.log"),
        ("x.log/deeper/new.txt", "x.log"),
        ("a.log/new.txt", ""),
        ("a.log", "a.log/kept.log"),
        ("link/new.txt", "link"),
        ("dangling", "dangling"),
        ("a.txt/new.txt", ""),
        ("known", ""),
    ],
)
def test_a_file_that_git_does_not_keep_is_not_written_over(
    project: Path, coming: str, taken: str
) -> None:
    write(project, {"x.log": "mine\n", "a.log/kept.log": "mine\n", "known/b.txt": "b\n"})
    (project / "link").symlink_to("known")
    (project / "dangling").symlink_to("nowhere")
    before = ["a.txt", "known/b.txt"]
    if not taken:
        place.check_free(project, before, [coming])
        return
    with pytest.raises(ScaffoldError, match=rf"would take the place of {taken}, which") as caught:
        place.check_free(project, before, [*before, coming])
    assert "Move" in caught.value.hint


def test_one_update_at_a_time(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(place, "PATIENCE_SECONDS", 0.01)
    repository = _repository(project)
    with (
        place.alone(repository),
        pytest.raises(ScaffoldError, match="Another update"),
        place.alone(repository),
    ):
        pass


def test_each_project_of_a_repository_has_its_own_place_that_git_does_not_see(
    project: Path,
) -> None:
    write(project.parent / "other", {"a.txt": "a\n"})
    commit(project)
    folders = [
        place.last(_repository(it)).folder
        for it in (project, project.parent / "other", project.parents[1])
    ]
    assert len(set(folders)) == 3
    assert all(folder.is_relative_to(project.parents[1] / ".git/scaffold") for folder in folders)


def test_where_git_keeps_its_files_on_another_disk_the_project_holds_them_unseen(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.stat

    def stat(path: Path, **named: bool) -> os.stat_result:
        found = list(real(path, **named))
        found[2] += path.name == ".git"
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", stat)
    repository = _repository(project)
    assert place.last(repository).folder == project / ".scaffold/last"
    assert place.settle(project) is None
    assert not (project / ".scaffold").exists()  # as a dry run leaves it
    with place.alone(repository):
        assert (project / ".scaffold").exists()
        place.check_ready(repository)


def test_what_a_killed_update_has_begun_is_taken_back(project: Path) -> None:
    before = tree(project)
    switch = place.current(_repository(project))
    write(switch.new, {"a.txt": "changed\n", "new.txt": "new\n"})
    switch.stage({}, ["a.txt", "new.txt"])
    (project / "a.txt").replace(switch.old / "a.txt")
    (switch.new / "new.txt").replace(project / "new.txt")
    place.settle(project)
    assert tree(project) == before
    assert not switch.begun()


def test_where_nothing_was_begun_nothing_is_done(project: Path, here: Path) -> None:
    git_files = tree(here / ".git")
    assert place.settle(project) is None
    assert place.settle(here / "nowhere") is None
    assert tree(here / ".git") == git_files


def test_a_repository_that_git_refuses_is_not_taken_for_none(project: Path) -> None:
    with (project.parents[1] / ".git/config").open("a") as config:
        config.write("[core]\n\trepositoryformatversion = 99\n")
    with pytest.raises(ScaffoldError, match=r"git refuses to work in .*: .*found 99\.$"):
        place.repository_of(project)
    assert place.settle(project) is None


def test_a_repository_of_somebody_else_is_told_how_to_be_trusted(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "true")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    with pytest.raises(
        ScaffoldError, match=r"dubious ownership in repository at '.*'\.$"
    ) as caught:
        place.repository_of(project)
    top = project.parents[1]
    assert caught.value.hint.endswith(f"git config --global --add safe.directory {top}")
