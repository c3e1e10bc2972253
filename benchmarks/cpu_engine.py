"""How much faster than diffusers is our engine on a CPU, with the same random weights?

    python benchmarks/cpu_engine.py [RESULTS.md]

A small model of the Wan family is made once, written as a folder, and opened by diffusers: both
sides hold the same weights in bfloat16 and are given the same latents and prompts. They take turns,
and the shortest time of each counts, so that what else the machine does falls on both. Prints a
Markdown table with the command, machine, versions and date, and writes it where a path is given.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

# Threads that spin while they wait slow each other down wherever a core is not theirs alone.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch
from torch import Tensor

from kinema.engine.latent.native import WanCodec, WanDenoiser
from kinema.models.configs import DiTConfig, VaeConfig
from kinema.models.dit import WanTransformer
from kinema.models.loading import load, native_fields, tensors
from kinema.models.registry import model
from kinema.models.vae import WanVae
from kinema.ops.attention import Backend, fastest
from kinema.sample.guidance import Branch, Guidance, guided
from kinema.sample.loop import integrate
from kinema.sample.schedule import Table, schedule
from kinema.sample.solvers import UniPC
from kinema.weights.foreign import save_pipeline
from kinema.weights.keys import Part
from machine import described

DIT = DiTConfig(width=384, heads=6, hidden=1536, depth=12, text_width=512)
VAE = VaeConfig(width=24, decoder_width=24)
FRAMES, STEPS, SHIFT, GUIDANCE = 49, 8, 3.0, 5.0
LATENT = 1, 16, 13, 16, 16
"""13 x 8 x 8 = 832 tokens: 49 frames of 128x128."""
DECODED = 1, 16, 13, 16, 28
"""49 frames of 224x128."""
PROMPT, NEGATIVE = 60, 40
"""Lengths of the prompts in tokens; both sides see them as padded to 512."""
CPU = torch.device("cpu")
SPEC = replace(model("wan2.1-t2v-1.3b"), name="small", transformer=DIT, vae=VAE)


@dataclass(frozen=True)
class Engine:
    """Our side, as the engine runs it on a CPU."""

    attention: Backend
    denoiser: WanDenoiser
    codec: WanCodec

    @classmethod
    def loaded(cls, folder: Path) -> Engine:
        """The folder's networks in bfloat16."""
        networks = load(SPEC, folder, dtype=torch.bfloat16, with_text=False)
        networks.vae.channels_last()
        network = networks.transformer
        assert isinstance(network, WanTransformer)
        quickest = fastest(
            CPU, torch.bfloat16, tokens=832, heads=DIT.heads, head_width=DIT.head_width
        )
        network.use_attention(quickest)
        denoiser, codec = WanDenoiser(networks, CPU, None), WanCodec(networks.vae, CPU)
        return cls(quickest, denoiser, codec)

    def prompt(self, text: Tensor, length: int) -> Any:
        """A prompt made ready once, at its true length."""
        return self.denoiser.prepare({"text": text[0, :length].numpy()})

    def forward(self, latent: Tensor, sigma: float, prompt: Any) -> Tensor:
        """One velocity."""
        return self.denoiser.velocities(latent, sigma, [prompt])[0]

    def decode(self, latent: Tensor) -> Tensor:
        """A latent to pixels."""
        return torch.cat([*self.codec.decoded(latent)], dim=2)

    def run(self, noise: Tensor, prompt: Tensor, negative: Tensor) -> Tensor:
        """From noise and embedded prompts to pixels."""
        plan = schedule(Table.DIFFUSERS, STEPS, SHIFT)
        both = [self.prompt(prompt, PROMPT), self.prompt(negative, NEGATIVE)]

        def ask(latent: Tensor, sigma: float, _: Sequence[Branch]) -> Sequence[Tensor]:
            return self.denoiser.velocities(latent, plan.timestep(sigma) / 1000, both)

        velocity = guided(ask, Guidance(GUIDANCE), plan.sigmas)
        return self.decode(integrate(velocity, noise, plan.sigmas, solver=UniPC()))


@dataclass(frozen=True)
class Case:
    """One line of the report: the same work on both sides."""

    label: str
    goal: float
    runs: int
    ours: Callable[[], Tensor]
    theirs: Callable[[], Tensor]


