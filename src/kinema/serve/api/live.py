"""Live streams: begun by a call, then watched and steered over a WebSocket.

A stream lives in a worker; what is said here and there goes through the worker's road.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import time
from fractions import Fraction
from typing import Any, Final, Literal

from fastapi import APIRouter, Request, WebSocket, WebSocketDisconnect
from msgspec.structs import replace
from pydantic import Field
from starlette.concurrency import run_in_threadpool
from starlette.status import WS_1000_NORMAL_CLOSURE, WS_1012_SERVICE_RESTART
from websockets.asyncio.client import ClientConnection

from kinema.serve.api import wire
from kinema.serve.api.accept import Wish, answering
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, read_body
from kinema.serve.api.characters import named
from kinema.serve.api.errors import ApiError, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.installed import USUAL
from kinema.serve.api.roads import NO_WORKER, Busy, by_some_worker, refused
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import LIVE
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, new_id
from kinema.serve.road.calls import (
    Lane,
    RoadClosed,
    answer_of,
    called,
    heard,
    lane_of,
    said,
)
from kinema.serve.store import lives as store
from kinema.serve.store.events import append
from kinema.serve.store.lives import LiveRow, LiveState, Reason
from kinema.types import Json, Quality, Size, Task, from_builtins, to_builtins
from kinema.types import Request as Wanted

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

_BODY_MAX: Final = 1 << 20
_SIDE: Final = 640
"""Longest side where no size is said, pixels: what can be drawn as fast as it is played."""
_LEAVES: Final = 1.0
"""Seconds in which a page that was closed, or loaded anew, is known to watch no more."""
_GONE: Final = "The worker that played this stream is gone. Begin another."
_AGAIN: Final = {"retry-after": "5"}


class Live(wire.Wire):
    """A live stream. ``idle_after`` seconds without a word it gives its worker back."""

    id: str
    object: Literal["live"] = "live"
    model: str
    prompt: str = Field(description="The newest.")
    size: str
    fps: float
    state: Literal["open", "held", "idle", "ended"]
    viewers: int
    worker: str
    created_at: int
    ended_at: int | None
    reason: str | None = Field(description="Why it ended.")
    idle_after: int
    url: str = Field(description="Of the WebSocket that shows and steers it.")


class LiveList(wire.Wire):
    """The project's streams that go on, the newest first."""

    object: Literal["list"] = "list"
    data: list[Live]


class Segment(wire.Wire):
    """A stretch of a stream under one prompt, in seconds of its own clock.

    ``end`` is null while it plays; ``clips`` are the videos that were kept of it.
    """

    prompt: str
    start: float
    end: float | None
    clips: list[str]


class Reel(wire.Wire):
    """What a stream has shown."""

    object: Literal["list"] = "list"
    data: list[Segment]


@router.post("/live", responses=NO_WORKER, openapi_extra=takes(LIVE))
async def begin(request: Request, services: Use, project: Project) -> Live:
    """Begin a live stream.

    It is shown and steered over the WebSocket `/v1/kinema/live/{id}`, which takes the same key, in
    the header or as the cookie `kinema_key`. Binary messages are fragmented MP4 (H.264), first
    `ftyp` and `moov`, then `moof` and `mdat`, for a MediaSource. Text messages are JSON: `ready`,
    `scene`, `note`, `refused`, `stats`, `held`, `playing`, `idle`, `busy`, `keeping`, `kept`,
    `keep_failed`, `restarted` and `ended` as `event`. What can be said is `{"do": "steer",
    "prompt"}`, `hold`, `play`, `{"do": "keep", "seconds"}` or with `start` and `end`, `{"do":
    "restart", "prompt", "seed"}`, `here` and `end`. A stream that nobody speaks to for `idle_after`
    seconds gives its worker back until somebody does. A project has one stream at a time, unless
    the installation allows more: one that nobody watches ends for the new one.
    """
    body = await read_body(request, limit=_BODY_MAX)
    row = await run_in_threadpool(_wanted, services, project, body)
    await _make_room(services, project)
    begun = await by_some_worker(services, row.model, lambda lane: _begun(services, row, lane))
    return _live(services, begun)


@router.get("/live")
async def list_live(services: Use, project: Project) -> LiveList:
    """The live streams that go on."""
    rows = await run_in_threadpool(_going_on, services, project)
    return LiveList(data=[_live(services, row) for row in rows])


