"""Pipelines that are run as a whole: their own pictures, seen and steered between steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kinema.engine.cards.folders import describe
from kinema.engine.latent.pipelines import load
from kinema.engine.latent.protocol import LatentModel
from kinema.errors import Cancelled, UnsupportedTask
from kinema.sample.noise import Noise

pytestmark = [
    pytest.mark.requires("diffusers"),
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning"),
]

PROMPT, NEGATIVE = "a red ball rolls slowly", "grey lawn"
STEPS, GUIDANCE = 3, 2.0
SHAPES = {"latte": (4, 4, 4, 6), "cogvideox 1.5": (4, 3, 4, 6)}


@pytest.fixture(scope="module")
def loaded(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str], tuple[Any, LatentModel]]:
    from tests.engine.latent import small_pipelines

    root = tmp_path_factory.mktemp("whole")
    makers: dict[str, Callable[[], Any]] = {
        "latte with fresh noise": lambda: small_pipelines.latte("EulerAncestralDiscreteScheduler"),
        "latte": small_pipelines.latte,
        "cogvideox 1.5": lambda: small_pipelines.cogvideox(later=True),
    }

    @cache
    def made(case: str) -> tuple[Any, LatentModel]:
        pipeline, folder = makers[case](), root / case.replace(" ", "-")
        pipeline.save_pretrained(folder)
        pipeline.set_progress_bar_config(disable=True)
        return pipeline, load(case, Path(folder))

    return made


Loaded = Callable[[str], tuple[Any, LatentModel]]


def _noise(case: str) -> np.ndarray:
    return Noise((5,), SHAPES[case]).start()


def _run(
    model: LatentModel, noise: np.ndarray, on_step: Callable[[int, Any], Any], seed: int = 1
) -> Any:
    denoiser: Any = model.denoiser
    prompt, negative = model.text.embed([PROMPT, NEGATIVE])
    return denoiser.run(
        prompt, negative, noise, steps=STEPS, guidance=GUIDANCE, seed=seed, on_step=on_step
    )


def _watched(_done: int, _latent: Any) -> None:
    return None


def test_its_pictures_are_the_pipelines_own(loaded: Loaded):
    import torch

    pipeline, model = loaded("latte")
    noise = _noise("latte")
    theirs = pipeline(
        PROMPT, negative_prompt=NEGATIVE, num_inference_steps=STEPS, guidance_scale=GUIDANCE,
        height=32, width=48, video_length=4, latents=torch.from_numpy(noise.copy()),
        output_type="pt",
    ).frames  # fmt: skip
    ours = _run(model, noise, _watched)
    assert ours.shape == (1, 3, 4, 32, 48)
    assert float((ours - theirs.transpose(1, 2)).abs().max()) < 1e-6
    pictures = list(model.codec.decode(ours))
    assert [picture.shape for picture in pictures] == [(32, 48, 3)] * 4
    assert float(np.std(pictures)) > 1


def test_a_first_token_that_is_not_full_begins_with_noise_as_in_the_pipeline(loaded: Loaded):
    import torch

    pipeline, model = loaded("cogvideox 1.5")
    noise = _noise("cogvideox 1.5")
    random = torch.Generator("cpu").manual_seed(1)
    spare = torch.randn(1, 1, 4, 4, 6, generator=random)
    latents = torch.cat([spare, torch.from_numpy(noise.copy()).transpose(1, 2)], 1)
    theirs = pipeline(
        PROMPT, NEGATIVE, num_inference_steps=STEPS, guidance_scale=GUIDANCE, height=32, width=48,
        num_frames=9, latents=latents, output_type="pt",
    ).frames  # fmt: skip
    seen: list[Any] = []
    ours = _run(model, noise, lambda _done, latent: seen.append(latent.shape))
    assert float((ours - theirs.transpose(1, 2)).abs().max()) < 1e-6
    assert seen == [noise.shape] * STEPS


@pytest.mark.parametrize("case", SHAPES)
def test_every_step_shows_its_latent(case: str, loaded: Loaded):
    _, model = loaded(case)
    seen: list[tuple[int, Any]] = []
    _run(model, _noise(case), lambda done, latent: seen.append((done, latent.clone())))
    assert [done for done, _ in seen] == [1, 2, 3]
    latents = [latent for _, latent in seen]
    assert float((latents[0] - latents[1]).abs().max()) > 1e-3
    for latent in latents:
        rough = model.codec.rough(latent)
        assert [picture.shape for picture in rough] == [(4, 6, 3)] * SHAPES[case][1]
        assert float(np.std(rough)) > 1


@pytest.mark.parametrize("case", SHAPES)
def test_a_latent_that_is_replaced_between_steps_is_what_goes_on(case: str, loaded: Loaded):
    _, model = loaded(case)
    noise = _noise(case)
    first: list[Any] = []
    _run(model, noise, lambda done, latent: first.append(latent.clone()) if done == 3 else None)
    # Another start, but after the last step the latent of the first run.
    other = Noise((6,), SHAPES[case]).start()
    swapped = _run(model, other, lambda done, _latent: first[0] if done == 3 else None)
    assert bool((swapped == _run(model, noise, _watched)).all())
    assert not bool((swapped == _run(model, other, _watched)).all())


@pytest.mark.parametrize("case", SHAPES)
def test_an_error_raised_between_steps_ends_the_run_there(case: str, loaded: Loaded):
    _, model = loaded(case)
    seen: list[int] = []

    def stop(done: int, _latent: Any) -> None:
        seen.append(done)
        raise Cancelled("enough")

    with pytest.raises(Cancelled):
        _run(model, _noise(case), stop)
    assert seen == [1]


def test_fresh_noise_between_steps_comes_from_the_seed(loaded: Loaded):
    _, model = loaded("latte with fresh noise")
    noise = _noise("latte")
    first, again, other = (_run(model, noise, _watched, seed) for seed in (1, 1, 2))
    assert bool((first == again).all())
    assert not bool((first == other).all())


@pytest.mark.parametrize("shown", [False, True])
def test_a_pipeline_that_keeps_its_channels_last_is_seen_in_our_order(shown: bool, tmp_path: Path):
    import torch
    from tests.engine.latent import small_pipelines

    from kinema.engine.latent.pipelines.whole import WholeDenoiser, WholeText

    pipeline = small_pipelines.kandinsky(shown=shown)
    pipeline.save_pretrained(tmp_path)
    pipeline.set_progress_bar_config(disable=True)
    denoiser = WholeDenoiser(pipeline, describe(tmp_path), torch.device("cpu"))
    noise = Noise((5,), (4, 3, 4, 6)).start()
    seen: list[Any] = []
    prompt, negative = WholeText().embed([PROMPT, NEGATIVE])

    def run(on_step: Callable[[int, Any], Any]) -> Any:
        return denoiser.run(
            prompt, negative, noise, steps=STEPS, guidance=GUIDANCE, seed=1, on_step=on_step
        )

    plain = run(lambda _done, latent: seen.append(latent))
    assert plain.shape == (1, 3, 9, 32, 48)
    assert [latent.shape for latent in seen] == [noise.shape] * STEPS
    assert bool((run(lambda _done, latent: latent) == plain).all())
    assert bool((run(lambda done, _latent: seen[-1] if done == STEPS else None) == plain).all())
    assert not bool((run(lambda _done, latent: latent.flip(-1)) == plain).all())
    latents = torch.from_numpy(noise.copy()).movedim(1, -1)
    if shown:
        latents = torch.cat([latents, torch.zeros(1, 3, 4, 6, 5)], -1)
    theirs = pipeline(
        PROMPT, negative_prompt=NEGATIVE, num_inference_steps=STEPS, guidance_scale=GUIDANCE,
        height=32, width=48, num_frames=9, latents=latents, output_type="pt",
    ).frames  # fmt: skip
    assert float((plain - theirs.transpose(1, 2)).abs().max()) < 1e-6


def test_what_is_out_of_reach_is_refused_by_name(loaded: Loaded):
    _, model = loaded("latte")
    assert model.denoiser.abilities.steps_only
    (prompt,) = model.text.embed([PROMPT])
    with pytest.raises(UnsupportedTask, match="LattePipeline"):
        model.denoiser.velocities(_noise("latte"), 0.5, [model.denoiser.prepare(prompt)])
    with pytest.raises(UnsupportedTask, match="LattePipeline"):
        model.codec.encode([np.zeros((32, 32, 3), np.uint8)])
    with pytest.raises(ValueError, match="image encoder"):
        model.denoiser.prepare(prompt, [np.zeros((8, 8, 3), np.uint8)])
