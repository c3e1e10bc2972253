"""Half-done work in the object store, so that any worker can go on with it."""

from __future__ import annotations

import io
import zipfile

import numpy as np

from kinema.engine.checkpoint import Arrays
from kinema.serve.store.objects import Objects, work_key


class ObjectCheckpoint:
    """The stages of one clip, an object each; an `engine.checkpoint.Checkpoint`."""

    def __init__(self, objects: Objects, clip: str) -> None:
        self._objects = objects
        self._clip = clip

    def load(self, stage: str) -> tuple[int, Arrays] | None:
        """What was saved for the stage, or None where there is nothing that can be read."""
        try:
            data = io.BytesIO(self._objects.get(work_key(self._clip, f"{stage}.npz")))
            with np.load(data, allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
        except (FileNotFoundError, ValueError, zipfile.BadZipFile):
            return None
        step = arrays.pop("step", None)
        return None if step is None else (int(step), arrays)

    def save(self, stage: str, step: int, arrays: Arrays) -> None:
        """Replace what was saved for the stage, all or nothing.

        After a power cut it may be gone, or be found broken: then the stage is done again.
        """
        data = io.BytesIO()
        np.savez(data, allow_pickle=False, step=np.int64(step), **arrays)
        key = work_key(self._clip, f"{stage}.npz")
        self._objects.put(key, data.getvalue(), lasting=False)

    def clear(self) -> None:
        """Forget all stages, once the clip is published."""
        self._objects.remove_all(work_key(self._clip))
