"""Clips longer than the model, and loops without a seam: overlapping windows over latent frames.

Each window is denoised as if it were a whole clip, and where windows overlap their velocities are
cross-faded. On a ring the last frame is followed by the first; windows that start elsewhere at
every step then leave no place where a seam could settle.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kinema.sample.arrays import Array, float32, like, namespace, zeros
from kinema.sample.noise import choice
from kinema.sample.schedule import step_at
from kinema.sample.solvers import Velocity

GOLDEN: Final = (math.sqrt(5.0) - 1.0) / 2.0
"""Steps of this share of a circle never come near an earlier place sooner than they must."""


class FrameVelocity(Protocol):
    """A velocity that can be asked about a stretch of a longer clip."""

    def __call__(self, latent: Array, sigma: float, frames: range | None = None) -> Array:
        """Velocity of the stretch.

        Args:
            latent: (B, C, len(frames), H, W): only the stretch.
            sigma: Its noise level.
            frames: Which latent frames of the clip these are; on a ring they run on past the end
                and count modulo the clip's length. None: the whole clip.
        """
        ...


@dataclass(frozen=True)
class Windows:
    """How a clip is cut into windows.

    Args:
        length: Latent frames the model sees at once, at least 1.
        overlap: Latent frames that neighbours share at least, 0 to ``length - 1``. About half of
            ``length`` hides the joints; the cost grows with length / (length - overlap).
        ring: The clip is a loop.
        seed: Shift the windows at each step, spread evenly from a place that this seed chooses, so
            that their edges are smeared over the clip; None keeps them in place, except on a ring,
            which always turns.

    Raises:
        ValueError: A number is out of its range.

    Source:
        Bar-Tal et al. 2023, "MultiDiffusion", arXiv:2302.08113, section 4, along time as in Wang
        et al. 2023, "Gen-L-Video", arXiv:2305.18264, section 4.1. The shifted ring: Bi et al. 2025,
        "Mobius", arXiv:2502.20307, section 3.2; here the shift lies inside the velocity instead of
        in the latent, which any solver takes.
    """

    length: int
    overlap: int = 0
    ring: bool = False
    seed: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.overlap < self.length:
            raise ValueError(f"overlap must be 0 to {self.length - 1}, got {self.overlap}")

    def spans(self, total: int, step: int) -> tuple[range, ...]:
        """The windows over a clip of ``total`` frames, at one step of the run.

        Returns:
            Ranges of ``min(length, total)`` frames that together cover every frame. On a ring they
            may run past the end; elsewhere they stay inside.
        """
        length = min(self.length, total)
        stride = self.length - self.overlap
        if self.ring:
            count = 1 if length == total else math.ceil(total / stride)
            shift = self._shift(total // count, step)
            starts = {shift + index * total // count for index in range(count)}
        elif self.seed is None:
            joints = max(1, math.ceil((total - length) / stride))
            starts = {index * (total - length) // joints for index in range(joints + 1)}
        else:
            inner = range(self._shift(stride, step), total - length, stride)
            starts = {0, *inner, total - length}
        return tuple(range(start, start + length) for start in sorted(starts))

    def _shift(self, room: int, step: int) -> int:
        """Where in [0, room) the windows begin at a step."""
        return (choice(self.seed or 0, room) + math.floor(step * GOLDEN * room)) % room


def fades(spans: tuple[range, ...], total: int) -> list[NDArray[np.float32]]:
    """Weights that cross-fade windows: triangles, divided by their sum at each frame.

    Returns:
        One array (len(span),) a window, above 0. At each frame the weights of the windows that hold
        it add up to 1.
    """
    triangles = [np.minimum(ramp := np.arange(1, len(s) + 1), ramp[::-1]) for s in spans]
    sums = np.zeros(total)
    for span, triangle in zip(spans, triangles, strict=True):
        sums[np.arange(span.start, span.stop) % total] += triangle
    return [
        (triangle / sums[np.arange(span.start, span.stop) % total]).astype(np.float32)
        for span, triangle in zip(spans, triangles, strict=True)
    ]


def windowed(velocity: FrameVelocity, windows: Windows, sigmas: Sequence[float]) -> Velocity:
    """Ask a model about windows of the clip, and cross-fade its answers.

    Args:
        velocity: Sees at most ``windows.length`` frames at once.
        windows: How to cut. A ring as long as one window is still rotated at every step.
        sigmas: The levels of the run, from which the step is read.

    Returns:
        A velocity for clips of any length. Guidance with momentum belongs around it, not inside:
        its memory is as long as the clip.

    Cost:
        One call a window; a clip within one window costs what it costs without.
    """

    def whole(latent_BCTHW: Array, sigma: float) -> Array:
        total = latent_BCTHW.shape[2]
        spans = windows.spans(total, step_at(sigmas, sigma))
        result_BCTHW = zeros(latent_BCTHW.shape, latent_BCTHW)
        for span, fade in zip(spans, fades(spans, total), strict=True):
            part = float32(velocity(take(latent_BCTHW, span), sigma, span))
            weighted = part * like(fade[:, None, None], part)
            for inside, outside in _pieces(span, total):
                result_BCTHW[:, :, outside] += weighted[:, :, inside]
        return result_BCTHW

    return whole


def take(latent_BCTHW: Array, frames: range) -> Array:
    """Cut a stretch of frames, counted on from the first again where it runs past the last.

    With a stretch longer than the clip this is also what decodes a loop: frames before the first
    and after the last give the codec the surroundings that the loop will have.

    Returns:
        (B, C, len(frames), H, W).
    """
    total = latent_BCTHW.shape[2]
    parts = [latent_BCTHW[:, :, outside] for _, outside in _pieces(frames, total)]
    return parts[0] if len(parts) == 1 else namespace(latent_BCTHW).concatenate(parts, 2)


def _pieces(frames: range, total: int) -> list[tuple[slice, slice]]:
    """A stretch in pieces that do not wrap: where each lies in the stretch and in the clip."""
    pieces: list[tuple[slice, slice]] = []
    at = frames.start
    while at < frames.stop:
        first = at % total
        size = min(frames.stop - at, total - first)
        inside = at - frames.start
        pieces.append((slice(inside, inside + size), slice(first, first + size)))
        at += size
    return pieces
