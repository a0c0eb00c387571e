"""A project of several renderings is updated as one."""

from __future__ import annotations

import shutil
from pathlib import Path

import copier
import pytest
import yaml

from scaffold.templates import render_version
from scaffold.update import (
    ANSWERS_FILE,
    WORKSPACE_FILE,
    Addition,
    Wish,
    available,
    parts,
    prepared,
    undo,
)
from tests.update.conftest import ANSWERS, LINES, Files, Shop, Source, commit, git, kinds

FORM = """\
_subdirectory: template/{{ stack }}
_skip_if_exists: [kept.txt]
stack: {type: str}
project_name: {type: str, default: shop}
features: {type: yaml, default: []}
services: {type: yaml, default: [], when: "{{ stack == 'workspace' }}"}
"""
REMEMBERS = "{{ _copier_answers|to_nice_yaml }}"
LISTING = "{% for it in services %}{{ it.folder }}\n{% endfor %}"
FIRST: Files = {
    f"workspace/{ANSWERS}": REMEMBERS,
    "workspace/services.txt.jinja": LISTING,
    "workspace/notes.txt": LINES,
    f"a/{ANSWERS}": REMEMBERS,
    "a/app.txt": LINES,
    "a/kept.txt": "as it came\n",
    "a/.env.example": "PORT=1\n",
    "a/{% if 'extra' in features %}extra.txt{% endif %}": "extra\n",
}
SECOND: Files = {
    "workspace/notes.txt": LINES.replace("line 5\n", "line 5, better\n"),
    "a/app.txt": LINES.replace("line 3\n", "line 3, better\n"),
    "a/kept.txt": "as it comes now\n",
    "a/.env.example": "PORT=1\nCOLOUR=blue\n",
}
SERVICES = [{"name": "api", "folder": "api"}, {"name": "mail", "folder": "mail"}]


@pytest.fixture
def versions(source: Source) -> Source:
    source.release("v1.0.0", FIRST, copier_yml=FORM)
    source.release("v1.1.0", SECOND)
    return source


@pytest.fixture
def shop(versions: Source, here: Path) -> Shop:
    """A workspace of v1.0.0 with two services."""
    folder, where = here / "shop", str(versions.folder)
    render_version(where, "v1.0.0", {"stack": "workspace", "services": SERVICES}, folder)
    for name in ("api", "mail"):
        render_version(where, "v1.0.0", {"stack": "a"}, folder / name)
    git("init", "--quiet", "--initial-branch=main", cwd=folder)
    commit(folder)
    return Shop(folder)


def test_the_parts_of_a_workspace_are_its_root_and_its_services(shop: Shop) -> None:
    assert [part.folder for part in parts(shop.folder)] == ["", "api/", "mail/"]


def test_a_service_that_has_gone_its_own_way_is_no_part(shop: Shop) -> None:
    (shop.folder / "mail" / ANSWERS_FILE).unlink()
    assert [part.folder for part in parts(shop.folder)] == ["", "api/"]


@pytest.mark.parametrize("folder", ["..", "/etc", "a/b", "", ".", 7, None])
def test_a_listed_folder_outside_the_workspace_is_no_part(shop: Shop, folder: object) -> None:
    path = shop.folder / ANSWERS_FILE
    answers = yaml.safe_load(path.read_text())
    path.write_text(yaml.safe_dump({**answers, "services": [{"folder": folder}]}))
    assert [part.folder for part in parts(shop.folder)] == [""]


def test_one_update_brings_all_of_it_to_the_newest_and_keeps_what_is_yours(shop: Shop) -> None:
    shop.edit({"api/app.txt": LINES.replace("line 11\n", "line 11, mine\n"), "own.txt": "mine\n"})
    report = shop.update()
    assert (report.before, report.after) == ("v1.0.0", "v1.1.0")
    assert kinds(report) == {
        "api/.copier-answers.yml": "changed",
        "api/.env.example": "changed",
        "api/app.txt": "merged",
        "mail/.copier-answers.yml": "changed",
        "mail/.env.example": "changed",
        "mail/app.txt": "changed",
        "notes.txt": "changed",
    }
    assert "line 3, better\n" in shop.read("api/app.txt")
    assert "line 11, mine\n" in shop.read("api/app.txt")
    assert shop.read("api/kept.txt") == "as it came\n"
    assert available(shop.folder, None) == ("v1.1.0", "v1.1.0")


def test_each_part_is_compared_with_the_newest_of_its_own_templates(
    shop: Shop, versions: Source
) -> None:
    shop.update()
    commit(shop.folder)
    elsewhere = Source(versions.folder.with_name("elsewhere"))
    elsewhere.folder.mkdir()
    git("init", "--quiet", cwd=elsewhere.folder)
    elsewhere.release("v3.0.0", FIRST, copier_yml=FORM)
    shutil.rmtree(shop.folder / "mail")
    render_version(str(elsewhere.folder), "v3.0.0", {"stack": "a"}, shop.folder / "mail")
    assert available(shop.folder, None) == ("v1.1.0", "v1.1.0")
    elsewhere.release("v3.1.0", SECOND)
    assert available(shop.folder, None) == ("v3.0.0", "v3.1.0")


