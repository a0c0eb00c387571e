"""An update that is stopped, by real signals and real limits, at many points of its run.

However it ends, the work tree is as before or as after, to the byte, and the next update succeeds.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.update.conftest import (
    ANSWERS,
    Files,
    Shop,
    Tree,
    git,
    new_shop,
    new_source,
)

FILES = 200
PATIENCE_SECONDS = 60
UPDATE = (sys.executable, "-m", "scaffold", "update", "shop")


@dataclass(frozen=True)
class Big:
    """A project with some hundred files that change, and what it is before and after."""

    shop: Shop
    before: Tree
    after: Tree
    seconds: float

    def start(self) -> subprocess.Popen[str]:
        """Begin an update."""
        return subprocess.Popen(
            UPDATE, cwd=self.shop.folder.parent, text=True, start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def again(self) -> None:
        """Put the project back to before, as far as it is not."""
        git("reset", "--quiet", "--hard", cwd=self.shop.folder)
        git("clean", "--quiet", "-fd", cwd=self.shop.folder)
        assert self.shop.files() == self.before

    def settled(self) -> Tree:
        """Return the work tree when it has come to rest: what was begun goes on to its end."""
        found = self.shop.files()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while found not in (self.before, self.after) and time.monotonic() < deadline:
            time.sleep(0.02)
            found = self.shop.files()
        return found

    def finish(self) -> None:
        """Update to the end, whatever was left."""
        done = subprocess.run(
            UPDATE, cwd=self.shop.folder.parent, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert self.shop.files() == self.after


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Big:
    """Such a project; to be copied."""
    here = tmp_path_factory.mktemp("big")
    old: Files = {f"folder {number % 7}/{number}.txt": f"{number}\n" for number in range(FILES)}
    new: dict[str, str | None] = {name: f"{name}, better\n" for name in old}
    new |= dict.fromkeys(list(old)[::3], None)
    new |= {f"new/{number}.txt": "new\n" for number in range(FILES // 3)}
    source = new_source(here / "templates")
    first = {ANSWERS: "{{ _copier_answers|to_nice_yaml }}"}
    source.release("v1.0.0", {**first, **old}, copier_yml="_subdirectory: template\n")
    shop = new_shop(source, "v1.0.0", here / "shop")
    shop.edit({"mine.txt": "mine\n"})
    before = shop.files()
    source.release("v1.1.0", new)
    begun = time.monotonic()
    done = subprocess.run(UPDATE, cwd=here, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    big = Big(shop, before, shop.files(), time.monotonic() - begun)
    big.again()
    return big


@pytest.fixture
def big(made: Big, here: Path) -> Big:
    """A project of the test's own."""
    shutil.copytree(made.shop.folder, here / "shop")
    big = replace(made, shop=Shop(here / "shop"))
    big.again()
    return big


def _after(big: Big, _process: subprocess.Popen[str], part: float) -> None:
    time.sleep(big.seconds * part)


def _at_the_switch(big: Big, process: subprocess.Popen[str], part: float) -> None:
    """Wait until the files are about to be moved (a busy machine may miss it), then a little."""
    plan = big.shop.folder / ".git/scaffold/project/now/plan.json"
    while not plan.exists() and process.poll() is None:
        pass
    time.sleep(part / 50)


Moment = Callable[[Big, subprocess.Popen[str], float], None]
Moments = Sequence[tuple[Moment, float]]
MOMENTS: Moments = [
    (_after, 0.7),
    *((_at_the_switch, part) for part in (0.0, 0.3)),
]
SWEEP: Moments = [
    *((_after, part / 30) for part in range(2, 32)),
    *((_at_the_switch, part / 15) for part in range(30)),
]


def _stopped(big: Big, number: signal.Signals, moment: Moment, part: float) -> tuple[int, str]:
    """Stop an update as a terminal does, all processes of its group; return how it ended."""
    process = big.start()
    moment(big, process, part)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
    _, err = process.communicate(timeout=PATIENCE_SECONDS)
    return process.returncode, err


def _check_killed(big: Big, moments: Moments) -> None:
    for moment, part in moments:
        _stopped(big, signal.SIGKILL, moment, part)
        assert big.settled() in (big.before, big.after), (moment, part)
        big.again()
    big.finish()


def _check_stopped(big: Big, number: signal.Signals, code: int, moments: Moments) -> None:
    for moment, part in moments:
        ended, err = _stopped(big, number, moment, part)
        found = big.shop.files()
        assert "Traceback" not in err
        if found == big.after:
            assert "nothing was written" not in err
        else:
            assert found == big.before, (moment, part)
            assert ended in (code, -number), err  # by itself when caught inside an import
        big.again()
    big.finish()


def test_kill_9_leaves_the_tree_as_before_or_as_after(big: Big) -> None:
    _check_killed(big, MOMENTS)


def test_ctrl_c_leaves_the_tree_as_before_or_as_after(big: Big) -> None:
    _check_stopped(big, signal.SIGINT, 130, MOMENTS[:1])


@pytest.mark.slow
@pytest.mark.parametrize("half", [0, 1])
def test_kill_9_at_sixty_moments(big: Big, half: int) -> None:
    _check_killed(big, SWEEP[half::2])


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_at_fifteen_moments(big: Big, number: signal.Signals, code: int) -> None:
    _check_stopped(big, number, code, SWEEP[::4])


def test_a_disk_that_fills_up_is_one_sentence_and_the_tree_as_before(big: Big) -> None:
    for blocks in (1, 24):  # so much a file, and no more; the larger, the later it is met
        words = f"ulimit -f {blocks}; exec {' '.join(UPDATE)}"
        done = subprocess.run(
            ["bash", "-c", words], cwd=big.shop.folder.parent, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        assert "Traceback" not in done.stderr
        assert done.stderr.count("Error: ") == 1
        assert "fault of scaffold" not in done.stderr
        assert big.shop.files() == big.before
        assert not (big.shop.folder / ".git/scaffold/project/now").exists()
    big.finish()
