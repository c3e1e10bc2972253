"""The queue as people see and steer it; the four words of the Videos API cannot say all of this."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query, Request
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import read_body
from kinema.serve.api.errors import invalid, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import MOVE
from kinema.serve.api.services import Services, Use
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow
from kinema.serve.store.tables import workers

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

_BODY_MAX: Final = 1 << 16


class Job(wire.Wire):
    """A video that waits or is being made. ``position`` 0 is being made, 1 comes next."""

    video: wire.Video
    position: int
    starts_in: float | None


class JobList(wire.Wire):
    """The project's part of the queue, in the order in which it will be made."""

    object: Literal["list"] = "list"
    data: list[Job]
    waiting: int
    done_in: float | None


class Worker(wire.Wire):
    """A process that makes videos."""

    name: str
    host: str
    models: list[str]
    state: str
    since: int
    seen: int


class WorkerList(wire.Wire):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[Worker]


@router.get("/jobs")
async def list_jobs(
    services: Use, project: Project, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> JobList:
    """What waits and what is being made."""

    def read() -> list[ClipRow]:
        with services.database.read() as connection:
            return store.queued(connection)

    rows = await run_in_threadpool(read)
    jobs, ahead, position = list[Job](), 0.0, 0
    for row in rows:
        running = row.state == store.State.RUNNING
        left = row.remaining if row.remaining is not None else (row.promised or 0.0)
        position += not running
        if row.project == project:
            jobs.append(
                Job(
                    video=wire.video(row),
                    position=0 if running else position,
                    starts_in=0.0 if running else round(ahead, 1),
                )
            )
        if row.state != store.State.PAUSED:
            ahead += left
    done = round(ahead, 1) if rows else None
    return JobList(data=jobs[:limit], waiting=len(rows), done_in=done)


@router.post("/jobs/{video_id}/cancel")
async def cancel(services: Use, project: Project, video_id: str) -> wire.Video:
    """Stop making a video, within one step; nothing of it is kept."""
    return await _steered(services, project, video_id, "cancel", services.queue.cancel)


@router.post("/jobs/{video_id}/pause")
async def pause(services: Use, project: Project, video_id: str) -> wire.Video:
    """Put a video aside with what is done of it."""
    return await _steered(services, project, video_id, "pause", services.queue.pause)


@router.post("/jobs/{video_id}/resume")
async def resume(services: Use, project: Project, video_id: str) -> wire.Video:
    """Go on with a video that was put aside."""
    return await _steered(services, project, video_id, "resume", services.queue.resume)


@router.post("/jobs/{video_id}/move", openapi_extra=takes(MOVE))
async def move(request: Request, services: Use, project: Project, video_id: str) -> wire.Video:
    """Let a video that waits be made before another, or as the project's next."""
    body = await read_body(request, limit=_BODY_MAX)
    fields = Fields(body)
    before = fields.text("before", most=80)
    fields.close()
    body.close()

    def steer(clip: str) -> bool:
        with services.database.read() as connection:
            if before is not None and store.get(connection, before, project) is None:
                raise not_found("Video", before, "before")
        return services.queue.move(clip, before)

    return await _steered(services, project, video_id, "move", steer)


@router.get("/workers")
async def list_workers(services: Use, _project: Project) -> WorkerList:
    """The workers, and when each was last heard of."""

    def read() -> list[Worker]:
        with services.database.read() as connection:
            found = connection.execute(select(workers).order_by(workers.c.id)).all()
        return [
            Worker(
                name=row.id,
                host=row.host,
                models=row.models,
                state="away" if row.seen_at < time.time() - 10.0 else row.state,
                since=int(row.since),
                seen=int(row.seen_at),
            )
            for row in found
        ]

    return WorkerList(data=await run_in_threadpool(read))


async def _steered(
    services: Services, project: str, video_id: str, how: str, steer: Callable[[str], bool]
) -> wire.Video:
    def work() -> ClipRow:
        with services.database.read() as connection:
            row = store.get(connection, video_id, project)
        if row is None:
            raise not_found("Video", video_id)
        if not steer(video_id):
            raise invalid(f"Cannot {how} a video that is {row.state}.", "video_id")
        with services.database.read() as connection:
            return store.get(connection, video_id) or row

    row = await run_in_threadpool(work)
    services.watch.forget(video_id)
    return wire.video(row)
