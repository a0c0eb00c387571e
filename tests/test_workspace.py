"""The root of several services: what it is made of, whichever services there are."""

import json
import re
import runpy
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import copier
import pytest
import yaml
from pytest_copie.plugin import Copie

from scaffold.create import write_secrets
from tests.conftest import ROOT, Git
from tests.support.stacks import STACKS

pytestmark = pytest.mark.filterwarnings("ignore::copier.errors.DirtyLocalWarning")

API = {"name": "api", "stack": "node-nestjs", "folder": "api", "port": 3000}
ML = {"name": "ml", "stack": "python-fastapi", "folder": "ml", "port": 8000}
BACK_OFFICE = {"name": "back-office", "stack": "python-django", "folder": "office", "port": 8001}
SETS = {
    "node and python": [{**API, "features": ["ml-client"]}, {**ML, "features": ["ml"]}],
    "node": [API, {**API, "name": "mail", "folder": "mail", "port": 3001, "features": ["jobs"]}],
    "python": [{**ML, "features": ["jobs"]}, {**BACK_OFFICE, "features": ["jobs"]}],
    "one": [API],
}
ROOTED = [{**API, "folder": "."}, ML]


@dataclass(frozen=True)
class Root:
    """A rendered root, and the services it was rendered for."""

    folder: Path
    services: list[dict[str, object]]

    def text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def files(self) -> set[str]:
        paths = (path for path in self.folder.rglob("*") if path.is_file())
        return {path.relative_to(self.folder).as_posix() for path in paths}

    def workflow(self) -> dict[str, dict[str, dict[str, object]]]:
        loaded: dict[str, dict[str, dict[str, object]]] = yaml.safe_load(
            self.text(".github/workflows/services.yml")
        )
        return loaded


def _copy(copie: Copie, folder: Path, answers: dict[str, object]) -> None:
    data = {"project_name": "my-shop", "features": [], **answers}
    source = str(copie.default_template_dir)
    copier.run_copy(source, folder, data=data, defaults=True, overwrite=True, quiet=True)


def _render(copie: Copie, services: list[dict[str, object]]) -> Root:
    services = [{"features": [], **service} for service in services]
    result = copie.copy(
        extra_answers={"stack": "workspace", "project_name": "my-shop", "services": services}
    )
    assert result.exception is None, result.exception
    assert result.project_dir is not None
    return Root(result.project_dir, services)


@pytest.fixture(scope="module")
def copie(copie_session: Copie, templates: Path) -> Copie:
    return replace(copie_session, default_template_dir=templates)


@pytest.fixture(scope="module", params=[*SETS, "rooted"])
def root(request: pytest.FixtureRequest, copie: Copie) -> Root:
    return _render(copie, {**SETS, "rooted": ROOTED}[request.param])


@pytest.fixture
def rooted(copie: Copie) -> Root:
    return _render(copie, ROOTED)


def test_every_file_parses(root: Root) -> None:
    for name in root.files():
        if name.endswith((".yml", ".yaml")):
            assert yaml.safe_load(root.text(name)), name
        if name.endswith(".json"):
            json.loads(root.text(name))
        assert "{%" not in root.text(name), name


def test_lines_end_as_an_editor_would_leave_them(root: Root) -> None:
    for name in root.files():
        text = root.text(name)
        assert text.endswith("\n"), name
        assert not text.endswith("\n\n"), name
        assert not text.startswith("\n"), name
        assert name.endswith(".py") or "\n\n\n" not in text, name
        assert not re.search(r"(?m)[ \t]$", text), name


def test_a_root_of_its_own_carries_what_a_repository_does(copie: Copie) -> None:
    root = _render(copie, SETS["node and python"])
    assert {
        *("README.md", "AGENTS.md", ".env.example", ".editorconfig", ".gitattributes"),
        *(".gitignore", "compose.yml", "package.json", ".copier-answers.yml"),
        *(".github/renovate.json", ".github/workflows/services.yml"),
        *(".github/workflows/template.yml", "workspace/run.mts", "workspace/services.mts"),
    } == root.files()


