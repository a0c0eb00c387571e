"""What holds of every update, whatever the user and the template have done to the files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold import templates
from scaffold.templates import Copied
from scaffold.update import Report, Wish, prepared, undo
from tests.support.lives.loss import both_changed, with_markers
from tests.update.conftest import git, tree

Files = Mapping[str, bytes]
ANSWERS = ".copier-answers.yml"
TEXTS = ("README.md", "src/app.txt", "docs/Öl & Essig.txt")
STEADY = settings(
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Side:
    """What one side has made of the template's first files: None for one that is gone.

    `moved` says where a file came from, by its new path.
    """

    changed: dict[str, bytes | None] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, bytes]:
        """Return all files."""
        return {name: it for name, it in {**BASE, **self.changed}.items() if it is not None}


@dataclass(frozen=True)
class History:
    """What became of a template's first version in a project, and in the next version."""

    yours: Side
    theirs: Side


def _lines(name: str) -> list[str]:
    return [f"{name} has line {number}\n" for number in range(1, 9)]


PACKAGE = {"name": "shop", "scripts": {"dev": "a"}, "dependencies": {"b": "1.0.0", "d": "1.0.0"}}
PYPROJECT = """\
[project]
name = "shop"
description = "a"
dependencies = [
    "b==1.0.0",
    "d==1.0.0",
    # Yours.
]

[dependency-groups]
dev = ["ruff==1.0.0"]
"""


def _package(data: object, indent: int = 2) -> bytes:
    return f"{json.dumps(data, indent=indent)}\n".encode()


BASE = {
    **{name: "".join(_lines(name)).encode() for name in TEXTS},
    "package.json": _package(PACKAGE),
    "pyproject.toml": PYPROJECT.encode(),
}


@st.composite
def edited_lines(draw: st.DrawFn, name: str, who: str) -> bytes:
    """Insert, replace, delete and indent some lines; what is written is found by `who`."""
    lines = _lines(name)
    for number in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(lines)))
        kind = draw(st.sampled_from(("insert", "replace", "delete", "indent")))
        new = [f"{who} {number} of {name}\n"]
        if kind == "indent":
            new = [f"  {line.rstrip()} \n" for line in lines[place : place + 1]]
        lines[place : place + (kind != "insert")] = [] if kind == "delete" else new
    return "".join(lines).encode()


@st.composite
def edited_package(draw: st.DrawFn, who: str) -> bytes:
    """Add, bump or drop a dependency, change a script, indent otherwise."""
    data = json.loads(json.dumps(PACKAGE))
    kinds = st.sampled_from(("add", "bump", "drop", "script"))
    for kind in draw(st.lists(kinds, min_size=1, unique=True)):
        if kind == "add":
            data["dependencies"][f"c-{who}"] = "1.0.0"
        elif kind == "bump":
            data["dependencies"]["b"] = draw(st.sampled_from(("1.1.0", "1.2.0", "2.0.0")))
        elif kind == "drop":
            del data["dependencies"]["d"]
        else:
            data["scripts"]["dev"] = who
    data["dependencies"] = dict(sorted(data["dependencies"].items()))
    return _package(data, draw(st.sampled_from((2, 4))) if who == "mine" else 2)


@st.composite
def edited_pyproject(draw: st.DrawFn, who: str) -> bytes:
    """Add, bump or drop a requirement, change the description, write a comment."""
    text, line = PYPROJECT, f'    "c-{who}==1.0.0",\n'
    version = draw(st.sampled_from(("1.1.0", "1.2.0", "2.0.0")))
    added = {"mine": ("# Yours.\n", f"# Yours.\n{line}"), "theirs": ('    "b', f'{line}    "b')}
    changes = (
        added[who],
        ("b==1.0.0", f"b=={version}"),
        ('    "d==1.0.0",\n', ""),
        ('"a"', f'"{who}"'),
        ("[dependency-groups]\n", f"[dependency-groups]\n# Said by {who}.\n"),
    )
    for old, new in draw(st.lists(st.sampled_from(changes), min_size=1, unique=True)):
        text = text.replace(old, new)
    return text.encode()


