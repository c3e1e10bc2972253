"""Starting from a clip instead of from noise: remix, edits that keep the rest, blends, variations.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kinema.sample.arrays import Array, float32, like, namespace
from kinema.sample.noise import Noise
from kinema.sample.schedule import Schedule
from kinema.sample.solvers import Velocity

PARALLEL: Final = 0.9995
"""Cosine above which two latents are blended along the straight line; the arc is that line."""


def start(
    source_BCTHW: Array,
    noise_BCTHW: Array,
    schedule: Schedule,
    strength: float,
    *,
    snap: bool = False,
) -> tuple[Array, Schedule]:
    """Where a remix starts: a clip under as much noise as it may change.

    Args:
        source_BCTHW: The clip.
        noise_BCTHW: Unit-variance noise.
        schedule: The levels of a whole run.
        strength: How much may change. 0 gives the clip back, 1 is a run that never saw it.
        snap: As in `Schedule.below`.

    Returns:
        The latent (B, C, T, H, W), float32, to integrate from, and the levels to do it with.

    Raises:
        ValueError: ``strength`` is not in [0, 1].

    Source:
        Meng et al. 2021, "SDEdit", arXiv:2108.01073, section 3, on the flow path.
    """
    source_BCTHW, noise_BCTHW = float32(source_BCTHW), float32(noise_BCTHW)
    rest = schedule.below(strength, snap=snap)
    # A table need not begin at 1, but a run from nothing begins with noise alone all the same.
    sigma = 1.0 if strength == 1.0 else rest.sigmas[0]
    return (1.0 - sigma) * source_BCTHW + sigma * noise_BCTHW, rest


def flow_edit(
    source: Velocity,
    target: Velocity,
    clip_BCTHW: Array,
    noise: Noise,
    *,
    averages: int = 1,
    free_below: float = 0.0,
) -> Velocity:
    """Change what a prompt names and keep the rest, without inverting the clip.

    Both prompts are asked about equally noised versions of the clip, and only the difference of
    their velocities moves it. With equal prompts and guidance the difference is exactly zero and
    the clip comes out bit for bit.

    Args:
        source: The model with the prompt that describes the clip; weak guidance.
        target: The model with the prompt wanted; stronger guidance.
        clip_BCTHW: The clip.
        noise: Where fresh noise comes from, of the clip's shape.
        averages: Draws averaged at each level; 1 or 2 are usual.
        free_below: From this level down, the edited clip is sampled freely with the target prompt:
            stronger changes, less kept. 0 never frees it.

    Returns:
        The velocity of the *clip*: integrate from ``clip_BCTHW`` itself, with the last 60 to 70 %
        of a schedule (`Schedule.last`) and Euler's solver.

    Cost:
        2 * ``averages`` velocities a level; one below ``free_below``.

    Source:
        Kulikov et al. 2024, "FlowEdit", arXiv:2412.08629, algorithm 1. Its last n_min steps are
        written here in the coordinates of the clip, where Euler's steps are the same.
    """
    clip_BCTHW = float32(clip_BCTHW)

    def fresh(sigma: float, draw: int) -> Array:
        return like(noise.fresh(sigma, draw), clip_BCTHW)

    def moved(edited: Array, sigma: float) -> Array:
        if sigma <= free_below:
            # One noise for all these levels: the edited clip travels along a single line.
            line = fresh(free_below, 0) - clip_BCTHW
            return float32(target(edited + sigma * line, sigma)) - line
        pushes = namespace(edited).zeros_like(edited)
        for draw in range(averages):
            noised = (1.0 - sigma) * clip_BCTHW + sigma * fresh(sigma, draw)
            # Bracketed so that an unchanged clip gives both prompts the very same latent.
            wanted = float32(target(noised + (edited - clip_BCTHW), sigma))
            pushes = pushes + (wanted - float32(source(noised, sigma)))
        return pushes * (1.0 / averages)

    return moved


def vary(noise: Array, other: Array, angle: float) -> Array:
    """Noise near another noise: ``cos(angle) * noise + sin(angle) * other``.

    Unit variance is kept for any angle. 0 gives ``noise``, 0.1 to 0.5 variations of one picture,
    pi / 2 ``other``.
    """
    return math.cos(angle) * noise + math.sin(angle) * other


def slerp(first_BCTHW: Array, second_BCTHW: Array, weights_T: NDArray[np.float64]) -> Array:
    """Blend two latents frame by frame along the arc between them, which keeps their length.

    A straight mix of two noised latents has less noise than either and decodes to grey.

    Args:
        first_BCTHW: Latent where the weight is 0.
        second_BCTHW: Latent where the weight is 1.
        weights_T: One weight a latent frame, in [0, 1].

    Returns:
        (B, C, T, H, W), float32.

    Source:
        Shoemake 1985, "Animating rotation with quaternion curves", section 3.3, for each clip and
        frame over all of its cells.
    """
    first, second = float32(first_BCTHW), float32(second_BCTHW)
    xp = namespace(first)
    weights = like(np.asarray(weights_T).reshape(1, 1, -1, 1, 1), first)
    length = xp.sqrt(_per_frame(first, first) * _per_frame(second, second)) + 1e-12
    cosine = (_per_frame(first, second) / length).clip(-PARALLEL, PARALLEL)
    angle = xp.arccos(cosine)
    scale = 1.0 / xp.sin(angle)
    arc = xp.sin((1.0 - weights) * angle) * scale * first + xp.sin(weights * angle) * scale * second
    line = (1.0 - weights) * first + weights * second
    return xp.where(abs(cosine) < PARALLEL, arc, line)


def _per_frame(a_BCTHW: Array, b_BCTHW: Array) -> Array:
    """Inner product over channels and cells of each frame: (B, 1, T, 1, 1)."""
    return (a_BCTHW * b_BCTHW).sum((1, 3, 4), keepdims=True)
