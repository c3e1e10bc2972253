"""Five whole pipelines against those of diffusers, pixel for pixel, on the same random weights.

The pipeline of diffusers is made of tiny networks and saved as a folder; ours is loaded from that
folder as a user's would be. Everything from there to the pixels is theirs on one side and ours on
the other: schedule, solver, guidance, the switch of experts, given frames, transformer and decoder.
"""

from __future__ import annotations

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

from kinema.engine.adapters import Picture, Run
from kinema.engine.cards.latent import wan_card
from kinema.engine.latent import native
from kinema.engine.latent.order import Order
from kinema.engine.latent.plan import Plan
from kinema.engine.latent.run import sample
from kinema.engine.latent.tasks import TASKS
from kinema.engine.progress import ignore, never
from kinema.media import file_id
from kinema.media.picture import encode
from kinema.models import registry
from kinema.models.configs import DiTConfig, VaeConfig
from kinema.models.loading import native_fields, tensors
from kinema.models.registry import ModelSpec
from kinema.sample.noise import Noise
from kinema.sample.schedule import schedule
from kinema.types import ImageInput, ImageRole, Request, Sampling, Size, Task
from kinema.weights.foreign import save_pipeline
from kinema.weights.keys import Part

pytestmark = pytest.mark.requires("diffusers")

NAME = "small"
FRAMES, STEPS = 5, 4
SIZE = Size(width=160, height=128)
SEED = 5
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
    last: bool = False

    @property
    def spec(self) -> ModelSpec:
        """The row of the registry with small networks."""
        row = registry.model(self.model)
        usual = replace(
            row.defaults,
            sizes=(SIZE,),
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
    "2.2 A14B first and last picture": replace(A14B_IMAGE, last=True),
    "2.2 TI2V text to video": Case("wan2.2-ti2v-5b", PER_FRAME, VAE_22, 5.0),
    "2.2 TI2V image to video": Case("wan2.2-ti2v-5b", PER_FRAME, VAE_22, 5.0, image=True),
}


@dataclass(frozen=True)
class Inputs:
    """What both sides are given: embedded prompts (1, 512, 32) and a picture."""

    prompt: Tensor
    negative: Tensor
    picture: Picture


def inputs() -> Inputs:
    prompt, negative = noise(1, 512, 32, seed=1), noise(1, 512, 32, seed=2)
    for text, length in ((prompt, LENGTHS[0]), (negative, LENGTHS[1])):
        text[:, length:] = 0.0  # as the text encoder leaves what is behind the prompt
    picture = np.random.default_rng(3).integers(0, 256, (SIZE.height, SIZE.width, 3), np.uint8)
    return Inputs(prompt, negative, picture)


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
    cell, latent_frames = case.vae.cell, 1 + (FRAMES - 1) // 4
    shape = case.vae.channels, latent_frames, SIZE.height // cell, SIZE.width // cell
    picture = torch.from_numpy(given.picture).movedim(-1, 0)[None].float() / 255.0
    more: dict[str, Any] = {"image": picture} if case.image else {}
    if case.last:
        more["last_image"] = picture.flip(-1)
    video = pipeline(
        prompt_embeds=given.prompt,
        negative_prompt_embeds=given.negative,
        latents=torch.from_numpy(Noise((SEED,), shape).start()),
        height=SIZE.height,
        width=SIZE.width,
        num_frames=FRAMES,
        num_inference_steps=STEPS,
        guidance_scale=case.guidance[0],
        guidance_scale_2=case.guidance[1],
        output_type="pt",
        **more,
    ).frames
    return 2.0 * video.transpose(1, 2) - 1.0


def our_pixels(folder: Path, case: Case, given: Inputs) -> Tensor:
    """The same clip by the engine; only the words come embedded."""
    model = native.load(NAME, folder, device="cpu", dtype=torch.float32)
    path = folder / "first.png"
    path.write_bytes(encode(given.picture, ".png"))
    file = file_id(path)
    images = (ImageInput(file=file),) if case.image else ()
    files = {file: path}
    if case.last:
        mirrored = folder / "last.png"
        mirrored.write_bytes(encode(np.ascontiguousarray(given.picture[:, ::-1]), ".png"))
        last = ImageInput(file=file_id(mirrored), role=ImageRole.LAST)
        images, files = (*images, last), {**files, last.file: mirrored}
    request = Request(
        task=Task.IMAGE_TO_VIDEO if case.image else Task.TEXT_TO_VIDEO,
        model=NAME,
        prompt="embedded above",
        images=images,
        size=SIZE,
        frames=FRAMES,
        fps=model.recipe.fps,
        seed=SEED,
        sampling=Sampling(steps=STEPS),
    )
    run = Run(files, on_event=ignore, cancelled=never)
    draft = TASKS[request.task].compose(Order(request, model, wan_card(case.spec), run))
    plan = Plan(
        prompts=({"text": given.prompt[0, : LENGTHS[0]].numpy()},),
        negative={"text": given.negative[0, : LENGTHS[1]].numpy()},
        **draft.rest,
    )
    codec = model.codec
    assert isinstance(codec, native.WanCodec)
    return torch.cat([*codec.decoded(sample(model, request, plan, run))], dim=2)


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
    given = inputs()
    expected = their_pixels(tmp_path, case, given)
    actual = our_pixels(tmp_path, case, given)
    assert actual.shape == expected.shape == (1, 3, FRAMES, SIZE.height, SIZE.width)
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
    given = inputs()
    expected = their_pixels(tmp_path, case, given)
    actual = our_pixels(tmp_path, case, given)
    torch.testing.assert_close(actual, expected, atol=1e-5, rtol=0)
