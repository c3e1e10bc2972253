"""A cache of pictures that never holds more than a number of bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from numpy.typing import NDArray

Picture = NDArray[Any]


class PictureCache:
    """Keeps the pictures used last, up to ``limit`` bytes together. Safe to share among threads."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.held = 0
        self._pictures: OrderedDict[Hashable, Picture] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Picture]) -> Picture:
        """Return the picture of ``key``, made by ``make`` where it is not held; it is read-only.

        Two threads that miss at once both make it; the first one kept is given to both.
        """
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
                return self._pictures[key]
        picture = make()
        picture.setflags(write=False)
        with self._lock:
            kept = self._pictures.setdefault(key, picture)
            self._pictures.move_to_end(key)
            if kept is picture:
                self.held += picture.nbytes
            while self.held > self.limit and len(self._pictures) > 1:
                _, dropped = self._pictures.popitem(last=False)
                self.held -= dropped.nbytes
            return kept
