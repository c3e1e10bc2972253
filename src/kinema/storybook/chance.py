"""Chance without chance: numbers that look drawn at random and are fixed by a seed and names."""

from __future__ import annotations

from hashlib import blake2b


def chance(seed: int, *names: str) -> float:
    """A number in [0, 1) that depends on the seed and the names alone, on every machine.

    Example:
        >>> chance(7, "fox-1", "phase") == chance(7, "fox-1", "phase")
        True
    """
    digest = blake2b("\x1f".join((str(seed), *names)).encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big") >> 11) / 2.0**53
