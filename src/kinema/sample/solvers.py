"""One step of sampling: from the latent at a noise level to the latent at the next.

All rest on one law. The path is ``latent = (1 - sigma) * clean + sigma * noise``, so a velocity
``v = d latent / d sigma = noise - clean`` says where the path ends: ``clean = latent - sigma * v``.
A solver is a value without memory; what a multi-step method must remember is in the `State` that
goes in and comes out, so a run can stop after any step and go on elsewhere, bit for bit.

Names in the formulas: lambda = log((1 - sigma) / sigma), half the log of the signal-to-noise
ratio; h = how far lambda moves in a step; r = an older step in units of h (negative: it lies back).
Scalars are Python floats in double precision, so that no step waits for a device.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from kinema.sample.arrays import Array, like, on_host
from kinema.sample.noise import Noise

Velocity = Callable[[Array, float], Array]
"""The model, closed over its conditioning: (latent (B, C, T, H, W), sigma) -> same shape."""

LARGEST_SIGMA: Final = 1.0 - 1e-6
"""Lambda is infinite at pure noise; from here on it is held at that of this level."""


@dataclass(frozen=True, eq=False)
class State:
    """A half-done run.

    Args:
        latent: (B, C, T, H, W), float32, at the noise level that the next step starts from.
        done: Steps finished.
        levels: Noise levels of the newest one or two steps, oldest first.
        clean: The clean latent as it was predicted at each of ``levels``. The last one is what a
            preview shows.
        anchor: Latent at the newest of ``levels``, where a corrector starts again from.
    """

    latent: Array
    done: int = 0
    levels: tuple[float, ...] = ()
    clean: tuple[Array, ...] = ()
    anchor: Array | None = None

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything but ``done`` as named host arrays, for a checkpoint."""
        named = {f"clean_{i}": on_host(clean) for i, clean in enumerate(self.clean)}
        if self.anchor is not None:
            named["anchor"] = on_host(self.anchor)
        return {"latent": on_host(self.latent), "levels": np.array(self.levels), **named}

    @classmethod
    def restore(cls, done: int, arrays: Mapping[str, NDArray[Any]], array: Array) -> State:
        """The state that `arrays` took apart, of the kind and on the device of ``array``.

        Raises:
            KeyError: An array is missing.
        """
        levels = tuple(float(level) for level in arrays["levels"])
        return cls(
            latent=like(arrays["latent"], array),
            done=done,
            levels=levels,
            clean=tuple(like(arrays[f"clean_{i}"], array) for i in range(len(levels))),
            anchor=like(arrays["anchor"], array) if "anchor" in arrays else None,
        )


class Solver(Protocol):
    """A way of taking one step."""

    def step(self, state: State, velocity: Velocity, sigma: float, sigma_next: float) -> State:
        """Carry the latent from ``sigma`` down to ``sigma_next``.

        Args:
            state: The run so far; its latent is at ``sigma``. It is not written to.
            velocity: Called as often as the method needs, always with a sigma above 0; returns
                float32.
            sigma: In (0, 1].
            sigma_next: In [0, sigma). At 0 every solver here returns its clean prediction itself.
        """
        ...


@dataclass(frozen=True)
class Euler:
    """First order, one call a step: straight on.

    Source:
        Liu et al. 2022, "Flow straight and fast", arXiv:2209.03003, section 2.
    """

    def step(self, state: State, velocity: Velocity, sigma: float, sigma_next: float) -> State:
        """See `Solver.step`."""
        speed = velocity(state.latent, sigma)
        clean = state.latent - sigma * speed
        return State(clean + sigma_next * speed, state.done + 1, (sigma,), (clean,))


@dataclass(frozen=True)
class Heun:
    """Second order, two calls a step, one on the last: the mean of the slopes at both ends.

    Source:
        Karras et al. 2022, "Elucidating the design space", arXiv:2206.00364, algorithm 1, without
        its added noise. The last step is Euler's, since models are not trained at sigma 0.
    """

    def step(self, state: State, velocity: Velocity, sigma: float, sigma_next: float) -> State:
        """See `Solver.step`."""
        speed = velocity(state.latent, sigma)
        clean = state.latent - sigma * speed
        if sigma_next == 0.0:
            return State(clean, state.done + 1, (sigma,), (clean,))
        speed_next = velocity(clean + sigma_next * speed, sigma_next)
        latent = state.latent + (sigma_next - sigma) * 0.5 * (speed + speed_next)
        return State(latent, state.done + 1, (sigma,), (clean,))


@dataclass(frozen=True)
class DPMSolver2M:
    """Second order, one call a step: extends the line through the last two clean predictions.

    Source:
        Lu et al. 2022, "DPM-Solver++", arXiv:2211.01095, algorithm 2 (2M), for the flow path.
        First order on the first step, and on the last.
    """

    def step(self, state: State, velocity: Velocity, sigma: float, sigma_next: float) -> State:
        """See `Solver.step`."""
        clean = state.latent - sigma * velocity(state.latent, sigma)
        levels = (*state.levels[-1:], sigma)
        cleans = (*state.clean[-1:], clean)
        latent = _predict(state.latent, levels, cleans, sigma_next)
        return State(latent, state.done + 1, levels, cleans)


