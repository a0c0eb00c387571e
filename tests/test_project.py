import json
import re
import shlex
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.errors import UsageProblem
from scaffold.project import (
    NAME_LIMIT,
    RESERVED,
    Project,
    check_description,
    check_name,
    told,
)
from tests.conftest import ROOT


@pytest.mark.parametrize("name", ["shop", "my-shop", "a", "s3", "x" * NAME_LIMIT])
def test_a_good_name_is_taken_as_it_is(name: str) -> None:
    assert check_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "a/b", "a\\b", "Shop", "1shop", "-shop", "shop-", "a--b", "a_b", "größe"),
        *(
            "shop!",
            "a b",
            "shop\n",
            "\u0660",
            "x" * 200,
            "con",
            "express",
            "fastapi",
            "node-modules",
        ),
    ],
)
def test_a_bad_name_is_refused_with_a_hint(name: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        check_name(name)
    assert caught.value.message
    assert caught.value.hint


def test_the_hint_offers_a_name_that_would_do() -> None:
    with pytest.raises(UsageProblem, match="'My Shop_2'") as caught:
        check_name("My Shop_2")
    assert caught.value.hint.endswith("Perhaps my-shop-2?")


@given(st.text(max_size=60))
def test_every_name_is_either_safe_everywhere_or_refused(name: str) -> None:
    try:
        check_name(name)
    except UsageProblem:
        return
    assert re.fullmatch(r"[a-z][a-z0-9-]{0,49}", name)
    assert name not in RESERVED


def test_every_direct_dependency_of_a_template_is_reserved() -> None:
    names = set()
    for manifest in ROOT.glob("templates/*/package.json.jinja"):
        text = re.sub(r"\{[%{].*?[%}]\}", "", manifest.read_text())
        names |= set(
            re.findall(r'^\s*"([a-z][a-z0-9.-]*)": "[~^]?\d[\w.+-]*",?$', text, re.MULTILINE)
        )
    for manifest in ROOT.glob("templates/*/pyproject.toml.jinja"):
        names |= set(
            re.findall(r'^\s*"([a-z][a-z0-9-]*)(?:\[[\w,-]+\])?==', manifest.read_text(), re.M)
        )
    assert names
    assert names - {"node", "npm"} <= RESERVED


def test_what_the_recommender_was_told_is_kept_for_the_answers_file() -> None:
    flags = ["--need", "saas", "--need", "realtime=must", "--team", "python=must"]
    assert told(flags) == {"saas": "important", "realtime": "must", "team": "python=must"}


def test_the_command_says_everything_that_was_decided() -> None:
    project = Project(
        directory="my folder/shop",
        name="shop",
        stack="a-stack",
        features=("realtime",),
        flags=("--need", "saas"),
        install=True,
        git=False,
        source="../own templates",
        ref="v2",
    )
    assert shlex.split(project.command()) == [
        *("scaffold", "new", "my folder/shop", "--stack", "a-stack", "--need", "saas"),
        *("--feature", "realtime", "--source", "../own templates", "--ref", "v2"),
        *("--install", "--no-git", "--yes"),
    ]


@pytest.mark.parametrize("text", ["A", 'The shop of Ada & Grace: "best" - 1.', "é" * 160])
def test_a_description_is_any_line_that_is_not_long(text: str) -> None:
    assert check_description(text) == text
    project = Project("shop", "shop", "node-express", description=text)
    assert project.copier_data()["description"] == text
    assert shlex.split(project.command())[-3:] == ["--description", text, "--yes"]


@pytest.mark.parametrize("text", ["", "two\nlines", "x" * 161, "a\tb", "\x1b[31mred"])
def test_a_description_that_is_no_line_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="does not fit"):
        check_description(text)


def test_the_command_says_that_there_is_no_feature() -> None:
    assert "--feature none" in Project("shop", "shop", "a-stack").command()


def test_the_data_for_copier_is_plain() -> None:
    data = Project("shop", "shop", "a-stack", ("f",), {"saas": "must"}).copier_data()
    assert json.loads(json.dumps(data)) == {
        "stack": "a-stack",
        "project_name": "shop",
        "features": ["f"],
        "needs": {"saas": "must"},
    }


def test_the_wheel_names_the_command() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["name"] == "scaffold-new"
    assert project["scripts"] == {"scaffold": "scaffold.cli:main"}
