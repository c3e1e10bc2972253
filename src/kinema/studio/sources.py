"""Where the pictures of a shot are taken from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from kinema.types import Size


@dataclass(frozen=True, slots=True)
class Source:
    """The clip that a shot is taken from: frame ``first`` of it is the shot's frame 0."""

    path: Path
    first: int
    frames: int
    fps: Fraction
    size: Size

    def reach(self, fps: Fraction) -> int:
        """Frames at that rate."""
        return int(self.frames * fps / self.fps)
