"""``openapi.json``: the routes as they are, without what the framework says of itself."""

from __future__ import annotations

from fractions import Fraction
from typing import Any, Final

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from kinema.serve.api import wire
from kinema.types import Json, ModelCard

_FAILURES: Final = (
    (400, "BadRequest", "Something in the request is wrong; `param` says what."),
    (401, "Unauthorized", "No key, or one that opens nothing."),
    (403, "Forbidden", "Sent to another name than this server's, or by a page elsewhere."),
    (404, "NotFound", "There is no such thing in this project."),
    (413, "TooLarge", "More bytes than this server takes."),
    (415, "UnsupportedMediaType", "A body that is neither JSON nor a form."),
    (416, "RangeNotSatisfiable", "A range outside of the file."),
    (429, "TooManyRequests", "A limit is reached; `retry-after` says when it is none any more."),
    (500, "ServerError", "Something broke in the server. The request may be sent again."),
)
FAILURES: Final[dict[int | str, dict[str, Any]]] = {
    status: {"model": wire.Failure, "description": said} for status, _, said in _FAILURES
}
"""What every route may answer when it fails, always in the same shape."""

_TAGS: Final = (
    ("videos", "The Videos API, as clients of the original know it."),
    ("files", "Files that requests name."),
    ("models", "Models that requests name."),
    ("batches", "Many requests in one file."),
    ("webhooks", "Who is told when a video or a batch ends."),
    ("storyboards", "Films of many shots."),
    ("kinema", "What goes beyond the original."),
)
_OF_FRAMEWORK: Final = ("HTTPValidationError", "ValidationError")


def operation(route: APIRoute) -> str:
    """What a route is called in clients that are made of the document: ``videos_create``."""
    module = route.endpoint.__module__.rpartition(".")[2]
    return f"{module}_{route.name.removesuffix(f'_{module}')}"


def _headline(about: Json) -> None:
    """The first sentence of a route's description is its summary."""
    summary, _, more = about.pop("description", "").partition("\n\n")
    about["summary"] = " ".join(summary.split()).removesuffix(".")
    if more:
        about["description"] = more


def _failures(about: Json) -> Json:
    """Name the failures that a route can end with instead of describing each; return them."""
    answers: Json = about["responses"]
    answers.pop("422", None)  # such failures are answered as 400
    impossible = {"413", "415"} if "requestBody" not in about else set[str]()
    if "206" not in answers:
        impossible.add("416")
    named: Json = {}
    for status, name, _ in _FAILURES:
        answer = answers.pop(str(status), None)
        if answer is not None and str(status) not in impossible:
            named[name] = answer
            answers[str(status)] = {"$ref": f"#/components/responses/{name}"}
    return named


def _fraction(kind: type) -> Json:
    if kind is Fraction:
        return {"type": "string", "examples": ["24", "24000/1001"]}
    raise NotImplementedError(kind)


def _card() -> Json:
    """The schemas of a model's card, from its type. What has its usual value is left out of it."""
    _, found = msgspec.json.schema_components(
        [ModelCard], schema_hook=_fraction, ref_template="#/components/schemas/{name}"
    )
    for schema in found.values():
        schema["description"] = " ".join(schema["description"].split())
        for about in schema.get("properties", {}).values():
            about.pop("default", None)
            if "prefixItems" in about:  # which generators of clients understand badly
                about["items"] = about.pop("prefixItems")[0]
    return found


def document(app: FastAPI) -> Json:
    """The OpenAPI document of the app, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    said = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in _TAGS],
    )
    parts = said["components"]
    for name in _OF_FRAMEWORK:
        parts["schemas"].pop(name, None)
    parts["schemas"] |= _card()
    parts["schemas"]["Cards"]["properties"]["data"]["items"] = {
        "$ref": "#/components/schemas/ModelCard"
    }
    parts["responses"] = {}
    for path in said["paths"].values():
        for about in path.values():
            _headline(about)
            parts["responses"] |= _failures(about)
    parts["securitySchemes"] = {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "Any, where one person is alone.",
        }
    }
    said["security"] = [{"key": []}]
    said["servers"] = [{"url": "http://127.0.0.1:8000"}]
    app.openapi_schema = said
    return said
