"""Where a run keeps its finished stages, so that a run that was killed goes on from there."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]


class Checkpoint(Protocol):
    """Keeps the newest state of each stage: how many steps are done, and named arrays."""

    def load(self, stage: str) -> tuple[int, Arrays] | None:
        """What was saved for the stage, or None."""
        ...

    def save(self, stage: str, step: int, arrays: Arrays) -> None:
        """Replace what was saved for the stage, all or nothing."""
        ...


class FolderCheckpoint:
    """A folder with one ``STAGE.npz`` for each stage.

    A file is written under another name, brought to the disk and renamed, so that a process killed
    at any moment leaves the state before or after, never half of one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def load(self, stage: str) -> tuple[int, Arrays] | None:
        """What was saved for the stage, or None where there is nothing that can be read."""
        try:
            path = self.folder / f"{stage}.npz"
            with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
        except (OSError, ValueError, zipfile.BadZipFile):
            return None
        step = arrays.pop("step", None)
        return None if step is None else (int(step), arrays)

    def save(self, stage: str, step: int, arrays: Arrays) -> None:
        """Replace what was saved for the stage. ``step`` is no name for an array."""
        part = self.folder / f".{stage}.part"
        with part.open("wb") as file:
            np.savez(file, allow_pickle=False, step=np.int64(step), **arrays)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.folder / f"{stage}.npz")

    def clear(self) -> None:
        """Forget all stages, once the clip is finished."""
        for file in self.folder.glob("*.npz"):
            file.unlink(missing_ok=True)
