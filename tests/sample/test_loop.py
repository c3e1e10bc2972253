from __future__ import annotations

import numpy as np
import pytest

from kinema.engine.checkpoint import FolderCheckpoint
from kinema.errors import Cancelled, KinemaError, LatentError, RequestError
from kinema.sample.guidance import Branch, Guidance, Projection, guided, one_by_one
from kinema.sample.loop import integrate
from kinema.sample.solvers import Euler, State, UniPC
from tests.sample.toys import LEVELS, NOISE, always, both_kinds, curved, every_solver, far, same

START = NOISE.start()
STEPS = len(LEVELS.timesteps)


@both_kinds
@every_solver
@pytest.mark.parametrize("stop", range(1, STEPS + 1))
def test_resumed_equals_uninterrupted_bit_for_bit(solver, kind, stop, tmp_path):
    whole = integrate(curved, kind(START), LEVELS.sigmas, solver=solver)
    checkpoint = FolderCheckpoint(tmp_path)

    def keep(state: State) -> None:
        checkpoint.save("latent", state.done, state.arrays())

    asked = iter(range(STEPS + 1))
    if stop < STEPS:
        with pytest.raises(Cancelled):
            integrate(
                curved, kind(START), LEVELS.sigmas, solver=solver, keep=keep,
                cancelled=lambda: next(asked) == stop,
            )  # fmt: skip
    else:
        integrate(curved, kind(START), LEVELS.sigmas, solver=solver, keep=keep)
    saved = checkpoint.load("latent")
    assert saved is not None
    state = State.restore(saved[0], saved[1], kind(START))
    assert state.done == stop
    resumed = integrate(curved, kind(START), LEVELS.sigmas, solver=solver, state=state)
    assert same(resumed, whole)


@both_kinds
def test_a_run_with_guidance_that_remembers_is_resumed_bit_for_bit(kind):
    def make():
        branches = one_by_one(
            {Branch.PROMPT: curved, Branch.NEGATIVE: lambda x, s: 0.5 * curved(x, s)}
        )
        return guided(branches, Guidance(4.0, projection=Projection(cap=9.0)), LEVELS.sigmas)

    whole = integrate(make(), kind(START), LEVELS.sigmas, solver=UniPC())
    first, saved = make(), []
    integrate(
        first, kind(START), LEVELS.sigmas, solver=UniPC(),
        keep=lambda state: saved.append((state.done, state.arrays() | first.arrays())),
    )  # fmt: skip
    for done, arrays in saved:
        second = make()
        second.restore(arrays, kind(START))
        state = State.restore(done, arrays, kind(START))
        assert same(
            integrate(second, kind(START), LEVELS.sigmas, solver=UniPC(), state=state), whole
        )
    forgetful = integrate(
        make(), kind(START), LEVELS.sigmas, solver=UniPC(),
        state=State.restore(saved[2][0], saved[2][1], kind(START)),
    )  # fmt: skip
    assert not same(forgetful, whole)


@both_kinds
def test_numbers_that_break_down_are_a_named_error_and_are_not_kept(kind):
    kept = []

    def broken(latent, sigma):
        return latent * (float("nan") if sigma < 0.5 else 1.0)

    with pytest.raises(LatentError, match=r"NaN or infinity after step 3 of 3") as caught:
        integrate(
            broken, kind(START), [1.0, 0.8, 0.4, 0.0], solver=Euler(),
            keep=lambda state: kept.append(state.done),
        )  # fmt: skip
    assert (caught.value.done, caught.value.total) == (3, 3)
    assert kept == [1, 2]
    assert isinstance(caught.value, KinemaError)
    assert not isinstance(caught.value, RequestError)


def test_infinity_breaks_down_too():
    with pytest.raises(LatentError), np.errstate(invalid="ignore"):
        integrate(always(START * np.float32(np.inf)), START, [1.0, 0.0], solver=Euler())


def test_cancelling_takes_effect_before_the_next_step():
    calls, reports = [], []

    def watched(latent, sigma):
        calls.append(sigma)
        return curved(latent, sigma)

    with pytest.raises(Cancelled, match="after step 2 of 6"):
        integrate(
            watched, START, LEVELS.sigmas, solver=Euler(),
            on_step=lambda done, total: reports.append((done, total)),
            cancelled=lambda: len(calls) == 2,
        )  # fmt: skip
    assert calls == list(LEVELS.sigmas[:2])
    assert reports == [(1, 6), (2, 6)]


@both_kinds
def test_a_run_with_nothing_to_do_returns_what_it_was_given(kind):
    def never(latent, sigma):
        raise AssertionError("no step, no call")

    assert same(integrate(never, kind(START), (0.0,), solver=Euler()), START)


@both_kinds
@every_solver
def test_the_noise_is_not_written_to(solver, kind):
    noise = kind(START.copy())
    integrate(curved, noise, LEVELS.sigmas, solver=solver)
    assert same(noise, START)


@pytest.mark.requires("torch")
def test_a_model_in_bfloat16_leaves_the_latent_in_float32():
    import importlib

    torch = importlib.import_module("torch")
    noise = torch.from_numpy(START)
    seen = []

    def coarse(latent, sigma):
        seen.append(latent.dtype)
        return curved(latent.bfloat16(), sigma)

    result = integrate(coarse, noise, LEVELS.sigmas, solver=UniPC())
    assert result.dtype == torch.float32
    assert set(seen) == {torch.float32}
    widened = integrate(
        lambda latent, sigma: coarse(latent, sigma).float(), noise, LEVELS.sigmas, solver=UniPC()
    )
    assert same(result, widened)
    assert 0.0 < far(result, integrate(curved, noise, LEVELS.sigmas, solver=UniPC())) < 0.1


def test_wide_noise_and_wide_velocities_are_narrowed_to_float32():
    def wide(latent, sigma):
        assert latent.dtype == np.float32
        return curved(latent, sigma).astype(np.float64)

    result = integrate(wide, START.astype(np.float64), LEVELS.sigmas, solver=Euler())
    assert same(result, integrate(curved, START, LEVELS.sigmas, solver=Euler()))


def test_what_cannot_be_a_run_is_refused():
    with pytest.raises(ValueError, match=r"\(B, C, T, H, W\)"):
        integrate(curved, START[0], LEVELS.sigmas, solver=Euler())
    with pytest.raises(ValueError, match="fall from at most 1"):
        integrate(curved, START, [1.0, 0.5], solver=Euler())
    with pytest.raises(ValueError, match="velocity has shape"):
        integrate(always(START[:, :1]), START, LEVELS.sigmas, solver=Euler())


def test_a_state_of_another_run_is_refused():
    states: list[State] = []
    integrate(curved, START, LEVELS.sigmas, solver=Euler(), keep=states.append)
    with pytest.raises(ValueError, match="does not belong to these sigmas"):
        integrate(curved, START, [1.0, 0.6, 0.3, 0.0], solver=Euler(), state=states[1])
    with pytest.raises(ValueError, match="another shape"):
        integrate(curved, START[:1], LEVELS.sigmas, solver=Euler(), state=states[1])
