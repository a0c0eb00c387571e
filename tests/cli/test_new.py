import json
import os
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from scaffold import create, templates
from scaffold.errors import ScaffoldError
from scaffold.guide import Stack
from tests.cli.conftest import Invoke
from tests.conftest import Git

REAL = ("new", "shop", "--stack", "node-express")


def _tree(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if ".git" not in path.relative_to(folder).parts
    )


def test_a_recommended_stack_is_made_without_a_question(
    invoke: Invoke, here: Path, git: Git
) -> None:
    result = invoke("new", "shop", "--need", "realtime", "--yes")
    answers = yaml.safe_load((here / "shop/.copier-answers.yml").read_text())
    assert answers["stack"] == "node-express"
    assert answers["features"] == ["realtime"]
    assert answers["needs"] == {"realtime": "important"}
    assert git("status", "--porcelain", cwd=here / "shop") == ""
    assert "scaffold new shop --stack node-express --need realtime" in result.stdout
    assert "npm install\n  npm run dev" in result.stdout


def test_the_printed_command_makes_the_same_files(invoke: Invoke, here: Path) -> None:
    words = ["--need", "realtime=must", "--team", "both", "--workload", "io"]
    first = json.loads(invoke("new", "shop", *words, "--yes", "--json").stdout)
    (here / "shop").rename(here / "first")
    invoke(*shlex.split(first["command"])[1:])
    decision = create.DECISION.name  # names the command, which was another one the first time
    words = ["diff", "-r", "-x", ".git", "-x", ".env", "-x", decision, "first", "shop"]
    differing = subprocess.run(words, cwd=here, capture_output=True, text=True, check=False)
    assert differing.stdout == ""


def test_json_is_one_object_in_the_documented_form(invoke: Invoke, here: Path) -> None:
    result = invoke(*REAL, "--json", "--yes")
    data = json.loads(result.stdout)
    path = str(here / "shop")
    assert data == {
        "schema": 1,
        "path": path,
        "version": data["version"],
        "services": [{"name": "api", "stack": "node-express", "features": [], "path": path}],
        "features": [],
        "effects": {},
        "command": "scaffold new shop --stack node-express --feature none --yes",
        "next": ["cd shop", "npm install", "npm run dev"],
    }
    assert result.stderr == ""


def test_a_dry_run_lists_the_files_and_writes_nothing(invoke: Invoke, here: Path) -> None:
    listed = invoke(*REAL, "--dry-run").stdout
    assert "  package.json\n" in listed
    assert _tree(here) == []
    files = json.loads(invoke(*REAL, "--dry-run", "--json").stdout)["files"]
    assert "package.json" in files


def test_flags_force_a_stack_against_the_recommendation(invoke: Invoke, here: Path) -> None:
    invoke(
        "new",
        "shop",
        "--need",
        "saas",
        "--team",
        "javascript",
        "--stack",
        "python-fastapi",
        "--yes",
    )
    record = (here / "shop" / create.DECISION).read_text()
    assert "Build shop on FastAPI" in record
    assert "NestJS" in record


def test_a_feature_that_a_stack_has_not_got_is_refused_with_the_reason_and_a_way_out(
    invoke: Invoke, here: Path
) -> None:
    words = ["new", "shop", "--stack", "python-flask", "--feature", "realtime", "--yes"]
    said = invoke(*words, code=2).stderr
    assert "every open WebSocket would hold a thread" in said
    assert "Stacks that have it: node-express," in said
    assert _tree(here) == []


def test_a_stack_without_a_template_is_said_plainly_and_the_nearest_offered(
    invoke: Invoke, here: Path, missing: Stack
) -> None:
    result = invoke("new", "shop", "--stack", missing.id, "--yes", code=1)
    assert f"{missing.title} ({missing.id}) has no template yet." in result.stderr
    assert "--stack " in result.stderr
    assert _tree(here) == []


@pytest.mark.parametrize("name", ["", "..", ".", "/", "Shop", "größe", "con", "x" * 200, "a b"])
def test_a_bad_name_is_usage_and_nothing_is_written(invoke: Invoke, here: Path, name: str) -> None:
    (here / "BAD").mkdir()
    os.chdir(here / "BAD")
    invoke("new", name, "--stack", "node-express", "--yes", code=2)
    assert _tree(here) == ["BAD"]


def test_the_current_folder_can_be_filled(invoke: Invoke, here: Path) -> None:
    (here / "shop").mkdir()
    os.chdir(here / "shop")
    data = json.loads(invoke("new", ".", "--stack", "node-express", "--yes", "--json").stdout)
    assert (here / "shop/package.json").exists()
    assert data["next"][0] == "npm install"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--stack", "node-expres"], "Did you mean node-express?"),
        (["--need", "realtme"], "Did you mean realtime?"),
        (["--stack", "node-express", "--feature", "realtim"], "Did you mean realtime?"),
        (["--need", "saas=mist"], "Did you mean must?"),
    ],
)
def test_an_unknown_name_is_usage_with_the_nearest_right_one(
    invoke: Invoke, here: Path, words: list[str], says: str
) -> None:
    assert says in invoke("new", "shop", *words, "--yes", code=2).stderr
    assert _tree(here) == []


