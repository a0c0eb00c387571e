import errno
import shutil
from pathlib import Path

import pytest

from scaffold.errors import ScaffoldError, UsageProblem
from scaffold.update.recorded import ANSWERS_FILE
from tests.conftest import Git
from tests.link.conftest import Find, Make, commit
from tests.support.origins import FEATURE, LATER_STACK, NEW, OLD, STACK


def test_finding_writes_nothing_and_recording_one_file(make: Make, found: Find, git: Git) -> None:
    shop = make(OLD)
    match = found(shop, OLD)
    assert git("status", "--porcelain", "--ignored", cwd=shop) == ""
    match.record()
    assert git("status", "--porcelain", "--ignored", cwd=shop) == f"?? {ANSWERS_FILE}"
    answers = (shop / ANSWERS_FILE).read_text()
    assert f"_commit: {OLD}\n" in answers
    assert f"_src_path: {match.source}\n" in answers
    assert "needs: {}\n" in answers


def test_a_version_is_known_without_its_v(make: Make, found: Find) -> None:
    assert found(make(OLD), "1.0.0").origin.version == OLD


@pytest.mark.parametrize("features", [(), (FEATURE,)])
def test_the_features_are_found_by_comparing(
    make: Make, found: Find, features: tuple[str, ...]
) -> None:
    match = found(make(NEW, *features), NEW)
    assert match.origin.features == features
    assert match.likeness.share == 1


def test_features_that_are_named_are_taken(make: Make, found: Find) -> None:
    shop = make(NEW, FEATURE)
    assert found(shop, NEW, ()).origin.features == ()
    assert found(shop, NEW, (FEATURE,)).origin.features == (FEATURE,)


def test_edits_of_the_user_are_no_hindrance(make: Make, found: Find, git: Git) -> None:
    shop = make(OLD)
    (shop / "README.md").unlink()
    with (shop / "src/app.ts").open("a") as file:
        file.write("export const mine = 1;\n")
    commit(git, shop)
    match = found(shop, OLD)
    assert match.likeness.counts() == {"identical": 1, "changed": 1, "missing": 1}
    assert match.better is None


def test_a_source_is_recorded_as_it_is_found_from_anywhere(
    make: Make, found: Find, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make(OLD)
    monkeypatch.chdir(source.parent)
    assert found(shop, OLD, templates=source.name).source == str(source)


def test_a_version_that_the_project_has_more_of_is_named(make: Make, found: Find) -> None:
    better = found(make(OLD), NEW).better
    assert better is not None
    assert better.origin.version == OLD
    assert better.share == 1


def test_a_project_of_another_stack_is_refused_and_told_which(make: Make, found: Find) -> None:
    with pytest.raises(ScaffoldError, match="more of another stack's") as caught:
        found(make(NEW, FEATURE, stack=LATER_STACK), NEW)
    assert f"100 % of those of --stack {LATER_STACK} --version {NEW}" in caught.value.hint


def test_another_stack_is_known_though_the_named_version_lacks_it(make: Make, found: Find) -> None:
    with pytest.raises(ScaffoldError, match=f"does not come from {STACK} {OLD}") as caught:
        found(make(NEW, FEATURE, stack=LATER_STACK), OLD)
    assert f"--stack {LATER_STACK} --version {NEW}" in caught.value.hint


def test_a_project_that_is_like_nothing_is_refused(make: Make, found: Find, git: Git) -> None:
    shop = make(OLD)
    (shop / "src/app.ts").write_text("export const other = 1;\n" * 40)
    commit(git, shop)
    with pytest.raises(ScaffoldError, match=r"it has 1\d % of its lines") as caught:
        found(shop, OLD)
    assert caught.value.hint == "No other version or stack is much like it either."
    assert caught.value.exit_code == 1


def test_a_stack_that_the_version_lacks_is_told_with_the_versions_that_have_it(
    make: Make, found: Find
) -> None:
    with pytest.raises(UsageProblem, match=f"{OLD} .* has no stack '{LATER_STACK}'") as caught:
        found(make(OLD), OLD, stack=LATER_STACK)
    assert caught.value.hint == f"It is in {NEW}."


def test_a_feature_that_the_version_lacks_is_told(make: Make, found: Find) -> None:
    shop = make(OLD)
    with pytest.raises(UsageProblem, match=f"In version {OLD}, {STACK} has no feature {FEATURE}"):
        found(shop, OLD, (FEATURE,))
    assert found(shop, OLD).origin.features == ()


def test_a_stack_that_no_version_has_is_told_in_copiers_words(make: Make, found: Find) -> None:
    with pytest.raises(ScaffoldError, match="'no-such' is not in"):
        found(make(OLD), OLD, stack="no-such")


def test_an_unknown_version_is_told_with_those_there_are(make: Make, found: Find) -> None:
    with pytest.raises(UsageProblem, match="no version '3'") as caught:
        found(make(OLD), "3")
    assert caught.value.hint == f"There are {OLD}, {NEW}."


def test_templates_that_nothing_can_follow_are_refused(
    make: Make, found: Find, git: Git, here: Path
) -> None:
    own = here / "own"
    (own / "templates" / STACK).mkdir(parents=True)
    (own / "copier.yml").write_text(f'_subdirectory: "templates/{STACK}"\n')
    (own / "templates" / STACK / "hello.txt").write_text("Hello\n")
    git("init", "-q", cwd=own)
    commit(git, own)
    git("tag", OLD, cwd=own)
    with pytest.raises(ScaffoldError, match=f"write no {ANSWERS_FILE}"):
        found(make(OLD), OLD, templates=str(own))


def test_a_project_with_an_answers_file_is_told_to_update(
    make: Make, found: Find, git: Git
) -> None:
    shop = make(OLD)
    found(shop, OLD).record()
    with pytest.raises(ScaffoldError, match="linked already") as caught:
        found(shop, OLD)
    assert "scaffold update" in caught.value.hint
    (shop / ANSWERS_FILE).write_text("stack: mine\n")
    with pytest.raises(ScaffoldError, match="names no released version") as caught:
        found(shop, OLD)
    assert f"git rm {ANSWERS_FILE}" in caught.value.hint


def test_what_is_not_committed_is_named(make: Make, found: Find) -> None:
    shop = make(OLD)
    (shop / "mine.ts").write_text("1")
    with pytest.raises(ScaffoldError, match=r"not committed: mine\.ts"):
        found(shop, OLD)


def test_a_folder_that_is_not_under_git_or_not_there_is_refused(make: Make, found: Find) -> None:
    shop = make(OLD)
    shutil.rmtree(shop / ".git")
    with pytest.raises(ScaffoldError, match="not under git"):
        found(shop, OLD)
    with pytest.raises(UsageProblem, match="There is no folder"):
        found(shop / "nowhere", OLD)


def test_a_project_below_the_root_of_its_repository_can_be_linked(
    make: Make, found: Find, git: Git
) -> None:
    shop = make(OLD)
    shutil.rmtree(shop / ".git")
    git("init", "-q", cwd=shop.parent)
    commit(git, shop.parent)
    found(shop, OLD).record()
    assert git("status", "--porcelain", cwd=shop.parent) == f"?? shop/{ANSWERS_FILE}"


def test_a_full_disk_leaves_nothing(
    make: Make, found: Find, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = make(OLD)
    match = found(shop, OLD)

    def full(self: Path, target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ScaffoldError, match="No space left on device"):
        match.record()
    assert git("status", "--porcelain", cwd=shop) == ""
