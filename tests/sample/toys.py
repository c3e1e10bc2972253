"""Small models whose answers are known, and arrays of both kinds."""

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from kinema.sample.arrays import on_host
from kinema.sample.noise import Noise
from kinema.sample.schedule import Table, schedule
from kinema.sample.solvers import DPMSolver2M, Euler, Heun, Renoise, Resample, Solver, State, UniPC

SHAPE = (3, 5, 4, 6)
NOISE = Noise((11, 12), SHAPE)
LEVELS = schedule(Table.DIFFUSERS, 6, 3.0)

SOLVERS: dict[str, Solver] = {
    "euler": Euler(),
    "heun": Heun(),
    "dpm++ 2m": DPMSolver2M(),
    "unipc": UniPC(),
    "renoise": Renoise(NOISE),
    "resample": Resample(UniPC(), NOISE, times=2, above=0.6),
}
FLOWS = ("euler", "heun", "dpm++ 2m", "unipc")
"""Those without fresh noise: they follow the path that a velocity draws."""


def tensor(host: np.ndarray) -> Any:
    """A torch tensor of a NumPy array."""
    return import_module("torch").from_numpy(np.ascontiguousarray(host))


both_kinds = pytest.mark.parametrize(
    "kind",
    [
        pytest.param(np.asarray, id="numpy"),
        pytest.param(tensor, id="torch", marks=pytest.mark.requires("torch")),
    ],
)
every_solver = pytest.mark.parametrize("solver", SOLVERS.values(), ids=SOLVERS.keys())
every_flow = pytest.mark.parametrize("solver", [SOLVERS[name] for name in FLOWS], ids=FLOWS)


def always(answer: Any) -> Callable[[Any, float], Any]:
    """A model that gives one answer, whatever it is asked."""
    return lambda _latent, _sigma: answer


def curved(latent: Any, sigma: float) -> Any:
    """A smooth velocity with no closed form that mixes neighbouring frames."""
    neighbours = (latent[:, :, 1:] + latent[:, :, :-1]).sum(2)[:, :, None]
    mean = 0.3 * latent + 0.05 * neighbours
    return (mean * (1.0 + sigma)) / (1.0 + mean * mean) + 0.2 * latent


def gaussian(mean: Any, deviation: float) -> Callable[[Any, float], Any]:
    """The exact velocity for clean latents spread normally around a mean."""

    def velocity(latent: Any, sigma: float) -> Any:
        spread = (1 - sigma) ** 2 * deviation**2 + sigma**2
        slope = (sigma - (1 - sigma) * deviation**2) / spread
        return slope * (latent - (1 - sigma) * mean) - mean

    return velocity


def on_the_gaussian(mean: Any, deviation: float, unit: Any, sigma: float) -> Any:
    """Where the exact path through ``unit`` at sigma 1 is at another level."""
    spread = (1 - sigma) ** 2 * deviation**2 + sigma**2
    return (1 - sigma) * mean + math.sqrt(spread) * unit


def slope_of(solver: Solver, sigmas: Callable[[int], list[float]], coarse: int) -> float:
    """How fast the error on a curved path falls when steps are halved twice, as a power."""
    unit = np.linspace(-2, 2, 9).reshape(1, 1, 1, 3, 3)
    velocity = gaussian(0.7, 0.5)

    def error(steps: int) -> float:
        levels = sigmas(steps)
        # In double precision, so that rounding does not hide the order.
        state = State(on_the_gaussian(0.7, 0.5, unit, levels[0]))
        for sigma, sigma_next in pairwise(levels):
            state = solver.step(state, velocity, sigma, sigma_next)
        return np.abs(state.latent - on_the_gaussian(0.7, 0.5, unit, levels[-1])).max()

    return math.log2(error(coarse) / error(4 * coarse)) / 2


def far(a: Any, b: Any) -> float:
    """The largest distance between two arrays of any kind."""
    return float(np.abs(on_host(a).astype(np.float64) - on_host(b).astype(np.float64)).max())


def same(a: Any, b: Any) -> bool:
    """Whether two arrays of any kind are equal in every bit."""
    a, b = on_host(a), on_host(b)
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


def values(*shape: int, seed: int = 0) -> np.ndarray:
    """Float32 numbers to work on."""
    return np.random.default_rng(seed).standard_normal(shape, np.float32)
