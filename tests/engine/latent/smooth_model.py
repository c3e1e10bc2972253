"""A latent model that is known in closed form: clips whose colours move smoothly.

Its clean latents are normal: the mean is a colour that the prompt says, and the pictures of a
clip hang together over time. The best guess at noise and clean under any noise levels is then a
formula, so that what a task promises about movement (a loop has no seam, an extension goes on) can
be measured without a trained network. Its codec keeps a colour for each cell of each picture.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns,
    N = pictures, RATE of them a latent frame, X = colours of all cells of a picture.
"""

# ruff: noqa: N803 - names of arguments say shapes, as the protocol's do
from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from kinema.engine.latent.protocol import Abilities, Embedding, LatentModel, Recipe
from kinema.sample.schedule import Table
from kinema.types import Quality

RATE, CELL, MEMORY = 4, 16, 10.0
"""Pictures and pixels of a latent cell; pictures over which a clip remembers its colours."""


class SmoothText:
    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        return [{"text": colour(text)} for text in texts]


def colour(text: str) -> np.ndarray:
    """The colour that a prompt means, three numbers within -1 and 1; none for no prompt."""
    if not text:
        return np.zeros(3, np.float32)
    digest = hashlib.sha256(text.encode()).digest()
    return np.frombuffer(digest[:3], np.uint8).astype(np.float32) / 127.5 - 1.0


class SmoothDenoiser:
    def __init__(self, abilities: Abilities) -> None:
        self.abilities = abilities

    def device_array(self, values: np.ndarray) -> np.ndarray:
        return np.array(values, np.float32)

    def prepare(self, text: Any, pictures: Sequence[Any] = ()) -> np.ndarray:  # noqa: ARG002
        return text["text"]

    def velocities(
        self,
        latent_BCTHW: np.ndarray,
        sigma: Any,
        prompts: Sequence[np.ndarray],
        *,
        given_BGTHW: Any | None = None,  # noqa: ARG002
        frames: range | None = None,  # noqa: ARG002
        skip: Collection[int] = (),  # noqa: ARG002
    ) -> list[np.ndarray]:
        batch, _, length, rows, columns = latent_BCTHW.shape
        levels = np.broadcast_to(np.asarray(sigma, np.float64), (1, length))[0].repeat(RATE)
        to_clean, to_noise = _guesses(levels)
        seen = _by_picture(latent_BCTHW)
        answers = []
        for colour in prompts:
            mean = colour.repeat(rows * columns)
            away = seen - (1.0 - levels)[:, None] * mean
            guess = (to_noise - to_clean) @ away - mean
            parts = guess.reshape(batch, length, RATE, 3, rows, columns)
            answer = parts.transpose(0, 2, 3, 1, 4, 5).reshape(latent_BCTHW.shape)
            answers.append(answer.astype(np.float32))
        return answers

    def given_channels(self, known_BCTHW: Any, given_TR: Any) -> Any:  # noqa: ARG002
        raise ValueError("this model takes no given channels")


def _by_picture(latent: np.ndarray) -> np.ndarray:
    """(B, N, X): the colours of all cells, picture after picture."""
    batch, channels, frames, rows, columns = latent.shape
    parts = latent.reshape(batch, RATE, channels // RATE, frames, rows, columns)
    return parts.transpose(0, 3, 1, 2, 4, 5).reshape(batch, frames * RATE, -1).astype(np.float64)


def _guesses(levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Matrices that give clean latent and noise from what is seen: both (N, N)."""
    at = np.arange(len(levels))
    spread = 0.3 * np.exp(-0.5 * ((at[:, None] - at) / MEMORY) ** 2)
    kept = np.diag(1.0 - levels)
    seen = kept @ spread @ kept + np.diag(levels**2) + 1e-4 * np.eye(len(at))
    inverse = np.linalg.inv(seen)
    return spread @ kept @ inverse, np.diag(levels) @ inverse


class SmoothCodec:
    channels, rate, cell = 3 * RATE, RATE, CELL

    def encode(self, pictures: Iterable[np.ndarray]) -> np.ndarray:
        colours = []
        for picture in pictures:
            height, width, _ = picture.shape
            cells = picture.astype(np.float32).reshape(height // CELL, CELL, width // CELL, CELL, 3)
            colours.append(cells.mean((1, 3)) / 127.5 - 1.0)
        if (len(colours) - 1) % RATE:
            raise ValueError(f"{len(colours)} pictures are no 1 + {RATE} k")
        clip = np.stack([colours[0]] * (RATE - 1) + colours)
        _, rows, columns, _ = clip.shape
        grouped = clip.reshape(-1, RATE, rows, columns, 3).transpose(1, 4, 0, 2, 3)
        return np.ascontiguousarray(grouped.reshape(1, 3 * RATE, -1, rows, columns), np.float32)

    def decode(self, latent_1CTHW: np.ndarray) -> Iterator[np.ndarray]:
        _, _, frames, rows, columns = latent_1CTHW.shape
        clip = latent_1CTHW[0].reshape(RATE, 3, frames, rows, columns).transpose(2, 0, 3, 4, 1)
        for colours in clip.reshape(-1, rows, columns, 3)[RATE - 1 :]:
            small = np.clip((colours + 1.0) * 127.5, 0, 255).round().astype(np.uint8)
            yield small.repeat(CELL, 0).repeat(CELL, 1)

    def rough(self, latent_1CTHW: np.ndarray) -> list[np.ndarray]:
        return list(self.decode(latent_1CTHW))[::RATE]


def smooth_model(*, by_frame: bool = False, window: int = 8, name: str = "wan2.2-ti2v-5b") -> Any:
    """The model; with the name of one whose card allows every task."""
    recipe = Recipe(
        table=Table.DIFFUSERS,
        shift=3.0,
        steps=dict.fromkeys(Quality, 12),
        guidance=1.0,
        window=window,
        fps=Fraction(8),
    )
    return LatentModel(
        name=name,
        text=SmoothText(),
        denoiser=SmoothDenoiser(Abilities(levels_by_frame=by_frame)),
        codec=SmoothCodec(),
        recipe=recipe,
        multiple=CELL,
        weights="",
        packages=(),
    )
