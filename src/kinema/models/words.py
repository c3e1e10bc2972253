"""Captions as numbers without any files and without torch: for tests and rehearsals."""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray


def hashed(caption: str, vocabulary: int, tokens: int) -> NDArray[np.int64]:
    """Each word is a stable number from 1 on; (M,), at most ``tokens``, one 0 for an empty text."""
    words = caption.lower().split()[:tokens]
    return np.array([1 + crc32(word.encode()) % (vocabulary - 1) for word in words] or [0])
