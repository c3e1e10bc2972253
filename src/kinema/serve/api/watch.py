"""Watches the log of events: answers about clips from memory, and tells windows what happens.

A thousand clients that ask once a second would otherwise be a thousand queries; one query for all
of them is enough, since every change of a clip writes an event in the same transaction.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from starlette.concurrency import run_in_threadpool

from kinema.serve.api import wire
from kinema.serve.store import clips, events
from kinema.serve.store.clips import OPEN, ClipRow
from kinema.serve.store.database import Database
from kinema.serve.store.events import Event

EVERY: Final = 0.05
"""Seconds between two looks: the age that an answer from memory may have."""
REMEMBERED: Final = 20_000
"""Clips kept in memory, a few kilobytes each."""
_WINDOW_MAX: Final = 1000  # events that a window may lag behind before it has to ask for the lists
_STALE: Final = 1.0  # seconds without a look after which memory is not believed
_COUNTED: Final = 2.0  # seconds over which questions are counted

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Known:
    """A clip, and the answer about it, which is written once and sent as often as is asked."""

    row: ClipRow

    @cached_property
    def body(self) -> bytes:
        """The clip as the API says it."""
        return wire.video(self.row).model_dump_json().encode()

    @cached_property
    def headers(self) -> dict[str, str]:
        """When to ask again, as long as anything can change."""
        if self.row.state not in OPEN:
            return {}
        return {"openai-poll-after-ms": str(self.row.poll_after)}

    @cached_property
    def plain_headers(self) -> list[tuple[bytes, bytes]]:
        """All headers of the answer that are about the clip."""
        length = str(len(self.body)).encode()
        more = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        return [*more, (b"content-length", length), (b"content-type", b"application/json")]


class Watch:
    """One for each process of the API; everything but `run` is called on its event loop."""

    def __init__(self, database: Database) -> None:
        self.asked_a_second = 0.0
        """How often clients ask about clips, lately."""
        self._database, self._changes = database, database.changes()
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._reads: dict[str, asyncio.Task[Known | None]] = {}
        self._forgotten: set[str] = set()
        self._windows: dict[asyncio.Queue[Event | None], str] = {}
        self._number = 0
        self._looked = -math.inf
        self._asked, self._counted = 0, time.monotonic()

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        # A thread of its own: where many requests wait for one, this must not wait behind them, as
        # answers from memory would then stop, and more requests wait.
        thread = ThreadPoolExecutor(1, thread_name_prefix="watch")
        try:
            await self._run(thread)
        finally:
            thread.submit(self._changes.close)
            await run_in_threadpool(thread.shutdown)

    async def _run(self, thread: ThreadPoolExecutor) -> None:
        look = asyncio.get_running_loop().run_in_executor
        self._number = await look(thread, self._newest)
        while True:
            began = time.monotonic()
            self._forgotten.clear()
            try:
                news = await look(thread, self._news)
                changed = {event.clip for event in news if event.clip is not None}
                hot = [clip for clip in changed if clip in self._known or clip in self._reads]
                rows = await look(thread, self._read_all, hot) if hot else {}
            except Exception:  # noqa: BLE001 - a database that is away for a while comes back
                _LOG.warning("cannot read the log of events", exc_info=True)
                self._changes.close()
                await asyncio.sleep(1.0)
                continue
            self._looked = began
            for clip in hot:
                self._replace(clip, None if clip in self._forgotten else rows.get(clip))
            for event in news:
                self._tell(event)
            self._count()
            await asyncio.sleep(EVERY)

    @property
    def age(self) -> float:
        """Seconds since the log of events was last read; very many where it never was."""
        return time.monotonic() - self._looked

    async def clip(self, clip: str, project: str) -> ClipRow | None:
        """The clip of that id in that project, not older than a few tenths of a second."""
        known = await self.known(clip, project)
        return None if known is None else known.row

    async def known(self, clip: str, project: str) -> Known | None:
        """The same, with the answer about it."""
        known = self.at_hand(clip, project)
        if known is not None:
            return known
        self._asked += 1
        known = await self._looked_up(clip)
        return known if known is not None and known.row.project == project else None

    def at_hand(self, clip: str, project: str) -> Known | None:
        """The same where it is in memory; None where it is not, or is another project's."""
        known = self._known.get(clip)
        if known is None or known.row.project != project or self.age >= _STALE:
            return None
        self._asked += 1
        return known

    def forget(self, clip: str) -> None:
        """Do not answer from memory about a clip that this process has changed."""
        self._forgotten.add(clip)
        self._replace(clip, None)

    def open(self, project: str) -> asyncio.Queue[Event | None]:
        """A window that gets the project's events; None in it says that some were left out."""
        window: asyncio.Queue[Event | None] = asyncio.Queue(_WINDOW_MAX)
        self._windows[window] = project
        return window

    def close(self, window: asyncio.Queue[Event | None]) -> None:
        """Nobody looks through the window any more."""
        self._windows.pop(window, None)

    async def _looked_up(self, clip: str) -> Known | None:
        """Ask the database, once for all who ask at the same time."""
        task = self._reads.get(clip)
        if task is None:
            task = asyncio.create_task(self._look_up(clip))
            self._reads[clip] = task
        return await asyncio.shield(task)  # one who hangs up does not end it for the others

    async def _look_up(self, clip: str) -> Known | None:
        me = asyncio.current_task()
        try:
            row = (await run_in_threadpool(self._read_all, [clip])).get(clip)
            known = None if row is None else Known(row)
            # What has changed since this began is known better by whoever took it out.
            if known is not None and self._reads.get(clip) is me:
                self._remember(clip, known)
            return known
        finally:
            if self._reads.get(clip) is me:
                del self._reads[clip]

    def _replace(self, clip: str, row: ClipRow | None) -> None:
        self._reads.pop(clip, None)
        if row is None:
            self._known.pop(clip, None)
        else:
            self._remember(clip, Known(row))

    def _remember(self, clip: str, known: Known) -> None:
        self._known[clip] = known
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _tell(self, event: Event) -> None:
        self._number = event.number
        for window, project in self._windows.items():
            if project != event.project:
                continue
            if window.full():
                while not window.empty():
                    window.get_nowait()
                window.put_nowait(None)
            else:
                window.put_nowait(event)

    def _count(self) -> None:
        passed = time.monotonic() - self._counted
        if passed >= _COUNTED:
            self.asked_a_second = self._asked / passed
            self._asked, self._counted = 0, time.monotonic()

    def _newest(self) -> int:
        with self._database.read() as connection:
            return events.newest(connection)

    def _news(self) -> list[Event]:
        if not self._changes.any():
            return []
        with self._database.read() as connection:
            return events.after(connection, self._number)

    def _read_all(self, wanted: list[str]) -> dict[str, ClipRow]:
        with self._database.read() as connection:
            found = (clips.get(connection, clip) for clip in wanted)
            return {row.id: row for row in found if row is not None}
