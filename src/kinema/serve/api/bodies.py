"""The body of a request, JSON or a form: both become the same values by name."""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, cast

from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from kinema.serve.api.errors import ApiError, invalid
from kinema.serve.api.forms import Upload, read_form, too_large
from kinema.types import Json

JSON_MAX: Final = 32 * 1024 * 1024
"""Bytes of a JSON body: a reference picture as a data URL fits."""


@dataclass(slots=True)
class Body:
    """What came: ``values`` by name, files among them, and a digest that a retry has as well.

    came: when it began to arrive, in seconds since 1970. as_text: every value came as text, so that
    numbers and switches have to be read from it.
    """

    values: Json
    digest: str
    as_text: bool
    folder: tempfile.TemporaryDirectory[str] | None = field(default=None, repr=False)
    came: float = field(default_factory=time.time)

    def close(self) -> None:
        """Delete the files that came."""
        if self.folder is not None:
            self.folder.cleanup()


async def read_body(request: Request, *, limit: int) -> Body:
    """Read a request's body.

    Args:
        request: The request. A body that is no form is taken for JSON whatever its type says, as
            some clients say nothing, and curl something else.
        limit: The most bytes it may have.

    Raises:
        ApiError: It is too large (413), cut off or not to be read (400), or neither JSON nor a
            form and does not claim to be (415).
    """
    came = time.time()
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        message = f"Unsupported content encoding '{encoding[:40]}': send the body as it is."
        raise ApiError(415, message, code="unsupported_content_encoding")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise too_large(limit)
    try:
        if kind != b"multipart/form-data":
            name = kind.decode("latin-1")
            body = await _read_json(request, min(limit, JSON_MAX), name)
            return replace(body, came=came)
        boundary = options.get(b"boundary")
        if not boundary:
            raise invalid("The form has no boundary.", None, "invalid_form")
        folder = tempfile.TemporaryDirectory(prefix="kinema-form-")
        try:
            values = await read_form(_pieces(request, limit), boundary, Path(folder.name))
        except BaseException:
            folder.cleanup()
            raise
        return Body(values, _digest(request, values), as_text=True, folder=folder, came=came)
    except ClientDisconnect as error:
        raise invalid("The body was cut off.", None, "incomplete_body") from error


def is_retry(request: Request) -> bool:
    """Whether the client says that it has sent the request before."""
    return request.headers.get("x-stainless-retry-count", "0").strip() not in ("", "0")


async def _read_json(request: Request, limit: int, kind: str) -> Body:
    data = b"".join([piece async for piece in _pieces(request, limit)])
    try:
        values = json.loads(data, parse_constant=_no_constant) if data.strip() else {}
    except (ValueError, RecursionError) as error:
        if kind and not kind.endswith("json"):
            message = f"Unsupported content type '{kind[:80]}'. "
            message += "Use 'application/json' or 'multipart/form-data'."
            raise ApiError(415, message, code="unsupported_content_type") from error
        message = "We could not parse the JSON body of your request."
        raise invalid(message, None, "invalid_json") from error
    if not isinstance(values, dict):
        raise invalid("The JSON body must be an object.", None, "invalid_json")
    # Some clients send what they leave out as null.
    known = {name: value for name, value in cast("Json", values).items() if value is not None}
    return Body(known, _digest(request, known), as_text=False)


async def _pieces(request: Request, limit: int) -> AsyncIterator[bytes]:
    total = 0
    async for piece in request.stream():
        total += len(piece)
        if total > limit:
            raise too_large(limit)
        yield piece


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _digest(request: Request, values: Json) -> str:
    """The same for the same values sent to the same place, a file being what it holds."""

    def plain(value: object) -> object:
        return value.sha256 if isinstance(value, Upload) else repr(value)

    text = json.dumps([request.url.path, values], sort_keys=True, default=plain)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
