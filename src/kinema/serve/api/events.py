"""One stream of events for each window: what happens to the project's videos, as it happens.

The stream is a hint, the lists are the truth: after ``reset`` a window asks for them again.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Request
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from kinema.serve.api.auth import Project
from kinema.serve.api.services import Services, Use
from kinema.serve.store import clips, events
from kinema.serve.store.clips import OPEN, State
from kinema.serve.store.events import Event

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Events until the client hangs up.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
}
HEARTBEAT: Final = 15
"""Seconds after which a comment is sent, so that nothing between takes the line for dead."""


_MISSED_MAX: Final = 5000
_COUNTED: Final = 1.0  # seconds between two countings of the queue
_QUIET: Final = frozenset({"job.progress", "job.preview"})


@router.get("/events", response_class=EventSourceResponse, responses=STREAM)
async def stream(
    request: Request,
    services: Use,
    project: Project,
    last_event_id: Annotated[str | None, Header(description="Go on behind this one.")] = None,
) -> EventSourceResponse:
    """The project's events as they happen.

    Those behind `Last-Event-ID` come first; `reset` says that some are lost, and that the lists
    have to be asked for again.
    """
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
    seen, counted, changed = -1, 0.0, False
    try:
        if last is not None:
            missed = await run_in_threadpool(_missed, services, project, last)
            if missed is None:
                yield _RESET
            for event in missed or ():
                seen = event.number
                yield _said(event)
        while not await request.is_disconnected():
            try:
                event = await asyncio.wait_for(window.get(), timeout=_COUNTED)
            except TimeoutError:
                pass
            else:
                if event is None:
                    yield _RESET
                elif event.number > seen:
                    yield _said(event)
                    changed |= event.type.startswith("job.") and event.type not in _QUIET
            if changed and time.monotonic() - counted >= _COUNTED:
                changed, counted = False, time.monotonic()
                yield await run_in_threadpool(_queue, services, project)
    finally:
        services.watch.close(window)


def _missed(services: Services, project: str, last: int) -> list[Event] | None:
    """The project's events behind that one; None where some of them may be lost."""
    with services.database.read() as connection:
        oldest, newest = events.oldest(connection), events.newest(connection)
        found = events.after(connection, last, limit=_MISSED_MAX)
    if last > newest or len(found) == _MISSED_MAX or (oldest is not None and last < oldest - 1):
        return None
    return [event for event in found if event.project == project]


def _queue(services: Services, project: str) -> ServerSentEvent:
    """How the queue stands, and when the project's part of it is done."""
    with services.database.read() as connection:
        rows = clips.queued(connection)
    counts = {str(state): 0 for state in OPEN}
    work, done = 0.0, None
    for row in rows:
        left = row.remaining if row.remaining is not None else (row.promised or 0.0)
        work += left if row.state != State.PAUSED else 0.0
        if row.project == project:
            counts[row.state] += 1
            done = time.time() + work if row.state != State.PAUSED else done
    data = {"counts": counts, "all_done_at": done and round(done, 1)}
    return ServerSentEvent(event="queue.changed", data=json.dumps(data, separators=(",", ":")))


def _said(event: Event) -> ServerSentEvent:
    data = {"id": event.clip, "at": event.at, **event.data}
    text = json.dumps(data, separators=(",", ":"))
    return ServerSentEvent(id=str(event.number), event=event.type, data=text)


_RESET: Final = ServerSentEvent(event="reset", data="{}")