@router.get("/live/{live_id}")
async def retrieve(services: Use, project: Project, live_id: str) -> Live:
    """A live stream."""
    return _live(services, await run_in_threadpool(_get, services, project, live_id))


@router.delete("/live/{live_id}")
async def end(services: Use, project: Project, live_id: str) -> Live:
    """End a live stream. What was kept of it stays."""
    row = await run_in_threadpool(_get, services, project, live_id)
    await _end(services, row, Reason.ENDED)
    return _live(services, await run_in_threadpool(_get, services, project, live_id))


@router.get("/live/{live_id}/reel")
async def reel(services: Use, project: Project, live_id: str) -> Reel:
    """What a live stream has shown, also when it is over."""
    row = await run_in_threadpool(_get, services, project, live_id)
    return Reel(data=[Segment(**segment) for segment in row.reel])


@router.websocket("/live/{live_id}")
async def watch(websocket: WebSocket, services: Use, project: Project, live_id: str) -> None:
    """Film and events out, words in."""
    row = await run_in_threadpool(_get, services, project, live_id)
    await websocket.accept()
    lane = await run_in_threadpool(_lane, services, row)
    if row.state == LiveState.ENDED or lane is None:
        return await _dismiss(websocket, services, row)
    try:
        async with called(lane, {"call": "watch", "live": row.id}) as road:
            over = await _passed_on(websocket, road)
    except RoadClosed:
        over = False
    except WebSocketDisconnect:
        return None
    if over:
        return await _close(websocket, WS_1000_NORMAL_CLOSURE)
    return await _dismiss(websocket, services, row)


async def _passed_on(websocket: WebSocket, road: ClientConnection) -> bool:
    """Pass on what either side says until one hangs up; whether the worker had said its last word.

    Raises:
        RoadClosed: The worker is gone.
        WebSocketDisconnect: The viewer is.
    """

    async def speak() -> None:
        while True:
            message = await websocket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code", WS_1000_NORMAL_CLOSURE))
            if message.get("text") is not None:
                await said(road, message["text"])

    speaking = asyncio.create_task(speak())
    listening = asyncio.create_task(_shown(websocket, road))
    try:
        await asyncio.wait((speaking, listening), return_when=asyncio.FIRST_COMPLETED)
        if listening.done():
            return await listening
        await speaking
        return False
    finally:
        for task in (speaking, listening):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, RoadClosed, WebSocketDisconnect):
                await task


async def _shown(websocket: WebSocket, road: ClientConnection) -> bool:
    """Show a viewer what the worker sends; whether that ended with its last word."""
    over = False
    async for message in heard(road):
        if isinstance(message, bytes):
            await websocket.send_bytes(message)
        elif message == '{"gone": true}':
            return False
        else:
            over = message.startswith('{"event": "ended"')
            await websocket.send_text(message)
    return over


async def _dismiss(websocket: WebSocket, services: Services, row: LiveRow) -> None:
    """Tell a viewer that the stream is over, and why."""

    def ended() -> str:
        with services.database.write() as connection:
            store.end(connection, row.id, Reason.WORKER_GONE)
            known = store.get(connection, row.id)
        return (known.reason if known else None) or Reason.WORKER_GONE

    reason = await run_in_threadpool(ended)
    gone = reason == Reason.WORKER_GONE
    message = _GONE if gone else "The stream is over."
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await websocket.send_text(
            json.dumps({"event": "ended", "reason": reason, "message": message})
        )
    await _close(websocket, WS_1012_SERVICE_RESTART if gone else WS_1000_NORMAL_CLOSURE)


async def _close(websocket: WebSocket, code: int) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):  # it may be gone by now
        await websocket.close(code)


async def _make_room(services: Services, project: str) -> None:
    """End the project's streams that nobody watches; 429 where too many are watched."""
    most, until = services.config.policy.lives, time.monotonic() + _LEAVES
    while True:
        rows = await run_in_threadpool(_going_on, services, project)
        watched = [row for row in rows if row.viewers and row.state != LiveState.IDLE]
        if len(watched) < most:
            break
        if time.monotonic() > until:
            message = f"The project watches '{watched[0].id}', and {most} at a time is the limit."
            raise ApiError(429, message, code="live_limit", kind="rate_limit_error", headers=_AGAIN)
        await asyncio.sleep(_LEAVES / 4)
    for row in [row for row in rows if row not in watched][: max(0, len(rows) - most + 1)]:
        await _end(services, row, Reason.REPLACED)


