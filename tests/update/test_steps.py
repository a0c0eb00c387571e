"""A whole update, in a project of a small template."""

import shutil
from pathlib import Path

import pytest

from scaffold import templates
from scaffold.errors import ScaffoldError
from scaffold.templates import render_version
from scaffold.update import ANSWERS_FILE, Wish, available, place, prepared, undo
from tests.update.conftest import (
    ANSWERS,
    LINES,
    SECOND,
    Evolve,
    Files,
    Shop,
    Source,
    Tree,
    commit,
    git,
    kinds,
    new_shop,
    new_source,
    tree,
    write,
)


def _fresh(source: Source, version: str, here: Path, **answers: object) -> Tree:
    render_version(str(source.folder), version, answers, here / "fresh")
    return tree(here / "fresh")


def test_a_project_without_edits_becomes_what_a_fresh_one_is(
    shop: Shop, released: Source, here: Path
) -> None:
    report = shop.update()
    fresh = _fresh(released, "v1.1.0", here)
    kept = {"kept.txt": (0o644, b"as it came\n")}
    assert shop.files() == fresh | kept
    assert kinds(report) == {
        ".env.example": "changed",
        "app.txt": "changed",
        "docs/new.txt": "new",
        "gone.txt": "deleted",
    }


def test_nothing_is_committed_and_your_work_is_in(shop: Shop) -> None:
    shop.edit({"app.txt": LINES.replace("line 9\n", "mine\n"), "gone.txt": "gone\nnot\n"})
    assert kinds(shop.update()) == {
        ".env.example": "changed",
        "app.txt": "merged",
        "docs/new.txt": "new",
        "gone.txt": "kept",
    }
    assert "line 3, better\n" in shop.read("app.txt")
    assert "mine\n" in shop.read("app.txt")
    assert shop.status() == [
        " M .copier-answers.yml",
        " M .env.example",
        " M app.txt",
        "?? docs/new.txt",
    ]


def test_a_conflict_is_known_to_git_with_its_three_sides(shop: Shop) -> None:
    shop.edit({"app.txt": LINES.replace("line 3\n", "mine\n"), "docs/new.txt": "mine\n"})
    report = shop.update()
    assert [(it.path, it.lines) for it in report.conflicts] == [
        ("app.txt", (3,)),
        ("docs/new.txt", (1,)),
    ]
    assert {"UU app.txt", "AA docs/new.txt"} <= set(shop.status())
    sides = [git("show", f":{stage}:app.txt", cwd=shop.folder) for stage in (1, 2, 3)]
    assert sides[0] == LINES
    assert sides[1] == LINES.replace("line 3\n", "mine\n")
    assert sides[2] == SECOND["app.txt"]
    git("-c", "merge.tool=mine", "-c", "mergetool.mine.cmd=cp $REMOTE $MERGED",
        "-c", "mergetool.mine.trustExitCode=true", "-c", "mergetool.keepBackup=false",
        "mergetool", "--no-prompt", "app.txt", cwd=shop.folder)  # fmt: skip
    assert shop.read("app.txt") == SECOND["app.txt"]


@pytest.mark.parametrize("names", [["a b.txt", "größe.txt", "-rf.txt"], [":x", "[id].txt", "it's"]])
def test_odd_names_are_written_marked_and_taken_back(evolve: Evolve, names: list[str]) -> None:
    shop = evolve(dict.fromkeys(names, "a\n"), dict.fromkeys(names, "c\n"))
    shop.edit({names[0]: "b\n"})
    before = shop.files()
    assert [it.path for it in shop.update().conflicts] == [names[0]]
    assert {shop.read(name) for name in names[1:]} == {"c\n"}
    assert len([line for line in shop.status() if line.startswith("UU")]) == 1
    undo(shop.folder, [])
    assert shop.files() == before
    assert shop.status() == []


def test_a_project_in_a_subfolder_is_updated_beside_other_work(
    released: Source, here: Path
) -> None:
    top = here / "repository"
    shop = new_shop(released, "v1.0.0", top / "services/my shop")
    shutil.rmtree(shop.folder / ".git")
    write(top, {"outside.txt": "x\n"})
    git("init", "--quiet", cwd=top)
    commit(top)
    shop.edit({"app.txt": LINES.replace("line 3\n", "mine\n")})
    write(top, {"outside.txt": "changed\n"})
    assert [it.path for it in shop.update().conflicts] == ["app.txt"]
    status = git("status", "--porcelain", "-z", "-uall", cwd=top).split("\0")
    assert {" M outside.txt", "UU services/my shop/app.txt"} <= set(status)
    assert "?? services/my shop/docs/new.txt" in status
    assert (top / "outside.txt").read_text() == "changed\n"


def test_a_work_tree_beside_the_repository_is_updated_as_well(shop: Shop, here: Path) -> None:
    git("worktree", "add", "--quiet", str(here / "second"), cwd=shop.folder)
    second = Shop(here / "second")
    assert kinds(second.update())["app.txt"] == "changed"
    assert shop.status() == []


