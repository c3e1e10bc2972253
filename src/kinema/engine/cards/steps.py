"""How many steps a quality stands for, from the number that a model's authors take."""

from __future__ import annotations

from kinema.types import Quality


def steps_by_quality(usual: int) -> dict[Quality, int]:
    """Two fifths of the authors' steps, as many, and half as many again."""
    return {
        Quality.DRAFT: max(1, usual * 2 // 5),
        Quality.STANDARD: usual,
        Quality.HIGH: usual * 3 // 2,
    }
