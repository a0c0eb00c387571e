import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scaffold.update.recorded import ANSWERS_FILE
from tests.cli.conftest import Invoke
from tests.conftest import Git
from tests.support.origins import NEW, OLD, STACK, two_versions

AS = ("--stack", STACK, "--version", OLD)


@pytest.fixture(params=[pytest.param("released", marks=pytest.mark.slow), "small"])
def source(request: pytest.FixtureRequest, home: Path, tmp_path: Path) -> tuple[str, ...]:
    """The flag that names the templates: those that are released, or small ones."""
    if request.param == "released":
        return ()
    return ("--source", str(two_versions(tmp_path / "source")))


@pytest.fixture
def shop(invoke: Invoke, here: Path, git: Git, source: tuple[str, ...]) -> Path:
    """A project made from the oldest version, that has forgotten it."""
    invoke("new", "shop", "--stack", STACK, "--ref", OLD, "--yes", *source)
    (here / ANSWERS_FILE).write_text((here / "shop" / ANSWERS_FILE).read_text())
    git("rm", "-q", ANSWERS_FILE, cwd=here / "shop")
    git("commit", "-q", "-m", "Forget", cwd=here / "shop")
    return here / "shop"


small = pytest.mark.parametrize("source", ["small"], indirect=True)


def test_a_project_without_edits_gets_back_the_answers_it_was_made_with(
    invoke: Invoke, shop: Path, source: tuple[str, ...]
) -> None:
    result = invoke("link", "shop", *AS, *source)
    assert (shop / ANSWERS_FILE).read_bytes() == (shop.parent / ANSWERS_FILE).read_bytes()
    assert f"Linked shop to {STACK} {OLD}\n" in result.stdout
    assert "0 changed, 0 missing" in result.stdout
    assert "100 %" in result.stdout


def test_a_linked_project_is_updated_by_either_command_and_keeps_its_edits(
    invoke: Invoke, shop: Path, git: Git, source: tuple[str, ...]
) -> None:
    (shop / "src/mine.ts").write_text("export const mine = 1;\n")
    title, _, text = (shop / "README.md").read_text().partition("\n")
    (shop / "README.md").write_text(f"{title}\n\nThe shop of Ada.\n{text}")
    git("add", "-A", cwd=shop)
    git("commit", "-q", "-m", "Edit", cwd=shop)
    invoke("link", "shop", *AS, *source)
    git("add", ANSWERS_FILE, cwd=shop)
    git("commit", "-q", "-m", "Follow the templates", cwd=shop)
    shutil.copytree(shop, shop.parent / "plain")

    invoke("update", "shop")
    words = [sys.executable, "-m", "copier", "update", "--defaults"]
    subprocess.run(words, cwd=shop.parent / "plain", check=True, capture_output=True)

    for project in (shop, shop.parent / "plain"):
        assert f"_commit: {OLD}" not in (project / ANSWERS_FILE).read_text()
        assert (project / "src/mine.ts").read_text() == "export const mine = 1;\n"
        assert "\n\nThe shop of Ada.\n" in (project / "README.md").read_text()
        if source:
            assert "\nShip it twice.\n" in (project / "README.md").read_text()
            assert "app29 = 'safer'" in (project / "src/app.ts").read_text()
            assert (project / "AGENTS.md").is_file()


@small
def test_a_dry_run_says_the_same_and_writes_nothing(
    invoke: Invoke, shop: Path, git: Git, source: tuple[str, ...]
) -> None:
    (shop / "README.md").unlink()
    git("commit", "-q", "-am", "Edit", cwd=shop)
    dry = invoke("link", "shop", *AS, *source, "--dry-run").stdout
    assert git("status", "--porcelain", cwd=shop) == ""
    assert dry.startswith(f"Would link shop to {STACK} {OLD}\n")
    assert "missing  README.md  (4 lines)" in dry
    done = invoke("link", "shop", *AS, *source).stdout
    assert done.startswith(dry.replace("Would link", "Linked"))


