"""From a request to pictures: the whole engine over a pipeline's folder gives its own pictures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kinema.engine.adapters import Run
from kinema.engine.latent.adapter import LatentAdapter
from kinema.engine.latent.pipelines import load
from kinema.sample.noise import Noise
from kinema.types import Request, Sampling, Size

pytestmark = [
    pytest.mark.requires("diffusers"),
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning"),
]

SIZE = Size(width=192, height=128)
"""The smallest that a request may ask for is 128 a side."""


@pytest.mark.parametrize(
    ("maker", "frames"), [("ltx", 9), ("wan_experts", 9), ("cogvideox", 9), ("latte", 4)]
)
def test_a_request_gives_the_pictures_of_the_pipeline(maker: str, frames: int, tmp_path: Path):
    import torch
    from tests.engine.latent import small_pipelines

    pipeline = getattr(small_pipelines, maker)()
    pipeline.save_pretrained(tmp_path)
    pipeline.set_progress_bar_config(disable=True)
    adapter = LatentAdapter(load("diffusers:small", tmp_path))
    codec = adapter.model.codec
    request = Request(
        prompt="a red ball",
        negative="grey lawn",
        model="diffusers:small",
        size=SIZE,
        frames=frames,
        fps=Fraction(8),
        seed=5,
        sampling=Sampling(steps=4, guidance=2.0),
    )
    run = Run(files={}, on_event=lambda _: None, cancelled=lambda: False, weights=tmp_path)
    conditioning = adapter.condition(request, run)
    latent = adapter.sample(request, conditioning, run)
    ours = np.stack(list(adapter.decode(request, latent, run).pictures)).astype(int)

    alone = adapter.model.denoiser.abilities.first_alone
    cells = (
        (frames - alone) // codec.rate + alone,
        SIZE.height // codec.cell,
        SIZE.width // codec.cell,
    )
    noise = torch.from_numpy(Noise((5,), (codec.channels, *cells)).start())
    asked: dict[str, Any] = {"latents": noise, "num_frames": frames}
    if maker == "ltx":
        asked["latents"] = pipeline._pack_latents(noise)
    if maker == "cogvideox":
        asked = {**asked, "latents": noise.transpose(1, 2), "max_sequence_length": 16}
    if maker == "latte":
        asked = {"latents": noise, "video_length": frames}
    theirs = pipeline(
        prompt="a red ball", negative_prompt="grey lawn", height=SIZE.height, width=SIZE.width,
        num_inference_steps=4, guidance_scale=2.0, output_type="np", **asked,
    ).frames[0]  # fmt: skip
    rounded = (np.asarray(theirs) * 255).round().astype(int)
    assert ours.shape == rounded.shape
    assert np.abs(ours - rounded).max() <= 1
    assert (ours != rounded).mean() < 0.01
