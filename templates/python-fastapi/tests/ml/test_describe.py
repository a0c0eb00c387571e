import json

import pytest
from httpx2 import AsyncClient

from app.ml import describe


async def test_it_prints_what_is_served(
    client: AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    describe.main()
    printed = json.loads(capsys.readouterr().out)
    assert "/api/predictions" in printed["paths"]
    assert printed == (await client.get("/openapi.json")).json()
