"""The API described: OpenAPI at /openapi.json, and in a browser at /docs, from files of our own."""

import json
from importlib.resources import files
from typing import Any

from flask import Blueprint, Flask, Response, send_from_directory

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# Addresses are relative, for the sake of a proxy that adds a prefix.
PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>API</title>
    <link rel="icon" href="docs/files/favicon-32x32.png">
    <link rel="stylesheet" href="docs/files/swagger-ui.css">
  </head>
  <body>
    <div id="ui"></div>
    <script src="docs/files/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
"""

# Swagger UI's validator is a service of somebody else's.
START = """SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#ui",
  deepLinking: true,
  validatorUrl: null,
});
"""

FILES = str(files("flask_swagger_ui").joinpath("dist"))


def add_docs(app: Flask, description: dict[str, Any]) -> None:
    """Serve the description, the page that shows it, and the page's files."""
    docs = Blueprint("docs", __name__)
    document = json.dumps(description)

    @docs.get("/openapi.json")
    def openapi() -> Response:
        return Response(document, content_type="application/json")

    @docs.get("/docs")
    def page() -> Response:
        return Response(PAGE, headers={"Content-Security-Policy": CSP}, mimetype="text/html")

    @docs.get("/docs/start.js")
    def start() -> Response:
        return Response(START, mimetype="text/javascript")

    @docs.get("/docs/files/<path:name>")
    def file(name: str) -> Response:
        return send_from_directory(FILES, name)

    app.register_blueprint(docs)
