"""Files whose changes git was told not to look at."""

import pytest

from scaffold.errors import ScaffoldError
from tests.update.conftest import LINES, Shop, git, write

MINE = LINES.replace("line 9\n", "mine\n")
FLAGS = ["--skip-worktree", "--assume-unchanged"]


@pytest.mark.parametrize("flag", FLAGS)
def test_changes_that_git_does_not_see_are_not_taken_away(shop: Shop, flag: str) -> None:
    git("update-index", flag, "app.txt", "README.md", cwd=shop.folder)
    write(shop.folder, {"app.txt": MINE, "README.md": "mine\n"})
    assert shop.status() == []
    before = shop.files()
    with pytest.raises(ScaffoldError, match=r"not to look at app\.txt, and they are") as caught:
        shop.update()
    assert shop.files() == before
    for command in caught.value.hint.removeprefix("Commit that, after: ").split(" && "):
        git(*command.split()[1:], cwd=shop.folder)
    shop.edit({})
    shop.update()
    assert shop.read("app.txt") == MINE.replace("line 3\n", "line 3, better\n")


def test_a_file_that_git_does_not_look_at_is_updated_where_it_did_not_change(shop: Shop) -> None:
    shop.edit({".gitattributes": "*.txt text\n"})
    git("update-index", "--skip-worktree", "app.txt", "gone.txt", cwd=shop.folder)
    write(shop.folder, {"app.txt": LINES.replace("\n", "\r\n"), "gone.txt": None})
    shop.update()
    assert "line 3, better" in shop.read("app.txt")


def test_a_link_is_compared_by_where_it_leads(shop: Shop) -> None:
    git("update-index", "--skip-worktree", "app.txt", cwd=shop.folder)
    (shop.folder / "app.txt").unlink()
    (shop.folder / "app.txt").symlink_to("nowhere")
    with pytest.raises(ScaffoldError, match=r"app\.txt"):
        shop.update()
    assert (shop.folder / "app.txt").is_symlink()
