"""A spacing of noise levels that two families share."""

from __future__ import annotations

from typing import Final

THRESHOLD: Final = 0.025


def linear_quadratic(steps: int) -> list[float]:
    """Falling levels from 1: half of them even and close together, the rest ever wider apart.

    Args:
        steps: At least 1.

    Returns:
        One level a step; the 0 at the end is not among them.

    Source:
        Polyak et al. 2024, "Movie Gen", arXiv:2410.13720, section 3.4.2, with the slope made
        continuous where the halves meet.
    """
    linear = steps // 2
    if linear == 0:
        return [1.0]
    slope = THRESHOLD / linear
    curve = (linear - THRESHOLD * steps) / (linear * (steps - linear) ** 2)
    begin = slope - 2.0 * curve * linear
    even = [1.0 - slope * i for i in range(linear)]
    wide = [1.0 - (curve * i * i + begin * i + curve * linear**2) for i in range(linear, steps)]
    return even + wide
