"""The bytes of a finished video: whole or in ranges, as players ask for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import StreamingResponse

from kinema.serve.api.auth import Project
from kinema.serve.api.errors import ApiError, invalid, not_found
from kinema.serve.api.services import Services, Use
from kinema.serve.store.clips import OPEN, State
from kinema.types import Json

router: Final = APIRouter(prefix="/v1/videos", tags=["videos"])

VARIANTS: Final = ("video", "thumbnail", "spritesheet")
_SUFFIX: Final = {"video/mp4": "mp4", "image/webp": "webp", "image/jpeg": "jpg"}
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@router.api_route("/{video_id}/content", methods=["GET", "HEAD"], response_class=Response)
async def content(
    request: Request,
    services: Use,
    project: Project,
    video_id: str,
    variant: Annotated[str, Query()] = "video",
) -> Response:
    """The video as MP4, its thumbnail as WebP, or its sprite sheet as JPEG."""
    if variant not in VARIANTS:
        allowed = ", ".join(f"'{one}'" for one in VARIANTS)
        message = f"Invalid value: '{variant[:40]}'. Supported values are: {allowed}."
        raise invalid(message, "variant")
    row = await services.watch.clip(video_id, project)
    if row is None:
        raise not_found("Video", video_id)
    if row.state in OPEN:
        message = "Video is not ready yet, use GET /v1/videos/{video_id} to check status."
        raise ApiError(404, message, headers={"x-should-retry": "false"})
    if row.state != State.COMPLETED or row.assets is None:
        raise ApiError(404, f"Video '{video_id}' has no content, its status is {row.status}.")
    return _answer(request, services, row.assets[variant], f"{video_id}.{variant}")


def _answer(request: Request, services: Services, asset: Json, name: str) -> Response:
    size, tag = int(asset["bytes"]), f'"{asset["sha256"]}"'
    suffix = _SUFFIX[asset["media_type"]]
    headers = {
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=3600",
        "content-disposition": f'inline; filename="{name}.{suffix}"',
        "etag": tag,
        "x-content-type-options": "nosniff",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range")
    if asked is not None and request.headers.get("if-range", tag) == tag:
        span = _span(asked, size)
        if span is None:
            headers["content-range"] = f"bytes */{size}"
            raise ApiError(416, "The range lies outside of the file.", headers=headers)
        start, end = span
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
        status = 206
    else:
        start, end, status = 0, size, 200
    headers["content-length"] = str(end - start)
    pieces: Iterator[bytes] = iter(())
    if request.method != "HEAD":
        pieces = services.objects.pieces(asset["key"], start, end)
    return StreamingResponse(pieces, status, headers, asset["media_type"])


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """The one range that is asked for; of several, the first. None where it cannot be given."""
    found = _RANGE.match(asked.replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:  # the last so many bytes
        length = min(int(found[2]), size)
        return (size - length, size) if length else None
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    return (start, end) if start < end else None
