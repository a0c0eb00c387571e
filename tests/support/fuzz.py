"""Requests that nobody thought of: Schemathesis makes them from a service's own document."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.http import HOST

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
COMMAND = (sys.executable, "-m", "schemathesis.cli", f"--config-file={CONFIGURATION}", "--no-color")


@dataclass(frozen=True)
class Fuzz:
    """What came of a run: the text is for people, the report for tests."""

    text: str
    report: dict[str, Any]

    @property
    def faults(self) -> list[str]:
        """What was wrong, and with which operations."""
        found = [
            f"{operation}: {failure['title']}"
            for failure in self.report["failures"]
            for operation in failure["operations"]
        ]
        return sorted(found) + [error["title"] for error in self.report["errors"]]

    @property
    def phases(self) -> set[str]:
        """The phases that ran."""
        phases = self.report["phases"] or {}
        return {name for name, phase in phases.items() if phase["status"] != "skip"}

    @property
    def accepted(self) -> set[str]:
        """The operations that did what they were asked to, and did not only refuse."""
        return {
            operation
            for operation, phases in self.report["valid_rates"].items()
            if any(rate["accepted"] for rate in phases.values())
        }


def fuzz(port: int, folder: Path, examples: int) -> Fuzz:
    """Send the service on ``port`` up to ``examples`` random requests per operation and phase."""
    report = folder / "report.json"
    options = (f"--max-examples={examples}", f"--report-json-path={report}")
    done = subprocess.run(
        (*COMMAND, "run", *options, f"http://{HOST}:{port}/openapi.json"),
        cwd=folder,
        env={"HOME": str(folder), "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert report.exists(), done.stdout
    return Fuzz(done.stdout, json.loads(report.read_text(encoding="utf-8")))
