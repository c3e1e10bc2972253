"""Against the pinned reference library, on the same velocities."""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from kinema.sample.guidance import (
    Branch,
    Guidance,
    Projection,
    SkipLayers,
    guided,
    one_by_one,
)
from kinema.sample.loop import integrate
from kinema.sample.schedule import Table, schedule
from kinema.sample.solvers import DPMSolver2M, Euler, UniPC
from tests.sample.toys import always, far, tensor, values

pytestmark = pytest.mark.requires("torch", "diffusers")

START = values(1, 16, 3, 4, 4)
TOLERANCE = 2e-5


@pytest.fixture(scope="module")
def diffusers() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("diffusers")


@pytest.fixture(scope="module")
def guiders(diffusers: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module("diffusers.guiders")


def bumpy(latent: Any, time: float) -> Any:
    return (latent * (1 + time / 1000)).tanh() * 1.3 + 0.2 * latent


def follow(scheduler: Any, latent: Any) -> Any:
    for time in scheduler.timesteps:
        velocity = bumpy(latent, float(time))
        latent = scheduler.step(velocity, time, latent, return_dict=False)[0]
    return latent


@pytest.mark.parametrize("shift", [1.0, 3.0, 5.0, 12.0])
@pytest.mark.parametrize("steps", [4, 10, 50])
@pytest.mark.parametrize("table", [Table.DIFFUSERS, Table.ORIGINAL])
def test_unipc_walks_the_same_way_on_both_tables(diffusers, table, steps, shift):
    theirs = diffusers.UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=shift
    )
    if table is Table.DIFFUSERS:
        theirs.set_timesteps(steps)
    else:
        theirs.set_timesteps(sigmas=np.linspace(0.999, 0.0, steps + 1)[:-1])
    ours = schedule(table, steps, shift)
    assert ours.sigmas == tuple(theirs.sigmas.tolist())
    assert ours.timesteps == tuple(theirs.timesteps.tolist())

    def velocity(latent, sigma):
        return bumpy(latent, ours.timestep(sigma))

    result = integrate(velocity, tensor(START), ours.sigmas, solver=UniPC())
    assert far(result, follow(theirs, tensor(START))) < TOLERANCE


@pytest.mark.parametrize("shift", [1.0, 3.0, 12.0])
@pytest.mark.parametrize("steps", [4, 20])
def test_euler_walks_the_same_way(diffusers, steps, shift):
    theirs = diffusers.FlowMatchEulerDiscreteScheduler(shift=shift)
    theirs.set_timesteps(steps)
    sigmas = theirs.sigmas.tolist()
    result = integrate(lambda x, s: bumpy(x, 1000 * s), tensor(START), sigmas, solver=Euler())
    assert far(result, follow(theirs, tensor(START))) < TOLERANCE


@pytest.mark.parametrize("shift", [1.0, 3.0, 12.0])
@pytest.mark.parametrize("steps", [4, 20])
def test_dpm_solver_walks_the_same_way(diffusers, steps, shift):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its own business
        theirs = diffusers.DPMSolverMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=shift
        )
        theirs.set_timesteps(steps)
    sigmas = theirs.sigmas.tolist()
    times = dict(zip(sigmas, theirs.timesteps.tolist(), strict=False))
    result = integrate(lambda x, s: bumpy(x, times[s]), tensor(START), sigmas, solver=DPMSolver2M())
    assert far(result, follow(theirs, tensor(START))) < TOLERANCE


LATENT, SIGMA = values(2, 4, 3, 4, 4, seed=7), 0.6
PROMPT, NEGATIVE, SKIPPED = (values(2, 4, 3, 4, 4, seed=seed) for seed in (8, 9, 10))
LEVELS = [1.0, SIGMA, 0.3, 0.0]


def combine(guidance: Guidance, **branches: np.ndarray) -> np.ndarray:
    constant = {Branch(name): always(v) for name, v in branches.items()}
    return guided(one_by_one(constant), guidance, LEVELS)(LATENT, SIGMA)


@pytest.mark.parametrize("rescale", [0.0, 0.7])
@pytest.mark.parametrize("scale", [0.0, 3.5, 8.0])
def test_classifier_free_guidance_is_the_same(guiders, scale, rescale):
    theirs = guiders.ClassifierFreeGuidance(guidance_scale=scale, guidance_rescale=rescale)
    expected = theirs.forward(tensor(PROMPT), tensor(NEGATIVE)).pred
    ours = combine(Guidance(scale, rescale=rescale), prompt=PROMPT, negative=NEGATIVE)
    assert far(ours, expected) < TOLERANCE


def test_cfg_zero_star_is_the_same(guiders):
    theirs = guiders.ClassifierFreeZeroStarGuidance(guidance_scale=5.0, zero_init_steps=0)
    theirs.set_state(step=1, num_inference_steps=3, timestep=None)
    expected = theirs.forward(tensor(PROMPT), tensor(NEGATIVE)).pred
    ours = combine(Guidance(5.0, zero_star=True), prompt=PROMPT, negative=NEGATIVE)
    assert far(ours, expected) < TOLERANCE


@pytest.mark.parametrize("cap", [5.0, 15.0])
@pytest.mark.parametrize("parallel", [0.0, 0.3, 1.0])
def test_projected_guidance_is_the_same_between_clean_predictions(guiders, parallel, cap):
    module = import_module("diffusers.guiders.adaptive_projected_guidance")
    memory = module.MomentumBuffer(-0.5)
    guidance = Guidance(6.0, projection=Projection(parallel, -0.5, cap))
    ours = guided(
        one_by_one({Branch.PROMPT: always(PROMPT), Branch.NEGATIVE: always(NEGATIVE)}),
        guidance,
        LEVELS,
    )
    for sigma in LEVELS[:-1]:
        clean = [tensor(LATENT - np.float32(sigma) * v) for v in (PROMPT, NEGATIVE)]
        expected = module.normalized_guidance(
            *clean, guidance_scale=5.0, momentum_buffer=memory, eta=parallel, norm_threshold=cap,
            use_original_formulation=True,
        )  # fmt: skip
        assert far(LATENT - np.float32(sigma) * ours(LATENT, sigma), expected) < TOLERANCE


def test_skip_layer_guidance_is_the_same(guiders):
    theirs = guiders.SkipLayerGuidance(
        guidance_scale=4.0, skip_layer_guidance_scale=2.0, skip_layer_guidance_layers=[1],
        skip_layer_guidance_start=0.0, skip_layer_guidance_stop=1.0,
    )  # fmt: skip
    theirs.set_state(step=1, num_inference_steps=3, timestep=None)
    expected = theirs.forward(tensor(PROMPT), tensor(NEGATIVE), tensor(SKIPPED)).pred
    guidance = Guidance(4.0, skip=SkipLayers((1,), 2.0, 0.0, 1.0))
    ours = combine(guidance, prompt=PROMPT, negative=NEGATIVE, skipped=SKIPPED)
    assert far(ours, expected) < TOLERANCE
