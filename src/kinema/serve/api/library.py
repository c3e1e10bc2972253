"""Finished videos as a library: marked, searched, traced to what they were made from."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import select, update
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import read_body
from kinema.serve.api.errors import not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.services import Services, Use
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow
from kinema.serve.store.events import append
from kinema.serve.store.objects import preview_key
from kinema.serve.store.tables import clips

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

_BODY_MAX: Final = 1 << 16
_FAMILY_MAX: Final = 200


class Recipe(wire.Wire):
    """All that a video was made from, and how long it took against what was said."""

    video: wire.Video
    request: dict[str, Any]
    reading: dict[str, Any] | None
    versions: dict[str, str]
    weights: str
    promised: float | None
    took: float | None


class Family(wire.Wire):
    """The videos that a video comes from and those that come from it."""

    object: str = "list"
    data: list[wire.Video]


@router.patch("/clips/{video_id}")
async def change(request: Request, services: Use, project: Project, video_id: str) -> wire.Video:
    """Mark a video as a favourite, or no longer."""
    body = await read_body(request, limit=_BODY_MAX)
    fields = Fields(body)
    favourite = fields.switch("favourite")
    fields.close()

    def work() -> ClipRow:
        with services.database.write() as connection:
            row = store.get(connection, video_id, project)
            if row is None:
                raise not_found("Video", video_id)
            values = {"favourite": favourite}
            connection.execute(update(clips).where(clips.c.id == video_id).values(values))
            append(connection, project, "clip.updated", values, clip=video_id)
            return store.get(connection, video_id) or row

    return wire.video(await run_in_threadpool(work))


@router.get("/clips/{video_id}/recipe")
async def recipe(services: Use, project: Project, video_id: str) -> Recipe:
    """What a video was made from."""
    row = await run_in_threadpool(_get, services, project, video_id)
    facts = row.facts or {}
    took = None
    if row.completed_at is not None and row.started_at is not None:
        took = round(row.completed_at - row.started_at, 2)
    return Recipe(
        video=wire.video(row),
        request=row.request,
        reading=facts.get("reading"),
        versions=facts.get("versions", {}),
        weights=facts.get("weights", ""),
        promised=row.promised,
        took=took,
    )


@router.get("/clips/{video_id}/family")
async def family(services: Use, project: Project, video_id: str) -> Family:
    """Parents, children and all their kin, oldest first."""

    def read() -> list[ClipRow]:
        known = {video_id: _get(services, project, video_id)}
        with services.database.read() as connection:
            fresh = [video_id]
            while fresh and len(known) < _FAMILY_MAX:
                parents = [known[one].source for one in fresh if known[one].source]
                near = clips.c.source.in_(fresh) | clips.c.id.in_(parents)
                found = connection.scalars(
                    select(clips.c.id).where(near, clips.c.project == project)
                ).all()
                fresh = [one for one in found if one not in known]
                for one in fresh:
                    row = store.get(connection, one, project)
                    if row is not None:
                        known[one] = row
        return sorted(known.values(), key=lambda row: row.number or 0)

    return Family(data=[wire.video(row) for row in await run_in_threadpool(read)])


@router.get("/search")
async def search(
    services: Use,
    project: Project,
    text: Annotated[str, Query(max_length=200)] = "",
    favourite: bool = False,
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> wire.VideoList:
    """The project's videos whose prompt holds all of these words, newest first."""

    def read() -> list[ClipRow]:
        words = [clips.c.prompt.icontains(word, autoescape=True) for word in text.split()]
        query = select(clips.c.id).where(clips.c.project == project, *words)
        if favourite:
            query = query.where(clips.c.favourite)
        with services.database.read() as connection:
            ids = connection.scalars(query.order_by(clips.c.number.desc()).limit(limit)).all()
            found = [store.get(connection, one, project) for one in ids]
        return [row for row in found if row is not None]

    videos = [wire.video(row) for row in await run_in_threadpool(read)]
    return wire.VideoList(
        data=videos,
        first_id=videos[0].id if videos else None,
        last_id=videos[-1].id if videos else None,
        has_more=False,
    )


@router.get("/previews/{video_id}", response_class=Response)
async def preview(services: Use, project: Project, video_id: str) -> Response:
    """The newest picture of a video that is being made."""

    def read() -> bytes:
        _get(services, project, video_id)
        try:
            return services.objects.get(preview_key(video_id))
        except FileNotFoundError as error:
            raise not_found("Preview", video_id) from error

    headers = {"cache-control": "no-store", "x-content-type-options": "nosniff"}
    return Response(await run_in_threadpool(read), media_type="image/jpeg", headers=headers)


def _get(services: Services, project: str, video_id: str) -> ClipRow:
    with services.database.read() as connection:
        row = store.get(connection, video_id, project)
    if row is None:
        raise not_found("Video", video_id)
    return row