def _times(shop: Shop) -> dict[Path, int]:
    """Return when files were written; git marks an object that it finds again as in use."""
    paths = (path for path in shop.folder.rglob("*") if "objects" not in path.parts)
    return {path: path.lstat().st_mtime_ns for path in paths}


def test_a_dry_run_on_unsaved_work_writes_nothing_at_all(shop: Shop) -> None:
    write(shop.folder, {"app.txt": "not committed\n", "untracked.txt": "x\n"})
    before = shop.everything()
    times = _times(shop)
    report = shop.update(dry=True)
    assert kinds(report)["app.txt"] == "changed"  # of the last commit, which is what counts
    assert shop.everything() == before
    assert _times(shop) == times


def test_a_dry_run_says_what_the_update_then_does(shop: Shop) -> None:
    shop.edit({"app.txt": LINES.replace("line 3\n", "mine\n")})
    assert shop.update(dry=True) == shop.update()


def test_the_report_tells_of_releases_new_questions_and_new_settings(shop: Shop) -> None:
    write(shop.folder, {".env": "PORT=4000\n"})
    report = shop.update(dry=True)
    assert (report.before, report.after) == ("v1.0.0", "v1.1.0")
    assert [tuple(it) for it in report.releases] == [("1.1.0", "- Better.")]
    assert report.answers == {"colour": "blue"}
    assert report.settings == ("COLOUR",)


def test_a_setting_that_you_have_is_not_told(shop: Shop) -> None:
    write(shop.folder, {".env": "COLOUR=red\n"})
    assert shop.update(dry=True).settings == ()


def test_what_is_up_to_date_is_nothing_to_do(shop: Shop) -> None:
    shop.update()
    commit(shop.folder)
    with prepared(shop.folder, Wish(), lambda _: None, dry=False) as ready:
        assert ready is None
    assert available(shop.folder, None) == ("v1.1.0", "v1.1.0")


def test_only_a_release_is_newest_but_a_preview_can_be_named(shop: Shop) -> None:
    assert available(shop.folder, None) == ("v1.0.0", "v1.1.0")
    assert shop.update(to="v2.0.0-rc.1").after == "v2.0.0-rc.1"
    assert shop.has("preview.txt")


def test_an_update_can_stop_at_a_version_on_the_way(evolve: Evolve, source: Source) -> None:
    shop = evolve({"a.txt": "1\n"}, {"a.txt": "2\n"})
    source.release("v1.2.0", {"a.txt": "3\n"})
    shop.update(to="1.1.0")
    assert shop.read("a.txt") == "2\n"
    commit(shop.folder)
    shop.update()
    assert shop.read("a.txt") == "3\n"


def test_a_feature_turned_on_and_off_gives_what_a_fresh_project_has(
    released: Source, here: Path
) -> None:
    shop = new_shop(released, "v1.1.0", here / "shop")
    before = shop.files()
    report = shop.update(to="v1.1.0", answers={ANSWERS_FILE: {"features": ["realtime"]}})
    assert kinds(report) == {"feed.txt": "new"}
    fresh = _fresh(released, "v1.1.0", here, features=["realtime"])
    assert shop.files() == fresh
    commit(shop.folder)
    assert kinds(shop.update(answers={ANSWERS_FILE: {"features": []}})) == {"feed.txt": "deleted"}
    assert shop.files() == before


def test_a_project_moves_to_templates_that_are_hosted_elsewhere(
    shop: Shop, released: Source, here: Path
) -> None:
    hosted = here / "hosted"
    git("clone", "--quiet", str(released.folder), str(hosted), cwd=here)
    shop.update(source=str(hosted))
    assert f"_src_path: {hosted}\n" in shop.read(".copier-answers.yml")
    assert "line 3, better\n" in shop.read("app.txt")
    commit(shop.folder)
    assert available(shop.folder, None) == ("v1.1.0", "v1.1.0")


def test_a_project_made_on_another_machine_moves_as_well(released: Source, shop: Shop) -> None:
    answers = shop.read(".copier-answers.yml")
    shop.edit({".copier-answers.yml": answers.replace(str(released.folder), "/home/grace/t")})
    with pytest.raises(ScaffoldError, match=r"of /home/grace/t cannot be read") as caught:
        shop.update()
    assert "--source" in caught.value.hint
    shop.update(source=str(released.folder))
    assert "line 3, better\n" in shop.read("app.txt")
    assert f"_src_path: {released.folder}\n" in shop.read(".copier-answers.yml")


def test_other_templates_that_lack_its_version_are_no_way_out_of_lost_ones(
    shop: Shop, released: Source, source: Source
) -> None:
    answers = shop.read(".copier-answers.yml")
    shop.edit({".copier-answers.yml": answers.replace(str(released.folder), "/home/grace/t")})
    source.release("v5.0.0", {"a.txt": "a\n"}, copier_yml="_subdirectory: template\n")
    says = rf"/home/grace/t cannot be read, and {source.folder} has no v1\.0\.0, which"
    with pytest.raises(ScaffoldError, match=says) as caught:
        shop.update(source=str(source.folder))
    assert "Push that tag" in caught.value.hint


