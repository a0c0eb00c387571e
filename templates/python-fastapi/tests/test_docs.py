import re

from httpx2 import AsyncClient


async def test_the_page_and_all_it_needs_come_from_here(client: AsyncClient) -> None:
    page = await client.get("/docs")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert page.status_code == 200
    assert "http" not in page.headers["content-security-policy"]
    assert len(addresses) == 4
    for address in addresses:
        assert (await client.get(f"/{address}")).status_code == 200


async def test_the_page_shows_our_description_and_asks_no_validator(client: AsyncClient) -> None:
    script = await client.get("/docs/start.js")

    assert script.headers["content-type"].startswith("text/javascript")
    assert 'url: "openapi.json"' in script.text
    assert "validatorUrl: null" in script.text
