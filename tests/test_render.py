"""Every combination of every template renders, parses, and reads as if written by hand."""

import ast
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from itertools import chain, combinations
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from scaffold.guide import Feature, load_guide
from scaffold.recommend import Service, with_required
from scaffold.services import entries
from scaffold.templates.quick import copy
from tests.conftest import ROOT
from tests.support.features import FOLDERS, FORM

GUIDE = load_guide()
STACKS = [stack.id for stack in GUIDE.stacks]
WORKSPACE = "workspace"
# A multi-line JSON comment or a trailing comma is legal in these, and only in these.
JSON_WITH_COMMENTS = {"tsconfig.json", "tsconfig.build.json", ".oxlintrc.json", "settings.json"}


class Answers(NamedTuple):
    """What a repository is made from."""

    stack: str
    features: tuple[str, ...] = ()
    runtime: str = ""
    services: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        """A test's name: `python-fastapi+ml+onnx`."""
        folders = (f"{stack}@{folder}" for folder, stack in self.services)
        return "+".join(filter(None, (self.stack, *self.features, self.runtime, *folders)))

    def data(self) -> dict[str, object]:
        """The answers as Copier takes them."""
        services = [
            Service(f"s{n}", stack, _language(stack)) for n, (_, stack) in enumerate(self.services)
        ]
        listed = [
            {**entry, "folder": folder}
            for entry, (folder, _) in zip(entries(services, {}), self.services, strict=True)
        ]
        runtime = {"ml_runtime": self.runtime} if self.runtime else {}
        return {
            "stack": self.stack,
            "project_name": "my-shop",
            "features": list(self.features),
            "services": listed,
            **runtime,
        }


def _language(stack: str) -> str:
    return GUIDE.stack(stack).language


def _subsets(stack: str) -> Iterator[tuple[str, ...]]:
    """Every set of features of a stack that holds what its members require."""
    offered = [feature.id for feature in GUIDE.features if stack in feature.stacks]
    sizes = range(len(offered) + 1)
    found = chain.from_iterable(combinations(offered, size) for size in sizes)
    return (names for names in found if with_required(GUIDE, names) == names)


def _every() -> Iterator[Answers]:
    for stack in STACKS:
        yield from (Answers(stack, features) for features in _subsets(stack))
    for feature in GUIDE.features:
        for stack in feature.stacks:
            yield from (Answers(stack, (feature.id,), it) for it in feature.runtimes[1:])
    both, node, python = ("node-nestjs", "python-fastapi"), "node-express", "python-django"
    for stacks in (both, (node, node), (python, python), (*both, node, python)):
        folders = tuple((f"s{number}", stack) for number, stack in enumerate(stacks))
        yield Answers(WORKSPACE, services=folders)
        yield Answers(WORKSPACE, services=((".", stacks[0]), *folders[1:]))


EVERY = list(_every())


@pytest.fixture(scope="session")
def rendered(templates: Path, tmp_path_factory: pytest.TempPathFactory) -> "Render":
    return Render(templates, tmp_path_factory)


class Render:
    """Renders each combination once, as `scaffold new` does."""

    def __init__(self, templates: Path, folders: pytest.TempPathFactory) -> None:
        self.templates = str(templates)
        self.folders = folders
        self.done: dict[Answers, Path] = {}

    def __call__(self, stack: str, *features: str) -> Path:
        return self.of(Answers(stack, features))

    def of(self, answers: Answers) -> Path:
        """Return the repository that some answers give; to be read only."""
        if answers not in self.done:
            self.done[answers] = self._make(answers)
        return self.done[answers]

    def _make(self, answers: Answers) -> Path:
        folder = self.folders.mktemp("made")
        copy(self.templates, folder, answers.data(), None)
        kept = yaml.safe_load((folder / ".copier-answers.yml").read_text(encoding="utf-8"))
        assert kept["features"] == list(answers.features)
        return folder


@pytest.fixture(scope="session", params=EVERY, ids=str)
def made_of(request: pytest.FixtureRequest) -> Answers:
    answers: Answers = request.param
    return answers


@pytest.fixture(scope="session")
def repository(made_of: Answers, rendered: Render) -> Path:
    return rendered.of(made_of)


OFFERED = [
    pytest.param(stack.id, feature, id=f"{stack.id}-{feature.id}")
    for stack in GUIDE.stacks
    for feature in GUIDE.features
    if stack.id in feature.stacks
]
# The one place of a stack where its parts are joined, and a feature registered.
ROOTS = {"app.ts.jinja", "main.py.jinja", "settings.py.jinja", "asgi.py.jinja", "urls.py.jinja"}
ROOTS |= {"conftest.py.jinja"}  # the tests' own
# Readiness, which asks for the tables of a feature too.
ROOTS |= {"health.py.jinja"}
# A workspace's list of its services.
ROOTS |= {"services.py.jinja"}
# How many files of code, and how many in all, a feature may touch.
FEW = (2, 8)
# One brings tables and a process, the other a model to start from.
FEW_OF = {"jobs": (4, 11), "ml": (3, 11)}
ONE_INCLUDE = re.compile(
    r'\{% include "templates/_parts/[\w./-]+"( ~ \w+_runtime ~ "\.py")? -%\}\n'
)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _texts(folder: Path) -> Iterator[tuple[Path, str]]:
    return ((path, path.read_text(encoding="utf-8")) for path in _files(folder))


pytestmark = pytest.mark.filterwarnings("ignore::copier.errors.DirtyLocalWarning")


