from django.test import Client

PROBLEM = "application/problem+json"


def test_it_tells_every_answer_of_an_operation(client: Client) -> None:
    document = client.get("/openapi.json").json()

    answers = {
        f"{method} {path}": sorted(operation["responses"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        if path.startswith(("/api/notes", "/livez", "/readyz"))
    }
    assert document["openapi"].startswith("3.1.")
    assert answers == {
        "get /livez": ["200", "413", "500", "503"],
        "get /readyz": ["200", "413", "500", "503"],
        "get /api/notes": ["200", "413", "422", "500", "503"],
        "post /api/notes": ["201", "400", "413", "415", "422", "500", "503"],
        "get /api/notes/{id}": ["200", "404", "413", "500", "503"],
        "patch /api/notes/{id}": ["200", "400", "404", "413", "415", "422", "500", "503"],
        "delete /api/notes/{id}": ["204", "404", "413", "500", "503"],
    }


def test_every_error_is_a_problem(client: Client) -> None:
    document = client.get("/openapi.json").json()

    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == [PROBLEM]


def test_it_says_what_a_note_must_be(client: Client) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]

    assert schemas["NoteRequest"]["properties"]["title"]["maxLength"] == 200
    assert schemas["NoteRequest"]["properties"]["title"]["pattern"].endswith(r"\s][^\u0000]*$")
    assert schemas["NoteRequest"]["properties"]["body"]["pattern"] == r"^[^\u0000]*$"
    assert schemas["NoteRequest"]["additionalProperties"] is False
    assert schemas["PatchedNoteRequest"]["minProperties"] == 1
    assert set(schemas["Note"]["required"]) == {"id", "title", "body", "created_at", "updated_at"}
