"""A half-done latent on its way through a checkpoint: written now and then, found again later."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kinema.engine.checkpoint import Arrays, Checkpoint
from kinema.sample.arrays import Array
from kinema.sample.guidance import Guided
from kinema.sample.solvers import State
from kinema.types import Request, to_json

KEEP_EVERY: Final = 10.0
"""Seconds between two writings, where writing is quick."""

_WRITING: Final = 0.05  # share of the time that goes into writing at most
_STAGE: Final = "steps"


class Halfway:
    """Keeps the state between steps of one run.

    Args:
        checkpoint: Where it is kept; None to keep nothing.
        request: What is made: a state of another request is not gone on with.
        guides: Guidance of the run, whose memory belongs to the state.
        like: An array of the kind, and on the device, that the run computes with.
    """

    def __init__(
        self,
        checkpoint: Checkpoint | None,
        request: Request,
        guides: Sequence[Guided],
        like: Array,
    ) -> None:
        self._checkpoint, self._guides, self._like = checkpoint, guides, like
        digest = hashlib.sha256(to_json(request)).digest()
        self._request = np.frombuffer(digest, np.uint8)
        self._due = time.monotonic() + KEEP_EVERY
        self._newest: State | None = None

    def found(self) -> State | None:
        """Where an earlier run of the same request was left, the guidance's memory restored."""
        saved = None if self._checkpoint is None else self._checkpoint.load(_STAGE)
        if saved is None or not np.array_equal(saved[1].get("request", ()), self._request):
            return None
        done, arrays = saved
        for number, guide in enumerate(self._guides):
            guide.restore(_within(arrays, f"guide{number}."), self._like)
        return State.restore(done, arrays, self._like)

    def keep(self, state: State) -> None:
        """A newer state; written where it is time."""
        self._newest = state
        now = time.monotonic()
        if now < self._due:
            return
        self.write()
        took = time.monotonic() - now
        self._due = now + max(KEEP_EVERY, took / _WRITING)

    def write(self) -> None:
        """Write the newest state, if there is one that is not written."""
        state, self._newest = self._newest, None
        if self._checkpoint is None or state is None:
            return
        arrays: dict[str, NDArray[Any]] = {**state.arrays(), "request": self._request}
        for number, guide in enumerate(self._guides):
            arrays |= {f"guide{number}.{name}": one for name, one in guide.arrays().items()}
        self._checkpoint.save(_STAGE, state.done, arrays)


def _within(arrays: Arrays, prefix: str) -> Mapping[str, NDArray[Any]]:
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }
