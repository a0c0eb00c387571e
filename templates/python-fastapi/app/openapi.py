"""The API's description, made true: FastAPI does not know what is answered elsewhere."""

from typing import Any

from fastapi import FastAPI

PROBLEM = {
    "title": "Problem",
    "description": "An error (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "const": "about:blank"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}
INVALID = {
    "title": "Invalid",
    "description": "A request that is understood, but wrong: every fault, and where it is.",
    "type": "object",
    "required": [*PROBLEM["required"], "errors"],
    "properties": {
        **PROBLEM["properties"],  # type: ignore[dict-item]
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "examples": ["/body/title"]},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def _answer(description: str, schema: str = "Problem") -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": reference}},
    }


def _problems(operation: dict[str, Any]) -> dict[str, Any]:
    """Tell which problems an operation can answer with, by what it takes."""
    places = {parameter["in"] for parameter in operation.get("parameters", ())}
    found = {"500": _answer("A fault of ours"), "503": _answer("Not able to answer just now")}
    if "path" in places:
        found["404"] = _answer("There is nothing here")
    if "requestBody" in operation:
        found["400"] = _answer("The body is not JSON")
        found["415"] = _answer("The body's type is not application/json")
    if "requestBody" in operation or places - {"path"}:
        found["422"] = _answer("Understood, but wrong", "Invalid")
    # Any request may come with a body, asked for or not.
    found["413"] = _answer("The body is too large")
    return found


class DescribedAPI(FastAPI):
    """A FastAPI whose description tells every answer that a client can get."""

    def openapi(self) -> dict[str, Any]:
        """Complete what FastAPI finds out by itself."""
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas |= {"Problem": PROBLEM, "Invalid": INVALID}
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        for path in document["paths"].values():
            for operation in path.values():
                answers = operation["responses"]
                answers.pop("422", None)
                operation["responses"] = dict(sorted((answers | _problems(operation)).items()))
        return document
