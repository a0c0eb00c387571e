from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.contract.expect import problem
from tests.support.accounts import Account
from tests.support.postgres import PASSWORD, PostgresServer
from tests.support.service import Installed, launched
from tests.support.stacks import Stack


def _names(text: str, *variables: str) -> bool:
    return all(re.search(rf"\b{variable}\b", text) for variable in variables)


BAD = {
    "PORT": ["0x1F90", "abc", "-1", "65536", "80.5"],
    "DATABASE_URL": ["", "nonsense", f"mysql://root:{PASSWORD}@127.0.0.1/shop"],
    "DATABASE_POOL_SIZE": ["0"],
    "DATABASE_STATEMENT_TIMEOUT_MS": ["soon"],
    "LOG_LEVEL": ["loud"],
    "TRUSTED_PROXY_HOPS": ["all", "true", "-1"],
    "BODY_LIMIT_BYTES": ["1MB"],
    "REQUEST_TIMEOUT_MS": ["0"],
    "DRAIN_SECONDS": ["-1"],
}
BAD_WITH = {
    "ml-client": {"ML_URL": ["ml:8000", "ftp://ml"], "ML_TIMEOUT_MS": ["0"]},
    "realtime": {
        "WS_MAX_CONNECTIONS": ["many"],
        "WS_HEARTBEAT_SECONDS": ["0"],
        "ALLOWED_ORIGINS": ["*", "app.example.com", "https://app.example.com/notes"],
    },
    "ml": {
        "ML_POLL_SECONDS": ["0"],
        "ML_THREADS": ["0"],
        "ML_QUEUE_LIMIT": ["-1"],
        "ML_LOG_INPUTS": ["some"],
    },
}


def _bad(stack: Stack) -> dict[str, list[str]]:
    """Return bad values for every variable of the stack with all its features."""
    found = dict(BAD)
    for feature in stack.features:
        found |= BAD_WITH.get(feature, {})
    return found


@pytest.mark.parametrize("place", range(3))
def test_bad_settings_end_the_start_with_1_naming_all_of_them(
    installed: Installed, database_url: str, place: int
) -> None:
    variables = _bad(installed.stack)
    bad = {name: values[min(place, len(values) - 1)] for name, values in variables.items()}
    ended = installed.refuse(**{"DATABASE_URL": database_url, **bad})
    assert ended.returncode == 1
    assert _names(ended.stderr, *variables), ended.stderr
    assert PASSWORD not in ended.stdout + ended.stderr


@pytest.mark.parametrize(("name", "value"), [("PORT", "70000"), ("TRUSTED_PROXY_HOPS", "all")])
def test_one_bad_setting_is_the_only_one_named(
    installed: Installed, database_url: str, name: str, value: str
) -> None:
    ended = installed.refuse(**{"DATABASE_URL": database_url, name: value})
    assert ended.returncode == 1
    assert [other for other in _bad(installed.stack) if _names(ended.stderr, other)] == [name]
    assert PASSWORD not in ended.stdout + ended.stderr


def test_production_demands_a_database_url(installed: Installed) -> None:
    ended = installed.refuse()
    assert ended.returncode == 1
    assert _names(ended.stderr, "DATABASE_URL")


def test_production_refuses_the_password_of_the_example(installed: Installed) -> None:
    ended = installed.refuse(DATABASE_URL="postgresql://shop:change-me@127.0.0.1:5432/shop")
    assert ended.returncode == 1
    assert _names(ended.stderr, "DATABASE_URL")


def test_a_mode_nobody_knows_is_refused(installed: Installed, database_url: str) -> None:
    mode = installed.stack.mode_variable
    ended = installed.refuse(DATABASE_URL=database_url, **{mode: "prod"})
    assert ended.returncode == 1
    assert _names(ended.stderr, mode)


@pytest.fixture
def empty(installed: Installed, server: PostgresServer) -> str:
    """The address of a fresh database without a table."""
    return server.create(f"empty_{installed.stack.name}_{uuid4().hex[:8]}")


def test_readyz_is_503_while_a_migration_is_missing(installed: Installed, empty: str) -> None:
    with installed.service(empty) as service:
        problem(service.api.get("/readyz"), 503)
        assert service.api.get("/livez").status == 200
        installed.migrate(empty)
        assert service.api.get("/readyz").status == 200


def test_several_migrations_at_once_all_succeed(installed: Installed, empty: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        ends = list(pool.map(lambda _: installed.migrate(empty), range(3)))
    assert [end.returncode for end in ends] == [0, 0, 0]


def test_a_migration_that_is_done_is_not_done_again(
    installed: Installed, database_url: str, server: PostgresServer, database: str
) -> None:
    count = b"SELECT count(*) FROM pg_class"
    before = server.execute(database, count)
    installed.migrate(database_url)
    assert server.execute(database, count) == before


def test_a_migration_without_a_database_fails_and_keeps_the_password(
    installed: Installed, owner: Account
) -> None:
    settings = installed.settings(f"postgresql://shop:{PASSWORD}@127.0.0.1:1/shop")
    ended = owner.attempt(installed.stack.migrate, installed.root, settings, within=60)
    assert ended.returncode not in {0, -9}
    assert PASSWORD not in ended.stdout + ended.stderr


def test_a_service_starts_without_a_database_and_says_it_is_not_ready(
    installed: Installed,
) -> None:
    settings = installed.settings(f"postgresql://shop:{PASSWORD}@127.0.0.1:1/shop")
    with launched(installed.account, installed.stack.start, installed.root, settings) as service:
        problem(service.api.get("/readyz"), 503)
        answer = service.api.get("/api/notes")
        assert answer.status in {500, 503}
        problem(answer, answer.status)
        assert PASSWORD not in service.output


def test_the_log_level_is_obeyed(installed: Installed, database_url: str) -> None:
    with installed.service(database_url, LOG_LEVEL="error") as service:
        assert service.api.get("/api/notes").status == 200
        assert service.stop().code == 0
        assert service.logs() == []