async def _end(services: Services, row: LiveRow, reason: Reason) -> None:
    """Let the worker end a stream, and see to it that it is over."""
    lane = await run_in_threadpool(_lane, services, row)
    if lane is not None:
        with contextlib.suppress(RoadClosed):
            await answer_of(lane, {"call": "end", "live": row.id, "reason": reason})

    def write() -> None:
        with services.database.write() as connection:
            store.end(connection, row.id, reason)

    await run_in_threadpool(write)


async def _begun(services: Services, row: LiveRow, lane: Lane) -> LiveRow:
    """Let that worker begin the stream.

    Raises:
        Busy: It has no slot free.
        RoadClosed: It is gone.
        ApiError: The stream cannot be made.
    """
    row = dataclasses.replace(row, worker=lane.worker, since=lane.since)

    def write() -> None:
        with services.database.write() as connection:
            store.add(connection, row)

    def strike() -> None:
        with services.database.write() as connection:
            store.strike(connection, row.id)

    def tell() -> None:
        data = {"live": row.id, "prompt": row.prompt, "model": row.model}
        with services.database.write() as connection:
            append(connection, row.project, "live.started", data)

    await run_in_threadpool(write)
    answer: Json = {"gone": True}
    try:
        answer = await answer_of(lane, {"call": "open", "live": row.id})
    finally:
        if answer:
            await run_in_threadpool(strike)
    if "busy" in answer:
        raise Busy
    if "error" in answer:
        raise refused(answer["error"])
    await run_in_threadpool(tell)
    return row


def _wanted(services: Services, project: str, body: Body) -> LiveRow:
    """The stream that a body asks for, still without a worker."""
    with contextlib.closing(body):
        fields = Fields(body)
        alias = fields.text("model", most=120) or USUAL
        prompt = fields.prompt()
        size, fps = fields.text("size", most=20), fields.number("fps", 8.0, 30.0)
        ids = fields.ids("characters", most=8)
        usual = services.installed.behind(alias)[0].default_size
        extras: dict[str, Any] = {
            "seed": fields.whole("seed", 0, 2**63 - 1) or 0,
            "negative": fields.text("negative_prompt", most=32_000) or "",
            "style": fields.text("style", most=80),
        }
        fields.close()
    wanted = Wanted(
        task=Task.STREAM,
        prompt=prompt,
        size=_small(usual) if size is None else Size.parse(size),
        quality=Quality.DRAFT,
        **extras,
    )
    if ids:
        wanted = replace(wanted, characters=named(services, project, ids, prompt))
    rate = None if fps is None else Fraction(round(fps))
    wish = Wish(request=wanted, alias=alias, seconds=Fraction(1), fps=rate)
    chosen = answering(services.installed, wish)
    return LiveRow(
        id=new_id(Kind.LIVE),
        project=project,
        worker="",
        since=0.0,
        alias=alias,
        model=chosen.model,
        prompt=prompt,
        request=to_builtins(chosen),
    )


def _small(size: Size) -> Size:
    """The same shape, small enough for a stream."""
    longest = max(size.width, size.height)
    if longest <= _SIDE:
        return size
    width, height = (side * _SIDE // longest // 2 * 2 for side in (size.width, size.height))
    return Size(width=width, height=height)


def _live(services: Services, row: LiveRow) -> Live:
    wanted = from_builtins(row.request, Wanted)
    return Live(
        id=row.id,
        model=row.model,
        prompt=row.prompt,
        size=str(wanted.size),
        fps=float(wanted.fps),
        state=row.state,  # pyright: ignore[reportArgumentType] - checked by the model
        viewers=row.viewers,
        worker=row.worker,
        created_at=int(row.created_at),
        ended_at=None if row.ended_at is None else int(row.ended_at),
        reason=row.reason,
        idle_after=services.config.policy.live_idle,
        url=f"/v1/kinema/live/{row.id}",
    )


def _get(services: Services, project: str, live: str) -> LiveRow:
    store.end_orphans(services.database)
    with services.database.read() as connection:
        row = store.get(connection, live, project)
    if row is None:
        raise not_found("Live", live)
    return row


def _going_on(services: Services, project: str) -> list[LiveRow]:
    store.end_orphans(services.database)
    with services.database.read() as connection:
        return store.going_on(connection, project)


def _lane(services: Services, row: LiveRow) -> Lane | None:
    with services.database.read() as connection:
        return lane_of(connection, row.worker, row.since)
