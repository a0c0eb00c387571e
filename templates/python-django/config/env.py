"""The environment: variables, read and checked once, here."""

from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator
from pydantic_core.core_schema import ValidationInfo
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

URL_FORM = "must look like postgresql://user:password@host:port/database"
EMAIL_FORM = "must look like smtp://user:password@host:port, or smtps:// for TLS from the start"
EXAMPLE = "change-me"
NOT_SECRET = SecretStr("for development and tests only, known to everybody")


def _log_level(value: object) -> object:
    level = value.lower() if isinstance(value, str) else value
    return "warning" if level == "warn" else level


def _words(value: object) -> object:
    return [word.strip() for word in value.split(",")] if isinstance(value, str) else value


def _production(info: ValidationInfo) -> bool:
    return info.data.get("app_env") == "production"


class InvalidEnvironmentError(Exception):
    """The environment is not fit to start with; the message names each bad variable."""


class Environment(BaseSettings):
    """What every part may rely on. A variable is the field's name in capitals."""

    # A variable set to nothing, as compose files do, counts as not set.
    model_config = SettingsConfigDict(
        env_ignore_empty=True, frozen=True, extra="ignore", validate_default=True
    )

    app_env: Literal["development", "test", "production"] = "development"
    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    secret_key: SecretStr = NOT_SECRET
    database_url: SecretStr | None = None
    database_pool_size: Annotated[int, Field(ge=1)] = 10
    database_statement_timeout_ms: Annotated[int, Field(ge=1)] = 10_000
    email_url: SecretStr | None = None
    email_from: str = "noreply@localhost"
    allowed_hosts: Annotated[list[str], NoDecode, BeforeValidator(_words)] = []
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], BeforeValidator(_log_level)
    ] = "info"
    trusted_proxy_hops: Annotated[int, Field(ge=0)] = 0
    body_limit_bytes: Annotated[int, Field(ge=1)] = 100_000
    request_timeout_ms: Annotated[int, Field(ge=1)] = 30_000
    drain_seconds: Annotated[int | None, Field(ge=0)] = None

    @field_validator("secret_key")
    @classmethod
    def _secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if _production(info):
            if value == NOT_SECRET:
                raise ValueError("must be set in production")
            if value.get_secret_value() == EXAMPLE:
                raise ValueError("still is the example's, change-me")
            if len(value.get_secret_value()) < 32:
                raise ValueError("must have 32 characters at least")
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts(cls, value: list[str], info: ValidationInfo) -> list[str]:
        if _production(info) and not any(value):
            raise ValueError("must be set in production: the names it is called by")
        if _production(info) and "*" in value and info.data.get("email_url"):
            # A link in a mail has the name that the request came by.
            raise ValueError("must not be * where mail is sent: links in it would lead anywhere")
        return value

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None:
            if _production(info):
                raise ValueError("must be set in production")
            return None
        try:
            parts = conninfo_to_dict(value.get_secret_value())
        except psycopg.Error:
            # Without the cause: its text holds the connection string.
            raise ValueError(URL_FORM) from None
        url = value.get_secret_value()
        if not url.startswith("postgresql://") or not parts.get("host") or not parts.get("dbname"):
            raise ValueError(URL_FORM)
        if _production(info) and parts.get("password") == EXAMPLE:
            raise ValueError("still has the example's password, change-me")
        return value

    @field_validator("email_url")
    @classmethod
    def _mail(cls, value: SecretStr | None) -> SecretStr | None:
        if value:
            try:
                url = urlsplit(value.get_secret_value())
                usable = url.scheme in {"smtp", "smtps"} and url.hostname and url.port != 0
            except ValueError:
                usable = False
            if not usable:
                raise ValueError(EMAIL_FORM)
        return value

    @property
    def production(self) -> bool:
        """Whether this is the real thing."""
        return self.app_env == "production"

    @property
    def seconds_to_drain(self) -> int:
        """How long to serve on after being told to stop."""
        if self.drain_seconds is not None:
            return self.drain_seconds
        return 5 if self.production else 0

    @property
    def url(self) -> str:
        """Where the database is; nothing where it is not known."""
        return self.database_url.get_secret_value() if self.database_url else ""

    @property
    def database(self) -> dict[str, Any]:
        """The same as libpq's parameters."""
        return dict(conninfo_to_dict(self.url))


EnvironmentType = TypeVar("EnvironmentType", bound=Environment)


def load(environment: type[EnvironmentType]) -> EnvironmentType:
    """Read the environment; every fault is named at once, and never a value."""
    try:
        return environment()
    except ValidationError as error:
        faults = [
            f"  {str(fault['loc'][0]).upper()}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False, include_input=False)
        ]
        message = "\n".join(["The environment is not fit to start with:", *faults])
        raise InvalidEnvironmentError(message) from None
