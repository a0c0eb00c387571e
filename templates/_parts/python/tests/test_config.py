import pytest

from app.config import ConfigError, load
from app.main import AppSettings

URL = "postgresql://shop:s3cret@db:5432/shop"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in AppSettings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATABASE_URL", URL)


def test_only_the_database_must_be_named() -> None:
    settings = load(AppSettings)

    assert (settings.app_env, settings.host, settings.port) == ("development", "127.0.0.1", 8000)
    assert settings.url.render_as_string(hide_password=False) == URL


@pytest.mark.parametrize(("mode", "seconds"), [("development", 0), ("test", 0), ("production", 5)])
def test_only_production_takes_its_time_to_leave(
    monkeypatch: pytest.MonkeyPatch, mode: str, seconds: int
) -> None:
    monkeypatch.setenv("APP_ENV", mode)

    assert load(AppSettings).drain_seconds == seconds


def test_every_bad_variable_is_named_at_once_and_no_value_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://shop:s3cret@db/shop")
    monkeypatch.setenv("APP_ENV", "prod")
    monkeypatch.setenv("PORT", "70000")
    monkeypatch.setenv("TRUSTED_PROXY_HOPS", "all")

    with pytest.raises(ConfigError) as raised:
        load(AppSettings)

    message = str(raised.value)
    for name in ("DATABASE_URL", "APP_ENV", "PORT", "TRUSTED_PROXY_HOPS"):
        assert f"  {name}: " in message
    assert "s3cret" not in message


@pytest.mark.parametrize("value", ["", "postgresql://", "postgresql://db", "not a url", "a://["])
def test_a_database_that_is_not_one_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DATABASE_URL", value)

    with pytest.raises(ConfigError, match="DATABASE_URL: "):
        load(AppSettings)


def test_production_refuses_the_password_of_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://shop:change-me@db/shop")
    load(AppSettings)

    monkeypatch.setenv("APP_ENV", "production")
    with pytest.raises(ConfigError, match="DATABASE_URL: still has the example's password"):
        load(AppSettings)


@pytest.mark.parametrize(("given", "level"), [("warn", "warning"), ("DEBUG", "debug")])
def test_log_levels_go_by_their_usual_names(
    monkeypatch: pytest.MonkeyPatch, given: str, level: str
) -> None:
    monkeypatch.setenv("LOG_LEVEL", given)

    assert load(AppSettings).log_level == level


def test_a_default_that_rests_on_a_bad_variable_is_not_called_bad_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "70000")

    with pytest.raises(ConfigError) as raised:
        load(AppSettings)

    assert "DRAIN_SECONDS" not in str(raised.value)


def test_a_printed_configuration_does_not_tell_the_password() -> None:
    assert "s3cret" not in repr(load(AppSettings))
