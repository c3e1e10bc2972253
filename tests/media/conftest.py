"""A clip that tests can write and look for again."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from kinema import media
from tests.media.moving import SIZE, Write, pictures


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a clip of that many frames and return its path."""

    def write_clip(name: str, count: int = 24, fps: Fraction | int = 24) -> Path:
        path = tmp_path / name
        media.write(path, pictures(count), size=SIZE, fps=Fraction(fps), count=count)
        return path

    return write_clip
