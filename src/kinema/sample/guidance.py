"""Guidance: several predictions of a model at one latent, made into the velocity that is used.

A prediction with the prompt is pushed away from one without it (classifier-free guidance), and the
rest of this file keeps that push from doing harm: only at some noise levels, with the two
predictions brought to one scale, without the part that only oversaturates, or away from a
deliberately weakened model.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from numpy.typing import NDArray

from kinema.sample.arrays import Array, float32, inner, like, namespace, on_host
from kinema.sample.schedule import step_at
from kinema.sample.solvers import Velocity

TINY: Final = 1e-8


class Branch(StrEnum):
    """A way of asking the model about one latent.

    ``prompt``: with the prompt. ``negative``: with the negative prompt, or none. ``skipped``: with
    the prompt, while some of the model's layers are left out.
    """

    PROMPT = "prompt"
    NEGATIVE = "negative"
    SKIPPED = "skipped"


Branches = Callable[[Array, float, tuple[Branch, ...]], Sequence[Array]]
"""(latent, sigma, which branches) -> one velocity a branch, in order; free to batch the calls."""


@dataclass(frozen=True)
class Projection:
    """Adaptive projected guidance: damp the part of the push that only oversaturates.

    Args:
        parallel: Share kept of the part of the push that points along the clean prediction.
        momentum: Share of earlier pushes added to each push; negative values look for what is new.
        cap: Largest length of the push, as the norm over one clip; infinite for no limit.

    Source:
        Sadat et al. 2024, "Eliminating oversaturation", arXiv:2410.02416, algorithm 1. As there,
        pushes are measured between clean predictions, not between velocities.
    """

    parallel: float = 0.0
    momentum: float = -0.5
    cap: float = math.inf

    def __post_init__(self) -> None:
        if not (-1.0 < self.momentum < 1.0 and self.cap > 0.0):
            raise ValueError(f"momentum must be within -1 and 1 and cap above 0, got {self}")


@dataclass(frozen=True)
class SkipLayers:
    """Skip-layer guidance: push away from the model without some of its layers.

    Args:
        layers: Indices of the blocks that the model leaves out in the skipped branch; read by
            whoever answers `Branch.SKIPPED`.
        scale: Strength of the push, at least 0; 0 is none.
        start: Share of the steps after which it begins.
        stop: Share of the steps before which it ends.

    Source:
        Hyung et al. 2024, "Spatiotemporal skip guidance", arXiv:2411.18664, section 4.
    """

    layers: tuple[int, ...]
    scale: float = 1.0
    start: float = 0.1
    stop: float = 0.5

    def __post_init__(self) -> None:
        if not (self.layers and self.scale >= 0.0 and 0.0 <= self.start < self.stop <= 1.0):
            raise ValueError(f"layers, a scale of at least 0 and 0 <= start < stop <= 1: {self}")


@dataclass(frozen=True)
class Guidance:
    """How strongly, when and in which manner a run is pulled to its prompt.

    Args:
        scale: Strength of the pull; 1 is none, at least 0.
        interval: Noise levels (lowest, highest) at which the pull acts.
        zero_star: Bring the prediction without the prompt to the scale that fits the one with it.
        zero_steps: How many first steps use no velocity at all and cost no call.
        projection: Damp what oversaturates; None leaves the push as it is.
        skip: Push away from a weakened model too; None does not.
        rescale: Share in which the result gets the spread of the prediction with the prompt.

    Raises:
        ValueError: A number is out of its range.

    Source:
        Ho and Salimans 2022, "Classifier-free diffusion guidance", arXiv:2207.12598, equation 6.
        ``interval``: Kynkaanniemi et al. 2024, arXiv:2404.07724, section 3. ``zero_star``,
        ``zero_steps``: Fan et al. 2025, "CFG-Zero*", arXiv:2503.18886, algorithm 1. ``rescale``:
        Lin et al. 2023, arXiv:2305.08891, section 3.4, equations 14 to 16.
    """

    scale: float = 1.0
    interval: tuple[float, float] = (0.0, 1.0)
    zero_star: bool = False
    zero_steps: int = 0
    projection: Projection | None = None
    skip: SkipLayers | None = None
    rescale: float = 0.0

    def __post_init__(self) -> None:
        low, high = self.interval
        for name, fits in {
            "scale": 0.0 <= self.scale < math.inf,
            "interval": 0.0 <= low <= high <= 1.0,
            "zero_steps": self.zero_steps >= 0,
            "rescale": 0.0 <= self.rescale <= 1.0,
        }.items():
            if not fits:
                raise ValueError(f"guidance {name} is out of range: {getattr(self, name)}")

    def branches(self, sigma: float, share: float) -> tuple[Branch, ...]:
        """Which predictions are needed at a noise level, after this share of the steps."""
        wanted = [Branch.PROMPT]
        if self.scale != 1.0 and self.interval[0] <= sigma <= self.interval[1]:
            wanted.append(Branch.NEGATIVE)
        skip = self.skip
        if skip is not None and skip.scale > 0.0 and skip.start <= share < skip.stop:
            wanted.append(Branch.SKIPPED)
        return tuple(wanted)


class Guided:
    """A velocity that follows a `Guidance`; made by `guided`.

    Attributes:
        momentum: What earlier pushes left behind (B, C, T, H, W), or None. It is the only memory,
            and only a `Projection` with momentum has it; save it with the state of a run.
    """

    def __init__(self, velocity: Branches, guidance: Guidance, sigmas: Sequence[float]) -> None:
        self.momentum: Array | None = None
        self._velocity = velocity
        self._guidance = guidance
        self._sigmas = tuple(sigmas)

    def __call__(self, latent: Array, sigma: float) -> Array:
        """The guided velocity (B, C, T, H, W), float32."""
        step = step_at(self._sigmas, sigma)
        if step < self._guidance.zero_steps:
            return namespace(latent).zeros_like(latent)
        branches = self._guidance.branches(sigma, step / (len(self._sigmas) - 1))
        answers = self._velocity(latent, sigma, branches)
        found = {branch: float32(v) for branch, v in zip(branches, answers, strict=True)}
        return self._combine(latent, sigma, found)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The memory as named host arrays, for a checkpoint; empty where there is none."""
        return {} if self.momentum is None else {"momentum": on_host(self.momentum)}

    def restore(self, arrays: Mapping[str, NDArray[Any]], array: Array) -> None:
        """Take up the memory that `arrays` gave, of the kind and on the device of ``array``."""
        self.momentum = like(arrays["momentum"], array) if "momentum" in arrays else None

    def _combine(self, latent: Array, sigma: float, found: Mapping[Branch, Array]) -> Array:
        guidance, prompt = self._guidance, found[Branch.PROMPT]
        result = prompt
        if Branch.NEGATIVE in found:
            negative = found[Branch.NEGATIVE]
            if guidance.zero_star:
                negative = best_scale(prompt, negative) * negative
            push = prompt - negative
            if guidance.projection is None:
                result = negative + guidance.scale * push
            else:
                push = self._projected(guidance.projection, push, latent, prompt, sigma)
                result = prompt + (guidance.scale - 1.0) * push
        if guidance.skip is not None and Branch.SKIPPED in found:
            result = result + guidance.skip.scale * (prompt - found[Branch.SKIPPED])
        if guidance.rescale > 0.0 and len(found) > 1:
            gain = guidance.rescale * (spread(prompt) / (spread(result) + TINY) - 1.0)
            result = result * (1.0 + gain)
        return result

    def _projected(
        self, projection: Projection, push: Array, latent: Array, prompt: Array, sigma: float
    ) -> Array:
        push = -sigma * push  # between clean predictions: clean = latent - sigma * velocity
        if projection.momentum != 0.0:
            if self.momentum is not None:
                push = push + projection.momentum * self.momentum
            self.momentum = push
        return project(push, latent - sigma * prompt, projection) / -sigma