def test_where_all_services_are_python_nothing_needs_node(copie: Copie) -> None:
    root = _render(copie, SETS["python"])
    assert {"workspace/run.py", "workspace/services.py"} <= root.files()
    assert not {"package.json", "workspace/run.mts", "workspace/services.mts"} & root.files()
    for name in ("README.md", "AGENTS.md"):
        assert "uv run workspace/run.py check" in root.text(name)
        assert not re.search(r"(?i)node|npm", root.text(name)), name
    names = runpy.run_path(str(root.folder / "workspace/services.py"))["SERVICES"]
    assert [tuple(it) for it in names] == [("ml", "ml", 8000), ("back-office", "office", 8001)]
    beside = _render(copie, [{**ML, "folder": "."}, BACK_OFFICE])
    assert beside.files() - {".copier-answers.yml"} == {
        ".github/workflows/services.yml",
        *(f"workspace/{name}" for name in ("README.md", "compose.yml", "run.py", "services.py")),
    }
    assert "uv run workspace/run.py dev" in beside.text("workspace/README.md")


def test_beside_a_service_at_the_root_it_takes_no_place_of_that_services(rooted: Root) -> None:
    assert rooted.files() - {".copier-answers.yml"} == {
        ".github/workflows/services.yml",
        *(f"workspace/{name}" for name in ("README.md", "compose.yml", "run.mts", "services.mts")),
    }


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("vendor.github-workflows", ".github/workflows/services.yml"),
        ("vendor.compose-spec", "compose.yml"),
        ("vendor.compose-spec", "workspace/compose.yml"),
    ],
)
def test_a_configuration_is_valid_by_its_schema(root: Root, schema: str, name: str) -> None:
    if name not in root.files():
        assert name.endswith("compose.yml")
        return
    checker = (sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema)
    checked = subprocess.run(
        [*checker, str(root.folder / name)], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_action_is_pinned_by_its_commit(root: Root) -> None:
    uses = re.findall(r"uses: (\S+)(.*)", root.text(".github/workflows/services.yml"))
    assert uses
    for action, comment in uses:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", action), action
        assert re.search(r"# v\d", comment), action


def test_every_service_is_tested_in_its_folder(root: Root) -> None:
    jobs = root.workflow()["jobs"]
    for service in root.services:
        if service["folder"] != ".":
            job = jobs[str(service["name"])]
            assert job["defaults"] == {"run": {"working-directory": service["folder"]}}
            assert job["needs"] == "changes"


def test_a_client_is_checked_against_the_service_it_is_of(copie: Copie) -> None:
    root = _render(copie, SETS["node and python"])
    job = root.workflow()["jobs"]["api-client"]
    assert {"run": "npm run client"} in job["steps"]  # type: ignore[operator]
    assert "api-client" not in _render(copie, [API, ML]).workflow()["jobs"]
    alone = _render(copie, [{**API, "features": ["ml-client"]}, BACK_OFFICE])
    assert "api-client" not in alone.workflow()["jobs"]


def test_every_service_has_a_database_and_knows_the_others(root: Root) -> None:
    name = "compose.yml" if "compose.yml" in root.files() else "workspace/compose.yml"
    compose = yaml.safe_load(root.text(name))
    databases = compose["services"]["databases"]["command"][2:]
    assert len(set(databases)) == len(root.services)
    addresses = {
        f"{str(service['name']).upper().replace('-', '_')}_URL" for service in root.services
    }
    for service, database in zip(root.services, databases, strict=True):
        parts = [service["name"], f"{service['name']}-migrate"]
        if "jobs" in service["features"]:  # type: ignore[operator]
            parts.append(f"{service['name']}-worker")
        for part in parts:
            environment = compose["services"][part]["environment"]
            assert environment["DATABASE_URL"].endswith(f"@database:5432/{database}")
            assert addresses < set(environment)
        ports = compose["services"][service["name"]]["ports"]
        assert ports[0].startswith(f"127.0.0.1:{service['port']}:")


@pytest.mark.parametrize("stack", [stack.name for stack in STACKS])
def test_a_service_at_the_root_says_that_there_are_others(
    copie: Copie, tmp_path: Path, stack: str
) -> None:
    said = "Other services lie in folders below this one"
    for folder, place in (("one", {}), ("root", {"workspace": "root"})):
        _copy(copie, tmp_path / folder, {"stack": stack, **place})
        for name in ("README.md", "AGENTS.md"):
            text = (tmp_path / folder / name).read_text()
            assert text.count(said) == (folder == "root"), name
            assert "\n\n\n" not in text, name
            assert "\n- \n" not in text, name


def test_the_workspace_of_a_root_does_not_share_the_names_of_its_compose_file(
    rooted: Root,
) -> None:
    assert yaml.safe_load(rooted.text("workspace/compose.yml"))["name"] == "my-shop-services"


@pytest.mark.parametrize("stack", [stack.name for stack in STACKS])
def test_every_secret_that_a_compose_file_demands_is_in_the_env_that_was_written(
    copie: Copie, tmp_path: Path, stack: str
) -> None:
    office = {**BACK_OFFICE, "folder": "back-office"}
    services = [{**API, "stack": stack, "folder": "."}, {"features": [], **office}]
    parts: list[tuple[str, dict[str, object]]] = [
        (".", {"stack": stack, "workspace": "root"}),
        ("back-office", {"stack": "python-django", "workspace": "inside"}),
        (".", {"stack": "workspace", "services": [{"features": [], **it} for it in services]}),
    ]
    for where, answers in parts:
        _copy(copie, tmp_path / where, answers)
        write_secrets(tmp_path / where)
    for path in (*tmp_path.glob("compose.yml"), *tmp_path.glob("*/compose.yml")):
        folder = tmp_path if path.parent.name == "workspace" else path.parent
        secrets = dict(line.split("=", 1) for line in _set((folder / ".env").read_text()))
        demanded = re.findall(r"\$\{(\w+):\?", path.read_text())
        assert demanded
        assert [name for name in demanded if len(secrets.get(name, "")) < 32] == [], path
    compose = yaml.safe_load((tmp_path / "workspace/compose.yml").read_text())["services"]
    for name, there in (("api", ".env"), ("back-office", "./back-office/.env")):
        assert compose[name]["env_file"] == [{"path": there, "required": False}]
    assert "SECRET_KEY=" in (tmp_path / "back-office/.env").read_text()


def _set(text: str) -> list[str]:
    return [line for line in text.splitlines() if "=" in line and not line.startswith("#")]


def _changed(root: Root, here: Path, git: Git, *names: str) -> dict[str, bool]:
    """Run the script of the workflow on a commit that changes the files of these names."""
    git("init", "-q")
    git("commit", "-q", "--allow-empty", "-m", "x")
    base = git("rev-parse", "HEAD")
    for name in names:
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text("x")
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", "y")
    return _tell(_script(root), here, base)


def _script(root: Root) -> str:
    steps = root.workflow()["jobs"]["changes"]["steps"]
    return next(step["run"] for step in steps if "run" in step)  # type: ignore[attr-defined,no-any-return]


def _tell(script: str, here: Path, base: str) -> dict[str, bool]:
    output = here / ".git/output"
    output.unlink(missing_ok=True)
    environment = {"PATH": "/usr/bin:/bin", "BASE": base, "GITHUB_OUTPUT": str(output)}
    subprocess.run(["bash", "-e", "-c", script], cwd=here, env=environment, check=True)
    pairs = (line.split("=") for line in output.read_text().splitlines())
    return {name: value == "true" for name, value in pairs}


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["api/src/app.ts"], {"api": True, "ml": False}),
        (["ml/app/main.py"], {"api": False, "ml": True}),
        (["ml/a", "api/b"], {"api": True, "ml": True}),
        (["compose.yml"], {"api": True, "ml": True}),
        (["apiary/x"], {"api": True, "ml": True}),
        ([".github/workflows/services.yml"], {"api": True, "ml": True}),
        (['ml/données/é "1".csv'], {"api": False, "ml": True}),
    ],
)
def test_what_changed_is_tested_and_all_when_it_is_nobodys(
    copie: Copie, here: Path, git: Git, names: list[str], told: dict[str, bool]
) -> None:
    assert _changed(_render(copie, [API, ML]), here, git, *names) == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("src/app.ts", {"api": True, "ml": False}),
        ("ml/app/main.py", {"api": True, "ml": True}),
        ("ml/données/é.csv", {"api": True, "ml": True}),
        ("workspace/run.mts", {"api": True, "ml": True}),
    ],
)
def test_a_service_at_the_root_does_not_concern_the_others(
    rooted: Root, here: Path, git: Git, name: str, told: dict[str, bool]
) -> None:
    assert _changed(rooted, here, git, name) == told


