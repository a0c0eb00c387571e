import pytest
from pydantic import ValidationError

from config.env import InvalidEnvironmentError, load
from config.settings import AppEnvironment

URL = "postgresql://shop:s3cret@db:5432/shop"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in AppEnvironment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def production(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    whole = {"APP_ENV": "production", "DATABASE_URL": URL, "SECRET_KEY": KEY, "ALLOWED_HOSTS": "a"}
    for name, value in (whole | variables).items():
        monkeypatch.setenv(name, value)


def test_development_needs_nothing() -> None:
    env = load(AppEnvironment)

    assert (env.app_env, env.host, env.port) == ("development", "127.0.0.1", 8000)
    assert env.database == {}


def test_production_demands_a_database_a_key_and_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "production")

    with pytest.raises(InvalidEnvironmentError) as raised:
        load(AppEnvironment)

    named = [line.split(":")[0].strip() for line in str(raised.value).splitlines()[1:]]
    assert sorted(named) == ["ALLOWED_HOSTS", "DATABASE_URL", "SECRET_KEY"]


@pytest.mark.parametrize(
    ("mode", "given", "seconds"),
    [("development", "", 0), ("test", "", 0), ("production", "", 5), ("production", "1", 1)],
)
def test_only_production_takes_its_time_to_leave(
    monkeypatch: pytest.MonkeyPatch, mode: str, given: str, seconds: int
) -> None:
    production(monkeypatch, APP_ENV=mode, DRAIN_SECONDS=given)

    assert load(AppEnvironment).seconds_to_drain == seconds


def test_every_bad_variable_is_named_at_once_and_no_value_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = {
        "DATABASE_URL": "mysql://shop:s3cret@db/shop",
        "EMAIL_URL": "s3cret",
        "APP_ENV": "prod",
        "PORT": "70000",
        "TRUSTED_PROXY_HOPS": "all",
    }
    for name, value in bad.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(InvalidEnvironmentError) as raised:
        load(AppEnvironment)

    message = str(raised.value)
    assert sorted(line.split(":")[0].strip() for line in message.splitlines()[1:]) == sorted(bad)
    assert "s3cret" not in message


@pytest.mark.parametrize("value", ["postgresql://", "postgresql://db", "not a url", "a://["])
def test_a_database_that_is_not_one_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DATABASE_URL", value)

    with pytest.raises(InvalidEnvironmentError, match="DATABASE_URL: "):
        load(AppEnvironment)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://shop:change-me@db/shop"),
        ("SECRET_KEY", "change-me"),
        ("SECRET_KEY", "too short"),
        ("ALLOWED_HOSTS", " , "),
    ],
)
def test_production_refuses_what_is_not_secret_or_names_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    production(monkeypatch)
    assert load(AppEnvironment).production

    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidEnvironmentError, match=f"  {name}: "):
        load(AppEnvironment)


def test_mail_is_sent_only_by_names_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    production(monkeypatch, ALLOWED_HOSTS="a.example,*")
    assert load(AppEnvironment).allowed_hosts == ["a.example", "*"]

    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example")
    with pytest.raises(InvalidEnvironmentError, match=r"  ALLOWED_HOSTS: must not be \*"):
        load(AppEnvironment)


def test_hosts_come_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    production(monkeypatch, ALLOWED_HOSTS="a.example, b.example")

    assert load(AppEnvironment).allowed_hosts == ["a.example", "b.example"]


@pytest.mark.parametrize(("given", "level"), [("warn", "warning"), ("DEBUG", "debug")])
def test_log_levels_go_by_their_usual_names(
    monkeypatch: pytest.MonkeyPatch, given: str, level: str
) -> None:
    monkeypatch.setenv("LOG_LEVEL", given)

    assert load(AppEnvironment).log_level == level


def test_nothing_changes_once_it_is_read() -> None:
    with pytest.raises(ValidationError):
        load(AppEnvironment).port = 1  # type: ignore[misc]


def test_a_printed_environment_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    production(monkeypatch, EMAIL_URL="smtp://a:hidden@mail.example")

    shown = repr(load(AppEnvironment))
    for secret in ("s3cret", KEY, "hidden"):
        assert secret not in shown
