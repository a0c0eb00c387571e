from pathlib import Path

import pytest

from scaffold import tools
from scaffold.errors import ScaffoldError


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all of PATH; put programs in with `_program`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def _program(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


NODE = tools.LANGUAGES["node"].needs[0]


@pytest.mark.parametrize(
    ("said", "version", "good"),
    [
        ("v24.19.0", "24.19.0", True),
        ("v24.15", "24.15", True),
        ("v24.11.1", "24.11.1", False),
        ("v23.11.1", "23.11.1", False),
        ("v100.0.0", "100.0.0", True),
        ("not a number", "", False),
    ],
)
def test_versions_are_compared_as_numbers(
    programs: Path, said: str, version: str, good: bool
) -> None:
    _program(programs, "node", f"echo {said}")
    found = tools.look_for(NODE)
    assert (found.version, found.good) == (version, good)


def test_a_program_that_is_not_there_is_not_good(programs: Path) -> None:
    assert not tools.look_for(NODE).good


def test_a_failing_installer_is_an_error_with_its_exit_code(programs: Path, tmp_path: Path) -> None:
    _program(programs, "npm", "exit 7")
    with pytest.raises(ScaffoldError, match=r"`npm ci .*` failed with exit code 7\."):
        tools.install(tmp_path, "node")


def test_a_missing_installer_is_an_error(programs: Path, tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match=r"uv was not found\."):
        tools.lock(tmp_path, "python")


def test_what_an_installer_prints_goes_to_standard_error(
    programs: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _program(programs, "uv", "echo resolved 12 packages")
    tools.lock(tmp_path, "python")
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "resolved 12 packages\n")


@pytest.mark.parametrize("language", sorted(tools.LANGUAGES))
def test_every_language_locks_with_a_program_that_it_needs(language: str) -> None:
    spoken = tools.LANGUAGES[language]
    assert spoken.lock[0] in {need.program for need in spoken.needs}
    assert spoken.manifest != spoken.lock_file


def test_locking_runs_in_the_project(programs: Path, tmp_path: Path) -> None:
    _program(programs, "npm", f'echo "$@" > {tmp_path}/said; : > package-lock.json')
    (tmp_path / "shop").mkdir()
    tools.lock(tmp_path / "shop", "node")
    assert (tmp_path / "shop/package-lock.json").exists()
    assert "--package-lock-only" in (tmp_path / "said").read_text()


@pytest.mark.parametrize(
    ("languages", "at_root", "run"),
    [
        (["python", "node"], False, "npm run"),
        (["python", "node"], True, "node workspace/run.mts"),
        (["python", "python"], False, "uv run workspace/run.py"),
        (["python", "python"], True, "uv run workspace/run.py"),
    ],
)
def test_a_workspace_is_run_by_what_its_services_need_anyway(
    languages: list[str], at_root: bool, run: str
) -> None:
    said = (f"{run} setup", f"{run} dev")
    assert tools.workspace_commands(languages, at_root=at_root) == said
    assert at_root or tools.commands(languages) == said