@dataclass(frozen=True)
class UniPC:
    """Second order predictor with a corrector, one call a step: the default of the Wan family.

    The call that the next prediction needs anyway first corrects the latent it was made at; the
    model is not asked again about the corrected latent.

    Source:
        Zhao et al. 2023, "UniPC", arXiv:2302.04867, algorithms 1 to 3, B(h) = exp(-h) - 1 ("bh2"),
        predicting the clean latent. First order on the first step, and on the last.
    """

    def step(self, state: State, velocity: Velocity, sigma: float, sigma_next: float) -> State:
        """See `Solver.step`."""
        clean = state.latent - sigma * velocity(state.latent, sigma)
        latent = state.latent
        if state.anchor is not None:
            latent = _correct(state.anchor, state.levels, state.clean, clean, sigma)
        levels = (*state.levels[-1:], sigma)
        cleans = (*state.clean[-1:], clean)
        predicted = _predict(latent, levels, cleans, sigma_next)
        return State(predicted, state.done + 1, levels, cleans, anchor=latent)


@dataclass(frozen=True)
class Renoise:
    """For distilled weights: jump to the clean prediction, then back up with fresh noise.

    Source:
        Song et al. 2023, "Consistency models", arXiv:2303.01469, algorithm 1, on the flow path;
        the same loop samples distribution-matching students (arXiv:2405.14867, section 4.5).
    """

    noise: Noise

    def step(self, state: State, velocity: Velocity, sigma: float, sigma_next: float) -> State:
        """See `Solver.step`."""
        clean = state.latent - sigma * velocity(state.latent, sigma)
        if sigma_next == 0.0:
            return State(clean, state.done + 1, (sigma,), (clean,))
        noise = like(self.noise.fresh(sigma_next), clean)
        latent = (1.0 - sigma_next) * clean + sigma_next * noise
        return State(latent, state.done + 1, (sigma,), (clean,))


@dataclass(frozen=True)
class Resample:
    """Takes each early step several times, going back up with fresh noise between.

    Where a part of the latent is held (`constraints.hold`), this lets the free part grow into it.
    The inner solver starts its history anew after each jump back.

    Args:
        inner: The solver that takes the steps.
        noise: Where fresh noise comes from.
        times: How often a step is taken, at least 1; 2 to 5 are usual, each costs the whole step.
        above: Only steps that start above this sigma are repeated, and never the last.

    Source:
        Lugmayr et al. 2022, "RePaint", arXiv:2201.09865, algorithm 1, jump length 1, on the flow
        path: going up keeps (1 - sigma) / (1 - sigma_next) of the signal, and the noise that is
        added brings its share back to sigma.
    """

    inner: Solver
    noise: Noise
    times: int = 2
    above: float = 0.5

    def step(self, state: State, velocity: Velocity, sigma: float, sigma_next: float) -> State:
        """See `Solver.step`."""
        jumps = self.times - 1 if sigma > self.above and sigma_next > 0.0 else 0
        kept = (1.0 - sigma) / (1.0 - sigma_next)
        added = math.sqrt(sigma**2 - (kept * sigma_next) ** 2)
        for jump in range(jumps):
            latent = self.inner.step(state, velocity, sigma, sigma_next).latent
            noise = like(self.noise.fresh(sigma, draw=jump + 1), latent)
            state = State(kept * latent + added * noise, state.done)
        return self.inner.step(state, velocity, sigma, sigma_next)


def log_snr(sigma: float) -> float:
    """Lambda: log((1 - sigma) / sigma); infinite at 0, held finite at 1."""
    sigma = min(sigma, LARGEST_SIGMA)
    return math.inf if sigma == 0.0 else math.log((1.0 - sigma) / sigma)


def _predict(
    latent: Array, levels: tuple[float, ...], cleans: tuple[Array, ...], sigma_next: float
) -> Array:
    """Latent at ``sigma_next`` from one or two clean predictions, the newest at the latent's level.

    UniPC's predictor and DPM++ 2M are the same formula.
    """
    sigma, clean = levels[-1], cleans[-1]
    if sigma_next == 0.0:
        return clean
    growth = _growth(sigma, sigma_next)
    if len(cleans) == 2:
        h = log_snr(sigma_next) - log_snr(sigma)
        r = (log_snr(levels[0]) - log_snr(sigma)) / h
        clean = clean + (0.5 / r) * (cleans[0] - clean)
    return (sigma_next / sigma) * latent - ((1.0 - sigma_next) * growth) * clean


def _correct(
    anchor: Array, levels: tuple[float, ...], cleans: tuple[Array, ...], clean: Array, sigma: float
) -> Array:
    """The latent at ``sigma`` again, from ``anchor`` at the newest of ``levels``.

    Now the clean prediction made at ``sigma`` is known beside the older ones.
    """
    before, base = levels[-1], cleans[-1]
    growth = _growth(before, sigma)
    if len(cleans) == 1:
        # The paper keeps 1/2 at first order instead of the weight that the system below would give.
        mean = base + 0.5 * (clean - base)
    else:
        h = log_snr(sigma) - log_snr(before)
        r = (log_snr(levels[0]) - log_snr(before)) / h
        first = (growth / -h - 1.0) / growth
        second = 2.0 * ((growth / -h - 1.0) / -h - 0.5) / growth
        weight = (second - first * r) / (1.0 - r)  # solves [[1, 1], [r, 1]] w = (first, second)
        older = ((first - weight) / r) * (cleans[0] - base)
        mean = base + older + weight * (clean - base)
    return (sigma / before) * anchor - ((1.0 - sigma) * growth) * mean


def _growth(sigma: float, sigma_next: float) -> float:
    """B(h) = exp(-h) - 1, without the detour over logarithms; exactly -1 from pure noise."""
    return (1.0 - sigma) * sigma_next / (sigma * (1.0 - sigma_next)) - 1.0
