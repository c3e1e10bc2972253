"""The pace of a stream: as fast as it is played, a little ahead, in smaller pictures when late."""

from __future__ import annotations

import time
from typing import Final

from kinema.types import Size

LEAD: Final = 0.3
"""Seconds before what is there has been played at which the next chunk is begun."""
LEVELS: Final = ((1, 1), (3, 4), (1, 2))
"""Shares of the size in which pictures are drawn, the best first."""

_TIGHT: Final = 0.9  # share of a chunk's time in which it is drawn, above which it is too slow
_EASY: Final = 0.3  # and below which larger pictures are tried again
_TIGHT_TIMES, _EASY_TIMES = 2, 10  # chunks in a row


class Pace:
    """When the next chunk is due, and how large its pictures can be drawn.

    Args:
        chunk: Seconds of film in a chunk.
    """

    def __init__(self, chunk: float) -> None:
        self._chunk = chunk
        self._until: float | None = None  # when all that was made has been played
        self._began = 0.0
        self._level = self._tight = self._easy = 0
        self.late = 0.0
        """Seconds that the last chunk came later than it was to be played."""
        self.share = 0.0
        """Seconds of work for each second of film, of the last chunk."""

    @property
    def quality(self) -> str:
        """``full``, or the share of the sides in which pictures are drawn."""
        up, down = LEVELS[self._level]
        return "full" if up == down else f"{up}/{down}"

    def wait(self) -> float:
        """Seconds until the next chunk is to be begun; not above 0 where it is now."""
        return 0.0 if self._until is None else self._until - LEAD - time.monotonic()

    def stand(self) -> None:
        """The stream stands still; what comes next is not late."""
        self._until = None

    def begin(self) -> None:
        """A chunk is begun."""
        self._began = time.monotonic()

    def end(self) -> None:
        """The chunk is made."""
        now = time.monotonic()
        self.share = (now - self._began) / self._chunk
        start = self._began if self._until is None else self._until
        self._until = start + self._chunk
        self.late = max(0.0, now - self._until)
        self._until = max(self._until, now)
        self._judge()

    def size(self, whole: Size) -> Size:
        """The size in which pictures are drawn."""
        up, down = LEVELS[self._level]
        return Size(
            width=whole.width * up // down // 2 * 2, height=whole.height * up // down // 2 * 2
        )

    def _judge(self) -> None:
        self._tight = self._tight + 1 if self.share > _TIGHT else 0
        self._easy = self._easy + 1 if self.share < _EASY else 0
        if self._tight >= _TIGHT_TIMES and self._level + 1 < len(LEVELS):
            self._level, self._tight = self._level + 1, 0
        elif self._easy >= _EASY_TIMES and self._level > 0:
            self._level, self._easy = self._level - 1, 0
