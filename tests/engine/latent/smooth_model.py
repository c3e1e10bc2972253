"""A latent model that is known in closed form: clips whose colours move smoothly.

Its clean latents are normal: the mean is a colour that the prompt says, and the frames of a clip
hang together over time. The best guess at noise and clean under any noise levels is then a formula,
so that what a task promises about movement (a loop has no seam, an extension goes on) can be
measured without a trained network. Its codec keeps a colour for each cell of each picture.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from kinema.engine.latent.protocol import Abilities, LatentModel, Recipe
from kinema.sample.schedule import Table
from kinema.types import Quality

RATE, CELL, MEMORY = 4, 16, 3.0
"""Pictures and pixels of a latent cell; latent frames over which a clip remembers its colours."""


class SmoothText:
    def embed(self, texts: Sequence[str]) -> list[dict[str, np.ndarray]]:
        return [{"text": colour(text)} for text in texts]


def colour(text: str) -> np.ndarray:
    """The colour that a prompt means, three numbers within -1 and 1; none for no prompt."""
    if not text:
        return np.zeros(3, np.float32)
    digest = hashlib.sha256(text.encode()).digest()
    return np.frombuffer(digest[:3], np.uint8).astype(np.float32) / 127.5 - 1.0


class SmoothDenoiser:
    def __init__(self, abilities: Abilities = Abilities()) -> None:
        self.abilities = abilities

    def device_array(self, values: np.ndarray) -> np.ndarray:
        return np.array(values, np.float32)

    def prepare(self, text: Any, pictures: Sequence[Any] = ()) -> np.ndarray:
        return np.tile(text["text"], RATE).reshape(1, -1, 1, 1, 1)

    def velocities(
        self,
        latent_BCTHW: np.ndarray,
        sigma: Any,
        prompts: Sequence[np.ndarray],
        *,
        given_BGTHW: np.ndarray | None = None,
        frames: range | None = None,
        skip: Collection[int] = (),
    ) -> list[np.ndarray]:
        levels_T = np.broadcast_to(np.asarray(sigma, np.float64), (1, latent_BCTHW.shape[2]))[0]
        clean_TT, noise_TT = _guesses(levels_T)
        answers = []
        for mean in prompts:
            away = latent_BCTHW - (1.0 - levels_T)[:, None, None] * mean
            clean = mean + np.einsum("ts,bcshw->bcthw", clean_TT, away)
            answers.append(np.einsum("ts,bcshw->bcthw", noise_TT, away) - clean)
        return [answer.astype(np.float32) for answer in answers]

    def given_channels(self, known_BCTHW: Any, given_T: Any) -> Any:
        raise ValueError("this model takes no given channels")


def _guesses(levels_T: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Matrices that give clean latent and noise from what is seen: both (T, T)."""
    at = np.arange(len(levels_T))
    spread = 0.3 * np.exp(-0.5 * ((at[:, None] - at) / MEMORY) ** 2)
    kept = np.diag(1.0 - levels_T)
    seen = kept @ spread @ kept + np.diag(levels_T**2) + 1e-4 * np.eye(len(at))
    inverse = np.linalg.inv(seen)
    return spread @ kept @ inverse, np.diag(levels_T) @ inverse


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
        clip_NHWC = np.stack([colours[0]] * (RATE - 1) + colours)
        _, rows, columns, _ = clip_NHWC.shape
        grouped = clip_NHWC.reshape(-1, RATE, rows, columns, 3).transpose(1, 4, 0, 2, 3)
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
