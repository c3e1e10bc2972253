"""Tables of sigmas: through which noise levels a run goes from noise to a clean latent.

A table falls strictly from at most 1 to 0. Where two libraries disagree about the "same" table,
both are here by name, because weights tuned on one look slightly different on the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

import numpy as np

TRAINING_STEPS: Final = 1000
"""How many timesteps the integer clock of the Wan family has."""


class Table(StrEnum):
    """A way of spacing sigmas before the shift.

    ``diffusers``: what `UniPCMultistepScheduler` with flow sigmas makes: even from 1 to 1/1000,
        the first lowered by 1e-6 so that its log-SNR is finite, then 0.
    ``original``: what the first Wan repository makes for UniPC: even from 0.999 down, then 0.
    ``linear``: even from exactly 1 to exactly 0 (the same repository's DPM++ table).
    """

    DIFFUSERS = "diffusers"
    ORIGINAL = "original"
    LINEAR = "linear"


@dataclass(frozen=True)
class Schedule:
    """The levels of one run, and what a model with an integer clock is told at each.

    Args:
        sigmas: n + 1 noise levels, strictly falling, the last one 0.0. n = 0 is a run that has
            nothing to do.
        timesteps: n whole numbers in [0, 1000]. They are kept because truncating ``1000 * sigma``
            after sigma was rounded to float32 can be one less than truncating before.

    Raises:
        ValueError: ``sigmas`` do not fall from at most 1 to 0, or there is not one timestep a step.
    """

    sigmas: tuple[float, ...]
    timesteps: tuple[int, ...]

    def __post_init__(self) -> None:
        check_sigmas(self.sigmas)
        if len(self.timesteps) != len(self.sigmas) - 1:
            raise ValueError(f"{len(self.sigmas) - 1} steps, but {len(self.timesteps)} timesteps")

    def timestep(self, sigma: float) -> int:
        """The integer clock at a noise level; truncated where the level is not in the table."""
        if sigma in self.sigmas[:-1]:
            return self.timesteps[self.sigmas.index(sigma)]
        return int(sigma * TRAINING_STEPS)

    def last(self, steps: int) -> Schedule:
        """Only the last so many steps (0 to all of them)."""
        total = len(self.timesteps)
        if not 0 <= steps <= total:
            raise ValueError(f"steps must be 0 to {total}, got {steps}")
        return Schedule(self.sigmas[total - steps :], self.timesteps[total - steps :])

    def below(self, strength: float, *, snap: bool = False) -> Schedule:
        """The part of the run that changes a finished latent by ``strength``.

        Args:
            strength: 0 gives no step at all, 1 the whole schedule; between them the run starts at
                exactly this noise level and goes on through the table's levels below it, but for
                one that is so near that a two-step method would divide by almost nothing.
            snap: Start at the table's nearest level instead. For distilled weights, which know
                only the levels of their table.

        Raises:
            ValueError: ``strength`` is not in [0, 1].
        """
        if not 0.0 <= strength <= 1.0:
            raise ValueError(f"strength must be 0 to 1, got {strength}")
        if strength in (0.0, 1.0):
            return self.last(round(strength) * len(self.timesteps))
        if snap:
            nearest = min(self.sigmas, key=lambda sigma: abs(sigma - strength))
            return self.last(len(self.timesteps) - self.sigmas.index(nearest))
        below = [sigma for sigma in self.sigmas if sigma < strength]
        near = len(below) > 1 and strength - below[0] < 0.5 * (below[0] - below[1])
        lower = self.last(len(below) - (2 if near else 1))
        return Schedule(
            (strength, *lower.sigmas), (int(strength * TRAINING_STEPS), *lower.timesteps)
        )


def check_sigmas(sigmas: Sequence[float]) -> None:
    """Refuse levels that do not fall strictly from at most 1 to exactly 0, with a `ValueError`."""
    falling = all(high > low for high, low in pairwise(sigmas))  # false for NaN too
    if not (sigmas and falling and sigmas[0] <= 1.0 and sigmas[-1] == 0.0):
        raise ValueError(f"sigmas must fall from at most 1.0 to 0.0, got {list(sigmas)}")


def step_at(sigmas: Sequence[float], sigma: float) -> int:
    """How many steps of a run come before this noise level."""
    return sum(level > sigma for level in sigmas)


def shifted(sigma: float, shift: float) -> float:
    """Spend more of the run at high noise: ``s * sigma / (1 + (s - 1) * sigma)``.

    Larger latents need it, since neighbouring cells hide each other's noise. Keeps 0 and 1.

    Source:
        Esser et al. 2024, "Scaling rectified flow transformers", arXiv:2403.03206, section 5.3.2.
    """
    return shift * sigma / (1.0 + (shift - 1.0) * sigma)


def shift_for(tokens: int, *, known_tokens: int, known_shift: float) -> float:
    """The shift for another size, from one that is known: it grows with the root of the tokens.

    Source:
        As `shifted`, equation 23.
    """
    return known_shift * math.sqrt(tokens / known_tokens)


def schedule(table: Table, steps: int, shift: float = 1.0) -> Schedule:
    """The levels of a run of so many steps.

    Args:
        table: How the levels are spaced before the shift.
        steps: 1 to 1000.
        shift: Flow shift, above 0; 1 leaves the table as it is. Wan: 3 at 480p, 5 at 720p, 12 for
            the two-expert text-to-video model.

    Returns:
        ``steps`` + 1 levels, rounded to float32 as both libraries keep them.

    Raises:
        ValueError: ``steps`` or ``shift`` is out of range.

    Example:
        >>> schedule(Table.LINEAR, 4).sigmas
        (1.0, 0.75, 0.5, 0.25, 0.0)
    """
    if not 1 <= steps <= TRAINING_STEPS:
        raise ValueError(f"steps must be 1 to {TRAINING_STEPS}, got {steps}")
    if not 0.0 < shift < math.inf:
        raise ValueError(f"shift must be above 0, got {shift}")
    first, end = {
        Table.DIFFUSERS: (1.0, 1.0 / TRAINING_STEPS),
        Table.ORIGINAL: (1.0 - 1.0 / TRAINING_STEPS, 0.0),
        Table.LINEAR: (1.0, 0.0),
    }[table]
    levels = [shifted(float(s), shift) for s in np.linspace(first, end, steps + 1)[:-1]]
    if table is Table.DIFFUSERS:
        levels[0] -= 1e-6
    return _rounded(levels)


def declared(timesteps: Sequence[int], shift: float = 1.0) -> Schedule:
    """The table of distilled weights, which declare the few timesteps that they were trained on.

    Args:
        timesteps: Whole numbers in 1..1000, falling: 1000, 750, 500, 250.
        shift: Flow shift applied to them; 1 where the weights' list is shifted already.

    Raises:
        ValueError: They do not fall from at most 1000.
    """
    return _rounded([shifted(t / TRAINING_STEPS, shift) for t in timesteps])


def _rounded(levels: Sequence[float]) -> Schedule:
    """Levels as float32 keeps them and 0 at the end; timesteps from the levels before rounding."""
    timesteps = tuple(int(sigma * TRAINING_STEPS) for sigma in levels)
    return Schedule((*(float(np.float32(sigma)) for sigma in levels), 0.0), timesteps)
