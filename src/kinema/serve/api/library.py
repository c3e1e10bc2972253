"""Finished videos as a library: marked, searched, traced to what they were made from."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Text, cast, func, or_, select, update
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, read_body
from kinema.serve.api.errors import invalid, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.orders import order_of
from kinema.serve.api.reading import Reading, read_prompt, said
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import CLIP, TAG_MAX, TAGS_MAX, TITLE_MAX
from kinema.serve.api.services import Services, Use
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow
from kinema.serve.store.events import append
from kinema.serve.store.objects import preview_key
from kinema.serve.store.tables import clips
from kinema.types import Json, Quality, Task, from_builtins
from kinema.types import Request as Wanted

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

_BODY_MAX: Final = 1 << 16
_FAMILY_MAX: Final = 200


class Recipe(wire.Wire):
    """All that a video was made from, and how long it took against what was said.

    ``order`` is the body of ``POST /v1/kinema/generations`` that makes the same video again, null
    where something it was made from has no id.
    """

    video: wire.Video
    request: dict[str, Any]
    order: dict[str, Any] | None
    reading: dict[str, Any] | None
    versions: dict[str, str]
    weights: str
    promised: float | None
    took: float | None


class Family(wire.Wire):
    """The videos that a video comes from and those that come from it."""

    object: str = "list"
    data: list[wire.Video]


@router.patch("/clips/{video_id}", openapi_extra=takes(CLIP))
async def change(request: Request, services: Use, project: Project, video_id: str) -> wire.Video:
    """Give a video a title or tags, or mark it as a favourite."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> ClipRow:
        values = _marks(body)
        with services.database.write() as connection:
            row = store.get(connection, video_id, project)
            if row is None:
                raise not_found("Video", video_id)
            if values:
                connection.execute(update(clips).where(clips.c.id == video_id).values(**values))
                append(connection, project, "clip.updated", values, clip=video_id)
            return store.get(connection, video_id) or row

    row = await run_in_threadpool(work)
    services.watch.forget(video_id)
    return wire.video(row)


@router.get("/clips/{video_id}/recipe")
async def recipe(services: Use, project: Project, video_id: str) -> Recipe:
    """What a video was made from."""

    def look() -> tuple[ClipRow, Json | None]:
        row = _get(services, project, video_id)
        with services.database.read() as connection:
            return row, order_of(connection, row)

    row, order = await run_in_threadpool(look)
    facts = row.facts or {}
    took = None
    if row.completed_at is not None and row.started_at is not None:
        took = round(row.completed_at - row.started_at, 2)
    return Recipe(
        video=wire.video(row),
        request=row.request,
        order=order,
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


@router.get("/clips/{video_id}/reading")
async def reading(services: Use, project: Project, video_id: str) -> Reading:
    """How the prompt of a video was read, or will be."""

    def read() -> Reading:
        row = _get(services, project, video_id)
        wanted = from_builtins(row.request, Wanted)
        kept = (row.facts or {}).get("reading")
        if kept is not None and kept.keys() >= {"prompt", "scene"}:
            return said(kept)
        return read_prompt(
            wanted.prompt, seed=wanted.seed, style=wanted.style, negative=wanted.negative
        )

    return await run_in_threadpool(read)


class Sought(BaseModel):
    """What a search can ask for; all of it has to be true."""

    text: Annotated[str, Field(max_length=200, description="Words of prompt or title.")] = ""
    number: Annotated[int | None, Field(ge=0, lt=2**63, description="It is this one.")] = None
    tag: Annotated[list[str] | None, Field(description="It has each of these.")] = None
    model: Annotated[str | None, Field(description="It was made or asked for by this.")] = None
    task: Annotated[Task | None, Field(description="How it was made.")] = None
    quality: Annotated[Quality | None, Field(description="How well it was made.")] = None
    style: Annotated[str | None, Field(description="In this style.")] = None
    favourite: Annotated[bool, Field(description="Only favourites.")] = False
    spread: Annotated[str | None, Field(description="A variation of these.")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    after: Annotated[str | None, Field(description="The last of the page before.")] = None


@router.get("/search")
async def search(
    services: Use, project: Project, sought: Annotated[Sought, Query()]
) -> wire.VideoList:
    """The project's videos of which all of this is true, newest first."""
    wanted = list[ColumnElement[bool]]()
    for word in sought.text.split():
        both = (clips.c.prompt, clips.c.title)
        wanted.append(or_(*(column.icontains(word, autoescape=True) for column in both)))
    if sought.number is not None:
        wanted.append(clips.c.number == sought.number)
    if sought.model is not None:
        wanted.append((clips.c.model == sought.model) | (clips.c.alias == sought.model))
    if sought.task is not None:
        wanted.append(clips.c.kind == sought.task)
    if sought.quality is not None:
        said = clips.c.request["quality"].as_string()  # left out where it is the usual one
        wanted.append(func.coalesce(said, Quality.STANDARD.value) == sought.quality)
    if sought.style is not None:
        wanted.append(clips.c.request["style"].as_string() == sought.style)
    if sought.favourite:
        wanted.append(clips.c.favourite.is_(True))
    if sought.spread is not None:
        wanted.append(clips.c.spread == sought.spread)
    wanted += [_has(one, plain=not services.database.is_sqlite) for one in sought.tag or ()]

    def read() -> tuple[list[ClipRow], bool]:
        with services.database.read() as connection:
            return store.page(connection, project, *wanted, limit=sought.limit, after=sought.after)

    rows, more = await run_in_threadpool(read)
    return wire.video_list(rows, more=more)


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


def _marks(body: Body) -> dict[str, Any]:
    """The marks that were given."""
    try:
        fields = Fields(body)
        values: dict[str, Any] = {}
        if "favourite" in body.values:
            values["favourite"] = fields.switch("favourite")
        if body.values.get("title") == "":
            values["title"] = fields.take("title")
        elif "title" in body.values:
            values["title"] = fields.text("title", most=TITLE_MAX)
        if "tags" in body.values:
            values["tags"] = _tags(fields.take("tags"))
        fields.close()
    finally:
        body.close()
    return values


def _tags(given: Any) -> list[str]:
    """Tags, each once, without the space around them."""
    found: list[Any] = given if isinstance(given, list) else [given]
    if not all(isinstance(one, str) and 1 <= len(one.strip()) <= TAG_MAX for one in found):
        message = f"Invalid 'tags': expected texts of 1 to {TAG_MAX} characters."
        raise invalid(message, "tags")
    if len(found) > TAGS_MAX:
        raise invalid(f"Invalid 'tags': at most {TAGS_MAX} are possible.", "tags")
    return list(dict.fromkeys(one.strip() for one in found))


def _has(tag: str, *, plain: bool) -> ColumnElement[bool]:
    """Whether the list of tags holds one; each kind of database writes letters its own way."""
    return cast(clips.c.tags, Text).icontains(
        json.dumps(tag, ensure_ascii=not plain), autoescape=True
    )
