"""The bytes of a finished video, its thumbnail and its sprite sheet."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response

from kinema.serve.api.auth import Project
from kinema.serve.api.errors import ApiError, not_found
from kinema.serve.api.given import is_expired
from kinema.serve.api.ranges import Served, ranged
from kinema.serve.api.schemas import binary
from kinema.serve.api.services import Use
from kinema.serve.ids import is_id
from kinema.serve.store.clips import OPEN, ClipRow, State

router: Final = APIRouter(prefix="/v1/videos", tags=["videos"])

_SUFFIX: Final = {"video/mp4": "mp4", "image/webp": "webp", "image/jpeg": "jpg"}

Variant = Annotated[
    Literal["video", "thumbnail", "spritesheet"],
    Query(description="The video as MP4, a still of it as WebP, or a sheet of stills as JPEG."),
]


@router.get(
    "/{video_id}/content",
    response_class=Response,
    responses=binary("video/mp4", "image/webp", "image/jpeg"),
)
async def download(
    request: Request, services: Use, project: Project, video_id: str, variant: Variant = "video"
) -> Response:
    """The video as MP4, its thumbnail as WebP, or its sprite sheet as JPEG.

    Understands `Range`, `If-Range`, `If-None-Match` and `HEAD`. 404 as long as the video is not
    finished, and once it has expired.
    """
    known = await services.watch.known(video_id, project) if is_id(video_id) else None
    if known is None:
        raise not_found("Video", video_id)
    asset = _assets(known.row)[variant]
    name = f"{video_id}.{variant}.{_SUFFIX[asset['media_type']]}"
    served = Served(
        key=asset["key"],
        bytes=int(asset["bytes"]),
        sha256=asset["sha256"],
        media_type=asset["media_type"],
        disposition=f'inline; filename="{name}"',
    )
    try:
        return await ranged(request, services.objects, served)
    except FileNotFoundError as error:  # it went between the look at the row and this
        raise not_found("Video", video_id) from error


router.add_api_route("/{video_id}/content", download, methods=["HEAD"], include_in_schema=False)


def _assets(row: ClipRow) -> dict[str, Any]:
    """The files of a video that has some."""
    if row.state in OPEN:
        message = "Video is not ready yet, use GET /v1/videos/{video_id} to check status."
        raise ApiError(404, message, code="video_not_ready", headers={"x-should-retry": "false"})
    if is_expired(row):
        raise ApiError(404, f"Video '{row.id}' has expired; its files are gone.", code="expired")
    if row.state != State.COMPLETED or row.assets is None:
        message = f"Video '{row.id}' has no content, its status is {row.status}."
        raise ApiError(404, message, code="video_not_completed")
    return row.assets
