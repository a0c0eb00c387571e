"""The merge itself, on folders: `old` and `new` are the template then and now."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.git import Trees, repository_of
from scaffold.update.merging import Merged, changes, merge
from scaffold.update.report import Change
from tests.update.conftest import LINES, Files, commit, git, write

EDITED, BETTER = LINES.replace("line 9\n", "mine\n"), LINES.replace("line 3\n", "better\n")


class Case:
    """A template in two versions, and a project made from the first."""

    def __init__(self, here: Path, place: str = "", *init: str) -> None:
        self.here = here
        self.top = here / "repository"
        self.project = self.top / place
        self.project.mkdir(parents=True)
        git("init", "--quiet", *init, cwd=self.top)

    def merge(self, old: Files, yours: Files, new: Files, *kept: str) -> dict[str, Change]:
        """Merge; `yours` and `new` are what was changed."""
        write(self.here / "old", old)
        write(self.here / "new", old)
        write(self.here / "new", new)
        write(self.project, old)
        self.top.joinpath("outside.txt").write_text("of no concern\n")
        commit(self.top)
        write(self.project, yours)
        git("add", "--all", cwd=self.top)
        git("commit", "--quiet", "--allow-empty", "-m", "mine", cwd=self.top)
        return self.again(*kept)

    def again(self, *kept: str) -> dict[str, Change]:
        repository = repository_of(self.project)
        assert repository is not None
        store = self.here / "store"
        store.mkdir()
        self.trees = Trees(repository, store)
        self.merged: Merged = merge(self.trees, self.here / "old", self.here / "new", kept)
        return {change.path: change for change in changes(self.merged)}

    def after(self, path: str) -> bytes:
        """Return what becomes of a file."""
        return self.trees.read(self.merged.after[path].id)


@pytest.fixture
def case(here: Path) -> Case:
    return Case(here)


def _kinds(found: dict[str, Change]) -> dict[str, str]:
    return {path: change.kind for path, change in found.items()}


def test_yours_and_the_templates_lines_are_both_in(case: Case) -> None:
    found = case.merge({"a.txt": LINES}, {"a.txt": EDITED}, {"a.txt": BETTER})
    assert _kinds(found) == {"a.txt": "merged"}
    assert case.after("a.txt") == BETTER.replace("line 9\n", "mine\n").encode()


def test_a_file_that_was_not_touched_becomes_the_templates(case: Case) -> None:
    found = case.merge({"a.txt": LINES, "b.txt": "b\n"}, {"b.txt": "mine\n"}, {"a.txt": BETTER})
    assert _kinds(found) == {"a.txt": "changed"}
    assert case.after("a.txt") == BETTER.encode()
    assert case.after("b.txt") == b"mine\n"


def test_the_same_change_on_both_sides_is_none(case: Case) -> None:
    assert case.merge({"a.txt": LINES}, {"a.txt": BETTER}, {"a.txt": BETTER}) == {}


def test_each_conflict_is_named_by_its_lines_and_its_sides(case: Case) -> None:
    yours = LINES.replace("line 3\n", "mine\n").replace("line 9\n", "mine too\n")
    theirs = LINES.replace("line 3\n", "better\n").replace("line 9\n", "better too\n")
    found = case.merge({"a.txt": LINES}, {"a.txt": yours}, {"a.txt": theirs})
    assert found == {"a.txt": Change("a.txt", "conflict", lines=(3, 13))}
    lines = case.after("a.txt").decode().splitlines()
    assert lines[2:7] == ["<<<<<<< yours", "mine", "=======", "better", ">>>>>>> template"]
    assert lines[12] == "<<<<<<< yours"


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_no_commit_id_shows_in_a_conflict_of_any_style(case: Case, style: str) -> None:
    git("config", "merge.conflictStyle", style, cwd=case.top)
    yours, theirs = (LINES.replace("line 3\n", f"{word}\n") for word in ("mine", "better"))
    case.merge({"a.txt": LINES}, {"a.txt": None, "b.txt": yours}, {"a.txt": theirs})
    text = case.after("b.txt").decode()
    marks = [line for line in text.splitlines() if line[:1] in "<|=>"]
    assert [mark.partition(":")[0] for mark in marks] in (
        ["<<<<<<< yours", "=======", ">>>>>>> template"],
        ["<<<<<<< yours", "||||||| before", "=======", ">>>>>>> template"],
    )


def test_the_templates_change_follows_a_file_that_you_renamed(case: Case) -> None:
    found = case.merge({"a.txt": LINES}, {"a.txt": None, "b.txt": LINES}, {"a.txt": BETTER})
    assert _kinds(found) == {"b.txt": "merged"}
    assert case.after("b.txt") == BETTER.encode()
    assert "a.txt" not in case.merged.after


def test_your_edit_follows_a_file_that_the_template_renamed(case: Case) -> None:
    found = case.merge({"a.txt": LINES}, {"a.txt": EDITED}, {"a.txt": None, "b.txt": BETTER})
    assert found == {"b.txt": Change("b.txt", "renamed", "was a.txt; merged with yours")}
    assert case.after("b.txt") == BETTER.replace("line 9\n", "mine\n").encode()


def test_a_file_renamed_on_both_sides_stays_where_you_put_it(case: Case) -> None:
    found = case.merge(
        {"a.txt": LINES}, {"a.txt": None, "mine.txt": LINES}, {"a.txt": None, "b.txt": BETTER}
    )
    assert _kinds(found) == {"mine.txt": "merged"}
    assert case.after("mine.txt") == BETTER.encode()
    assert case.merged.after.keys() == {"mine.txt", "outside.txt"}


def test_a_file_that_you_deleted_stays_away(case: Case) -> None:
    found = case.merge(
        {"a.txt": LINES, "b.txt": "b\n"}, {"a.txt": None, "b.txt": None}, {"a.txt": BETTER}
    )
    assert _kinds(found) == {"a.txt": "left out"}
    assert case.merged.touched == []


def test_a_file_that_you_deleted_stays_away_when_the_template_renames_it(case: Case) -> None:
    found = case.merge({"a.txt": LINES}, {"a.txt": None}, {"a.txt": None, "b.txt": BETTER})
    assert _kinds(found) == {"b.txt": "left out"}
    assert case.merged.touched == []


def test_a_file_that_the_template_dropped_goes_unless_you_changed_it(case: Case) -> None:
    found = case.merge(
        {"a.txt": LINES, "b.txt": "b\n"}, {"a.txt": EDITED}, {"a.txt": None, "b.txt": None}
    )
    assert _kinds(found) == {"a.txt": "kept", "b.txt": "deleted"}
    assert case.after("a.txt") == EDITED.encode()
    assert "b.txt" not in case.merged.after


def test_a_file_that_you_renamed_stays_when_the_template_drops_it(case: Case) -> None:
    case.merge({"a.txt": LINES}, {"a.txt": None, "b.txt": LINES}, {"a.txt": None})
    assert case.after("b.txt") == LINES.encode()


def test_a_file_that_both_added_is_a_conflict_unless_it_is_the_same(case: Case) -> None:
    added = {"a.txt": "mine\n", "b.txt": "same\n"}
    found = case.merge({"c.txt": "c\n"}, added, {"a.txt": "theirs\n", "b.txt": "same\n"})
    assert found == {"a.txt": Change("a.txt", "conflict", lines=(1,))}


def test_a_binary_file_that_both_changed_stays_yours_and_is_a_conflict(case: Case) -> None:
    found = case.merge({"a.png": b"\0a"}, {"a.png": b"\0b"}, {"a.png": b"\0c"})
    assert found["a.png"].kind == "conflict"
    assert "yours stands" in found["a.png"].note
    assert case.after("a.png") == b"\0b"


def test_what_is_no_text_comes_through_byte_for_byte(case: Case) -> None:
    every = bytes(range(256))
    case.merge({"a.bin": b"\0", "l.txt": b"\xe9\n"}, {"l.txt": b"\xe9\n\xfc\n"}, {"a.bin": every})
    assert case.after("a.bin") == every
    assert case.after("l.txt") == b"\xe9\n\xfc\n"


def test_a_change_of_mode_joins_a_change_of_text(case: Case) -> None:
    case.merge({"a.txt": LINES}, {"a.txt": EDITED}, {})
    (case.here / "new/a.txt").chmod(0o755)
    (case.here / "store").rename(case.here / "first")
    found = case.again()
    assert _kinds(found) == {"a.txt": "merged"}
    assert case.merged.after["a.txt"].mode == "100755"
    assert case.after("a.txt") == EDITED.encode()


def test_a_link_is_merged_as_a_link(case: Case) -> None:
    for name, target in (("old", "one"), ("new", "two")):
        (case.here / name).mkdir()
        (case.here / name / "link").symlink_to(target)
    (case.project / "link").symlink_to("one")
    assert _kinds(case.merge({}, {"a.txt": "mine\n"}, {})) == {"link": "changed"}
    assert case.merged.after["link"].mode == "120000"
    assert case.after("link") == b"two"


def test_a_folder_of_the_templates_in_the_place_of_your_file_is_a_conflict(case: Case) -> None:
    found = case.merge({"b.txt": "b\n"}, {"a": "mine\n"}, {"a/x.txt": "theirs\n"})
    assert _kinds(found) == {"a": "deleted", "a/x.txt": "new", "a~yours": "conflict"}
    assert case.after("a~yours") == b"mine\n"


def test_a_file_that_you_made_a_link_stays_one_and_the_templates_is_put_beside_it(
    case: Case,
) -> None:
    (case.project / "a.txt").symlink_to("b.txt")
    write(case.here / "old", {"a.txt": LINES})
    write(case.here / "new", {"a.txt": BETTER})
    write(case.top, {"outside.txt": ""})
    commit(case.top)
    assert _kinds(case.again()) == {"a.txt~template": "conflict"}
    assert case.after("a.txt") == b"b.txt"
    assert case.after("a.txt~template") == BETTER.encode()


def _crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def test_a_project_with_crlf_stays_so_and_its_untouched_lines_are_no_conflict(case: Case) -> None:
    found = case.merge({"a.txt": LINES}, {"a.txt": _crlf(EDITED)}, {"a.txt": BETTER})
    assert _kinds(found) == {"a.txt": "merged"}
    assert case.after("a.txt").decode() == _crlf(BETTER.replace("line 9\n", "mine\n"))


def test_a_conflict_in_a_file_with_crlf_is_found_as_well(case: Case) -> None:
    yours = LINES.replace("line 3\n", "mine\n")
    found = case.merge({"a.txt": LINES}, {"a.txt": _crlf(yours)}, {"a.txt": BETTER})
    assert found["a.txt"].lines == (3,)


def test_a_last_line_without_its_end_is_a_line_like_any_other(case: Case) -> None:
    case.merge({"a.txt": LINES}, {"a.txt": LINES.removesuffix("\n")}, {"a.txt": BETTER})
    assert case.after("a.txt").decode() == BETTER.removesuffix("\n")


NAMES = ["a b.txt", "größe.txt", 'say "hi".txt', "it's.txt", "-rf.txt", "[id].txt", ":x", "a\tb"]


@pytest.mark.parametrize("place", ["", "services/my shop"], ids=["root", "subfolder"])
def test_odd_names_are_names_wherever_the_project_lies(here: Path, place: str) -> None:
    case = Case(here, place)
    old: Files = dict.fromkeys(NAMES, LINES)
    found = case.merge(old, {NAMES[0]: EDITED}, dict.fromkeys(NAMES, BETTER))
    assert found.keys() == set(NAMES)
    assert {case.after(name) for name in NAMES[1:]} == {BETTER.encode()}


def test_a_conflict_keeps_what_it_says_of_a_project_in_a_subfolder(here: Path) -> None:
    case = Case(here, "services/shop")
    found = case.merge({"a.txt": "a\n"}, {"a.txt": "b\n"}, {"a.txt": "c\n"})
    assert found["a.txt"].lines == (1,)
    assert case.merged.after.keys() == {"a.txt"}


def test_a_repository_with_longer_ids_is_merged_as_well(here: Path) -> None:
    case = Case(here, "", "--object-format=sha256")
    old: Files = {"a.txt": LINES, "b.txt": "b\n", "c.txt": LINES}
    yours, new = {"a.txt": EDITED, "c.txt": None}, {"a.txt": BETTER, "b.txt": None, "c.txt": BETTER}
    assert _kinds(case.merge(old, yours, new)) == {
        "a.txt": "merged",
        "b.txt": "deleted",
        "c.txt": "left out",
    }


def test_a_kept_file_stays_as_it_is_and_away_when_you_deleted_it(case: Case) -> None:
    old: Files = {"a.txt": "a\n", "b.txt": "b\n"}
    found = case.merge(old, {"b.txt": None}, {"a.txt": "2\n", "b.txt": "2\n"}, "a.txt", "b.txt")
    assert _kinds(found) == {"b.txt": "left out"}
    assert case.merged.touched == []


def test_the_answers_are_the_templates_whatever_you_did_to_them(case: Case) -> None:
    answers = ".copier-answers.yml"
    found = case.merge({answers: "a: 1\n"}, {answers: "a: 2\nb: 1\n"}, {answers: "a: 3\n"})
    assert _kinds(found) == {answers: "changed"}
    assert case.after(answers) == b"a: 3\n"


MANIFEST = '{\n  "name": "shop",\n  "dependencies": {\n    "express": "5.0.0"\n  }\n}\n'
WITH_MS = MANIFEST.replace('0"\n  }', '0",\n    "ms": "2.1.3"\n  }')
BUMPED = MANIFEST.replace("5.0.0", "5.1.0")


def test_a_dependency_of_yours_beside_one_that_moved_is_no_conflict(case: Case) -> None:
    found = case.merge(
        {"package.json": MANIFEST}, {"package.json": WITH_MS}, {"package.json": BUMPED}
    )
    assert _kinds(found) == {"package.json": "merged"}
    assert case.after("package.json").decode() == WITH_MS.replace("5.0.0", "5.1.0")


def test_a_dependency_that_both_moved_becomes_the_newer_and_is_told(case: Case) -> None:
    yours = MANIFEST.replace("5.0.0", "5.2.0")
    case.merge({"package.json": MANIFEST}, {"package.json": yours}, {"package.json": BUMPED})
    assert case.after("package.json").decode() == yours
    assert [(it.name, it.yours, it.theirs, it.taken) for it in case.merged.chosen] == [
        ("express", "5.2.0", "5.1.0", "5.2.0")
    ]


def test_a_manifest_that_both_changed_at_the_same_key_is_a_conflict_with_lines(case: Case) -> None:
    yours, theirs = (MANIFEST.replace('"shop"', f'"{name}"') for name in ("mine", "theirs"))
    found = case.merge(
        {"package.json": MANIFEST}, {"package.json": yours}, {"package.json": theirs}
    )
    assert found["package.json"] == Change("package.json", "conflict", lines=(2,))


def test_a_manifest_that_is_broken_is_merged_as_lines(case: Case) -> None:
    yours = LINES.replace("line 9\n", "{\n")
    found = case.merge({"package.json": LINES}, {"package.json": yours}, {"package.json": BETTER})
    assert _kinds(found) == {"package.json": "merged"}


def test_lines_that_git_merges_to_the_same_data_are_left_as_git_has_them(case: Case) -> None:
    pad = "".join(f'  "k{number}": 1,\n' for number in range(9))
    text = MANIFEST.replace("{\n", "{\n" + pad, 1)
    yours = text.replace('"name": "shop"', '"name":   "shop", "private": true')
    theirs = text.replace('"k0": 1', '"k0": 2')
    case.merge({"package.json": text}, {"package.json": yours}, {"package.json": theirs})
    assert case.after("package.json").decode() == yours.replace('"k0": 1', '"k0": 2')


def test_a_lock_file_that_both_changed_is_never_merged(case: Case) -> None:
    yours, theirs = (MANIFEST.replace('"shop"', f'"{name}"') for name in ("mine", "theirs"))
    name = "package-lock.json"
    found = case.merge({name: MANIFEST}, {name: yours}, {name: theirs})
    assert case.after(name).decode() == yours
    assert "conflict" not in _kinds(found).values()


def test_nothing_is_written_to_the_project_or_its_repository(case: Case) -> None:
    write(case.here / "old", {"a.txt": LINES})
    write(case.here / "new", {"a.txt": BETTER})
    write(case.project, {"a.txt": EDITED})
    commit(case.top)
    before = {path: path.stat().st_mtime_ns for path in case.top.rglob("*")}
    case.again()
    assert {path: path.stat().st_mtime_ns for path in case.top.rglob("*")} == before
    assert any((case.here / "store/objects").iterdir())