def test_undo_takes_all_of_it_back(shop: Shop) -> None:
    before = shop.files()
    shop.update()
    undo(shop.folder, [])
    assert shop.files() == before


def test_a_conflict_in_one_service_names_its_file(shop: Shop) -> None:
    shop.edit({"mail/app.txt": LINES.replace("line 3\n", "line 3, mine\n")})
    report = shop.update()
    assert [change.path for change in report.conflicts] == ["mail/app.txt"]
    assert "line 3, better\n" in shop.read("api/app.txt")


def test_a_service_that_was_updated_on_its_own_is_met_by_the_others(shop: Shop) -> None:
    Shop(shop.folder / "mail").update()
    commit(shop.folder)
    assert available(shop.folder, None) == ("v1.0.0", "v1.1.0")
    report = shop.update()
    assert (report.before, report.after) == ("v1.0.0", "v1.1.0")
    assert [path for path in kinds(report) if path.startswith("mail/")] == []


@pytest.mark.parametrize("folder", ["", "api", "mail"])
def test_plain_copier_updates_each_part_by_itself(shop: Shop, folder: str) -> None:
    shop.edit({"api/app.txt": LINES.replace("line 11\n", "line 11, mine\n"), "own.txt": "mine\n"})
    before = shop.files()
    copier.run_update(shop.folder / folder, defaults=True, overwrite=True, quiet=True)
    changed = {path for path, content in shop.files().items() if before.get(path) != content}
    prefix = f"{folder}/" if folder else ""
    names = ("app.txt", ".env.example") if folder else ("notes.txt",)
    assert changed == {f"{prefix}{name}" for name in (ANSWERS_FILE, *names)}
    assert "line 11, mine\n" in shop.read("api/app.txt")


def test_new_settings_of_any_service_are_told(shop: Shop) -> None:
    (shop.folder / "mail" / ".env").write_text("PORT=1\n")
    (shop.folder / ".gitignore").write_text(".env\n")
    commit(shop.folder)
    assert shop.update().settings == ("COLOUR",)


def _add(shop: Shop, wish: Wish) -> None:
    with prepared(shop.folder, wish, lambda _: None, dry=False) as ready:
        assert ready is not None
        ready.apply()


def test_a_service_is_added_and_the_root_learns_of_it(shop: Shop, versions: Source) -> None:
    shop.update()
    commit(shop.folder)
    before = shop.files()
    services = [*SERVICES, {"name": "jobs", "folder": "jobs"}]
    more = Addition("jobs/", ANSWERS_FILE, {"stack": "a", "features": ["extra"]})
    _add(shop, Wish(answers={ANSWERS_FILE: {"services": services}}, more=(more,)))
    assert shop.read("services.txt") == "api\nmail\njobs\n"
    assert shop.read("jobs/extra.txt") == "extra\n"
    assert [part.folder for part in parts(shop.folder)] == ["", "api/", "mail/", "jobs/"]
    undo(shop.folder, [])
    assert shop.files() == before


def test_a_service_at_the_root_stays_there_when_another_is_put_beside_it(
    versions: Source, here: Path
) -> None:
    folder, where = here / "single", str(versions.folder)
    render_version(where, "v1.1.0", {"stack": "a"}, folder)
    git("init", "--quiet", "--initial-branch=main", cwd=folder)
    commit(folder)
    shop = Shop(folder)
    shop.edit({"app.txt": "mine\n"})
    before = shop.files()
    layer = {"stack": "workspace", "services": [{"folder": "."}, {"folder": "jobs"}]}
    more = (
        Addition("", WORKSPACE_FILE, layer),
        Addition("jobs/", ANSWERS_FILE, {"stack": "a"}),
    )
    _add(shop, Wish(answers={ANSWERS_FILE: {"features": ["extra"]}}, more=more))
    after = shop.files()
    answers = {ANSWERS_FILE: after.pop(ANSWERS_FILE)}
    assert answers != {ANSWERS_FILE: before.pop(ANSWERS_FILE)}
    assert before.items() <= after.items()
    assert shop.read("services.txt") == ".\njobs\n"
    assert shop.has("extra.txt")
    assert [(part.folder, part.file) for part in parts(shop.folder)] == [
        ("", ANSWERS_FILE),
        ("", WORKSPACE_FILE),
        ("jobs/", ANSWERS_FILE),
    ]
    commit(shop.folder)
    versions.release("v1.2.0", {"a/app.txt": LINES, "workspace/notes.txt": "new\n"})
    report = shop.update()
    assert [change.path for change in report.conflicts] == ["app.txt"]
    assert shop.read("notes.txt") == "new\n"
