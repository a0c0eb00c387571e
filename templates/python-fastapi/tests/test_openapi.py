from httpx2 import AsyncClient

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


async def test_it_tells_every_answer_of_an_operation(client: AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    answers = {
        f"{method} {path}": sorted(operation["responses"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert document["openapi"].startswith("3.1.")
    assert {name: answers[name] for name in ANSWERS} == ANSWERS


async def test_every_error_is_a_problem(client: AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()

    for operations in document["paths"].values():
        for operation in operations.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == [PROBLEM]
    assert "HTTPValidationError" not in document["components"]["schemas"]


async def test_it_is_the_same_when_asked_again(client: AsyncClient) -> None:
    assert (await client.get("/openapi.json")).text == (await client.get("/openapi.json")).text
