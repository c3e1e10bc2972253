from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.sample.arrays import like
from kinema.sample.loop import integrate
from kinema.sample.schedule import Table, schedule, shifted
from kinema.sample.solvers import (
    DPMSolver2M,
    Euler,
    Heun,
    Renoise,
    Resample,
    State,
    UniPC,
    log_snr,
)
from tests.sample.toys import (
    LEVELS,
    NOISE,
    SHAPE,
    SOLVERS,
    always,
    both_kinds,
    curved,
    every_flow,
    every_solver,
    far,
    same,
    slope_of,
    values,
)

CLEAN, START = values(2, *SHAPE, seed=1), NOISE.start()


@given(
    st.sampled_from(list(SOLVERS)),
    st.sampled_from(Table),
    st.integers(1, 12),
    st.floats(0.5, 12.0),
)
def test_a_straight_path_is_exact_in_any_number_of_steps(name, table, steps, shift):
    sigmas = schedule(table, steps, shift).sigmas

    def straight(latent, sigma):
        return (latent - CLEAN) / np.float32(sigma)

    assert far(integrate(straight, START, sigmas, solver=SOLVERS[name]), CLEAN) < 2e-6


@every_flow
def test_a_constant_velocity_is_followed_to_the_clean_latent(solver):
    result = integrate(always(START - CLEAN), START, [1.0, 0.7, 0.2, 0.0], solver=solver)
    assert far(result, CLEAN) < 2e-6


@pytest.mark.parametrize(
    ("solver", "order"), [(Euler(), 1), (Heun(), 2), (DPMSolver2M(), 2), (UniPC(), 3)]
)
def test_the_error_on_a_curved_path_falls_with_the_order_of_the_solver(solver, order):
    inside = slope_of(solver, lambda n: np.linspace(0.9, 0.1, n + 1).tolist(), 64)
    assert abs(inside - order) < 0.1


@pytest.mark.parametrize(
    ("solver", "order"), [(Euler(), 1), (Heun(), 2), (DPMSolver2M(), 2), (UniPC(), 2)]
)
def test_the_first_and_last_jump_cost_no_order_below_two(solver, order):
    def whole(steps):
        return [shifted(s, 3.0) for s in np.linspace(1.0, 0.0, steps + 1).tolist()]

    # At the ends lambda is infinite, so two-step methods near their order only slowly.
    assert slope_of(solver, whole, 512) > order - 0.3


def test_higher_order_is_nearer_in_the_same_number_of_steps():
    fine = integrate(curved, START, schedule(Table.LINEAR, 400, 3.0).sigmas, solver=Heun())
    errors = [
        far(integrate(curved, START, schedule(Table.LINEAR, 12, 3.0).sigmas, solver=solver), fine)
        for solver in (Euler(), DPMSolver2M(), UniPC())
    ]
    assert errors[0] > 2 * errors[1] > 2 * errors[2]


@both_kinds
@every_solver
def test_a_state_goes_through_arrays_and_back_without_losing_a_bit(solver, kind):
    states: list[State] = []
    integrate(curved, kind(START), LEVELS.sigmas, solver=solver, keep=states.append)
    for state in states:
        arrays = state.arrays()
        assert all(isinstance(array, np.ndarray) for array in arrays.values())
        back = State.restore(state.done, arrays, kind(START))
        assert type(back.latent) is type(state.latent)
        assert (back.done, back.levels) == (state.done, state.levels)
        pairs = [(back.latent, state.latent), *zip(back.clean, state.clean, strict=True)]
        assert all(same(a, b) for a, b in pairs)
        assert (back.anchor is None) == (state.anchor is None)


@every_solver
def test_a_step_writes_to_nothing_it_was_given(solver):
    states = [State(START.copy())]
    copies = []
    for sigma, sigma_next in pairwise(LEVELS.sigmas):
        copies.append({name: array.copy() for name, array in states[-1].arrays().items()})
        states.append(solver.step(states[-1], curved, sigma, sigma_next))
    for state, copy in zip(states, copies, strict=False):
        assert all(same(array, copy[name]) for name, array in state.arrays().items())


@every_solver
def test_no_solver_asks_for_a_velocity_at_zero_noise(solver):
    seen = []

    def watched(latent, sigma):
        seen.append(sigma)
        return curved(latent, sigma)

    integrate(watched, START, LEVELS.sigmas, solver=solver)
    assert min(seen) > 0.0


@pytest.mark.parametrize(
    ("name", "calls"), [("euler", 6), ("dpm++ 2m", 6), ("unipc", 6), ("heun", 11)]
)
def test_a_solver_calls_the_model_as_often_as_it_says(name, calls):
    seen = []
    integrate(
        lambda latent, sigma: seen.append(sigma) or curved(latent, sigma),
        START,
        LEVELS.sigmas,
        solver=SOLVERS[name],
    )
    assert len(seen) == calls


@every_solver
def test_the_last_step_returns_the_clean_prediction_itself(solver):
    states: list[State] = []
    result = integrate(curved, START, LEVELS.sigmas, solver=solver, keep=states.append)
    assert far(result, states[-1].clean[-1]) == 0.0


def test_renoising_uses_the_noise_of_the_level_it_goes_to():
    state = Renoise(NOISE).step(State(START), lambda x, s: (x - CLEAN) / s, 0.8, 0.3)
    assert far(state.latent, 0.7 * CLEAN + 0.3 * NOISE.fresh(0.3)) < 1e-6


def test_resampling_repeats_early_steps_with_fresh_noise_and_leaves_late_ones_alone():
    seen: list[tuple[float, np.ndarray]] = []

    def watched(latent, sigma):
        seen.append((sigma, latent))
        return (latent - CLEAN) / np.float32(sigma)

    integrate(watched, START, [1.0, 0.8, 0.4, 0.0], solver=Resample(Euler(), NOISE, 3, above=0.5))
    assert [sigma for sigma, _ in seen] == [1.0] * 3 + [0.8] * 3 + [0.4]
    # Each time the noise is another, and there is as much of it as the level says.
    noises = [(latent - (1 - sigma) * CLEAN) / sigma for sigma, latent in seen[3:6]]
    assert all(abs(noise.std() - 1.0) < 0.1 for noise in noises)
    assert min(far(a, b) for a, b in pairwise(noises)) > 1.0


def test_lambda_is_infinite_only_where_all_is_clean():
    assert log_snr(0.0) == math.inf
    assert log_snr(0.5) == 0.0
    assert -14.0 < log_snr(1.0) == log_snr(1.0 - 1e-7) < -13.0


@both_kinds
def test_pure_noise_and_the_lowered_first_level_give_the_same(kind):
    exact = integrate(curved, kind(START), [1.0, *LEVELS.sigmas[1:]], solver=UniPC())
    lowered = integrate(curved, kind(START), LEVELS.sigmas, solver=UniPC())
    assert far(exact, lowered) < 1e-4
    assert type(exact) is type(like(START, kind(START)))
