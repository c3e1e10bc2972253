"""A request before a model: its canvas, and what it gives in latents. What every task works from.

Pictures and latent frames are counted alike everywhere: where the codec makes its first latent
frame of a single picture, latent frame k stands for the pictures 4k - 3 to 4k.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kinema.engine.adapters import Picture, Run
from kinema.engine.cards.styles import styled
from kinema.engine.latent import inputs
from kinema.engine.latent.inputs import Canvas
from kinema.engine.latent.protocol import LatentModel
from kinema.sample.arrays import on_host
from kinema.types import FileId, ModelCard, Request

CONTEXT: Final = 5
"""Latent frames of a clip that what follows it is made to fit: 17 pictures, about a second."""

TRACE: Final = 0.03
"""Noise that they are shown with, where a model can be told: it keeps what grows from drifting."""


@dataclass(frozen=True, slots=True)
class Order:
    """A request, the model that answers it, and where its files lie."""

    request: Request
    model: LatentModel
    card: ModelCard
    run: Run

    @property
    def rate(self) -> int:
        """Pictures that a latent frame stands for."""
        return self.model.codec.rate

    @property
    def lone(self) -> int:
        """How many pictures the first latent frame stands for less than the others."""
        return self.rate - 1 if self.model.denoiser.abilities.first_alone else 0

    @property
    def negative(self) -> str | None:
        """What is not to be seen; None for what the model's authors do not want to see."""
        return self.request.negative.strip() or None

    def canvas(self, frames: int | None = None, *, ring: bool = False) -> Canvas:
        """What the model makes; ``frames`` where that is not the length of the request."""
        model = self.model
        return inputs.canvas(
            self.request, self.card, model.codec, model.multiple, frames=frames, ring=ring
        )

    def latent_at(self, picture: int) -> int:
        """The latent frame that a picture belongs to."""
        return (picture + self.lone) // self.rate

    def pictures_in(self, latent_frames: int) -> int:
        """How many pictures the first so many latent frames stand for."""
        return max(0, latent_frames * self.rate - self.lone)

    def path(self, file: FileId | None, field: str) -> Path:
        """Where a file lies that the request names."""
        if file is None:
            raise ValueError(f"a request without {field} has passed the check")
        return self.run.files[file]

    def length_of(self, path: Path, field: str) -> int:
        """How many pictures a clip has at the request's rate."""
        return inputs.count_of(path, field, self.request.fps)

    def frames_of(self, path: Path, field: str, count: int, start: int = 0) -> Iterator[Picture]:
        """Pictures of a clip as the request's clip will show them: for what stays as it was."""
        fps = self.request.fps
        return inputs.clip_pictures(
            path, field, self.request.size, fps, count, start=Fraction(start) / fps
        )

    def latent_of(
        self, path: Path, field: str, canvas: Canvas, count: int, start: int = 0
    ) -> NDArray[np.float32]:
        """Pictures of a clip as a latent, from the ``start``-th on."""
        fps = self.request.fps
        at = Fraction(start) / fps
        return self.encoded(inputs.clip_pictures(path, field, canvas, fps, count, start=at))

    def later_latent_of(
        self, path: Path, field: str, canvas: Canvas, count: int, start: int = 0
    ) -> NDArray[np.float32]:
        """The same in latent frames none of which is a clip's first, so that others may precede.

        The picture before them, or the first itself, goes in front and what is made of it is
        dropped. ``count`` is a multiple of the rate.
        """
        if not self.lone:
            return self.latent_of(path, field, canvas, count, start)
        fps, before = self.request.fps, max(0, start - 1)
        at = Fraction(before) / fps
        pictures = inputs.clip_pictures(path, field, canvas, fps, count + (start > 0), start=at)
        return self.encoded(_led(pictures, repeat=start == 0))[:, :, 1:]

    def encoded(self, pictures: Iterable[Picture]) -> NDArray[np.float32]:
        """Pictures as a latent on the host."""
        return np.asarray(on_host(self.model.codec.encode(pictures)), np.float32)

    def said(self, prompt: str) -> str:
        """A prompt with the style and the looks of the characters that it names."""
        for character in self.request.characters:
            if character.looks:
                prompt = _introduced(prompt, character.name, character.looks)
        return styled(prompt, self.request.style)

    def idle(self) -> tuple[str, ...]:
        """What was given and changes nothing, in sentences."""
        return tuple(
            f"{character.name} is painted from words; the picture is not used"
            for character in self.request.characters
            if character.image is not None
        )

    def changed(self, source: str, change: str) -> str:
        """What is to be seen when a clip that shows ``source`` is changed as said.

        A change that says the same again, or nothing, changes no word.
        """
        was, wanted = source.strip(), change.strip()
        if wanted in ("", was) or not was:
            return self.said(was or wanted)
        return self.said(f"{was.rstrip('.')}. {wanted}")


def _introduced(prompt: str, name: str, looks: str) -> str:
    """The prompt with the looks behind the first place where the name stands as a word."""
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", prompt, re.IGNORECASE)
    if found is None:
        return prompt
    before, after = prompt[: found.end()], prompt[found.end() :]
    comma = "," if re.match(r"\s+\w", after) else ""
    return f"{before}, {looks}{comma}{after}"


def _led(pictures: Iterator[Picture], *, repeat: bool) -> Iterator[Picture]:
    """The pictures, the first of them twice where it has none before it."""
    first = next(pictures)
    yield first
    if repeat:
        yield first
    yield from pictures


def given(known: dict[int, NDArray[np.float32]], frames: int) -> dict[str, Any]:
    """Fields of a plan in which blocks of whole latent frames are given.

    Args:
        known: The number of the first latent frame of each block -> (1, C, n, H, W).
        frames: Latent frames of the clip.
    """
    some = next(iter(known.values()))
    latent = np.zeros((1, some.shape[1], frames, *some.shape[3:]), np.float32)
    keep = np.zeros((1, 1, frames, 1, 1), np.float32)
    for start, block in known.items():
        stop = min(start + block.shape[2], frames)
        latent[:, :, start:stop] = block[:, :, : stop - start]
        keep[:, :, start:stop] = 1.0
    return {"known_1CTHW": latent, "keep_11THW": keep}
