import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaffold.errors import UsageProblem
from scaffold.naming import NAME_LIMIT, RESERVED, check_description, check_name
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


@pytest.mark.parametrize("text", ["", "two\nlines", "x" * 161, "a\tb", "\x1b[31mred"])
def test_a_description_that_is_no_line_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="does not fit"):
        check_description(text)
