"""Watches the log of events: answers about clips from memory, and tells windows what happens.

A thousand clients that ask once a second would otherwise be a thousand queries; one query for all
of them is enough, since every change of a clip writes an event in the same transaction.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from typing import Final

from starlette.concurrency import run_in_threadpool

from kinema.serve.store import clips, events
from kinema.serve.store.clips import ClipRow
from kinema.serve.store.database import Database
from kinema.serve.store.events import Event

EVERY: Final = 0.1
"""Seconds between two looks: the age that an answer from memory may have."""
REMEMBERED: Final = 20_000
"""Clips kept in memory, a few kilobytes each."""
_WINDOW_MAX: Final = 1000  # events that a window may lag behind before it has to ask for the lists

_LOG: Final = logging.getLogger(__name__)


class Watch:
    """One for each process of the API; everything but `run` is called on its event loop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows: OrderedDict[str, ClipRow] = OrderedDict()
        self._windows: dict[asyncio.Queue[Event | None], str] = {}
        self._number = 0
        self._looked = 0.0

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        self._number = await run_in_threadpool(self._newest)
        while True:
            self._looked = time.monotonic()
            try:
                for event in await run_in_threadpool(self._news):
                    self._take(event)
            except Exception:  # noqa: BLE001 - a database that is away for a while comes back
                _LOG.warning("cannot read the log of events", exc_info=True)
                self._rows.clear()
                await asyncio.sleep(1.0)
            await asyncio.sleep(EVERY)

    async def clip(self, clip: str, project: str) -> ClipRow | None:
        """The clip of that id in that project, not older than a few tenths of a second."""
        fresh = time.monotonic() - self._looked < 10 * EVERY
        row = self._rows.get(clip) if fresh else None
        if row is None:
            row = await run_in_threadpool(self._read, clip)
            if row is None:
                return None
            self._rows[clip] = row
            while len(self._rows) > REMEMBERED:
                self._rows.popitem(last=False)
        return row if row.project == project else None

    def forget(self, clip: str) -> None:
        """Do not answer from memory about a clip that this process has changed."""
        self._rows.pop(clip, None)

    def open(self, project: str) -> asyncio.Queue[Event | None]:
        """A window that gets the project's events; None in it says that some were left out."""
        window: asyncio.Queue[Event | None] = asyncio.Queue(_WINDOW_MAX)
        self._windows[window] = project
        return window

    def close(self, window: asyncio.Queue[Event | None]) -> None:
        """Nobody looks through the window any more."""
        self._windows.pop(window, None)

    def _take(self, event: Event) -> None:
        self._number = event.number
        if event.clip is not None:
            self._rows.pop(event.clip, None)
        for window, project in self._windows.items():
            if project != event.project:
                continue
            if window.full():
                while not window.empty():
                    window.get_nowait()
                window.put_nowait(None)
            else:
                window.put_nowait(event)

    def _newest(self) -> int:
        with self._database.read() as connection:
            return events.newest(connection)

    def _news(self) -> list[Event]:
        with self._database.read() as connection:
            return events.after(connection, self._number)

    def _read(self, clip: str) -> ClipRow | None:
        with self._database.read() as connection:
            return clips.get(connection, clip)
