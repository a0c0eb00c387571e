from pathlib import Path

import pytest

from scaffold.bundle import read_bundle, tag
from scaffold.templates import packaged_bundle
from tests.conftest import Git


@pytest.fixture
def bundle(here: Path, git: Git) -> bytes:
    """A bundle made by git itself, with v1.2.0, v1.10.0 and a tag that is no version."""
    git("init", "-q")
    for version in ("v1.10.0", "v1.2.0", "nightly"):
        git("commit", "-q", "--allow-empty", "-m", version)
        git("tag", version)
    git("bundle", "create", "-q", "x.bundle", "HEAD", "--tags")
    return (here / "x.bundle").read_bytes()


def test_versions_are_read_and_ordered_as_numbers(bundle: bytes) -> None:
    found = read_bundle(bundle)
    assert found is not None
    assert found.versions == ((1, 2, 0), (1, 10, 0))
    assert tag(found.newest) == "v1.10.0"


def test_the_packaged_bundle_is_whole() -> None:
    assert read_bundle(packaged_bundle()) is not None


@pytest.mark.parametrize("cut", [0, 1, 15, 60, -1, -21])
def test_a_truncated_bundle_is_none(bundle: bytes, cut: int) -> None:
    assert read_bundle(bundle[:cut]) is None


def test_a_flipped_bit_anywhere_in_the_pack_is_noticed(bundle: bytes) -> None:
    pack = bundle.index(b"\n\n") + 2
    for place in range(pack, len(bundle)):
        damaged = bytearray(bundle)
        damaged[place] ^= 1
        assert read_bundle(bytes(damaged)) is None, place


def test_text_is_no_bundle() -> None:
    assert read_bundle(b"hello\n\nPACK") is None
