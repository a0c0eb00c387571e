"""What copier.yml asks, and which folder each feature is."""

from __future__ import annotations

import yaml

from scripts.stacks_page import FOLDERS
from tests.support.bake import SOURCE

__all__ = ["FOLDERS", "FORM"]

FORM = yaml.safe_load((SOURCE / "copier.yml").read_text())