def test_a_service_that_has_lost_a_file_to_another_is_tested(
    copie: Copie, here: Path, git: Git
) -> None:
    root = _render(copie, [API, ML])
    _changed(root, here, git, "api/a")
    (here / "ml").mkdir()
    git("mv", "api/a", "ml/a")
    git("commit", "-q", "-m", "z")
    assert _tell(_script(root), here, git("rev-parse", "HEAD~1")) == {"api": True, "ml": True}


def test_of_a_first_push_everything_has_changed(copie: Copie, here: Path, git: Git) -> None:
    root = _render(copie, [API, ML])
    _changed(root, here, git, "api/a", "ml/b")
    assert _tell(_script(root), here, "0" * 40) == {"api": True, "ml": True}


def _released(here: Path, git: Git) -> Path:
    """The templates of the work tree as a version that a project can be updated to."""
    templates = here / "source"
    templates.mkdir()
    shutil.copy(ROOT / "copier.yml", templates)
    shutil.copytree(ROOT / "templates", templates / "templates")
    git("init", "-q", cwd=templates)
    git("add", "-A", cwd=templates)
    git("commit", "-q", "-m", "x", cwd=templates)
    git("tag", "v1.0.0", cwd=templates)
    return templates


def test_the_first_service_on_node_brings_its_command_for_all(here: Path, git: Git) -> None:
    templates, shop = _released(here, git), here / "shop"
    services = [{"features": [], **service} for service in (ML, BACK_OFFICE)]
    data = {"stack": "workspace", "project_name": "shop", "services": services}
    copier.run_copy(str(templates), shop, data=data, defaults=True, quiet=True)
    git("init", "-q", cwd=shop)
    git("add", "-A", cwd=shop)
    git("commit", "-q", "-m", "x", cwd=shop)
    more = {"services": [*services, {"features": [], **API}]}
    copier.run_update(shop, data=more, defaults=True, overwrite=True, quiet=True)
    assert {path.name for path in (shop / "workspace").iterdir()} == {"run.mts", "services.mts"}
    assert "npm run dev" in (shop / "README.md").read_text()
    assert (shop / "package.json").exists()


