import json
from pathlib import Path

import pytest

from scaffold.update import Update
from tests.cli.conftest import Invoke
from tests.update.conftest import (
    LINES,
    Evolve,
    Shop,
    Source,
    commit,
    evolve,
    pristine,
    released,
    shop,
    source,
    write,
)

__all__ = ["evolve", "pristine", "released", "shop", "source"]

MINE = LINES.replace("line 3\n", "mine\n")


def test_an_update_says_file_by_file_what_it_did_and_what_is_next(
    invoke: Invoke, shop: Shop
) -> None:
    shop.edit({"app.txt": LINES.replace("line 9\n", "mine\n"), "gone.txt": "mine\n"})
    write(shop.folder, {".env": "PORT=4000\n"})
    said = invoke("update", "shop").stdout
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines[0] == "Updated v1.0.0 → v1.1.0"
    assert "merged with yours app.txt" in lines
    assert "new docs/new.txt" in lines
    assert "kept gone.txt (the template dropped it; you changed it)" in lines
    assert lines[lines.index("What 1.1.0 brings") + 1] == "- Better."
    assert "colour blue" in lines
    assert "→ .env.example has COLOUR; your .env has not" in lines
    assert "→ Look: git diff; test; commit." in lines
    assert "→ Or take it back: scaffold update --undo" in lines
    assert "line 3, better\n" in shop.read("app.txt")


def test_conflicts_are_named_with_their_lines_and_are_exit_code_3(
    invoke: Invoke, shop: Shop
) -> None:
    shop.edit({"app.txt": MINE, "docs/new.txt": "mine\n"})
    said = invoke("update", "shop", code=3).stdout
    assert "app.txt  (line 3)" in said
    assert "docs/new.txt  (line 1)" in said
    assert "git add app.txt docs/new.txt" in " ".join(said.split())
    assert {"UU app.txt", "AA docs/new.txt"} <= set(shop.status())


def test_the_command_that_settles_a_conflict_can_be_typed_as_it_is(
    invoke: Invoke, evolve: Evolve
) -> None:
    evolve({"a b.txt": "a\n", "-x": "a\n"}, {"a b.txt": "c\n", "-x": "c\n"}).edit(
        {"a b.txt": "b\n", "-x": "b\n"}
    )
    said = invoke("update", "shop", code=3).stdout
    assert "git add -- -x 'a b.txt'" in " ".join(said.split())


def test_a_dry_run_says_what_would_be_and_that_it_is_not(invoke: Invoke, shop: Shop) -> None:
    shop.edit({"app.txt": MINE})
    (shop.folder / "README.md").touch()  # git would like to note that it has looked
    before = shop.everything()
    said = invoke("update", "shop", "--dry-run").stdout
    assert said.startswith("Would update v1.0.0 → v1.1.0\n")
    assert "app.txt  (line 3)" in said
    assert "Do it: the same command without --dry-run" in said
    assert shop.everything() == before


def test_a_dry_run_says_what_it_did_not_look_at(invoke: Invoke, shop: Shop) -> None:
    write(shop.folder, {"README.md": "mine\n", "mine.txt": "x\n"})
    before = shop.everything()
    said = invoke("update", "shop", "--dry-run")
    assert "Not looked at, since it is not committed: README.md, mine.txt" in said.stderr
    assert shop.everything() == before


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_json_is_one_object_in_the_documented_form(
    invoke: Invoke, shop: Shop, dry: list[str]
) -> None:
    shop.edit({"app.txt": MINE})
    result = invoke("update", "shop", "--json", *dry, code=0 if dry else 3)
    data = json.loads(result.stdout)
    changes = {change.pop("path"): change for change in data.pop("changes")}
    assert changes["app.txt"] == {"kind": "conflict", "note": None, "lines": [3]}
    assert data == {
        "schema": 1,
        "path": str(shop.folder),
        "dry_run": bool(dry),
        "up_to_date": False,
        "from": "v1.0.0",
        "to": "v1.1.0",
        "conflicts": ["app.txt"],
        "dependencies": [],
        "locked": [],
        "lacking": None,
        "settings": [],
        "new_answers": {"colour": "blue"},
        "changelog": [{"version": "1.1.0", "text": "- Better."}],
    }
    assert result.stderr == ""


