"""What the documents say is so."""

import re
from pathlib import Path

import pytest

from scaffold.cli import cli
from scaffold.guide import load_guide
from scripts import stacks_page
from tests.conftest import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_readme_names_every_command_and_every_stack() -> None:
    readme = (ROOT / "README.md").read_text()
    for name in cli.commands:
        assert f"scaffold {name}" in readme
    for stack in load_guide().stacks:
        assert f"`{stack.id}`" in readme


def test_the_readme_starts_with_the_two_commands() -> None:
    first = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert first is not None
    commands = [line.split("#")[0].strip() for line in first[1].splitlines()]
    assert commands == ["make new", "make test"]


def test_the_page_of_the_stacks_is_fresh() -> None:
    assert stacks_page.PAGE.read_text() == stacks_page.page(), "python scripts/stacks_page.py"
