import re

from django.contrib.staticfiles import finders
from django.test import Client


def test_the_page_and_all_it_needs_come_from_here(client: Client) -> None:
    page = client.get("/docs")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.content.decode())

    assert page.status_code == 200
    assert "http" not in page["Content-Security-Policy"]
    assert len(addresses) == 4
    for address in addresses:
        assert address.startswith("/static/")
        assert finders.find(address.removeprefix("/static/"))


def test_the_page_shows_our_description_and_asks_no_validator() -> None:
    with open(str(finders.find("docs.js")), encoding="utf-8") as script:  # noqa: PTH123
        text = script.read()

    assert 'url: "openapi.json"' in text
    assert "validatorUrl: null" in text
