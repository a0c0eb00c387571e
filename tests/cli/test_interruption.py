"""Real processes, real signals, a real limit on what may be written."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scaffold.templates import install_bundle

NEW = ("-m", "scaffold", "new", "shop", "--stack", "node-express", "--yes")
PATIENCE_SECONDS = 30


def _leftovers(here: Path) -> list[str]:
    return sorted(path.name for path in here.iterdir())


def _start(here: Path) -> subprocess.Popen[str]:
    """Start making a project; return once it has begun to write."""
    process = subprocess.Popen(
        [sys.executable, *NEW], cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not any(path.name.startswith(".shop-") for path in here.iterdir()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return process


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=["ctrl-c", "sigterm", "terminal closed"],
)
@pytest.mark.parametrize("delay", [0.0, 0.1, 0.3], ids=["at once", "soon", "later"])
def test_a_signal_in_the_middle_leaves_nothing_or_all_of_it(
    here: Path, number: signal.Signals, code: int, delay: float
) -> None:
    process = _start(here)
    time.sleep(delay)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    if _leftovers(here) == ["shop"]:  # the last step was done before the signal came: all is there
        words = ["git", "status", "--porcelain", "--branch"]
        status = subprocess.run(
            words, cwd=here / "shop", capture_output=True, text=True, check=True
        )
        assert status.stdout == "## main\n"
        assert (here / "shop/docs/decisions/0001-backend-stack.md").exists()
    else:
        # Caught inside an import's exec(), Ctrl-C makes CPython end by the signal itself; a shell
        # shows both as 130.
        seen = process.returncode if process.returncode >= 0 else 128 - process.returncode
        assert seen == code, out + err
        assert _leftovers(here) == []
        assert "Traceback" not in err


def test_a_disk_that_fills_up_is_one_sentence_and_leaves_nothing(here: Path) -> None:
    install_bundle()
    limited = f"ulimit -f 4; exec {sys.executable} {' '.join(NEW)}"  # 4 blocks a file, and no more
    done = subprocess.run(
        ["bash", "-c", limited], cwd=here, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("Error: ") == 1
    assert _leftovers(here) == []


def test_a_closed_pipe_is_quiet(here: Path) -> None:
    words = f"{sys.executable} -m scaffold needs | head -1"
    done = subprocess.run(
        ["bash", "-c", words], cwd=here, capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1
