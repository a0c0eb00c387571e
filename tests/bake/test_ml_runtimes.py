"""The runtimes of the feature ml: each trains, exports, loads and serves a model for real.

scikit-learn is the one that the other slow tests have. The heavy ones are left out by
`-m "not heavy"`, and skipped where their wheels cannot be had.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.accounts import Account
from tests.support.bake import bake
from tests.support.fixtures import owner
from tests.support.stacks import STACKS, Stack

__all__ = ["owner"]

WITH_ML = [stack for stack in STACKS if "ml" in stack.features]
COMMANDS = {
    "python-fastapi": (("-m", "app.ml.train"), ("-m", "app.ml.evaluate")),
    "python-django": (("manage.py", "train"), ("manage.py", "evaluate")),
}
PACKAGE = {"python-fastapi": "app.ml", "python-django": "ml"}
MODELS = {"python-fastapi": "dist/models", "python-django": ".models"}
# What serves has nothing of what only trains.
SERVE = """
import importlib.util
import sys
from importlib import import_module
from pathlib import Path

names = ("host", "runtime", "store")
host, runtime, store = (import_module(f"{sys.argv[1]}.{name}") for name in names)
served = host.Host(store.Store(Path(sys.argv[2])), runtime.load)
served.refresh()
assert importlib.util.find_spec("sklearn") is None
print(served.served.metadata.model_dump_json() if served.served else served.reason)
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.parametrize("made_of", WITH_ML, ids=lambda stack: stack.name),
]


def _project(stack: Stack, runtime: str, tmp_path: Path) -> Path:
    return bake(stack, ("ml",), tmp_path / "shop", ml_runtime=runtime)


def _pin(root: Path, package: str) -> str:
    """Return the line of a dependency, as the project pins it."""
    listed = tomllib.loads((root / "pyproject.toml").read_text())["project"]["dependencies"]
    (line,) = (line for line in listed if line.startswith(f"{package}=="))
    return str(line).partition(";")[0]


def _gate(owner: Account, stack: Stack, root: Path, python: Path) -> None:
    """Check, train and serve: the tests of predictions do both on the real application.

    What a runtime changes is the same files in every stack, so one stack's checks do for all.
    """
    checks = (("ruff", "format", "--check"), ("ruff", "check"), ("mypy",))
    for command in checks if stack == WITH_ML[0] else ():
        owner.run((str(python), "-m", *command), root)
    for words in COMMANDS[stack.name]:
        owner.run((str(python), *words), root)
    owner.run((str(python), "-m", "pytest", "-q", "tests/ml", "tests/test_health.py"), root)


def _installed_gate(owner: Account, stack: Stack, root: Path) -> None:
    """Run the gate in the project's own environment, then serve from one as in the image."""
    owner.run(("uv", "sync"), root)
    _gate(owner, stack, root, root / ".venv/bin/python")
    owner.run(("uv", "sync", "--locked", "--no-dev"), root)
    serve = (".venv/bin/python", "-c", SERVE, PACKAGE[stack.name], MODELS[stack.name])
    served = json.loads(owner.run(serve, root).stdout.splitlines()[-1])
    assert served["version"] == (root / MODELS[stack.name] / "current").read_text().strip()


def test_onnx(made_of: Stack, owner: Account, tmp_path: Path) -> None:
    _installed_gate(owner, made_of, _project(made_of, "onnx", tmp_path))


@pytest.mark.heavy
def test_tensorflow(made_of: Stack, owner: Account, tmp_path: Path) -> None:
    root = _project(made_of, "tensorflow", tmp_path)
    pin = _pin(root, "tensorflow-cpu")
    wanted = ("uv", "pip", "install", "--dry-run", "--no-deps", "--target", str(tmp_path), pin)
    had = owner.attempt(wanted, tmp_path)
    if had.returncode:
        pytest.skip(f"{pin} cannot be had here: {_last_line(had.stderr)}")
    _installed_gate(owner, made_of, root)


@pytest.mark.heavy
def test_pytorch(made_of: Stack, owner: Account, tmp_path: Path) -> None:
    root = _project(made_of, "pytorch", tmp_path)
    if owner.attempt(("uv", "lock"), root).returncode == 0:
        _installed_gate(owner, made_of, root)
        return
    _gate(owner, made_of, root, _with_torch_from_pip(owner, root, tmp_path))


def _with_torch_from_pip(owner: Account, root: Path, tmp_path: Path) -> Path:
    """Install without PyTorch's own index, from wherever pip has a wheel without CUDA."""
    pin = _pin(root, "torch")
    python = tmp_path / "venv/bin/python"
    owner.run((sys.executable, "-m", "venv", str(tmp_path / "venv")), tmp_path)
    pip = (str(python), "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    found = owner.attempt((*pip, "--dry-run", "--report", "-", pin), tmp_path)
    no_index = "the index download.pytorch.org/whl/cpu cannot be reached"
    if found.returncode:
        pytest.skip(f"{no_index}, and pip has no {pin}: {_last_line(found.stderr)}")
    names = {item["metadata"]["name"] for item in json.loads(found.stdout)["install"]}
    if any(name.startswith("nvidia") for name in names):
        pytest.skip(f"{no_index}, and pip has {pin} with CUDA only")
    owner.run((*pip, pin), tmp_path)
    own = ("uv", "pip", "install", "--python", str(python), "--no-sources")
    owner.run((*own, "--editable", ".", "--group", "dev"), root)
    return python


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1].strip() if text.strip() else "no reason given"
