"""The API in a browser: Swagger UI at /docs, from files of our own."""

from importlib.resources import files

from fastapi import APIRouter, FastAPI, Response
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

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

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def page() -> HTMLResponse:
    """Give the page."""
    return HTMLResponse(PAGE, headers={"Content-Security-Policy": CSP})


@router.get("/docs/start.js")
async def start() -> Response:
    """Give the script that fills the page."""
    return Response(START, media_type="text/javascript")


def add_docs(app: FastAPI) -> None:
    """Serve the page and its files."""
    app.include_router(router)
    resources = str(files("fastapi_swagger").joinpath("resources"))
    app.mount("/docs/files", StaticFiles(directory=resources), name="docs")
