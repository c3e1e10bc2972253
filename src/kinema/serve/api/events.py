"""One stream of events for each window: what happens to the project's videos, as it happens.

The stream is a hint, the lists are the truth: after ``reset`` a window asks for them again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Header, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from kinema.serve.api.auth import Project
from kinema.serve.api.services import Services, Use
from kinema.serve.store import events
from kinema.serve.store.events import Event

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

HEARTBEAT: Final = 15
"""Seconds after which a comment is sent, so that nothing between takes the line for dead."""


@router.get("/events", response_class=EventSourceResponse)
async def stream(
    request: Request,
    services: Use,
    project: Project,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventSourceResponse:
    """The project's events; those behind ``Last-Event-ID`` first."""
    last = int(last_event_id) if last_event_id and last_event_id.isdecimal() else None
    return EventSourceResponse(
        _events(request, services, project, last),
        ping=HEARTBEAT,
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _events(
    request: Request, services: Services, project: str, last: int | None
) -> AsyncIterator[ServerSentEvent]:
    window = services.watch.open(project)
    seen = -1
    try:
        if last is not None:
            for event in await run_in_threadpool(_missed, services, project, last):
                seen = event.number
                yield _said(event)
        while not await request.is_disconnected():
            try:
                event = await asyncio.wait_for(window.get(), timeout=1.0)
            except TimeoutError:
                continue
            if event is None:
                yield ServerSentEvent(event="reset", data="{}")
            elif event.number > seen:
                yield _said(event)
    finally:
        services.watch.close(window)


def _missed(services: Services, project: str, last: int) -> list[Event]:
    with services.database.read() as connection:
        found = events.after(connection, last, limit=5000)
    return [event for event in found if event.project == project]


def _said(event: Event) -> ServerSentEvent:
    data = {"id": event.clip, "at": event.at, **event.data}
    text = json.dumps(data, separators=(",", ":"))
    return ServerSentEvent(id=str(event.number), event=event.type, data=text)
