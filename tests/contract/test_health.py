from __future__ import annotations

from tests.support.http import JSON, Api


def test_livez_is_200_ok(api: Api) -> None:
    answer = api.get("/livez")
    assert (answer.status, answer.media_type) == (200, JSON)
    assert answer.json() == {"status": "ok"}


def test_readyz_is_200_ready(api: Api) -> None:
    answer = api.get("/readyz")
    assert (answer.status, answer.media_type) == (200, JSON)
    assert answer.json() == {"status": "ready"}
