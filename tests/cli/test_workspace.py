"""Several services in one repository: `scaffold new` and `scaffold add`."""

from __future__ import annotations

import json
import shlex
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from click.testing import CliRunner

from scaffold.cli import cli
from tests.cli.conftest import Invoke
from tests.conftest import Git
from tests.update.conftest import tree

SAAS = ("new", "shop", "--need", "saas", "--need", "ai-feature", "--yes")
API, ML = "node-nestjs", "python-fastapi"


def _answers(folder: Path, name: str = ".copier-answers.yml") -> dict[str, Any]:
    answers: dict[str, Any] = yaml.safe_load((folder / name).read_text())
    return answers


def _everything(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {name: it for name, it in tree(folder).items() if not name.startswith(".git/")}


def _commit(git: Git, folder: Path) -> None:
    git("add", "--all", cwd=folder)
    git("commit", "-qm", "x", cwd=folder)


class Made(NamedTuple):
    """A workspace that is there for all tests to read, and what the command told of it."""

    told: dict[str, Any]
    root: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A workspace of two services, made once."""
    here = tmp_path_factory.mktemp("made")
    (here / ".gitconfig").write_text("[user]\n\tname = Ada\n\temail = ada@example.com\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(here))
        patch.setenv("GIT_CONFIG_NOSYSTEM", "1")
        patch.delenv("SCAFFOLD_SOURCE", raising=False)
        patch.chdir(here)
        done = CliRunner().invoke(cli, [*SAAS, "--json"], prog_name="scaffold")
    assert done.exit_code == 0, done.output
    return Made(json.loads(done.stdout), here / "shop")


@pytest.fixture
def saas(made: Made, here: Path) -> Path:
    """Such a workspace of the test's own."""
    return Path(shutil.copytree(made.root, here / "shop", symlinks=True))


@pytest.fixture
def single(invoke: Invoke, here: Path) -> Path:
    """A repository of one service."""
    invoke("new", "shop", "--stack", "node-express", "--yes")
    return here / "shop"


def test_an_ai_feature_makes_a_workspace_of_two_services(made: Made, git: Git) -> None:
    told, shop = made
    assert told["services"] == [
        {"name": "api", "stack": API, "features": ["ml-client"], "path": str(shop / "api")},
        {"name": "ml", "stack": ML, "features": ["ml"], "path": str(shop / "ml")},
    ]
    assert told["effects"]["ai-feature"] == (
        "Adds the service ml, the feature ml-client in api, the feature ml in ml."
    )
    assert told["effects"]["saas"].startswith("Weighs in the choice of a stack;")
    assert told["next"] == ["cd shop", "npm run setup", "npm run dev"]
    assert _answers(shop)["needs"] == {"saas": "important", "ai-feature": "important"}
    assert [it["port"] for it in _answers(shop)["services"]] == [3000, 8000]
    assert _answers(shop / "api")["project_name"] == "shop-api"
    assert _answers(shop / "ml")["features"] == ["ml"]
    assert git("log", "--format=%s", cwd=shop).startswith(f"Start from {API} and {ML} v")
    assert git("status", "--porcelain", cwd=shop) == ""


def test_each_service_and_the_root_have_secrets_of_their_own(made: Made) -> None:
    found = [made.root / name / ".env" for name in ("", "api", "ml")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in found} == {0o600}
    assert not [path for path in found if "change-me" in path.read_text()]


def test_the_decision_is_kept_once_at_the_root(made: Made) -> None:
    (record,) = made.root.rglob("docs/decisions/*.md")
    assert record.parent == made.root / "docs/decisions"
    assert "A further service, `ml`, on FastAPI with `ml`" in record.read_text()


def test_the_printed_command_makes_the_same_again(invoke: Invoke, here: Path, made: Made) -> None:
    invoke(*shlex.split(made.told["command"])[1:])
    words = ["diff", "-r", "-x", ".git", "-x", ".env", "-x", "decisions", str(made.root), "shop"]
    assert subprocess.run(words, cwd=here, capture_output=True, check=False).stdout == b""


def test_a_service_can_be_refused(invoke: Invoke, here: Path) -> None:
    made = json.loads(invoke(*SAAS, "--service", "none", "--json").stdout)
    assert [it["name"] for it in made["services"]] == ["api"]
    assert "--service none" in made["command"]
    assert (here / "shop/src").is_dir()


def test_any_services_can_be_asked_for(invoke: Invoke, here: Path) -> None:
    words = ("--service", "mail=node-fastify+jobs", "--service", "ml=python-fastapi")
    made = json.loads(invoke("new", "shop", "--stack", API, *words, "--yes", "--json").stdout)
    told = [(it["name"], it["stack"], it["features"]) for it in made["services"]]
    assert told == [
        ("api", API, []),
        ("mail", "node-fastify", ["jobs"]),
        ("ml", ML, []),
    ]
    assert {"api", "mail", "ml"} <= {path.name for path in (here / "shop").iterdir()}


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("ml", "'ml' is no service"),
        ("=python-fastapi", "is no service"),
        ("mail=nothing", "Unknown stack 'nothing'"),
        ("mail=node-express+nothing", "Unknown feature 'nothing'"),
        ("mail=python-flask+realtime", "Flask has no feature 'realtime'"),
        ("api=node-express", "Two services are called 'api'"),
        ("Mail=node-express", "cannot be a service's name"),
        ("../mail=node-express", "cannot be a service's name"),
        ("docs=node-express", "The workspace itself uses that name"),
        ("databases=node-express", "The workspace itself uses that name"),
        ("api-migrate=node-express", "uses that name, for a part of api"),
        (f"{'x' * 50}=node-express", "characters long"),
    ],
)
def test_a_bad_service_is_usage_and_nothing_is_written(
    invoke: Invoke, here: Path, word: str, says: str
) -> None:
    words = ("new", "shop", "--stack", "node-express", "--service", word, "--yes")
    assert says in invoke(*words, code=2).stderr
    assert list(here.iterdir()) == []


