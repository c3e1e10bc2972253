"""Every failure in the one shape that clients of the Videos API read.

    {"error": {"message": ..., "type": ..., "param": ..., "code": ...}}

The framework's own bodies are never sent: clients make nothing of them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from kinema.errors import KinemaError, MissingPart, RequestError

_LOG: Final = logging.getLogger(__name__)

INVALID: Final = "invalid_request_error"
"""The type of everything that the client can mend."""


class ApiError(Exception):
    """A failure with all that its answer says.

    Args:
        status: Of HTTP. 409 is never used: clients would send the request again.
        message: A sentence.
        param: The field that is wrong.
        code: A word for programs.
        kind: `INVALID`, ``rate_limit_error`` or ``server_error``.
        headers: More headers.
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
    ) -> None:
        super().__init__(message)
        self.status, self.message = status, message
        self.param, self.code, self.kind = param, code, kind
        self.headers = dict(headers or {})


def invalid(message: str, param: str | None = None, code: str | None = "invalid_value") -> ApiError:
    """A request that cannot be answered as it is: 400."""
    return ApiError(400, message, param=param, code=code)


def not_found(what: str, name: str) -> ApiError:
    """There is no such thing in this project, and whether there is in another is not said: 404."""
    return ApiError(404, f"{what} with id '{name}' not found.")


def answer(error: ApiError) -> JSONResponse:
    """The answer that says so."""
    body = {
        "error": {
            "message": error.message,
            "type": error.kind,
            "param": error.param,
            "code": error.code,
        }
    }
    return JSONResponse(body, error.status, headers=error.headers)


def install(app: FastAPI) -> None:
    """Let the app answer every failure in this shape."""

    @app.exception_handler(ApiError)
    async def known(_request: Request, error: ApiError) -> JSONResponse:
        return answer(error)

    @app.exception_handler(RequestError)
    async def refused(_request: Request, error: RequestError) -> JSONResponse:
        return answer(invalid(str(error), error.field, error.code))

    @app.exception_handler(KinemaError)
    async def broken(_request: Request, error: KinemaError) -> JSONResponse:
        status = 501 if isinstance(error, MissingPart) else 500
        stop = {"x-should-retry": "false"}
        return answer(
            ApiError(status, str(error), code=error.code, kind="server_error", headers=stop)
        )

    @app.exception_handler(RequestValidationError)
    async def unfit(_request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = [str(part) for part in first["loc"] if part not in ("body", "query", "path")]
        param = ".".join(where) or None
        return answer(invalid(f"Invalid value for '{param}': {first['msg']}.", param))

    @app.exception_handler(HTTPException)
    async def framework(request: Request, error: HTTPException) -> JSONResponse:
        message = {
            404: f"Unknown request URL: {request.method} {request.url.path}.",
            405: f"Not allowed to {request.method} on {request.url.path}.",
        }.get(error.status_code, str(error.detail))
        code = HTTPStatus(error.status_code).name.lower()
        return answer(ApiError(error.status_code, message, code=code, headers=error.headers))

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, _error: Exception) -> JSONResponse:
        _LOG.exception("%s %s", request.method, request.url.path)
        message = "The server had an error while processing your request."
        return answer(ApiError(500, message, code="internal_error", kind="server_error"))
