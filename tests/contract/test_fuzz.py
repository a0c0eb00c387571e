"""Requests made from /openapi.json: on the wire nothing happens that the document does not say.

The service and its database are the fuzz's own: it leaves many notes behind.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.fuzz import Fuzz, fuzz
from tests.support.postgres import PostgresServer
from tests.support.service import Installed, Service

EXAMPLES = 50


@pytest.fixture(scope="module")
def fuzzed_service(installed: Installed, server: PostgresServer) -> Iterator[Service]:
    name = f"fuzz_{installed.stack.name.replace('-', '_')}"
    url = server.create(name)
    installed.migrate(url)
    with installed.service(url) as running:
        yield running
    server.drop(name)


@pytest.fixture(scope="module")
def fuzzed(fuzzed_service: Service, tmp_path_factory: pytest.TempPathFactory) -> Fuzz:
    return fuzz(fuzzed_service.port, tmp_path_factory.mktemp("fuzz"), EXAMPLES)


def test_no_request_whatever_gets_a_5xx_or_an_answer_that_is_not_documented(fuzzed: Fuzz) -> None:
    assert (fuzzed.faults, fuzzed.report["exit_code"]) == ([], 0), fuzzed.text


def test_the_fuzz_gets_something_done_with_every_operation(
    fuzzed: Fuzz, fuzzed_service: Service
) -> None:
    paths = fuzzed_service.api.get("/openapi.json").json()["paths"]
    operations = {f"{method.upper()} {path}" for path, item in paths.items() for method in item}
    assert fuzzed.accepted == operations, fuzzed.text
    assert fuzzed.phases >= {"coverage", "fuzzing", "stateful"}


def test_the_fuzz_leaves_no_fault_in_the_log(fuzzed: Fuzz, fuzzed_service: Service) -> None:
    faults = [line for line in fuzzed_service.logs() if line["level"] in {"error", "fatal"}]
    assert faults == []
    assert fuzzed_service.err == []