def test_a_runtime_is_recorded_where_the_models_run(invoke: Invoke, here: Path) -> None:
    invoke(*SAAS, "--ml-runtime", "onnx")
    assert _answers(here / "shop/ml")["ml_runtime"] == "onnx"
    assert "ml_runtime" not in _answers(here / "shop/api")
    (here / "shop").rename(here / "first")
    invoke("new", "--answers", "first/.copier-answers.yml", "--yes")
    assert _answers(here / "shop/ml")["ml_runtime"] == "onnx"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--need", "ai-core", "--ml-runtime", "onxx"), "Did you mean onnx?"),
        (("--stack", "node-express", "--ml-runtime", "onnx"), "--feature ml"),
    ],
)
def test_a_runtime_that_cannot_be_is_usage(
    invoke: Invoke, here: Path, words: tuple[str, ...], says: str
) -> None:
    assert says in invoke("new", "shop", *words, "--yes", code=2).stderr
    assert list(here.iterdir()) == []


def test_a_project_of_one_service_gets_another_and_its_files_stay(
    invoke: Invoke, single: Path, git: Git
) -> None:
    (single / "src/mine.ts").write_text("export const mine = 1;\n")
    _commit(git, single)
    before = _everything(single)
    result = invoke("add", "ml", "shop")
    after = _everything(single)
    assert "Added ml, FastAPI" in result.stdout
    assert "node workspace/run.mts setup" in result.stdout
    assert before.keys() <= after.keys()
    assert after["src/mine.ts"] == before["src/mine.ts"]
    assert _answers(single)["features"] == ["ml-client"]
    listed = _answers(single, ".copier-answers.workspace.yml")["services"]
    assert [(it["name"], it["folder"]) for it in listed] == [("api", "."), ("ml", "ml")]
    assert _answers(single / "ml")["project_name"] == "shop-ml"
    assert "change-me" not in (single / "ml/.env").read_text()
    assert git("log", "--format=%s", cwd=single).count("\n") == 1
    _commit(git, single)
    assert "Up to date" in invoke("update", "shop").stdout


def test_adding_is_previewed_and_undone(invoke: Invoke, single: Path) -> None:
    before = _everything(single)
    assert "Would add ml, FastAPI" in invoke("add", "ml", "shop", "--dry-run").stdout
    assert _everything(single) == before
    told = json.loads(invoke("add", "ml", "shop", "--json").stdout)
    assert told["service"] == {"name": "ml", "stack": ML, "features": ["ml"]}
    assert "ml/pyproject.toml" in [change["path"] for change in told["changes"]]
    invoke("update", "shop", "--undo")
    assert {name: it for name, it in _everything(single).items() if name != "ml/.env"} == before


def test_a_workspace_gets_one_more_service(invoke: Invoke, saas: Path, git: Git) -> None:
    shop = saas
    (shop / "api/src/mine.ts").write_text("export const mine = 1;\n")
    _commit(git, shop)
    invoke("add", "mail=node-fastify+jobs", "shop")
    listed = _answers(shop)["services"]
    assert [(it["name"], it["port"]) for it in listed] == [
        ("api", 3000),
        ("ml", 8000),
        ("mail", 3001),
    ]
    assert "mail" in yaml.safe_load((shop / "compose.yml").read_text())["services"]
    assert (shop / "api/src/mine.ts").exists()
    assert _answers(shop / "mail")["features"] == ["jobs"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("ml", "nowhere"), "There is no folder"),
        (("nothing", "shop"), "'nothing' is no service"),
        (("mail=nothing", "shop"), "Unknown stack"),
        (("api=node-express", "shop"), "Two services are called 'api'"),
        (("mail=node-express+ml-client", "shop"), "asks a service ml=python-fastapi+ml beside it"),
    ],
)
def test_what_cannot_be_added_is_usage(
    invoke: Invoke, single: Path, words: tuple[str, ...], says: str
) -> None:
    before = _everything(single)
    assert says in invoke("add", *words, code=2).stderr
    assert _everything(single) == before


