"""The API's description (OpenAPI 3.1), made from its operations: every answer they can give."""

import re
from http import HTTPStatus
from inspect import getdoc
from typing import Any

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from werkzeug.routing import Rule

from app.errors import PROBLEM as PROBLEM_TYPE
from app.operation import JSON, Operation

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
PARAMETER = re.compile(r"<(?:(?P<converter>\w+)(?:\(.*?\))?:)?(?P<name>\w+)>")
CONVERTERS: dict[str | None, dict[str, Any]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": 0},
}
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

Models = set[tuple[type[BaseModel], JsonSchemaMode]]


def _content(schema: str, media_type: str = PROBLEM_TYPE) -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}


def _problem(description: str, schema: str = "Problem") -> dict[str, Any]:
    return {"description": description, "content": _content(schema)}


def _answers(operation: Operation, rule: Rule) -> dict[str, Any]:
    success: dict[str, Any] = {"description": HTTPStatus(operation.status).phrase}
    if operation.answer:
        success["content"] = _content(operation.answer.__name__, JSON)
    found = {
        str(operation.status): success,
        # Any request may come with a body, asked for or not.
        "413": _problem("The body is too large"),
        "500": _problem("A fault of ours"),
        "503": _problem("Not able to answer just now"),
    }
    if rule.arguments:
        found["404"] = _problem("There is nothing here")
    if "body" in operation.inputs:
        found["400"] = _problem("The body is not JSON")
        found["415"] = _problem("The body's type is not application/json")
    if operation.inputs:
        found["422"] = _problem("Understood, but wrong", "Invalid")
    return dict(sorted(found.items()))


def _parameters(operation: Operation, rule: Rule) -> list[dict[str, Any]]:
    found = [
        {
            "name": match["name"],
            "in": "path",
            "required": True,
            "schema": CONVERTERS.get(match["converter"], {"type": "string"}),
        }
        for match in PARAMETER.finditer(rule.rule)
    ]
    if query := operation.inputs.get("query"):
        schema = query.model_json_schema()
        found += (
            {
                "name": name,
                "in": "query",
                "required": name in schema.get("required", ()),
                "schema": member,
            }
            for name, member in schema["properties"].items()
        )
    return found


def _describe(operation: Operation, rule: Rule) -> dict[str, Any]:
    name, _, tag = rule.endpoint.rpartition(".")[::-1]
    described: dict[str, Any] = {
        "operationId": name,
        "tags": [tag],
        "summary": getdoc(operation),
        "responses": _answers(operation, rule),
    }
    if parameters := _parameters(operation, rule):
        described["parameters"] = parameters
    if body := operation.inputs.get("body"):
        described["requestBody"] = {"required": True, "content": _content(body.__name__, JSON)}
    return described


def describe(app: Flask, *, title: str, version: str) -> dict[str, Any]:
    """Describe all operations that the application has."""
    paths: dict[str, dict[str, Any]] = {}
    models: Models = set()
    for rule in app.url_map.iter_rules():
        operation = app.view_functions[rule.endpoint]
        if not isinstance(operation, Operation):
            continue
        path = paths.setdefault(PARAMETER.sub(r"{\g<name>}", rule.rule), {})
        for method in METHODS:
            if method in (rule.methods or ()):
                path[method.lower()] = _describe(operation, rule)
        if operation.answer:
            models.add((operation.answer, "serialization"))
        if "body" in operation.inputs:
            models.add((operation.inputs["body"], "validation"))
    in_order = sorted(models, key=lambda model: model[0].__name__)
    _, found = models_json_schema(in_order, ref_template="#/components/schemas/{model}")
    schemas = found.get("$defs", {}) | {"Problem": PROBLEM, "Invalid": INVALID}
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {"schemas": schemas},
    }
