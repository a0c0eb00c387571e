"""The configuration: environment variables, read and checked once, here."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_core.core_schema import ValidationInfo
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

URL_FORM = "must look like postgresql://user:password@host:port/database"


def _log_level(value: object) -> object:
    level = value.lower() if isinstance(value, str) else value
    return "warning" if level == "warn" else level


def _drain_seconds(known: dict[str, Any]) -> int:
    return 5 if known.get("app_env") == "production" else 0


class ConfigError(Exception):
    """The environment is not fit to start with; the message names each bad variable."""


class Settings(BaseSettings):
    """What every part may rely on. A variable is the field's name in capitals."""

    # A variable set to nothing, as compose files do, counts as not set.
    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True, extra="ignore")

    app_env: Literal["development", "test", "production"] = "development"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    database_url: SecretStr
    database_pool_size: Annotated[int, Field(ge=1)] = 10
    database_statement_timeout_ms: Annotated[int, Field(ge=1)] = 10_000
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], BeforeValidator(_log_level)
    ] = "info"
    trusted_proxy_hops: Annotated[int, Field(ge=0)] = 0
    body_limit_bytes: Annotated[int, Field(ge=1)] = 100_000
    request_timeout_ms: Annotated[int, Field(ge=1)] = 30_000
    drain_seconds: Annotated[int, Field(ge=0, default_factory=_drain_seconds)]

    @field_validator("database_url")
    @classmethod
    def _usable(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        try:
            url = make_url(value.get_secret_value())
        except (ArgumentError, ValueError):
            # Without the cause: its text holds the connection string.
            raise ValueError(URL_FORM) from None
        if url.drivername != "postgresql" or not url.host or not url.database:
            raise ValueError(URL_FORM)
        if info.data.get("app_env") == "production" and url.password == "change-me":  # noqa: S105
            raise ValueError("still has the example's password, change-me")
        return value

    @property
    def url(self) -> URL:
        """Where the database is, for SQLAlchemy."""
        return make_url(self.database_url.get_secret_value())

    @property
    def production(self) -> bool:
        """Whether this is the real thing."""
        return self.app_env == "production"


SettingsType = TypeVar("SettingsType", bound=Settings)


def load(settings: type[SettingsType]) -> SettingsType:
    """Read the environment; every fault is named at once, and never a value."""
    try:
        return settings()
    except ValidationError as error:
        faults = [
            f"  {str(fault['loc'][0]).upper()}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
            # A default that rests on another variable is not there when that one is bad.
            if fault["type"] != "default_factory_not_called"
        ]
        message = "\n".join(["The environment is not fit to start with:", *faults])
        raise ConfigError(message) from None
