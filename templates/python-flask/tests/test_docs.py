import re

from flask.testing import FlaskClient


def test_the_page_and_all_it_needs_come_from_here(client: FlaskClient) -> None:
    page = client.get("/docs")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    assert page.status_code == 200
    assert "http" not in page.headers["content-security-policy"]
    assert len(addresses) == 4
    for address in addresses:
        with client.get(f"/{address}") as answer:
            assert answer.status_code == 200


def test_the_page_shows_our_description_and_asks_no_validator(client: FlaskClient) -> None:
    script = client.get("/docs/start.js")

    assert script.headers["content-type"].startswith("text/javascript")
    assert 'url: "openapi.json"' in script.text
    assert "validatorUrl: null" in script.text