def edited(name: str, who: str) -> st.SearchStrategy[bytes]:
    """Return other contents of a file of the template's."""
    if name == "package.json":
        return edited_package(who)
    return edited_pyproject(who) if name == "pyproject.toml" else edited_lines(name, who)


@st.composite
def sides(draw: st.DrawFn, who: str) -> Side:
    """Edit, move and delete some of the files, and write new ones."""
    side = Side()
    for name, content in BASE.items():
        kinds = ("keep", "edit", "edit", "delete", "move", "move and edit")
        kind = draw(st.sampled_from(kinds if name in TEXTS else ("keep", "edit")))
        if kind.startswith("move") or kind == "delete":
            side.changed[name] = None
        place = f"{who}/moved {PurePosixPath(name).name}" if kind.startswith("move") else name
        if place != name:
            side.changed[place], side.moved[place] = content, name
        if "edit" in kind:
            side.changed[place] = draw(edited(name, who))
    if draw(st.booleans()):
        side.changed[f"{who}/new.txt"] = f"{who}, and new\n".encode()
    return side


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Let both sides live; the user's line ends are the user's own affair."""
    yours, theirs = draw(sides("mine")), draw(sides("theirs"))
    for name, content in yours.files.items():
        ends = draw(st.sampled_from(("as they are", "CRLF", "cut", "added")))
        if ends != "as they are":
            yours.changed[name] = _ending(content, ends)
    return History(yours, theirs)


def _ending(content: bytes, how: str) -> bytes:
    if how == "CRLF":
        return content.replace(b"\n", b"\r\n")
    return content.removesuffix(b"\n") if how == "cut" else content + b"\n"


class Outcome(NamedTuple):
    """What an update has made of a project, and what it says of it."""

    report: Report
    files: dict[str, bytes]
    unmerged: set[str]


class Bench:
    """One repository for every example."""

    def __init__(self, folder: Path) -> None:
        self.project, self.source = folder / "shop", folder / "templates"
        for made in (self.project, self.source):
            made.mkdir()
            git("init", "--quiet", cwd=made)
        git("commit", "--quiet", "--allow-empty", "--message", "x", cwd=self.source)
        for tag in ("v1.0.0", "v2.0.0"):
            git("tag", tag, cwd=self.source)
        git("config", "core.autocrlf", "false", cwd=self.project)
        self.versions: dict[str, Files] = {}

    def start(self, history: History) -> None:
        """Commit the user's project, and release the template's two versions."""
        self.versions = {"v1.0.0": BASE, "v2.0.0": history.theirs.files}
        for path in self.project.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.rmtree(self.project / ".git/scaffold", ignore_errors=True)
        _write(self.project, {**history.yours.files, ANSWERS: self._answers("v1.0.0")})
        git("add", "--all", cwd=self.project)
        git("commit", "--quiet", "--allow-empty", "--message", "x", cwd=self.project)

    def render(self, _source: str, tag: str, _said: object, folder: Path, _file: str) -> object:
        """Stand in for Copier, whose 50 ms have no part in the merge."""
        _write(folder, {**self.versions[tag], ANSWERS: self._answers(tag)})
        return Copied(tag, "", ())

    def _answers(self, tag: str) -> bytes:
        return f"_commit: {tag}\n_src_path: {self.source}\n".encode()

    def update(self, *, dry: bool) -> Report:
        """Update the project, or only say what that would do."""
        with prepared(self.project, Wish(lock=False), lambda _: None, dry=dry) as ready:
            assert ready is not None
            if not dry:
                ready.apply()
            return ready.report

    def files(self) -> dict[str, bytes]:
        """Return the work tree but the answers."""
        found = {name: content for name, (_, content) in tree(self.project).items()}
        return {n: it for n, it in found.items() if not n.startswith(".git/") and n != ANSWERS}

    def outcome(self) -> Outcome:
        """Update, and look."""
        report = self.update(dry=False)
        said = git("ls-files", "--unmerged", "-z", cwd=self.project).split("\0")
        return Outcome(report, self.files(), {it.partition("\t")[2] for it in said if it})


def _write(folder: Path, files: Files) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    bench = Bench(tmp_path_factory.mktemp("properties"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(templates, "render_version", bench.render)
        yield bench


def _unix(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n")


def _written(content: bytes, who: str) -> set[bytes]:
    """Return what a side has written, line by line, whatever stands round it."""
    return {line.strip(b" ,\r\n") for line in content.splitlines() if who.encode() in line}


def _went(side: Side) -> dict[str, str]:
    return {old: new for new, old in side.moved.items()}


def _check(history: History, outcome: Outcome) -> None:
    _check_yours(history, outcome.files)
    _check_theirs(history, outcome.files)
    conflicts = {change.path for change in outcome.report.conflicts}
    assert conflicts == outcome.unmerged == with_markers(outcome.files)
    assert conflicts <= _excused(history)


def _check_yours(history: History, result: Files) -> None:
    """Nothing of the user's is lost, and where the template is as it was all is as they have it."""
    yours, theirs = history.yours, history.theirs
    for path, content in yours.files.items():
        old = yours.moved.get(path, path)
        if BASE.get(path) == _unix(content):
            continue
        found = _found("mine", result, path, _went(theirs).get(old, path))
        assert found is not None, f"{path} is gone"
        assert _written(content, "mine") <= found, f"{path} lost lines"
        if theirs.files.get(old) == BASE.get(old):
            assert result[path] == content, f"{path} is not as the user had it"
    assert not (BASE.keys() - yours.files.keys()) & result.keys(), "a deleted file is back"


