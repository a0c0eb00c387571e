"""Two services in one repository as their user gets them: made at once, or one added later."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from scaffold.templates import packaged_bundle
from tests.support.accounts import Account
from tests.support.bake import changes
from tests.support.fixtures import owner
from tests.support.http import Answer, Api
from tests.support.machine import Machine
from tests.support.ports import free_port
from tests.support.processes import family, kill, kill_group, wait_until_gone
from tests.support.readme import commands, first_block
from tests.support.service import Service
from tests.support.waiting import eventually
from tests.support.wine import WINE, predict

__all__ = ["owner"]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

RUN = ("node", "workspace/run.mts")
IDENTITY = """[user]
    name = Ada
    email = ada@example.com
"""


@dataclass(frozen=True)
class Workspace:
    """Installed services side by side, each with a free port in its `.env`."""

    owner: Account
    root: Path
    api: Path
    ml: Path

    @contextmanager
    def dev(self) -> Iterator[Service]:
        """Yield the one command that runs them all, when both are ready."""
        api, ml = free_port(), free_port()
        _set(self.api, PORT=api, ML_URL=f"http://127.0.0.1:{ml}")
        _set(self.ml, PORT=ml)
        service = Service(self.owner, (*RUN, "dev"), self.root, self.owner.environment(), api)
        try:
            service.wait_until_live(60)
            for port in (api, ml):
                _ready(Api(port))
            yield service
        finally:
            kill(family(service.pid, self.root))
            service.clean_up()

    def git(self, *words: str) -> str:
        return self.owner.run(("git", *words), self.root).stdout


def _set(folder: Path, **variables: object) -> None:
    (folder / ".env").write_text("".join(f"{name}={value}\n" for name, value in variables.items()))


def _ready(api: Api) -> None:
    def is_ready() -> bool:
        try:
            return api.get("/readyz").status == 200
        except OSError:
            return False

    eventually(is_ready, what=f"the service on {api.port} is ready", within=60)


def _ask(service: Service, request_id: str = "r-1") -> Answer:
    return predict(service.api, WINE, X_Request_Id=request_id)


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, owner: Account) -> Machine:
    home = tmp_path_factory.mktemp("workspaces")
    (home / ".gitconfig").write_text(IDENTITY)
    (home / ".scaffold").mkdir()
    (home / ".scaffold/templates.bundle").write_bytes(packaged_bundle())
    return Machine(home, owner)


@pytest.fixture(scope="module")
def made(machine: Machine) -> Workspace:
    """What a need for a machine-learned feature makes, after the commands of its README."""
    needs = ("--need", "saas", "--need", "ai-feature")
    done = machine.scaffold("new", "shop", *needs, "--yes", "--json", cwd=machine.home)
    assert done.returncode == 0, done.stderr
    root = machine.home / "shop"
    _set(root / "api")
    script = first_block((root / "README.md").read_text())
    machine.owner.run(("sh", "-ec", script), root, within=800)
    return Workspace(machine.owner, root, root / "api", root / "ml")


@pytest.fixture(scope="module")
def added_to(machine: Machine) -> Workspace:
    """A project of one service, with the team's work in it, that got one for its models."""
    words = ("new", "old", "--stack", "node-express", "--yes", "--json")
    assert machine.scaffold(*words, cwd=machine.home).returncode == 0
    root = machine.home / "old"
    (root / "src/ours.ts").write_text("export const ours = 'kept';\n")
    machine.owner.run(("git", "add", "--all"), root)
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    machine.owner.run(("git", *identity, "commit", "--quiet", "--message=Ours"), root)
    done = machine.scaffold("add", "ml", "--json", cwd=root)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["conflicts"] == []
    machine.owner.run((*RUN, "setup"), root)
    return Workspace(machine.owner, root, root, root / "ml")


@pytest.fixture
def without_node(tmp_path: Path, owner: Account) -> str:
    """A PATH with all programs but Node.js."""
    for folder in reversed(owner.environment()["PATH"].split(os.pathsep)):
        for program in Path(folder).glob("*"):
            if program.name not in {"node", "npm", "npx"}:
                (tmp_path / program.name).unlink(missing_ok=True)
                (tmp_path / program.name).symlink_to(program)
    owner.own(tmp_path)
    return str(tmp_path)