@pytest.mark.parametrize("code", ["_tasks: [touch ran]\n", "_migrations: [touch ran]\n"])
def test_templates_that_run_code_are_refused_in_one_sentence(
    evolve: Evolve, source: Source, code: str
) -> None:
    shop = evolve({"a.txt": "1\n"}, {"a.txt": "2\n"}, copier_yml=f"_subdirectory: template\n{code}")
    before = shop.everything()
    with pytest.raises(ScaffoldError, match=r"cannot be used: .*unsafe") as caught:
        shop.update()
    assert "\n" not in caught.value.message
    assert shop.files() == {name: it for name, it in before.items() if ".git/" not in name}


def test_an_answer_that_is_no_longer_allowed_is_one_sentence(evolve: Evolve) -> None:
    beside = "_subdirectory: template\nsize: {type: str, choices: [big, small], default: big}\n"
    shop = evolve({"a.txt": "1\n"}, {"a.txt": "2\n"}, copier_yml=beside)
    answers = shop.read(".copier-answers.yml")
    shop.edit({".copier-answers.yml": answers + "size: middle\n"})
    with pytest.raises(ScaffoldError, match="size") as caught:
        shop.update()
    assert "\n" not in caught.value.message


def test_an_answer_to_a_question_that_is_gone_is_forgotten(source: Source, here: Path) -> None:
    beside = "_subdirectory: template\n"
    first: Files = {ANSWERS: "{{ _copier_answers|to_nice_yaml }}"}
    source.release("v1.0.0", first, copier_yml=beside + "size: {type: str, default: big}\n")
    shop = new_shop(source, "v1.0.0", here / "shop")
    source.release("v1.1.0", {"a.txt": "a\n"}, copier_yml=beside)
    shop.update()
    assert shop.files() == _fresh(source, "v1.1.0", here)


def test_a_file_in_the_way_that_git_does_not_keep_is_named_and_nothing_is_written(
    evolve: Evolve,
) -> None:
    shop = evolve({".gitignore": "new.txt\n"}, {"new.txt": "theirs\n", ".gitignore": "x\n"})
    write(shop.folder, {"new.txt": "mine\n"})
    before = shop.files()
    with pytest.raises(ScaffoldError, match=r"take the place of new\.txt, which git"):
        shop.update()
    assert shop.files() == before
    assert shop.status() == []


def test_a_folder_takes_the_place_of_a_file_and_the_other_way_round(
    source: Source, here: Path
) -> None:
    before: Files = {ANSWERS: "{{ _copier_answers|to_nice_yaml }}", "a": "a\n", "b/x.txt": "x\n"}
    source.release("v1.0.0", before, copier_yml="_subdirectory: template\n")
    shop = new_shop(source, "v1.0.0", here / "shop")
    shutil.rmtree(source.folder / "template/b")
    (source.folder / "template/a").unlink()
    source.release("v1.1.0", {"a/x.txt": "1\n", "b": "2\n"})
    first = shop.files()
    shop.update()
    assert shop.files() == _fresh(source, "v1.1.0", here)
    undo(shop.folder, [])
    assert shop.files() == first


def test_an_index_that_another_git_holds_stops_the_update_before_it_begins(shop: Shop) -> None:
    shop.edit({"app.txt": LINES.replace("line 3\n", "mine\n")})
    write(shop.folder, {".git/index.lock": ""})
    before = shop.files()
    with pytest.raises(ScaffoldError, match="could not be put in place; they are as they were"):
        shop.update()
    assert shop.files() == before
    (shop.folder / ".git/index.lock").unlink()
    assert shop.status() == []
    assert [it.path for it in shop.update().conflicts] == ["app.txt"]


def test_what_a_killed_update_left_is_taken_back_first(shop: Shop, released: Source) -> None:
    before = shop.files()
    with prepared(shop.folder, Wish(lock=False), lambda _: None, dry=False) as ready:
        assert ready
        ready.apply()
    repository = place.repository_of(shop.folder)
    # As if the machine had stopped with one file to go and nothing finished.
    place.last(repository).folder.replace(place.current(repository).folder)
    (shop.folder / ".copier-answers.yml").unlink()
    report = shop.update()
    assert kinds(report)["app.txt"] == "changed"
    undo(shop.folder, [])
    assert shop.files() == before


def test_a_source_in_the_home_folder_is_put_there_first(
    here: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(here, {".copier-answers.yml": f"_src_path: {templates.HOME_BUNDLE}\n_commit: v0.1.0\n"})
    assert available(here, None)[1].startswith("v")
    assert (home / ".scaffold/templates.bundle").exists()


def test_a_source_of_another_kind_is_no_templates(here: Path) -> None:
    source = new_source(here / "empty")
    write(here, {".copier-answers.yml": f"_src_path: {source.folder}\n_commit: v0.1.0\n"})
    with pytest.raises(ScaffoldError, match="have no released version"):
        available(here, None)
