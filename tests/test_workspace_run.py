"""The commands that run all services at once, with small services in the place of real ones."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.support.waiting import eventually

SERVICES = """
export interface Service { name: string; folder: string; language: 'node' | 'python'; port: number }
export const services: Service[] = [
  { name: 'api', folder: 'api', language: 'node', port: 3000 },
  { name: 'back-office', folder: 'office', language: 'node', port: 3001 },
];
"""
# Where the real ones start PostgreSQL, and ask it.
POSTGRES = """
import fs from 'node:fs';
export async function sharePostgres(folder: string) {
  fs.mkdirSync(folder);
  const up = `${folder}/up`;
  fs.writeFileSync(up, '');
  return { url: 'postgresql://postgres@127.0.0.1:5/postgres', stop() { fs.rmSync(up); } };
}
"""
PG = """
const fs = require('node:fs');
exports.Client = class {
  async connect() {}
  async end() {}
  escapeIdentifier(name) {
    return `"${name}"`;
  }
  async query(text, values) {
    if (fs.existsSync(`${__dirname}/broken`)) {
      throw new Error('No.');
    }
    fs.appendFileSync(`${__dirname}/queries`, `${text}\\n`);
    return { rowCount: values?.[0] === 'api' ? 1 : 0 };
  }
};
"""
SERVICES_IN_PYTHON = """
from typing import NamedTuple
class Service(NamedTuple):
    name: str
    folder: str
    port: int
SERVICES = [Service("api", "api", 3000), Service("back-office", "office", 3001)]
"""
# In the place of uv: runs the scripts that npm would, and is the host of PostgreSQL.
UV = """
import json, os, sys
from pathlib import Path
if sys.argv[1:3] == ["run", "--project"]:
    folder, names = Path(sys.argv[3]), sys.argv[sys.argv.index("-c") + 2:]
    up = Path(".devdb/up")
    up.parent.mkdir()
    if (folder / "node_modules/pg/broken").exists():
        sys.exit("Error: No.")
    up.touch()
    queries = (f'CREATE DATABASE "{name}"' for name in names if name != "api")
    (folder / "node_modules/pg/queries").write_text("\\n".join(queries))
    print("postgresql://postgres@127.0.0.1:5/postgres", flush=True)
    sys.stdin.read()
    up.unlink()
    sys.exit()
for line in Path(".env").read_text().splitlines() if Path(".env").exists() else ():
    os.environ.setdefault(*line.split("=", 1))
