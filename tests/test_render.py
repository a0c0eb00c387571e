"""Every combination of every template renders, parses, and reads as if written by hand."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path

import pytest
import yaml
from pytest_copie.plugin import Copie

from scaffold.guide import load_guide
from tests.conftest import ROOT

FORM = yaml.safe_load((ROOT / "copier.yml").read_text())
STACKS = sorted(FORM["stack"]["choices"].values())
FEATURES = sorted(FORM["features"]["choices"].values())
SUBSETS = list(
    chain.from_iterable(combinations(FEATURES, size) for size in range(len(FEATURES) + 1))
)
EVERY = [
    pytest.param(stack, list(features), id="+".join((stack, *features)))
    for stack in STACKS
    for features in SUBSETS
]
# A multi-line JSON comment or a trailing comma is legal in these, and only in these.
JSON_WITH_COMMENTS = {"tsconfig.json", "tsconfig.build.json", ".oxlintrc.json", "settings.json"}


@pytest.fixture(scope="session")
def rendered(copie_session: Copie) -> "Render":
    return Render(copie_session)


class Render:
    """Renders each combination once."""

    def __init__(self, copie: Copie) -> None:
        self.copie = copie
        self.done: dict[tuple[str, ...], Path] = {}

    def __call__(self, stack: str, features: list[str]) -> Path:
        key = (stack, *features)
        if key not in self.done:
            self.done[key] = self._make(stack, features)
        return self.done[key]

    def _make(self, stack: str, features: list[str]) -> Path:
        answers = {"stack": stack, "project_name": "my-shop", "features": features}
        result = self.copie.copy(extra_answers=answers)
        assert result.exception is None, result.exception
        assert result.project_dir is not None
        assert result.answers["features"] == features
        return result.project_dir


OFFERED = [
    pytest.param(stack.id, feature.id, id=f"{stack.id}-{feature.id}")
    for stack in load_guide().stacks
    for feature in load_guide().features
    if stack.id in feature.stacks
]
# The one place of a stack where its parts are joined, and a feature registered.
ROOTS = {"app.ts.jinja", "main.py.jinja", "settings.py.jinja", "asgi.py.jinja"}
ONE_INCLUDE = re.compile(r'\{% include "templates/_parts/[\w./-]+" -%\}\n')


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _texts(folder: Path) -> Iterator[tuple[Path, str]]:
    return ((path, path.read_text(encoding="utf-8")) for path in _files(folder))


pytestmark = pytest.mark.filterwarnings("ignore::copier.errors.DirtyLocalWarning")


def test_every_stack_of_the_form_is_a_folder_and_the_other_way_round() -> None:
    folders = {
        path.name for path in (ROOT / "templates").iterdir() if not path.name.startswith("_")
    }
    assert set(STACKS) == folders


@pytest.mark.parametrize(("stack", "features"), EVERY)
def test_every_file_parses(rendered: Render, stack: str, features: list[str]) -> None:
    for path, text in _texts(rendered(stack, features)):
        match path.suffix:
            case ".py":
                ast.parse(text, path.name)
            case ".toml":
                tomllib.loads(text)
            case ".yml" | ".yaml":
                assert yaml.safe_load(text)
            case ".json" if path.name not in JSON_WITH_COMMENTS:
                json.loads(text)


@pytest.mark.parametrize(("stack", "features"), [p for p in EVERY if "node" in str(p.values[0])])
def test_every_typescript_file_parses(rendered: Render, stack: str, features: list[str]) -> None:
    script = (
        "const {stripTypeScriptTypes: strip} = require('node:module'); const fs = require('fs');"
        "for (const f of process.argv.slice(1)) strip(fs.readFileSync(f, 'utf8'))"
    )
    texts = [
        (path, text) for path, text in _texts(rendered(stack, features)) if path.suffix == ".ts"
    ]
    # Decorators are read by a compiler only; the slow tests run it.
    files = [str(path) for path, text in texts if not re.search(r"(?m)^\s*@\w+", text)]
    assert files
    words = ["node", "--disable-warning=ExperimentalWarning", "-e", script, *files]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("stack", "features"), EVERY)
def test_no_template_language_is_left(rendered: Render, stack: str, features: list[str]) -> None:
    for path, text in _texts(rendered(stack, features)):
        if "templates" in path.parts:
            continue  # the project's own pages
        plain = text.replace("${{", "") if ".github" in path.parts else text
        assert "{%" not in plain, path
        assert "{{ " not in plain or path.suffix in {".tsx", ".html", ".mako"}, path
        assert path.suffix != ".jinja"


@pytest.mark.parametrize(("stack", "features"), EVERY)
def test_lines_end_as_an_editor_would_leave_them(
    rendered: Render, stack: str, features: list[str]
) -> None:
    for path, text in _texts(rendered(stack, features)):
        if "migrations" in path.parts and path.suffix != ".py":
            continue  # kept as the migration tool writes it
        if text:
            assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert not text.startswith("\n"), path
        assert "\n\n\n\n" not in text, path
        assert not re.search(r"(?m)[ \t]$", text), path
        assert "\r" not in text, path


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("stack", STACKS)
def test_a_feature_that_is_off_leaves_no_trace(rendered: Render, stack: str, feature: str) -> None:
    folder = rendered(stack, [])
    assert not list(folder.rglob(feature))
    naming = [str(path) for path, text in _texts(folder) if feature in text.lower()]
    assert naming == []


@pytest.mark.parametrize(("stack", "feature"), OFFERED)
def test_a_feature_touches_few_files_outside_its_folders(
    rendered: Render, stack: str, feature: str
) -> None:
    off, on = rendered(stack, []), rendered(stack, [feature])
    changed = [
        path.relative_to(on).as_posix()
        for path in _files(on)
        if feature not in path.relative_to(on).parts
        and (
            not (off / path.relative_to(on)).exists()
            or (off / path.relative_to(on)).read_bytes() != path.read_bytes()
        )
    ]
    code = [name for name in changed if name.endswith((".ts", ".py"))]
    assert list(on.rglob(feature))
    assert 1 <= len(code) <= 2, "the composition root, which in Django is two files"
    assert len(changed) <= 8, changed


@pytest.mark.parametrize("stack", STACKS)
def test_what_the_command_or_the_package_manager_writes_is_not_in_the_template(
    rendered: Render, stack: str
) -> None:
    folder = rendered(stack, [])
    for name in (".env", "package-lock.json", "uv.lock", "docs/decisions", "node_modules", ".venv"):
        assert not (folder / name).exists(), name
    ignored = (folder / ".gitignore").read_text().splitlines()
    assert ".env" in [line.strip("/") for line in ignored]


@pytest.mark.parametrize("stack", STACKS)
def test_every_repository_carries_what_the_design_promises(rendered: Render, stack: str) -> None:
    folder = rendered(stack, [])
    for name in (
        *(
            "README.md",
            "AGENTS.md",
            ".env.example",
            ".editorconfig",
            ".gitattributes",
            "Dockerfile",
        ),
        *(".dockerignore", "compose.yml", ".github/renovate.json", ".copier-answers.yml"),
    ):
        assert (folder / name).is_file(), name
    assert list((folder / ".github/workflows").glob("*.yml"))


@pytest.mark.parametrize("stack", STACKS)
def test_the_projects_name_is_where_it_belongs(rendered: Render, stack: str) -> None:
    folder = rendered(stack, [])
    assert (folder / "README.md").read_text().startswith("# my-shop\n")
    assert "my-shop" in (folder / ".copier-answers.yml").read_text()


@pytest.mark.parametrize("stack", STACKS)
def test_actions_are_pinned_by_commit(rendered: Render, stack: str) -> None:
    for workflow in (rendered(stack, []) / ".github/workflows").glob("*.yml"):
        uses = re.findall(r"uses: (\S+)(.*)", workflow.read_text())
        assert uses
        for action, comment in uses:
            assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
            assert re.search(r"# v\d", comment), action


def test_templates_hold_nothing_that_would_ask_for_trust() -> None:
    assert not FORM.keys() & {"_tasks", "_jinja_extensions", "_migrations"}


def test_template_files_have_plain_names_and_are_no_links() -> None:
    for path in (ROOT / "templates").rglob("*"):
        if not {"node_modules", ".venv"} & set(path.parts):
            assert not path.is_symlink(), path
            assert "{%" not in path.name
            assert not set('"<>|?*:\\') & set(path.name.replace("{{ _copier_conf", "")), path


def test_app_source_carries_no_template_language() -> None:
    for path in (ROOT / "templates").rglob("*.jinja"):
        inside = path.relative_to(ROOT / "templates").parts
        is_code = path.suffixes[-2:-1] and path.suffixes[-2] in {".py", ".ts", ".sql", ".html"}
        if is_code and path.name not in ROOTS and inside[0] != "_parts":
            assert ONE_INCLUDE.fullmatch(path.read_text()), path


def test_shared_parts_include_nothing_themselves() -> None:
    for path in _files(ROOT / "templates/_parts"):
        assert "{% include" not in path.read_text()


def test_every_shared_part_is_shared() -> None:
    includes = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.jinja"))
    for path in _files(ROOT / "templates/_parts"):
        assert includes.count(f'"{path.relative_to(ROOT).as_posix()}"') >= 2, path
