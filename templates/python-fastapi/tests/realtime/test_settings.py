import pytest

from app.config import ConfigError, load
from app.main import AppSettings


@pytest.mark.parametrize(
    "given", ["*", "null", "app.example.com", "https://a/b", "https://a,", ","]
)
@pytest.mark.usefixtures("settings")
def test_what_is_no_origin_ends_the_start(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", given)

    with pytest.raises(ConfigError, match="ALLOWED_ORIGINS: must be origins such as"):
        load(AppSettings)
