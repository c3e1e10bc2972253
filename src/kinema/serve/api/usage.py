"""What a project has used, day by day, and what it may use."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.keys import Limits, limits_said
from kinema.serve.api.services import Use
from kinema.serve.store import clips
from kinema.serve.store import usage as store
from kinema.serve.store.projects import limits_of

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

DAYS_MAX: Final = 366


class Day(wire.Wire):
    """Sums of one day (UTC): ``seconds`` of video, ``work`` in seconds of a worker."""

    day: str
    videos: int
    failed: int
    seconds: float
    work: float
    bytes: int


class Usage(wire.Wire):
    """Days on which anything was used, oldest first; the limits, and what counts against them."""

    object: Literal["usage"] = "usage"
    data: list[Day]
    limits: Limits
    queued: int
    seconds_today: float


@router.get("/usage")
async def retrieve(
    services: Use,
    project: Project,
    days: Annotated[int, Query(ge=1, le=DAYS_MAX, description="Back from today.")] = 30,
) -> Usage:
    """What the project has used, and what it may use."""

    def read() -> Usage:
        last: date = datetime.now(UTC).date()
        first = last - timedelta(days=days - 1)
        with services.database.read() as connection:
            rows = store.days(connection, project, first.isoformat(), last.isoformat())
            limits = limits_of(connection, project) or services.config.limits
            queued = clips.waiting(connection, project)
            used = store.seconds_today(connection, project)
        found = [
            Day(
                day=row["day"],
                videos=row["jobs"],
                failed=row["failed"],
                seconds=round(row["seconds"], 3),
                work=round(row["work"], 3),
                bytes=row["bytes"],
            )
            for row in rows
        ]
        return Usage(data=found, limits=limits_said(limits), queued=queued, seconds_today=used)

    return await run_in_threadpool(read)
