"""Previews and drafts: what a request would look like, made by a worker at once, without a job."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from typing import Any, Final, Literal

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.accept import answering
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, read_body
from kinema.serve.api.errors import ApiError
from kinema.serve.api.fields import Fields
from kinema.serve.api.generations import wished
from kinema.serve.api.roads import NO_WORKER, by_some_worker, refused
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import GENERATION, PREVIEW
from kinema.serve.api.services import Services, Use
from kinema.serve.road.calls import Lane, RoadClosed, called, heard
from kinema.types import Json, from_builtins, to_builtins
from kinema.types import Request as Wanted

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

PICTURES_MAX: Final = 8
_LOOK: Final = 0.1
"""Seconds between two looks whether the client is still there."""
_FILM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Fragmented MP4, sent while it is made.",
        "content": {"video/mp4": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Picture(wire.Wire):
    """A picture at a time of the clip, in base64."""

    at: float
    media_type: str
    data: str


class Preview(wire.Wire):
    """Pictures of what a request would make; ``took`` seconds."""

    object: Literal["preview"] = "preview"
    model: str
    quality: Literal["draft"] = "draft"
    size: str = Field(description="Of the video that was asked for; the pictures are smaller.")
    took: float
    pictures: list[Picture]


@router.post("/preview", responses=NO_WORKER, openapi_extra=takes(PREVIEW))
async def preview(request: Request, services: Use, project: Project) -> Preview:
    """The first picture of a request, or some along it, in draft quality.

    Takes what `/v1/kinema/generations` takes. Nothing is kept, and a client that hangs up stops it
    within one step.
    """
    began = time.monotonic()
    body = await read_body(request, limit=services.config.limits.upload)
    call = await run_in_threadpool(_call, services, project, body)
    looking = asyncio.create_task(
        by_some_worker(services, _model(call), lambda lane: _pictures(lane, call))
    )
    try:
        while not looking.done() and not await request.is_disconnected():
            await asyncio.wait((looking,), timeout=_LOOK)
        if not looking.done():
            raise ApiError(499, "The client hung up.", code="client_closed_request")
        pictures = await looking
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError, ApiError):
            await looking
    return Preview(
        model=_model(call),
        size=str(from_builtins(call["request"], Wanted).size),
        took=round(time.monotonic() - began, 3),
        pictures=pictures,
    )


@router.post(
    "/draft",
    response_class=StreamingResponse,
    responses=_FILM | NO_WORKER,
    openapi_extra=takes(GENERATION),
)
async def draft(request: Request, services: Use, project: Project) -> Response:
    """A request as a small film in draft quality, sent while it is made. Nothing is kept."""
    body = await read_body(request, limit=services.config.limits.upload)
    call = await run_in_threadpool(_call, services, project, body)
    first, film = await by_some_worker(services, _model(call), lambda lane: _begun(lane, call))

    async def whole() -> AsyncIterator[bytes]:
        yield first
        with contextlib.suppress(RoadClosed, ApiError):  # the film ends there
            async for piece in film:
                yield piece

    return StreamingResponse(whole(), media_type="video/mp4")


def _call(services: Services, project: str, body: Body) -> Json:
    count = Fields(Body({"pictures": body.values.pop("pictures", None)}, "", body.as_text))
    pictures = count.whole("pictures", 1, PICTURES_MAX) or 1
    wish, _ = wished(services, project, body)
    request = answering(services.installed, wish)
    return {
        "call": "preview",
        "request": to_builtins(request),
        "inputs": dict(wish.inputs),
        "pictures": pictures,
    }


async def _pictures(lane: Lane, call: Json) -> list[Picture]:
    found: list[Picture] = []
    async with called(lane, call) as road:
        async for message in heard(road):
            said = json.loads(message)
            if "error" in said:
                raise refused(said["error"])
            found.append(Picture(**said))
    if not found:
        raise RoadClosed(f"{lane.worker} says nothing")
    return found


async def _begun(lane: Lane, call: Json) -> tuple[bytes, AsyncIterator[bytes]]:
    """The first piece of a film, and the others: what is wrong is known by then."""
    film = _film(lane, {**call, "call": "draft"})
    try:
        return await anext(film), film
    except StopAsyncIteration as error:
        raise RoadClosed(f"{lane.worker} says nothing") from error


async def _film(lane: Lane, call: Json) -> AsyncIterator[bytes]:
    async with called(lane, call) as road:
        async for message in heard(road):
            if isinstance(message, str):
                raise refused(json.loads(message)["error"])
            yield message


def _model(call: Json) -> str:
    return from_builtins(call["request"], Wanted).model
