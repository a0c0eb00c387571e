"""What docs/updating.md says of plain `copier update`, and of `scaffold update` in its place."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.update.conftest import ANSWERS, COPIER, Shop, Source, kinds, new_shop

ANSWER = "{{ _copier_answers|to_nice_yaml }}"
WORDS = "".join(f"{word} of the file\n" for word in ("first", "second", "third", "fourth", "fifth"))
OTHER = "".join(f"another {number}\n" for number in range(9))
MANIFEST = '{\n  "dependencies": {\n    "pino": "1.0.0",\n    "zod": "1.0.0"\n  }\n}\n'
BESIDE = MANIFEST.replace('    "zod"', '    "yup": "5.0.0",\n    "zod"')


@pytest.fixture
def shops(source: Source, tmp_path: Path) -> tuple[Shop, Shop]:
    """One project, twice; what its user did, and what the next version brings, is in conflict."""
    source.release(
        "v5.0.0",
        {ANSWERS: ANSWER, "dropped.txt": WORDS, "moved.txt": OTHER, "package.json": MANIFEST},
        copier_yml=COPIER,
    )
    one = new_shop(source, "v5.0.0", tmp_path / "one")
    one.edit(
        {
            "dropped.txt": f"{WORDS}mine\n",
            "moved.txt": None,
            "mine.txt": OTHER,
            "package.json": BESIDE,
        }
    )
    source.release(
        "v6.0.0",
        {
            "dropped.txt": None,
            "moved.txt": OTHER.replace("another 4", "the fourth"),
            "package.json": MANIFEST.replace('zod": "1.0.0', 'zod": "1.0.1'),
        },
    )
    shutil.copytree(one.folder, tmp_path / "other")
    return one, Shop(tmp_path / "other")


def test_copier_says_nothing_and_loses_what_scaffold_keeps_and_reports(
    shops: tuple[Shop, Shop],
) -> None:
    plain, ours = shops
    words = [sys.executable, "-m", "copier", "update", "--defaults"]
    done = subprocess.run(words, cwd=plain.folder, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert "package.json" not in done.stdout + done.stderr
    assert "<<<<<<<" in plain.read("package.json")
    assert not plain.has("dropped.txt")
    assert "the fourth" not in plain.read("mine.txt")

    assert kinds(ours.update()) == {
        "dropped.txt": "kept",
        "mine.txt": "merged",
        "package.json": "merged",
    }
    assert ours.read("dropped.txt") == f"{WORDS}mine\n"
    assert "the fourth" in ours.read("mine.txt")
    assert ours.read("package.json") == BESIDE.replace('zod": "1.0.0', 'zod": "1.0.1')
