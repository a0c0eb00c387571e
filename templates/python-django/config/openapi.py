"""The API's description, made true: drf-spectacular does not know what is answered elsewhere."""

from typing import Any

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

# What PostgreSQL can store; where there must be something, white space is nothing.
TEXT = r"^[^\u0000]*$"
SOME_TEXT = r"^[^\u0000]*[^\u0000\s][^\u0000]*$"


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
    if operation.get("security", [{}]) != [{}]:
        found["403"] = _answer("This is not allowed")
    # Any request may come with a body, asked for or not.
    found["413"] = _answer("The body is too large")
    return found


def tell_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Complete what drf-spectacular finds out by itself."""
    schemas = result["components"]["schemas"]
    for name, schema in schemas.items():
        if name.endswith("Request"):
            schema["additionalProperties"] = False
            for member in schema["properties"].values():
                if member.get("type") == "string" and "format" not in member:
                    member["pattern"] = SOME_TEXT if member.get("minLength") else TEXT
        elif "properties" in schema:
            # An answer has them all, also those that a request may leave out.
            schema["required"] = list(schema["properties"])
        if name.startswith("Patched"):
            schema["minProperties"] = 1
    schemas |= {"Problem": PROBLEM, "Invalid": INVALID}
    for path in result["paths"].values():
        for operation in path.values():
            if "requestBody" in operation:
                operation["requestBody"]["required"] = True
            operation["responses"] = dict(
                sorted((operation["responses"] | _problems(operation)).items())
            )
    return result