def test_what_is_up_to_date_is_one_line(invoke: Invoke, shop: Shop) -> None:
    invoke("update", "shop")
    commit(shop.folder)
    assert invoke("update", "shop").stdout == "Up to date: v1.1.0.\n"
    data = json.loads(invoke("update", "shop", "--json").stdout)
    assert (data["up_to_date"], data["changes"]) == (True, [])


def test_check_is_one_line_and_its_exit_code_says_the_same(invoke: Invoke, shop: Shop) -> None:
    before = shop.everything()
    said = "v1.1.0 is there; this project has v1.0.0. See it: scaffold update --dry-run\n"
    assert invoke("update", "shop", "--check", code=1).stdout == said
    data = json.loads(invoke("update", "shop", "--check", "--json", code=1).stdout)
    assert data == {"schema": 1, "version": "v1.0.0", "newest": "v1.1.0", "up_to_date": False}
    assert shop.everything() == before
    invoke("update", "shop")
    assert invoke("update", "shop", "--check").stdout == "Up to date: v1.1.0.\n"
    assert json.loads(invoke("update", "shop", "--check", "--json").stdout)["up_to_date"] is True


def test_check_can_look_at_other_templates(invoke: Invoke, shop: Shop, released: Source) -> None:
    answers = shop.read(".copier-answers.yml").replace(str(released.folder), "/home/grace/t")
    write(shop.folder, {".copier-answers.yml": answers})
    assert "cannot be read" in invoke("update", "shop", "--check", code=1).stderr
    words = ("update", "shop", "--check", "--source", str(released.folder))
    assert "v1.1.0 is there" in invoke(*words, code=1).stdout


def test_undo_lists_what_it_put_back(invoke: Invoke, shop: Shop) -> None:
    before = shop.files()
    invoke("update", "shop")
    said = invoke("update", "shop", "--undo").stdout
    assert said.startswith("Undone v1.1.0 → v1.0.0; 5 files are as before the update.\n")
    assert "\n  app.txt\n" in said
    assert shop.files() == before
    invoke("update", "shop")
    data = json.loads(invoke("update", "shop", "--undo", "--json").stdout)
    assert (data["from"], data["to"], len(data["changes"])) == ("v1.1.0", "v1.0.0", 5)


def test_features_are_turned_on_and_off(invoke: Invoke, shop: Shop) -> None:
    said = invoke("update", "shop", "--to", "v1.0.0", "--feature", "realtime").stdout
    assert said.startswith("Updated at v1.0.0, with other answers\n")
    assert shop.read("feed.txt") == "a feed\n"
    commit(shop.folder)
    invoke("update", "shop", "--to", "v1.0.0", "--feature", "none")
    assert not shop.has("feed.txt")


def test_the_folder_is_the_current_one_unless_it_is_named(
    invoke: Invoke, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shop.folder)
    assert "v1.1.0 is there" in invoke("update", "--check", code=1).stdout


