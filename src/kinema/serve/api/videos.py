"""The operations of the Videos API, but for the bytes (`content`) and characters."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.accept import accept
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import is_retry, read_body
from kinema.serve.api.errors import invalid, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.schemas import CREATE, EDIT, EXTEND, REMIX, takes
from kinema.serve.api.services import Services, Use
from kinema.serve.api.storage import remove
from kinema.serve.api.wishes import WishOf, created, edited, extended, remixed
from kinema.serve.ids import Kind, is_id
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow

router: Final = APIRouter(prefix="/v1/videos", tags=["videos"])


@router.post("", openapi_extra=takes(CREATE))
async def create(request: Request, services: Use, project: Project) -> wire.Video:
    """Start making a video of a prompt.

    Answers at once with a job that is queued; ask `GET /v1/videos/{video_id}` how far it is.
    """
    return await _made(request, services, project, created)


@router.post("/edits", openapi_extra=takes(EDIT))
async def edit(request: Request, services: Use, project: Project) -> wire.Video:
    """Change what a prompt names in a video, given by its id or as a file.

    A new video; the one that it comes from stays as it is.
    """
    return await _made(request, services, project, edited)


@router.post("/extensions", openapi_extra=takes(EXTEND))
async def extend(request: Request, services: Use, project: Project) -> wire.Video:
    """Go on with a video, given by its id or as a file.

    A new video: the whole of the old one and what follows, with the length of both in `seconds`.
    """
    return await _made(request, services, project, extended)


@router.post("/{video_id}/remix", openapi_extra=takes(REMIX))
async def remix(request: Request, services: Use, project: Project, video_id: str) -> wire.Video:
    """Make a finished video anew with a change.

    A new video of the same model, size, length and seed.
    """
    return await _made(request, services, project, remixed(video_id))


@router.get("")
async def list_videos(
    services: Use,
    project: Project,
    limit: Annotated[int, Query(ge=0, le=100, description="The most videos of a page.")] = 20,
    after: Annotated[str | None, Query(description="`last_id` of the page before.")] = None,
    order: Annotated[Literal["asc", "desc"], Query(description="By time of arrival.")] = "desc",
) -> wire.VideoList:
    """A page of the project's videos, newest first."""
    if after and not is_id(after, Kind.CLIP):
        raise invalid(f"Invalid 'after': '{after[:80]}' is the id of no video.", "after")

    def read() -> tuple[list[ClipRow], bool]:
        with services.database.read() as connection:
            return store.page(
                connection,
                project,
                limit=limit,
                after=after or None,
                newest_first=order == "desc",
            )

    rows, more = await run_in_threadpool(read)
    return wire.video_list(rows, more=more)


@router.get("/{video_id}", response_model=wire.Video)
async def retrieve(services: Use, project: Project, video_id: str) -> Response:
    """How far a video is, and what it is once it is finished.

    Costs no query as long as nothing changes. As long as something can, the header
    `openai-poll-after-ms` says after how many milliseconds to ask again.
    """
    known = await services.watch.known(video_id, project) if is_id(video_id) else None
    if known is None:
        raise not_found("Video", video_id)
    return Response(known.body, media_type="application/json", headers=known.headers)


@router.delete("/{video_id}")
async def delete(services: Use, project: Project, video_id: str) -> wire.VideoDeleted:
    """Delete a video and its files; one that is being made is stopped first."""

    def work() -> None:
        with services.database.read() as connection:
            row = store.get(connection, video_id, project)
        if row is None:
            raise not_found("Video", video_id)
        remove(services, video_id)

    await run_in_threadpool(work)
    services.watch.forget(video_id)
    return wire.VideoDeleted(id=video_id)


async def _made(request: Request, services: Services, project: str, wish: WishOf) -> wire.Video:
    """Read a body, make a wish of it, and accept that."""
    body = await read_body(request, limit=services.config.limits.upload)

    def work() -> ClipRow:
        try:
            wanted = wish(services, project, Fields(body))
        finally:
            body.close()
        again = is_retry(request)
        return accept(services, project, wanted, digest=body.digest, is_retry=again, came=body.came)

    return wire.video(await run_in_threadpool(work))