def guided(velocity: Branches, guidance: Guidance, sigmas: Sequence[float]) -> Guided:
    """Make one velocity of a model's branches, with as few predictions as each level needs.

    Args:
        velocity: Answers the branches that it is asked for. With a scale of 1, and outside
            ``interval``, it is asked for the prompt alone; during ``zero_steps`` not at all.
        guidance: What to do.
        sigmas: The levels of the run, from which "after a share of the steps" is read.

    Returns:
        A velocity for `loop.integrate`.
    """
    return Guided(velocity, guidance, sigmas)


def one_by_one(velocities: Mapping[Branch, Velocity]) -> Branches:
    """Branches answered by one call each, for velocities that cannot be batched.

    Raises:
        KeyError: When a branch is asked for that is not there.
    """
    return lambda latent, sigma, branches: [velocities[b](latent, sigma) for b in branches]


def best_scale(prompt: Array, negative: Array) -> Array:
    """The factor on ``negative`` that brings it nearest to ``prompt``: (B, 1, ..., 1)."""
    return inner(prompt, negative) / (inner(negative, negative) + TINY)


def spread(array_BX: Array) -> Array:
    """Standard deviation within each clip: (B, 1, ..., 1)."""
    count = math.prod(array_BX.shape[1:])
    centred = array_BX - array_BX.sum(tuple(range(1, array_BX.ndim)), keepdims=True) / count
    return namespace(array_BX).sqrt(inner(centred, centred) / count)


def project(push: Array, clean: Array, projection: Projection) -> Array:
    """Shorten a push to the cap, and keep only a share of its part along ``clean``."""
    if projection.cap < math.inf:
        length = namespace(push).sqrt(inner(push, push))
        push = push * (projection.cap / (length + TINY)).clip(max=1.0)
    along = inner(push, clean) / (inner(clean, clean) + TINY) * clean
    return push - (1.0 - projection.parallel) * along
