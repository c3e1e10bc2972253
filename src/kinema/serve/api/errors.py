"""Every failure in the one shape that clients of the Videos API read.

    {"error": {"message": ..., "type": ..., "param": ..., "code": ...}}

The framework's own bodies are never sent: clients make nothing of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from kinema.errors import KinemaError, MissingPart, RequestError
from kinema.types import Json

INVALID: Final = "invalid_request_error"
"""The type of everything that the client can mend."""


class ApiError(Exception):
    """A failure with all that its answer says.

    Args:
        status: Of HTTP. 409 is for storyboards alone: clients of videos would send it again.
        message: A sentence.
        param: The field that is wrong.
        code: A word for programs.
        kind: `INVALID`, ``rate_limit_error`` or ``server_error``.
        headers: More headers.
        beside: What the answer holds besides the failure.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        kind: str = INVALID,
        headers: Mapping[str, str] | None = None,
        beside: Json | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        self.param, self.code, self.kind = param, code, kind
        self.headers, self.beside = dict(headers or {}), dict(beside or {})


def invalid(message: str, param: str | None = None, code: str | None = "invalid_value") -> ApiError:
    """A request that cannot be answered as it is: 400."""
    return ApiError(400, message, param=param, code=code)


def missing(field: str) -> ApiError:
    """A field that is needed was not sent."""
    return invalid(f"Missing required parameter: '{field}'.", field, "missing_required_parameter")


def not_found(what: str, name: str, param: str | None = None) -> ApiError:
    """There is no such thing in this project, and whether there is in another is not said: 404."""
    return ApiError(404, f"{what} with id '{name[:80]}' not found.", param=param)


def answer(error: ApiError) -> Response:
    """The answer that says so."""
    body = {
        "error": {
            "message": error.message,
            "type": error.kind,
            "param": error.param,
            "code": error.code,
        },
        **error.beside,
    }
    # In ASCII, since a message may quote what no encoding has: half of a surrogate pair.
    return Response(json.dumps(body), error.status, error.headers, "application/json")


def broken() -> Response:
    """The answer when something failed that nobody foresaw."""
    message = "The server had an error while processing your request."
    return answer(ApiError(500, message, code="internal_error", kind="server_error"))


def away() -> Response:
    """The answer where the disk is full, or the database or the storage cannot be reached."""
    message = "The server cannot keep anything at the moment. Send the request again soon."
    later = {"retry-after": "5"}
    return answer(
        ApiError(503, message, code="storage_unavailable", kind="server_error", headers=later)
    )


def install(app: FastAPI) -> None:
    """Let the app answer every failure in this shape."""

    @app.exception_handler(ApiError)
    async def known(_request: Request, error: ApiError) -> Response:
        return answer(error)

    @app.exception_handler(RequestError)
    async def refused(_request: Request, error: RequestError) -> Response:
        return answer(invalid(str(error), error.field, error.code))

    @app.exception_handler(KinemaError)
    async def stuck(_request: Request, error: KinemaError) -> Response:
        status = 501 if isinstance(error, MissingPart) else 500
        stop = {"x-should-retry": "false"}
        return answer(
            ApiError(status, str(error), code=error.code, kind="server_error", headers=stop)
        )

    @app.exception_handler(RequestValidationError)
    async def unfit(_request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = [str(part) for part in first["loc"] if part not in ("body", "query", "path")]
        param = ".".join(where) or None
        return answer(invalid(f"Invalid value for '{param}': {first['msg']}.", param))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> Response:
        asked = f"{request.method} {request.url.path[:200]}"
        message, code = {
            404: (f"Invalid URL ({asked}).", "unknown_url"),
            405: (f"Not allowed to {asked.replace(' ', ' on ', 1)}.", "method_not_supported"),
        }.get(
            error.status_code,
            (str(error.detail), HTTPStatus(error.status_code).name.lower()),
        )
        return answer(ApiError(error.status_code, message, code=code, headers=error.headers))
