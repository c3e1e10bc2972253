"""Samples that several test modules look at, drawn once."""

from __future__ import annotations

from functools import cache

from kinema.storybook.sampler import Sample, sample


@cache
def drawn(count: int = 2000) -> tuple[Sample, ...]:
    """The first samples of the training stream."""
    return tuple(sample(seed) for seed in range(count))