def main(results: Path | None) -> None:
    """Measure every case and report."""
    torch.manual_seed(0)
    parts = {Part.TRANSFORMER: WanTransformer(DIT), Part.VAE: WanVae(VAE)}
    found = {part: (native_fields(one.config), tensors(one)) for part, one in parts.items()}
    with tempfile.TemporaryDirectory() as folder:
        save_pipeline(Path(folder), found, shift=SHIFT)
        pipeline, engine = _pipeline(Path(folder)), Engine.loaded(Path(folder))
    lines = [
        "# The engine on a CPU, beside diffusers",
        "",
        *described("diffusers", "torch"),
        f"- both in bfloat16 with {torch.get_num_threads()} threads, eager; "
        f"attention of ours: {engine.attention}; shortest time of runs that take turns",
        "",
        "| work | ours | diffusers | ratio | goal | difference |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    with torch.inference_mode():
        for case in _cases(engine, pipeline):
            lines.append(_measured(case))
            print(lines[-1], flush=True)
    report = "\n".join(lines) + "\n"
    print(report)
    if results is not None:
        results.write_text(report, encoding="utf-8")


def _cases(engine: Engine, pipeline: Any) -> list[Case]:
    noise, latent = torch.randn(LATENT), torch.randn(DECODED)
    prompt, negative = (_padded(length) for length in (PROMPT, NEGATIVE))
    ready = engine.prompt(prompt, PROMPT)
    embedded, time_half = prompt.bfloat16(), torch.tensor([500.0])
    mean, std = (torch.tensor(v).view(1, -1, 1, 1, 1) for v in (VAE.mean, VAE.std))
    spread_out = (latent * std + mean).bfloat16()

    def pipeline_pixels() -> Tensor:
        video = pipeline(
            prompt_embeds=prompt,
            negative_prompt_embeds=negative,
            latents=noise,
            height=128,
            width=128,
            num_frames=FRAMES,
            num_inference_steps=STEPS,
            guidance_scale=GUIDANCE,
            output_type="pt",
        ).frames
        return 2.0 * video.transpose(1, 2) - 1.0

    return [
        Case(
            "one forward, 384 wide x 12 deep, 832 tokens",
            0.65,
            9,
            lambda: engine.forward(noise, 0.5, ready),
            lambda: pipeline.transformer(noise.bfloat16(), time_half, embedded, return_dict=False)[
                0
            ],
        ),
        Case(
            "decoding 49 frames of 224x128, base width 24",
            0.4,
            3,
            lambda: engine.decode(latent),
            lambda: pipeline.vae.decode(spread_out, return_dict=False)[0],
        ),
        Case(
            "8 steps with guidance, 49 frames of 128x128, noise to pixels",
            0.5,
            3,
            lambda: engine.run(noise, prompt, negative),
            pipeline_pixels,
        ),
    ]


def _measured(case: Case) -> str:
    """One line of the table. The first turn warms up and is not counted, but compared."""
    first, second = case.ours().float(), case.theirs().float()
    difference = (first - second).norm() / second.norm()
    ours, theirs = [], []
    for _ in range(case.runs):
        for work, taken in ((case.ours, ours), (case.theirs, theirs)):
            started = time.perf_counter()
            work()
            taken.append(time.perf_counter() - started)
    ratio = min(ours) / min(theirs)
    return (
        f"| {case.label} | {min(ours):.3f} s | {min(theirs):.3f} s | {ratio:.2f} "
        f"| at most {case.goal} | {difference:.1%} |"
    )


def _pipeline(folder: Path) -> Any:
    from diffusers.pipelines.wan.pipeline_wan import WanPipeline
    from diffusers.utils import logging

    logging.disable_progress_bar()
    pipeline: Any = WanPipeline.from_pretrained(
        folder, text_encoder=None, tokenizer=None, dtype=torch.bfloat16
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _padded(length: int) -> Tensor:
    """An embedded prompt, with zeros behind it."""
    text = torch.zeros(1, DIT.text_tokens, DIT.text_width)
    text[:, :length] = torch.randn(length, DIT.text_width)
    return text


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
