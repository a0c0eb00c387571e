import pytest

from config.env import InvalidEnvironmentError, load
from config.settings import AppEnvironment


@pytest.mark.parametrize(
    "given", ["*", "null", "app.example.com", "https://a/b", "https://a,", ","]
)
def test_what_is_no_origin_ends_the_start(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", given)

    with pytest.raises(InvalidEnvironmentError, match="ALLOWED_ORIGINS: must be origins such as"):
        load(AppEnvironment)
