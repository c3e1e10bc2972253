"""Names of things on the wire: ``video_`` and 48 hex digits, the first eight the time of making."""

from __future__ import annotations

import re
import secrets
import time
from enum import StrEnum
from typing import Final

SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")
"""What an id looks like; anything else names nothing here."""


class Kind(StrEnum):
    """What an id names, and what it begins with."""

    CLIP = "video"
    CHARACTER = "char"
    FILE = "file"
    BATCH = "batch"
    EVENT = "evt"
    ENDPOINT = "whe"
    KEY = "key"
    PROJECT = "proj"
    SPREAD = "spread"
    REQUEST = "req"
    LIVE = "live"


def new_id(kind: Kind) -> str:
    """An id that nobody can guess and that sorts by time."""
    return f"{kind}_{int(time.time()):08x}{secrets.token_hex(20)}"