script = json.loads(Path("package.json").read_text())["scripts"][sys.argv[-1]]
os.execvp("sh", ["sh", "-c", script])
"""
# A service with a child that outlives it unless somebody cares.
SERVICE = """
import { spawn } from 'node:child_process';
import fs from 'node:fs';
const child = spawn('sleep', ['1000'], { stdio: 'inherit' });
const { DATABASE_URL, PORT, API_URL, BACK_OFFICE_URL } = process.env;
const told = { DATABASE_URL, PORT, API_URL, BACK_OFFICE_URL, pids: [process.pid, child.pid] };
console.log('a line');
process.on('SIGUSR2', () => process.exit(3));
process.on('SIGTERM', () => {
  fs.writeFileSync('ended', String(fs.existsSync('../.devdb/up')));
  process.exit(0);
});
fs.writeFileSync('told.new', JSON.stringify(told));
fs.renameSync('told.new', 'told');
setInterval(() => {}, 1000);
"""
SCRIPTS = {"dev": "exec node service.mjs", "check": "node -e \"fs.writeFileSync('checked', '')\""}
# Not the script on the PATH, which may keep signals to itself.
NODE = subprocess.run(
    ["node", "-p", "process.execPath"], check=True, capture_output=True, text=True
).stdout.strip()
RUNNERS = {
    "node": (NODE, "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "workspace/run.mts"),
    "python": (sys.executable, "workspace/run.py"),
}
NOT_FOUND = {"node": "spawn npm ENOENT\n", "python": "uv was not found.\n"}
Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(params=list(RUNNERS))
def language(request: pytest.FixtureRequest) -> str:
    """What the command is written in."""
    return str(request.param)


@pytest.fixture
def workspace(tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "a shop"
    (root / "workspace").mkdir(parents=True)
    shutil.copy(ROOT / "templates/workspace" / RUNNERS[language][-1], root / RUNNERS[language][-1])
    (root / "workspace/services.mts").write_text(SERVICES)
    (root / "workspace/services.py").write_text(SERVICES_IN_PYTHON)
    if language == "python":
        (root / "bin").mkdir()
        (root / "bin/uv").write_text(f"#!{sys.executable}\n{UV}")
        (root / "bin/uv").chmod(0o755)
        monkeypatch.setenv("PATH", f"{root / 'bin'}:{os.environ['PATH']}")
    for folder in ("api", "office"):
        (root / folder / "dev").mkdir(parents=True)
        (root / folder / "package.json").write_text(json.dumps({"scripts": SCRIPTS}))
        (root / folder / "service.mjs").write_text(SERVICE)
    (root / "api/dev/shared-postgres.ts").write_text(POSTGRES)
    (root / "api/node_modules/pg").mkdir(parents=True)
    (root / "api/node_modules/pg/index.js").write_text(PG)
    return root


@pytest.fixture
def run(workspace: Path, language: str) -> Iterator[Run]:
    started: list[subprocess.Popen[str]] = []

    def start(command: str) -> "subprocess.Popen[str]":
        with (workspace / "output").open("w") as output:
            process = subprocess.Popen(
                [*RUNNERS[language], command],
                cwd=workspace,
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def _told(workspace: Path, folder: str) -> dict[str, object]:
    file = workspace / folder / "told"
    eventually(file.exists, what=f"{folder} is up", within=30)
    loaded: dict[str, object] = json.loads(file.read_text())
    return loaded


def _pids(workspace: Path) -> list[int]:
    return [pid for folder in ("api", "office") for pid in _told(workspace, folder)["pids"]]  # type: ignore[attr-defined]


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_each_service_is_told_its_database_its_port_and_the_others(
    workspace: Path, run: Run
) -> None:
    (workspace / "office/.env").write_text("DATABASE_URL=postgresql://elsewhere/office\n")
    run("dev")
    addresses = {
        "API_URL": "http://127.0.0.1:3000",
        "BACK_OFFICE_URL": "http://127.0.0.1:3001",
    }
    api, office = _told(workspace, "api"), _told(workspace, "office")
    server = "postgresql://postgres@127.0.0.1:5"
    assert api.items() >= {**addresses, "PORT": "3000", "DATABASE_URL": f"{server}/api"}.items()
    assert office.items() >= {**addresses, "PORT": "3001"}.items()
    assert office["DATABASE_URL"] == "postgresql://elsewhere/office"
    asked = (workspace / "api/node_modules/pg/queries").read_text().splitlines()
    assert [line for line in asked if "CREATE" in line] == ['CREATE DATABASE "back_office"']
    shown = {"back-office | a line", "api         | a line"}
    output = workspace / "output"
    eventually(lambda: shown <= set(output.read_text().splitlines()), what="both lines")


def test_the_database_ends_when_the_services_cannot_have_theirs(workspace: Path, run: Run) -> None:
    (workspace / "api/node_modules/pg/broken").touch()
    assert run("dev").wait(30) == 1
    assert "Error: No." in (workspace / "output").read_text()
    assert (workspace / ".devdb").exists()
    assert not (workspace / ".devdb/up").exists()


@pytest.mark.parametrize("language", ["node"])
def test_the_first_service_is_the_databases_host_whichever_come_later(
    workspace: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = SERVICES.replace("'node', port: 3000", "'python', port: 8000")
    (workspace / "workspace/services.mts").write_text(services)
    uv = workspace / "bin/uv"
    uv.parent.mkdir()
    uv.write_text(f'#!/bin/sh\necho "$@" > "{workspace}/asked"\n')
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", f"{uv.parent}:/usr/bin:/bin")
    assert run("dev").wait(30) == 1
    assert "PostgreSQL did not start." in (workspace / "output").read_text()
    assert "--project" in (workspace / "asked").read_text()
    assert not (workspace / ".devdb").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything_and_the_database_last(
    workspace: Path, run: Run, number: signal.Signals
) -> None:
    process = run("dev")
    pids = _pids(workspace)
    process.send_signal(number)
    assert process.wait(30) == 0
    assert [pid for pid in pids if _alive(pid)] == []
    assert [(workspace / f / "ended").read_text() for f in ("api", "office")] == ["true", "true"]
    assert not (workspace / ".devdb/up").exists()


def test_a_service_that_ends_ends_everything(workspace: Path, run: Run) -> None:
    process = run("dev")
    pids = _pids(workspace)
    os.kill(pids[0], signal.SIGUSR2)
    assert process.wait(30) == 3
    assert [pid for pid in pids if _alive(pid)] == []
    assert (workspace / "office/ended").exists()
    assert not (workspace / ".devdb/up").exists()


def test_a_kill_ends_the_services(workspace: Path, run: Run) -> None:
    process = run("dev")
    pids = _pids(workspace)
    process.kill()
    process.wait(30)
    eventually(lambda: not any(_alive(pid) for pid in pids), what="no service is left")


def test_a_command_is_given_to_one_service_after_the_other(workspace: Path, run: Run) -> None:
    assert run("check").wait(30) == 0
    assert (workspace / "api/checked").exists()
    assert (workspace / "office/checked").exists()


def test_the_first_failure_is_the_last_command(workspace: Path, run: Run) -> None:
    (workspace / "api/package.json").write_text('{"scripts": {"check": "exit 4"}}')
    assert run("check").wait(30) == 4
    assert not (workspace / "office/checked").exists()


@pytest.mark.parametrize("command", ["setup", "dev"])
def test_a_program_that_is_not_installed_is_named(
    workspace: Path, run: Run, command: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert run(command).wait(30) == 1
    assert NOT_FOUND[language] in (workspace / "output").read_text()
    assert not (workspace / ".devdb/up").exists()


def test_an_unknown_command_is_answered_with_those_there_are(workspace: Path, run: Run) -> None:
    assert run("deploy").wait(30) == 2
    assert "There is: setup, dev, check, test, build\n" in (workspace / "output").read_text()
