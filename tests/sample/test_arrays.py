"""NumPy arrays and torch tensors go through the same code and come out the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from kinema.sample.arrays import (
    float32,
    inner,
    is_finite,
    like,
    namespace,
    on_host,
    zeros,
)
from kinema.sample.constraints import (
    hold,
    hold_by_frame,
    known_frames,
    known_inside,
    known_outside,
    settle,
)
from kinema.sample.edit import flow_edit, slerp, start, vary
from kinema.sample.guidance import (
    Branch,
    Guidance,
    Projection,
    SkipLayers,
    best_scale,
    guided,
    one_by_one,
    project,
    spread,
)
from kinema.sample.loop import integrate
from kinema.sample.mixture import mixed, segment_weights
from kinema.sample.solvers import Euler, UniPC
from kinema.sample.windows import Windows, take, windowed
from tests.sample.toys import (
    LEVELS,
    NOISE,
    SHAPE,
    SOLVERS,
    both_kinds,
    curved,
    far,
    same,
    tensor,
    values,
)

START, CLIP, OTHER = NOISE.start(), values(2, *SHAPE, seed=1), values(2, *SHAPE, seed=2)
MASK = (np.indices(SHAPE[1:]).sum(0) % 3 == 0).astype(np.float32)
SIGMAS = LEVELS.sigmas

Kind = Callable[[np.ndarray], Any]


def framed(latent: Any, sigma: float, frames: range | None = None) -> Any:
    return curved(latent, sigma) if frames is None else curved(latent, sigma) + 0.01 * frames.start


def half(latent: Any, sigma: float, frames: range | None = None) -> Any:
    return 0.5 * curved(latent, sigma)


def by_frame(latent: Any, levels: Any) -> Any:
    return curved(latent, levels[:, None, :, None, None])


def with_guidance(kind: Kind, guidance: Guidance) -> Any:
    branches = {
        Branch.PROMPT: curved,
        Branch.NEGATIVE: half,
        Branch.SKIPPED: lambda x, s: 0.8 * curved(x, s),
    }
    velocity = guided(one_by_one(branches), guidance, SIGMAS)
    return integrate(velocity, kind(START), SIGMAS, solver=UniPC())


def run(velocity: Any, kind: Kind) -> Any:
    return integrate(velocity, kind(START), SIGMAS, solver=UniPC())


def known(kind: Kind, firmness: float = 1.0) -> Any:
    return known_frames({0: kind(CLIP[:, :, :1]), -1: kind(CLIP[:, :, 4:])}, SHAPE[1], firmness)


EVERYTHING: dict[str, Callable[[Kind], Any]] = {
    "inner": lambda kind: inner(kind(CLIP), kind(OTHER)),
    "spread": lambda kind: spread(kind(CLIP)),
    "best scale": lambda kind: best_scale(kind(CLIP), kind(OTHER)),
    "project": lambda kind: project(kind(CLIP), kind(OTHER), Projection(0.3, cap=5.0)),
    "cfg": lambda kind: with_guidance(kind, Guidance(3.0, interval=(0.2, 0.9), rescale=0.7)),
    "zero star": lambda kind: with_guidance(kind, Guidance(3.0, zero_star=True, zero_steps=1)),
    "apg": lambda kind: with_guidance(kind, Guidance(3.0, projection=Projection(cap=9.0))),
    "skip": lambda kind: with_guidance(kind, Guidance(3.0, skip=SkipLayers((1,)))),
    "frames": lambda kind: known(kind).latent,
    "inside": lambda kind: known_inside(kind(CLIP), (1, 0, 2, 1)).keep,
    "hold frames": lambda kind: run(hold(curved, known(kind)), kind),
    "hold softly": lambda kind: run(hold(curved, known(kind, 0.4)), kind),
    "hold region": lambda kind: run(hold(curved, known_outside(kind(CLIP), MASK)), kind),
    "hold by frame": lambda kind: run(hold_by_frame(by_frame, known(kind), 0.05), kind),
    "hold by frame softly": lambda kind: run(hold_by_frame(by_frame, known(kind, 0.4)), kind),
    "settle": lambda kind: settle(kind(OTHER), known(kind)),
    "take": lambda kind: take(kind(CLIP), range(3, 9)),
    "windows": lambda kind: run(windowed(framed, Windows(3, 1, seed=2), SIGMAS), kind),
    "ring": lambda kind: run(windowed(framed, Windows(3, 1, ring=True, seed=2), SIGMAS), kind),
    "mixture": lambda kind: run(mixed([framed, half], segment_weights([2, 3], 1)), kind),
    "start": lambda kind: start(kind(CLIP), kind(START), LEVELS, 0.6)[0],
    "flow edit": lambda kind: integrate(
        flow_edit(half, curved, kind(CLIP), NOISE, averages=2, free_below=0.5),
        kind(CLIP), SIGMAS, solver=Euler(),
    ),
    "vary": lambda kind: vary(kind(CLIP), kind(OTHER), 0.3),
    "slerp": lambda kind: slerp(kind(CLIP), kind(OTHER), np.linspace(0, 1, SHAPE[1])),
}  # fmt: skip
EVERYTHING |= {
    f"solver {name}": lambda kind, solver=solver: integrate(
        curved, kind(START), SIGMAS, solver=solver
    )
    for name, solver in SOLVERS.items()
}


@pytest.mark.requires("torch")
@pytest.mark.parametrize("make", EVERYTHING.values(), ids=EVERYTHING.keys())
def test_both_kinds_give_the_same_to_float32_rounding(make):
    host, device = make(np.asarray), make(tensor)
    assert type(device) is type(tensor(CLIP))
    assert host.dtype == np.float32
    assert str(device.dtype) == "torch.float32"
    assert host.shape == tuple(device.shape)
    assert far(host, device) <= 4e-6 * max(1.0, np.abs(host).max())


@both_kinds
def test_arrays_are_made_of_the_kind_and_on_the_device_of_another(kind):
    array = kind(CLIP)
    made = [like(np.arange(3), array), zeros((2, 3), array), float32(kind(CLIP.astype(np.float64)))]
    assert all(type(a) is type(array) and a.dtype == array.dtype for a in made)
    assert on_host(made[0]).tolist() == [0.0, 1.0, 2.0]
    assert float32(array) is array
    assert same(on_host(array), CLIP)


@both_kinds
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_one_bad_value_is_found(kind, bad):
    spoilt = CLIP.copy()
    assert is_finite(kind(spoilt))
    spoilt[1, 2, 3, 1, 4] = bad
    assert not is_finite(kind(spoilt))


def test_other_kinds_are_refused_by_name():
    with pytest.raises(TypeError, match="got list"):
        namespace([1.0])


def test_sampling_does_not_load_torch():
    program = (
        "import sys, pkgutil, importlib, kinema.sample as s;"
        "names = [f'kinema.sample.{m.name}' for m in pkgutil.iter_modules(s.__path__)];"
        "[importlib.import_module(name) for name in names];"
        "print(len(names) > 8, 'torch' in sys.modules)"
    )
    out = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    )
    assert out.stdout.strip() == "True False"