def test_a_folder_with_files_is_refused(invoke: Invoke, here: Path) -> None:
    (here / "shop").mkdir()
    (here / "shop/mine.txt").write_text("mine")
    assert "not empty: mine.txt" in invoke(*REAL, "--yes", code=1).stderr
    assert "not empty: mine.txt" in invoke(*REAL, "--dry-run", code=1).stderr
    assert _tree(here) == ["shop", "shop/mine.txt"]


def test_contradictory_musts_write_nothing(invoke: Invoke, here: Path) -> None:
    result = invoke(
        "new", "shop", "--need", "admin=must", "--team", "javascript=must", "--yes", code=1
    )
    assert "Lower" in result.stderr
    assert _tree(here) == []


@pytest.mark.parametrize("words", [[], ["shop"], ["--stack", "node-express"], ["--yes"]])
def test_without_a_terminal_the_flags_that_are_wanting_are_named(
    invoke: Invoke, here: Path, words: list[str]
) -> None:
    result = invoke("new", *words, code=2)
    assert "There is nobody to ask" in result.stderr
    assert "scaffold new shop --need realtime --yes" in result.stderr
    assert _tree(here) == []


def test_an_answers_file_of_another_project_makes_its_like(invoke: Invoke, here: Path) -> None:
    invoke("new", "first", "--need", "realtime=must", "--yes")
    invoke("new", "second", "--answers", "first/.copier-answers.yml", "--yes")
    first, second = (
        yaml.safe_load((here / name / ".copier-answers.yml").read_text())
        for name in ("first", "second")
    )
    assert second == first | {"project_name": "second"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("stack: [", "neither YAML nor JSON"),
        ("- a\n- b\n", "not a mapping"),
        ("stak: node-express\n", "Did you mean 'stack'?"),
        ("needs: {sas: must}\n", "Did you mean saas?"),
        ("\0", "neither YAML nor JSON"),
    ],
)
def test_a_broken_answers_file_is_usage(invoke: Invoke, here: Path, text: str, says: str) -> None:
    (here / "answers.yml").write_text(text)
    assert says in invoke("new", "shop", "--answers", "answers.yml", "--yes", code=2).stderr
    assert _tree(here) == ["answers.yml"]


def test_an_answers_file_that_is_not_there_is_usage(invoke: Invoke) -> None:
    result = invoke("new", "shop", "--answers", "no.yml", "--yes", code=2)
    assert "No such file" in result.stderr


def test_an_unknown_source_or_version_writes_nothing(invoke: Invoke, here: Path) -> None:
    assert "the version (v77)" in invoke(*REAL, "--ref", "v77", "--yes", code=1).stderr
    assert "cannot be used" in invoke(*REAL, "--source", "nowhere", "--yes", code=1).stderr
    assert _tree(here) == []


def test_a_user_git_does_not_know_is_told_how_to_sign(
    invoke: Invoke, home: Path, here: Path
) -> None:
    (home / ".gitconfig").write_text("[user]\n\tuseConfigOnly = true\n")
    assert "--reset-author" in invoke(*REAL, "--yes").stderr


def test_a_project_inside_another_repository_is_said_to_be(
    invoke: Invoke, here: Path, git: Git
) -> None:
    git("init", "-q")
    assert f"another git repository, {here}" in invoke(*REAL, "--yes").stderr


def test_without_a_network_the_repository_stays_and_the_next_command_is_named(
    invoke: Invoke, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def offline(_folder: Path, _language: str) -> None:
        raise ScaffoldError("`npm install` failed with exit code 1.")

    monkeypatch.setattr("scaffold.tools.lock", offline)
    result = invoke(*REAL, "--install", "--yes")
    assert "Later: cd shop && npm install" in result.stderr
    assert (here / "shop/package.json").exists()


def test_a_full_disk_is_one_sentence_and_nothing_is_left(
    invoke: Invoke, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(templates, "render", full)
    assert "No space left on device" in invoke(*REAL, "--yes", code=1).stderr
    assert _tree(here) == []


@pytest.mark.parametrize(
    ("stack", "manifest"), [("node-express", "package.json"), ("python-flask", "pyproject.toml")]
)
def test_a_description_opens_the_readme_and_stands_in_the_manifest(
    invoke: Invoke, here: Path, stack: str, manifest: str
) -> None:
    said = 'Sells "tea", naturally: 😀'
    invoke("new", "shop", "--stack", stack, "--description", said, "--yes")
    text = (here / "shop" / manifest).read_text()
    data = json.loads(text) if manifest.endswith("json") else tomllib.loads(text)["project"]
    assert data["description"] == said
    assert (here / "shop/README.md").read_text().startswith(f"# shop\n\n{said}.\n")


def test_a_description_of_two_lines_is_usage_and_nothing_is_written(
    invoke: Invoke, here: Path
) -> None:
    result = invoke(*REAL, "--description", "one\ntwo", "--yes", code=2)
    assert "One line of at most 160 characters" in result.stderr
    assert not any(here.iterdir())
