"""Who watches a stream: each gets every message, or jumps ahead where it cannot keep up."""

from __future__ import annotations

import asyncio
import json
import threading
from collections import deque
from typing import Final

from kinema.types import Json

BEHIND_MAX: Final = 32
"""Pieces of film, of a quarter of a second each, that wait for a viewer before it has to jump."""


class Viewer:
    """One connection's line of messages; filled from any thread, read on its own loop.

    Args:
        most: Pieces of film that wait at most; None where none may be left out.
    """

    def __init__(self, most: int | None = BEHIND_MAX) -> None:
        self._most = most
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[str | bytes | None] = deque()
        self._films, self._jumps = 0, False
        self._filled = asyncio.Event()

    def put(self, message: str | bytes | None, *, key: bool = False) -> None:
        """Add a message, None behind the last; a player can begin at a ``key`` piece of film."""
        self._loop.call_soon_threadsafe(self._add, message, key)

    async def get(self) -> str | bytes | None:
        """The next message, None behind the last."""
        while not self._waiting:
            self._filled.clear()
            await self._filled.wait()
        message = self._waiting.popleft()
        self._films -= isinstance(message, bytes)
        return message

    def _is_full(self) -> bool:
        return self._most is not None and self._films >= self._most

    def _add(self, message: str | bytes | None, key: bool) -> None:
        if isinstance(message, bytes):
            self._jumps = (self._jumps and not key) or self._is_full()
            if self._jumps:
                return
            self._films += 1
        self._waiting.append(message)
        self._filled.set()


class Audience:
    """All viewers of a stream. Shared by threads.

    Args:
        init: The bytes that a player needs first.
    """

    def __init__(self, init: bytes) -> None:
        self._init = init
        self._viewers: list[Viewer] = []
        self._recent: list[bytes] = []
        self._last: str | None = None
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._viewers)

    def join(self, viewer: Viewer, ready: Json) -> None:
        """Let somebody watch, from the last picture that a player can begin at."""
        with self._lock:
            if self._last is not None:  # it ended while somebody came
                viewer.put(self._last)
                viewer.put(None)
                return
            viewer.put(json.dumps(ready))
            viewer.put(self._init, key=True)
            for film in self._recent:
                viewer.put(film, key=True)
            self._viewers.append(viewer)

    def leave(self, viewer: Viewer) -> None:
        """Somebody watches no more."""
        with self._lock:
            if viewer in self._viewers:
                self._viewers.remove(viewer)

    def show(self, film: bytes, *, key: bool) -> None:
        """Send a piece of film to all."""
        with self._lock:
            if key:
                self._recent.clear()
            self._recent.append(film)
            for viewer in self._viewers:
                viewer.put(film, key=key)

    def tell(self, event: str, **data: object) -> None:
        """Send an event to all."""
        message = json.dumps({"event": event, **data})
        with self._lock:
            for viewer in self._viewers:
                viewer.put(message)

    def dismiss(self, event: str, **data: object) -> None:
        """Send the last event to all, also to who comes later."""
        with self._lock:
            self._last = json.dumps({"event": event, **data})
            for viewer in self._viewers:
                viewer.put(self._last)
                viewer.put(None)
