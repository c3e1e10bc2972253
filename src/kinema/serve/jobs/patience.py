"""What breaks because a disk is full or a network is cut is tried again until it works."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

from kinema.serve.store.database import is_away

_LOG: Final = logging.getLogger(__name__)

_FIRST_PAUSE: Final = 0.25
_LAST_PAUSE: Final = 5.0  # a cancelled job notices within it
_WRONG: Final = (FileNotFoundError, IsADirectoryError, NotADirectoryError, FileExistsError)

P = ParamSpec("P")
R = TypeVar("R")


def may_pass(error: BaseException) -> bool:
    """Whether it may be over when the same is tried later: no space, no network, no database."""
    return is_away(error) or (isinstance(error, OSError) and not isinstance(error, _WRONG))


def patiently(work: Callable[P, R], limit: float, /, *arguments: P.args, **named: P.kwargs) -> R:
    """Do it again and again until it works, for at most ``limit`` seconds from now.

    Raises:
        Exception: What the work raised last, once the time is over; at once where waiting would
            not help.
    """
    until, pause = time.monotonic() + limit, _FIRST_PAUSE
    while True:
        try:
            return work(*arguments, **named)
        except Exception as error:
            if not may_pass(error) or time.monotonic() > until:
                raise
            name = getattr(work, "__name__", "work")
            _LOG.warning("%s: %s; tried again in %.1f s", name, error, pause)
        time.sleep(pause)
        pause = min(_LAST_PAUSE, 2 * pause)
