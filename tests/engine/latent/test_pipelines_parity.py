"""Five whole pipelines against those of diffusers, pixel for pixel, on the same random weights.

The pipeline of diffusers is made of tiny networks and saved as a folder; ours is loaded from that
folder as a user's would be. Everything from there to the pixels is theirs on one side and ours on
the other: schedule, solver, guidance, the switch of experts, given frames, transformer and decoder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tests.models.small import (
    IMAGE_CHANNELS,
    PER_FRAME,
    TEXT_TO_VIDEO,
    VAE_21,
    VAE_22,
    noise,
    theirs,
    transformer,
    vae,
)
from torch import Tensor

from kinema.engine.adapters import Picture
from kinema.engine.latent import native
from kinema.models import registry
from kinema.models.dit import DiTConfig
from kinema.models.loading import native_fields, tensors
from kinema.models.registry import ModelSpec
from kinema.models.vae import VaeConfig
from kinema.sample.constraints import hold_by_frame, known_frames, settle
from kinema.sample.guidance import Branch, Guidance, guided
from kinema.sample.loop import integrate
from kinema.sample.schedule import schedule
from kinema.sample.solvers import UniPC
from kinema.types import Size
from kinema.weights.foreign import save_pipeline
from kinema.weights.keys import Part

pytestmark = pytest.mark.requires("diffusers")

NAME = "small"
FRAMES, STEPS = 5, 4
GRID = 4, 6
"""Rows and columns of the latent."""
LENGTHS = 11, 7
"""True lengths of prompt and negative prompt, in tokens."""


@dataclass(frozen=True)
class Case:
    """A pipeline: the model of the registry that it is a small instance of, and how it is run.

    guidance: above and below the boundary, where the model has one.
    """

    model: str
    transformer: DiTConfig
    vae: VaeConfig
    shift: float
    guidance: tuple[float, float | None] = (5.0, None)
    image: bool = False

    @property
    def spec(self) -> ModelSpec:
        """The row of the registry with small networks."""
        row = registry.model(self.model)
        usual = replace(
            row.defaults,
            sizes=(Size(width=GRID[1] * self.vae.cell, height=GRID[0] * self.vae.cell),),
            frames=FRAMES,
            shift=self.shift,
            guidance=self.guidance[0],
            guidance_low=self.guidance[1],
        )
        return replace(row, name=NAME, transformer=self.transformer, vae=self.vae, defaults=usual)


A14B_TEXT = Case("wan2.2-t2v-a14b", TEXT_TO_VIDEO, VAE_21, 3.0, (4.0, 3.0))
A14B_IMAGE = Case("wan2.2-i2v-a14b", IMAGE_CHANNELS, VAE_21, 5.0, (3.5, 2.5), image=True)
CASES = {
    "2.1 text to video": Case("wan2.1-t2v-1.3b", TEXT_TO_VIDEO, VAE_21, 3.0),
    "2.2 A14B text to video": A14B_TEXT,
    "2.2 A14B image to video": A14B_IMAGE,
    "2.2 TI2V text to video": Case("wan2.2-ti2v-5b", PER_FRAME, VAE_22, 5.0),
    "2.2 TI2V image to video": Case("wan2.2-ti2v-5b", PER_FRAME, VAE_22, 5.0, image=True),
}


@dataclass(frozen=True)
class Inputs:
    """What both sides are given: start noise, embedded prompts (1, 512, 32), and a picture."""

    noise: Tensor
    prompt: Tensor
    negative: Tensor
    picture: Picture


def inputs(case: Case) -> Inputs:
    latent_frames = 1 + (FRAMES - 1) // 4
    rows, columns = (case.vae.cell * cells for cells in GRID)
    prompt, negative = noise(1, 512, 32, seed=1), noise(1, 512, 32, seed=2)
    for text, length in ((prompt, LENGTHS[0]), (negative, LENGTHS[1])):
        text[:, length:] = 0.0  # as the text encoder leaves what is behind the prompt
    picture = np.random.default_rng(3).integers(0, 256, (rows, columns, 3), np.uint8)
    return Inputs(noise(1, case.vae.channels, latent_frames, *GRID), prompt, negative, picture)


def save_theirs(folder: Path, case: Case) -> None:
    """A pipeline of diffusers with tiny networks of its own classes."""
    from diffusers.pipelines.wan.pipeline_wan import WanPipeline
    from diffusers.pipelines.wan.pipeline_wan_i2v import WanImageToVideoPipeline
    from diffusers.schedulers.scheduling_unipc_multistep import UniPCMultistepScheduler

    boundary = case.spec.boundary
    kind: Any = WanImageToVideoPipeline if case.image else WanPipeline
    kind(
        tokenizer=None,
        text_encoder=None,
        vae=theirs(case.vae, seed=3),
        scheduler=UniPCMultistepScheduler(
            prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=case.shift
        ),
        transformer=theirs(case.transformer, seed=1),
        transformer_2=None if boundary is None else theirs(case.transformer, seed=2),
        boundary_ratio=boundary,
        expand_timesteps=case.transformer is PER_FRAME,
    ).save_pretrained(folder)


def their_pixels(folder: Path, case: Case, given: Inputs) -> Tensor:
    """(1, 3, frames, H, W) in [-1, 1], by diffusers."""
    from diffusers.pipelines.wan.pipeline_wan import WanPipeline
    from diffusers.pipelines.wan.pipeline_wan_i2v import WanImageToVideoPipeline

    kind: Any = WanImageToVideoPipeline if case.image else WanPipeline
    absent = {"image_encoder": None, "image_processor": None} if case.image else {}
    pipeline = kind.from_pretrained(folder, text_encoder=None, tokenizer=None, **absent)
    pipeline.set_progress_bar_config(disable=True)
    rows, columns = given.picture.shape[:2]
    picture = torch.from_numpy(given.picture).movedim(-1, 0)[None].float() / 255.0
    more: dict[str, Any] = {"image": picture} if case.image else {}
    video = pipeline(
        prompt_embeds=given.prompt,
        negative_prompt_embeds=given.negative,
        latents=given.noise,
        height=rows,
        width=columns,
        num_frames=FRAMES,
        num_inference_steps=STEPS,
        guidance_scale=case.guidance[0],
        guidance_scale_2=case.guidance[1],
        output_type="pt",
        **more,
    ).frames
    return 2.0 * video.transpose(1, 2) - 1.0


def our_pixels(folder: Path, case: Case, given: Inputs) -> Tensor:
    """The same clip by the engine's denoiser and codec, and our sampler."""
    model = native.load(NAME, folder, device="cpu", dtype=torch.float32)
    denoiser, codec, recipe = model.denoiser, model.codec, model.recipe
    plan = schedule(recipe.table, STEPS, recipe.shift)
    words = {
        Branch.PROMPT: given.prompt[0, : LENGTHS[0]],
        Branch.NEGATIVE: given.negative[0, : LENGTHS[1]],
    }
    prompts: dict[Branch, Any] = {
        branch: denoiser.prepare({"text": text.numpy()}) for branch, text in words.items()
    }
    by_frame = case.image and denoiser.abilities.levels_by_frame
    beside = known = None
    if denoiser.abilities.given_channels:
        grey = np.full(given.picture.shape, 127.5, np.float32)
        clip: list[Any] = [given.picture.astype(np.float32), *[grey] * (FRAMES - 1)]
        first = np.arange(given.noise.shape[2]) == 0
        beside = denoiser.given_channels(codec.encode(clip), first)
    elif by_frame:
        known = known_frames({0: codec.encode([given.picture])}, given.noise.shape[2])

    def velocity(latent: Tensor, sigma: float) -> Tensor:
        level = plan.timestep(sigma) / 1000
        low = recipe.boundary is not None and level < recipe.boundary
        scale = recipe.guidance_low if low else recipe.guidance
        assert scale is not None

        def pulled(x: Tensor, levels: Tensor | float) -> Tensor:
            def ask(x: Tensor, _: float, branches: Sequence[Branch]) -> list[Tensor]:
                asked = [prompts[branch] for branch in branches]
                return denoiser.velocities(x, levels, asked, given_BGTHW=beside)

            return guided(ask, Guidance(scale), plan.sigmas)(x, sigma)

        if known is None:
            return pulled(latent, level)
        told = torch.tensor(level, dtype=torch.float64)
        held = hold_by_frame(lambda x, s: pulled(x, torch.where(s > 0, told, 0.0)), known)
        return held(latent, sigma)

    latent = integrate(velocity, given.noise, plan.sigmas, solver=UniPC())
    latent = latent if known is None else settle(latent, known)
    assert isinstance(codec, native.WanCodec)
    return torch.cat([*codec.decoded(latent)], dim=2)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a small model into the registry."""

    def put(case: Case) -> Case:
        monkeypatch.setitem(registry._MODELS, NAME, case.spec)
        return case

    return put


@pytest.mark.parametrize("name", CASES)
def test_the_whole_pipeline_gives_the_pixels_of_diffusers(tmp_path: Path, small: Any, name: str):
    case = small(CASES[name])
    save_theirs(tmp_path, case)
    given = inputs(case)
    expected = their_pixels(tmp_path, case, given)
    actual = our_pixels(tmp_path, case, given)
    assert actual.shape == expected.shape == (1, 3, FRAMES, *given.picture.shape[:2])
    assert expected.std() > 0.1 and (expected.abs() < 0.99).float().mean() > 0.5
    torch.testing.assert_close(actual, expected, atol=2e-5, rtol=0)


@pytest.mark.parametrize("case", [A14B_TEXT, A14B_IMAGE], ids=["text", "image"])
def test_the_runs_of_two_experts_cross_from_one_to_the_other(case: Case):
    recipe, boundary = native.recipe(case.spec), case.spec.boundary
    assert boundary is not None
    plan = schedule(recipe.table, STEPS, recipe.shift)
    high = [time >= 1000 * boundary for time in plan.timesteps]
    assert sorted(high, reverse=True) == high and 2 <= sum(high) <= STEPS - 2


def test_our_folder_opened_by_diffusers_gives_our_pixels(tmp_path: Path, small: Any):
    case = small(A14B_TEXT)
    parts = {
        Part.TRANSFORMER: transformer(case.transformer, 4),
        Part.LOW: transformer(case.transformer, 5),
        Part.VAE: vae(case.vae, 6),
    }
    save_pipeline(
        tmp_path,
        {part: (native_fields(net.config), tensors(net)) for part, net in parts.items()},
        shift=case.shift,
        boundary=case.spec.boundary,
    )
    given = inputs(case)
    expected = their_pixels(tmp_path, case, given)
    actual = our_pixels(tmp_path, case, given)
    torch.testing.assert_close(actual, expected, atol=1e-5, rtol=0)
