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
    LOOK = "look"
    BOARD = "board"
    EXPORT = "export"


def new_id(kind: Kind) -> str:
    """An id that nobody can guess, and that sorts by the time at which it was made.

    Eight hex digits are whole seconds, eight the fraction, and 128 bits are random.
    """
    seconds, nanoseconds = divmod(time.time_ns(), 1_000_000_000)
    fraction = (nanoseconds << 32) // 1_000_000_000
    return f"{kind}_{seconds:08x}{fraction:08x}{secrets.token_hex(16)}"


def made_at(identity: str) -> float:
    """The time that an id of ours begins with, in seconds since 1970."""
    digits = identity.partition("_")[2]
    return int(digits[:8], 16) + int(digits[8:16], 16) / 2**32


def is_id(text: str, kind: Kind | None = None) -> bool:
    """Whether the text can name anything, or anything of that kind, so that looking is of use."""
    if kind is None:
        return SHAPE.fullmatch(text) is not None
    return re.fullmatch(rf"{kind}_[0-9a-f]{{48}}", text) is not None