def test_services_that_are_all_python_run_without_node(
    machine: Machine, owner: Account, without_node: str
) -> None:
    words = ("--stack", "python-flask", "--service", "files=python-fastapi", "--yes", "--json")
    done = machine.scaffold("new", "snakes", *words, cwd=machine.home)
    assert done.returncode == 0, done.stderr
    root, run = machine.home / "snakes", ("uv", "run", "workspace/run.py")
    assert json.loads(done.stdout)["next"] == [
        "cd snakes", f"{' '.join(run)} setup", f"{' '.join(run)} dev",
    ]  # fmt: skip
    owner.run((*run, "setup"), root, {"PATH": without_node})
    api, files = free_port(), free_port()
    _set(root / "api", PORT=api)
    _set(root / "files", PORT=files)
    service = Service(owner, (*run, "dev"), root, owner.environment(PATH=without_node), api)
    try:
        for port in (api, files):
            _ready(Api(port))
        processes = family(service.pid, root)
        kill_group(service.pid, signal.SIGINT)
        wait_until_gone(processes)
    finally:
        kill(family(service.pid, root))
        service.clean_up()


def test_the_gate_of_each_service_passes_from_the_root(made: Workspace) -> None:
    block = commands(first_block((made.root / "README.md").read_text()))
    assert block == [f"npm run {word}" for word in ("setup", "check", "test", "build")]
    left = changes(made.owner, made.root)
    assert left == ["?? api/package-lock.json", "?? ml/uv.lock"]


def test_one_command_serves_predictions_with_one_request_id_in_both_logs(made: Workspace) -> None:
    with made.dev() as service:
        answer = _ask(service, "both-have-this")
        assert (answer.status, answer.json()["degraded"]) == (200, False)
        assert answer.json()["model"]["version"]
        assert answer.json()["predictions"][0]["label"] == "class_0"
        for name in ("api", "ml"):
            _has_logged(service, name, "both-have-this")


def _has_logged(service: Service, name: str, text: str) -> None:
    def is_there() -> bool:
        return any(line.startswith(f"{name} ") and text in line for line in service.out[:])

    eventually(is_there, what=f"{text} in the log of {name}")


def test_the_service_works_on_while_that_of_the_models_is_stopped(made: Workspace) -> None:
    with made.dev() as service:
        assert _ask(service).json()["degraded"] is False
        of_ml = [process.pid for process in family(service.pid) if _serves(process.command)]
        assert of_ml
        for pid in of_ml:
            made.owner.run(("kill", "-STOP", str(pid)), made.root)

        answer = _ask(service)
        assert (answer.status, answer.json()) == (
            200,
            {"degraded": True, "model": None, "predictions": None},
        )
        assert service.api.get("/readyz").status == 200
        assert service.api.create("Still here")["title"] == "Still here"

        for pid in of_ml:
            made.owner.run(("kill", "-CONT", str(pid)), made.root)
        eventually(
            lambda: _ask(service).json()["degraded"] is False,
            what="predictions come back",
            within=30,
        )


def _serves(command: str) -> bool:
    return "python" in command and "app" in command


def test_ctrl_c_leaves_no_process(made: Workspace) -> None:
    with made.dev() as service:
        processes = family(service.pid, made.root)
        assert any("postgres" in process.command for process in processes)
        kill_group(service.pid, signal.SIGINT)
        wait_until_gone(processes)


def test_the_client_is_the_one_that_the_service_of_the_models_asks_for(made: Workspace) -> None:
    made.owner.run(("npm", "run", "client"), made.api)
    assert [line for line in changes(made.owner, made.root) if not line.startswith("??")] == []


def test_a_service_is_added_without_moving_a_file(added_to: Workspace) -> None:
    assert (added_to.root / "src/ours.ts").read_text() == "export const ours = 'kept';\n"
    assert (added_to.root / "ml/app/ml").is_dir()
    renamed = added_to.git("status", "--porcelain", "--no-renames")
    assert [line for line in renamed.splitlines() if "D" in line[:2]] == []


def test_the_service_there_was_asks_the_one_that_was_added(added_to: Workspace) -> None:
    with added_to.dev() as service:
        answer = _ask(service)
        assert (answer.status, answer.json()["degraded"]) == (200, False)
        assert answer.json()["model"]["sha256"]