def test_every_stack_of_the_form_is_a_folder_and_the_other_way_round() -> None:
    folders = {
        path.name for path in (ROOT / "templates").iterdir() if not path.name.startswith("_")
    }
    choices = FORM["stack"]["choices"].values()
    assert {*STACKS, WORKSPACE} == folders == set(choices)


def test_the_form_offers_the_features_of_the_guide_in_its_words() -> None:
    assert FORM["features"]["choices"] == {it.title: it.id for it in GUIDE.features}
    for feature in GUIDE.features:
        assert feature.id in FOLDERS, "no line of _exclude switches it"
        if feature.runtimes:
            question = FORM[f"{feature.id}_runtime"]
            assert tuple(question["choices"].values()) == feature.runtimes
            assert question["default"] == feature.runtimes[0]


def test_every_file_parses(repository: Path) -> None:
    for path, text in _texts(repository):
        match path.suffix:
            case ".py":
                ast.parse(text, path.name)
            case ".toml":
                tomllib.loads(text)
            case ".yml" | ".yaml":
                assert yaml.safe_load(text)
            case ".json" if path.name not in JSON_WITH_COMMENTS:
                json.loads(text)


def test_every_typescript_file_parses(repository: Path, made_of: Answers) -> None:
    script = (
        "const {stripTypeScriptTypes: strip} = require('node:module'); const fs = require('fs');"
        "for (const f of process.argv.slice(1)) strip(fs.readFileSync(f, 'utf8'))"
    )
    texts = [(path, text) for path, text in _texts(repository) if path.suffix in {".ts", ".mts"}]
    # Decorators are read by a compiler only; the slow tests run it.
    files = [str(path) for path, text in texts if not re.search(r"(?m)^\s*@\w+", text)]
    assert bool(files) == ("node" in str(made_of))
    words = ["node", "--disable-warning=ExperimentalWarning", "-e", script, *files]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_template_language_is_left(repository: Path) -> None:
    for path, text in _texts(repository):
        if "templates" in path.parts:
            continue  # the project's own pages
        plain = text.replace("${{", "") if ".github" in path.parts else text
        assert "{%" not in plain, path
        assert "{{ " not in plain or path.suffix in {".tsx", ".html", ".mako"}, path
        assert path.suffix != ".jinja"


def test_lines_end_as_an_editor_would_leave_them(repository: Path) -> None:
    for path, text in _texts(repository):
        if "migrations" in path.parts and path.suffix != ".py":
            continue  # kept as the migration tool writes it
        if text:
            assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert not text.startswith("\n"), path
        assert "\n\n\n\n" not in text, path
        assert not re.search(r"(?m)[ \t]$", text), path
        assert "\r" not in text, path


@pytest.mark.parametrize("stack", STACKS)
def test_a_feature_that_is_off_leaves_no_trace(rendered: Render, stack: str) -> None:
    folder = rendered(stack)
    for name in FOLDERS.values():
        assert not list(folder.rglob(name))
        word = re.compile(rf"(?<![\w-]){name}(?![\w-])", re.IGNORECASE)
        texts = [(path, text) for path, text in _texts(folder) if ".github" not in path.parts]
        assert [str(path) for path, text in texts if word.search(text)] == [], name


@pytest.mark.parametrize(("stack", "feature"), OFFERED)
def test_a_feature_touches_few_files_outside_its_folders(
    rendered: Render, stack: str, feature: Feature
) -> None:
    off, on = rendered(stack, *feature.requires), rendered(stack, *feature.requires, feature.id)
    folder = FOLDERS[feature.id]
    changed = [
        path.relative_to(on).as_posix()
        for path in _files(on)
        if folder not in path.relative_to(on).parts
        and (
            not (off / path.relative_to(on)).exists()
            or (off / path.relative_to(on)).read_bytes() != path.read_bytes()
        )
    ]
    code = [name for name in changed if name.endswith((".ts", ".py"))]
    assert list(on.rglob(folder))
    most_code, most = FEW_OF.get(feature.id, FEW)
    assert len(code) <= most_code, code
    assert len(changed) <= most, changed


@pytest.mark.parametrize("stack", STACKS)
def test_what_the_command_or_the_package_manager_writes_is_not_in_the_template(
    rendered: Render, stack: str
) -> None:
    folder = rendered(stack)
    for name in (".env", "package-lock.json", "uv.lock", "docs/decisions", "node_modules", ".venv"):
        assert not (folder / name).exists(), name
    ignored = (folder / ".gitignore").read_text().splitlines()
    assert ".env" in [line.strip("/") for line in ignored]


@pytest.mark.parametrize("stack", STACKS)
def test_every_repository_carries_what_the_design_promises(rendered: Render, stack: str) -> None:
    folder = rendered(stack)
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
    folder = rendered(stack)
    assert (folder / "README.md").read_text().startswith("# my-shop\n")
    assert "my-shop" in (folder / ".copier-answers.yml").read_text()


@pytest.mark.parametrize("stack", STACKS)
def test_actions_are_pinned_by_commit(rendered: Render, stack: str) -> None:
    for workflow in (rendered(stack) / ".github/workflows").glob("*.yml"):
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
        name = path.relative_to(ROOT).as_posix()
        of_a_runtime = f'"{name.removesuffix(path.name)}" ~ ml_runtime ~ ".py"'
        assert includes.count(f'"{name}"') + includes.count(of_a_runtime) >= 2, path
