"""Bytes out of the object store: whole or in ranges, as players ask for them (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from kinema.serve.api.errors import ApiError
from kinema.serve.store.objects import Objects

_RANGE: Final = re.compile(r"(?i:bytes)=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Served:
    """An object that never changes, and how it is sent. ``sha256`` is that of its content."""

    key: str
    bytes: int
    sha256: str
    media_type: str
    disposition: str

    @property
    def tag(self) -> str:
        """What HTTP calls it: the same for the same content."""
        return f'"{self.sha256}"'


async def ranged(request: Request, objects: Objects, served: Served) -> Response:
    """The answer to GET or HEAD: all of the object, the range that is asked for, or 304.

    Of several ranges none is given but the whole; so it is where ``If-Range`` names another.

    Raises:
        ApiError: The range lies outside (416).
        FileNotFoundError: There is no such object (any more).
    """
    headers = {
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=3600",
        "content-disposition": served.disposition,
        "etag": served.tag,
        "x-content-type-options": "nosniff",
    }
    if _is_known(request.headers.get("if-none-match"), served.tag):
        return Response(status_code=304, headers=headers)
    start, end, status = 0, served.bytes, 200
    asked = request.headers.get("range")
    if asked is not None and request.headers.get("if-range", served.tag) == served.tag:
        span = span_of(asked, served.bytes)
        if span is not None:
            start, end = span
            status = 206
            headers["content-range"] = f"bytes {start}-{end - 1}/{served.bytes}"
    headers["content-length"] = str(end - start)
    pieces: Iterator[bytes] = iter(())
    if request.method != "HEAD" and start < end:
        pieces = objects.pieces(served.key, start, end)
        # The first one now, since a file that is gone cannot be said once the answer has begun.
        pieces = chain((await run_in_threadpool(next, pieces),), pieces)
    return StreamingResponse(pieces, status, headers, served.media_type)


def span_of(asked: str, size: int) -> tuple[int, int] | None:
    """From where up to where a range goes; None where the header is one that is to be ignored.

    Raises:
        ApiError: It lies outside of the object (416).

    Example:
        >>> span_of("bytes=2-", 10), span_of("bytes=-3", 10), span_of("bytes=0-1,4-5", 10)
        ((2, 10), (7, 10), None)
    """
    found = _RANGE.fullmatch(asked.replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return None
    if found[1] and found[2] and int(found[2]) < int(found[1]):
        return None
    if found[1]:
        start, end = int(found[1]), min(int(found[2] or size) + 1, size)
    else:  # the last so many bytes
        start, end = max(0, size - int(found[2])), size
    if start >= end:
        headers = {"content-range": f"bytes */{size}", "accept-ranges": "bytes"}
        message = "The range lies outside of the file."
        raise ApiError(416, message, code="invalid_range", headers=headers)
    return start, end


def _is_known(header: str | None, tag: str) -> bool:
    """Whether the client has it already."""
    tags = [one.strip().removeprefix("W/") for one in (header or "").split(",")]
    return tag in tags or tags == ["*"]
