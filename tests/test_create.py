import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from scaffold import create, git, templates, tools
from scaffold.errors import ScaffoldError
from scaffold.project import Project
from scaffold.recommend import Service
from tests.conftest import Git

Make = Callable[..., create.Made]
MAIN = Service("api", "a-stack", "node")


@pytest.fixture
def make(here: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Create `shop` from a template of three files, which takes a moment less than a real one."""

    def render(_project: Project, stage: Path) -> str:
        (stage / "src").mkdir()
        (stage / "src/app").write_text("app")
        (stage / ".gitignore").write_text(".env\n")
        (stage / ".env.example").write_text("PASSWORD=change-me\nTOKEN=change-me\nPORT=1\n")
        return "v1.0.0"

    monkeypatch.setattr(templates, "render", render)

    def run(directory: str = "shop", install: bool = False, use_git: bool = True) -> create.Made:
        project = Project(directory, "shop", MAIN, install=install, git=use_git)
        return create.create(project, lambda version: f"From {version}\n", lambda _step: None)

    return run


def _tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_repository_has_its_files_its_decision_and_one_commit(
    make: Make, here: Path, git: Git
) -> None:
    made = make()
    shop = here / "shop"
    assert made.path == shop
    assert made.files == (
        ".env",
        ".env.example",
        ".gitignore",
        "docs/decisions/0001-backend-stack.md",
        "src/app",
    )
    assert (shop / create.DECISION).read_text() == "From v1.0.0\n"
    assert git("log", "--format=%s", cwd=shop) == "Start from a-stack v1.0.0"
    assert git("status", "--porcelain", cwd=shop) == ""


def test_secrets_are_random_private_and_not_in_git(make: Make, here: Path, git: Git) -> None:
    make()
    lines = dict(line.split("=", 1) for line in (here / "shop/.env").read_text().splitlines())
    assert lines["PORT"] == "1"
    assert len({lines["PASSWORD"], lines["TOKEN"], "change-me"}) == 3
    assert min(len(lines["PASSWORD"]), len(lines["TOKEN"])) >= 32
    assert stat.S_IMODE((here / "shop/.env").stat().st_mode) == 0o600
    assert ".env" not in git("ls-files", cwd=here / "shop").split()


def test_without_git_there_is_no_repository(make: Make, here: Path) -> None:
    make(use_git=False)
    assert not (here / "shop/.git").exists()
    assert (here / "shop/src/app").exists()


def test_an_empty_folder_that_was_there_is_filled(make: Make, here: Path) -> None:
    (here / "shop").mkdir()
    make()
    assert (here / "shop/src/app").exists()


def test_the_new_folder_has_the_permissions_that_mkdir_would_give(make: Make, here: Path) -> None:
    (here / "plain").mkdir()
    make()
    assert (here / "shop").stat().st_mode == (here / "plain").stat().st_mode


def test_a_folder_with_files_is_refused_and_its_files_are_named(make: Make, here: Path) -> None:
    (here / "shop").mkdir()
    for name in "abcdefg":
        (here / "shop" / name).write_text(name)
    with pytest.raises(ScaffoldError, match=r"not empty: a, b, c, d, e, \.\.\.\.$"):
        make()
    assert _tree(here) == ["shop", *(f"shop/{name}" for name in "abcdefg")]


def test_a_file_of_that_name_is_refused(make: Make, here: Path) -> None:
    (here / "shop").write_text("mine")
    with pytest.raises(ScaffoldError, match="is a file"):
        make()
    assert (here / "shop").read_text() == "mine"


def test_a_missing_parent_is_refused_with_the_command_that_makes_it(make: Make, here: Path) -> None:
    with pytest.raises(ScaffoldError, match="does not exist") as caught:
        make("no/where/shop")
    assert caught.value.hint == f"mkdir -p {here}/no/where"
    assert _tree(here) == []


def test_a_folder_that_is_not_ours_is_refused(
    make: Make, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        os, "access", lambda path, _mode: Path(path) != here
    )  # root may do anything
    with pytest.raises(ScaffoldError, match="not yours to write in"):
        make()
    assert _tree(here) == []


FAULTS = [KeyboardInterrupt(), SystemExit(143), OSError(errno.ENOSPC, "No space left on device")]


@pytest.mark.parametrize("fault", FAULTS, ids=["ctrl-c", "sigterm", "full disk"])
@pytest.mark.parametrize("place", ["render", "record", "commit", "rename"])
@pytest.mark.parametrize("existing", [False, True], ids=["new folder", "empty folder"])
def test_whatever_stops_it_the_disk_is_as_it_was(
    make: Make,
    here: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: BaseException,
    place: str,
    existing: bool,
) -> None:
    if existing:
        (here / "shop").mkdir()
    before = _tree(here)
    _break(monkeypatch, place, fault)
    wanted = ScaffoldError if isinstance(fault, OSError) else type(fault)
    with pytest.raises(wanted):
        make()
    assert _tree(here) == before


def _break(monkeypatch: pytest.MonkeyPatch, place: str, fault: BaseException) -> None:
    def fail(*_args: object, **_options: object) -> str:
        raise fault

    target = {
        "render": (templates, "render"),
        "record": (create, "fill_secrets"),
        "commit": (git, "first_commit"),
        "rename": (Path, "rename"),
    }[place]
    monkeypatch.setattr(*target, fail)


def test_a_move_that_fails_halfway_is_taken_back(
    make: Make, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "shop").mkdir()
    moves = iter(range(3))
    rename = Path.rename

    def some(self: Path, to: Path) -> Path:
        if next(moves) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        return rename(self, to)

    monkeypatch.setattr(Path, "rename", some)
    with pytest.raises(ScaffoldError, match="No space left on device"):
        make()
    assert _tree(here) == ["shop"]


def test_dependencies_that_cannot_be_locked_leave_the_repository_and_the_reason(
    make: Make, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(_folder: Path, _language: str) -> None:
        raise ScaffoldError("`npm install` failed with exit code 1.")

    monkeypatch.setattr(tools, "lock", offline)
    made = make(install=True)
    assert made.lacking == "`npm install` failed with exit code 1."
    assert (here / "shop/src/app").exists()


def test_the_lock_file_is_in_the_first_commit_and_installing_comes_after(
    make: Make, here: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[Path] = []
    monkeypatch.setattr(tools, "lock", lambda folder, _language: (folder / "lock").touch())
    monkeypatch.setattr(tools, "install", lambda folder, _language: installed.append(folder))
    assert make(install=True).lacking == ""
    assert "lock" in git("ls-files", cwd=here / "shop").split()
    assert installed == [here / "shop"]


@pytest.mark.parametrize("existing", [False, True], ids=["new folder", "empty folder"])
def test_ctrl_c_while_installing_takes_everything_back(
    make: Make, here: Path, monkeypatch: pytest.MonkeyPatch, existing: bool
) -> None:
    if existing:
        (here / "shop").mkdir()
    before = _tree(here)

    def interrupted(folder: Path, _language: str) -> None:
        (folder / "node_modules").mkdir()
        raise KeyboardInterrupt

    monkeypatch.setattr(tools, "lock", lambda _folder, _language: None)
    monkeypatch.setattr(tools, "install", interrupted)
    with pytest.raises(KeyboardInterrupt):
        make(install=True)
    assert _tree(here) == before


def test_no_git_is_noticed_before_anything_is_written(
    make: Make, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(here))
    with pytest.raises(ScaffoldError, match="git was not found"):
        make()
    assert _tree(here) == []
