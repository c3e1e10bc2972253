from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from kinema.sample.solvers import Euler
from tests.sample.toys import LEVELS, NOISE, always, far, gaussian, same, values

LATENT, PROMPT, NEGATIVE, SKIPPED = (values(2, 3, 4, 4, 4, seed=seed) for seed in range(4))
ANSWERS = {Branch.PROMPT: PROMPT, Branch.NEGATIVE: NEGATIVE, Branch.SKIPPED: SKIPPED}
SIGMAS = [1.0, 0.8, 0.6, 0.4, 0.2, 0.0]


class Asked:
    """Answers each branch with fixed numbers, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.branches: list[tuple[Branch, ...]] = []

    def __call__(self, _latent, _sigma, branches):
        self.branches.append(branches)
        return [ANSWERS[branch] for branch in branches]


def ask(guidance: Guidance, sigma: float = 0.6) -> tuple[np.ndarray, Asked]:
    model = Asked()
    return guided(model, guidance, SIGMAS)(LATENT, sigma), model


def test_without_guidance_the_model_is_asked_once_and_believed():
    result, model = ask(Guidance())
    assert same(result, PROMPT)
    assert model.branches == [(Branch.PROMPT,)]


@given(st.floats(0.0, 20.0))
def test_guidance_pushes_away_from_the_negative_prompt(scale):
    result, _ = ask(Guidance(scale))
    assert far(result, NEGATIVE + np.float32(scale) * (PROMPT - NEGATIVE)) < 1e-4


@pytest.mark.parametrize(
    ("sigma", "asked"),
    [
        (0.8, (Branch.PROMPT,)),
        (0.6, (Branch.PROMPT, Branch.NEGATIVE)),
        (0.4, (Branch.PROMPT, Branch.NEGATIVE)),
        (0.2, (Branch.PROMPT,)),
    ],
)
def test_outside_its_interval_guidance_costs_nothing(sigma, asked):
    result, model = ask(Guidance(5.0, interval=(0.3, 0.7)), sigma)
    assert model.branches == [asked]
    assert same(result, PROMPT) == (len(asked) == 1)


def test_zeroed_steps_cost_nothing_and_leave_the_latent_where_it_is():
    for sigma in SIGMAS[:2]:
        result, model = ask(Guidance(5.0, zero_steps=2), sigma)
        assert not result.any()
        assert model.branches == []
    assert ask(Guidance(5.0, zero_steps=2), 0.6)[1].branches


def test_a_weakened_model_is_asked_for_during_its_share_of_the_steps():
    skip = SkipLayers((3, 4), scale=2.0, start=0.2, stop=0.6)
    asked = [Branch.SKIPPED in ask(Guidance(4.0, skip=skip), s)[1].branches[0] for s in SIGMAS[:-1]]
    assert asked == [False, True, True, False, False]
    result, _ = ask(Guidance(1.0, skip=skip), 0.6)
    assert far(result, PROMPT + 2.0 * (PROMPT - SKIPPED)) < 1e-5


def test_the_best_scale_leaves_nothing_along_the_negative():
    rest = PROMPT - best_scale(PROMPT, NEGATIVE) * NEGATIVE
    assert np.abs((rest * NEGATIVE).sum((1, 2, 3, 4))).max() < 1e-3


def test_zero_star_ignores_how_large_the_negative_is():
    def scaled(factor):
        branches = {
            Branch.PROMPT: always(PROMPT),
            Branch.NEGATIVE: always(factor * NEGATIVE),
        }
        return guided(one_by_one(branches), Guidance(5.0, zero_star=True), SIGMAS)(LATENT, 0.6)

    assert far(scaled(np.float32(3.0)), scaled(np.float32(1.0))) < 1e-4
    assert far(scaled(np.float32(1.0)), ask(Guidance(5.0))[0]) > 0.1


def test_projection_takes_out_the_part_along_the_clean_prediction():
    push = project(PROMPT, LATENT, Projection(parallel=0.0))
    assert np.abs((push * LATENT).sum((1, 2, 3, 4))).max() < 1e-3
    assert far(project(PROMPT, LATENT, Projection(parallel=1.0)), PROMPT) < 1e-6


@given(st.floats(0.1, 50.0))
def test_a_push_is_never_longer_than_its_cap(cap):
    push = project(PROMPT, LATENT, Projection(parallel=1.0, cap=cap))
    lengths = np.sqrt((push**2).sum((1, 2, 3, 4)))
    assert (lengths <= cap * (1 + 1e-5)).all()
    before = np.sqrt((PROMPT**2).sum((1, 2, 3, 4)))
    assert np.allclose(lengths, np.minimum(before, cap), rtol=1e-4)


def test_projection_that_keeps_everything_is_plain_guidance():
    plain, _ = ask(Guidance(4.0))
    assert far(ask(Guidance(4.0, projection=Projection(1.0, momentum=0.0)))[0], plain) < 1e-5


def test_momentum_adds_a_share_of_earlier_pushes():
    model = guided(Asked(), Guidance(2.0, projection=Projection(1.0, momentum=-0.5)), SIGMAS)
    assert model.arrays() == {}
    first = model(LATENT, 0.5) - PROMPT
    second = model(LATENT, 0.5) - PROMPT
    assert far(second, 0.5 * first) < 1e-5
    assert set(model.arrays()) == {"momentum"}


def test_rescaling_gives_back_the_spread_of_the_prompt():
    full, _ = ask(Guidance(9.0, rescale=1.0))
    assert np.allclose(spread(full), spread(PROMPT), rtol=1e-5)
    half, _ = ask(Guidance(9.0, rescale=0.5))
    plain, _ = ask(Guidance(9.0))
    assert far(half, (full + plain) / 2) < 1e-4


def test_clips_of_a_batch_do_not_touch_each_other():
    guidance = Guidance(5.0, zero_star=True, projection=Projection(0.2, cap=4.0), rescale=0.7)
    together, _ = ask(guidance)

    def one(index):
        def model(latent, sigma, branches):
            return [ANSWERS[branch][index : index + 1] for branch in branches]

        return guided(model, guidance, SIGMAS)(LATENT[index : index + 1], 0.6)

    assert far(together, np.concatenate([one(0), one(1)])) < 1e-5


def test_guidance_moves_the_result_beyond_the_prompt_away_from_the_negative():
    branches = one_by_one({Branch.PROMPT: gaussian(1.0, 0.2), Branch.NEGATIVE: gaussian(-1.0, 0.2)})
    plain, pushed = (
        integrate(guided(branches, Guidance(w), LEVELS.sigmas), NOISE.start(), LEVELS.sigmas,
                  solver=Euler()).mean()
        for w in (1.0, 1.5)
    )  # fmt: skip
    assert plain == pytest.approx(1.0, abs=0.05)
    assert pushed > plain + 0.1


@pytest.mark.parametrize(
    ("field", "value"),
    [("scale", -1.0), ("scale", float("nan")), ("interval", (0.7, 0.3)), ("interval", (0.0, 1.5)),
     ("zero_steps", -1), ("rescale", 1.5)],
)  # fmt: skip
def test_guidance_out_of_range_is_named(field, value):
    with pytest.raises(ValueError, match=f"guidance {field} is out of range"):
        Guidance(**{field: value})


@pytest.mark.parametrize("bad", [{"momentum": 1.0}, {"cap": 0.0}])
def test_a_projection_out_of_range_is_refused(bad):
    with pytest.raises(ValueError, match="momentum must be"):
        Projection(**bad)


@pytest.mark.parametrize(
    ("layers", "scale", "start"), [((), 1.0, 0.1), ((1,), -1.0, 0.1), ((1,), 1.0, 0.6)]
)
def test_skipped_layers_out_of_range_are_refused(layers, scale, start):
    with pytest.raises(ValueError, match="layers, a scale"):
        SkipLayers(layers, scale, start)
