"""What the clip will look like, shown while it is sampled."""

from __future__ import annotations

import time

from kinema.engine.latent.protocol import Codec
from kinema.engine.pictures import PREVIEW_EVERY, preview
from kinema.sample.arrays import Array
from kinema.types import OnEvent


class Previews:
    """Sends a picture of the middle of the clip, at most one a second.

    Args:
        codec: Makes rough pictures of latents.
        on_event: Told of them.
    """

    def __init__(self, codec: Codec, on_event: OnEvent) -> None:
        self._codec, self._on_event = codec, on_event
        self._due = time.monotonic()

    def show(self, latent_1CTHW: Array) -> None:
        """A newer latent; shown where it is time."""
        if time.monotonic() < self._due:
            return
        rough = self._codec.rough(latent_1CTHW)
        self._on_event(preview(rough[len(rough) // 2], enlarge=True))
        self._due = time.monotonic() + PREVIEW_EVERY