@pytest.mark.parametrize("way", ["..", "link"])
def test_the_folder_may_be_named_in_a_roundabout_way(
    invoke: Invoke, shop: Shop, here: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    (shop.folder / ".git").rename(here / ".git")
    commit(here)
    (shop.folder / "sub").mkdir()
    (here.parent / "link").symlink_to(shop.folder)
    monkeypatch.chdir(shop.folder / "sub" if way == ".." else here.parent)
    invoke("update", way)
    assert "line 3, better\n" in shop.read("app.txt")


REFUSALS = [
    (["nowhere"], 2, "There is no folder", "Name the project's folder"),
    (["shop", "--to", "v9"], 2, "There is no version 'v9'", "There are v1.0.0, v1.1.0"),
    (["shop", "--to", "v0.1"], 2, "There is no version 'v0.1'", "There are v1.0.0, v1.1.0"),
    (["shop", "--source", "nowhere"], 1, "of nowhere cannot be read", "--source"),
    (["shop", "--undo"], 1, "no update to undo", "Only the last"),
    (["nowhere", "--undo"], 2, "There is no folder", "Name the project's folder"),
    (["nowhere", "--check"], 2, "There is no folder", "Name the project's folder"),
    ([], 1, "is no project made by scaffold", "scaffold link"),
]


@pytest.mark.parametrize(("words", "code", "says", "hint"), REFUSALS)
def test_a_refusal_is_one_sentence_and_a_hint_and_nothing_is_written(
    invoke: Invoke, shop: Shop, words: list[str], code: int, says: str, hint: str
) -> None:
    before = shop.files()
    error, advice = invoke("update", *words, code=code).stderr.splitlines()
    assert says in error
    assert error.startswith("Error: ")
    assert error.endswith(".")
    assert hint in advice
    assert shop.files() == before


def test_changes_that_are_not_committed_are_refused(invoke: Invoke, shop: Shop) -> None:
    write(shop.folder, {"app.txt": "mine\n"})
    error, hint = invoke("update", "shop", code=1).stderr.splitlines()
    assert error == "Error: There are changes that are not committed: app.txt."
    assert "git stash" in hint


def test_a_version_before_the_projects_own_is_refused(invoke: Invoke, shop: Shop) -> None:
    invoke("update", "shop")
    commit(shop.folder)
    error, hint = invoke("update", "shop", "--to", "v1.0.0", code=1).stderr.splitlines()
    assert "v1.0.0 is older than v1.1.0" in error
    assert "--undo" in hint


@pytest.mark.parametrize("words", [[], ["--check"], ["--dry-run"], ["--undo"]])
def test_without_git_it_is_one_sentence(
    invoke: Invoke, shop: Shop, here: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("PATH", str(here))
    error, hint = invoke("update", "shop", *words, code=1).stderr.splitlines()
    assert error == "Error: git was not found."
    assert "apt install git" in hint


def test_check_needs_no_repository(invoke: Invoke, shop: Shop) -> None:
    (shop.folder / ".git").rename(shop.folder.parent / "elsewhere")
    assert "is not under git" in invoke("update", "shop", code=1).stderr
    assert "v1.1.0 is there" in invoke("update", "shop", "--check", code=1).stdout


@pytest.mark.parametrize(
    "words", [["--check", "--undo"], ["--dry-run", "--undo"], ["--check", "--dry-run"]]
)
def test_what_does_not_go_together_is_usage(invoke: Invoke, words: list[str]) -> None:
    assert f"{' and '.join(words)} do not go together" in invoke("update", *words, code=2).stderr


@pytest.mark.parametrize("when", ["before", "after"])
def test_ctrl_c_says_truly_whether_anything_was_written(
    invoke: Invoke, shop: Shop, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    real = Update.apply

    def interrupted(update: Update) -> None:
        if when == "after":
            real(update)
        raise KeyboardInterrupt

    monkeypatch.setattr(Update, "apply", interrupted)
    said = invoke("update", "shop", code=130).stderr
    if when == "after":
        assert "Interrupted, but all of it was done." in said
        assert "line 3, better\n" in shop.read("app.txt")
    else:
        assert "Interrupted; nothing was written." in said
        assert shop.status() == []


def test_an_interruption_while_the_report_is_printed_says_that_all_was_done(
    invoke: Invoke, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("scaffold.terminal.show.update", interrupted)
    said = invoke("update", "shop", code=130).stderr
    assert "Interrupted, but all of it was done." in said
    assert "line 3, better\n" in shop.read("app.txt")


def test_a_disk_that_fills_up_is_one_sentence(
    invoke: Invoke, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = shop.files()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scaffold.update.switch.Switch.stage", full)
    said = invoke("update", "shop", code=1).stderr
    assert "No space left on device" in said
    assert "fault of scaffold" not in said
    assert shop.files() == before
