from __future__ import annotations

import re
import subprocess
import sys

import pytest
import yaml

from tests.bake.conftest import Project
from tests.support.bake import changes
from tests.support.features import FOLDERS
from tests.support.lockfiles import missing_platforms
from tests.support.readme import commands, first_block

WORKFLOW = ".github/workflows/ci.yml"
SECRET_NAME = re.compile(r"(PASSWORD|SECRET|TOKEN|KEY)$")


def _workflow_lines(project: Project) -> list[str]:
    jobs = yaml.safe_load(project.text(WORKFLOW))["jobs"].values()
    scripts = [step.get("run", "") for job in jobs for step in job["steps"]]
    return [line for script in scripts for line in commands(script)]


def _tracked(project: Project) -> list[str]:
    listing = project.account.run(("git", "ls-files", "-z"), project.root).stdout
    return listing.rstrip("\0").split("\0")


def _only_the_lock_is_new(project: Project) -> None:
    assert changes(project.account, project.root) in ([], [f"?? {project.stack.lock}"])


def test_the_first_block_of_the_readme_passes_as_it_is(project: Project) -> None:
    run = project.first_run
    assert run.returncode == 0, f"{run.stdout[-8000:]}\n{run.stderr[-4000:]}"


def test_the_first_block_checks_and_tests(project: Project) -> None:
    block = commands(first_block(project.text("README.md")))
    for command in (project.stack.check, project.stack.test):
        assert " ".join(command) in block


def test_the_workflow_runs_the_commands_of_the_readme(project: Project) -> None:
    block = commands(first_block(project.text("README.md")))
    lines = _workflow_lines(project)
    assert [line for line in lines if line in block] == block


def test_the_gate_leaves_the_work_tree_as_it_was(project: Project) -> None:
    _only_the_lock_is_new(project)


def test_the_files_are_formatted_already(project: Project) -> None:
    project.account.run(project.stack.fix, project.root)
    _only_the_lock_is_new(project)


def test_it_builds(project: Project) -> None:
    project.account.run(project.stack.build, project.root)
    _only_the_lock_is_new(project)


def test_it_has_every_file_that_was_promised(project: Project) -> None:
    missing = set(project.stack.files) - set(_tracked(project))
    assert missing == set()


def test_a_feature_is_there_only_when_chosen(project: Project) -> None:
    folders = {part for name in _tracked(project) for part in name.split("/")[:-1]}
    assert {FOLDERS[name] for name in FOLDERS if FOLDERS[name] in folders} == {
        FOLDERS[name] for name in project.features
    }


def test_the_lock_installs_as_it_is(project: Project) -> None:
    project.account.run(project.stack.locked_install, project.root)
    _only_the_lock_is_new(project)


def test_the_lock_is_complete_for_every_system(project: Project) -> None:
    assert missing_platforms(project.stack.lock, project.text(project.stack.lock)) == []


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("vendor.github-workflows", WORKFLOW),
        ("vendor.github-workflows", ".github/workflows/template.yml"),
        ("vendor.compose-spec", "compose.yml"),
        ("vendor.renovate", ".github/renovate.json"),
    ],
    ids=["workflow", "update workflow", "compose", "renovate"],
)
def test_a_configuration_is_valid_by_its_schema(project: Project, schema: str, name: str) -> None:
    checker = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema)
    checked = subprocess.run(
        [*checker, str(project.root / name)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_action_is_pinned_by_its_commit(project: Project) -> None:
    uses = re.findall(r"uses:\s*(\S+)", project.text(WORKFLOW))
    assert uses
    assert [action for action in uses if not re.fullmatch(r".+@[0-9a-f]{40}", action)] == []


def test_git_keeps_no_secret(project: Project) -> None:
    ignored = (".env", ".devdb/PG_VERSION")
    listed = project.account.run(("git", "check-ignore", *ignored), project.root).stdout
    assert listed.split() == list(ignored)
    assert not {".env", ".devdb"} & {name.split("/")[0] for name in _tracked(project)}


def test_the_example_settings_hold_no_secret(project: Project) -> None:
    pairs = re.findall(r"^#?\s?([A-Z_]+)=(.*)$", project.text(".env.example"), re.MULTILINE)
    assert pairs
    secrets = {value for name, value in pairs if SECRET_NAME.search(name)}
    assert secrets <= {""}


def test_the_answers_name_the_stack_and_its_features(project: Project) -> None:
    answers = yaml.safe_load(project.text(".copier-answers.yml"))
    assert answers["stack"] == project.stack.name
    assert answers["features"] == list(project.features)
