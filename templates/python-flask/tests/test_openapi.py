import json

from flask import Flask
from flask.testing import FlaskClient

from app.openapi import describe
from tests.conftest import content

PROBLEM = "application/problem+json"
ANSWERS = {
    "get /livez": ["200", "413", "500", "503"],
    "get /readyz": ["200", "413", "500", "503"],
    "get /api/notes": ["200", "413", "422", "500", "503"],
    "post /api/notes": ["201", "400", "413", "415", "422", "500", "503"],
    "get /api/notes/{note_id}": ["200", "404", "413", "500", "503"],
    "patch /api/notes/{note_id}": ["200", "400", "404", "413", "415", "422", "500", "503"],
    "delete /api/notes/{note_id}": ["204", "404", "413", "500", "503"],
}


def test_it_tells_every_answer_of_an_operation(client: FlaskClient) -> None:
    document = content(client.get("/openapi.json"))

    answers = {
        f"{method} {path}": sorted(operation["responses"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert document["openapi"].startswith("3.1.")
    assert {name: answers[name] for name in ANSWERS} == ANSWERS


def test_every_error_is_a_problem(client: FlaskClient) -> None:
    document = content(client.get("/openapi.json"))

    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == [PROBLEM]


def test_what_an_operation_takes_is_described(client: FlaskClient) -> None:
    paths = content(client.get("/openapi.json"))["paths"]

    queries = paths["/api/notes"]["get"]["parameters"]
    assert [(q["name"], q["in"], q["required"]) for q in queries] == [
        ("limit", "query", False),
        ("cursor", "query", False),
    ]
    (note_id,) = paths["/api/notes/{note_id}"]["get"]["parameters"]
    assert note_id["schema"] == {"type": "string", "format": "uuid"}
    body = paths["/api/notes"]["post"]["requestBody"]
    assert body["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/NewNote"}


def test_nothing_that_is_referred_to_is_missing(client: FlaskClient) -> None:
    text = client.get("/openapi.json").text
    schemas = json.loads(text)["components"]["schemas"]

    wanted = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert wanted == set(schemas)


def test_a_view_that_is_no_operation_is_not_told(app: Flask) -> None:
    @app.get("/hidden")
    def hidden() -> str:
        return ""

    assert "/hidden" not in describe(app, title="", version="")["paths"]
