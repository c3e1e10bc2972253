"""Weights that are part of this package. Needs no torch."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from kinema.weights.manifest import MANIFEST


def packaged(name: str) -> Path | None:
    """The folder of the weights that came with Kinema; None where this build has none of them."""
    folder = Path(str(files("kinema.weights"))) / "data" / name
    return folder if (folder / MANIFEST).is_file() else None
