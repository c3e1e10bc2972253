"""Where a worker answers calls on its road: lives, previews and drafts, each with slots of its own.

open     {live}                        -> {} | {busy} | {error}
watch    {live}                        -> events and film of a live; words of viewers come in
end      {live, reason}                -> {}
preview  {request, inputs, pictures}   -> {at, media_type, data} each, or {error}
draft    {request, inputs}             -> {} and pieces of film, or {error}
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import logging
import math
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from kinema.errors import Cancelled, KinemaError, MissingPart, RequestError
from kinema.serve.jobs.make import Maker
from kinema.serve.road import previews
from kinema.serve.road.live import Live
from kinema.serve.road.socket import Answer, Socket
from kinema.serve.road.viewers import Viewer
from kinema.serve.store import lives as store
from kinema.serve.store.lives import Reason
from kinema.types import IsCancelled, Json, Request, from_builtins

_LOG: Final = logging.getLogger(__name__)

LOOK_MAX: Final = 60.0
"""Seconds that a preview or a draft may take: others wait for it."""
_PATIENCE: Final = 5.0
"""Seconds that a stream is given to end: it does between two pictures, or two steps."""

_Pieces = Callable[[Request, Json, IsCancelled], Iterator[str | bytes]]


def open_road(maker: Maker) -> tuple[str, str]:
    """Open the road of a worker; its address, and the token that callers show.

    Raises:
        RequestError: This machine has no such address.
    """
    road = Socket(maker.config.worker.road, Desk(maker).answers())
    return road.open(), road.token


class Desk:
    """Answers the calls of one worker.

    Args:
        maker: Of the worker.
    """

    def __init__(self, maker: Maker) -> None:
        worker = maker.config.worker
        self._maker = maker
        self._lives: dict[str, Live] = {}
        self._slots = threading.BoundedSemaphore(worker.lives)
        self._looks = ThreadPoolExecutor(worker.previews, thread_name_prefix="preview")

    def answers(self) -> dict[str, Answer]:
        """What answers, by the name of the call."""
        return {
            "open": self._open,
            "watch": self._watch,
            "end": self._end,
            "preview": self._preview,
            "draft": self._draft,
        }

    async def _open(self, connection: ServerConnection, call: Json) -> None:
        if not self._slots.acquire(blocking=False):
            await connection.send(json.dumps({"busy": True}))
            return
        answer = await asyncio.to_thread(self._begin, call["live"])
        await connection.send(json.dumps(answer))

    def _begin(self, live: str) -> Json:
        """Begin a live in the slot that was taken; what is wrong with it, if anything."""
        try:
            begun = self._lives[live] = self._live(live)
        except KinemaError as error:
            self._slots.release()
            return {"error": _problem(error)}
        except BaseException:
            self._slots.release()
            raise
        begun.start()
        return {}

    def _live(self, live: str) -> Live:
        with self._maker.database.read() as database:
            row = store.get(database, live)
        if row is None:
            raise KeyError(live)
        return Live(self._maker, row, self._slots, self._forget)

    def _forget(self, live: str) -> None:
        self._lives.pop(live, None)

    async def _end(self, connection: ServerConnection, call: Json) -> None:
        live = self._lives.get(call["live"])
        if live is not None:
            live.end(Reason(call["reason"]))
            await asyncio.to_thread(live.wait, _PATIENCE)
        await connection.send("{}")

    async def _watch(self, connection: ServerConnection, call: Json) -> None:
        live, viewer = self._lives.get(call["live"]), Viewer()
        if live is None:
            await connection.send(json.dumps({"gone": True}))
            return
        live.join(viewer)
        ears = asyncio.create_task(_hear(connection, live, viewer))
        try:
            while (message := await viewer.get()) is not None:
                await connection.send(message)
        finally:
            live.leave(viewer)
            ears.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await ears

    async def _preview(self, connection: ServerConnection, call: Json) -> None:
        def pieces(request: Request, inputs: Json, cancelled: IsCancelled) -> Iterator[str]:
            count = int(call["pictures"])
            for look in previews.looks(self._maker, request, inputs, count, cancelled):
                data = base64.b64encode(look.image).decode()
                yield json.dumps({"at": look.at, "media_type": look.media_type, "data": data})

        await self._made(connection, call, pieces)

    async def _draft(self, connection: ServerConnection, call: Json) -> None:
        def pieces(request: Request, inputs: Json, cancelled: IsCancelled) -> Iterator[bytes]:
            return previews.draft(self._maker, request, inputs, cancelled)

        await self._made(connection, call, pieces)

    async def _made(self, connection: ServerConnection, call: Json, pieces: _Pieces) -> None:
        """Send what is made as it is made; stop when the caller hangs up."""
        request = from_builtins(call["request"], Request)
        viewer, over = Viewer(most=None), threading.Event()
        until = math.inf

        def is_over() -> bool:
            return over.is_set() or time.monotonic() > until

        def work() -> None:
            nonlocal until
            until = time.monotonic() + LOOK_MAX
            try:
                for piece in pieces(request, call["inputs"], is_over):
                    viewer.put(piece, key=True)
            except Cancelled:
                _LOG.info("a preview was stopped")
                message = f"It takes more than {LOOK_MAX:g} seconds, which is no preview."
                slow = {"code": "takes_too_long", "message": message, "status": 400}
                viewer.put(json.dumps({"error": slow}))
            except KinemaError as error:
                viewer.put(json.dumps({"error": _problem(error)}))
            except Exception:  # noqa: BLE001 - whoever waits must hear of it
                _LOG.exception("a preview broke")
                broken = {"code": "internal_error", "message": "Something broke.", "status": 500}
                viewer.put(json.dumps({"error": broken}))
            viewer.put(None)

        done = self._looks.submit(work)
        watch = asyncio.create_task(connection.wait_closed())
        watch.add_done_callback(lambda _: viewer.put(None))
        try:
            while (message := await viewer.get()) is not None:
                await connection.send(message)
        finally:
            over.set()
            done.cancel()
            watch.cancel()


async def _hear(connection: ServerConnection, live: Live, viewer: Viewer) -> None:
    """Pass on what a viewer says until it hangs up."""
    try:
        async for message in connection:
            if isinstance(message, str):
                live.hear(message)
    except ConnectionClosed:
        pass
    viewer.put(None)


def _problem(error: KinemaError) -> Json:
    status = 501 if isinstance(error, MissingPart) else 500
    if isinstance(error, RequestError):
        return {
            "code": error.code, "message": str(error), "param": error.field, "status": 400,
        }  # fmt: skip
    return {"code": error.code, "message": str(error), "status": status}
