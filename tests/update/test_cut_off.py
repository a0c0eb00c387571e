"""The machine stopped within the one step of an update that moves files."""

import pytest

from scaffold.errors import ScaffoldError
from scaffold.update import place, settle, undo
from tests.update.conftest import LINES, Shop
from tests.update.cut import cut_off, update_cut_off

MOVES = 5  # what an update of this project moves


@pytest.mark.parametrize("moves", [0, 3, MOVES])
def test_what_was_moved_is_taken_back_and_told(shop: Shop, moves: int) -> None:
    before = shop.files()
    update_cut_off(shop, moves)
    assert (shop.files() == before) == (moves == 0)
    cut = settle(shop.folder)
    assert cut is not None
    assert cut.between == " (v1.0.0 → v1.1.0)"
    assert shop.files() == before
    assert shop.status() == []
    assert settle(shop.folder) is None


def test_the_answers_are_the_last_to_come(shop: Shop) -> None:
    update_cut_off(shop, MOVES - 1)
    assert "_commit: v1.0.0" in shop.read(".copier-answers.yml")


def test_conflicts_that_git_was_told_of_are_taken_back_too(shop: Shop) -> None:
    shop.edit({"app.txt": LINES.replace("line 3\n", "mine\n")})
    update_cut_off(shop, marked=True)
    assert "UU app.txt" in shop.status()
    settle(shop.folder)
    assert shop.status() == []
    assert "app.txt" in [it.path for it in shop.update().conflicts]


def test_an_end_that_fails_takes_back_what_git_was_told(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.edit({"app.txt": LINES.replace("line 3\n", "mine\n")})

    def fail(_: object) -> None:
        raise OSError(28, "No space left on device", "last")

    monkeypatch.setattr(place, "keep", fail)
    with pytest.raises(ScaffoldError, match=r"as they were \(No space left on device: last\)\.$"):
        shop.update()
    assert shop.status() == []


def test_one_undo_is_one_step(shop: Shop) -> None:
    first = shop.files()
    shop.update(to="v1.0.0", answers={".copier-answers.yml": {"features": ["realtime"]}})
    shop.edit({})
    second = shop.files()
    update_cut_off(shop)
    about, paths = undo(shop.folder, [])
    assert (about["from"], about["to"]) == ("v1.0.0", "v1.1.0")
    assert "app.txt" in paths
    assert shop.files() == second
    undo(shop.folder, [])
    assert shop.files() == first


def test_an_undoing_that_was_cut_off_is_done_by_the_next(shop: Shop) -> None:
    before = shop.files()
    shop.update()
    cut_off(lambda: undo(shop.folder, []), 2)
    undo(shop.folder, [])
    assert shop.files() == before


def test_an_undoing_that_was_cut_off_is_taken_back_by_anything_else(shop: Shop) -> None:
    shop.update()
    after = shop.files()
    cut_off(lambda: undo(shop.folder, []), 2)
    cut = settle(shop.folder)
    assert cut is not None
    assert cut.about == {}
    assert shop.files() == after


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"about": {}, "files": [{}]}'])
def test_a_plan_that_was_not_written_to_its_end_is_none(shop: Shop, text: str) -> None:
    plan = shop.folder / ".git/scaffold/project/now/plan.json"
    plan.parent.mkdir(parents=True)
    plan.write_text(text)
    assert settle(shop.folder) is None
    with place.alone(place.repository_of(shop.folder)) as cut:
        assert cut is None
    assert not plan.parent.exists()


def test_where_nothing_may_be_written_it_is_said_who_can_take_it_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    update_cut_off(shop)

    def refuse(*_: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(place, "_clean", refuse)
    with pytest.raises(ScaffoldError, match=r"cut off here.*Read-only file system") as caught:
        settle(shop.folder)
    assert "scaffold update --undo" in caught.value.hint
