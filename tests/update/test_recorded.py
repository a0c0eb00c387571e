from pathlib import Path

import pytest

from scaffold.errors import ScaffoldError, UsageProblem
from scaffold.update import Recorded, recorded

GOOD = "_commit: v1.0.0\n_src_path: ~/t\nproject_name: shop\nneeds:\n    saas: must\n"


def test_source_version_and_answers_are_read(tmp_path: Path) -> None:
    (tmp_path / ".copier-answers.yml").write_text(GOOD)
    answers = {"project_name": "shop", "needs": {"saas": "must"}}
    assert recorded(tmp_path) == Recorded("~/t", "v1.0.0", answers)


def test_a_folder_that_is_not_there_is_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="There is no folder"):
        recorded(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "says", "hint"),
    [
        (None, "is no project made by scaffold", "scaffold link"),
        (b"a: [", "cannot be read", "git checkout"),
        (b"\xff\xfe\0", "cannot be read", "git checkout"),
        (b"- a\n", "is no answers file", "git checkout"),
        (b"1: a\n", "is no answers file", "git checkout"),
        (b"", "is no answers file", "git checkout"),
        (b"project_name: shop\n", "names no released version", "scaffold link"),
        (b"_src_path: ~/t\n", "names no released version", "scaffold link"),
        (b"_src_path: ~/t\n_commit: 1.0\n", "names no released version", "scaffold link"),
    ],
)
def test_what_is_no_answers_file_is_one_sentence(
    tmp_path: Path, text: bytes | None, says: str, hint: str
) -> None:
    if text is not None:
        (tmp_path / ".copier-answers.yml").write_bytes(text)
    with pytest.raises(ScaffoldError, match=says) as caught:
        recorded(tmp_path)
    assert "\n" not in caught.value.message
    assert hint in caught.value.hint


def test_an_answers_file_that_is_a_folder_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".copier-answers.yml").mkdir()
    with pytest.raises(ScaffoldError, match="cannot be read"):
        recorded(tmp_path)