def _check_theirs(history: History, result: Files) -> None:
    """What the user did not touch is as a fresh project has it, and all else has what is new."""
    yours, theirs = history.yours, history.theirs
    for path, content in BASE.items():
        if yours.files.get(path) == content:
            assert result.get(path) == theirs.files.get(path), f"{path} is not the template's"
    for path, content in theirs.files.items():
        old = theirs.moved.get(path, path)
        if old in yours.files or old not in BASE:
            found = _found("theirs", result, path, old) or set()
            # A manifest that is merged as data gets the template's data, and not its comments.
            new = {line for line in _written(content, "theirs") if not line.startswith(b"#")}
            assert new <= found, f"{path} lacks what is new"


def _found(who: str, result: Files, *places: str) -> set[bytes] | None:
    """Return what a side has written in the files that there are; None where there is none."""
    there = [_written(result[place], who) for place in places if place in result]
    return set().union(*there) if there else None


def _excused(history: History) -> set[str]:
    """Return where a conflict may be: both sides changed neighbouring lines, or moved a file."""
    plain = {name: _unix(content) for name, content in history.yours.files.items()}
    theirs = history.theirs.files
    there = {old: theirs[new] for old, new in _went(history.theirs).items()}
    near = both_changed(BASE, plain, {**theirs, **there}, history.yours.moved)
    went = _went(history.theirs)
    return near | {went[path] for path in near if path in went}


def _try(bench: Bench, history: History) -> None:
    bench.start(history)
    before = bench.files()
    expected = bench.update(dry=True)
    assert bench.files() == before

    outcome = bench.outcome()

    assert outcome.report == expected
    _check(history, outcome)
    undo(bench.project, ())
    assert bench.files() == before
    assert git("status", "--porcelain", cwd=bench.project) == ""


@given(history=histories())
@settings(STEADY, max_examples=20)
def test_an_update_loses_nothing(bench: Bench, history: History) -> None:
    _try(bench, history)


@pytest.mark.slow
@given(history=histories())
@settings(STEADY, max_examples=100)
def test_an_update_loses_nothing_in_many_histories(bench: Bench, history: History) -> None:
    _try(bench, history)
