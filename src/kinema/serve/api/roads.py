"""Calls to whichever worker answers: the next where one is gone, and one that is just starting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.api.errors import INVALID, ApiError
from kinema.serve.api.services import Services
from kinema.serve.road.calls import Lane, RoadClosed, lanes, was_seen
from kinema.types import Json

PATIENCE: Final = 8.0
"""Seconds that a worker is given to start: a server answers before its worker does, and starts
another where one has died."""
_RECENT: Final = 30.0
"""Seconds since a worker's last sign of life in which another is likely to come."""
_BEGAN: Final = time.monotonic()
_PAUSE: Final = 0.2
_AGAIN: Final = {"retry-after": "5"}

NO_WORKER: Final[dict[int | str, dict[str, Any]]] = {
    503: {
        "model": wire.Failure,
        "description": "No worker is free; `retry-after` says when to ask.",
    }
}
"""What a call to a worker may answer besides the failures of every route."""

_T = TypeVar("_T")


class Busy(Exception):
    """The worker is there, and all its slots are taken."""


async def by_some_worker(
    services: Services, model: str, work: Callable[[Lane], Awaitable[_T]]
) -> _T:
    """What ``work`` gives for the first worker that can do it.

    Args:
        services: Those of the app.
        model: That the worker has to run.
        work: Raises `Busy`, or `RoadClosed` where it can be begun again elsewhere.

    Raises:
        ApiError: There is no such worker, or none has a slot free (503).
    """
    until = time.monotonic() + PATIENCE
    while True:
        busy = False
        for lane in await run_in_threadpool(_found, services, model):
            try:
                return await work(lane)
            except Busy:
                busy = True
            except RoadClosed:  # it has died, and the list does not know yet
                continue
        if busy:
            message = "Every worker is busy with another live stream now."
            raise ApiError(503, message, code="busy", kind="server_error", headers=_AGAIN)
        if time.monotonic() > until or not await run_in_threadpool(_may_come, services):
            message = "No worker answers now."
            raise ApiError(503, message, code="no_worker", kind="server_error", headers=_AGAIN)
        await asyncio.sleep(_PAUSE)


def refused(problem: Json) -> ApiError:
    """What a worker says is wrong, as an answer."""
    status = int(problem.get("status", 500))
    return ApiError(
        status,
        problem["message"],
        param=problem.get("param"),
        code=problem["code"],
        kind=INVALID if status < 500 else "server_error",
    )


def _found(services: Services, model: str) -> list[Lane]:
    with services.database.read() as connection:
        return lanes(connection, model)


def _may_come(services: Services) -> bool:
    """Whether a worker that is not there may be there soon."""
    if time.monotonic() < _BEGAN + PATIENCE:
        return True
    with services.database.read() as connection:
        return was_seen(connection, time.time() - _RECENT)
