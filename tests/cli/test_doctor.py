import json
import shutil
from pathlib import Path

import pytest

from scaffold import __version__
from tests.cli.conftest import Invoke


@pytest.fixture
def only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Only":
    return Only(tmp_path / "bin", monkeypatch)


class Only:
    """Let only the named programs be found, each saying the version given."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        folder.mkdir()

    def __call__(self, **programs: str) -> None:
        for name, version in programs.items():
            (self.folder / name).write_text(f"#!{shutil.which('sh')}\necho {name} {version}\n")
            (self.folder / name).chmod(0o755)
        self.monkeypatch.setenv("PATH", str(self.folder))


def test_all_is_well_with_git_and_one_language(invoke: Invoke, only: Only) -> None:
    only(git="2.39.5", uv="0.13.9", python3="3.11.2")
    output = invoke("doctor").stdout
    assert "Install and run them: Python stacks\n" in output
    assert "node" in output
    assert "nodejs.org" in output


@pytest.mark.parametrize(
    ("version", "says"),
    [
        ("2.39.5", "Update them: yes\n"),
        ("2.34.1", "Update them: by `copier update`; `scaffold update` needs git 2.38\n"),
    ],
)
def test_it_says_whether_this_git_can_update_projects(
    invoke: Invoke, only: Only, version: str, says: str
) -> None:
    only(git=version, uv="0.13.9", python3="3.11.2")
    assert says in invoke("doctor").stdout


def test_without_git_it_fails_and_says_what_to_do(invoke: Invoke, only: Only) -> None:
    only(uv="0.13.9", python3="3.11.2")
    assert "apt install git" in invoke("doctor", code=1).stdout


def test_a_program_that_is_too_old_is_told_with_what_is_needed(invoke: Invoke, only: Only) -> None:
    only(git="2.39.5", node="20.1.0", npm="11.0.0")
    output = invoke("doctor", code=1).stdout
    assert "20.1.0" in output
    assert "24.15 or newer" in output


def test_it_puts_the_templates_where_plain_copier_looks(
    invoke: Invoke, only: Only, home: Path
) -> None:
    only(git="2.39.5", uv="0.13.9", python3="3.11.2")
    data = json.loads(invoke("doctor", "--json").stdout)
    assert data["templates"] == f"v{__version__}"
    assert (home / ".scaffold/templates.bundle").exists()


def test_json_has_every_program(invoke: Invoke, only: Only) -> None:
    only(git="2.39.5", node="24.19.0", npm="11.0.0")
    data = json.loads(invoke("doctor", "--json").stdout)
    assert (data["ok"], data["able"]) == (True, ["node"])
    assert [p["program"] for p in data["programs"]] == ["git", "node", "npm", "uv", "python3"]
    uv = next(p for p in data["programs"] if p["program"] == "uv")
    assert (uv["found"], uv["version"], uv["ok"]) == (False, None, False)
    assert uv["hint"]
