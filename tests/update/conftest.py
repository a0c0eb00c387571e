"""Small templates with a history, and projects made from them."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from scaffold.templates import render_version
from scaffold.update import Report, Wish, prepared

Files = Mapping[str, str | bytes | None]
Tree = dict[str, tuple[int, bytes]]
ADA = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "maintenance.auto=false")
ANSWERS = "{{ _copier_conf.answers_file }}.jinja"
LINES = "".join(f"line {number}\n" for number in range(1, 13))


def write(folder: Path, files: Files) -> None:
    """Write files, a script's as one that can be run; None removes one."""
    for name, content in files.items():
        path = folder / name
        if content is None:
            path.unlink()
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        path.chmod(0o755 if name.endswith(".sh") else 0o644)


def tree(folder: Path) -> Tree:
    """Return every file below a folder, a link by where it leads: mode and content."""
    paths = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    return {path.relative_to(folder).as_posix(): _content(path) for path in paths}


def _content(path: Path) -> tuple[int, bytes]:
    mode = stat.S_IMODE(path.lstat().st_mode)
    return mode, os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()


def git(*words: str, cwd: Path) -> str:
    """Run git with nobody's settings but an identity; return what it says."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    words = ("git", *ADA, *words)
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(folder: Path) -> None:
    """Commit everything in a folder."""
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", "x", cwd=folder)


@dataclass(frozen=True)
class Source:
    """Templates under git."""

    folder: Path

    def release(self, version: str, files: Files, **beside: str) -> None:
        """Release a version: what changes in the template, and beside it (dots as `_`)."""
        write(self.folder / "template", files)
        write(self.folder, {name.replace("_", "."): text for name, text in beside.items()})
        commit(self.folder)
        git("tag", version, cwd=self.folder)


@dataclass(frozen=True)
class Shop:
    """A project made from templates, under git."""

    folder: Path

    def edit(self, files: Files) -> None:
        """Change files, and commit."""
        write(self.folder, files)
        commit(self.folder)

    def read(self, name: str) -> str:
        """Return what a file says."""
        return (self.folder / name).read_bytes().decode()

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return (self.folder / name).exists()

    def files(self) -> Tree:
        """Return the work tree."""
        return {name: it for name, it in self.everything().items() if not name.startswith(".git/")}

    def everything(self) -> Tree:
        """Return the work tree and all that git keeps."""
        return tree(self.folder)

    def status(self) -> list[str]:
        """Return what `git status` says of each file."""
        return git("status", "--porcelain", "-uall", cwd=self.folder).splitlines()

    def update(self, *, dry: bool = False, **wish: object) -> Report:
        """Update it, or only see what that would do; there must be something to do."""
        wish.setdefault("lock", False)
        with prepared(self.folder, Wish(**wish), lambda _: None, dry=dry) as ready:  # type: ignore[arg-type]
            assert ready is not None
            if not dry:
                ready.apply()
            return ready.report


def kinds(report: Report) -> dict[str, str]:
    """Return what becomes of each file but the answers."""
    return {it.path: it.kind for it in report.changes if it.path != ".copier-answers.yml"}


def new_source(folder: Path) -> Source:
    """Return templates that have no version yet."""
    folder.mkdir()
    git("init", "--quiet", "--initial-branch=main", cwd=folder)
    return Source(folder)


def new_shop(source: Source, version: str, folder: Path, **answers: object) -> Shop:
    """Make a project of a version."""
    render_version(str(source.folder), version, answers, folder)
    git("init", "--quiet", "--initial-branch=main", cwd=folder)
    commit(folder)
    return Shop(folder)


COPIER = """\
_subdirectory: template
_skip_if_exists: [kept.txt]
project_name: {type: str, default: shop}
features: {type: yaml, default: []}
"""
FIRST: Files = {
    ANSWERS: "{{ _copier_answers|to_nice_yaml }}",
    "README.md.jinja": "# {{ project_name }}\n\nA shop.\n",
    "app.txt": LINES,
    "gone.txt": "gone\n",
    "kept.txt": "as it came\n",
    "run.sh": "#!/bin/sh\n",
    ".env.example": "PORT=3000\n",
    ".gitignore": ".env\n*.log\n",
    "{% if 'realtime' in features %}feed.txt{% endif %}": "a feed\n",
}
SECOND: Files = {
    "app.txt": LINES.replace("line 3\n", "line 3, better\n"),
    "gone.txt": None,
    "kept.txt": "as it comes now\n",
    "docs/new.txt": "new\n",
    ".env.example": "PORT=3000\nCOLOUR=blue\n",
}
CHANGES = "# Changes\n\n## 1.1.0 - 2026-02-01\n\n- Better.\n\n## 1.0.0 - 2026-01-01\n\n- First.\n"


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Source:
    """Templates with v1.0.0, v1.1.0 and a preview of v2.0.0; to be read only."""
    source = new_source(tmp_path_factory.mktemp("released") / "templates")
    source.release("v1.0.0", FIRST, copier_yml=COPIER)
    question = "colour: {type: str, default: blue}\n"
    source.release("v1.1.0", SECOND, copier_yml=COPIER + question, CHANGELOG_md=CHANGES)
    source.release("v2.0.0-rc.1", {"preview.txt": "not yet\n"})
    return source


@pytest.fixture(scope="session")
def pristine(released: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project of v1.0.0 that nobody has touched; to be copied."""
    return new_shop(released, "v1.0.0", tmp_path_factory.mktemp("pristine") / "shop").folder


@pytest.fixture
def shop(pristine: Path, here: Path) -> Shop:
    """A project of v1.0.0, one that is its test's own."""
    folder = here / "shop"
    shutil.copytree(pristine, folder, symlinks=True)
    git("status", cwd=folder)  # the index knows the copies
    return Shop(folder)


@pytest.fixture
def source(here: Path) -> Source:
    """Templates of a test's own, without a version yet."""
    return new_source(here / "templates")


Evolve = Callable[..., Shop]


@pytest.fixture
def evolve(source: Source, here: Path) -> Evolve:
    """Return a project of v1.0.0 of templates that have gone from one state to another since."""

    def make(before: Files, after: Files, **beside: str) -> Shop:
        answers = {ANSWERS: "{{ _copier_answers|to_nice_yaml }}"}
        source.release("v1.0.0", {**answers, **before}, copier_yml="_subdirectory: template\n")
        made = new_shop(source, "v1.0.0", here / "shop")
        source.release("v1.1.0", after, **beside)
        return made

    return make
