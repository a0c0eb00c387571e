"""A machine on which projects are made of released templates, and updated."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scaffold.project import Project
from scaffold.recommend import Service
from tests.support.accounts import Account
from tests.support.bake import commit

BUNDLE = "~/.scaffold/templates.bundle"


@dataclass(frozen=True)
class Machine:
    """A home folder with a bundle of releases in it, and the account that lives there."""

    home: Path
    owner: Account

    def copier(self, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run plain copier."""
        return self._run("copier", *words, cwd=cwd)

    def scaffold(self, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run scaffold."""
        return self._run("scaffold", *words, cwd=cwd)

    def _run(self, module: str, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a command, for which git will fetch nothing from anywhere else."""
        environment = self.owner.environment(HOME=str(self.home), GIT_ALLOW_PROTOCOL="file")
        return subprocess.run(
            [sys.executable, "-m", module, *words],
            cwd=cwd, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def make(self, stack: str, version: str, features: Sequence[str], project: Path) -> Path:
        """Make a project of a version, under git."""
        service = Service("api", stack, "", tuple(features))
        (part,) = Project("shop", "shop", service, told={"saas": "must"}).parts()
        answers = self.home / "answers.yml"
        answers.write_text(yaml.safe_dump(part.answers))
        words = ("copy", "--defaults", "--quiet", "--data-file", str(answers))
        done = self.copier(*words, "--vcs-ref", version, BUNDLE, str(project), cwd=self.home)
        assert done.returncode == 0, done.stderr
        commit(self.owner, project)
        return project

    def update(self, project: Path) -> None:
        """Update by plain copier; it must succeed without trust and leave no conflict."""
        assert self.conflicts_of_copier(project) == set()

    def conflicts_of_copier(self, project: Path) -> set[str]:
        """Update by plain copier; return the files in which it left a conflict, or a reject."""
        done = self.copier("update", "--defaults", cwd=project)
        assert done.returncode == 0, done.stderr
        assert "trust" not in done.stderr.lower()
        words = ("git", "status", "--porcelain", "--untracked-files=all")
        status = self.owner.run(words, project).stdout.splitlines()
        names = {line[3:].removesuffix(".rej") for line in status if line.endswith(".rej")}
        return names | {line[3:] for line in status if "U" in line[:2]}

    def report(self, project: Path) -> Mapping[str, Any]:
        """Update by scaffold; return its report, in which conflicts are named as they should."""
        done = self.scaffold("update", "--json", cwd=project)
        assert done.returncode in (0, 3), f"{done.stdout}\n{done.stderr}"
        report: Mapping[str, Any] = json.loads(done.stdout)
        assert bool(report["conflicts"]) == (done.returncode == 3)
        return report
