"""More takes of what was made: others with new seeds, the same finished better, or once more."""

from __future__ import annotations

import dataclasses
import secrets
from fractions import Fraction
from typing import Final

from fastapi import APIRouter, Request
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.accept import Wish, accept
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, is_retry, read_body
from kinema.serve.api.errors import invalid, missing, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import AGAIN, FINISH, VARIATIONS
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, new_id
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow
from kinema.types import Quality, Size, from_builtins
from kinema.types import Request as Wanted

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

_BODY_MAX: Final = 1 << 16
_VIDEOS_MAX: Final = 9
_EACH_MAX: Final = 8
_SEED_MAX: Final = 2**63 - 1


@router.post("/variations", openapi_extra=takes(VARIATIONS))
async def vary(request: Request, services: Use, project: Project) -> wire.VideoList:
    """Make others like these: the same wish, with seeds that were not used yet."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> list[ClipRow]:
        try:
            fields = Fields(body)
            rows = _rows(services, project, fields)
            count = fields.whole("variations", 1, _EACH_MAX) or 1
            first = fields.whole("seed", 0, _SEED_MAX)
            quality = fields.one_of("quality", list(Quality), "")
            fields.close()
        finally:
            body.close()
        wishes: list[Wish] = []
        for row in rows:
            wanted = from_builtins(row.request, Wanted)
            seed = secrets.randbits(32) if first is None else first
            if quality:
                wanted = replace(wanted, quality=Quality(quality))
            spread = row.spread or new_id(Kind.SPREAD)
            wishes += [
                _again(row, replace(wanted, seed=(seed + number) % _SEED_MAX), spread)
                for number in range(count)
            ]
        return _made(services, project, wishes, body, request)

    return wire.video_list(await run_in_threadpool(work), more=False)


@router.post("/finish", openapi_extra=takes(FINISH))
async def finish(request: Request, services: Use, project: Project) -> wire.VideoList:
    """Make these again with the same seed, at final quality and another size."""
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> list[ClipRow]:
        try:
            fields = Fields(body)
            rows = _rows(services, project, fields)
            size = fields.text("size", most=20)
            quality = Quality(fields.one_of("quality", list(Quality), Quality.HIGH))
            fields.close()
        finally:
            body.close()
        wishes: list[Wish] = []
        for row in rows:
            wanted = replace(from_builtins(row.request, Wanted), quality=quality)
            if size is not None:
                wanted = replace(wanted, size=Size.parse(size))
            wishes.append(_again(row, wanted, None))
        return _made(services, project, wishes, body, request)

    return wire.video_list(await run_in_threadpool(work), more=False)


@router.post("/jobs/{video_id}/again", openapi_extra=takes(AGAIN))
async def again(request: Request, services: Use, project: Project, video_id: str) -> wire.Video:
    """Make a video once more that failed, was cancelled or has expired, with the same seed.

    The new one stands where the old one stood: what that came from, this comes from.
    """
    body = await read_body(request, limit=_BODY_MAX)

    def work() -> ClipRow:
        try:
            fields = Fields(body)
            size = fields.text("size", most=20)
            quality = fields.one_of("quality", list(Quality), "")
            fields.close()
        finally:
            body.close()
        with services.database.read() as connection:
            row = store.get(connection, video_id, project)
        if row is None:
            raise not_found("Video", video_id)
        if row.state in store.OPEN:
            raise invalid(f"Cannot make a video again that is {row.state}.", "video_id")
        wanted = from_builtins(row.request, Wanted)
        if size is not None:
            wanted = replace(wanted, size=Size.parse(size))
        if quality:
            wanted = replace(wanted, quality=Quality(quality))
        wish = dataclasses.replace(_again(row, wanted, row.spread), source=row.source)
        return _made(services, project, [wish], body, request)[0]

    return wire.video(await run_in_threadpool(work))


def _rows(services: Services, project: str, fields: Fields) -> list[ClipRow]:
    """The videos that are named; what they were made from is known even where their files went."""
    ids = fields.ids("videos", most=_VIDEOS_MAX)
    if not ids:
        raise missing("videos")
    rows: list[ClipRow] = []
    with services.database.read() as connection:
        for one in ids:
            row = store.get(connection, one, project)
            if row is None:
                raise not_found("Video", one, "videos")
            rows.append(row)
    return rows


def _again(row: ClipRow, wanted: Wanted, spread: str | None) -> Wish:
    return Wish(
        request=wanted,
        alias=row.alias,
        seconds=Fraction(row.seconds),
        fps=wanted.fps,
        inputs=row.inputs,
        source=row.id,
        spread=spread,
        extensions=row.extensions,
        prefer=row.model,
    )


def _made(
    services: Services, project: str, wishes: list[Wish], body: Body, request: Request
) -> list[ClipRow]:
    again, made = is_retry(request), list[ClipRow]()
    for number, wish in enumerate(wishes):
        digest = f"{number}:{body.digest}"[:64]
        made.append(accept(services, project, wish, digest=digest, is_retry=again, came=body.came))
    return made