def test_one_more_service_merges_with_what_the_team_changed(here: Path, git: Git) -> None:
    templates, shop = _released(here, git), here / "shop"
    services = [{"features": [], **service} for service in (API, ML)]
    data = {"stack": "workspace", "project_name": "shop", "services": services}
    copier.run_copy(str(templates), shop, data=data, defaults=True, quiet=True)
    for name, old, new in (
        ("README.md", "## Run them all", "## Ours\n\nText.\n\n## Run them all"),
        ("compose.yml", "@database:5432/ml\n", "@database:5432/ml\n      LOG_LEVEL: debug\n"),
        ("workspace/services.mts", "  // Yours.\n", "  // Yours.\n  // Ours.\n"),
        (".github/workflows/services.yml", "run: npm test\n", "run: npm test -- --coverage\n"),
    ):
        text = (shop / name).read_text()
        assert old in text
        (shop / name).write_text(text.replace(old, new, 1))
    git("init", "-q", cwd=shop)
    git("add", "-A", cwd=shop)
    git("commit", "-q", "-m", "x", cwd=shop)

    more = {"services": [*services, {"features": [], **BACK_OFFICE}]}
    copier.run_update(shop, data=more, defaults=True, overwrite=True, quiet=True)

    root = Root(shop, more["services"])
    texts = {name: root.text(name) for name in root.files() if not name.startswith(".git/")}
    assert [name for name, text in texts.items() if "<<<<<<<" in text] == []
    assert "## Ours" in texts["README.md"]
    assert "LOG_LEVEL: debug" in texts["compose.yml"]
    assert "// Ours." in texts["workspace/services.mts"]
    assert "npm test -- --coverage" in texts[".github/workflows/services.yml"]
    for name in ("README.md", "compose.yml", "workspace/services.mts"):
        assert "back-office" in texts[name].lower().replace("_", "-"), name
    assert "back-office" in root.workflow()["jobs"]