@small
def test_the_next_steps_lead_to_an_update(
    invoke: Invoke, shop: Path, source: tuple[str, ...]
) -> None:
    steps = json.loads(invoke("link", "shop", *AS, *source, "--json").stdout)["next"]
    assert steps[0] == f"cd {shop}"
    assert steps[-1] == "scaffold update --dry-run"
    subprocess.run(steps[1], shell=True, cwd=shop, check=True, capture_output=True)
    assert f"Would update {OLD} → {NEW}" in invoke("update", "shop", "--dry-run").stdout


@small
def test_json_is_one_object_in_the_documented_form(
    invoke: Invoke, shop: Path, git: Git, source: tuple[str, ...]
) -> None:
    (shop / "README.md").write_text("# shop\n")
    git("commit", "-q", "-am", "Edit", cwd=shop)
    data = json.loads(invoke("link", "shop", *AS, *source, "--json").stdout)
    assert data.pop("next")
    assert data == {
        "schema": 1,
        "path": str(shop),
        "dry_run": False,
        "project_name": "shop",
        "stack": STACK,
        "version": OLD,
        "source": source[1],
        "features": [],
        "share": 0.9167,
        "lines": {"found": 33, "all": 36},
        "files": {"identical": 2, "changed": 1, "missing": 0},
        "changes": [{"path": "README.md", "kind": "changed", "found": 1, "lines": 4}],
        "better": None,
    }


@small
def test_a_version_that_fits_better_is_said(
    invoke: Invoke, shop: Path, source: tuple[str, ...]
) -> None:
    words = ("link", "shop", "--stack", STACK, "--version", NEW, *source)
    assert f"Of {OLD}, 100 % of the lines are there." in invoke(*words).stdout
    (shop / ANSWERS_FILE).unlink()
    data = json.loads(invoke(*words, "--json").stdout)
    assert data["better"] == {"version": OLD, "share": 1.0}


@small
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--stack", "node-expres", "--version", OLD), "Did you mean node-express?"),
        (("--stack", STACK, "--version", "v7"), "There are v1.0.0, v1.1.0."),
        (("--stack", STACK, "--version", OLD, "--feature", "reltime"), "Did you mean realtime?"),
        (("--stack", STACK, "--version", OLD, "--feature", "realtime"), "has no feature realtime"),
        (("--stack", STACK), "Missing option '--version'"),
    ],
)
def test_what_does_not_exist_is_a_fault_of_the_command_line(
    invoke: Invoke, shop: Path, source: tuple[str, ...], words: tuple[str, ...], said: str
) -> None:
    assert said in invoke("link", "shop", *words, *source, code=2).output
    assert not (shop / ANSWERS_FILE).exists()


@small
def test_a_feature_can_be_ruled_out(invoke: Invoke, shop: Path, source: tuple[str, ...]) -> None:
    words = ("link", "shop", *AS, "--feature", "none", *source, "--json")
    assert json.loads(invoke(*words).stdout)["features"] == []


@small
def test_what_comes_from_elsewhere_is_refused_and_stays_as_it_was(
    invoke: Invoke, shop: Path, git: Git, source: tuple[str, ...]
) -> None:
    (shop / "src/app.ts").unlink()
    git("commit", "-q", "-am", "Edit", cwd=shop)
    result = invoke("link", "shop", *AS, *source, "--json", code=1)
    assert result.stdout == ""
    assert f"does not come from {STACK} {OLD}" in result.stderr
    assert git("status", "--porcelain", cwd=shop) == ""


@small
def test_a_linked_project_is_not_linked_again(
    invoke: Invoke, shop: Path, source: tuple[str, ...]
) -> None:
    invoke("link", "shop", *AS, *source)
    again = invoke("link", "shop", *AS, *source, code=1)
    assert "Bring it up to date: scaffold update" in again.output
