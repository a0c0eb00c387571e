"""What is told of an update, where telling is hard, and of one that was cut off."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from scaffold import cli
from tests.cli.conftest import Invoke
from tests.update.conftest import (
    Evolve,
    Shop,
    Source,
    commit,
    evolve,
    git,
    pristine,
    released,
    shop,
    source,
    write,
)
from tests.update.cut import update_cut_off

__all__ = ["evolve", "pristine", "released", "shop", "source"]

CUT_OFF = "! An update was cut off (v1.0.0 → v1.1.0); it was taken back first.\n"


@pytest.mark.parametrize(
    ("words", "code"), [(["--check"], 1), (["--dry-run"], 0), (["--to", "v1.0.0"], 0)]
)
def test_what_was_cut_off_is_taken_back_before_anything_is_said(
    invoke: Invoke, shop: Shop, words: list[str], code: int
) -> None:
    before = shop.files()
    update_cut_off(shop, 9)
    result = invoke("update", "shop", *words, code=code)
    assert result.stderr.startswith(CUT_OFF)
    assert "Up to date" not in result.stdout
    assert shop.files() == before


def test_features_can_be_changed_where_an_update_was_cut_off(invoke: Invoke, shop: Shop) -> None:
    update_cut_off(shop)
    (shop.folder / ".copier-answers.yml").rename(  # as an older scaffold left it
        shop.folder / ".git/scaffold/project/now/old/.copier-answers.yml"
    )
    assert CUT_OFF in invoke("update", "shop", "--feature", "realtime").stderr
    assert shop.read("feed.txt") == "a feed\n"


def test_undo_tells_of_the_update_that_was_cut_off(invoke: Invoke, shop: Shop) -> None:
    before = shop.files()
    update_cut_off(shop)
    assert invoke("update", "shop", "--undo").stdout.startswith("Undone v1.1.0 → v1.0.0; 5 files")
    assert shop.files() == before


def test_hidden_changes_are_told_by_a_dry_run_in_the_words_of_the_refusal(
    invoke: Invoke, shop: Shop
) -> None:
    git("update-index", "--skip-worktree", "app.txt", cwd=shop.folder)
    write(shop.folder, {"app.txt": "mine\n"})
    told = invoke("update", "shop", "--dry-run").stderr
    refused = invoke("update", "shop", code=1).stderr
    sentence, hint = refused.splitlines()[-2:]
    assert sentence.removeprefix("Error: ") in told
    assert hint in told


def _full(text: str, *, err: bool = False) -> None:
    if not err:
        raise OSError(errno.ENOSPC, "No space left on device")
    click.echo(text, err=True)


@pytest.mark.parametrize("words", [[], ["--json"]])
def test_a_report_that_cannot_be_written_is_no_update_that_failed(
    invoke: Invoke, shop: Shop, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr("scaffold.terminal.say._print", _full)
    *_, error, hint = invoke("update", "shop", *words, code=1).stderr.splitlines()
    assert error == "Error: All of it was done, but it could not be told here."
    assert hint == "  See: git status"
    assert "line 3, better\n" in shop.read("app.txt")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_the_output_and_few_letters_are_no_fault_of_scaffold(
    shop: Shop,
) -> None:
    words = [sys.executable, "-m", "scaffold", "update", "shop"]
    env = {**os.environ, "PYTHONIOENCODING": "cp1252", "COLUMNS": "1"}
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(words, env=env, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 1
    assert b"All of it was done" in done.stderr
    assert b"Exception" not in done.stderr
    done = subprocess.run([*words, "--undo"], env=env, capture_output=True, check=False)
    assert done.stdout.startswith(b"Undone v1.1.0 ? v1.0.0; ")


def test_json_where_not_every_letter_can_be_written_is_ascii(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for encoding, told in (("utf-8", b'"\xc3\xbc"'), ("ascii", b'"\\u00fc"')):
        with open(1, "w", encoding=encoding, closefd=False) as stream:
            monkeypatch.setattr(sys, "stdout", stream)
            cli.print_json({"name": "ü"})
        assert told in capfdbinary.readouterr().out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--check", "--to", "v1.1.0"], "--check and --to"),
        (["--check", "--feature", "none", "--no-lock"], "--check and --feature and --no-lock"),
        (["--undo", "--source", "x"], "--undo and --source"),
        (["--undo", "--to", "v1.0.0"], "--undo and --to"),
    ],
)
def test_flags_that_would_do_nothing_are_usage(invoke: Invoke, words: list[str], says: str) -> None:
    assert f"{says} do not go together" in invoke("update", *words, code=2).stderr


def test_the_version_that_a_project_has_is_not_called_the_newest(
    invoke: Invoke, shop: Shop
) -> None:
    said = invoke("update", "shop", "--to", "v1.0.0").stdout
    assert said == "This project has v1.0.0 already.\n"


def test_a_folder_of_templates_is_recorded_by_its_shortest_path(
    invoke: Invoke, shop: Shop, released: Source
) -> None:
    folder = released.folder
    invoke("update", "shop", "--source", f"{folder}/../{folder.name}")
    assert f"_src_path: {folder}\n" in shop.read(".copier-answers.yml")


def test_an_address_without_git_in_it_can_be_followed(
    invoke: Invoke, shop: Shop, released: Source
) -> None:
    address = released.folder.as_uri()
    words = ("update", "shop", "--source", address)
    assert "v1.1.0 is there" in invoke(*words, "--check", code=1).stdout
    invoke(*words)
    assert f"_src_path: git+{address}\n" in shop.read(".copier-answers.yml")
    commit(shop.folder)
    assert invoke("update", "shop").stdout == "Up to date: v1.1.0.\n"


def test_an_answer_that_a_version_refuses_is_told_with_flags_that_there_are(
    invoke: Invoke, evolve: Evolve
) -> None:
    choices = "features: {type: str, multiselect: true, default: [], choices: [a]}\n"
    evolve({}, {"a.txt": "a\n"}, copier_yml=f"_subdirectory: template\n{choices}")
    error, hint = invoke("update", "shop", "--feature", "b", code=1).stderr.splitlines()[-2:]
    assert "cannot be used" in error
    assert hint == "  Check --source and the version (v1.1.0)."
