"""How much room videos take, and how it is got back."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from typing import Final, Literal

from fastapi import APIRouter, Request
from sqlalchemy import ColumnElement, Connection, func, select
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import read_body
from kinema.serve.api.fields import Fields
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import CLEAN
from kinema.serve.api.services import Services, Use
from kinema.serve.store import clips as store
from kinema.serve.store.clips import State
from kinema.serve.store.tables import clips
from kinema.types import Quality

router: Final = APIRouter(prefix="/v1/kinema/storage", tags=["kinema"])

_BODY_MAX: Final = 1 << 16
_DAY: Final = 86_400.0
_AT_ONCE: Final = 500
"""Videos that one request deletes at most."""
_KINDS: Final[dict[str, tuple[ColumnElement[bool], ...]]] = {
    "drafts": (
        clips.c.state == State.COMPLETED,
        clips.c.request["quality"].as_string() == Quality.DRAFT,
        clips.c.favourite.is_(False),
    ),
    "failed": (
        clips.c.state.in_((State.FAILED, State.CANCELLED)),
        clips.c.favourite.is_(False),
    ),
}


class Room(wire.Wire):
    """How many videos, and the bytes of their files."""

    videos: int
    bytes: int


class Disk(wire.Wire):
    """The disk that they lie on, in bytes; null where they lie in a bucket."""

    object: Literal["disk"] = "disk"
    free: int | None
    total: int | None


class Storage(wire.Wire):
    """What the project's videos take; ``drafts`` and ``failed`` are what can be cleaned up."""

    object: Literal["storage"] = "storage"
    all: Room
    drafts: Room
    failed: Room


class Cleaned(wire.Wire):
    """What is gone; ``more`` where there are others of the same kind."""

    object: Literal["storage.cleaned"] = "storage.cleaned"
    videos: int
    bytes: int
    more: bool


@router.get("")
async def retrieve(services: Use, project: Project) -> Storage:
    """What the project's videos take."""

    def read() -> Storage:
        with services.database.read() as connection:
            every, drafts, failed = (
                _room(connection, clips.c.project == project, *conditions)
                for conditions in ((), _KINDS["drafts"], _KINDS["failed"])
            )
        return Storage(all=every, drafts=drafts, failed=failed)

    return await run_in_threadpool(read)


@router.get("/disk")
async def disk(services: Use, _project: Project) -> Disk:
    """How much room is left. Costs no look at the videos."""
    folder = services.objects.folder
    if folder is None:
        return Disk(free=None, total=None)
    usage = await run_in_threadpool(shutil.disk_usage, folder)
    return Disk(free=usage.free, total=usage.total)


@router.post("/clean", openapi_extra=takes(CLEAN))
async def clean(request: Request, services: Use, project: Project) -> Cleaned:
    """Delete drafts or what failed, but no favourites."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> tuple[Cleaned, Sequence[str]]:
        try:
            fields = Fields(body)
            what = fields.one_of("what", list(_KINDS))
            days = fields.number("days", 0, 36_500) or 0.0
            fields.close()
        finally:
            body.close()
        over = clips.c.completed_at <= time.time() - days * _DAY
        wanted = (clips.c.project == project, over, *_KINDS[what])
        with services.database.read() as connection:
            query = select(clips.c.id).where(*wanted).order_by(clips.c.number)
            found = connection.scalars(query.limit(_AT_ONCE + 1)).all()
            gone = found[:_AT_ONCE]
            room = _room(connection, clips.c.id.in_(gone))
        for video in gone:
            remove(services, video)
        more = len(found) > len(gone)
        return Cleaned(videos=room.videos, bytes=room.bytes, more=more), gone

    cleaned, gone = await run_in_threadpool(work)
    for video in gone:
        services.watch.forget(video)
    return cleaned


def remove(services: Services, video: str) -> None:
    """Delete a video and its files; one that is being made is stopped first."""
    services.queue.cancel(video)
    with services.database.write() as connection:
        store.delete(connection, video)
    services.objects.remove_all(f"clips/{video}/")


def _room(connection: Connection, *conditions: ColumnElement[bool]) -> Room:
    sizes = [
        func.sum(clips.c.assets[name]["bytes"].as_integer())
        for name in ("video", "thumbnail", "spritesheet")
    ]
    count, *found = connection.execute(select(func.count(), *sizes).where(*conditions)).one()
    return Room(videos=count, bytes=sum(int(size or 0) for size in found))
