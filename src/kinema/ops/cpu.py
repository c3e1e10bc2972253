"""How the operations of a network use a CPU: its caches, its memory and its threads."""

from __future__ import annotations

import ctypes
import os
import sys
from functools import cache
from typing import Final

TILE_VALUES: Final = 1 << 21
"""Values that an operation in several passes keeps in float32 at a time: 8 MB, which a shared cache
holds."""

_SPINS: Final = "2000"  # about 20 microseconds
_TRIM, _TOP_PAD, _MMAP = -1, -2, -3  # M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD of glibc
_KEPT: Final = 1 << 30
_AHEAD: Final = 256 << 20


@cache
def keep_freed_memory() -> bool:
    """Let glibc keep freed memory; true where that could be arranged.

    By default every large tensor is given back to the kernel, and the page faults of the next one
    cost 12 to 35 % of a network's time on a CPU. Costs about 0.1 GB of resident memory.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        set_option = ctypes.CDLL("libc.so.6").mallopt
    except (OSError, AttributeError):
        return False  # another C library
    return all(
        set_option(what, size)
        for what, size in ((_TRIM, _KEPT), (_TOP_PAD, _AHEAD), (_MMAP, _KEPT))
    )


def wait_briefly() -> None:
    """Let waiting threads look for work for some microseconds, then sleep; before torch is loaded.

    A thread that sleeps at once is woken late: a small network takes up to 1.5 times as long on
    quiet cores. One that never sleeps keeps others from theirs, and ten times as long is lost where
    cores are shared. What the user has set stays.
    """
    if not os.environ.keys() & {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY"}:
        os.environ["GOMP_SPINCOUNT"] = _SPINS