def test_a_folder_that_is_taken_is_not_touched(invoke: Invoke, single: Path) -> None:
    (single / "ml").mkdir()
    (single / "ml/mine.txt").write_text("mine")
    before = _everything(single)
    assert "There is something called ml in" in invoke("add", "ml", "shop", code=1).stderr
    assert _everything(single) == before


def test_a_folder_that_git_ignores_is_no_place_for_a_service(
    invoke: Invoke, single: Path, git: Git
) -> None:
    with (single / ".gitignore").open("a") as ignored:
        ignored.write("mail/\n")
    _commit(git, single)
    assert "git ignores a folder mail" in invoke("add", "mail=node-express", "shop", code=1).stderr
    assert not (single / "mail").exists()


@pytest.mark.parametrize(
    ("there", "word"),
    [("mail-worker", "mail"), ("mail", "mail-worker"), ("mail", "mail-client")],
)
def test_a_name_that_is_a_part_of_another_service_is_taken(
    invoke: Invoke, there: str, word: str
) -> None:
    services = [it for name in (there, word) for it in ("--service", f"{name}=node-express")]
    result = invoke("new", "shop", "--stack", API, *services, "--yes", code=2)
    assert "for a part of mail" in result.stderr


def test_a_client_is_only_had_beside_the_service_that_it_asks(
    invoke: Invoke, here: Path, git: Git
) -> None:
    words = ("new", "shop", "--stack", "node-express", "--yes")
    client = ("--feature", "ml-client")
    says = "The feature ml-client asks a service ml=python-fastapi+ml beside it"
    for more in ((), ("--service", "ml=node-express"), ("--service", "mail=python-fastapi+ml")):
        assert says in invoke(*words, *client, *more, code=2).stderr
    assert list(here.iterdir()) == []
    invoke(*words)
    assert says in invoke("update", "shop", *client, code=2).stderr
    invoke("add", "ml=python-fastapi+ml", "shop")
    _commit(git, here / "shop")
    assert "Up to date" in invoke("update", "shop", *client).stdout


def test_work_that_is_not_committed_is_in_the_way(invoke: Invoke, single: Path) -> None:
    (single / "src/mine.ts").write_text("export const mine = 1;\n")
    assert "not committed" in invoke("add", "ml", "shop", code=1).stderr
    assert not (single / "ml").exists()


def test_an_older_project_is_to_be_updated_first(invoke: Invoke, here: Path) -> None:
    invoke("new", "shop", "--stack", "node-express", "--yes", "--ref", "v1.4.0")
    result = invoke("add", "ml", "shop", code=1)
    assert "scaffold update" in result.stderr
    assert not (here / "shop/ml").exists()


def test_a_workspace_has_no_features_of_its_own(invoke: Invoke, saas: Path) -> None:
    result = invoke("update", "shop", "--feature", "realtime", code=2)
    assert "scaffold update api --feature F" in result.stderr


def test_a_feature_of_a_service_is_run_by_its_workspace_too(invoke: Invoke, saas: Path) -> None:
    before = _everything(saas)
    invoke("update", "shop/api", "--feature", "ml-client", "--feature", "jobs")
    assert _answers(saas / "api")["features"] == ["jobs", "ml-client"]
    assert [it["features"] for it in _answers(saas)["services"]] == [["jobs", "ml-client"], ["ml"]]
    assert "api-worker" in yaml.safe_load((saas / "compose.yml").read_text())["services"]
    invoke("update", "shop", "--undo")
    assert _everything(saas) == before


@pytest.mark.slow
def test_a_feature_of_the_service_at_the_root_is_run_by_its_workspace_too(
    invoke: Invoke, single: Path, git: Git
) -> None:
    invoke("add", "mail=node-fastify", "shop")
    _commit(git, single)
    invoke("update", "shop", "--feature", "jobs")
    assert _answers(single)["features"] == ["jobs"]
    listed = _answers(single, ".copier-answers.workspace.yml")["services"]
    assert [it["features"] for it in listed] == [["jobs"], []]
    compose = yaml.safe_load((single / "workspace/compose.yml").read_text())
    assert "api-worker" in compose["services"]
