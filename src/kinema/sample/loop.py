"""The sampling loop: from noise to a clean latent, one solver step at a time.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from kinema.errors import Cancelled, LatentError
from kinema.sample.arrays import Array, float32, is_finite
from kinema.sample.schedule import check_sigmas
from kinema.sample.solvers import Solver, State, Velocity


def integrate(
    velocity: Velocity,
    noise_BCTHW: Array,
    sigmas: Sequence[float],
    *,
    solver: Solver,
    on_step: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    state: State | None = None,
    keep: Callable[[State], None] | None = None,
) -> Array:
    """Carry noise to a clean latent along the flow.

    The path is the straight line ``latent = (1 - sigma) * clean + sigma * noise``, so the velocity
    is ``d latent / d sigma = noise - clean``. Guidance, constraints and windows belong inside
    ``velocity``; this loop does not know about them.

    Args:
        velocity: The model, closed over its conditioning. Gets the latent (B, C, T, H, W) and its
            noise level, and returns the velocity: same shape and device, any float dtype.
        noise_BCTHW: The latent at ``sigmas[0]``, any float dtype: unit-variance noise, or a clip
            with its share of noise (`edit.start`). It is not written to.
        sigmas: Noise levels without a unit, falling from at most 1.0 to 0.0; one step a pair. The
            single level 0.0 takes no step and returns the latent as it is.
        solver: How a step is taken.
        on_step: Called after each step as ``on_step(done, total)``, on the calling thread.
        cancelled: Asked before each step; true ends the run.
        state: Where an earlier run with the same sigmas and solver was left. It goes on from there
            with the same bits as if it had never stopped; ``noise_BCTHW`` then only says the
            shape.
        keep: Called after each step with the state to go on from, before ``on_step``.

    Returns:
        The clean latent (B, C, T, H, W), float32, on the device of ``noise_BCTHW``.

    Raises:
        ValueError: ``noise_BCTHW`` is not five-dimensional, a velocity has another shape,
            ``sigmas`` do not fall from at most 1 to 0, or ``state`` belongs to other sigmas or
            another shape.
        LatentError: A step left NaN or infinity; nothing of it was kept.
        Cancelled: ``cancelled()`` was true; what was kept is good to go on from.

    Cost:
        The solver's model calls and a few latent-sized temporaries a step, and one wait for the
        device, so that progress is true. The latent is float32 throughout, because many small
        steps added up in bfloat16 drift.

    Source:
        Liu et al. 2022, "Flow straight and fast", arXiv:2209.03003, section 2 (sign and direction
        of time turned round, so that sigma is the share of noise).

    Example:
        >>> import numpy as np
        >>> from kinema.sample.solvers import Euler
        >>> clean, noise = np.zeros((1, 2, 3, 4, 4)), np.ones((1, 2, 3, 4, 4))
        >>> latent = integrate(lambda x, s: noise - clean, noise, [1.0, 0.5, 0.0], solver=Euler())
        >>> bool((latent == clean).all())
        True
    """
    if noise_BCTHW.ndim != 5:
        raise ValueError(f"noise must be (B, C, T, H, W), got {tuple(noise_BCTHW.shape)}")
    check_sigmas(sigmas)
    if state is None:
        state = State(float32(noise_BCTHW))
    else:
        _check_resumable(state, noise_BCTHW, sigmas)

    total, velocity = len(sigmas) - 1, _in_float32(velocity)
    for sigma, sigma_next in list(pairwise(sigmas))[state.done :]:
        if cancelled():
            raise Cancelled(f"stopped after step {state.done} of {total}")
        state = solver.step(state, velocity, sigma, sigma_next)
        if not is_finite(state.latent):
            raise LatentError(state.done, total)
        if keep is not None:
            keep(state)
        if on_step is not None:
            on_step(state.done, total)
    return state.latent


def _in_float32(velocity: Velocity) -> Velocity:
    def checked(latent: Array, sigma: float) -> Array:
        speed = velocity(latent, sigma)
        if speed.shape != latent.shape:
            raise ValueError(
                f"velocity has shape {tuple(speed.shape)}, the latent {tuple(latent.shape)}"
            )
        return float32(speed)

    return checked


def _check_resumable(state: State, noise_BCTHW: Array, sigmas: Sequence[float]) -> None:
    if state.latent.shape != noise_BCTHW.shape:
        raise ValueError(f"the state is of another shape: {tuple(state.latent.shape)}")
    if state.done >= len(sigmas) or state.levels[-1:] != tuple(sigmas[: state.done][-1:]):
        raise ValueError(f"the state after step {state.done} does not belong to these sigmas")
