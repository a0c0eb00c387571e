import pytest

from scaffold.errors import ScaffoldError, UsageProblem
from scaffold.update import undo
from tests.update.conftest import LINES, Evolve, Shop, commit, git, write


def _undo(shop: Shop) -> list[str]:
    return undo(shop.folder, ["uv.lock"])[1]


def test_the_tree_and_the_index_are_exactly_as_before(shop: Shop) -> None:
    (shop.folder / "app.txt").chmod(0o600)
    before = shop.files()
    listed = git("ls-files", "--stage", cwd=shop.folder)
    shop.update()
    assert sorted(_undo(shop)) == [
        ".copier-answers.yml",
        ".env.example",
        "app.txt",
        "docs/new.txt",
        "gone.txt",
    ]
    assert shop.files() == before
    assert git("ls-files", "--stage", cwd=shop.folder) == listed
    assert shop.status() == []
    assert not shop.has("docs")


def test_what_it_was_about_is_told(shop: Shop) -> None:
    shop.update()
    about, _ = undo(shop.folder, [])
    assert (about["from"], about["to"]) == ("v1.0.0", "v1.1.0")


def test_it_can_be_done_once(shop: Shop) -> None:
    shop.update()
    _undo(shop)
    with pytest.raises(ScaffoldError, match="no update to undo"):
        _undo(shop)


def test_where_nothing_was_updated_there_is_nothing_to_undo(shop: Shop) -> None:
    with pytest.raises(ScaffoldError, match="no update to undo"):
        _undo(shop)


def test_the_update_can_be_done_again(shop: Shop) -> None:
    shop.update()
    after = shop.files()
    _undo(shop)
    shop.update()
    assert shop.files() == after


def test_conflicts_are_cleared_from_the_index(shop: Shop) -> None:
    shop.edit({"app.txt": LINES.replace("line 3\n", "mine\n")})
    before = shop.files()
    shop.update()
    assert "UU app.txt" in shop.status()
    _undo(shop)
    assert shop.files() == before
    assert shop.status() == []


def test_what_was_staged_in_between_is_unstaged(shop: Shop) -> None:
    shop.update()
    git("add", "--all", cwd=shop.folder)
    _undo(shop)
    assert shop.status() == []


def test_after_a_commit_the_way_back_is_a_change_to_commit(shop: Shop) -> None:
    before = shop.files()
    shop.update()
    commit(shop.folder)
    _undo(shop)
    assert shop.files() == before
    assert len(shop.status()) == 5


@pytest.mark.parametrize("change", ["edited", "deleted", "made a script", "made a link"])
def test_later_work_is_named_and_not_lost(shop: Shop, change: str) -> None:
    shop.update()
    path = shop.folder / "app.txt"
    if change == "edited":
        path.write_text("later\n")
    elif change == "made a script":
        path.chmod(0o755)
    else:
        path.unlink()
        if change == "made a link":
            path.symlink_to("run.sh")
    later = shop.files()
    with pytest.raises(ScaffoldError, match=r"would be lost: app\.txt\.") as caught:
        _undo(shop)
    assert shop.files() == later
    assert "git stash push" in caught.value.hint


def test_a_settled_conflict_is_later_work(shop: Shop) -> None:
    shop.edit({"app.txt": LINES.replace("line 3\n", "mine\n")})
    shop.update()
    write(shop.folder, {"app.txt": LINES.replace("line 3\n", "both\n")})
    with pytest.raises(ScaffoldError, match=r"app\.txt"):
        _undo(shop)


def test_work_in_other_files_stays(shop: Shop) -> None:
    shop.update()
    write(shop.folder, {"README.md": "# Mine\n", "mine.txt": "new\n"})
    _undo(shop)
    assert shop.status() == [" M README.md", "?? mine.txt"]


def test_a_file_that_was_put_back_by_hand_is_no_hindrance(shop: Shop) -> None:
    before = shop.files()
    shop.update()
    git("checkout", "--", "app.txt", cwd=shop.folder)
    assert "app.txt" not in _undo(shop)
    assert shop.files() == before


def test_what_a_package_manager_did_to_the_lock_file_since_is_no_work_to_lose(
    evolve: Evolve,
) -> None:
    shop = evolve({"uv.lock": "1\n"}, {"uv.lock": "2\n"})
    before = shop.files()
    shop.update()
    write(shop.folder, {"uv.lock": "3\n"})
    _undo(shop)
    assert shop.files() == before


def test_modes_and_links_come_back(evolve: Evolve) -> None:
    shop = evolve({"tool.sh": "x\n", "link": "a file\n"}, {"x.txt": "x\n"})
    source = shop.folder.parent / "templates/template"
    (source / "tool.sh").chmod(0o644)
    (source / "link").unlink()
    (source / "link").symlink_to("tool.sh")
    write(source.parent, {"copier.yml": "_subdirectory: template\n_preserve_symlinks: true\n"})
    commit(source.parent)
    git("tag", "v1.2.0", cwd=source)
    before = shop.files()
    shop.update()
    assert shop.files()["tool.sh"][0] == 0o644
    assert (shop.folder / "link").is_symlink()
    assert sorted(_undo(shop)) == [".copier-answers.yml", "link", "tool.sh", "x.txt"]
    assert shop.files() == before


def test_a_folder_that_is_not_there_is_usage(shop: Shop) -> None:
    with pytest.raises(UsageProblem):
        undo(shop.folder / "nowhere", [])


def test_on_another_branch_there_is_nothing_of_the_update_and_the_undoing_is_kept(
    shop: Shop,
) -> None:
    git("branch", "before", cwd=shop.folder)
    shop.update()
    commit(shop.folder)
    git("switch", "--quiet", "before", cwd=shop.folder)
    with pytest.raises(
        ScaffoldError, match=r"Nothing of .*\(v1\.0\.0 → v1\.1\.0\) is in"
    ) as caught:
        _undo(shop)
    assert "another branch" in caught.value.hint
    git("switch", "--quiet", "main", cwd=shop.folder)
    assert len(_undo(shop)) == 5


def test_the_lock_file_of_a_service_is_no_work_to_lose_either(evolve: Evolve) -> None:
    shop = evolve({"api/uv.lock": "1\n"}, {"api/uv.lock": "2\n"})
    shop.update()
    write(shop.folder, {"api/uv.lock": "3\n"})
    assert "api/uv.lock" in _undo(shop)
