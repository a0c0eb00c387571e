"""Views that say by their annotations what they take and what they give."""

import json
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, NoReturn, get_args, get_origin, get_type_hints

from flask import Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

from app.errors import InvalidError, pointer

JSON = "application/json"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _read_json() -> Any:
    body = request.get_data(cache=False)
    if len(body) == request.max_content_length:
        raise RequestEntityTooLarge
    if body and request.mimetype != JSON:
        raise UnsupportedMediaType("The body's type must be application/json.")
    try:
        return json.loads(body.decode(), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadRequest("The body is not JSON.") from None


def _read_query() -> dict[str, str]:
    return request.args.to_dict()


READERS: dict[str, Callable[[], Any]] = {"query": _read_query, "body": _read_json}


class Operation:
    """A view as Flask calls it, and as the API's description tells it.

    The wrapped function may ask for `query` and `body`, each a Pydantic model, and gives a model,
    a model and headers, or nothing.
    """

    def __init__(self, view: Callable[..., Any], status: int) -> None:
        update_wrapper(self, view)
        self.view = view
        self.status = status
        hints = get_type_hints(view)
        self.inputs: dict[str, type[BaseModel]] = {n: hints[n] for n in READERS if n in hints}
        given = hints["return"]
        model = get_args(given)[0] if get_origin(given) is tuple else given
        self.answer: type[BaseModel] | None = None if model is type(None) else model

    def __call__(self, **path: Any) -> Response:
        """Answer a request; all faults of what it brings are told at once."""
        faults: list[dict[str, str]] = []
        for name, model in self.inputs.items():
            try:
                path[name] = model.model_validate(READERS[name]())
            except ValidationError as error:
                faults += (
                    {
                        "pointer": pointer((name, *fault["loc"])),
                        "detail": fault["msg"].removeprefix("Value error, "),
                    }
                    for fault in error.errors(include_url=False, include_input=False)
                )
        if faults:
            raise InvalidError(faults)
        return self._respond(self.view(**path))

    def _respond(self, given: Any) -> Response:
        answer, headers = given if isinstance(given, tuple) else (given, {})
        if answer is not None:
            return Response(answer.model_dump_json(), self.status, headers, content_type=JSON)
        response = Response(status=self.status, headers=headers)
        del response.headers["Content-Type"]
        return response


def operation(status: int = 200) -> Callable[[Callable[..., Any]], Operation]:
    """Make a view an operation of the API; stands below the route's decorator."""
    return lambda view: Operation(view, status)
